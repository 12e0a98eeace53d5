/* The order of values and rows, and trees of all sorts: orphans, circles, chains. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "present/sort.h"
#include "present/tree.h"
#include "present/value_ops.h"

static void test_values(void **state)
{
	/* In order; the last ones are greater than all before. */
	const struct value ordered[] = {
		value_int(INT64_MIN), value_int(-1),          value_real(-0.5),
		value_int(0),         value_real(0.5),        value_uint(1),
		value_int(INT64_MAX), value_uint(UINT64_MAX), value_real(NAN),
		value_string(""),     value_bytes("\0", 1),   value_string("A"),
		value_string("Aa"),   value_string("B"),      value_string("a"),
		value_string("\xff"), value_null(),
	};
	size_t count = sizeof(ordered) / sizeof(ordered[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			int order = value_compare(&ordered[i], &ordered[j]);

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
}

static void test_copies(void **state)
{
	char name[] = "name", key[] = "key";
	struct value inner = value_bytes(name, 4);
	struct member member = {key, inner};
	struct value items[] = {{.kind = VALUE_OBJECT, .object = {&member, 1}}, value_int(1)};
	struct value list = {.kind = VALUE_LIST, .list = {.items = items, .count = 2}};
	struct arena arena = {0};
	struct value copy = value_copy(&arena, &list);

	(void)state;
	assert_int_equal(value_compare(&copy, &list), 0);
	name[0] = key[0] = 'X';
	assert_string_equal(copy.list.items[0].object.members[0].key, "key");
	assert_memory_equal(copy.list.items[0].object.members[0].value.text.data, "name", 5);
	assert_int_not_equal(value_compare(&copy, &list), 0);
	arena_free(&arena);
}

static struct store make_store(const int64_t (*rows)[2], size_t count)
{
	struct store store = {.width = 2};

	for (size_t i = 0; i < count; i++) {
		/* INT64_MIN stands for null. */
		const struct value row[] = {
			value_int(rows[i][0]),
			rows[i][1] == INT64_MIN ? value_null() : value_int(rows[i][1]),
		};

		store_add(&store, row);
	}
	return store;
}

static void check_sorted(const struct store *store, const struct sort_key *keys, size_t key_count,
			 const size_t *expected)
{
	size_t order[16];

	sort_rows(store, keys, key_count, order);
	assert_memory_equal(order, expected, store->count * sizeof(*order));
}

static void test_sort(void **state)
{
	static const int64_t rows[][2] = {{3, 1}, {1, INT64_MIN}, {2, 5}, {1, 0}, {3, -7}};
	struct store store = make_store(rows, 5);

	(void)state;
	check_sorted(&store, NULL, 0, (size_t[]){0, 1, 2, 3, 4});
	check_sorted(&store, &(struct sort_key){0, false}, 1, (size_t[]){1, 3, 2, 0, 4});
	check_sorted(&store, &(struct sort_key){0, true}, 1, (size_t[]){0, 4, 2, 1, 3});
	/* Null last in both directions. */
	check_sorted(&store, &(struct sort_key){1, false}, 1, (size_t[]){4, 3, 0, 2, 1});
	check_sorted(&store, &(struct sort_key){1, true}, 1, (size_t[]){2, 0, 3, 4, 1});
	check_sorted(&store, (struct sort_key[]){{0, true}, {1, false}}, 2,
		     (size_t[]){4, 0, 2, 3, 1});
	store_free(&store);
}

static void check_tree(const int64_t (*rows)[2], size_t count, const size_t *expected_order,
		       const size_t *expected_parents)
{
	struct store store = make_store(rows, count);
	size_t order[16], parents[16];

	sort_rows(&store, NULL, 0, order);
	tree_order(&store, 0, 1, order, parents);
	assert_memory_equal(order, expected_order, count * sizeof(*order));
	assert_memory_equal(parents, expected_parents, count * sizeof(*parents));
	store_free(&store);
}

#define NONE SIZE_MAX

static void test_tree(void **state)
{
	(void)state;
	/* Children before their parent, siblings in order, an orphan. */
	check_tree((const int64_t[][2]){{5, 2}, {1, 0}, {2, 1}, {3, 1}, {4, 2}, {9, 77}}, 6,
		   (size_t[]){1, 2, 0, 4, 3, 5}, (size_t[]){NONE, 0, 1, 1, 0, NONE});
	/* Its own parent; a null parent. */
	check_tree((const int64_t[][2]){{1, 1}, {2, INT64_MIN}, {3, 2}}, 3, (size_t[]){0, 1, 2},
		   (size_t[]){NONE, NONE, 1});
	/* Two rows of one id: the first has the children. */
	check_tree((const int64_t[][2]){{1, 0}, {1, 0}, {2, 1}}, 3, (size_t[]){0, 2, 1},
		   (size_t[]){NONE, 0, NONE});
	/* A circle of three with a row that hangs from it. */
	check_tree((const int64_t[][2]){{9, 1}, {1, 3}, {2, 1}, {3, 2}}, 4, (size_t[]){1, 0, 2, 3},
		   (size_t[]){NONE, 0, 0, 2});
	/* Two circles and a proper root. */
	check_tree((const int64_t[][2]){{1, 2}, {2, 1}, {3, 4}, {4, 3}, {5, 0}}, 5,
		   (size_t[]){4, 0, 1, 2, 3}, (size_t[]){NONE, NONE, 1, NONE, 3});
	check_tree((const int64_t[][2]){{1, 0}}, 0, NULL, NULL);
}

static void test_random_trees(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		int64_t rows[16][2];
		size_t count = (size_t)round % 17, order[16], parents[16];
		bool seen[16] = {false};

		for (size_t i = 0; i < count; i++) {
			random = random * 1664525 + 1013904223;
			rows[i][0] = random >> 28;
			rows[i][1] = random >> 20 & 15;
		}
		struct store store = make_store((const int64_t(*)[2])rows, count);

		sort_rows(&store, NULL, 0, order);
		tree_order(&store, 0, 1, order, parents);
		for (size_t i = 0; i < count; i++) {
			assert_true(order[i] < count && !seen[order[i]]);
			seen[order[i]] = true;
			if (parents[i] == NONE)
				continue;
			assert_true(parents[i] < i);
			assert_int_equal(rows[order[i]][1], rows[order[parents[i]]][0]);
		}
		store_free(&store);
	}
}

