/* The floor of a listing of descriptors: what has to be asked of each of all processes. */
#ifndef BENCH_LIMIT_FDS_H
#define BENCH_LIMIT_FDS_H

#include "limit.h"

/* readlink, lstat for the access, and stat where the link names a file. `info`: fdinfo, too. */
static inline size_t limit_fds_of(int proc_fd, const char *pid, int info)
{
	static struct limit_list list;
	char path[64], buf[4096];
	size_t count = 0;

	limit_path(path, pid, "/fd");
	limit_list_open(&list, proc_fd, path);
	if (list.dirfd < 0)
		return 0;
	int info_fd = -1;

	if (info) {
		limit_path(path, pid, "/fdinfo");
		info_fd = openat(proc_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	for (;;) {
		const char *fd = limit_list_next_from(&list, '0');
		struct stat st;

		if (!fd)
			break;
		if (readlinkat(list.dirfd, fd, buf, sizeof(buf)) < 0 ||
		    fstatat(list.dirfd, fd, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (buf[0] == '/' && fstatat(list.dirfd, fd, &st, 0))
			continue;
		if (info && !limit_read(info_fd, fd, buf, sizeof(buf)))
			continue;
		count++;
	}
	if (info_fd >= 0)
		close(info_fd);
	close(list.dirfd);
	return count;
}

static inline int limit_fds(int info)
{
	struct limit_list list;
	const char *pid;
	size_t count = 0;

	limit_list_open(&list, AT_FDCWD, "/proc");
	while ((pid = limit_list_next(&list)))
		count += limit_fds_of(list.dirfd, pid, info);
	return limit_done(count);
}

#endif
