/*
 * Runs one command and tells what it took: `measure null|pipe COMMAND [ARGUMENT]...` prints one
 * line "ns=... cpu_ns=... maxrss_kib=... status=...".
 *
 * Why not from the script: the kernel counts the memory of who starts a program into that
 * program's peak, and an interpreter is larger than all that is measured here.
 *
 * Its output goes to /dev/null, or through a pipe that is emptied here.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static uint64_t cpu_ns(const struct rusage *usage)
{
	return (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000000 +
	       (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1000;
}

static void must(int error, const char *what)
{
	errno = error;
	if (error)
		err(125, "%s", what);
}

static void drain(int fd)
{
	static char buf[64 * 1024];
	ssize_t n;

	do
		n = read(fd, buf, sizeof(buf));
	while (n > 0 || (n < 0 && errno == EINTR));
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	uint64_t begin, end;
	int ends[2] = {-1, -1}, status;
	pid_t pid;

	if (argc < 3 || (strcmp(argv[1], "null") != 0 && strcmp(argv[1], "pipe") != 0))
		errx(125, "usage: measure null|pipe COMMAND [ARGUMENT]...");
	must(posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
	must(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0), "addopen");
	must(posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0), "addopen");
	if (argv[1][0] == 'p') {
		must(pipe2(ends, O_CLOEXEC) ? errno : 0, "pipe");
		must(posix_spawn_file_actions_adddup2(&actions, ends[1], 1), "adddup2");
	} else {
		must(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0),
		     "addopen");
	}

	begin = now_ns();
	must(posix_spawnp(&pid, argv[2], &actions, NULL, argv + 2, environ), argv[2]);
	if (ends[0] >= 0) {
		close(ends[1]);
		drain(ends[0]);
	}
	while (wait4(pid, &status, 0, &usage) < 0)
		must(errno == EINTR ? 0 : errno, "wait4");
	end = now_ns();
	printf("ns=%ju cpu_ns=%ju maxrss_kib=%ld status=%d\n", (uintmax_t)(end - begin),
	       (uintmax_t)cpu_ns(&usage), usage.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
