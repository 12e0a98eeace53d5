/* What only a copy of the descriptor tells, made with pidfd_getfd(2). */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fd/list.h"
#include "fd/pidfd.h"

#define PIDFD_OF_THREAD O_EXCL /* Linux 6.9 */

/*
 * The pidfd of the task at hand. It is that of the pinned one if that is there still: as long as
 * that has not been reaped, its PID means nobody else.
 */
static int open_pidfd(struct intro_fds *fds)
{
	unsigned flags = fds->table_tid == fds->pid ? 0 : PIDFD_OF_THREAD;
	int fd;

	if (!intro_is_own_pid_namespace(fds->session))
		return -EOPNOTSUPP;
	fd = intro_pidfd_open(fds->table_tid, flags);
	if (fd < 0)
		return fd == -EINVAL ? -EOPNOTSUPP : fd;
	if (faccessat(fds->task_fd, "stat", F_OK, 0)) {
		close(fd);
		return -ESRCH;
	}
	return fd;
}

int intro_fd_copy_descriptor(struct intro_fds *fds)
{
	struct intro_fd_stat stat;
	uint64_t ino = fds->record.stat ? fds->record.stat->ino : fds->link.ino;
	int fd;

	if (fds->pidfd < 0 && !fds->pidfd_error) {
		fds->pidfd = open_pidfd(fds);
		if (fds->pidfd < 0)
			fds->pidfd_error = -fds->pidfd;
	}
	if (fds->pidfd_error)
		return -fds->pidfd_error;
	fd = intro_pidfd_copy(fds->pidfd, fds->record.fd);
	if (fd < 0)
		return fd == -EBADF ? -ENOENT : fd;
	if (intro_fd_statx(fd, "", AT_EMPTY_PATH, &stat) || stat.ino != ino) {
		close(fd);
		return -ESTALE;
	}
	return fd;
}

static void ask_pipe(struct intro_fds *fds, int fd)
{
	int buffered, capacity = fcntl(fd, F_GETPIPE_SZ);

	if (ioctl(fd, FIONREAD, &buffered) == 0 && buffered >= 0) {
		fds->copy.have |= INTRO_FD_COPY_BUFFERED;
		fds->copy.buffered = (uint32_t)buffered;
	}
	if (capacity >= 0) {
		fds->copy.have |= INTRO_FD_COPY_CAPACITY;
		fds->copy.capacity = (uint32_t)capacity;
	}
}

static void ask_memfd(struct intro_fds *fds, int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals >= 0) {
		fds->copy.have |= INTRO_FD_COPY_SEALS;
		fds->copy.seals = (uint32_t)seals;
	}
}

static bool tells_more(enum intro_fd_kind kind, const struct intro_fds *fds)
{
	return kind == INTRO_FD_KIND_PIPE || kind == INTRO_FD_KIND_FIFO ||
	       kind == INTRO_FD_KIND_MEMFD ||
	       (fds->link.kind == INTRO_FD_KIND_SOCKET && !fds->socket_asked);
}

/* Never reads data, never changes anything: the copy is of the same open file description. */
int intro_fd_source_copy(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	int fd, r;

	if (record->slot != INTRO_SLOT_FD || !fds->session->live)
		return INTRO_FD_NONE;
	r = intro_fd_require(fds, INTRO_FD_SOURCE_STAT);
	if (r)
		return r;
	if (!tells_more(record->kind, fds))
		return INTRO_FD_NONE;
	fd = intro_fd_copy_descriptor(fds);
	if (fd < 0)
		return fd;
	fds->copy = (struct intro_fd_copy){0};
	if (fds->link.kind == INTRO_FD_KIND_SOCKET)
		r = intro_fd_ask_socket(fds, fd);
	else if (record->kind == INTRO_FD_KIND_MEMFD)
		ask_memfd(fds, fd);
	else
		ask_pipe(fds, fd);
	close(fd);
	if (r)
		return r;
	record->copy = &fds->copy;
	return 0;
}
