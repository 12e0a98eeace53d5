/*
 * "Did you mean": the nearest of some names. All in a header, because the dispatcher, which links
 * nothing, wants it as well.
 */
#ifndef PRESENT_SUGGEST_H
#define PRESENT_SUGGEST_H

#include <stddef.h>
#include <string.h>

enum { SUGGEST_LONGEST = 32 };

struct suggestion {
	const char *wanted;
	size_t wanted_len;
	const char *best;  /* NULL: nothing is near enough */
	unsigned distance; /* of the best */
};

static inline unsigned suggest_min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static inline char suggest_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Insertions, deletions, changes and swaps of neighbours that make one text of the other. */
static inline unsigned suggest_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][SUGGEST_LONGEST + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];

	if (a_len > SUGGEST_LONGEST || b_len > SUGGEST_LONGEST)
		return SUGGEST_LONGEST;
	for (size_t j = 0; j <= b_len; j++)
		last[j] = before[j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		char c = suggest_fold(a[i - 1]);

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			char d = suggest_fold(b[j - 1]);

			row[j] = suggest_min(last[j], row[j - 1]) + 1;
			row[j] = suggest_min(row[j], last[j - 1] + (c != d));
			if (i > 1 && j > 1 && c == suggest_fold(b[j - 2]) &&
			    suggest_fold(a[i - 2]) == d)
				row[j] = suggest_min(row[j], before[j - 2] + 1);
		}
		unsigned *spare = before;

		before = last;
		last = row;
		row = spare;
	}
	return last[b_len];
}

static inline struct suggestion suggest_for(const char *wanted, size_t wanted_len)
{
	return (struct suggestion){.wanted = wanted, .wanted_len = wanted_len};
}

/* Offers a name. A third of the letters may be wrong, but not all. */
static inline void suggest_offer(struct suggestion *suggestion, const char *name)
{
	size_t len = strlen(name);
	unsigned distance = suggest_distance(suggestion->wanted, suggestion->wanted_len, name, len);
	size_t longer = len > suggestion->wanted_len ? len : suggestion->wanted_len;
	size_t shorter = len < suggestion->wanted_len ? len : suggestion->wanted_len;

	if (distance > (longer + 1) / 3 || distance >= shorter)
		return;
	if (suggestion->best != NULL && suggestion->distance <= distance)
		return;
	suggestion->best = name;
	suggestion->distance = distance;
}

#endif