/* Deep, in the worst order; and wide. What is too deep is drawn beside its parent. */
static void test_large_trees(void **state)
{
	const size_t count = 100000;
	int64_t(*rows)[2] = calloc(count, sizeof(*rows));
	size_t *order = calloc(count, sizeof(*order)), *parents = calloc(count, sizeof(*parents));

	(void)state;
	assert_true(rows != NULL && order != NULL && parents != NULL);
	for (size_t i = 0; i < count; i++) {
		rows[i][0] = (int64_t)(count - i);
		rows[i][1] = (int64_t)(count - i) - 1;
	}
	struct store store = make_store((const int64_t(*)[2])rows, count);

	sort_rows(&store, NULL, 0, order);
	tree_order(&store, 0, 1, order, parents);
	for (size_t i = 0; i < count; i++) {
		size_t depth = i < TREE_DEEPEST ? i : TREE_DEEPEST;

		assert_int_equal(order[i], count - 1 - i);
		assert_int_equal(parents[i], depth == 0 ? NONE : depth - 1);
	}
	store_free(&store);
	free(rows);
	free(order);
	free(parents);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),       cmocka_unit_test(test_copies),
		cmocka_unit_test(test_sort),         cmocka_unit_test(test_tree),
		cmocka_unit_test(test_random_trees), cmocka_unit_test(test_large_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
