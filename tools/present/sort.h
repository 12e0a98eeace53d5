/* The order of kept rows. */
#ifndef PRESENT_SORT_H
#define PRESENT_SORT_H

#include <stdbool.h>

#include "present/store.h"

struct sort_key {
	size_t slot; /* which value of a row */
	bool descending;
};

/*
 * Fills order[0 .. store->count - 1] with the numbers of the rows, ordered by the keys: nulls last
 * either way, equal rows as they came.
 */
void sort_rows(const struct store *store, const struct sort_key *keys, size_t key_count,
	       size_t *order);

/* By the keys alone: negative, 0, positive. */
int sort_compare(const struct value *a, const struct value *b, const struct sort_key *keys,
		 size_t key_count);

#endif
