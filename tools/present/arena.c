/*
 * Arena: a chain of blocks that are filled from the front. Resetting rewinds to the first block, so
 * that a per-row arena settles on one block and allocates nothing more.
 */
#include "present/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "present/message.h"

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 256 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	max_align_t data[];
};

static char *block_bytes(struct arena_block *block)
{
	return (char *)block->data;
}

/* The first block from the current one on that has `size` bytes left; NULL if there is none. */
static struct arena_block *block_with_room(struct arena *arena, size_t size, size_t align)
{
	for (struct arena_block *block = arena->current; block != NULL; block = block->next) {
		if (block != arena->current)
			block->used = 0;
		size_t start = (block->used + align - 1) & ~(align - 1);

		arena->current = block;
		if (start <= block->size && block->size - start >= size) {
			block->used = start;
			return block;
		}
	}
	return NULL;
}

static struct arena_block *block_add(struct arena *arena, size_t size)
{
	size_t block_size = FIRST_BLOCK;

	if (arena->current != NULL) {
		block_size = arena->current->size * 2;
		if (block_size > LARGEST_BLOCK)
			block_size = LARGEST_BLOCK;
	}
	if (block_size < size)
		block_size = size;
	if (block_size > SIZE_MAX - sizeof(struct arena_block))
		message_out_of_memory();

	struct arena_block *block = malloc(sizeof(*block) + block_size);

	if (block == NULL)
		message_out_of_memory();
	block->next = NULL;
	block->size = block_size;
	block->used = 0;
	/* block_with_room has walked to the end of the chain: the current block is the last. */
	if (arena->current != NULL)
		arena->current->next = block;
	else
		arena->first = block;
	arena->current = block;
	return block;
}

static void *allocate(struct arena *arena, size_t size, size_t align)
{
	struct arena_block *block = block_with_room(arena, size, align);

	if (block == NULL)
		block = block_add(arena, size);
	void *ret = block_bytes(block) + block->used;

	block->used += size;
	return ret;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return allocate(arena, size, _Alignof(max_align_t));
}

char *arena_copy(struct arena *arena, const void *data, size_t len)
{
	if (len == SIZE_MAX)
		message_out_of_memory();
	char *copy = allocate(arena, len + 1, 1);

	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char small[256];
	va_list args;

	va_start(args, format);
	int len = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (len < 0)
		message_out_of_memory();
	if ((size_t)len < sizeof(small))
		return arena_copy(arena, small, (size_t)len);

	char *text = allocate(arena, (size_t)len + 1, 1);

	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void arena_reset(struct arena *arena)
{
	arena->current = arena->first;
	if (arena->first != NULL)
		arena->first->used = 0;
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->first;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	*arena = (struct arena){0};
}
