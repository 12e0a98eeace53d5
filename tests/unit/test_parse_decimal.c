/* Files of one number, and the targets of the links to namespaces. */
#include "unit/exact.h"

#include <intro/error.h>

#include "proc/parse.h"

static int parse_decimal(const char *text, size_t len, int64_t *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_decimal(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_namespace(const char *text, size_t len, uint64_t *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_namespace(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static void assert_decimal(const char *text, int64_t expected)
{
	int64_t value = ~expected;

	assert_int_equal(parse_decimal(text, strlen(text), &value), 0);
	assert_true(value == expected);
}

static void test_decimal(void **state)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"-",
		"x",
		"1x",
		" 1",
		"1 ",
		"1\n\n",
		"1\n1",
		"0x1",
		"+1",
		"9223372036854775808",
		"-9223372036854775809",
	};
	int64_t value = 77;

	(void)state;
	assert_decimal("0\n", 0);
	assert_decimal("4294967295", UINT32_MAX);
	assert_decimal("-1000\n", -1000);
	assert_decimal("9223372036854775807\n", INT64_MAX);
	assert_decimal("-9223372036854775808\n", INT64_MIN);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (parse_decimal(wrong[i], strlen(wrong[i]), &value) != INTRO_E_FORMAT)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(value, 77);
	}
	assert_int_equal(parse_decimal("1\0", 2, &value), INTRO_E_FORMAT);
}

static void test_namespace(void **state)
{
	static const char sample[] = "pid_for_children:[4026531836]";
	static const char *const wrong[] = {
		"",         "pid",      "pid:",
		"pid:[]",   "pid:[x]",  "pid:[-1]",
		":[1]",     "[1]",      "/proc/1/ns/pid",
		"pid:[1]x", "pid:[1] ", "pid:[18446744073709551616]",
		"PID:[1]",  "pid:1",
	};
	uint64_t value = 77;

	(void)state;
	for (size_t len = 0; len < sizeof(sample) - 1; len++) {
		assert_int_equal(parse_namespace(sample, len, &value), INTRO_E_FORMAT);
		assert_int_equal(value, 77);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (parse_namespace(wrong[i], strlen(wrong[i]), &value) != INTRO_E_FORMAT)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(value, 77);
	}
	assert_int_equal(parse_namespace(sample, sizeof(sample) - 1, &value), 0);
	assert_true(value == 4026531836);
	assert_int_equal(parse_namespace("net:[18446744073709551615]\n", 27, &value), 0);
	assert_true(value == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
