/* The order of kept rows. */
#include "present/sort.h"

#include <stdlib.h>

#include "present/value_ops.h"

struct sort_context {
	const struct store *store;
	const struct sort_key *keys;
	size_t key_count;
};

int sort_compare(const struct value *a, const struct value *b, const struct sort_key *keys,
		 size_t key_count)
{
	for (size_t i = 0; i < key_count; i++) {
		const struct value *left = &a[keys[i].slot], *right = &b[keys[i].slot];
		int order = value_compare(left, right);

		if (order == 0)
			continue;
		/* Null goes last in both directions. */
		if (keys[i].descending && left->kind != VALUE_NULL && right->kind != VALUE_NULL)
			return -order;
		return order;
	}
	return 0;
}

static int compare_rows(const void *a, const void *b, void *context)
{
	const struct sort_context *sort = context;
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	int order = sort_compare(store_row(sort->store, left), store_row(sort->store, right),
				 sort->keys, sort->key_count);

	return order != 0 ? order : (left > right) - (left < right);
}

void sort_rows(const struct store *store, const struct sort_key *keys, size_t key_count,
	       size_t *order)
{
	struct sort_context context = {store, keys, key_count};

	for (size_t i = 0; i < store->count; i++)
		order[i] = i;
	if (key_count > 0)
		qsort_r(order, store->count, sizeof(*order), compare_rows, &context);
}
