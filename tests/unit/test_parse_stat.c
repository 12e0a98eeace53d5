/* /proc/PID/stat: what is read, what is refused, and names that try to be fields. */
#include "unit/exact.h"

#include <stdio.h>

#include <intro/error.h>

#include "proc/parse.h"

/* Behind the name: state and 49 numbers. */
#define REST                                                                                       \
	" S 1 812 812 34816 812 4194624 3120 98 2 7 41 17 6 5 20 -3 4 0 3310 11182080 1385 "       \
	"18446744073709551615 94244283035648 94244283055529 140726238733760 11 12 0 65536 4096 "   \
	"16387 1 0 0 17 3 50 2 9 8 -7 94244283071536 94244283073152 94245232709632 "               \
	"140726238738886 140726238738906 140726238738906 140726238740459 256\n"
#define OLD_REST " S 1 812 812 0 -1 4194624 3120 98 2 7 41 17 6 5 20 0 4 0 3310"

static int parse(const char *text, size_t len, struct intro_stat *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_stat(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_text(const char *text, struct intro_stat *ret)
{
	return parse(text, strlen(text), ret);
}

static void assert_refused(const char *text, size_t len)
{
	struct intro_stat stat, before;

	memset(&stat, 0x55, sizeof(stat));
	before = stat;
	if (parse(text, len, &stat) != INTRO_E_FORMAT)
		fail_msg("taken: %.*s", (int)len, text);
	assert_memory_equal(&stat, &before, sizeof(stat));
}

static void test_every_field(void **state)
{
	struct intro_stat s;

	(void)state;
	assert_int_equal(parse_text("812 (nginx: worker)" REST, &s), 0);
	assert_int_equal(s.fields, 52);
	assert_int_equal(s.pid, 812);
	assert_string_equal(s.comm, "nginx: worker");
	assert_int_equal(s.comm_len, 13);
	assert_int_equal(s.state, 'S');
	assert_int_equal(s.ppid, 1);
	assert_int_equal(s.pgrp, 812);
	assert_int_equal(s.session, 812);
	assert_int_equal(s.tty_nr, 34816);
	assert_int_equal(s.tpgid, 812);
	assert_int_equal(s.flags, 4194624);
	assert_int_equal(s.minflt, 3120);
	assert_int_equal(s.cminflt, 98);
	assert_int_equal(s.majflt, 2);
	assert_int_equal(s.cmajflt, 7);
	assert_int_equal(s.utime, 41);
	assert_int_equal(s.stime, 17);
	assert_int_equal(s.cutime, 6);
	assert_int_equal(s.cstime, 5);
	assert_int_equal(s.priority, 20);
	assert_int_equal(s.nice, -3);
	assert_int_equal(s.num_threads, 4);
	assert_int_equal(s.starttime, 3310);
	assert_int_equal(s.vsize, 11182080);
	assert_int_equal(s.rss, 1385);
	assert_true(s.rsslim == UINT64_MAX);
	assert_int_equal(s.start_code, 94244283035648);
	assert_int_equal(s.end_code, 94244283055529);
	assert_int_equal(s.start_stack, 140726238733760);
	assert_int_equal(s.kstkesp, 11);
	assert_int_equal(s.kstkeip, 12);
	assert_int_equal(s.exit_signal, 17);
	assert_int_equal(s.processor, 3);
	assert_int_equal(s.rt_priority, 50);
	assert_int_equal(s.policy, 2);
	assert_int_equal(s.delayacct_blkio_ticks, 9);
	assert_int_equal(s.guest_time, 8);
	assert_int_equal(s.cguest_time, -7);
	assert_int_equal(s.start_data, 94244283071536);
	assert_int_equal(s.end_data, 94244283073152);
	assert_int_equal(s.start_brk, 94245232709632);
	assert_int_equal(s.arg_start, 140726238738886);
	assert_int_equal(s.arg_end, 140726238738906);
	assert_int_equal(s.env_start, 140726238738906);
	assert_int_equal(s.env_end, 140726238740459);
	assert_int_equal(s.exit_code, 256);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} names[] = {
		{"", 0},
		{")", 1},
		{"(", 1},
		{"))))))))))))))))", 15},
		{") S 1 1 (x", 10},
		{"a) R 1 1 1 0 -1", 15},
		{"a\nb", 3},
		{"\n", 1},
		{"\xff\xfe\x80", 3},
		{"\x1b[31m", 5},
		{" ", 1},
		{"123456789012345678901234567890123456789012345678901234567890123", 63},
		{"kworker/u5:3-events_freezable_power_) S 1 (pwr_efficient)+)))))", 63},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct intro_stat stat;
		char text[1024];
		size_t len = (size_t)snprintf(text, sizeof(text), "9 (%s)" REST, names[i].name);

		/* A name may be given longer than its length says: cut it there. */
		if (strlen(names[i].name) != names[i].len)
			len = (size_t)snprintf(text, sizeof(text), "9 (%.*s)" REST,
					       (int)names[i].len, names[i].name);
		assert_int_equal(parse(text, len, &stat), 0);
		assert_int_equal(stat.comm_len, names[i].len);
		assert_memory_equal(stat.comm, names[i].name, names[i].len);
		assert_int_equal(stat.comm[names[i].len], '\0');
		assert_int_equal(stat.state, 'S');
		assert_int_equal(stat.ppid, 1);
		assert_int_equal(stat.exit_code, 256);
	}
}

static void test_bad_names(void **state)
{
	static const char nul[] = "9 (a\0b)" REST;
	char text[1024];
	int len;

	(void)state;
	len = snprintf(text, sizeof(text), "9 (%064d)" REST, 0);
	assert_refused(text, (size_t)len);
	assert_refused(nul, sizeof(nul) - 1);
	assert_refused("9 " REST, strlen("9 " REST));
	assert_refused("9 (a" REST, strlen("9 (a" REST));
	assert_refused("9 a)" REST, strlen("9 a)" REST));
	assert_refused("9(a)" REST, strlen("9(a)" REST));
}

/* Wherever the text is cut: refused before the 22nd field, or what is there is read. */
static void test_truncated(void **state)
{
	const char text[] = "812 (ngi) S 1nx)" REST;
	size_t needed = strlen("812 (ngi) S 1nx) S 1 812 812 34816 812 4194624 3120 98 2 7 41 17 "
			       "6 5 20 -3 4 0 ");

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct intro_stat stat;
		int r = parse(text, len, &stat);

		if (len <= needed || text[len - 1] == ' ' || text[len - 1] == '-') {
			assert_int_equal(r, INTRO_E_FORMAT);
		} else {
			assert_int_equal(r, 0);
			assert_true(stat.fields >= 22 && stat.fields <= 52);
			assert_string_equal(stat.comm, "ngi) S 1nx");
		}
	}
}

