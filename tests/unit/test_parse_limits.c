/* /proc/PID/limits: all limits, their bounds, lines missing and lines that are wrong. */
#include "unit/exact.h"

#include <sys/resource.h>

#include <intro/error.h>

#include "proc/parse.h"

static const char sample[] =
	"Limit                     Soft Limit           Hard Limit           Units     \n"
	"Max cpu time              1                    unlimited            seconds   \n"
	"Max file size             2                    unlimited            bytes     \n"
	"Max data size             3                    unlimited            bytes     \n"
	"Max stack size            8388608              unlimited            bytes     \n"
	"Max core file size        0                    unlimited            bytes     \n"
	"Max resident set          unlimited            unlimited            bytes     \n"
	"Max processes             96365                96366                processes \n"
	"Max open files            20000                20001                files     \n"
	"Max locked memory         8388608              8388609              bytes     \n"
	"Max address space         unlimited            unlimited            bytes     \n"
	"Max file locks            unlimited            unlimited            locks     \n"
	"Max pending signals       96365                96365                signals   \n"
	"Max msgqueue size         819200               819200               bytes     \n"
	"Max nice priority         11                   12                   \n"
	"Max realtime priority     13                   14                   \n"
	"Max realtime timeout      18446744073709551614 unlimited            us        \n";

static int parse(const char *text, size_t len, struct intro_limits *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_limits(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_text(const char *text, struct intro_limits *ret)
{
	return parse(text, strlen(text), ret);
}

static void assert_limit(const struct intro_limits *limits, int which, uint64_t soft, uint64_t hard)
{
	assert_true(limits->limit[which].soft == soft);
	assert_true(limits->limit[which].hard == hard);
}

static void test_every_line(void **state)
{
	struct intro_limits limits;

	(void)state;
	assert_int_equal(parse_text(sample, &limits), 0);
	assert_int_equal(limits.have, 0xffff);
	assert_limit(&limits, RLIMIT_CPU, 1, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_FSIZE, 2, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_DATA, 3, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_STACK, 8388608, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_CORE, 0, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_RSS, INTRO_UNLIMITED, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_NPROC, 96365, 96366);
	assert_limit(&limits, RLIMIT_NOFILE, 20000, 20001);
	assert_limit(&limits, RLIMIT_MEMLOCK, 8388608, 8388609);
	assert_limit(&limits, RLIMIT_AS, INTRO_UNLIMITED, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_LOCKS, INTRO_UNLIMITED, INTRO_UNLIMITED);
	assert_limit(&limits, RLIMIT_SIGPENDING, 96365, 96365);
	assert_limit(&limits, RLIMIT_MSGQUEUE, 819200, 819200);
	assert_limit(&limits, RLIMIT_NICE, 11, 12);
	assert_limit(&limits, RLIMIT_RTPRIO, 13, 14);
	assert_limit(&limits, RLIMIT_RTTIME, INTRO_UNLIMITED - 1, INTRO_UNLIMITED);
}

static void test_some_lines(void **state)
{
	struct intro_limits limits;

	(void)state;
	assert_int_equal(parse_text("", &limits), 0);
	assert_int_equal(limits.have, 0);
	assert_int_equal(
		parse_text("Max wishes 3 3\nMax open files 7 8\nMax cpu time 1 2", &limits), 0);
	assert_int_equal(limits.have, 1u << RLIMIT_NOFILE | 1u << RLIMIT_CPU);
	assert_limit(&limits, RLIMIT_NOFILE, 7, 8);
	assert_limit(&limits, RLIMIT_CPU, 1, 2);
}

static void test_wrong_values(void **state)
{
	static const char *const texts[] = {
		"Max open files ",
		"Max open files 1",
		"Max open files 1 ",
		"Max open files 1 x",
		"Max open files 1x 2",
		"Max open files 1 2x",
		"Max open files -1 2",
		"Max open files unlimitedx 2",
		"Max open files unlimited2",
		"Max open files 18446744073709551616 2",
		"Max open files 1 2\nMax open files 1 2\n",
	};
	struct intro_limits limits = {.have = 77};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (parse_text(texts[i], &limits) != INTRO_E_FORMAT)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(limits.have, 77);
	}
}

static void test_truncated(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(sample); len++) {
		struct intro_limits limits;
		int r = parse(sample, len, &limits);

		assert_true(r == 0 || r == INTRO_E_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_line),
		cmocka_unit_test(test_some_lines),
		cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
