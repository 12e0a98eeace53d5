/* Masks of CPUs as lists of ranges. */
#include "unit/exact.h"

#include <sched.h>

#include "base/number.h"
#include "proc/parse.h"

static void assert_list(const cpu_set_t *set, const char *expected)
{
	char text[4096];
	size_t len = intro_format_cpu_list(set, sizeof(*set), text, sizeof(text));

	assert_int_equal(len, strlen(expected));
	assert_string_equal(text, expected);
	for (size_t size = 0; size <= len + 1; size++) {
		char *small = malloc(size ? size : 1);

		assert_int_equal(intro_format_cpu_list(set, sizeof(*set), small, size), len);
		if (size) {
			assert_int_equal(strnlen(small, size), size <= len ? size - 1 : len);
			assert_memory_equal(small, expected, strlen(small));
		}
		free(small);
	}
}

static void test_lists(void **state)
{
	cpu_set_t set;

	(void)state;
	CPU_ZERO(&set);
	assert_list(&set, "");
	CPU_SET(0, &set);
	assert_list(&set, "0");
	CPU_SET(1, &set);
	assert_list(&set, "0-1");
	CPU_SET(8, &set);
	assert_list(&set, "0-1,8");
	CPU_SET(63, &set);
	CPU_SET(64, &set);
	assert_list(&set, "0-1,8,63-64");
	CPU_SET(CPU_SETSIZE - 1, &set);
	assert_list(&set, "0-1,8,63-64,1023");
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &set);
	assert_list(&set, "0-1023");
	CPU_CLR(512, &set);
	assert_list(&set, "0-511,513-1023");
}

static void test_no_mask(void **state)
{
	char text[4] = "abc";

	(void)state;
	assert_int_equal(intro_format_cpu_list(text, 0, text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

static void add_range(cpu_set_t *set, const char **p, const char *end)
{
	uint64_t first, last;

	assert_true(intro_take_u64(p, end, &first));
	last = first;
	if (**p == '-') {
		++*p;
		assert_true(intro_take_u64(p, end, &last));
		assert_true(last > first);
	}
	for (; first <= last; first++)
		CPU_SET(first, set);
}

/* The list of any mask, read back, is the mask. */
static void test_there_and_back(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 500; i++) {
		cpu_set_t set, back;
		char text[8192];

		CPU_ZERO(&set);
		CPU_ZERO(&back);
		for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
			if (next_random(&seed) % 8 > (unsigned)i % 8)
				CPU_SET(cpu, &set);
		}
		size_t len = intro_format_cpu_list(&set, sizeof(set), text, sizeof(text));
		for (const char *p = text; p < text + len; p += *p == ',')
			add_range(&back, &p, text + len);
		assert_true(CPU_EQUAL(&set, &back));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_no_mask),
		cmocka_unit_test(test_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
