/* /proc/PID/syscall: its three forms, cut and distorted. */
#include "unit/exact.h"

#include <intro/error.h>

#include "proc/parse.h"

static const char inside[] = "270 0x1 0x2 0x3 0x4 0x7f7d21611b60 0xffffffffffffffff 0x7ffdb51ca498 "
			     "0x7f7d216fa2ad\n";

static int parse(const char *text, size_t len, struct intro_syscall *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_syscall(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_text(const char *text, struct intro_syscall *ret)
{
	return parse(text, strlen(text), ret);
}

static void test_inside(void **state)
{
	struct intro_syscall call = {.abi = INTRO_ABI_I386};

	(void)state;
	assert_int_equal(parse_text(inside, &call), 0);
	assert_int_equal(call.state, INTRO_SYSCALL_INSIDE);
	assert_int_equal(call.number, 270);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(call.args[i], i + 1);
	assert_true(call.args[4] == UINT64_C(0x7f7d21611b60));
	assert_true(call.args[5] == UINT64_MAX);
	assert_true(call.sp == UINT64_C(0x7ffdb51ca498));
	assert_true(call.pc == UINT64_C(0x7f7d216fa2ad));
	assert_int_equal(call.abi, INTRO_ABI_I386);
}

static void test_other_forms(void **state)
{
	struct intro_syscall call;

	(void)state;
	memset(&call, 0x55, sizeof(call));
	assert_int_equal(parse_text("running\n", &call), 0);
	assert_int_equal(call.state, INTRO_SYSCALL_RUNNING);
	assert_int_equal(call.args[0], 0);
	assert_int_equal(parse_text("-1 0x7ff0 0x0\n", &call), 0);
	assert_int_equal(call.state, INTRO_SYSCALL_OUTSIDE);
	assert_int_equal(call.sp, 0x7ff0);
	assert_int_equal(call.pc, 0);
}

static void test_truncated(void **state)
{
	size_t needed = sizeof(inside) - sizeof("7f7d216fa2ad\n");

	(void)state;
	for (size_t len = 0; len < sizeof(inside); len++) {
		struct intro_syscall call = {.number = 77};
		int r = parse(inside, len, &call);

		assert_int_equal(r, len <= needed ? INTRO_E_FORMAT : 0);
		assert_int_equal(call.number, r < 0 ? 77 : 270);
	}
}

static void test_wrong(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"runnin",
		"running ",
		"runningx",
		"running\n\n",
		"0",
		"-1",
		"-1 0x1",
		"-1 0x1 0x2 0x3",
		"-1 0x1 2",
		"-1 0x1 0x",
		"-1  0x1 0x2",
		"-1 0x10000000000000000 0x0",
		"9223372036854775808 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8",
		"0 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8 0x9",
		"x 0x1 0x2",
	};
	struct intro_syscall call = {.number = 77};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (parse_text(texts[i], &call) != INTRO_E_FORMAT)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(call.number, 77);
	}
	assert_int_equal(parse("running\0", 8, &call), INTRO_E_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_other_forms),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
