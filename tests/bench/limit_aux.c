/*
 * The floor of what `ps aux` shows: stat, the owner of the directory, the exact resident size, the
 * command line.
 */
#include "limit.h"

int main(void)
{
	struct limit_list list;
	const char *pid;
	char path[64], buf[4096], arguments[128 * 1024];
	size_t count = 0;

	limit_list_open(&list, AT_FDCWD, "/proc");
	while ((pid = limit_list_next(&list))) {
		struct stat owner;

		limit_path(path, pid, "/stat");
		if (limit_read(list.dirfd, path, buf, sizeof(buf)) == 0)
			continue;
		if (fstatat(list.dirfd, pid, &owner, 0))
			continue;
		limit_path(path, pid, "/statm");
		limit_read(list.dirfd, path, buf, sizeof(buf));
		limit_path(path, pid, "/cmdline");
		limit_read(list.dirfd, path, arguments, sizeof(arguments));
		count++;
	}
	return limit_done(count);
}
