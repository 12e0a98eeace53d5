/* A made-up tool from its command line to its output: every format, what is asked for, failures. */
#include "unit/present_fake.h"

#include <fcntl.h>
#include <locale.h>
#include <time.h>

static const struct fake_row rows[] = {
	{.id = 3, .parent = 1, .name = "three", .size = 2048, .state = "S"},
	{.id = 1, .parent = 0, .name = "one\nline", .size = -1, .state = "R", .flag = true},
	{.id = 2, .parent = 3, .name = "two \xff", .size = 10, .state = "D", .denied = true},
};

static struct fake_result result;

static struct fake run(const char *words)
{
	struct fake fake = {.rows = rows, .count = 3, .fail_at = -1};

	fake_run(&fake, words, &result);
	return fake;
}

static void check(const char *words, int status, const char *out)
{
	run(words);
	assert_string_equal(result.err, "");
	assert_string_equal(result.out, out);
	assert_int_equal(result.status, status);
}

static void test_table(void **state)
{
	(void)state;
	check("", 0,
	      "ID NAME      SIZE\n"
	      " 3 three     2.0K\n"
	      " 1 one\\nline    -\n"
	      " 2 two \\xff    10\n");
	check("-n|-o|name,id", 0,
	      "three      3\n"
	      "one\\nline  1\n"
	      "two \\xff   2\n");
	check("-o|id,parent,shown", 0,
	      "ID UP SHOWN\n"
	      " 3  1 [three]\n"
	      " 1  0 one\\nline\n"
	      " 2  3 [two \\xff]\n");
	/* No blanks at the ends of lines. */
	check("-n|-o|id,name|-Q|id=2 or id=3", 0, " 3 three\n 2 two \\xff\n");
}

static void test_colors(void **state)
{
	(void)state;
	check("-o|id,state,ratio|--color|-Q|id<3", 0,
	      "\033[1mID\033[0m \033[1mS\033[0m \033[1mRATIO\033[0m\n"
	      " 1 \033[32mR\033[0m \033[2m  0.0\033[0m\n"
	      " 2 \033[31mD\033[0m \033[2m  0.0\033[0m\n");
	run("-J|-o|id|--color=always");
	assert_null(strchr(result.out, '\033'));
}

static void test_raw(void **state)
{
	(void)state;
	check("-r", 0,
	      "id\tname\tsize\n"
	      "3\tthree\t2048\n"
	      "1\tone\\nline\t\\N\n"
	      "2\ttwo \\xff\t10\n");
	check("-rn|-o|shown,words,flag", 0,
	      "\\N\tthree\tfalse\n"
	      "one\\nline\tone\\nline\ttrue\n"
	      "\\N\ttwo,\\xff\tfalse\n");
}

static void test_json(void **state)
{
	(void)state;
	check("-J|-o|id,name,size", 0,
	      "{\"schema\":\"intro.fake/1\",\"host\":\"host \\\"a\\\"\",\"boot_id\":\"boot\","
	      "\"time\":\"2026-11-21T04:00:01.230Z\",\"rows\":[\n"
	      "{\"id\":3,\"name\":\"three\",\"size\":2048},\n"
	      "{\"id\":1,\"name\":\"one\\nline\",\"size\":null},\n"
	      "{\"id\":2,\"name\":\"two \xef\xbf\xbd\",\"name_b64\":\"dHdvIP8=\",\"size\":10}\n"
	      "],\"errors\":[\n"
	      "{\"pid\":2,\"what\":\"io\",\"error\":\"EACCES\","
	      "\"message\":\"cannot read io: Permission denied\"}\n"
	      "]}\n");
	check("-j|-o|id,shown,flag", 0,
	      "{\"id\":3,\"shown\":null,\"flag\":false,\"parent\":1}\n"
	      "{\"id\":1,\"shown\":\"one\\nline\",\"flag\":true,\"parent\":0}\n"
	      "{\"id\":2,\"shown\":null,\"flag\":false,\"parent\":3}\n");
	check("-j|-o|signals|-Q|id=1", 0, "{\"signals\":null,\"signals_raw\":null}\n");
	check("-J|-o|id|-Q|0", EXIT_MISSING,
	      "{\"schema\":\"intro.fake/1\",\"host\":\"host \\\"a\\\"\",\"boot_id\":\"boot\","
	      "\"time\":\"2026-11-21T04:00:01.230Z\",\"rows\":[],\"errors\":[]}\n");
}

