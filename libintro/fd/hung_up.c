/* Whether the other end of a channel is gone, as the kernel knows it. */
#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/base.h"

#include <intro/fd.h>

#ifndef SYS_pidfd_open /* the same on all CPUs */
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* A copy of the descriptor; or a negative errno. Nothing is ever read through it. */
static int copy(pid_t pid, int fd)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), ret;

	if (pidfd < 0)
		return -errno;
	ret = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (ret < 0)
		ret = errno == EBADF ? -ESRCH : -errno;
	close(pidfd);
	return ret;
}

int intro_fd_hung_up(struct intro *session, pid_t pid, int fd, uint64_t ino)
{
	struct pollfd end = {.events = 0}; /* errors and hangups are told anyway */
	struct stat st;
	int told = 0;
	bool is_same;

	if (!intro_is_own_pid_namespace(session))
		return intro_fail(session, INTRO_E_UNSUPPORTED, 0, pid, NULL, NULL);
	end.fd = copy(pid, fd);
	if (end.fd < 0)
		return intro_fail(session,
				  end.fd == -ENOSYS ? INTRO_E_UNSUPPORTED
						    : intro_code_of_errno(-end.fd),
				  -end.fd, pid, NULL, NULL);
	is_same = fstat(end.fd, &st) == 0 && st.st_ino == ino;
	if (is_same && poll(&end, 1, 0) < 0)
		told = errno;
	close(end.fd);
	if (!is_same)
		return intro_fail(session, INTRO_E_GONE, ESRCH, pid, NULL, NULL);
	if (told)
		return intro_fail(session, INTRO_E_OS, told, pid, NULL, NULL);
	return (end.revents & (POLLERR | POLLHUP)) != 0;
}
