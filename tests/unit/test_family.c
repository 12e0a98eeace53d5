/* Relations between processes: descent, and orphaned groups. */
#include "unit/tree.h"

static struct intro_family *open_family(struct tree *tree)
{
	struct intro_family *family;

	tree_open(tree, NULL);
	assert_int_equal(intro_family_open(tree->session, &family), 0);
	return family;
}

static void descent(void **state)
{
	struct tree *tree = *state;
	struct intro_family *family;

	tree_process(tree, 1, 'S', 0, 1, 1);
	tree_process(tree, 10, 'S', 1, 10, 10);
	tree_process(tree, 20, 'S', 10, 10, 10);
	tree_process(tree, 30, 'S', 20, 10, 10);
	tree_process(tree, 40, 'S', 1, 40, 40);
	tree_process(tree, 50, 'S', 777, 50, 50); /* its parent is not there */
	family = open_family(tree);
	assert_true(intro_family_is_below(family, 30, 10));
	assert_true(intro_family_is_below(family, 30, 30));
	assert_true(intro_family_is_below(family, 30, 1));
	assert_false(intro_family_is_below(family, 10, 30));
	assert_false(intro_family_is_below(family, 40, 10));
	assert_false(intro_family_is_below(family, 50, 1));
	assert_true(intro_family_is_below(family, 50, 777));
	assert_false(intro_family_is_below(family, 4711, 1));
	assert_false(intro_family_is_below(family, 0, 1));
	intro_family_close(family);
	intro_family_close(NULL);
}

/* No kernel would say so, but a tree that is read while parents change may. */
static void a_circle_ends(void **state)
{
	struct tree *tree = *state;
	struct intro_family *family;

	tree_process(tree, 10, 'S', 20, 10, 10);
	tree_process(tree, 20, 'S', 10, 10, 10);
	tree_process(tree, 30, 'S', 30, 10, 10);
	family = open_family(tree);
	assert_false(intro_family_is_below(family, 10, 1));
	assert_true(intro_family_is_below(family, 10, 20));
	assert_false(intro_family_is_below(family, 30, 1));
	intro_family_close(family);
}

static void orphaned_groups(void **state)
{
	struct tree *tree = *state;
	struct intro_family *family;

	tree_process(tree, 1, 'S', 0, 1, 1);
	tree_process(tree, 100, 'S', 1, 100, 100);   /* a shell: its parent is in another session */
	tree_process(tree, 110, 'S', 100, 110, 100); /* a job of it */
	tree_process(tree, 111, 'S', 110, 110, 100);
	tree_process(tree, 120, 'S', 1, 120, 100);   /* a job whose parent has ended */
	tree_process(tree, 121, 'S', 120, 120, 100); /* parent in the same group: no tie */
	tree_process(tree, 130, 'S', 1, 130, 100);   /* two members: one is tied */
	tree_process(tree, 131, 'S', 100, 130, 100);
	tree_process(tree, 140, 'Z', 100, 140, 100); /* ended members do not count */
	tree_process(tree, 150, 'S', 555, 150, 100); /* parent unknown */
	family = open_family(tree);
	assert_int_equal(intro_family_is_orphaned(family, 100), 1);
	assert_int_equal(intro_family_is_orphaned(family, 110), 0);
	assert_int_equal(intro_family_is_orphaned(family, 120), 1);
	assert_int_equal(intro_family_is_orphaned(family, 130), 0);
	assert_int_equal(intro_family_is_orphaned(family, 140), 1);
	assert_int_equal(intro_family_is_orphaned(family, 150), INTRO_E_ABSENT);
	assert_int_equal(intro_family_is_orphaned(family, 4711), INTRO_E_ABSENT);
	intro_family_close(family);
}

/* The init of a container can resume its jobs; that of the machine does not count. */
static void init_as_a_shell(void **state)
{
	struct tree *tree = *state;
	struct intro_family *family;

	tree_process(tree, 1, 'S', 0, 1, 1);
	tree_process(tree, 5, 'S', 1, 5, 1);
	family = open_family(tree);
	assert_int_equal(intro_family_is_orphaned(family, 5), 0);
	assert_int_equal(intro_family_is_orphaned(family, 1), INTRO_E_ABSENT);
	intro_family_close(family);
	intro_close(tree->session);
	tree_text(tree, "2/stat",
		  "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0\n");
	family = open_family(tree);
	assert_int_equal(intro_family_is_orphaned(family, 5), 1);
	assert_int_equal(intro_family_is_orphaned(family, 1), 1);
	intro_family_close(family);
}

static void an_empty_family(void **state)
{
	struct tree *tree = *state;
	struct intro_family *family = open_family(tree);

	assert_false(intro_family_is_below(family, 2, 1));
	assert_int_equal(intro_family_is_orphaned(family, 1), INTRO_E_ABSENT);
	intro_family_close(family);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(descent),         TREE_TEST(a_circle_ends),   TREE_TEST(orphaned_groups),
		TREE_TEST(init_as_a_shell), TREE_TEST(an_empty_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
