/*
 * Threads that wait in known system calls: threads KIND...
 *   futex read poll nanosleep epoll accept sigwait pause
 *   plain      as `pause`, but named NAME by plain:NAME
 * A thread bears the name of its kind. All six argument registers are given, so that each is known.
 * Prints: ready pid=PID KIND=TID:NUMBER:ARG,ARG,ARG,ARG,ARG,ARG ..., in hexadecimal.
 */
#include "targets/target.h"

#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum { ARGS = 6, MOST = 256, FAR_AWAY = 1000000 };

struct call {
	const char *name;
	_Atomic pid_t tid;
	long number, args[ARGS];
};

static struct call calls[MOST];
static int quiet_pipe[2];

/* What the kernel is told to look at; kept alive by being static. */
static uint32_t futex_word;
static char byte;
static struct pollfd quiet_poll = {.events = POLLIN};
static struct timespec far_away = {.tv_sec = FAR_AWAY};
static struct epoll_event event;
static sigset_t no_signals;

static long address(const void *place)
{
	return (long)(intptr_t)place;
}

static int listening_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* Only the family: the kernel chooses a name that is free. */
	struct sockaddr any = {.sa_family = AF_UNIX};

	if (fd < 0 || bind(fd, &any, sizeof(any.sa_family)) || listen(fd, 1))
		target_die("no socket");
	return fd;
}

static void describe(struct call *call)
{
	const char *kind = call->name;
	long args[ARGS] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66}; /* where the call looks at fewer */

	call->number = SYS_pause;
	if (strcmp(kind, "futex") == 0) {
		call->number = SYS_futex;
		args[0] = address(&futex_word);
		args[1] = FUTEX_WAIT | FUTEX_PRIVATE_FLAG;
		args[2] = args[3] = 0;
	} else if (strcmp(kind, "read") == 0) {
		call->number = SYS_read;
		args[0] = quiet_pipe[0];
		args[1] = address(&byte);
		args[2] = 1;
	} else if (strcmp(kind, "poll") == 0) {
		call->number = SYS_poll;
		quiet_poll.fd = quiet_pipe[0];
		args[0] = address(&quiet_poll);
		args[1] = 1;
		args[2] = -1;
	} else if (strcmp(kind, "nanosleep") == 0) {
		call->number = SYS_nanosleep;
		args[0] = address(&far_away);
		args[1] = 0;
	} else if (strcmp(kind, "epoll") == 0) {
		call->number = SYS_epoll_wait;
		args[0] = epoll_create1(EPOLL_CLOEXEC);
		args[1] = address(&event);
		args[2] = 1;
		args[3] = -1;
	} else if (strcmp(kind, "accept") == 0) {
		call->number = SYS_accept;
		args[0] = listening_socket();
		args[1] = args[2] = 0;
	} else if (strcmp(kind, "sigwait") == 0) {
		call->number = SYS_rt_sigtimedwait;
		args[0] = address(&no_signals);
		args[1] = args[2] = 0;
		args[3] = 8;
	}
	memcpy(call->args, args, sizeof(args));
}

static _Noreturn void call_for_ever(const struct call *call)
{
	for (;;)
		syscall(call->number, call->args[0], call->args[1], call->args[2], call->args[3],
			call->args[4], call->args[5]);
}

static void *thread(void *argument)
{
	struct call *call = argument;

	prctl(PR_SET_NAME, call->name);
	call->tid = (pid_t)syscall(SYS_gettid);
	call_for_ever(call);
}

static void start(struct call *call, char *word)
{
	const struct timespec moment = {.tv_nsec = NS_PER_MS};
	pthread_attr_t attr;
	pthread_t unused;

	call->name = word;
	if (strncmp(word, "plain:", 6) == 0)
		call->name = word + 6;
	describe(call);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 16);
	if (pthread_create(&unused, &attr, thread, call))
		target_die("pthread_create");
	while (!call->tid)
		nanosleep(&moment, NULL);
}

/* Until the kernel says that the thread waits in its call. */
static void await(const struct call *call)
{
	const struct timespec moment = {.tv_nsec = NS_PER_MS};
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", call->tid);
	for (int i = 0; i < 10000; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

		if (fd < 0 && errno == ENOENT)
			break; /* a kernel without this file */
		close(fd);
		if (n > 0) {
			text[n] = '\0';
			if (strtol(text, NULL, 10) == call->number && text[0] != 'r')
				break;
		}
		nanosleep(&moment, NULL);
	}
	target_await_state(getpid(), call->tid, "S");
}

int main(int argc, char **argv)
{
	target_die_with_parent();
	if (argc > MOST || pipe2(quiet_pipe, O_CLOEXEC))
		target_die("too many, or no pipe");
	for (int i = 1; i < argc; i++)
		start(&calls[i - 1], argv[i]);
	printf("ready pid=%d", getpid());
	for (int i = 0; i < argc - 1; i++) {
		await(&calls[i]);
		printf(" %s=%d:%lx:", calls[i].name, calls[i].tid, calls[i].number);
		for (int n = 0; n < ARGS; n++)
			printf("%s%lx", n ? "," : "", calls[i].args[n]);
	}
	target_ready();
	target_wait();
	return 0;
}