static void test_sort_and_tree(void **state)
{
	(void)state;
	check("-rn|-o|id|--sort|id", 0, "1\n2\n3\n");
	check("-rn|-o|id|--sort|-id", 0, "3\n2\n1\n");
	check("-rn|-o|id|--sort|size", 0, "2\n3\n1\n");
	check("-rn|-o|id|--sort|-size", 0, "3\n2\n1\n");
	check("-rn|-o|id|--sort|flag|--sort|name", 0, "3\n2\n1\n");
	/* By what it is, not by what a table shows in its place. */
	check("-n|-o|id|--sort|shown", 0, " 1\n 3\n 2\n");
	check("-n|-o|id,name|-t", 0,
	      " 1 one\\nline\n"
	      " 3 \xe2\x94\x94\xe2\x94\x80three\n"
	      " 2   \xe2\x94\x94\xe2\x94\x80two \\xff\n");
	check("-rn|-o|id|-t", 0, "1\n3\n2\n");
	/* Those whose parent has been filtered away are roots. */
	check("-n|-o|id,name|-t|-Q|id > 1", 0,
	      " 3 three\n"
	      " 2 \xe2\x94\x94\xe2\x94\x80two \\xff\n");
}

static void test_needs(void **state)
{
	struct fake fake = run("-o|id");

	(void)state;
	assert_int_equal(fake.needs, FAKE_IDS);
	assert_int_equal(fake.first, FAKE_IDS);
	assert_int_equal(fake.completions, 0);
	assert_int_equal(fake.starts, 1);
	fake = run("-r|-o|shown");
	assert_int_equal(fake.needs, FAKE_IDS | FAKE_NAME);
	fake = run("-o|shown");
	assert_int_equal(fake.needs, FAKE_IDS | FAKE_NAME | FAKE_SHOWN);
	fake = run("-o|size|--sort|flag");
	assert_int_equal(fake.needs, FAKE_IDS | FAKE_SIZE | FAKE_REST);
	assert_int_equal(fake.first, fake.needs);
	/* The filter's and the key's at once, the others only of what matches. */
	fake = run("-o|size,name|-Q|name like 'two%'");
	assert_int_equal(fake.needs, FAKE_IDS | FAKE_NAME | FAKE_SIZE);
	assert_int_equal(fake.first, FAKE_IDS | FAKE_NAME);
	assert_int_equal(fake.completed, FAKE_SIZE);
	assert_int_equal(fake.completions, 1);
	fake = run("-o|id|-Q|id = 2");
	assert_int_equal(fake.completions, 0);
	fake = run("-H");
	assert_int_equal(fake.starts, 0);
}

static void test_filters(void **state)
{
	(void)state;
	check("-rn|-o|id|-Q|id > 1|-Q|id < 3", 0, "2\n");
	check("-rn|-o|id|-Q|size is null", 0, "1\n");
	check("-r|-o|id|-Q|0", EXIT_MISSING, "id\n");
	check("-o|id|-Q|0", EXIT_MISSING, "");
	run("-o|id|-Q|id + 9223372036854775806 > abs(-9223372036854775806 - id)");
	assert_int_equal(result.status, EXIT_USAGE);
	assert_non_null(strstr(result.err, "integer overflow"));
}

static void test_gone(void **state)
{
	static const struct fake_row vanishing[] = {
		{.id = 1, .name = "a", .gone = true},
		{.id = 2, .name = "b"},
	};
	struct fake fake = {.rows = vanishing, .count = 2, .fail_at = -1};

	(void)state;
	fake_run(&fake, "-rn|-o|id,name|-Q|id", &result);
	assert_string_equal(result.out, "2\tb\n");
	assert_string_equal(result.err, "");
	assert_int_equal(result.status, 0);
}

static void test_errors(void **state)
{
	static const struct fake_row denied[] = {
		{.id = 7, .name = "a", .denied = true, .size = 1},
		{.id = 8, .name = "b", .denied = true, .size = 1},
	};
	static const char *const formats[] = {"-rn|-o|id", "-n|-o|id", "-rn|-o|id|--sort|-size"};
	struct fake fake = {.rows = denied, .count = 2, .fail_at = -1, .names_all = true};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		fake.next = 0;
		fake_run(&fake, formats[i], &result);
		assert_int_equal(result.status, EXIT_MISSING);
		assert_string_equal(result.err,
				    "intro-fake: PID 7: cannot read io: Permission denied\n"
				    "intro-fake: you are not its owner\n"
				    "intro-fake: PID 8: cannot read io: Permission denied\n");
	}
	fake.next = 0;
	fake_run(&fake, "-J|-o|id|-t", &result);
	assert_int_equal(result.status, EXIT_MISSING);
	assert_non_null(strstr(result.out, "{\"pid\":8,\"what\":\"io\",\"error\":\"EACCES\""));
	fake.next = 0;
	fake.names_all = false;
	fake_run(&fake, "-j|-o|id", &result);
	assert_int_equal(result.status, 0);
	assert_string_equal(result.err, "");
	assert_string_equal(result.out, "{\"id\":7}\n{\"id\":8}\n");
}

