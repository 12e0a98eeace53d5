/* /proc/PID/cgroup and /proc/PID/autogroup: which path is taken. */
#include "unit/exact.h"

#include <intro/error.h>

#include "proc/parse.h"

static int parse_cgroup(const char *text, size_t len, const char *expected)
{
	char *copy = exact_copy(text, len);
	struct intro_bytes path = {.data = "before", .len = 6};
	int r = intro_parse_cgroup(exact_text(copy, len), len, &path);

	if (expected) {
		assert_int_equal(path.len, strlen(expected));
		assert_memory_equal(path.data, expected, path.len);
	}
	free(copy);
	return r;
}

static void assert_path(const char *text, const char *expected)
{
	assert_int_equal(parse_cgroup(text, strlen(text), expected), 0);
}

static void assert_no_cgroup(const char *text)
{
	assert_int_equal(parse_cgroup(text, strlen(text), "before"), INTRO_E_FORMAT);
}

static void test_cgroup(void **state)
{
	(void)state;
	assert_path("", "");
	assert_path("0::/\n", "/");
	assert_path("0::/system.slice/cron.service\n", "/system.slice/cron.service");
	assert_path("0::/a:b::c (deleted)\n", "/a:b::c (deleted)");
	assert_path("0::/\xff\x1b[0m", "/\xff\x1b[0m");
	assert_path("0::\n", "");
	assert_path("9:name=systemd:/s\n4:memory:/m\n0::/u\n", "/u");
	assert_path("9:name=systemd:/s\n4:cpu,cpuacct:/m\n", "/s");
	assert_path("10:memory:/m\n", "/m");
	assert_no_cgroup("\n");
	assert_no_cgroup("0");
	assert_no_cgroup("0:");
	assert_no_cgroup("0:/");
	assert_no_cgroup(":memory:/");
	assert_no_cgroup("x:memory:/");
	assert_no_cgroup("18446744073709551616::/");
	assert_no_cgroup("4:memory:/m\njunk\n");
}

static void test_cgroup_truncated(void **state)
{
	static const char text[] = "9:name=systemd:/s\n4:memory:/m\n0::/u\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		int r = parse_cgroup(text, len, NULL);

		assert_true(r == 0 || r == INTRO_E_FORMAT);
	}
}

static int parse_autogroup(const char *text, size_t len, const char *name_expected, int *nice)
{
	char *copy = exact_copy(text, len);
	struct intro_bytes name = {.data = "before", .len = 6};
	int r = intro_parse_autogroup(exact_text(copy, len), len, &name, nice);

	assert_int_equal(name.len, strlen(name_expected));
	assert_memory_equal(name.data, name_expected, name.len);
	free(copy);
	return r;
}

static void assert_autogroup(const char *text, const char *name, int nice)
{
	int found = 77;

	assert_int_equal(parse_autogroup(text, strlen(text), name, &found), 0);
	assert_int_equal(found, nice);
}

static void test_autogroup(void **state)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"/",
		"/autogroup-4",
		"/autogroup-4 ",
		"/autogroup-4 nice",
		"/autogroup-4 nice ",
		"/autogroup-4 nice x",
		"/autogroup-4 nice 20",
		"/autogroup-4 nice -21",
		"/autogroup-4 nice 0 ",
		"/autogroup-4 nice 0\n\n",
		"/autogroup-4  nice 0",
		" nice 0",
		"/autogroup-4 nice 99999999999999999999",
		"autogroup-4 nice 0",
	};

	(void)state;
	assert_autogroup("/autogroup-4 nice 0\n", "/autogroup-4", 0);
	assert_autogroup("/autogroup-123456 nice -20", "/autogroup-123456", -20);
	assert_autogroup("/autogroup-1 nice 19\n", "/autogroup-1", 19);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		int nice = 77;

		if (parse_autogroup(wrong[i], strlen(wrong[i]), "before", &nice) != INTRO_E_FORMAT)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(nice, 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_cgroup_truncated),
		cmocka_unit_test(test_autogroup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
