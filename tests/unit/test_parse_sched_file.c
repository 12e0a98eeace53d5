/* /proc/PID/sched: the lines of several kernels, and names that try to be lines. */
#include "unit/exact.h"

#include <stdio.h>

#include <intro/error.h>

#include "proc/parse.h"

#define DASHES "-------------------------------------------------------------------\n"
#define HEAD "cat (10223, #threads: 1)\n" DASHES

static const char sample[] =
	HEAD "se.exec_start                                :       1477027.425177\n"
	     "se.vruntime                                  :           114.438349\n"
	     "se.sum_exec_runtime                          :            12.000213\n"
	     "se.nr_migrations                             :                    3\n"
	     "nr_switches                                  :                    9\n"
	     "se.avg.util_est                              :                    0\n"
	     "uclamp.min                                   :                    1\n"
	     "uclamp.max                                   :                    2\n"
	     "effective uclamp.min                         :                  100\n"
	     "effective uclamp.max                         :                 1024\n"
	     "policy                                       :                    3\n"
	     "prio                                         :                  120\n"
	     "ext.enabled                                  :                    1\n"
	     "se.slice                                     :              1400000\n"
	     "clock-delta                                  :                   70\n"
	     "mm->numa_scan_seq                            :                    0\n"
	     "numa_preferred_nid                           :                   -1\n"
	     "current_node=0, numa_group_id=0\n"
	     "numa_faults node=0 task_private=0 task_shared=0 group_private=0 group_shared=0\n";

static int parse(const char *text, size_t len, struct intro_sched_file *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_sched_file(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_text(const char *text, struct intro_sched_file *ret)
{
	return parse(text, strlen(text), ret);
}

static void test_every_line(void **state)
{
	struct intro_sched_file file;

	(void)state;
	assert_int_equal(parse_text(sample, &file), 0);
	assert_int_equal(file.have, 0xff);
	assert_int_equal(file.sum_exec_ns, 12000213);
	assert_int_equal(file.migrations, 3);
	assert_int_equal(file.vruntime_ns, 114438349);
	assert_int_equal(file.slice_ns, 1400000);
	assert_int_equal(file.policy, 3);
	assert_int_equal(file.prio, 120);
	assert_true(file.ext_enabled);
	assert_int_equal(file.uclamp_min, 100);
	assert_int_equal(file.uclamp_max, 1024);
}

static void test_other_kernels(void **state)
{
	struct intro_sched_file file;

	(void)state;
	assert_int_equal(parse_text(HEAD, &file), 0);
	assert_int_equal(file.have, 0);
	assert_int_equal(parse_text(HEAD "nr_migrations : 7\n", &file), 0);
	assert_int_equal(file.have, INTRO_SCHED_FILE_MIGRATIONS);
	assert_int_equal(file.migrations, 7);
	assert_int_equal(parse_text(HEAD "effective uclamp.min : 7\n", &file), 0);
	assert_int_equal(file.have, 0);
	assert_int_equal(parse_text(HEAD "prio:-1", &file), 0);
	assert_int_equal(file.prio, -1);
	assert_int_equal(parse_text(HEAD "se.vruntime : -5.000001\n", &file), 0);
	assert_int_equal(file.vruntime_ns, -5000001);
	assert_int_equal(
		parse_text(HEAD "policyx : 1\nxpolicy : 1\npolicy 1\nse.slice.x : 1\n", &file), 0);
	assert_int_equal(file.have, 0);
}

static void test_forged(void **state)
{
	struct intro_sched_file file;

	(void)state;
	assert_int_equal(parse_text("a\nprio:99\n (7, #threads: 1)\n" DASHES "prio : 120\n", &file),
			 0);
	assert_int_equal(file.prio, 120);
	assert_int_equal(parse_text("--------------\nprio : 99 (7, #threads: 1)\n" DASHES
				    "prio : 120\n",
				    &file),
			 0);
	assert_int_equal(file.prio, 120);
	assert_int_equal(parse_text("\xff\x1b\n\n (7, #threads: 1)\n" DASHES, &file), 0);
}

static void test_wrong_values(void **state)
{
	static const char *const texts[] = {
		"",
		"cat (10223, #threads: 1)\n",
		"cat (10223, #threads: 1)\n------\nprio : 1\n",
		HEAD "prio : \n",
		HEAD "prio : x\n",
		HEAD "prio : 1 2\n",
		HEAD "prio : 1.0\n",
		HEAD "prio : 2147483648\n",
		HEAD "prio : -2147483649\n",
		HEAD "policy : -1\n",
		HEAD "policy : 4294967296\n",
		HEAD "ext.enabled : 2\n",
		HEAD "se.slice : 18446744073709551616\n",
		HEAD "se.sum_exec_runtime : 12\n",
		HEAD "se.sum_exec_runtime : 12.\n",
		HEAD "se.sum_exec_runtime : 12.00021\n",
		HEAD "se.sum_exec_runtime : 12.0002130\n",
		HEAD "se.sum_exec_runtime : -12.000213\n",
		HEAD "se.sum_exec_runtime : 18446744073709.551616\n",
		HEAD "se.sum_exec_runtime : 18446744073710.000000\n",
		HEAD "se.sum_exec_runtime : 18446744073709551615.000000\n",
		HEAD "se.vruntime : 9223372036854.775808\n",
		HEAD "se.vruntime : --1.000000\n",
	};
	struct intro_sched_file file = {.have = 77};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (parse_text(texts[i], &file) != INTRO_E_FORMAT)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(file.have, 77);
	}
	assert_int_equal(parse_text(HEAD "se.sum_exec_runtime : 18446744073709.551615\n", &file),
			 0);
	assert_true(file.sum_exec_ns == UINT64_MAX);
	assert_int_equal(parse_text(HEAD "se.vruntime : 9223372036854.775807\n", &file), 0);
	assert_true(file.vruntime_ns == INT64_MAX);
}

static void test_truncated(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(sample); len++) {
		struct intro_sched_file file;
		int r = parse(sample, len, &file);

		assert_true(r == 0 || r == INTRO_E_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_line), cmocka_unit_test(test_other_kernels),
		cmocka_unit_test(test_forged),     cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
