/* Rows in one array of values; what they point to is in an arena. */
#include "present/store.h"

#include <stdlib.h>

#include "present/message.h"
#include "present/value_ops.h"

static void grow(struct store *store)
{
	size_t size = store->size == 0 ? 64 : store->size * 2;
	struct value *values =
		reallocarray(store->values, size, store->width * sizeof(*store->values));

	if (values == NULL)
		message_out_of_memory();
	store->values = values;
	store->size = size;
}

void store_add(struct store *store, const struct value *row)
{
	if (store->count == store->size)
		grow(store);
	struct value *to = store->values + store->count * store->width;

	for (size_t i = 0; i < store->width; i++)
		to[i] = value_copy(&store->arena, &row[i]);
	store->count++;
}

void store_reset(struct store *store)
{
	store->count = 0;
	arena_reset(&store->arena);
}

void store_free(struct store *store)
{
	free(store->values);
	arena_free(&store->arena);
	*store = (struct store){.width = store->width};
}
