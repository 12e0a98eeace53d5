/* Lists as users write them: "a,b c". */
#ifndef PROCESSES_WORDS_H
#define PROCESSES_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "present/arena.h"

struct words {
	const char **items;
	size_t count;
};

/* Splits a list at commas and white space, and adds it to what is there. */
void words_split(struct arena *arena, struct words *words, const char *list);

/* Adds one word as it is: it is not copied. */
void words_add(struct arena *arena, struct words *words, const char *word);

/* Reads a number in decimal: at the beginning of a text, up to *end. False: there is none there. */
bool words_number(const char *text, char **end, long least, pid_t *ret);

#endif
