/* The floor of a listing that needs /proc/PID/stat: getdents, and open, read, close of each. */
#include "limit.h"

int main(void)
{
	struct limit_list list;
	const char *pid;
	char path[64], buf[4096];
	size_t count = 0;

	limit_list_open(&list, AT_FDCWD, "/proc");
	while ((pid = limit_list_next(&list))) {
		limit_path(path, pid, "/stat");
		count += limit_read(list.dirfd, path, buf, sizeof(buf)) > 0;
	}
	return limit_done(count);
}
