/* UTF-8 against hand-picked vectors, and escapes for terminals. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "present/terminal_text.h"
#include "present/utf8.h"

struct vector {
	const char *bytes;
	int length;
	uint32_t code;
};

static void test_decode(void **state)
{
	static const struct vector vectors[] = {
		{"A", 1, 'A'},
		{"\x7f", 1, 0x7f},
		{"\xc2\x80", 2, 0x80},
		{"\xdf\xbf", 2, 0x7ff},
		{"\xe0\xa0\x80", 3, 0x800},
		{"\xed\x9f\xbf", 3, 0xd7ff},
		{"\xee\x80\x80", 3, 0xe000},
		{"\xef\xbf\xbf", 3, 0xffff},
		{"\xf0\x90\x80\x80", 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"\xe2\x82\xac!", 3, 0x20ac},
		/* Not UTF-8, with the length of what could have been the beginning of something. */
		{"\x80", -1, 0},
		{"\xbf", -1, 0},
		{"\xc0\x80", -1, 0},
		{"\xc1\xbf", -1, 0},
		{"\xc2", -1, 0},
		{"\xc2 ", -1, 0},
		{"\xe0\x80\x80", -1, 0},
		{"\xe0\x9f\xbf", -1, 0},
		{"\xe2\x82", -2, 0},
		{"\xe2\x82 ", -2, 0},
		{"\xed\xa0\x80", -1, 0}, /* a surrogate */
		{"\xed\xbf\xbf", -1, 0},
		{"\xf0\x8f\xbf\xbf", -1, 0},
		{"\xf0\x90\x80", -3, 0},
		{"\xf0\x9f\x92 ", -3, 0},
		{"\xf4\x90\x80\x80", -1, 0}, /* above U+10FFFF */
		{"\xf5\x80\x80\x80", -1, 0},
		{"\xff", -1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint32_t code = 0;
		int length = utf8_decode(vectors[i].bytes, strlen(vectors[i].bytes), &code);

		assert_int_equal(length, vectors[i].length);
		assert_int_equal(code, vectors[i].code);
	}
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid("a\0b", 3));
	assert_false(utf8_valid("abc\xe2\x82", 5));
}

/* Every code point there and back, and everything that is not one. */
static void test_decode_all(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char s[4];
		int n;
		uint32_t back = UINT32_MAX;

		if (code < 0x80) {
			n = 1;
			s[0] = (char)code;
		} else if (code < 0x800) {
			n = 2;
			s[0] = (char)(0xc0 | code >> 6);
		} else if (code < 0x10000) {
			n = 3;
			s[0] = (char)(0xe0 | code >> 12);
		} else {
			n = 4;
			s[0] = (char)(0xf0 | code >> 18);
		}
		for (int i = 1; i < n; i++)
			s[i] = (char)(0x80 | (code >> (6 * (n - 1 - i)) & 0x3f));
		bool is_surrogate = code >= 0xd800 && code < 0xe000;

		assert_int_equal(utf8_decode(s, (size_t)n, &back), is_surrogate ? -1 : n);
		if (!is_surrogate)
			assert_int_equal(back, code);
	}
}

static void test_plain_prefix(void **state)
{
	char text[40];

	(void)state;
	/* A special byte at each place, so that both the fast and the slow loop find it. */
	for (size_t place = 0; place < sizeof(text); place++) {
		for (int c = 0; c < 256; c++) {
			bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';

			memset(text, 'x', sizeof(text));
			text[place] = (char)c;
			assert_int_equal(utf8_plain_prefix(text, sizeof(text), '"', '\\'),
					 plain ? sizeof(text) : place);
		}
	}
	assert_int_equal(utf8_plain_prefix("", 0, '"', '\\'), 0);
}

static void check_escape(const char *s, size_t len, unsigned flags, const char *expected)
{
	struct output output;

	output_open_memory(&output);
	terminal_text(&output, s, len, flags);
	output_char(&output, '\0');
	assert_string_equal(output.data, expected);
	output_free(&output);
}

static void check(const char *s, unsigned flags, const char *expected)
{
	check_escape(s, strlen(s), flags, expected);
}

static void test_escapes(void **state)
{
	(void)state;
	check("plain text, with 'all' sorts", TERMINAL_UTF8, "plain text, with 'all' sorts");
	check("a\nb\tc\rd", TERMINAL_UTF8, "a\\nb\\tc\\rd");
	check("\033[31mred\a", TERMINAL_UTF8, "\\x1b[31mred\\x07");
	check_escape("a\0b", 3, TERMINAL_UTF8, "a\\x00b");
	check("\x7f", TERMINAL_UTF8, "\\x7f");
	check("k\xc3\xb6ln \xe6\x97\xa5", TERMINAL_UTF8, "k\xc3\xb6ln \xe6\x97\xa5");
	check("k\xc3\xb6ln", 0, "k\\xc3\\xb6ln");
	check("\xff\xfe", TERMINAL_UTF8, "\\xff\\xfe");
	check("\xc2\x85", TERMINAL_UTF8, "\\xc2\\x85");
	check("\x85", TERMINAL_UTF8, "\\x85");
	check("\xe2\x82", TERMINAL_UTF8, "\\xe2\\x82");
	check("\xe2\x80\xae"
	      "evil",
	      TERMINAL_UTF8, "\\u202eevil");
	check("\xe2\x80\xa8\xef\xbb\xbf\xc2\xad\xef\xbf\xbe", TERMINAL_UTF8,
	      "\\u2028\\ufeff\\u00ad\\ufffe");
	check("\xf3\xa0\x81\x81", TERMINAL_UTF8, "\\U000e0041");
	check("\xf0\x9f\x98\x80", TERMINAL_UTF8, "\xf0\x9f\x98\x80");
	check("\xee\x80\x80", TERMINAL_UTF8, "\xee\x80\x80"); /* private use */
	check("a,b", TERMINAL_UTF8 | TERMINAL_COMMA, "a\\x2cb");
	/* Unassigned: of no width that a terminal and we would agree on. */
	check("\xcd\xb8", TERMINAL_UTF8 | TERMINAL_CELL, "\\u0378");
}

