/* What the parsers share: lines, blanks and literal text, never past `end`. */
#ifndef INTRO_PROC_TEXT_H
#define INTRO_PROC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * Takes a line off the front of the text at *p: false at the end of it. The line is
 * *begin ... *stop, without its newline; the last one need not have any.
 */
static inline bool intro_take_line(const char **p, const char *end, const char **begin,
				   const char **stop)
{
	if (*p == end)
		return false;
	const char *newline = memchr(*p, '\n', (size_t)(end - *p));

	*begin = *p;
	*stop = newline ? newline : end;
	*p = newline ? newline + 1 : end;
	return true;
}

static inline void intro_skip_blanks(const char **p, const char *end)
{
	while (*p < end && (**p == ' ' || **p == '\t'))
		++*p;
}

/* Takes exactly these bytes; where they are not there, *p stays. */
static inline bool intro_take_bytes(const char **p, const char *end, const char *bytes, size_t len)
{
	if ((size_t)(end - *p) < len || memcmp(*p, bytes, len) != 0)
		return false;
	*p += len;
	return true;
}

#define INTRO_TAKE_LITERAL(p, end, literal)                                                        \
	intro_take_bytes((p), (end), "" literal, sizeof(literal) - 1)

/* Whether nothing but at most one newline is left. */
static inline bool intro_at_end(const char *p, const char *end)
{
	return p == end || (*p == '\n' && p + 1 == end);
}

#endif
