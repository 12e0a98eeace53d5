/* What stands around descriptors: drivers, and how many files the system has open. */
#include "unit/tree.h"

#include <sys/sysmacros.h>

#include <intro/fd.h>

static void drivers(void **state)
{
	struct tree *tree = *state;

	tree_text(tree, "devices",
		  "Character devices:\n"
		  "  1 mem\n"
		  "  4 /dev/vc/0\n"
		  "  4 tty\n"
		  "136 pts\n"
		  "x\n"
		  "7\n"
		  "8 \n"
		  "4294967296 large\n"
		  "\n"
		  "Block devices:\n"
		  "  7 loop\n"
		  "254 virtio blk");
	tree_open(tree, NULL);
	assert_string_equal(intro_driver_name(tree->session, false, 1), "mem");
	assert_string_equal(intro_driver_name(tree->session, false, 4), "/dev/vc/0");
	assert_string_equal(intro_driver_name(tree->session, false, 136), "pts");
	assert_string_equal(intro_driver_name(tree->session, true, 7), "loop");
	assert_string_equal(intro_driver_name(tree->session, true, 254), "virtio blk");
	assert_null(intro_driver_name(tree->session, true, 1));
	assert_null(intro_driver_name(tree->session, false, 7));
	assert_null(intro_driver_name(tree->session, false, 8));
	assert_null(intro_driver_name(tree->session, false, 0));
}

static void no_drivers(void **state)
{
	struct tree *tree = *state;

	tree_open(tree, NULL);
	assert_null(intro_driver_name(tree->session, false, 1));
	assert_null(intro_driver_name(tree->session, true, 1));
}

static void counts(void **state)
{
	struct tree *tree = *state;
	struct intro_file_counts counts;

	tree_text(tree, "sys/fs/file-nr", "2208\t8\t9223372036854775807\n");
	tree_text(tree, "sys/fs/nr_open", "1073741816\n");
	tree_open(tree, NULL);
	assert_int_equal(intro_file_counts_read(tree->session, &counts), 0);
	assert_int_equal(counts.open, 2200);
	assert_true(counts.most == INT64_MAX);
	assert_int_equal(counts.nr_open, 1073741816);
	tree_text(tree, "sys/fs/nr_open", "many\n");
	assert_int_equal(intro_file_counts_read(tree->session, &counts), INTRO_E_FORMAT);
	tree_text(tree, "sys/fs/nr_open", "1\n");
	tree_text(tree, "sys/fs/file-nr", "2208\t0\n");
	assert_int_equal(intro_file_counts_read(tree->session, &counts), INTRO_E_FORMAT);
	assert_int_equal(counts.open, 2200);
}

static void no_counts(void **state)
{
	struct tree *tree = *state;
	struct intro_file_counts counts;

	tree_open(tree, NULL);
	assert_int_equal(intro_file_counts_read(tree->session, &counts), INTRO_E_ABSENT);
}

static void live(void **state)
{
	struct intro_file_counts counts;
	struct intro *session;
	struct stat st;

	(void)state;
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(intro_file_counts_read(session, &counts), 0);
	assert_true(counts.open > 0 && counts.open <= counts.most && counts.nr_open > 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_string_equal(intro_driver_name(session, false, major(st.st_rdev)), "mem");
	intro_close(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(drivers),   TREE_TEST(no_drivers),  TREE_TEST(counts),
		TREE_TEST(no_counts), cmocka_unit_test(live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
