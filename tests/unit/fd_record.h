/*
 * Records of descriptors as the index is asked about them, made here by the calls themselves, and
 * processes that hold some.
 */
#ifndef TESTS_UNIT_FD_RECORD_H
#define TESTS_UNIT_FD_RECORD_H

#include "unit/tree.h"

#include <signal.h>
#include <sys/wait.h>

#include "fd/link.h"

struct record {
	struct intro_fd fd;
	struct intro_fd_stat stat;
	char link[4096];
};

static inline enum intro_fd_access record_access(mode_t mode)
{
	switch (mode & 0600) {
	case 0400:
		return INTRO_FD_ACCESS_R;
	case 0200:
		return INTRO_FD_ACCESS_W;
	case 0600:
		return INTRO_FD_ACCESS_RW;
	}
	return INTRO_FD_ACCESS_PATH;
}

/* What LINK, ACCESS and STAT give. */
static inline const struct intro_fd *record_of(struct record *record, pid_t pid, int fd)
{
	struct intro_link link;
	struct statx stx;
	struct stat st;
	char path[64];
	ssize_t len;

	memset(record, 0, sizeof(*record));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	len = readlink(path, record->link, sizeof(record->link));
	assert_true(len > 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &stx), 0);
	intro_parse_link(record->link, (size_t)len, &link);
	record->stat = (struct intro_fd_stat){
		.dev_major = stx.stx_dev_major,
		.dev_minor = stx.stx_dev_minor,
		.rdev_major = stx.stx_rdev_major,
		.rdev_minor = stx.stx_rdev_minor,
		.ino = stx.stx_ino,
		.mode = stx.stx_mode,
	};
	record->fd = (struct intro_fd){
		.have = INTRO_FD_WANT(LINK) | INTRO_FD_WANT(ACCESS) | INTRO_FD_WANT(STAT),
		.pid = pid,
		.tid = pid,
		.slot = INTRO_SLOT_FD,
		.fd = fd,
		.kind = link.kind,
		.access = record_access(st.st_mode),
		.link = {record->link, (size_t)len},
		.stat = &record->stat,
	};
	if (link.is_path && S_ISFIFO(stx.stx_mode))
		record->fd.kind = INTRO_FD_KIND_FIFO;
	else if (link.is_path && S_ISCHR(stx.stx_mode))
		record->fd.kind = INTRO_FD_KIND_CHR;
	return &record->fd;
}

/*
 * A process that has our descriptors (all of them, as fork(2) gives them) and does nothing but
 * wait for its end. With `before` it does that first; returns when that is done.
 */
static inline pid_t holder_start(void (*before)(void *context), void *context)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ready[0]);
		if (before)
			before(context);
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	/* Until it has closed its end, its descriptors are not what they will be. */
	assert_int_equal(read(ready[0], &byte, 1), 0);
	close(ready[0]);
	return pid;
}

static inline void holder_end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

#endif