static void test_backslashes(void **state)
{
	(void)state;
	check("a\\b", TERMINAL_UTF8, "a\\b");
	check("a\\", TERMINAL_UTF8, "a\\");
	check("a\\nb", TERMINAL_UTF8, "a\\\\nb");
	check("a\\x1b", TERMINAL_UTF8, "a\\\\x1b");
	check("\\\\", TERMINAL_UTF8, "\\\\\\");
	check("\\\n", TERMINAL_UTF8, "\\\\\\n");
	check("\\\xff", TERMINAL_UTF8, "\\\\\\xff");
	check("a\\b", TERMINAL_UTF8 | TERMINAL_REVERSIBLE, "a\\\\b");
}

static unsigned hex(const char **s, int digits)
{
	char text[9] = {0};

	memcpy(text, *s, (size_t)digits);
	*s += digits;
	return (unsigned)strtoul(text, NULL, 16);
}

static void put_code(struct output *output, uint32_t code)
{
	if (code < 0x800) {
		output_char(output, (char)(0xc0 | code >> 6));
	} else if (code < 0x10000) {
		output_char(output, (char)(0xe0 | code >> 12));
		output_char(output, (char)(0x80 | (code >> 6 & 63)));
	} else {
		output_char(output, (char)(0xf0 | code >> 18));
		output_char(output, (char)(0x80 | (code >> 12 & 63)));
		output_char(output, (char)(0x80 | (code >> 6 & 63)));
	}
	output_char(output, (char)(0x80 | (code & 63)));
}

/* The reading that the header promises. */
static void unescape(struct output *output, const char *s)
{
	while (*s != '\0') {
		if (*s != '\\') {
			output_char(output, *s++);
			continue;
		}
		s++;
		switch (*s) {
		case 'n':
			output_char(output, '\n');
			s++;
			break;
		case 't':
			output_char(output, '\t');
			s++;
			break;
		case 'r':
			output_char(output, '\r');
			s++;
			break;
		case '\\':
			output_char(output, '\\');
			s++;
			break;
		case 'x':
			s++;
			output_char(output, (char)hex(&s, 2));
			break;
		case 'u':
			s++;
			put_code(output, hex(&s, 4));
			break;
		case 'U':
			s++;
			put_code(output, hex(&s, 8));
			break;
		default:
			output_char(output, '\\');
		}
	}
}

static void check_reversible(const char *bytes, size_t len, unsigned flags)
{
	struct output shown, back;

	output_open_memory(&shown);
	output_open_memory(&back);
	terminal_text(&shown, bytes, len, flags);
	for (size_t i = 0; i < shown.len; i++)
		assert_true((unsigned char)shown.data[i] >= 0x20 && shown.data[i] != 0x7f);
	assert_true(utf8_valid(shown.data, shown.len));
	output_char(&shown, '\0');
	unescape(&back, shown.data);
	assert_int_equal(back.len, len);
	assert_memory_equal(back.data, bytes, len);
	output_free(&shown);
	output_free(&back);
}

static void test_reversible(void **state)
{
	static const unsigned all_flags[] = {
		0,
		TERMINAL_UTF8,
		TERMINAL_UTF8 | TERMINAL_CELL,
		TERMINAL_UTF8 | TERMINAL_REVERSIBLE,
		TERMINAL_UTF8 | TERMINAL_REVERSIBLE | TERMINAL_COMMA,
		TERMINAL_REVERSIBLE,
	};
	uint32_t random = 12345;
	char bytes[24];

	(void)state;
	/* Random, but mostly of bytes that mean something. */
	for (int round = 0; round < 200000; round++) {
		static const char special[] =
			"\\\\\\\\ntrxuU0f1b\n\t\x1b\x7f,\xe2\x80\xae\xc2\x85\xff";
		size_t len = 1 + (size_t)round % sizeof(bytes);

		for (size_t i = 0; i < len; i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = random >> 31 ? (char)(random >> 16)
						: special[(random >> 16) % sizeof(special)];
		}
		check_reversible(bytes, len, all_flags[(size_t)round % 6]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),       cmocka_unit_test(test_decode_all),
		cmocka_unit_test(test_plain_prefix), cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_backslashes),  cmocka_unit_test(test_reversible),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
