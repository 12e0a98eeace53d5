/* Escapes for terminals: see the header for the rules. */
#include "present/terminal_text.h"

#include <langinfo.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "present/utf8.h"

unsigned terminal_charset(void)
{
	const char *charset = nl_langinfo(CODESET);

	if (strcasecmp(charset, "UTF-8") == 0 || strcasecmp(charset, "UTF8") == 0)
		return TERMINAL_UTF8;
	return 0;
}

struct code_range {
	uint32_t first, last;
};

/* Invisible characters, and those that change how others are shown. */
static const struct code_range
	unsafe[] =
		{
			{0x00ad, 0x00ad}, /* soft hyphen */
			{0x034f, 0x034f}, /* grapheme joiner */
			{0x0600, 0x0605},   {0x061c, 0x061c},
			{0x06dd, 0x06dd},   {0x070f, 0x070f},
			{0x0890, 0x0891},   {0x08e2, 0x08e2},
			{0x115f, 0x1160}, /* Hangul fillers */
			{0x17b4, 0x17b5},   {0x180b, 0x180f},
			{0x200b, 0x200f}, /* zero width, directional marks */
			{0x2028, 0x202e}, /* separators, bidi embeddings and overrides */
			{0x2060, 0x206f}, /* joiners, bidi isolates */
			{0x3164, 0x3164}, /* Hangul filler */
			{0xfdd0, 0xfdef}, /* noncharacters */
			{0xfeff, 0xfeff},   {0xffa0, 0xffa0},
			{0xfff0, 0xfffb}, /* annotations; unassigned, never shown */
			{0x110bd, 0x110bd}, {0x110cd, 0x110cd},
			{0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
			{0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, /* tags, variation selectors */
};

static bool is_unsafe(uint32_t code)
{
	if ((code & 0xfffe) == 0xfffe)
		return true;
	size_t low = 0, high = sizeof(unsafe) / sizeof(unsafe[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > unsafe[middle].last)
			low = middle + 1;
		else if (code < unsafe[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

static void escape_byte(struct output *output, unsigned char byte)
{
	char *room = output_room(output, 4);

	room[0] = '\\';
	room[1] = 'x';
	room[2] = "0123456789abcdef"[byte >> 4];
	room[3] = "0123456789abcdef"[byte & 15];
	output->len += 4;
}

static void escape_code(struct output *output, uint32_t code)
{
	int shift = code > 0xffff ? 28 : 12;

	output_bytes(output, code > 0xffff ? "\\U" : "\\u", 2);
	for (; shift >= 0; shift -= 4)
		output_char(output, "0123456789abcdef"[code >> shift & 15]);
}

/* One character that is not ASCII, or as many bytes as are not UTF-8. Returns its length. */
static size_t write_wide(struct output *output, const char *s, size_t len, unsigned flags)
{
	uint32_t code = 0;
	int n = flags & TERMINAL_UTF8 ? utf8_decode(s, len, &code) : -1;

	if (n < 0 || code < 0xa0) {
		size_t count = (size_t)(n < 0 ? -n : n);

		for (size_t i = 0; i < count; i++)
			escape_byte(output, (unsigned char)s[i]);
		return count;
	}
	if (is_unsafe(code) || (flags & TERMINAL_CELL && wcwidth((wchar_t)code) < 0))
		escape_code(output, code);
	else
		output_bytes(output, s, (size_t)n);
	return (size_t)n;
}

/* Whether a single backslash before the byte at `s` could be taken for the start of an escape. */
static bool could_be_escape(const char *s, size_t len)
{
	if (len == 0)
		return false;
	unsigned char c = (unsigned char)s[0];

	/* Controls and what is not ASCII may themselves turn into an escape. */
	return c < 0x20 || c >= 0x7f || memchr("\\ntrxuUNe", c, 9) != NULL;
}

static void write_special(struct output *output, const char *s, size_t len, unsigned flags)
{
	switch (s[0]) {
	case '\\':
		if (flags & TERMINAL_REVERSIBLE || could_be_escape(s + 1, len - 1))
			output_char(output, '\\');
		output_char(output, '\\');
		break;
	case '\n':
		output_bytes(output, "\\n", 2);
		break;
	case '\t':
		output_bytes(output, "\\t", 2);
		break;
	case '\r':
		output_bytes(output, "\\r", 2);
		break;
	default:
		escape_byte(output, (unsigned char)s[0]);
	}
}

void terminal_text(struct output *output, const char *s, size_t len, unsigned flags)
{
	char also = flags & TERMINAL_COMMA ? ',' : '\\';

	while (len > 0) {
		size_t n = utf8_plain_prefix(s, len, '\\', also);

		output_bytes(output, s, n);
		s += n;
		len -= n;
		if (len == 0)
			break;
		if ((unsigned char)s[0] >= 0x80) {
			n = write_wide(output, s, len, flags);
		} else {
			write_special(output, s, len, flags);
			n = 1;
		}
		s += n;
		len -= n;
	}
}
