/* Command lines, columns by name, usage text, and the messages about mistakes. */
#include "unit/present_fake.h"

#include "present/columns.h"
#include "present/options.h"
#include "present/suggest.h"

static struct fake_result result;

static void run(const char *words)
{
	struct fake fake = {.fail_at = -1};

	fake_run(&fake, words, &result);
}

static void check_mistake(const char *words, const char *message_text)
{
	char expected[512];

	run(words);
	snprintf(expected, sizeof(expected),
		 "intro-fake: %s\nintro-fake: try 'intro-fake --help'\n", message_text);
	assert_string_equal(result.err, expected);
	assert_string_equal(result.out, "");
	assert_int_equal(result.status, EXIT_USAGE);
}

static void test_mistakes(void **state)
{
	(void)state;
	check_mistake("--outptu", "unknown option '--outptu' (did you mean '--output'?)");
	check_mistake("--zzzzzz", "unknown option '--zzzzzz'");
	check_mistake("--zzzzzz=x", "unknown option '--zzzzzz'");
	check_mistake("-y", "unknown option '-y'");
	check_mistake("-ny", "unknown option '-y'");
	check_mistake("-\033", "unknown option '-\\x1b'");
	check_mistake("--a\n", "unknown option '--a\\n'");
	check_mistake("-o", "option '-o' needs an argument");
	check_mistake("--output", "option '--output' needs an argument");
	check_mistake("--json=x", "option '--json' takes no argument");
}

static void test_more_mistakes(void **state)
{
	(void)state;
	check_mistake("--p=1", "option '--p' is ambiguous");
	check_mistake("-J|-r", "--json, --ndjson and --raw exclude each other");
	check_mistake("--color=red", "--color takes auto, always or never, not 'red'");
	check_mistake("--watch=soon", "'soon' is not a number of seconds to watch");
	check_mistake("-Wnan", "'nan' is not a number of seconds to watch");
	check_mistake("-W-1", "'-1' is not a number of seconds to watch");
	check_mistake("--only=other", "--only takes this or that");
	check_mistake("--view=typse", "unknown view 'typse' (did you mean 'types'?)");
	check_mistake("--view=x\n", "unknown view 'x\\n'");
	check_mistake("-o,", "the list of columns is empty");
	check_mistake("--print-completion=fish", "no completions for the shell 'fish'");
}

static void test_unknown_columns(void **state)
{
	(void)state;
	run("-o|id,nmae");
	assert_int_equal(result.status, EXIT_USAGE);
	assert_string_equal(result.err, "intro-fake: unknown column 'nmae' (did you mean 'name'?)\n"
					"intro-fake: 'intro-fake --list-columns' lists them\n");
	run("--sort|-\033");
	assert_int_equal(result.status, EXIT_USAGE);
	assert_string_equal(result.err, "intro-fake: unknown column '\\x1b'\n"
					"intro-fake: 'intro-fake --list-columns' lists them\n");
}

static void check_wish(const struct listing_tool *tool, struct column_wish wish,
		       const char *expected)
{
	struct arena arena = {0};
	struct column_choice choice;
	char names[512] = "";

	assert_int_equal(columns_choose(tool, &wish, &arena, &choice), 0);
	for (size_t i = 0; i < choice.count; i++) {
		strcat(names, i > 0 ? "," : "");
		strcat(names, choice.columns[i]->name);
	}
	assert_string_equal(names, expected);
	arena_free(&arena);
}

static void check_choice(const char *view, const char *list, bool also, const char *expected)
{
	check_wish(&fake_tool, (struct column_wish){.view = view, .list = list, .records = also},
		   expected);
}

static void test_choice(void **state)
{
	static const char all[] = "id,parent,name,size,ratio,flag,address,time,signals,state,words,"
				  "object,shown";

	(void)state;
	check_choice(NULL, NULL, false, "id,name,size");
	check_choice(NULL, NULL, true, "id,name,size");
	check_choice("types", NULL, false, "ratio,flag,address,time,signals,state");
	check_choice("types", NULL, true, "ratio,flag,parent,address,time,signals,state");
	check_choice(NULL, "name,id", false, "name,id");
	check_choice(NULL, "NAME  id,,name", false, "name,id");
	check_choice(NULL, "+flag", false, "id,name,size,flag");
	check_choice(NULL, "+flag,+id,state", false, "id,name,size,flag,state");
	check_choice("types", "+id", false, "ratio,flag,address,time,signals,state,id");
	check_choice("types", "id", false, "id");
	check_choice(NULL, "all", false, all);
	check_choice(
		NULL, "state,all", false,
		"state,id,parent,name,size,ratio,flag,address,time,signals,words,object,shown");
	check_choice(NULL, "flag,parent", true, "flag,parent");
	check_choice(NULL, "parent,flag", true, "parent,flag");
}

