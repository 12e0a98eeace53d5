/* File locks: one line, and the whole of /proc/locks. */
#include "unit/exact.h"
#include "unit/tree.h"

#include "proc/parse.h"

static int parse(const char *text, size_t len, struct intro_lock *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_lock(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static struct intro_lock parsed(const char *text)
{
	struct intro_lock lock;

	memset(&lock, 0x55, sizeof(lock));
	if (parse(text, strlen(text), &lock) != 0)
		fail_msg("refused: %s", text);
	return lock;
}

static void test_posix(void **state)
{
	struct intro_lock lock = parsed("1: POSIX  ADVISORY  WRITE 812 fe:1f:123 5 14");

	(void)state;
	assert_int_equal(lock.id, 1);
	assert_int_equal(lock.depth, 0);
	assert_int_equal(lock.type, INTRO_LOCK_POSIX);
	assert_int_equal(lock.mode, INTRO_LOCK_WRITE);
	assert_false(lock.mandatory || lock.active || lock.breaking);
	assert_int_equal(lock.pid, 812);
	assert_true(lock.has_inode);
	assert_int_equal(lock.dev_major, 0xfe);
	assert_int_equal(lock.dev_minor, 0x1f);
	assert_int_equal(lock.ino, 123);
	assert_int_equal(lock.start, 5);
	assert_int_equal(lock.end, 14);

	lock = parsed("18446744073709551615: POSIX  MANDATORY READ 0 "
		      "fff:fffff:18446744073709551615 9223372036854775807 9223372036854775807\n");
	assert_true(lock.id == UINT64_MAX && lock.ino == UINT64_MAX);
	assert_true(lock.mandatory);
	assert_int_equal(lock.mode, INTRO_LOCK_READ);
	assert_int_equal(lock.pid, 0);
	assert_int_equal(lock.dev_minor, 0xfffff);
	assert_true(lock.start == INT64_MAX && lock.end == INT64_MAX);
}

static void test_types(void **state)
{
	struct intro_lock lock;

	(void)state;
	lock = parsed("3: OFDLCK ADVISORY  READ -1 fe:00:11051170 200 EOF");
	assert_int_equal(lock.type, INTRO_LOCK_OFD);
	assert_int_equal(lock.pid, -1);
	assert_int_equal(lock.start, 200);
	assert_true(lock.end == INTRO_LOCK_EOF);
	assert_int_equal(parsed("4: FLOCK  ADVISORY  WRITE 1 08:01:2 0 EOF").type,
			 INTRO_LOCK_FLOCK);
	assert_int_equal(parsed("4: FLOCK  MSNFS     RW    1 08:01:2 0 EOF").mode,
			 INTRO_LOCK_WRITE);
	assert_int_equal(parsed("4: FLOCK  MSNFS     NONE  1 08:01:2 0 EOF").mode, INTRO_LOCK_NONE);
	lock = parsed("1: DELEG  ACTIVE    READ 3216 fe:00:11051297 0 EOF");
	assert_int_equal(lock.type, INTRO_LOCK_DELEG);
	assert_true(lock.active);
	assert_int_equal(parsed("1: LAYOUT ACTIVE    READ 3216 fe:00:1 0 EOF").type,
			 INTRO_LOCK_LAYOUT);
	assert_int_equal(parsed("1: UNKNOWN UNKNOWN  READ 3216 fe:00:1 0 EOF").type,
			 INTRO_LOCK_UNKNOWN);
	assert_int_equal(parsed("1: POSIX  ADVISORY  READ -4711 00:1f:1 0 EOF").pid, -4711);
	assert_false(parsed("1: POSIX  *NOINODE* READ 1 <none>:0 0 EOF").has_inode);
}

static void test_leases(void **state)
{
	struct intro_lock lock = parsed("1: LEASE  ACTIVE    READ 3216 fe:00:11051297 0 EOF");

	(void)state;
	assert_int_equal(lock.type, INTRO_LOCK_LEASE);
	assert_true(lock.active && !lock.breaking);
	lock = parsed("2: LEASE  BREAKING  UNLCK 3216 fe:00:11051297 0 EOF");
	assert_true(!lock.active && lock.breaking);
	assert_int_equal(lock.mode, INTRO_LOCK_NONE);
	lock = parsed("2: -> LEASE  BREAKER   WRITE 3261 <none>:0 0 EOF");
	assert_true(!lock.active && !lock.breaking);
	assert_int_equal(lock.depth, 1);
	assert_int_equal(lock.mode, INTRO_LOCK_WRITE);
	assert_false(lock.has_inode);
	assert_int_equal(lock.ino, 0);
}

static void test_waiting(void **state)
{
	(void)state;
	assert_int_equal(parsed("5: -> POSIX  ADVISORY  WRITE 1 fe:00:1 5 14").depth, 1);
	assert_int_equal(parsed("5:  -> POSIX  ADVISORY  WRITE 1 fe:00:1 5 14").depth, 2);
	assert_int_equal(parsed("5:     -> FLOCK  ADVISORY  WRITE 1 fe:00:1 5 14").depth, 5);
}

static void test_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"1",
		"1:",
		"1: ",
		"x: POSIX  ADVISORY  WRITE 1 fe:00:1 5 14",
		"-1: POSIX  ADVISORY  WRITE 1 fe:00:1 5 14",
		"18446744073709551616: POSIX  ADVISORY  WRITE 1 fe:00:1 5 14",
		"1:POSIX  ADVISORY  WRITE 1 fe:00:1 5 14",
		"1: ->POSIX  ADVISORY  WRITE 1 fe:00:1 5 14",
		"1: POSIX  ADVISORY  CLEAN 1 fe:00:1 5 14",
		"1: POSIX  ADVISORY  WRITE x fe:00:1 5 14",
		"1: POSIX  ADVISORY  WRITE 2147483648 fe:00:1 5 14",
		"1: POSIX  ADVISORY  WRITE -2147483649 fe:00:1 5 14",
		"1: POSIX  ADVISORY  WRITE 1 100000000:00:1 5 14",
		"1: POSIX  ADVISORY  WRITE 1 0:100000000:1 5 14",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:18446744073709551616 5 14",
		"1: POSIX  ADVISORY  WRITE 1 fe:00 5 14",
		"1: POSIX  ADVISORY  WRITE 1 <none>:1 5 14",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 14 5",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 EOF EOF",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 5 EOFF",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 5 14 ",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 5 -1",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 5 18446744073709551616",
		"1: POSIX  ADVISORY  WRITE 1 fe:00:1 5 14\n\n",
	};
	struct intro_lock lock = {.id = 77};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (parse(wrong[i], strlen(wrong[i]), &lock) != INTRO_E_FORMAT)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(lock.id, 77);
	}
}

