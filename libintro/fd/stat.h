/* What statx(2) says of open files, and what need not be asked because it is known already. */
#ifndef INTRO_FD_STAT_H
#define INTRO_FD_STAT_H

#include <fcntl.h>

#include <intro/fd.h>

/* Of every statx(2) on files of others: asks no file server and mounts nothing. */
#define INTRO_FD_STATX_FLAGS (AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT)

/* `flags`: AT_* besides. 0 or a negative errno. */
int intro_fd_statx(int dirfd, const char *path, int flags, struct intro_fd_stat *ret);

static inline bool intro_fd_same_inode(const struct intro_fd_stat *a, const struct intro_fd_stat *b)
{
	return a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

enum { INTRO_FD_MEMORY_DEVICES = 8 };

/* Found by making such files, each when it is first needed. Zero-initialized is empty. */
struct intro_fd_known {
	struct intro_fd_known_kind {
		enum { INTRO_FD_NOT_ASKED, INTRO_FD_IS_KNOWN, INTRO_FD_NOT_KNOWN } state;
		struct intro_fd_stat stat;
	} kind[INTRO_FD_KIND_COUNT];
	/* The kernel's own file systems for memory: of memfds, shared memory, huge pages. */
	unsigned memory_devices;
	struct {
		uint32_t major, minor;
	} memory_device[INTRO_FD_MEMORY_DEVICES];
	bool memory_is_asked, huge_is_asked;
};

/*
 * What stat of all files of a kind says; NULL where they differ in more than the inode number.
 * That number counts unless the kind is PIPE or SOCKET: they share one inode.
 */
const struct intro_fd_stat *intro_fd_known_stat(struct intro_fd_known *known,
						enum intro_fd_kind kind);

/*
 * Whether it is a file of the kernel's own file systems for memory, which cannot be mounted: what
 * names such files is not a path. `may_be_huge`: look among those for huge pages, too.
 */
bool intro_fd_is_memory(struct intro_fd_known *known, const struct intro_fd_stat *stat,
			bool may_be_huge);

#endif
