/* Rows that have to be kept, because they are to be ordered, drawn as a tree or compared. */
#ifndef PRESENT_STORE_H
#define PRESENT_STORE_H

#include "present/arena.h"
#include "present/value.h"

/* Zero-initialized except for `width` is empty. */
struct store {
	size_t width; /* values of a row */
	size_t count; /* rows */
	size_t size;
	struct value *values;
	struct arena arena;
};

/* Keeps a copy of a row of `width` values. */
void store_add(struct store *store, const struct value *row);

/* Forgets the rows, not the memory. */
void store_reset(struct store *store);
void store_free(struct store *store);

static inline const struct value *store_row(const struct store *store, size_t row)
{
	return store->values + row * store->width;
}

#endif
