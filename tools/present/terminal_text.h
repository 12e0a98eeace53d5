/*
 * Text of any bytes, made fit for a terminal: nothing in it moves the cursor, changes colours or
 * the direction of writing, or is invisible.
 *
 *   newline, tab, return          \n \t \r
 *   other control characters      \x1b, and C1 controls by their bytes: \xc2\x85
 *   bytes that are not UTF-8      \xff
 *   format characters             \u202e \U000e0041: bidi, zero width, separators, noncharacters
 *
 * A backslash that is followed by something that could be read as part of an escape is doubled; with
 * TERMINAL_REVERSIBLE each one is. Both ways the bytes can be told from the text.
 */
#ifndef PRESENT_TERMINAL_TEXT_H
#define PRESENT_TERMINAL_TEXT_H

#include "present/output.h"

enum terminal_text_flags {
	TERMINAL_UTF8 = 1u << 0, /* the locale's charset; without it all of non-ASCII is \xNN */
	TERMINAL_REVERSIBLE = 1u << 1,
	TERMINAL_COMMA = 1u << 2, /* a comma is \x2c: for an item of a list */
	TERMINAL_CELL = 1u << 3,  /* what has no width in the locale is escaped: tables align */
};

/* TERMINAL_UTF8 or 0, by the locale that the program runs in. */
unsigned terminal_charset(void);

void terminal_text(struct output *output, const char *s, size_t len, unsigned flags);

#endif
