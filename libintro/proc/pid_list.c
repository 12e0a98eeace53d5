/* The numbers in a directory: the PIDs of /proc, the TIDs of a task directory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/number.h"
#include "proc/pin.h"

/* What getdents64(2) fills: a header and a terminated name. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
} __attribute__((may_alias)); /* it is read out of a buffer of char */

#define BUFFER_SIZE (32 * 1024)
#define ENTRY_MOST 64 /* bytes of an entry whose name is a number */

int intro_pid_list_add(struct intro_pid_list *list, pid_t pid)
{
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 512;
		pid_t *pids = realloc(list->pids, size * sizeof(*pids));

		if (!pids)
			return -ENOMEM;
		list->pids = pids;
		list->size = size;
	}
	list->pids[list->count++] = pid;
	return 0;
}

static int add_entries(struct intro_pid_list *list, pid_t least, const char *p, const char *end)
{
	while (p < end) {
		const struct entry *entry = (const void *)p;
		const char *name = entry->name, *name_end = name + strlen(name);
		uint64_t number;

		p += entry->length;
		if (!intro_take_u64(&name, name_end, &number) || name != name_end)
			continue;
		if (number < (uint64_t)least || number > INT32_MAX)
			continue;
		if (intro_pid_list_add(list, (pid_t)number))
			return -ENOMEM;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* procfs gives them in order; the directory of a captured tree does not. */
static void sort(struct intro_pid_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		if (list->pids[i - 1] > list->pids[i]) {
			qsort(list->pids, list->count, sizeof(*list->pids), compare);
			return;
		}
	}
}

int intro_pid_list_read(int dirfd, pid_t least, struct intro_pid_list *list)
{
	_Alignas(struct entry) char buf[BUFFER_SIZE];

	list->count = 0;
	if (!list->is_fresh_procfs && lseek(dirfd, 0, SEEK_SET) < 0)
		return -errno;
	for (;;) {
		long n = syscall(SYS_getdents64, dirfd, buf, sizeof(buf));

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		if (add_entries(list, least, buf, buf + n))
			return -ENOMEM;
		if (list->is_fresh_procfs && n <= BUFFER_SIZE - ENTRY_MOST)
			break;
	}
	list->first = list->count ? list->pids[0] : 0;
	sort(list);
	return 0;
}

void intro_pid_list_free(struct intro_pid_list *list)
{
	free(list->pids);
	*list = (struct intro_pid_list){0};
}
