/*
 * What the target programs share. A target puts itself (or children) into a known state, prints
 * one line "ready key=value ...", and waits until its standard input is at its end. Whatever ends
 * it, its children end with it: each asks the kernel for SIGKILL at the end of its parent, and
 * those that are to be without their parent wait on the lifeline, a pipe that only the target
 * holds open for writing.
 */
#ifndef TARGET_H
#define TARGET_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS 1000000L

/* Says why on standard error and ends the program. */
__attribute__((format(printf, 1, 2))) static inline _Noreturn void target_die(const char *format,
									      ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	fputs("target: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, " (%s)\n", strerror(error));
	va_end(args);
	_exit(1);
}

/* To be called again after a change of ids: that takes the request back. */
static inline void target_die_with_parent(void)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		target_die("PR_SET_PDEATHSIG");
}

/* A child that dies with this process. Like fork, without failures. */
static inline pid_t target_fork(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		target_die("fork");
	if (child == 0) {
		target_die_with_parent();
		if (getppid() != parent && getppid() != 0) /* 0: a parent in an outer namespace */
			_exit(1);
	}
	return child;
}

static int target_lifeline_fds[2] = {-1, -1};

/* Before forking those who are to wait on it. */
static inline void target_lifeline_open(void)
{
	if (pipe2(target_lifeline_fds, O_CLOEXEC))
		target_die("pipe");
}

/* In a child: until the target ends. */
static inline _Noreturn void target_lifeline_wait(void)
{
	char byte;

	close(target_lifeline_fds[1]);
	while (read(target_lifeline_fds[0], &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

/* In a child: until it is killed. */
static inline _Noreturn void target_pause(void)
{
	for (;;)
		pause();
}

/* In the target: until its standard input is at its end. */
static inline void target_wait(void)
{
	char buf[256];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		;
}

/* Prints the ready line, whose end the caller gives, and sends it off. */
static inline void target_ready(void)
{
	putchar('\n');
	if (fflush(stdout))
		target_die("cannot say that it is ready");
}

/* The state letter of a thread (tid 0: of the process); 0 if there is none. */
static inline char target_state(pid_t pid, pid_t tid)
{
	char path[64], text[1024], *end;
	ssize_t n;
	int fd;

	if (tid)
		snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	else
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '\0';
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return '\0';
	text[n] = '\0';
	end = strrchr(text, ')');
	return end && end[1] == ' ' ? end[2] : '\0';
}

/* Waits until a thread is in a state that `letters` has; gives up loudly after ten seconds. */
static inline void target_await_state(pid_t pid, pid_t tid, const char *letters)
{
	const struct timespec moment = {.tv_nsec = NS_PER_MS};
	char state = '\0';

	for (int i = 0; i < 10000; i++) {
		state = target_state(pid, tid);
		if (state && strchr(letters, state))
			return;
		nanosleep(&moment, NULL);
	}
	errno = 0;
	target_die("%d/%d is in state '%c', not in one of '%s'", pid, tid, state, letters);
}

/*
 * A blackboard on which descendants write ids for the target to read. To be opened before they
 * are forked; each place is used once.
 */
enum { TARGET_PLACES = 64 };

static _Atomic pid_t *target_board;

static inline void target_board_open(void)
{
	void *page = mmap(NULL, TARGET_PLACES * sizeof(*target_board), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		target_die("mmap");
	target_board = page;
}

static inline pid_t target_board_await(int place)
{
	const struct timespec moment = {.tv_nsec = NS_PER_MS};

	for (int i = 0; i < 10000; i++) {
		if (target_board[place])
			return target_board[place];
		nanosleep(&moment, NULL);
	}
	errno = 0;
	target_die("nobody wrote on place %d", place);
}

/* A number in C notation, all of the text. */
static inline long target_number(const char *text)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 0);
	if (errno || end == text || *end)
		target_die("not a number: '%s'", text);
	return number;
}

#endif
