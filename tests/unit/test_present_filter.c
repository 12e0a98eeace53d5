/* Filters: types, nulls, what is one expression and what is not, and messages that point. */
#include "unit/present_fake.h"

#include <locale.h>

#include "present/filter.h"

static const struct fake_row sample = {
	.id = 7,
	.parent = -1,
	.name = "kworker/0:1 \xff\xc3\xb6",
	.size = 4096,
	.ratio = 1.5,
	.flag = true,
	.address = 0x7f00,
	.time_ns = UINT64_C(1795233601230000000),
	.signals = 0x4001,
	.state = "D",
};
static const struct fake_row nulls = {.id = 8, .size = -1};
static const struct fake_row with_nul = {.name = "a\0b", .name_len = 3, .size = 0};

/* 1, 0, or the negative of a status that compiling or evaluating gave. */
static int evaluate(const char *expression, const struct fake_row *row, uint64_t *needs)
{
	struct filter *filter = NULL;
	int status = filter_new(&fake_tool, expression, &filter);

	if (status != 0)
		return -status;
	if (needs != NULL)
		*needs = filter_needs(filter);
	status = filter_matches(filter, row);
	filter_free(filter);
	return status;
}

static void check(const char *expression, const struct fake_row *row, int expected)
{
	int result = evaluate(expression, row, NULL);

	if (result != expected)
		print_error("%s\n", expression);
	assert_int_equal(result, expected);
}

static void test_types(void **state)
{
	static const char *const true_of_sample[] = {
		"id = 7",
		"id == '7'",
		"parent < 0",
		"state==\"D\"",
		"state == 'D' and size > 4000",
		"STATE = 'D'",
		"name like 'KWORKER%'",
		"name glob 'kworker*'",
		"name regexp '^kw.*[0-9]:[0-9]'",
		"name regexp \"0:1\"",
		"not name regexp '^worker'",
		"name is not null",
		"ratio > 1.4 and ratio < 1.6",
		"ratio = 1.5",
		"flag",
		"flag = true",
		"flag = 1",
		"address = '0x7f00'",
		"time = '2026-11-21 04:00:01.230'",
		"time between datetime(1795233600, 'unixepoch') and datetime('2026-11-21 "
		"04:00:02')",
		"time > '2026-11'",
		"signals = 'SIGHUP,SIGTERM'",
		"signals like '%TERM%'",
		"instr(signals, 'HUP') > 0",
		"words like 'kworker%'",
		"json_extract(object, '$.id') = 7",
		"id between 1 and 9",
		"id in (1, 7)",
		"state || id = 'D7'",
		"case when flag then size = 4096 end",
		"1 -- a remark",
		"/* a remark */ id = 7",
		"(id = 7)",
		"id = (select max(id) from row)",
		"row.id = 7",
		"id in (with recursive c(x) as (values(1) union all select x + 1 from c "
		"where x < 10) select x from c)",
		"name = cast(x'6b776f726b65722f303a3120ffc3b6' as text)",
		"exists (select 1 from json_each('[1,7]') where value = id)",
		"shown = name",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(true_of_sample) / sizeof(true_of_sample[0]); i++)
		check(true_of_sample[i], &sample, 1);
	check("id = 8", &sample, 0);
	check("name regexp '^worker'", &sample, 0);
	check("0", &sample, 0);
	check("state = 'd'", &sample, 0);
}

static void test_nulls(void **state)
{
	(void)state;
	check("size is null", &nulls, 1);
	check("size = 0", &nulls, 0);
	check("not size = 0", &nulls, 0);
	check("size < 1 or size >= 1", &nulls, 0);
	check("name is null and state is null and signals is null and time is null", &nulls, 1);
	check("name regexp '.'", &nulls, 0);
	check("not (name regexp '.')", &nulls, 0);
	check("name like '%'", &nulls, 0);
	check("null", &nulls, 0);
	check("shown is null", &nulls, 1);
	check("words is null", &nulls, 1);
}

static void test_embedded_nul(void **state)
{
	(void)state;
	check("name regexp 'b$'", &with_nul, 1);
	check("name regexp '^a[^x]b$'", &with_nul, 1);
	check("hex(name) = '610062'", &with_nul, 1);
	check("name = 'a'", &with_nul, 0);
}

static void test_needs(void **state)
{
	uint64_t needs;

	(void)state;
	assert_int_equal(evaluate("1", &sample, &needs), 1);
	assert_int_equal(needs, 0);
	evaluate("id = 7", &sample, &needs);
	assert_int_equal(needs, FAKE_IDS);
	evaluate("size > 0 and row.Name like 'k%'", &sample, &needs);
	assert_int_equal(needs, FAKE_SIZE | FAKE_NAME);
	evaluate("id in (select size from row)", &sample, &needs);
	assert_int_equal(needs, FAKE_IDS | FAKE_SIZE);
	/* What a table shows for null is none of SQL's business. */
	evaluate("shown is null", &sample, &needs);
	assert_int_equal(needs, FAKE_NAME);
}