/* A table is read by eye, a record by programs: they may have different defaults. */
static void test_records(void **state)
{
	static const struct view views[] = {
		{"default", "id,name", "for people", "id,name,address,flag"},
		{"other", "size", "instead of it", "size,state"},
		{"same", "ratio", "without records", NULL},
	};
	struct listing_tool tool = fake_tool;

	(void)state;
	tool.views = views;
	tool.view_count = sizeof(views) / sizeof(views[0]);
	check_wish(&tool, (struct column_wish){0}, "id,name");
	check_wish(&tool, (struct column_wish){.records = true}, "id,name,address,flag,parent");
	check_wish(&tool, (struct column_wish){.records = true, .list = "+size"},
		   "id,name,address,flag,parent,size");
	check_wish(&tool, (struct column_wish){.records = true, .list = "size"}, "size");
	check_wish(&tool, (struct column_wish){.records = true, .view = "default"}, "id,name");
	check_wish(&tool, (struct column_wish){.default_view = "other"}, "size");
	check_wish(&tool, (struct column_wish){.default_view = "other", .records = true},
		   "size,state");
	check_wish(&tool, (struct column_wish){.default_view = "same", .records = true}, "ratio");
}

/* Every line of the usage text fits a terminal, and every option is in it. */
static void test_help(void **state)
{
	size_t longest = 0;

	(void)state;
	run("--help");
	assert_int_equal(result.status, EXIT_OK);
	assert_string_equal(result.err, "");
	assert_non_null(strstr(result.out, "Usage: intro-fake [OPTION]... [ID]...\n"
					   "Rows that are made up.\n"));
	assert_non_null(strstr(result.out, "\n  -t, --tree "));
	assert_non_null(strstr(result.out, "\n      --only WORD "));
	assert_non_null(strstr(result.out, "\n  -W, --watch[=SECONDS] "));
	assert_non_null(strstr(result.out, "\n  types "));
	assert_null(strstr(result.out, "print-completion"));
	for (const char *line = result.out; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		longest = len > longest ? len : longest;
		line += len + 1;
	}
	assert_true(longest <= 80);
	/* Help is given even where other options are wrong for it. */
	run("-V|-h");
	assert_memory_equal(result.out, "Usage:", 6);
	run("-V");
	assert_memory_equal(result.out, "intro-fake (intro) ", 19);
}

static void test_list_columns(void **state)
{
	(void)state;
	run("-H");
	assert_int_equal(result.status, EXIT_OK);
	assert_memory_equal(result.out, "NAME    TYPE    DESCRIPTION\n", 28);
	assert_non_null(strstr(result.out, "\nsignals set     a mask of signals\n"));
	run("-nH");
	assert_memory_equal(result.out, "id ", 3);
	run("-H|--json");
	assert_memory_equal(result.out, "{\"schema\":\"intro.columns/1\",", 28);
	assert_non_null(strstr(result.out,
			       "{\"name\":\"size\",\"type\":\"integer\",\"description\":"
			       "\"bytes\",\"unit\":\"bytes\"},\n"));
	run("-H|-r");
	assert_memory_equal(result.out, "name\ttype\tdescription\nid\tinteger\t", 33);
}

static void test_completion(void **state)
{
	(void)state;
	run("--print-completion=bash");
	assert_int_equal(result.status, EXIT_OK);
	assert_non_null(strstr(result.out, "_intro_tools+=(fake)\n"));
	assert_non_null(strstr(result.out, "_intro_views[fake]='default types'\n"));
	assert_non_null(strstr(result.out, "_intro_operands[fake]='pids'\n"));
	assert_non_null(strstr(result.out, "[--only]='words this that'\n"));
	assert_non_null(strstr(result.out, "[-o]='columns' [--output]='columns'\n"));
	assert_non_null(strstr(result.out, "[--color=]='words auto always never'\n"));
}

static void test_parsed(void **state)
{
	char *argv[] = {(char[]){"intro-fake"}, (char[]){"-p1,2"},
			(char[]){"7"},          (char[]){"--pid=3"},
			(char[]){"--procfs"},   (char[]){"dir"},
			(char[]){"-t"},         (char[]){"--"},
			(char[]){"-x"},         NULL};
	struct listing_options options;

	(void)state;
	assert_int_equal(listing_parse(&fake_tool, 9, argv, fake_handler, &options, &options), -1);
	assert_string_equal(options.pids, "1,2,3");
	assert_string_equal(options.procfs, "dir");
	assert_true(options.tree);
	assert_false(options.watch);
	assert_int_equal(options.operand_count, 2);
	assert_string_equal(options.operands[0], "7");
	assert_string_equal(options.operands[1], "-x");
	listing_options_free(&options);
	listing_options_free(&options);
}

static const char *suggested(const char *wanted)
{
	static const char *const names[] = {"pid", "ppid", "comm", "cgroup", "sched_class"};
	struct suggestion suggestion = suggest_for(wanted, strlen(wanted));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		suggest_offer(&suggestion, names[i]);
	return suggestion.best;
}

static void test_suggest(void **state)
{
	(void)state;
	assert_string_equal(suggested("pdi"), "pid");
	assert_string_equal(suggested("PIDD"), "pid");
	assert_string_equal(suggested("com"), "comm");
	assert_string_equal(suggested("schedclass"), "sched_class");
	assert_null(suggested("x"));
	assert_null(suggested(""));
	assert_null(suggested("entirely_different"));
	assert_null(suggested("a_name_that_is_longer_than_any_that_there_could_be"));
	assert_int_equal(suggest_distance("kitten", 6, "sitting", 7), 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),        cmocka_unit_test(test_more_mistakes),
		cmocka_unit_test(test_unknown_columns), cmocka_unit_test(test_choice),
		cmocka_unit_test(test_records),         cmocka_unit_test(test_help),
		cmocka_unit_test(test_list_columns),    cmocka_unit_test(test_completion),
		cmocka_unit_test(test_parsed),          cmocka_unit_test(test_suggest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
