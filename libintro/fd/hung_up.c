/* Whether the other end of a channel is gone, as the kernel knows it. */
#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <intro/fd.h>

#include "base/base.h"
#include "fd/pidfd.h"

/* A copy of the descriptor; or a negative errno. Nothing is ever read through it. */
static int copy(pid_t pid, int fd)
{
	int pidfd = intro_pidfd_open(pid, 0), ret;

	if (pidfd < 0)
		return pidfd;
	ret = intro_pidfd_copy(pidfd, fd);
	close(pidfd);
	return ret == -EBADF ? -ESRCH : ret;
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
