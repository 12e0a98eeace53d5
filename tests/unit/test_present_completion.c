/* The completions of bash: the template with the made-up tool's data, asked as bash would ask. */
#include "unit/present_fake.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static int data_file = -1;
static struct fake_result result;

static int make_data(void **state)
{
	struct fake fake = {.fail_at = -1};

	(void)state;
	fake_run(&fake, "--print-completion=bash", &result);
	data_file = memfd_create("completion", 0);
	if (result.status != 0 || data_file < 0)
		return -1;
	return write(data_file, result.out, strlen(result.out)) < 0 ? -1 : 0;
}

/* `words` are a quoted list for bash; the last one is being completed. */
static void check(const char *words, const char *expected)
{
	static char answer[1 << 20]; /* on a busy machine there are many PIDs */
	char command[2048];

	snprintf(command, sizeof(command),
		 "bash --norc -c '"
		 "source \"" INTRO_SOURCE_DIR "/completions/intro.bash\" || exit; "
		 "source /proc/self/fd/%d || exit; "
		 "COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _intro_complete; "
		 "echo \"${COMPREPLY[*]}\"' 2>&1 <&-",
		 data_file, words);
	FILE *bash = popen(command, "re");

	assert_non_null(bash);
	size_t len = fread(answer, 1, sizeof(answer) - 1, bash);

	answer[len] = '\0';
	int status = pclose(bash);

	if (status != 0)
		fail_msg("%s: bash ended with %#x: %s", words, (unsigned)status, answer);
	if (expected[0] != '*') {
		assert_string_equal(answer, expected);
	} else if (strstr(answer, expected + 1) == NULL) {
		fail_msg("%s: no '%s' in '%s'", words, expected + 1, answer);
	}
}

static void test_tools(void **state)
{
	(void)state;
	check("intro \"\"", "fake help --help --version\n");
	check("intro f", "fake\n");
	check("intro help f", "fake\n");
	check("intro other -", "\n");
	check("/usr/bin/intro-fake --tr", "--tree\n");
}

static void test_options(void **state)
{
	(void)state;
	check("intro fake --out", "--output\n");
	check("intro-fake --wat", "--watch= --watch\n");
	check("intro-fake --only t", "this that\n");
	check("intro-fake --only = th", "this that\n");
	check("intro-fake --color = al", "always\n");
	check("intro-fake --color =", "auto always never\n");
	check("intro-fake --view \"\"", "default types\n");
	check("intro-fake -Q \"\"", "\n");
	check("intro-fake -n -", "*--noheadings");
}

static void test_lists(void **state)
{
	(void)state;
	check("intro-fake -o s", "size signals state shown\n");
	check("intro-fake --output id,na", "id,name\n");
	check("intro-fake -o +fl", "+flag\n");
	check("intro-fake -o +flag,+pa", "+flag,+parent\n");
	check("intro-fake --sort -ra", "-ratio\n");
	check("intro-fake --sort id,-ra", "id,-ratio\n");
	check("intro-fake -p 1,", "*1,1 ");
	check("intro-fake -p x", "\n");
	/* The operands of this tool are PIDs. */
	check("intro-fake $$", "*");
}

/* A process of this name, which waits to be killed. */
static pid_t start_named(const char *name)
{
	int ready[2];
	char byte = 0;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* A name of a process is data: nothing in it is run, and only plain ones are offered. */
static void test_names_are_data(void **state)
{
	pid_t plain = start_named("zq-plain"), hostile = start_named("zq$(echo hi)");
	char expected[32];

	(void)state;
	/* Closes the list and begins another one, after having changed what operands are. */
	check("); _intro_operands[fake]=pids_and_names; COMP_WORDS=(intro-fake zq", "zq-plain\n");
	snprintf(expected, sizeof(expected), "*%d", (int)hostile);
	check("intro-fake \"\"", expected);
	end(plain);
	end(hostile);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tools),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_names_are_data),
	};

	if (system("bash -c 'exit $((BASH_VERSINFO[0] < 4))' 2>/dev/null") != 0) {
		puts("skipped: there is no bash 4 or later");
		return 77;
	}
	return cmocka_run_group_tests(tests, make_data, NULL);
}
