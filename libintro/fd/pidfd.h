/* System calls on processes that the C library has no function for, or not everywhere. */
#ifndef INTRO_FD_PIDFD_H
#define INTRO_FD_PIDFD_H

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open /* the same on all CPUs */
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* A descriptor of a process; or a negative errno. */
static inline int intro_pidfd_open(pid_t pid, unsigned flags)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, flags);

	return fd < 0 ? -errno : fd;
}

/* A copy of one of its descriptors: the same open file description. Or a negative errno. */
static inline int intro_pidfd_copy(int pidfd, int fd)
{
	int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	return copy < 0 ? -errno : copy;
}

#endif
