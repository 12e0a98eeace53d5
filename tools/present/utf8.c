/*
 * A strict decoder: no overlong forms, no surrogates, nothing above U+10FFFF. The lead byte alone
 * decides the range of the second byte, and that is all the checking that strictness needs.
 */
#include "present/utf8.h"

#include <string.h>

struct lead {
	int length; /* of the whole sequence; 0: no sequence begins so */
	unsigned char second_min, second_max;
	unsigned char bits; /* those of the code point that are in the lead byte */
};

static struct lead lead_of(unsigned char c)
{
	if (c < 0xc2 || c > 0xf4)
		return (struct lead){0, 0, 0, 0};
	if (c < 0xe0)
		return (struct lead){2, 0x80, 0xbf, c & 0x1f};
	if (c < 0xf0)
		return (struct lead){3, c == 0xe0 ? 0xa0 : 0x80, c == 0xed ? 0x9f : 0xbf, c & 0x0f};
	return (struct lead){4, c == 0xf0 ? 0x90 : 0x80, c == 0xf4 ? 0x8f : 0xbf, c & 0x07};
}

int utf8_decode(const char *s, size_t len, uint32_t *ret)
{
	unsigned char first = (unsigned char)s[0];

	if (first < 0x80) {
		*ret = first;
		return 1;
	}
	struct lead lead = lead_of(first);

	if (lead.length == 0)
		return -1;
	uint32_t code = lead.bits;

	for (int i = 1; i < lead.length; i++) {
		if ((size_t)i >= len)
			return -i;
		unsigned char c = (unsigned char)s[i];
		unsigned char min = i == 1 ? lead.second_min : 0x80;
		unsigned char max = i == 1 ? lead.second_max : 0xbf;

		if (c < min || c > max)
			return -i;
		code = code << 6 | (c & 0x3f);
	}
	*ret = code;
	return lead.length;
}

bool utf8_valid(const char *s, size_t len)
{
	while (len > 0) {
		uint32_t code;
		int n = utf8_decode(s, len, &code);

		if (n < 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Whether one of eight bytes is below `n` <= 128; wrong only where a higher bit is set as well. */
static uint64_t any_below(uint64_t bytes, unsigned n)
{
	return (bytes - ONES * n) & ~bytes & HIGHS;
}

static bool all_plain(uint64_t bytes, uint64_t a, uint64_t b)
{
	uint64_t special = (bytes & HIGHS) | any_below(bytes, 0x20) |
			   any_below(bytes ^ (ONES * 0x7f), 1) | any_below(bytes ^ a, 1) |
			   any_below(bytes ^ b, 1);

	return special == 0;
}

size_t utf8_plain_prefix(const char *s, size_t len, char a, char b)
{
	uint64_t all_a = ONES * (unsigned char)a, all_b = ONES * (unsigned char)b;
	size_t i = 0;

	for (uint64_t bytes; len - i >= sizeof(bytes); i += sizeof(bytes)) {
		memcpy(&bytes, s + i, sizeof(bytes));
		if (!all_plain(bytes, all_a, all_b))
			break;
	}
	while (i < len && s[i] >= 0x20 && s[i] < 0x7f && s[i] != a && s[i] != b)
		i++;
	return i;
}
