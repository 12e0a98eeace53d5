/* Watching: rounds into a pipe, and on a terminal with keys, signals and another size. */
#include "unit/present_fake.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

enum { PATIENCE_MS = 20000 };

/* A process that runs the made-up tool, and what it has written so far. */
struct watched {
	pid_t pid;
	int fd; /* where its output can be read */
	size_t len;
	char text[65536];
};

static struct watched watched;

static void run_child(char **argv)
{
	static struct fake_row rows[] = {
		{.id = 1, .parent = 5, .name = "one", .size = -1, .state = "S"},
		{.id = 2, .parent = 0, .name = "two-has-a-long-name", .size = -1, .state = "R"},
		{.id = 3, .parent = 0, .name = "three", .size = -1, .state = "S"},
	};
	struct fake fake = {.rows = rows,
			    .count = 2,
			    .later = 1,
			    .changing = &rows[0],
			    .with_header = true,
			    .fail_at = -1};
	int argc = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (argv[argc] != NULL)
		argc++;
	exit(fake_main(&fake, argc, argv));
}

static void start_with_pipe(char **argv)
{
	int pipes[2];

	fflush(NULL);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	watched = (struct watched){.pid = fork(), .fd = pipes[0]};
	assert_true(watched.pid >= 0);
	if (watched.pid == 0) {
		close(pipes[0]);
		dup2(pipes[1], 1);
		run_child(argv);
	}
	close(pipes[1]);
}

static void set_size(int fd, unsigned short lines, unsigned short columns)
{
	struct winsize size = {.ws_row = lines, .ws_col = columns};

	assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
}

static void start_with_terminal(char **argv, struct termios *before)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	const char *name;

	fflush(NULL);
	assert_true(terminal >= 0);
	assert_int_equal(grantpt(terminal), 0);
	assert_int_equal(unlockpt(terminal), 0);
	name = ptsname(terminal);
	assert_non_null(name);
	set_size(terminal, 10, 40);
	assert_int_equal(tcgetattr(terminal, before), 0);
	watched = (struct watched){.pid = fork(), .fd = terminal};
	assert_true(watched.pid >= 0);
	if (watched.pid == 0) {
		setsid();
		int fd = open(name, O_RDWR);

		if (fd < 0)
			_exit(99);
		for (int to = 0; to <= 2; to++)
			dup2(fd, to);
		run_child(argv);
	}
}

/* False at the end of the output, or when nothing has come for a long time. */
static bool read_more(void)
{
	struct pollfd poll_fd = {.fd = watched.fd, .events = POLLIN};
	size_t room = sizeof(watched.text) - 1 - watched.len;

	if (room == 0 || poll(&poll_fd, 1, PATIENCE_MS) <= 0)
		return false;
	ssize_t len = read(watched.fd, watched.text + watched.len, room);

	if (len <= 0)
		return false;
	watched.len += (size_t)len;
	watched.text[watched.len] = '\0';
	return true;
}

static void expect(const char *part)
{
	while (strstr(watched.text, part) == NULL) {
		if (!read_more()) {
			kill(watched.pid, SIGKILL);
			fail_msg("'%s' did not come, but: %s", part, watched.text);
		}
	}
}

/* What has been looked at is forgotten: what is expected next comes later. */
static void forget(void)
{
	watched.len = 0;
	watched.text[0] = '\0';
}

static int wait_for_end(void)
{
	int status;

	while (read_more())
		;
	assert_int_equal(waitpid(watched.pid, &status, 0), watched.pid);
	return status;
}

static void type(const char *keys)
{
	assert_int_equal(write(watched.fd, keys, strlen(keys)), (ssize_t)strlen(keys));
}

#define ARGV(...) ((char *[]){(char[]){"intro-fake"}, __VA_ARGS__, NULL})

static void test_lines(void **state)
{
	(void)state;
	start_with_pipe(
		ARGV((char[]){"-W0.1"}, (char[]){"-j"}, (char[]){"-o"}, (char[]){"id,parent"}));
	expect("{\"id\":1,\"parent\":5}\n{\"id\":2,\"parent\":0}\n"
	       "{\"id\":1,\"parent\":6}\n{\"id\":2,\"parent\":0}\n{\"id\":3,\"parent\":0}\n"
	       "{\"id\":1,\"parent\":7}\n");
	/* The reader goes: that ends it without a word, even while it sleeps. */
	close(watched.fd);
	int status;

	assert_int_equal(waitpid(watched.pid, &status, 0), watched.pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FATAL);
}

static void stop(int expected_signal)
{
	kill(watched.pid, expected_signal);
	int status = wait_for_end();

	close(watched.fd);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), expected_signal);
}

