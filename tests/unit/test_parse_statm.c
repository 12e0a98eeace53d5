/* /proc/PID/statm. */
#include "unit/exact.h"

#include "proc/parse.h"

static int parse(const char *text, size_t len, struct intro_statm *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_statm(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static void a_good_one(void **state)
{
	static const char text[] = "1388 451 420 5 0 87 0\n";
	struct intro_statm statm;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &statm), 0);
	assert_int_equal(statm.size, 1388);
	assert_int_equal(statm.resident, 451);
	assert_int_equal(statm.shared, 420);
	assert_int_equal(statm.text, 5);
	assert_int_equal(statm.data, 87);
	assert_int_equal(parse(text, strlen(text) - 1, &statm), 0); /* without the newline */
}

static void bad_ones(void **state)
{
	static const char *const texts[] = {
		"1 2 3 4 5 6",
		"1 2 3 4 5 6 7 8",
		"1 2 3 4 5 6 -7",
		"1  2 3 4 5 6 7",
		"a 2 3 4 5 6 7",
		"1 2 3 4 5 6 7\n\n",
		"18446744073709551616 2 3 4 5 6 7",
	};
	static const char whole[] = "1388 451 420 5 0 87 0\n";
	struct intro_statm statm, before;

	(void)state;
	memset(&statm, 0x55, sizeof(statm));
	before = statm;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i], strlen(texts[i]), &statm), INTRO_E_FORMAT);
	for (size_t len = 0; len < strlen(whole) - 2; len++)
		assert_int_equal(parse(whole, len, &statm), INTRO_E_FORMAT);
	assert_memory_equal(&statm, &before, sizeof(statm));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_one),
		cmocka_unit_test(bad_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
