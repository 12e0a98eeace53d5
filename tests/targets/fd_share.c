/*
 * Who shares what: fd_share DIR (empty). The target P has a child C, forked, and a child K with
 * the same table of descriptors (CLONE_FILES). Prints: ready pid=PID c=PID k=PID and for each open
 * file description NAME=WHO.FD+WHO.FD+... (WHO: P, C or K), all that have it and nobody else.
 */
#include "targets/fd.h"

#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

enum {
	FAR = 200,
	ALIKE = 20, /* as many anonymous ones that look the same from outside */
	PLACE_SENT = 0,
	PLACE_SENT_NUMBER,
	PLACE_ONLY_CHILD,
};

static void send_descriptor(int socket, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {0};
	char byte = 'x';
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};

	control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)),
					  .cmsg_level = SOL_SOCKET,
					  .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (sendmsg(socket, &message, 0) != 1)
		target_die("sendmsg");
}

static int receive_descriptor(int socket)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {0};
	char byte;
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	int fd;

	if (recvmsg(socket, &message, 0) != 1 || control.header.cmsg_type != SCM_RIGHTS)
		target_die("recvmsg");
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

/* The child has a descriptor of its own, which it sends to the parent. */
static _Noreturn void child(int socket)
{
	int sent = fd_open("sent", O_RDWR | O_CREAT), own = fd_open("shared", O_RDWR);

	send_descriptor(socket, sent);
	target_board[PLACE_ONLY_CHILD] = own;
	target_board[PLACE_SENT_NUMBER] = sent;
	target_pause();
}

static int same_table(void *unused)
{
	(void)unused;
	target_die_with_parent();
	target_pause();
}

static pid_t start_same_table(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(same_table, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);

	if (pid < 0)
		target_die("clone");
	return pid;
}

/* Held by the table of P and K, and by that of C where it was there before the fork. */
static void say(const char *name, int fd, bool before_fork)
{
	printf(" %s=P.%d+K.%d", name, fd, fd);
	if (before_fork)
		printf("+C.%d", fd);
}

static void also(int fd, bool before_fork)
{
	printf("+P.%d+K.%d", fd, fd);
	if (before_fork)
		printf("+C.%d", fd);
}

static int signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		target_die("signalfd");
	return fd;
}

int main(int argc, char **argv)
{
	int file, copy, again, alike[ALIKE], alike_copy, event, late, late_copy, received, flying;
	int flying_kept, channel[2], carrier[2], ends[2];
	pid_t forked, shares;
	char name[32];

	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_share DIR");
	fd_close_inherited();
	target_board_open();
	file = fd_open("shared", O_RDWR | O_CREAT);
	copy = dup(file);
	again = fd_open("shared", O_RDWR);
	if (copy < 0 || dup2(file, FAR) != FAR)
		target_die("dup");
	for (int i = 0; i < ALIKE; i++)
		alike[i] = signals();
	alike_copy = fcntl(alike[ALIKE / 2], F_DUPFD_CLOEXEC, 0);
	event = eventfd(0, 0);
	if (alike_copy < 0 || event < 0 || pipe(ends) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, channel) ||
	    socketpair(AF_UNIX, SOCK_DGRAM, 0, carrier))
		target_die("pipe");
	forked = target_fork();
	if (!forked)
		child(channel[1]);
	received = receive_descriptor(channel[0]);
	target_board_await(PLACE_SENT_NUMBER);

	/* On their way: nobody has the one, and of the other the sender kept a copy. */
	flying = fd_open("flying", O_RDWR | O_CREAT);
	flying_kept = fd_open("kept", O_RDWR | O_CREAT);
	send_descriptor(carrier[0], flying);
	send_descriptor(carrier[0], flying_kept);
	close(flying);
	late = fd_open("shared", O_RDWR);
	late_copy = dup(late);
	shares = start_same_table();

	printf("ready pid=%d c=%d k=%d", getpid(), forked, shares);
	say("file", file, true);
	also(copy, true);
	also(FAR, true);
	say("again", again, true);
	for (int i = 0; i < ALIKE; i++) {
		snprintf(name, sizeof(name), "alike_%d", i);
		say(name, alike[i], true);
		if (i == ALIKE / 2)
			also(alike_copy, true);
	}
	say("event", event, true);
	say("pipe_r", ends[0], true);
	say("pipe_w", ends[1], true);
	say("channel_0", channel[0], true);
	say("channel_1", channel[1], true);
	say("carrier_0", carrier[0], true);
	say("carrier_1", carrier[1], true);
	say("received", received, false);
	printf("+C.%d", target_board[PLACE_SENT_NUMBER]);
	say("kept", flying_kept, false);
	say("late", late, false);
	also(late_copy, false);
	printf(" own=C.%d", target_board[PLACE_ONLY_CHILD]);
	target_ready();
	target_wait();
	return 0;
}
