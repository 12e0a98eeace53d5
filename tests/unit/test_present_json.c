/* The JSON writer: any bytes give valid JSON from which the bytes can be had back. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "present/json.h"
#include "present/utf8.h"

static char *text_of(struct output *output)
{
	output_char(output, '\0');
	return output->data;
}

static void check_member(const struct value *value, bool is_set, const char *expected)
{
	struct output output;

	output_open_memory(&output);
	json_member(&output, "k", 1, value, is_set);
	assert_string_equal(text_of(&output), expected);
	output_free(&output);
}

static void check_text(const char *s, size_t len, const char *expected)
{
	struct value value = value_bytes(s, len);

	check_member(&value, false, expected);
}

static void test_texts(void **state)
{
	(void)state;
	check_text("", 0, "\"k\":\"\"");
	check_text("a\"b\\c/", 6, "\"k\":\"a\\\"b\\\\c/\"");
	check_text("\b\t\n\f\r\x01\x1f\x7f", 8, "\"k\":\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\"");
	check_text("\0", 1, "\"k\":\"\\u0000\"");
	check_text("\xc2\x9b", 2, "\"k\":\"\\u009b\"");
	check_text("\xe2\x80\xa8\xf0\x9f\x98\x80", 7, "\"k\":\"\xe2\x80\xa8\xf0\x9f\x98\x80\"");
	check_text("\xff", 1, "\"k\":\"\xef\xbf\xbd\",\"k_b64\":\"/w==\"");
	check_text("a\xe2\x82z", 4, "\"k\":\"a\xef\xbf\xbdz\",\"k_b64\":\"YeKCeg==\"");
	check_text("\xed\xa0\x80", 3,
		   "\"k\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\",\"k_b64\":\"7aCA\"");
}

static void test_lists(void **state)
{
	struct value items[] = {value_string("a"), value_string("\xff"), value_null(),
				value_int(-3)};
	struct value list = {.kind = VALUE_LIST, .list = {.items = items, .count = 4}};

	(void)state;
	check_member(&list, false,
		     "\"k\":[\"a\",\"\xef\xbf\xbd\",null,-3],\"k_b64\":[null,\"/w==\",null,null]");
	items[1] = value_string("b");
	list.list.count = 2;
	check_member(&list, false, "\"k\":[\"a\",\"b\"]");
	list.list.count = 0;
	check_member(&list, false, "\"k\":[]");

	struct member members[] = {{"x", value_string("\xff")},
				   {"s", value_set(1, INTRO_NAMES_SIGNAL)}};
	struct value object = {.kind = VALUE_OBJECT, .object = {members, 2}};
	struct value objects = {.kind = VALUE_LIST, .list = {.items = &object, .count = 1}};

	check_member(&objects, false,
		     "\"k\":[{\"x\":\"\xef\xbf\xbd\",\"x_b64\":\"/w==\",\"s\":[\"SIGHUP\"],"
		     "\"s_raw\":\"0x1\"}]");
}

static void test_others(void **state)
{
	struct value value = value_set(0x4003, INTRO_NAMES_SIGNAL);

	(void)state;
	check_member(&value, true,
		     "\"k\":[\"SIGHUP\",\"SIGINT\",\"SIGTERM\"],\"k_raw\":\"0x4003\"");
	value = value_set(0, INTRO_NAMES_SIGNAL);
	check_member(&value, true, "\"k\":[],\"k_raw\":\"0x0\"");
	value = value_null();
	check_member(&value, true, "\"k\":null,\"k_raw\":null");
	check_member(&value, false, "\"k\":null");
	value = value_set(UINT64_C(1) << 63 | 1, INTRO_NAMES_CAPABILITY);
	check_member(&value, true, "\"k\":[\"CAP_CHOWN\",\"63\"],\"k_raw\":\"0x8000000000000001\"");
	value = value_bool(true);
	check_member(&value, false, "\"k\":true");
	value = value_uint(UINT64_MAX);
	check_member(&value, false, "\"k\":18446744073709551615");
	value = value_int(INT64_MIN);
	check_member(&value, false, "\"k\":-9223372036854775808");
	value = value_address(0x7ffdeadbeef0);
	check_member(&value, false, "\"k\":\"0x7ffdeadbeef0\"");
	value = value_time(UINT64_C(1795233601230000000));
	check_member(&value, false, "\"k\":\"2026-11-21T04:00:01.230Z\"");
	value = value_time(0);
	check_member(&value, false, "\"k\":\"1970-01-01T00:00:00.000Z\"");
	value = value_time(UINT64_C(951782399999999999));
	check_member(&value, false, "\"k\":\"2000-02-28T23:59:59.999Z\"");
	value = value_time(UINT64_C(951782400000000000));
	check_member(&value, false, "\"k\":\"2000-02-29T00:00:00.000Z\"");
	value = value_real(NAN);
	check_member(&value, false, "\"k\":null");
	value = value_real(-INFINITY);
	check_member(&value, false, "\"k\":null");
}

static void check_real(double d, const char *expected)
{
	struct output output;

	output_open_memory(&output);
	output_real(&output, d);
	if (expected != NULL)
		assert_string_equal(text_of(&output), expected);
	else
		assert_true(strtod(text_of(&output), NULL) == d);
	output_free(&output);
}

static void test_reals(void **state)
{
	uint64_t random = 1;

	(void)state;
	check_real(0, "0");
	check_real(4.20, "4.2");
	check_real(-0.1, "-0.1");
	check_real(99.999, "99.999");
	check_real(0.000001, "0.000001");
	check_real(1e22, "1e+22");
	check_real(1.0 / 3, "0.3333333333333333");
	check_real(DBL_MAX, NULL);
	check_real(DBL_MIN, NULL);
	check_real(DBL_TRUE_MIN, NULL);
	for (int i = 0; i < 100000; i++) {
		double d;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		memcpy(&d, &random, sizeof(d));
		if (isfinite(d))
			check_real(d, NULL);
		check_real((double)(random >> 40) / 100, NULL);
		check_real((double)(random >> 30) / 1e6, NULL);
	}
}

/* A strict little reader of one JSON string: what a decoder would make of it. */
static size_t read_string(const char *s, struct output *ret)
{
	size_t i = 1;

	assert_int_equal(s[0], '"');
	while (s[i] != '"') {
		unsigned char c = (unsigned char)s[i++];

		assert_true(c >= 0x20);
		if (c != '\\') {
			output_char(ret, (char)c);
			continue;
		}
		switch (s[i++]) {
		case 'b':
			output_char(ret, '\b');
			break;
		case 't':
			output_char(ret, '\t');
			break;
		case 'n':
			output_char(ret, '\n');
			break;
		case 'f':
			output_char(ret, '\f');
			break;
		case 'r':
			output_char(ret, '\r');
			break;
		case '"':
			output_char(ret, '"');
			break;
		case '\\':
			output_char(ret, '\\');
			break;
		case 'u': {
			char digits[5] = {s[i], s[i + 1], s[i + 2], s[i + 3], 0};
			unsigned code = (unsigned)strtoul(digits, NULL, 16);

			i += 4;
			assert_true(code < 0xa0);
			if (code >= 0x80)
				output_char(ret, (char)0xc2);
			output_char(ret, (char)code);
			break;
		}
		default:
			fail_msg("an escape that JSON has not");
		}
	}
	return i + 1;
}