static void check_refused(const char *expression)
{
	int saved;
	int file = fake_redirect(2, &saved);
	int result = evaluate(expression, &sample, NULL);
	char text[2048];

	fake_restore(2, saved, file, text, sizeof(text));
	if (result != -EXIT_USAGE)
		print_error("%s\n", expression);
	assert_int_equal(result, -EXIT_USAGE);
	assert_memory_equal(text, "intro-fake: bad filter: ", 24);
	for (const char *c = text; *c != '\0'; c++)
		assert_true((unsigned char)*c >= 0x20 || *c == '\n');
}

static void test_refused(void **state)
{
	static const char *const expressions[] = {
		"",
		" ",
		"--",
		"/*",
		"id =",
		"id = 7)",
		"(id = 7",
		"1) OR (1",
		"1) --",
		"1; DROP TABLE row",
		"1;",
		"; 1",
		"1 UNION SELECT 1",
		"1 UNION ALL SELECT id FROM row",
		"1 ORDER BY 1",
		"1 LIMIT 0",
		"1 GROUP BY id",
		"1 GROUP BY id HAVING 1",
		"1 WINDOW w AS ()",
		"SELECT 1",
		"VALUES(1)",
		"1, 2",
		"id id",
		"1 /*",
		"'open",
		"\"open",
		"[open",
		"no_such_column = 1",
		"state = D",
		"no_such_function(id)",
		"count(*)",
		"max(id)",
		"?",
		"?1 = id",
		":name = id",
		"$HOME = name",
		"rowid = 1",
		"raise(abort, 'x')",
		"load_extension('x')",
		"(select count(*) from sqlite_master)",
		"(select * from sqlite_schema)",
		"(select name from pragma_table_info('row'))",
		"(pragma user_version)",
		"(insert into row values (1))",
		"(delete from row)",
		"(attach 'x' as y)",
		"name regexp '('",
		"name regexp '[a'",
		"abs(-9223372036854775807 - 1)",
		"id = 1 \x1b[31m",
		"\xff\xfe",
		"k\xc3\xb6ln = 1",
		"zeroblob(100000000) = 1",
	};

	(void)state;
	message_set_tool("fake");
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		check_refused(expressions[i]);
}

static void check_message(const char *expression, const char *expected)
{
	int saved;
	int file = fake_redirect(2, &saved);
	char text[2048];

	evaluate(expression, &sample, NULL);
	fake_restore(2, saved, file, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void test_messages(void **state)
{
	(void)state;
	message_set_tool("fake");
	check_message("stat = 'D'",
		      "intro-fake: bad filter: no such column: stat (did you mean 'state'?)\n"
		      "intro-fake:   stat = 'D'\n"
		      "intro-fake:   ^\n");
	check_message("state = D",
		      "intro-fake: bad filter: no such column: D (a text needs quotes)\n"
		      "intro-fake:   state = D\n"
		      "intro-fake:           ^\n");
	check_message("name = 'k\xc3\xb6ln' and and",
		      "intro-fake: bad filter: near \"and\": syntax error\n"
		      "intro-fake:   name = 'k\xc3\xb6ln' and and\n"
		      "intro-fake:                     ^\n");
	check_message("name = '\x1b\xff' and and",
		      "intro-fake: bad filter: near \"and\": syntax error\n"
		      "intro-fake:   name = '\\x1b\\xff' and and\n"
		      "intro-fake:                         ^\n");
	check_message("id >", "intro-fake: bad filter: incomplete input\n"
			      "intro-fake:   id >\n"
			      "intro-fake:       ^\n");
	check_message("name regexp '('",
		      "intro-fake: bad filter: bad regular expression '(': Unmatched ( or \\(\n"
		      "intro-fake:   name regexp '('\n");
}

/* Patterns that differ from row to row: the cache turns over. */
static void test_many_patterns(void **state)
{
	struct filter *filter;
	char names[20][16];

	(void)state;
	assert_int_equal(filter_new(&fake_tool, "name regexp '^' || state || '$'", &filter), 0);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20; i++) {
			struct fake_row row = {.name = names[i], .state = names[i], .size = -1};

			snprintf(names[i], sizeof(names[i]), "n%d", i);
			assert_int_equal(filter_matches(filter, &row), 1);
			row.name = "n";
			assert_int_equal(filter_matches(filter, &row), 0);
		}
	}
	filter_free(filter);
	filter_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),         cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_embedded_nul),  cmocka_unit_test(test_needs),
		cmocka_unit_test(test_refused),       cmocka_unit_test(test_messages),
		cmocka_unit_test(test_many_patterns),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
