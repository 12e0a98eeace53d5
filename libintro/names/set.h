/*
 * A set of names as the formatter and the parser see it: one form for all sets.
 *
 * The texts of a set lie in one block of characters, and rows refer to them by offset: a thousand
 * names without a thousand pointers that the dynamic linker would have to relocate.
 */
#ifndef INTRO_NAMES_SET_H
#define INTRO_NAMES_SET_H

#include <intro/names.h>

/*
 * A flag or a field of a flag word (a word has it if word & mask is value); or a value of an
 * enumeration that has no array by value; or, with mask 0, another name of a value, for the parser
 * alone. By value, except for other names. Lists end with a row whose text is 0.
 */
struct intro_name_row {
	uint64_t mask, value;
	uint16_t text;
};

enum intro_set_kind { INTRO_SET_ENUMERATION, INTRO_SET_FLAGS };

struct intro_name_set {
	enum intro_set_kind kind;
	unsigned base;            /* of an enumeration as a mask: the value of bit 0 */
	uint64_t least, most;     /* the numbers that pass for a value */
	const char *prefix;       /* what all names begin with */
	bool has_letters;         /* values are letters, which name themselves */
	const char *texts;        /* each terminated; offset 0 means none */
	const uint16_t *by_value; /* enumeration: offset of the name of each value, 0: in rows */
	size_t by_value_count;
	const struct intro_name_row *rows; /* never NULL */
};

/* NULL if there is no such set. */
const struct intro_name_set *intro_set_find(enum intro_names which);

/* What names.h promises, for any set. */
const char *intro_set_name(const struct intro_name_set *set, uint64_t value);
int intro_set_next(const struct intro_name_set *set, size_t *position, struct intro_name *ret);
int intro_set_take(const struct intro_name_set *set, uint64_t *bits, struct intro_name *ret);
size_t intro_set_format(const struct intro_name_set *set, uint64_t bits, char separator, char *buf,
			size_t size);
int intro_set_parse(const struct intro_name_set *set, const char *text, size_t len, uint64_t *ret);
int intro_set_parse_mask(const struct intro_name_set *set, const char *text, size_t len,
			 uint64_t *ret);

#endif
