/* /proc/PID/mountinfo. */
#include "unit/exact.h"

#include <intro/error.h>

#include "proc/mountinfo.h"

static void assert_bytes(struct intro_bytes bytes, const char *expected)
{
	assert_int_equal(bytes.len, strlen(expected));
	assert_memory_equal(bytes.data, expected, bytes.len);
}

static void lines(void **state)
{
	static const char text[] =
		"26 24 0:24 / /dev/pts rw,relatime shared:3 master:1 - devpts devpts rw,mode=600\n"
		"41 27 8:17 /a\\040b /mnt/c\\134d rw - fuse.sshfs me@there:/ rw\n"
		"junk\n"
		"27 1 254:0 / / rw - ext4 /dev/vda rw";
	char *copy = exact_copy(text, sizeof(text) - 1);
	const char *p = copy, *end = copy + sizeof(text) - 1;
	struct intro_mount mount;

	(void)state;
	assert_int_equal(intro_take_mount(&p, end, &mount), 1);
	assert_int_equal(mount.id, 26);
	assert_int_equal(mount.parent, 24);
	assert_int_equal(mount.dev_major, 0);
	assert_int_equal(mount.dev_minor, 24);
	assert_bytes(mount.root, "/");
	assert_bytes(mount.point, "/dev/pts");
	assert_bytes(mount.type, "devpts");
	assert_int_equal(intro_take_mount(&p, end, &mount), 1);
	assert_bytes(mount.root, "/a\\040b");
	assert_bytes(mount.point, "/mnt/c\\134d");
	assert_bytes(mount.type, "fuse.sshfs");
	assert_int_equal(intro_take_mount(&p, end, &mount), INTRO_E_FORMAT);
	assert_int_equal(mount.id, 41);
	assert_int_equal(intro_take_mount(&p, end, &mount), 1);
	assert_int_equal(mount.dev_major, 254);
	assert_bytes(mount.type, "ext4");
	assert_int_equal(intro_take_mount(&p, end, &mount), 0);
	free(copy);
}

static int take(const char *text, size_t len)
{
	char *copy = exact_copy(text, len);
	const char *p = exact_text(copy, len), *end = p + len;
	struct intro_mount mount;
	int r = intro_take_mount(&p, end, &mount);

	assert_ptr_equal(p, end);
	free(copy);
	return r;
}

static void wrong_lines(void **state)
{
	static const char *const wrong[] = {
		"\n",
		" ",
		"1",
		"1 2 0:3 / / rw",
		"1 2 0:3 / / rw -",
		"1 2 0:3 / / rw - ",
		"1 2 0:3 / / rw - ext4",
		"1 2 0:3 / / - ext4 a b",
		"1 2 0:3 /  rw - ext4 a b",
		"1 2 03 / / rw - ext4 a b",
		"1 2 0: / / rw - ext4 a b",
		"-1 2 0:3 / / rw - ext4 a b",
		"1 2 0:4294967296 / / rw - ext4 a b",
		"2147483648 2 0:3 / / rw - ext4 a b",
	};

	(void)state;
	assert_int_equal(take("1 2 0:3 / / rw - ext4 ", 22), 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (take(wrong[i], strlen(wrong[i])) != INTRO_E_FORMAT)
			fail_msg("taken: %s", wrong[i]);
}

static void truncated(void **state)
{
	static const char text[] = "41 27 8:17 /a\\040b /mnt/c\\134d rw x:1 - ext4 /dev/sdb1 rw";

	(void)state;
	for (size_t len = 1; len < sizeof(text); len++)
		assert_int_equal(take(text, len),
				 len > strlen("41 27 8:17 /a\\040b /mnt/c\\134d rw x:1 - ext4")
					 ? 1
					 : INTRO_E_FORMAT);
}

static void unescape(const char *text, const char *expected)
{
	size_t len = strlen(text);
	char *copy = exact_copy(text, len), *to = exact_copy(text, len);
	size_t n = intro_mount_unescape((struct intro_bytes){exact_text(copy, len), len}, to);

	assert_int_equal(n, strlen(expected));
	assert_memory_equal(to, expected, n);
	/* The same in its own place. */
	n = intro_mount_unescape((struct intro_bytes){copy, len}, copy);
	assert_int_equal(n, strlen(expected));
	assert_memory_equal(copy, expected, n);
	free(copy);
	free(to);
}

static void escapes(void **state)
{
	(void)state;
	unescape("", "");
	unescape("/", "/");
	unescape("\\040", " ");
	unescape("/a\\040b\\011c\\012d\\134e\\043f", "/a b\tc\nd\\e#f");
	unescape("\\377", "\xff");
	unescape("\\400", "\\400");
	unescape("\\04", "\\04");
	unescape("\\", "\\");
	unescape("\\089", "\\089");
	unescape("\\134040", "\\040");
	unescape("\xff\x1b", "\xff\x1b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(wrong_lines),
		cmocka_unit_test(truncated),
		cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