static void test_truncated(void **state)
{
	static const char text[] = "2: -> LEASE  BREAKER   WRITE 3261 fe:00:11051297 10 EOF";
	struct intro_lock lock;

	(void)state;
	for (size_t len = 0; len + 1 < sizeof(text); len++)
		assert_int_equal(parse(text, len, &lock), INTRO_E_FORMAT);
	assert_int_equal(parse(text, sizeof(text) - 1, &lock), 0);
}

static void test_file(void **state)
{
	struct tree *tree = *state;
	struct intro_locks *locks = NULL;
	const struct intro_lock *all;
	size_t count = 77;

	tree_text(tree, "locks",
		  "1: OFDLCK ADVISORY  WRITE -1 fe:00:7 200 EOF\n"
		  "2: POSIX  ADVISORY  WRITE 3216 fe:00:8 5 14\n"
		  "2: -> POSIX  ADVISORY  WRITE 3258 fe:00:8 5 14\n"
		  "2:  -> POSIX  ADVISORY  WRITE 3259 fe:00:8 5 14\n");
	tree_open(tree, NULL);
	assert_int_equal(intro_locks_open(tree->session, &locks), 0);
	all = intro_locks_all(locks, &count);
	assert_int_equal(count, 4);
	assert_int_equal(all[0].ino, 7);
	assert_int_equal(all[3].id, 2);
	assert_int_equal(all[3].depth, 2);
	assert_int_equal(all[3].pid, 3259);
	intro_locks_close(locks);
	intro_locks_close(NULL);

	tree_text(tree, "locks", "");
	assert_int_equal(intro_locks_open(tree->session, &locks), 0);
	intro_locks_all(locks, &count);
	assert_int_equal(count, 0);
	intro_locks_close(locks);
}

static void test_bad_file(void **state)
{
	struct tree *tree = *state;
	struct intro_locks *locks = NULL;

	tree_open(tree, NULL);
	assert_int_equal(intro_locks_open(tree->session, &locks), INTRO_E_ABSENT);
	assert_string_equal(intro_last_error(tree->session)->path, "locks");

	tree_text(tree, "locks", "1: FLOCK  ADVISORY  WRITE 1 fe:00:8 0 EOF\njunk\n");
	assert_int_equal(intro_locks_open(tree->session, &locks), INTRO_E_FORMAT);
	assert_int_equal(intro_last_error(tree->session)->line, 2);
	assert_int_equal(intro_last_error(tree->session)->offset, 42);
	assert_null(locks);

	assert_int_equal(unlink(tree_path(tree, "locks")), 0);
	tree_link(tree, "locks", "/proc/locks");
	assert_int_equal(intro_locks_open(tree->session, &locks), INTRO_E_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_posix),   cmocka_unit_test(test_types),
		cmocka_unit_test(test_leases),  cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_truncated),
		TREE_TEST(test_file),           TREE_TEST(test_bad_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
