/* statx(2) of open files, and what is known without it. */
#include "fd/stat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#ifndef STATX_MNT_ID /* Linux 5.8 */
#define STATX_MNT_ID 0x00001000u
#endif
#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x00002000
#endif

#define MASK                                                                                       \
	(STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_UID | STATX_GID | STATX_INO | STATX_SIZE |  \
	 STATX_BLOCKS | STATX_MNT_ID)

int intro_fd_statx(int dirfd, const char *path, int flags, struct intro_fd_stat *ret)
{
	struct statx stx;

	if (statx(dirfd, path, flags | INTRO_FD_STATX_FLAGS, MASK, &stx))
		return -errno;
	*ret = (struct intro_fd_stat){
		.dev_major = stx.stx_dev_major,
		.dev_minor = stx.stx_dev_minor,
		.ino = stx.stx_ino,
		.mode = stx.stx_mode,
		.has_owner = true,
		.uid = stx.stx_uid,
		.gid = stx.stx_gid,
		.size = stx.stx_size,
		.blocks = stx.stx_blocks,
		.nlink = stx.stx_nlink,
		.rdev_major = stx.stx_rdev_major,
		.rdev_minor = stx.stx_rdev_minor,
		.has_mount_id = stx.stx_mask & STATX_MNT_ID,
		.mount_id = stx.stx_mnt_id,
		.is_mount_root = stx.stx_attributes & STATX_ATTR_MOUNT_ROOT,
	};
	return 0;
}

/* ---- kinds of which one file tells all ---- */

static int make(enum intro_fd_kind kind)
{
	sigset_t none;
	int fds[2];

	switch (kind) {
	case INTRO_FD_KIND_PIPE:
		if (pipe2(fds, O_CLOEXEC))
			return -1;
		close(fds[1]);
		return fds[0];
	case INTRO_FD_KIND_SOCKET:
		return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	case INTRO_FD_KIND_EVENTFD:
		return eventfd(0, EFD_CLOEXEC);
	case INTRO_FD_KIND_EPOLL:
		return epoll_create1(EPOLL_CLOEXEC);
	case INTRO_FD_KIND_TIMERFD:
		return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	case INTRO_FD_KIND_SIGNALFD:
		sigemptyset(&none);
		return signalfd(-1, &none, SFD_CLOEXEC);
	case INTRO_FD_KIND_INOTIFY:
		return inotify_init1(IN_CLOEXEC);
	default:
		return -1;
	}
}

static bool stat_and_close(int fd, struct intro_fd_stat *ret)
{
	int r;

	if (fd < 0)
		return false;
	r = intro_fd_statx(fd, "", AT_EMPTY_PATH, ret);
	close(fd);
	return r == 0;
}

/* Pipes and sockets have inodes of their own, whose owner is nobody's business. */
static bool ask_channel(enum intro_fd_kind kind, struct intro_fd_stat *ret)
{
	if (!stat_and_close(make(kind), ret))
		return false;
	ret->ino = 0;
	ret->mode &= S_IFMT;
	ret->has_owner = false;
	ret->uid = ret->gid = 0;
	return true;
}

/* Two that have the same inode, while both are there, have the one that all have. */
static bool ask_shared(enum intro_fd_kind kind, struct intro_fd_stat *ret)
{
	struct intro_fd_stat other;
	int fd = make(kind);
	bool is_same = fd >= 0 && stat_and_close(make(kind), &other) &&
		       intro_fd_statx(fd, "", AT_EMPTY_PATH, ret) == 0 &&
		       intro_fd_same_inode(ret, &other);

	if (fd >= 0)
		close(fd);
	return is_same;
}

static bool ask(enum intro_fd_kind kind, struct intro_fd_stat *ret)
{
	switch (kind) {
	case INTRO_FD_KIND_PIPE:
	case INTRO_FD_KIND_SOCKET:
		return ask_channel(kind, ret);
	case INTRO_FD_KIND_EVENTFD:
	case INTRO_FD_KIND_EPOLL:
	case INTRO_FD_KIND_TIMERFD:
	case INTRO_FD_KIND_SIGNALFD:
	case INTRO_FD_KIND_INOTIFY:
		return ask_shared(kind, ret);
	default:
		return false;
	}
}

const struct intro_fd_stat *intro_fd_known_stat(struct intro_fd_known *known,
						enum intro_fd_kind kind)
{
	struct intro_fd_known_kind *it = &known->kind[kind];

	if (it->state == INTRO_FD_NOT_ASKED)
		it->state = ask(kind, &it->stat) ? INTRO_FD_IS_KNOWN : INTRO_FD_NOT_KNOWN;
	return it->state == INTRO_FD_IS_KNOWN ? &it->stat : NULL;
}

/* ---- memory ---- */

static bool has_device(const struct intro_fd_known *known, const struct intro_fd_stat *stat)
{
	for (unsigned i = 0; i < known->memory_devices; i++)
		if (known->memory_device[i].major == stat->dev_major &&
		    known->memory_device[i].minor == stat->dev_minor)
			return true;
	return false;
}

static void add_device_of(struct intro_fd_known *known, unsigned flags)
{
	struct intro_fd_stat stat;
	unsigned n = known->memory_devices;

	if (!stat_and_close(memfd_create("intro", MFD_CLOEXEC | flags), &stat) ||
	    n == INTRO_FD_MEMORY_DEVICES || has_device(known, &stat))
		return;
	known->memory_device[n].major = stat.dev_major;
	known->memory_device[n].minor = stat.dev_minor;
	known->memory_devices++;
}

/* One for each size of huge pages that this kernel has: 64 KiB, 2 MiB, 1 GiB, ... An empty file takes none. */
static void add_huge_devices(struct intro_fd_known *known)
{
	enum { LEAST = 14, MOST = 34, SHIFT = 26 }; /* MFD_HUGE_SHIFT */

	for (unsigned bits = LEAST; bits <= MOST; bits++)
		add_device_of(known, MFD_HUGETLB | bits << SHIFT);
}

bool intro_fd_is_memory(struct intro_fd_known *known, const struct intro_fd_stat *stat,
			bool may_be_huge)
{
	if (stat->dev_major)
		return false;
	if (!known->memory_is_asked) {
		known->memory_is_asked = true;
		add_device_of(known, 0);
	}
	if (has_device(known, stat))
		return true;
	if (!may_be_huge || known->huge_is_asked)
		return false;
	known->huge_is_asked = true;
	add_huge_devices(known);
	return has_device(known, stat);
}
