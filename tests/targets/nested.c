/*
 * A process in nested PID namespaces: nested LEVELS. In each namespace some PIDs are used up
 * before, so that its ids differ from level to level. The innermost process has further
 * namespaces of its own: UTS, IPC, network, mount, cgroup.
 *
 * What its id is at each level comes from the kernel's translation of the sender of a message,
 * and not from the files that are to be tested.
 * Prints: ready pid=PID inner=PID ids=ID+ID+...  (outermost first)
 */
#include "targets/target.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum { MOST = 8 };

static int mail[MOST + 1][2]; /* of each level: what the innermost process writes to it */

static void open_mail(int level)
{
	int on = 1;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, mail[level]) ||
	    setsockopt(mail[level][0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)))
		target_die("socketpair");
}

/* The id of the innermost process as this one sees it. */
static pid_t sender_of_mail(int level)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	char byte;
	struct iovec iovec = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &iovec,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	struct ucred credentials;

	if (recvmsg(mail[level][0], &message, 0) != 1)
		target_die("recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_CREDENTIALS)
		target_die("a message without a sender");
	memcpy(&credentials, CMSG_DATA(header), sizeof(credentials));
	return credentials.pid;
}

/* Ids are given in order: this many are gone when the next process comes. */
static void use_up_ids(int count)
{
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static _Noreturn void live_innermost(int levels)
{
	for (int level = 0; level <= levels; level++)
		if (write(mail[level][1], "", 1) != 1)
			target_die("write");
	target_pause();
}

/* Forks a process into a new PID namespace; at the last level with further namespaces. */
static void descend(int level, int levels)
{
	int others = CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWCGROUP;
	pid_t pid;

	if (level == levels)
		live_innermost(levels);
	if (unshare(CLONE_NEWPID | (level == levels - 1 ? others : 0)))
		target_die("unshare");
	pid = target_fork();
	if (pid == 0) {
		/* The first process of a namespace is its init: the next but one shows better. */
		use_up_ids(2 + level);
		pid = target_fork();
		if (pid == 0)
			descend(level + 1, levels);
		target_board[level + 1] = sender_of_mail(level + 1);
		target_pause();
	}
}

int main(int argc, char **argv)
{
	int levels = argc > 1 ? (int)target_number(argv[1]) : 1;

	target_die_with_parent();
	target_board_open();
	if (levels < 1 || levels > MOST)
		target_die("1 to %d levels", MOST);
	for (int level = 0; level <= levels; level++)
		open_mail(level);
	descend(0, levels);
	target_board[0] = sender_of_mail(0);
	printf("ready pid=%d inner=%d ids=", getpid(), target_board[0]);
	for (int level = 0; level <= levels; level++)
		printf("%s%d", level ? "+" : "", target_board_await(level));
	target_ready();
	target_wait();
	return 0;
}
