/*
 * The descriptors that a listing is measured on: `workload_fds [PROCESSES [EACH]]` makes 5 processes
 * with about 2,000 descriptors each (files, pipes, UNIX and TCP sockets, epoll, eventfd) and one
 * with three, prints "ready big=PID small=PID", and ends all of them when its standard input closes
 * or a signal comes. Nothing is left behind: the files have no names, and the kernel kills each
 * process when this one dies.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_PROCESSES = 1000, MOST_EACH = 100000 };

static int check(int fd)
{
	if (fd < 0)
		err(1, "cannot make a descriptor");
	return fd;
}

static void add_file(size_t number)
{
	int fd = check(open("/tmp", O_TMPFILE | O_RDWR | (number % 3 ? 0 : O_APPEND), 0600));

	if (ftruncate(fd, (off_t)number) || lseek(fd, (off_t)number / 2, SEEK_SET) < 0)
		err(1, "cannot set up a file");
}

/* A file that is there and has a name, as most are. */
static void add_named(size_t number)
{
	static const char *const names[] = {"/etc/passwd", "/etc/group", "/dev/null", "/",
					    "/proc/self/exe"};

	check(open(names[number % (sizeof(names) / sizeof(names[0]))], O_RDONLY | O_CLOEXEC));
}

static void add_tcp(const struct sockaddr_in *address, int listener)
{
	check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int client = check(socket(AF_INET, SOCK_STREAM, 0));

	check(connect(client, (const struct sockaddr *)address, sizeof(*address)));
	check(accept(listener, NULL, NULL));
}

static int listen_on_loopback(struct sockaddr_in *address)
{
	socklen_t len = sizeof(*address);
	int fd = check(socket(AF_INET, SOCK_STREAM, 0));

	*address =
		(struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	check(bind(fd, (struct sockaddr *)address, len));
	check(listen(fd, 128));
	check(getsockname(fd, (struct sockaddr *)address, &len));
	return fd;
}

/* Of 20 descriptors: 5 files without a name, 4 with one, 4 of pipes, 2 of UNIX and 3 of TCP sockets,
 * one epoll and one eventfd. */
static void open_many(size_t count)
{
	struct sockaddr_in address;
	int listener = listen_on_loopback(&address), pair[2];

	for (size_t i = 0; i < count / 20; i++) {
		for (size_t j = 0; j < 5; j++)
			add_file(5 * i + j);
		for (size_t j = 0; j < 4; j++)
			add_named(4 * i + j);
		check(pipe(pair));
		struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = pair[0]};

		check(epoll_ctl(check(epoll_create1(0)), EPOLL_CTL_ADD, pair[0], &event));
		check(pipe2(pair, O_CLOEXEC | O_NONBLOCK));
		check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
		add_tcp(&address, listener);
		check(eventfd((unsigned)i, EFD_CLOEXEC));
	}
}

static void on_signal(int number)
{
	(void)number;
	close(STDIN_FILENO);
}

static void live(size_t descriptors, int ready, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	signal(SIGINT, SIG_IGN); /* of a terminal: the parent sees to it */
	prctl(PR_SET_NAME, descriptors ? "many" : "few");
	for (int fd = 0; fd < 3; fd++)
		dup2(check(open("/dev/null", O_RDWR | O_CLOEXEC)), fd);
	for (int fd = 3; fd < 64; fd++)
		if (fd != ready)
			close(fd);
	if (descriptors)
		open_many(descriptors);
	close(ready);
	for (;;)
		pause();
}

static pid_t start(size_t descriptors, const int ready[2])
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		close(ready[0]);
		live(descriptors, ready[1], parent);
	}
	return pid;
}

static size_t number_of(const char *text, size_t most)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || number > most)
		errx(2, "not a number up to %zu: %s", most, text);
	return number;
}

int main(int argc, char **argv)
{
	size_t processes = argc > 1 ? number_of(argv[1], MOST_PROCESSES) : 5;
	size_t each = argc > 2 ? number_of(argv[2], MOST_EACH) : 2000;
	struct sigaction action = {.sa_handler = on_signal}; /* without SA_RESTART */
	struct rlimit limit;
	pid_t *pids = calloc(processes + 1, sizeof(*pids));
	int ready[2];
	char byte;

	if (!pids)
		err(1, "calloc");

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	if (pipe2(ready, O_CLOEXEC))
		err(1, "pipe");
	for (size_t i = 0; i <= processes; i++)
		pids[i] = start(i < processes ? each : 0, ready);
	close(ready[1]);
	/* Each closes its end when it stands, or has failed. */
	while (read(ready[0], &byte, 1) < 0 && errno == EINTR)
		continue;
	if (waitpid(-1, NULL, WNOHANG))
		errx(1, "a process could not make its descriptors");
	printf("ready big=%d small=%d\n", pids[0], pids[processes]);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	for (size_t i = 0; i <= processes; i++) {
		kill(pids[i], SIGKILL);
		while (waitpid(pids[i], NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	free(pids);
	return 0;
}
