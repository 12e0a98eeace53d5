/* /proc/PID/io and /proc/PID/schedstat: counters, all of which must be there. */
#include "unit/exact.h"

#include <intro/error.h>

#include "proc/parse.h"

static const char io_sample[] = "rchar: 6976\nwchar: 12\nsyscr: 10\nsyscw: 3\nread_bytes: 4096\n"
				"write_bytes: 8192\ncancelled_write_bytes: 512\n";

static int parse_io(const char *text, size_t len, struct intro_io *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_io(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_schedstat(const char *text, size_t len, struct intro_schedstat *ret)
{
	char *copy = exact_copy(text, len);
	int r = intro_parse_schedstat(exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static void check_io(const struct intro_io *io)
{
	assert_int_equal(io->rchar, 6976);
	assert_int_equal(io->wchar, 12);
	assert_int_equal(io->syscr, 10);
	assert_int_equal(io->syscw, 3);
	assert_int_equal(io->read_bytes, 4096);
	assert_int_equal(io->write_bytes, 8192);
	assert_int_equal(io->cancelled_write_bytes, 512);
}

static void test_io(void **state)
{
	static const char mixed[] = "cancelled_write_bytes: 512\nnew: x\nwrite_bytes: 8192\n"
				    "read_bytes: 4096\nsyscw: 3\nsyscr: 10\nwchar: 12\nrchar: 6976";
	struct intro_io io;

	(void)state;
	assert_int_equal(parse_io(io_sample, sizeof(io_sample) - 1, &io), 0);
	check_io(&io);
	assert_int_equal(parse_io(mixed, sizeof(mixed) - 1, &io), 0);
	check_io(&io);
}

/* Cut anywhere: only a last line that has lost none but its last digits can still be read. */
static void test_io_truncated(void **state)
{
	size_t whole = sizeof(io_sample) - 1;

	(void)state;
	for (size_t len = 0; len <= whole; len++) {
		struct intro_io io = {.rchar = 77};
		int r = parse_io(io_sample, len, &io);

		assert_int_equal(r, len < whole - 3 ? INTRO_E_FORMAT : 0);
		assert_int_equal(io.rchar, r < 0 ? 77 : 6976);
	}
}

static void test_io_wrong(void **state)
{
	static const char *const lines[] = {
		"rchar: \n",   "rchar: x\n",  "rchar: -1\n",
		"rchar: 1 \n", "rchar:  1\n", "rchar: 18446744073709551616\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char text[256];
		struct intro_io io;

		strcpy(text, io_sample);
		strcat(text, lines[i]);
		assert_int_equal(parse_io(text, strlen(text), &io), INTRO_E_FORMAT);
	}
}

static void test_schedstat(void **state)
{
	static const char sample[] = "679322 15230 14\n";
	struct intro_schedstat stat;

	(void)state;
	for (size_t len = 0; len < sizeof(sample); len++) {
		int r = parse_schedstat(sample, len, &stat);

		assert_int_equal(r, len < sizeof("679322 15230 1") - 1 ? INTRO_E_FORMAT : 0);
	}
	assert_int_equal(stat.run_ns, 679322);
	assert_int_equal(stat.wait_ns, 15230);
	assert_int_equal(stat.timeslices, 14);
}

static void test_schedstat_wrong(void **state)
{
	static const char *const texts[] = {
		"1 2",       "1  2 3", "1 2 3 4", "1 2 3x", "-1 2 3", "1 2 18446744073709551616",
		"1 2 3\n\n", " 1 2 3",
	};
	struct intro_schedstat stat = {.run_ns = 77};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(parse_schedstat(texts[i], strlen(texts[i]), &stat),
				 INTRO_E_FORMAT);
		assert_int_equal(stat.run_ns, 77);
	}
	assert_int_equal(parse_schedstat("1 2 3\0", 6, &stat), INTRO_E_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_io),
		cmocka_unit_test(test_io_truncated),
		cmocka_unit_test(test_io_wrong),
		cmocka_unit_test(test_schedstat),
		cmocka_unit_test(test_schedstat_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
