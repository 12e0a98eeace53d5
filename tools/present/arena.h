/*
 * Memory that is given back all at once. Zero-initialized is empty. Running out of memory ends
 * the program with a message and exit status 3: these are tools, and there is nothing to be saved.
 */
#ifndef PRESENT_ARENA_H
#define PRESENT_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *first, *current;
};

void *arena_alloc(struct arena *arena, size_t size); /* aligned for any type, not cleared */
char *arena_copy(struct arena *arena, const void *data, size_t len); /* NUL-terminated copy */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *arena); /* keeps the blocks for the next use */
void arena_free(struct arena *arena);

#endif
