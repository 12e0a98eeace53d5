/*
 * Input for parsers: copies without a byte to spare, so that the address sanitizer sees whatever is
 * read past their end.
 */
#ifndef TESTS_UNIT_EXACT_H
#define TESTS_UNIT_EXACT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* To be freed. */
static inline char *exact_copy(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, text, len);
	/* Of an empty text not even one byte may be read: point behind the only one. */
	return copy;
}

/* Where the text of a copy begins. */
static inline const char *exact_text(const char *copy, size_t len)
{
	return len ? copy : copy + 1;
}

/* Numbers that look random and are the same in every run. */
static inline uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x;
}

#endif
