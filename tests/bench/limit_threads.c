/* The floor of a listing of threads: stat, and task/ only of processes with several threads. */
#include "limit.h"

enum { FIELDS_TO_NUM_THREADS = 18 }; /* from the state on */

static size_t read_threads(int proc, const char *pid)
{
	struct limit_list list;
	const char *tid;
	char path[64], buf[4096];
	size_t count = 0;

	limit_path(path, pid, "/task");
	limit_list_open(&list, proc, path);
	if (list.dirfd < 0)
		return 0;
	while ((tid = limit_list_next(&list))) {
		limit_path(path, tid, "/stat");
		count += limit_read(list.dirfd, path, buf, sizeof(buf)) > 0;
	}
	close(list.dirfd);
	return count;
}

static long num_threads(const char *stat)
{
	const char *p = strrchr(stat, ')');

	for (int i = 0; p && i < FIELDS_TO_NUM_THREADS; i++)
		p = strchr(p + 1, ' ');
	return p ? strtol(p, NULL, 10) : 1;
}

int main(void)
{
	struct limit_list list;
	const char *pid;
	char path[64], buf[4096];
	size_t count = 0;

	limit_list_open(&list, AT_FDCWD, "/proc");
	while ((pid = limit_list_next(&list))) {
		limit_path(path, pid, "/stat");
		if (limit_read(list.dirfd, path, buf, sizeof(buf)) == 0)
			continue;
		count += num_threads(buf) > 1 ? read_threads(list.dirfd, pid) : 1;
	}
	return limit_done(count);
}