static void test_old_kernels(void **state)
{
	struct intro_stat stat;

	(void)state;
	memset(&stat, 0x55, sizeof(stat));
	assert_int_equal(parse_text("9 (a)" OLD_REST, &stat), 0);
	assert_int_equal(stat.fields, 22);
	assert_int_equal(stat.starttime, 3310);
	assert_int_equal(stat.vsize, 0);
	assert_int_equal(stat.exit_code, 0);
	assert_int_equal(parse_text("9 (a)" OLD_REST "\n", &stat), 0);
	assert_int_equal(parse_text("9 (a)" OLD_REST " 1 2\n", &stat), 0);
	assert_int_equal(stat.fields, 24);
	assert_int_equal(stat.rss, 2);
}

static void test_newer_kernels(void **state)
{
	struct intro_stat stat;
	char text[] = "9 (a)" REST;

	(void)state;
	text[sizeof(text) - 2] = '\0'; /* the newline */
	char more[1024];
	int len = snprintf(more, sizeof(more), "%s 7 0x8 nine\n", text);

	assert_int_equal(parse(more, (size_t)len, &stat), 0);
	assert_int_equal(stat.fields, 55);
	assert_int_equal(stat.exit_code, 256);
	len = snprintf(more, sizeof(more), "%s 7  8\n", text);
	assert_refused(more, (size_t)len);
	len = snprintf(more, sizeof(more), "%s 7 \n", text);
	assert_refused(more, (size_t)len);
	len = snprintf(more, sizeof(more), "%s 7\xff\n", text);
	assert_refused(more, (size_t)len);
	len = snprintf(more, sizeof(more), "%s 7)7\n", text);
	assert_refused(more, (size_t)len);
}

/* The 4th field and on, with one of them replaced. */
static int parse_with(unsigned field, const char *value, struct intro_stat *ret)
{
	char text[4096];
	size_t len = (size_t)snprintf(text, sizeof(text), "9 (a) S");

	for (unsigned i = 4; i <= 52; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %s",
					i == field ? value : "1");
	return parse(text, len, ret);
}

