/* What a process has mounted: all lines of its mountinfo. */
#ifndef INTRO_FD_MOUNTS_H
#define INTRO_FD_MOUNTS_H

#include <string.h>

#include "base/base.h"
#include "proc/mountinfo.h"

struct intro_fd_mounts {
	struct intro_buf text;
	struct intro_mount *mounts; /* in the order of mounting; paths are not escaped */
	size_t count, size;
};

/* Zero-initialized is empty. `path` from `dirfd` is that of a mountinfo. 0 or a negative errno. */
int intro_fd_mounts_read(const struct intro *session, int dirfd, const char *path,
			 struct intro_fd_mounts *mounts);
void intro_fd_mounts_free(struct intro_fd_mounts *mounts);

const struct intro_mount *intro_fd_mounts_by_id(const struct intro_fd_mounts *mounts, int id);

static inline bool intro_bytes_equal(struct intro_bytes a, const char *data, size_t len)
{
	return a.len == len && memcmp(a.data, data, len) == 0;
}

#endif