static int letter_value(char c)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *place = memchr(letters, c, 64);

	assert_non_null(place);
	return (int)(place - letters);
}

static void read_base64(const char *s, size_t len, struct output *ret)
{
	assert_int_equal(len % 4, 0);
	for (size_t i = 0; i < len; i += 4) {
		int group = letter_value(s[i]) << 18 | letter_value(s[i + 1]) << 12;

		if (s[i + 2] != '=')
			group |= letter_value(s[i + 2]) << 6;
		if (s[i + 3] != '=')
			group |= letter_value(s[i + 3]);
		output_char(ret, (char)(group >> 16));
		if (s[i + 2] != '=')
			output_char(ret, (char)(group >> 8));
		if (s[i + 3] != '=')
			output_char(ret, (char)group);
	}
}

static void check_round_trip(const char *bytes, size_t len)
{
	struct output json, decoded, exact;
	struct value value = value_bytes(bytes, len);

	output_open_memory(&json);
	output_open_memory(&decoded);
	output_open_memory(&exact);
	json_member(&json, "k", 1, &value, false);
	assert_true(utf8_valid(json.data, json.len));
	const char *s = text_of(&json);

	assert_memory_equal(s, "\"k\":", 4);
	s += 4;
	s += read_string(s, &decoded);
	if (*s == ',') {
		static const char key[] = ",\"k_b64\":\"";

		assert_false(utf8_valid(bytes, len));
		assert_memory_equal(s, key, sizeof(key) - 1);
		s += sizeof(key) - 1;
		read_base64(s, strcspn(s, "\""), &exact);
		assert_int_equal(exact.len, len);
		assert_memory_equal(exact.data, bytes, len);
	} else {
		assert_int_equal(*s, '\0');
		assert_int_equal(decoded.len, len);
		assert_memory_equal(decoded.data, bytes, len);
	}
	output_free(&json);
	output_free(&decoded);
	output_free(&exact);
}

static void test_round_trip(void **state)
{
	char bytes[300];
	uint32_t random = 7;

	(void)state;
	for (int first = 0; first < 256; first++) {
		for (int second = 0; second < 256; second++) {
			bytes[0] = (char)first;
			bytes[1] = (char)second;
			check_round_trip(bytes, 2);
		}
		bytes[0] = (char)first;
		check_round_trip(bytes, 1);
		bytes[first] = (char)first;
	}
	check_round_trip(bytes, 256);
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)round % 64;

		for (size_t i = 0; i < len; i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = random >> 30 ? (char)(random >> 16) : 'x';
		}
		check_round_trip(bytes, len);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),      cmocka_unit_test(test_lists),
		cmocka_unit_test(test_others),     cmocka_unit_test(test_reals),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