static void assert_bounds(unsigned field, const char *const good[], const char *const bad[])
{
	struct intro_stat stat;

	for (; *good; good++) {
		if (parse_with(field, *good, &stat) != 0)
			fail_msg("field %u refuses %s", field, *good);
	}
	for (; *bad; bad++) {
		if (parse_with(field, *bad, &stat) != INTRO_E_FORMAT)
			fail_msg("field %u takes %s", field, *bad);
	}
}

static void test_bounds(void **state)
{
	static const char *const i32[] = {"-2147483648", "2147483647", "-0", NULL};
	static const char *const not_i32[] = {
		"2147483648", "-2147483649", "4294967297", "18446744073709551617",
		"--1",        "1x",          "x",          "-",
		"",           NULL};
	static const char *const u32[] = {"0", "4294967295", NULL};
	static const char *const not_u32[] = {"-1", "4294967296", "+1", NULL};
	static const char *const device[] = {"-2147483648", "4294967295", "-1", NULL};
	static const char *const not_device[] = {"-2147483649", "4294967296", NULL};
	static const char *const i64[] = {"-9223372036854775808", "9223372036854775807", NULL};
	static const char *const not_i64[] = {"-9223372036854775809", "9223372036854775808",
					      "99999999999999999999", NULL};
	static const char *const u64[] = {"18446744073709551615", "000000000000000000000001", NULL};
	static const char *const not_u64[] = {"18446744073709551616", "-1", "0x1", NULL};
	static const char *const any[] = {"18446744073709551615", "-1", NULL};
	static const char *const not_any[] = {"18446744073709551616", "a", NULL};
	struct intro_stat stat;

	(void)state;
	for (unsigned field = 4; field <= 6; field++)
		assert_bounds(field, i32, not_i32);
	assert_bounds(7, device, not_device);
	assert_bounds(8, i32, not_i32);
	assert_bounds(9, u32, not_u32);
	assert_bounds(10, u64, not_u64);
	assert_bounds(16, i64, not_i64);
	assert_bounds(19, i64, not_i64);
	assert_bounds(21, any, not_any);
	assert_bounds(22, u64, not_u64);
	assert_bounds(24, i64, not_i64);
	assert_bounds(31, any, not_any);
	assert_bounds(38, i32, not_i32);
	assert_bounds(41, u32, not_u32);
	assert_bounds(52, i32, not_i32);

	assert_int_equal(parse_with(7, "-2147483648", &stat), 0);
	assert_true(stat.tty_nr == 0x80000000u);
	assert_int_equal(parse_with(16, "-9223372036854775808", &stat), 0);
	assert_true(stat.cutime == INT64_MIN);
	assert_int_equal(parse_with(8, "-1", &stat), 0);
	assert_int_equal(stat.tpgid, -1);
}

static void test_malformed(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"9",
		"9 ",
		"9 (",
		"9 ()",
		"9 () ",
		"9 () S",
		"-9 (a)" OLD_REST,
		"x (a)" OLD_REST,
		"2147483648 (a)" OLD_REST,
		" 9 (a)" OLD_REST,
		"9 (a) SS 1 812 812 0 -1 4194624 3120 98 2 7 41 17 6 5 20 0 4 0 3310",
		"9 (a) 1 1 812 812 0 -1 4194624 3120 98 2 7 41 17 6 5 20 0 4 0 3310",
		"9 (a)  S 1 812 812 0 -1 4194624 3120 98 2 7 41 17 6 5 20 0 4 0 3310",
		"9 (a) S 1  812 812 0 -1 4194624 3120 98 2 7 41 17 6 5 20 0 4 0 3310",
		"9 (a) S 1 812 812 0 -1 4194624 3120 98 2 7 41 17 6 5 20 0 4 0",
		"9 (a)" OLD_REST "x",
		"9 (a)" OLD_REST " ",
		"9 (a)" OLD_REST " \n",
		"9 (a)" OLD_REST "\n\n",
		"9 (a)" OLD_REST "\n1",
		"9 (a)" OLD_REST "\t1",
		"9 (a)" OLD_REST ".0",
	};
	static const char nul[] = "9 (a)" OLD_REST "\0";

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_refused(texts[i], strlen(texts[i]));
	assert_refused(nul, sizeof(nul) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_field), cmocka_unit_test(test_names),
		cmocka_unit_test(test_bad_names),   cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_old_kernels), cmocka_unit_test(test_newer_kernels),
		cmocka_unit_test(test_bounds),      cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
