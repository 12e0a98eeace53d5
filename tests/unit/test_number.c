/* Checked numbers: bounds, what ends them, and that nothing moves on failure. */
#include "unit/exact.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/number.h"

#define REFUSED SIZE_MAX

/* Each returns how many bytes were taken, REFUSED if none. */
#define TAKER(name, type)                                                                          \
	static size_t name(const char *text, type *ret)                                            \
	{                                                                                          \
		size_t len = strlen(text);                                                         \
		char *copy = exact_copy(text, len);                                                \
		const char *begin = exact_text(copy, len), *p = begin;                             \
		type before = *ret;                                                                \
		bool good = intro_##name(&p, begin + len, ret);                                    \
		size_t taken = good ? (size_t)(p - begin) : REFUSED;                               \
		if (!good) {                                                                       \
			assert_ptr_equal(p, begin);                                                \
			assert_true(*ret == before);                                               \
		}                                                                                  \
		free(copy);                                                                        \
		return taken;                                                                      \
	}

TAKER(take_u64, uint64_t)
TAKER(take_i64, int64_t)
TAKER(take_hex, uint64_t)
TAKER(take_octal, uint64_t)

static void test_u64(void **state)
{
	uint64_t value = 77;

	(void)state;
	assert_int_equal(take_u64("0", &value), 1);
	assert_int_equal(value, 0);
	assert_int_equal(take_u64("42 kB", &value), 2);
	assert_int_equal(value, 42);
	assert_int_equal(take_u64("9999999999999999999", &value), 19);
	assert_true(value == UINT64_C(9999999999999999999));
	assert_int_equal(take_u64("18446744073709551615", &value), 20);
	assert_true(value == UINT64_MAX);
	assert_int_equal(take_u64("00000000000000000000000000000007", &value), 32);
	assert_int_equal(value, 7);
	assert_int_equal(take_u64("18446744073709551616", &value), REFUSED);
	assert_int_equal(take_u64("18446744073709551620", &value), REFUSED);
	assert_int_equal(take_u64("28446744073709551615", &value), REFUSED);
	assert_int_equal(take_u64("99999999999999999999", &value), REFUSED);
	assert_int_equal(take_u64("184467440737095516150", &value), REFUSED);
	assert_int_equal(take_u64("", &value), REFUSED);
	assert_int_equal(take_u64("-1", &value), REFUSED);
	assert_int_equal(take_u64("+1", &value), REFUSED);
	assert_int_equal(take_u64(" 1", &value), REFUSED);
	assert_int_equal(take_u64("x", &value), REFUSED);
	assert_int_equal(take_u64("\xb1", &value), REFUSED);
	assert_int_equal(take_u64("1/", &value), 1);
	assert_int_equal(take_u64("1:", &value), 1);
}

static void test_i64(void **state)
{
	int64_t value = 77;

	(void)state;
	assert_int_equal(take_i64("-1", &value), 2);
	assert_int_equal(value, -1);
	assert_int_equal(take_i64("-0", &value), 2);
	assert_int_equal(value, 0);
	assert_int_equal(take_i64("9223372036854775807", &value), 19);
	assert_true(value == INT64_MAX);
	assert_int_equal(take_i64("-9223372036854775808", &value), 20);
	assert_true(value == INT64_MIN);
	assert_int_equal(take_i64("9223372036854775808", &value), REFUSED);
	assert_int_equal(take_i64("-9223372036854775809", &value), REFUSED);
	assert_int_equal(take_i64("-", &value), REFUSED);
	assert_int_equal(take_i64("--1", &value), REFUSED);
	assert_int_equal(take_i64("- 1", &value), REFUSED);
	assert_int_equal(take_i64("", &value), REFUSED);
}

static void test_hex(void **state)
{
	uint64_t value = 77;

	(void)state;
	assert_int_equal(take_hex("fF0g", &value), 3);
	assert_int_equal(value, 0xff0);
	assert_int_equal(take_hex("ffffffffffffffff", &value), 16);
	assert_true(value == UINT64_MAX);
	assert_int_equal(take_hex("00000ffffffffffffffff", &value), 21);
	assert_true(value == UINT64_MAX);
	assert_int_equal(take_hex("10000000000000000", &value), REFUSED);
	assert_int_equal(take_hex("", &value), REFUSED);
	assert_int_equal(take_hex("g", &value), REFUSED);
	assert_int_equal(take_hex("@", &value), REFUSED);
	assert_int_equal(take_hex("`", &value), REFUSED);
	assert_int_equal(take_hex("0x1", &value), 1);
}

static void test_octal(void **state)
{
	uint64_t value = 77;

	(void)state;
	assert_int_equal(take_octal("00228", &value), 4);
	assert_int_equal(value, 022);
	assert_int_equal(take_octal("1777777777777777777777", &value), 22);
	assert_true(value == UINT64_MAX);
	assert_int_equal(take_octal("2000000000000000000000", &value), REFUSED);
	assert_int_equal(take_octal("8", &value), REFUSED);
	assert_int_equal(take_octal("", &value), REFUSED);
}

/* What printf writes is read back, whatever its length. */
static void test_all_lengths(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t number = next_random(&seed) >> (i % 64), value = 0;
		int64_t negative = (int64_t)number, back = 0;
		char text[32];

		snprintf(text, sizeof(text), "%" PRIu64, number);
		assert_int_equal(take_u64(text, &value), strlen(text));
		assert_true(value == number);
		snprintf(text, sizeof(text), "%" PRIi64, negative);
		assert_int_equal(take_i64(text, &back), strlen(text));
		assert_true(back == negative);
		snprintf(text, sizeof(text), "%" PRIx64, number);
		assert_int_equal(take_hex(text, &value), strlen(text));
		assert_true(value == number);
		snprintf(text, sizeof(text), "%" PRIo64, number);
		assert_int_equal(take_octal(text, &value), strlen(text));
		assert_true(value == number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),         cmocka_unit_test(test_i64),
		cmocka_unit_test(test_hex),         cmocka_unit_test(test_octal),
		cmocka_unit_test(test_all_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
