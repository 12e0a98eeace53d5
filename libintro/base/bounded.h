/*
 * Text into a buffer of fixed size, in the manner of snprintf: what does not fit is counted but
 * not stored, and the text is terminated whenever there is room for one byte at all.
 */
#ifndef INTRO_BASE_BOUNDED_H
#define INTRO_BASE_BOUNDED_H

#include <stddef.h>
#include <stdint.h>

struct intro_bounded {
	char *buf;
	size_t size;
	size_t len; /* of the whole text */
};

static inline void intro_bounded_char(struct intro_bounded *out, char c)
{
	if (out->len < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static inline void intro_bounded_text(struct intro_bounded *out, const char *text)
{
	while (*text)
		intro_bounded_char(out, *text++);
}

/* `base` is 10 or 16; no prefix is written. */
static inline void intro_bounded_number(struct intro_bounded *out, uint64_t value, unsigned base)
{
	char digits[20];
	size_t n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		intro_bounded_char(out, digits[--n]);
}

/* Terminates, and returns the length of the whole text. */
static inline size_t intro_bounded_end(struct intro_bounded *out)
{
	if (out->size)
		out->buf[out->len < out->size ? out->len : out->size - 1] = '\0';
	return out->len;
}

#endif
