/*
 * The processes that a listing is measured on: `workload [PROCESSES [THREADED [THREADS]]]` makes
 * 2,000 sleeping processes and 20 of 50 threads each, with ordinary names and different arguments,
 * prints "ready", and ends all of them when its standard input closes or a signal comes.
 *
 * Nothing is left behind, however it ends: the kernel kills each process when this one dies.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 112, MOST = 100000 };

static const char *const names[] = {
	"sshd",     "nginx",     "postgres", "redis-server", "node",    "python3", "java", "bash",
	"rsyslogd", "memcached", "haproxy",  "php-fpm",      "dnsmasq", "cron",    "git",  "agetty",
};

static pid_t *pids;
static size_t pid_count;

/* As if the input had ended: a read that waits is interrupted, and a later one fails. */
static void on_signal(int number)
{
	(void)number;
	close(STDIN_FILENO);
}

/*
 * Fork copies the arguments, too. The program runs itself anew with one long argument; each process
 * then writes its own over it, to the last byte, so that no empty ones are seen behind them.
 */
struct room {
	char *begin;
	size_t len; /* without the NUL at the end */
};

static void set_arguments(const struct room *room, const char *name, size_t number)
{
	char text[ARGUMENTS];
	int len = snprintf(text, sizeof(text), "/usr/sbin/%s%c--id=%zu%c--config=/etc/%s/conf.d/",
			   name, 0, number, 0, name);

	if (len < 0 || len >= ARGUMENTS)
		return;
	memset(room->begin, 'x', room->len);
	memcpy(room->begin, text, (size_t)len);
}

static void *sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void start_threads(size_t count)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (pthread_attr_init(&attributes) || pthread_attr_setstacksize(&attributes, 64 * 1024))
		_exit(1);
	while (count-- > 1) {
		if (pthread_create(&thread, &attributes, sleep_for_ever, NULL))
			_exit(1);
	}
}

static void live(const struct room *room, size_t number, size_t threads, int ready, pid_t parent)
{
	const char *name = names[number % (sizeof(names) / sizeof(names[0]))];

	/* Before anything else, and then a look whether it was in time. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	signal(SIGINT, SIG_IGN); /* of a terminal: the parent sees to it */
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_NAME, name);
	set_arguments(room, name, number);
	start_threads(threads);
	close(ready);
	sleep_for_ever(NULL);
}

static void end_all(void)
{
	for (size_t i = 0; i < pid_count; i++)
		kill(pids[i], SIGKILL);
	for (size_t i = 0; i < pid_count; i++) {
		while (waitpid(pids[i], NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	pid_count = 0;
}

static bool start(const struct room *room, size_t threads, const int ready[2])
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0) {
		close(ready[0]);
		live(room, pid_count, threads, ready[1], parent);
	}
	pids[pid_count++] = pid;
	return true;
}

/* Each process closes its end of the pipe when it stands: at the end of file all do. */
static bool wait_for_all(int fd)
{
	ssize_t n;
	char byte;

	do
		n = read(fd, &byte, 1);
	while (n > 0);
	return n == 0 && waitpid(-1, NULL, WNOHANG) == 0;
}

static size_t number_of(const char *text, size_t most)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || number > most)
		errx(2, "not a number up to %zu: %s", most, text);
	return number;
}

static int run(const struct room *room, size_t processes, size_t threaded, size_t threads)
{
	struct sigaction action = {.sa_handler = on_signal}; /* without SA_RESTART */
	static const int signals[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGPIPE};
	int ready[2], status = 0;
	bool good = true;
	char byte;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	pids = calloc(processes + threaded, sizeof(*pids));
	if (!pids || pipe(ready))
		err(1, "cannot begin");
	for (size_t i = 0; good && i < processes + threaded; i++)
		good = start(room, i < processes ? 1 : threads, ready);
	if (!good)
		warn("cannot make %zu processes", processes + threaded);
	close(ready[1]);
	if (good && !wait_for_all(ready[0])) {
		warnx("interrupted, or a process could not make its %zu threads", threads);
		good = false;
	}
	if (good) {
		puts("ready");
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) > 0)
			continue;
	} else {
		status = 1;
	}
	end_all();
	return status;
}

int main(int argc, char **argv)
{
	static char filler[ARGUMENTS + 1];
	char processes[24], threaded[24], threads[24];

	if (argc == 5 && strlen(argv[4]) == ARGUMENTS)
		return run(&(struct room){argv[0], (size_t)(argv[4] + ARGUMENTS - argv[0])},
			   number_of(argv[1], MOST), number_of(argv[2], MOST),
			   number_of(argv[3], MOST));
	if (argc > 4)
		errx(2, "usage: workload [PROCESSES [THREADED [THREADS]]]");
	snprintf(processes, sizeof(processes), "%zu",
		 argc > 1 ? number_of(argv[1], MOST) : (size_t)2000);
	snprintf(threaded, sizeof(threaded), "%zu",
		 argc > 2 ? number_of(argv[2], MOST) : (size_t)20);
	snprintf(threads, sizeof(threads), "%zu", argc > 3 ? number_of(argv[3], MOST) : (size_t)50);
	memset(filler, 'x', ARGUMENTS);
	execl("/proc/self/exe", "workload", processes, threaded, threads, filler, (char *)NULL);
	err(1, "cannot run myself anew");
}