static void test_source_fails(void **state)
{
	struct fake fake = {.rows = rows, .count = 3, .fail_at = 1};

	(void)state;
	fake_run(&fake, "-rn|-o|id", &result);
	assert_int_equal(result.status, EXIT_FATAL);
	assert_string_equal(result.err, "intro-fake: made to fail\n");
}

/* Runs with stdout on something that cannot be written. */
static int run_into(int fd, char *err, size_t size)
{
	struct fake fake = {.rows = rows, .count = 3, .fail_at = -1};
	char *argv[] = {(char[]){"intro-fake"}, NULL};
	int saved_out = dup(1), saved_err;
	int file = fake_redirect(2, &saved_err);

	if (fd >= 0)
		dup2(fd, 1);
	else
		close(1);
	int status = fake_main(&fake, 1, argv);

	fake_restore(2, saved_err, file, err, size);
	dup2(saved_out, 1);
	close(saved_out);
	return status;
}

static void test_broken_output(void **state)
{
	char err[512];
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), pipes[2];

	(void)state;
	assert_true(full >= 0);
	assert_int_equal(run_into(full, err, sizeof(err)), EXIT_FATAL);
	assert_string_equal(err, "intro-fake: cannot write output: No space left on device\n");
	close(full);
	assert_int_equal(run_into(-1, err, sizeof(err)), EXIT_FATAL);
	assert_string_equal(err, "intro-fake: cannot write output: Bad file descriptor\n");
	assert_int_equal(pipe(pipes), 0);
	close(pipes[0]);
	assert_int_equal(run_into(pipes[1], err, sizeof(err)), EXIT_FATAL);
	assert_string_equal(err, "");
	close(pipes[1]);
}

/* In a charset without them: no byte above 0x7f reaches the terminal, the tree is plain. */
static void test_plain_locale(void **state)
{
	static const struct fake_row wide[] = {
		{.id = 1, .parent = 0, .name = "k\xc3\xb6ln"},
		{.id = 2, .parent = 1, .name = "x"},
	};
	struct fake fake = {.rows = wide, .count = 2, .fail_at = -1};
	char *lc_all = getenv("LC_ALL"), *saved = lc_all != NULL ? strdup(lc_all) : NULL;

	(void)state;
	setenv("LC_ALL", "C", 1);
	fake_run(&fake, "-n|-o|id,name|-t", &result);
	assert_string_equal(result.out, " 1 k\\xc3\\xb6ln\n 2 `-x\n");
	fake.next = 0;
	fake_run(&fake, "-j|-o|name|-Q|id = 1", &result);
	assert_string_equal(result.out, "{\"name\":\"k\xc3\xb6ln\"}\n");
	setenv("LC_ALL", "C.UTF-8", 1);
	fake.next = 0;
	fake_run(&fake, "-n|-o|name|-Q|id = 1", &result);
	assert_string_equal(result.out, "k\xc3\xb6ln\n");
	free(saved);
}

/* Many rows: the buffer is flushed in between and the arrays grow. */
static void test_many_rows(void **state)
{
	enum { COUNT = 20000 };
	struct fake_row *many = calloc(COUNT, sizeof(*many));
	static const char *const words[] = {"-j", "-r", "", "-t", "--sort|-id", "-J|-t"};

	(void)state;
	assert_non_null(many);
	for (int i = 0; i < COUNT; i++)
		many[i] = (struct fake_row){.id = i + 1, .parent = i / 2, .name = "n", .size = i};
	for (size_t i = 0; i < 6; i++) {
		struct fake fake = {.rows = many, .count = COUNT, .fail_at = -1};

		fake_run(&fake, words[i], &result);
		assert_int_equal(result.status, 0);
		assert_int_equal(strlen(result.out), sizeof(result.out) - 1);
	}
	free(many);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),         cmocka_unit_test(test_colors),
		cmocka_unit_test(test_raw),           cmocka_unit_test(test_json),
		cmocka_unit_test(test_sort_and_tree), cmocka_unit_test(test_needs),
		cmocka_unit_test(test_filters),       cmocka_unit_test(test_gone),
		cmocka_unit_test(test_errors),        cmocka_unit_test(test_source_fails),
		cmocka_unit_test(test_broken_output), cmocka_unit_test(test_plain_locale),
		cmocka_unit_test(test_many_rows),
	};

	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	tzset();
	if (setlocale(LC_CTYPE, "") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
