/* Units for people, and values as cells of a table, as raw text and as SQL sees them. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "present/cell.h"
#include "present/human.h"
#include "present/terminal_text.h"

static void check_text(struct output *output, const char *expected)
{
	output_char(output, '\0');
	assert_string_equal(output->data, expected);
	output->len = 0;
}

static void test_bytes(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{0, "0"},
		{1023, "1023"},
		{1024, "1.0K"},
		{1536, "1.5K"},
		{10188, "9.9K"},
		{10240, "10.0K"},
		{102297, "99.9K"},
		{102399, "100K"},
		{980 * 1024, "980K"},
		{1023 * 1024, "1023K"},
		{1024 * 1024 - 1, "1.0M"},
		{12897484, "12.3M"},
		{UINT64_C(1288490189), "1.2G"},
		{UINT64_C(1) << 40, "1.0T"},
		{UINT64_MAX, "16.0E"},
	};
	struct output output;

	(void)state;
	output_open_memory(&output);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		human_bytes(&output, cases[i].bytes);
		check_text(&output, cases[i].text);
	}
	output_free(&output);
}

static void test_times(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} cases[] = {
		{0, "0.00"},         {4.2, "4.20"},    {59.994, "59.99"}, {59.996, "1:00"},
		{723, "12:03"},      {3599, "59:59"},  {3600, "1:00:00"}, {11045, "3:04:05"},
		{86399, "23:59:59"}, {86400, "1d00h"}, {446400, "5d04h"}, {-1.5, "-1.50"},
	};
	struct output output;

	(void)state;
	output_open_memory(&output);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		human_seconds(&output, cases[i].seconds);
		check_text(&output, cases[i].text);
	}
	human_whole_seconds(&output, 42);
	check_text(&output, "42");
	human_ns(&output, 850);
	check_text(&output, "850ns");
	human_ns(&output, 12345);
	check_text(&output, "12.3us");
	human_ns(&output, 1500000);
	check_text(&output, "1.5ms");
	human_ns(&output, UINT64_C(2500000000));
	check_text(&output, "2.50s");
	human_ns(&output, UINT64_C(60000000000));
	check_text(&output, "1:00");
	human_percent(&output, 12.34);
	check_text(&output, "12.3");
	human_percent(&output, 1234.56);
	check_text(&output, "1234.6");
	human_time(&output, UINT64_C(1795233601230000000), UINT64_C(1795240000000000000));
	check_text(&output, "04:00:01");
	human_time(&output, UINT64_C(1795233601230000000), UINT64_C(1795340000000000000));
	check_text(&output, "2026-11-21");
	output_free(&output);
}

struct cells {
	struct value value;
	unsigned flags;
	enum column_unit unit;
	const char *table, *raw, *plain;
};

static void test_cells(void **state)
{
	static const struct value words[] = {
		{.kind = VALUE_TEXT, .text = {"a,b", 3}},
		{.kind = VALUE_TEXT, .text = {"", 0}},
		{.kind = VALUE_NULL},
		{.kind = VALUE_TEXT, .text = {"c\n\\", 3}},
	};
	static const struct member members[] = {
		{"id", {.kind = VALUE_INT, .number = 7}},
		{"name", {.kind = VALUE_TEXT, .text = {"x\ty", 3}}},
	};
	const struct value object = {.kind = VALUE_OBJECT, .object = {members, 2}};
	const uint64_t term = UINT64_C(1) << 14;
	const struct cells cases[] = {
		{value_null(), 0, UNIT_NONE, "-", "\\N", ""},
		{value_bool(true), 0, UNIT_NONE, "yes", "true", "true"},
		{value_bool(false), 0, UNIT_NONE, "no", "false", "false"},
		{value_int(-5), 0, UNIT_BYTES, "-5", "-5", "-5"},
		{value_uint(2048), 0, UNIT_BYTES, "2.0K", "2048", "2048"},
		{value_real(1.5), 0, UNIT_NONE, "1.5", "1.5", "1.5"},
		{value_real(61), 0, UNIT_SECONDS, "1:01", "61", "61"},
		{value_string("a\\N\t"), 0, UNIT_NONE, "a\\\\N\\t", "a\\\\N\\t", "a\\N\t"},
		{value_string(""), 0, UNIT_NONE, "\"\"", "", ""},
		{value_string("\\N"), 0, UNIT_NONE, "\\\\N", "\\\\N", "\\N"},
		{value_string("SCHED_FIFO"), COLUMN_SHORT_NAMES, UNIT_NONE, "FIFO", "SCHED_FIFO",
		 "SCHED_FIFO"},
		{value_string("SIGKILL"), COLUMN_SHORT_NAMES, UNIT_NONE, "KILL", "SIGKILL",
		 "SIGKILL"},
		{value_string("best-effort"), COLUMN_SHORT_NAMES, UNIT_NONE, "best-effort",
		 "best-effort", "best-effort"},
		{value_address(0x1000), 0, UNIT_NONE, "0x1000", "0x1000", "0x1000"},
		{value_set(term | 1, INTRO_NAMES_SIGNAL), 0, UNIT_NONE, "SIGHUP,SIGTERM",
		 "SIGHUP,SIGTERM", "SIGHUP,SIGTERM"},
		{value_set(term | 1, INTRO_NAMES_SIGNAL), COLUMN_SHORT_NAMES, UNIT_NONE, "HUP,TERM",
		 "SIGHUP,SIGTERM", "SIGHUP,SIGTERM"},
		{value_set(0, INTRO_NAMES_SIGNAL), 0, UNIT_NONE, "none", "", ""},
		{{.kind = VALUE_LIST, .list = {words, 4, false, 0}},
		 0,
		 UNIT_NONE,
		 "a,b,,-,c\\n\\",
		 "a\\x2cb,\\e,\\N,c\\n\\\\",
		 "a,b,,,c\n\\"},
		{{.kind = VALUE_LIST, .list = {words, 0, false, 0}}, 0, UNIT_NONE, "none", "", ""},
		{{.kind = VALUE_LIST, .list = {words, 0, true, 0}},
		 0,
		 UNIT_NONE,
		 "none",
		 "[]",
		 "[]"},
		{object, 0, UNIT_NONE, "id=7 name=x\\ty", "{\"id\":7,\"name\":\"x\\\\ty\"}",
		 "{\"id\":7,\"name\":\"x\\ty\"}"},
		{{.kind = VALUE_LIST, .list = {&object, 1, true, 0}},
		 0,
		 UNIT_NONE,
		 "id=7 name=x\\ty",
		 "[{\"id\":7,\"name\":\"x\\\\ty\"}]",
		 "[{\"id\":7,\"name\":\"x\\ty\"}]"},
	};
	struct output output;

	(void)state;
	output_open_memory(&output);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct cells *cell = &cases[i];
		const struct column column = {.flags = cell->flags, .unit = cell->unit};

		cell_for_table(&output, &column, &cell->value, 0, TERMINAL_UTF8, 0);
		check_text(&output, cell->table);
		cell_raw(&output, &cell->value, TERMINAL_UTF8);
		check_text(&output, cell->raw);
		cell_plain(&output, &cell->value);
		check_text(&output, cell->plain);
	}
	output_free(&output);
}

/* A table counts what is left of a very long list; the other forms have all of it. */
static void test_long_list(void **state)
{
	enum { MANY = 1000 };
	const struct column column = {0}, stretched = {.flags = COLUMN_STRETCH};
	struct value items[MANY],
		list = {.kind = VALUE_LIST, .list = {.items = items, .count = MANY}};
	struct output output;
	char expected[8192] = "";

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		items[i] = value_uint(100);
	output_open_memory(&output);
	for (size_t i = 0; i < 60; i++) /* 60 of "100," are 240 bytes */
		strcat(expected, "100,");
	strcat(expected, "+940 more");
	cell_for_table(&output, &column, &list, 0, TERMINAL_UTF8, 0);
	check_text(&output, expected);
	list.list.count = 60;
	expected[60 * 4 - 1] = '\0';
	cell_for_table(&output, &column, &list, 0, TERMINAL_UTF8, 0);
	check_text(&output, expected);
	/* On a terminal the other columns need room too; what is cut at its edge anyway does not. */
	list.list.count = MANY;
	cell_for_table(&output, &column, &list, 0, TERMINAL_UTF8, 40);
	check_text(&output, "100,100,100,100,+996 more");
	cell_for_table(&output, &column, &list, 0, TERMINAL_UTF8, 100);
	check_text(&output, "100,100,100,100,100,100,100,100,+992 more");
	cell_for_table(&output, &stretched, &list, 0, TERMINAL_UTF8, 40);
	strcat(expected, ",+940 more");
	check_text(&output, expected);
	/* Of the last item it is known that it stands for more than one. */
	list.list.count = 17;
	list.list.rest = 24;
	cell_for_table(&output, &column, &list, 0, TERMINAL_UTF8, 40);
	check_text(&output, "100,100,100,100,+36 more");
	list.list.count = MANY;
	list.list.rest = 0;
	expected[0] = '\0';
	for (size_t i = 0; i < MANY; i++)
		strcat(expected, i ? ",100" : "100");
	cell_raw(&output, &list, TERMINAL_UTF8);
	check_text(&output, expected);
	output_free(&output);
}

/* A mask that is nearly full is shown by what it lacks. */
static void test_full_masks(void **state)
{
	const struct column column = {.flags = COLUMN_SHORT_NAMES};
	size_t position = 0;
	struct intro_name row;
	uint64_t all = 0;
	struct output output;

	(void)state;
	while (intro_names_next(INTRO_NAMES_CAPABILITY, &position, &row) > 0)
		all |= UINT64_C(1) << row.value;
	output_open_memory(&output);
	struct value value = value_set(all, INTRO_NAMES_CAPABILITY);

	cell_for_table(&output, &column, &value, 0, 0, 0);
	check_text(&output, "all");
	value = value_set(all & ~UINT64_C(0x21), INTRO_NAMES_CAPABILITY);
	cell_for_table(&output, &column, &value, 0, 0, 0);
	check_text(&output, "all-CHOWN-KILL");
	value = value_set(UINT64_MAX, INTRO_NAMES_SIGNAL);
	cell_for_table(&output, &column, &value, 0, 0, 0);
	check_text(&output, "all");
	output_free(&output);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),      cmocka_unit_test(test_times),
		cmocka_unit_test(test_cells),      cmocka_unit_test(test_long_list),
		cmocka_unit_test(test_full_masks),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
