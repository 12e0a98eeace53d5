/* The growing buffer, and text into one that does not grow. */
#include "unit/exact.h"

#include <intro/error.h>

#include "base/bounded.h"
#include "base/buf.h"

static void test_append(void **state)
{
	struct intro_buf buf = {0};

	(void)state;
	for (int i = 0; i < 5000; i++) {
		char c = (char)('a' + i % 26);

		assert_int_equal(intro_buf_append(&buf, &c, 1), 0);
		assert_int_equal(buf.len, i + 1);
		assert_true(buf.size > buf.len);
		assert_int_equal(buf.data[buf.len], '\0');
	}
	for (int i = 0; i < 5000; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
	intro_buf_free(&buf);
	assert_null(buf.data);
	assert_int_equal(buf.len, 0);
	intro_buf_free(&buf);
}

static void test_nothing(void **state)
{
	struct intro_buf buf = {0};

	(void)state;
	assert_int_equal(intro_buf_append(&buf, NULL, 0), 0);
	assert_non_null(buf.data);
	assert_string_equal(buf.data, "");
	intro_buf_free(&buf);
}

static void test_reserve(void **state)
{
	struct intro_buf buf = {0};

	(void)state;
	assert_int_equal(intro_buf_append(&buf, "abc", 3), 0);
	assert_int_equal(intro_buf_reserve(&buf, 100000), 0);
	assert_true(buf.size >= 100004);
	assert_string_equal(buf.data, "abc");

	size_t size = buf.size;
	assert_int_equal(intro_buf_reserve(&buf, 99999), 0);
	assert_int_equal(buf.size, size);
	intro_buf_free(&buf);
}

static void test_far_too_much(void **state)
{
	struct intro_buf buf = {0};

	(void)state;
	assert_int_equal(intro_buf_append(&buf, "abc", 3), 0);
	assert_int_equal(intro_buf_reserve(&buf, SIZE_MAX), INTRO_E_NOMEM);
	assert_int_equal(intro_buf_reserve(&buf, SIZE_MAX / 2), INTRO_E_NOMEM);
	assert_int_equal(intro_buf_reserve(&buf, SIZE_MAX - 3), INTRO_E_NOMEM);
	assert_string_equal(buf.data, "abc");
	assert_int_equal(buf.len, 3);
	intro_buf_free(&buf);
}

/* Every size, from none at all: never a byte too many, and always the length of the whole. */
static void test_bounded(void **state)
{
	const char whole[] = "a=18446744073709551615 0xffffffffffffffff 0";

	(void)state;
	for (size_t size = 0; size <= sizeof(whole) + 2; size++) {
		char *buf = malloc(size ? size : 1);
		struct intro_bounded out = {.buf = size ? buf : NULL, .size = size};

		intro_bounded_char(&out, 'a');
		intro_bounded_text(&out, "=");
		intro_bounded_number(&out, UINT64_MAX, 10);
		intro_bounded_text(&out, " 0x");
		intro_bounded_number(&out, UINT64_MAX, 16);
		intro_bounded_char(&out, ' ');
		intro_bounded_number(&out, 0, 10);
		assert_int_equal(intro_bounded_end(&out), sizeof(whole) - 1);
		if (size) {
			assert_int_equal(strnlen(buf, size),
					 size < sizeof(whole) ? size - 1 : sizeof(whole) - 1);
			assert_memory_equal(buf, whole, strlen(buf));
		}
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),  cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_reserve), cmocka_unit_test(test_far_too_much),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