static void test_documents(void **state)
{
	(void)state;
	start_with_pipe(ARGV((char[]){"-W0.1"}, (char[]){"-J"}, (char[]){"-o"}, (char[]){"id"}));
	expect("\"rows\":[{\"id\":1},{\"id\":2}],\"errors\":[]}\n{\"schema\"");
	stop(SIGTERM);
}

static void test_table_rounds(void **state)
{
	(void)state;
	start_with_pipe(ARGV((char[]){"-W0.1"}, (char[]){"-o"}, (char[]){"id,parent"}));
	expect("a line above\n\n"
	       "  ID UP\n"
	       "   1  5\n"
	       "   2  0\n"
	       "\n"
	       "a line above\n\n"
	       "  ID UP\n"
	       "*  1  6\n"
	       "   2  0\n"
	       "*  3  0\n"
	       "\n"
	       "a line above\n\n"
	       "  ID UP\n"
	       "*  1  7\n"
	       "   2  0\n"
	       "   3  0\n");
	stop(SIGINT);
}

static void check_restored(const struct termios *before)
{
	struct termios after;
	const char *end = strstr(watched.text, "\033[?1049l");

	assert_non_null(end);
	assert_null(strstr(end, "\033[?1049h"));
	assert_int_equal(tcgetattr(watched.fd, &after), 0);
	assert_int_equal(after.c_lflag, before->c_lflag);
	close(watched.fd);
}

static void test_quit(void **state)
{
	struct termios before;

	(void)state;
	/* An hour between the rounds: only keys bring the next. */
	start_with_terminal(ARGV((char[]){"-W3600"}, (char[]){"-o"}, (char[]){"id,parent,name"}),
			    &before);
	expect("\033[?1049h");
	expect("a line above\033[K");
	expect("two-has-a-long-name\033[K\033[J");
	assert_null(strstr(watched.text, "three"));
	type("x\033[A ");
	type(" ");
	expect("three");
	forget();
	type("q");
	int status = wait_for_end();

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	check_restored(&before);
}

static void test_marks_in_color(void **state)
{
	struct termios before;

	(void)state;
	start_with_terminal(
		ARGV((char[]){"-W0.1"}, (char[]){"-n"}, (char[]){"-o"}, (char[]){"id,parent"}),
		&before);
	expect("\033[1m 1  6\033[0m\033[K");
	expect("\033[7m 3  0\033[0m\033[K");
	type("q");
	assert_int_equal(wait_for_end(), 0);
	check_restored(&before);
}

/* Only as many lines as the screen has, no wider than it is; and again after it has changed. */
static void test_size(void **state)
{
	struct termios before;

	(void)state;
	start_with_terminal(
		ARGV((char[]){"-W3600"}, (char[]){"-n"}, (char[]){"-o"}, (char[]){"id,name"}),
		&before);
	expect("a line above\033[K\r\n\033[K\r\n 1 one\033[K\r\n 2 "
	       "two-has-a-long-name\033[K\033[J");
	set_size(watched.fd, 3, 40);
	expect("a line above\033[K\r\n\033[K\r\n 1 one\033[K\033[J");
	set_size(watched.fd, 9, 12);
	expect("a line above\033[K\r\n\033[K\r\n 1 one\033[K\r\n 2 two-has-a\033[K\033[J");
	type("q");
	assert_int_equal(wait_for_end(), 0);
	check_restored(&before);
}

static void check_signal(int number)
{
	struct termios before;

	start_with_terminal(ARGV((char[]){"-W3600"}, (char[]){"-o"}, (char[]){"id"}), &before);
	expect("\033[J");
	forget();
	kill(watched.pid, number);
	int status = wait_for_end();

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
	check_restored(&before);
}

static void test_signals(void **state)
{
	(void)state;
	check_signal(SIGTERM);
	check_signal(SIGINT);
	check_signal(SIGHUP);
}

static void test_interrupt_key(void **state)
{
	struct termios before;

	(void)state;
	start_with_terminal(ARGV((char[]){"-W3600"}, (char[]){"-o"}, (char[]){"id"}), &before);
	expect("\033[J");
	forget();
	type("\003");
	int status = wait_for_end();

	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	check_restored(&before);
}

/* A message that ends the watch is still there when the screen has gone. */
static void test_messages_survive(void **state)
{
	struct termios before;

	(void)state;
	start_with_terminal(ARGV((char[]){"-W0.1"}, (char[]){"-Q"},
				 (char[]){"abs(-9223372036854775807 - (parent = 6))"}),
			    &before);
	int status = wait_for_end();
	const char *end = strstr(watched.text, "\033[?1049l");

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_USAGE);
	assert_non_null(end);
	assert_non_null(strstr(end, "integer overflow"));
	check_restored(&before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_table_rounds),
		cmocka_unit_test(test_quit),
		cmocka_unit_test(test_marks_in_color),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_interrupt_key),
		cmocka_unit_test(test_messages_survive),
	};

	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	if (setlocale(LC_CTYPE, "") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
