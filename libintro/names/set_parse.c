/* From names and numbers to values, for all sets alike. */
#include "names/set.h"

#include <string.h>

#include "base/number.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `name` is terminated, `text` is not. */
static bool equal(const char *name, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!name[i] || lower(name[i]) != lower(text[i]))
			return false;
	}
	return !name[len];
}

static bool is_name(const struct intro_name_set *set, size_t offset, const char *text, size_t len)
{
	const char *name = set->texts + offset;
	size_t prefix = strlen(set->prefix);

	return equal(name, text, len) ||
	       (prefix && !strncmp(name, set->prefix, prefix) && equal(name + prefix, text, len));
}

static bool find_name(const struct intro_name_set *set, const char *text, size_t len, uint64_t *ret)
{
	for (size_t value = 0; value < set->by_value_count; value++) {
		if (set->by_value[value] && is_name(set, set->by_value[value], text, len)) {
			*ret = value;
			return true;
		}
	}
	for (const struct intro_name_row *row = set->rows; row->text; row++) {
		if (is_name(set, row->text, text, len)) {
			*ret = row->value;
			return true;
		}
	}
	return false;
}

/* "R", "t", and "r" for 'R': the letter as it is, before the one of the other case. */
static bool find_letter(const struct intro_name_set *set, char letter, uint64_t *ret)
{
	const char both[] = {letter, lower(letter), (char)(letter & ~0x20)};

	for (size_t i = 0; i < sizeof(both); i++) {
		uint64_t value = (unsigned char)both[i];

		if (intro_set_name(set, value)) {
			*ret = value;
			return true;
		}
	}
	return false;
}

/*
 * 31, 0x1f, 037. Returns 1 and the number, 0 if the text is none, INTRO_E_LIMIT if it is one that
 * is too large for 64 bits.
 */
static int take_c_number(const char *text, size_t len, uint64_t *ret)
{
	const char *p = text, *end = text + len;
	const char *digits = "0123456789";
	bool (*take)(const char **, const char *, uint64_t *) = intro_take_u64;

	if (len > 2 && p[0] == '0' && lower(p[1]) == 'x') {
		digits = "0123456789abcdefABCDEF";
		take = intro_take_hex;
		p += 2;
	} else if (len > 1 && p[0] == '0') {
		digits = "01234567";
		take = intro_take_octal;
		p += 1;
	}
	for (const char *s = p; s < end; s++) {
		if (!*s || !strchr(digits, *s))
			return 0;
	}
	return take(&p, end, ret) ? 1 : INTRO_E_LIMIT;
}

int intro_set_parse(const struct intro_name_set *set, const char *text, size_t len, uint64_t *ret)
{
	uint64_t value;

	if (!len)
		return INTRO_E_ABSENT;
	if (text[0] >= '0' && text[0] <= '9') {
		int r = take_c_number(text, len, &value);

		if (r < 0 || (r > 0 && (value < set->least || value > set->most)))
			return INTRO_E_LIMIT;
		if (r > 0) {
			*ret = value;
			return 0;
		}
	}
	if (set->has_letters && len == 1)
		return find_letter(set, text[0], ret) ? 0 : INTRO_E_ABSENT;
	return find_name(set, text, len, ret) ? 0 : INTRO_E_ABSENT;
}

static int add_member(const struct intro_name_set *set, const char *text, size_t len,
		      uint64_t *bits)
{
	uint64_t value;
	int r = intro_set_parse(set, text, len, &value);

	if (r < 0)
		return r;
	if (set->kind == INTRO_SET_FLAGS) {
		*bits |= value;
		return 0;
	}
	if (value < set->base || value - set->base >= 64)
		return INTRO_E_LIMIT;
	*bits |= UINT64_C(1) << (value - set->base);
	return 0;
}

int intro_set_parse_mask(const struct intro_name_set *set, const char *text, size_t len,
			 uint64_t *ret)
{
	uint64_t bits = 0;
	size_t begin = 0;

	if (!len) {
		*ret = 0;
		return 0;
	}
	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] != ',' && text[i] != '|')
			continue;
		int r = add_member(set, text + begin, i - begin, &bits);
		if (r < 0)
			return r;
		begin = i + 1;
	}
	*ret = bits;
	return 0;
}
