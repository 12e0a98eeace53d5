/*
 * What the limit loops share: the least that a program has to do to read the files of /proc.
 * Nothing is kept and nothing printed, so they show where the floor is that the kernel sets.
 */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What getdents64(2) fills. */
struct limit_entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

struct limit_list {
	_Alignas(struct limit_entry) char buf[32 * 1024];
	const char *p, *end;
	int dirfd;
};

static inline int limit_open(int dirfd, const char *path)
{
	return openat(dirfd, path, O_RDONLY | O_CLOEXEC);
}

static inline void limit_list_open(struct limit_list *list, int dirfd, const char *path)
{
	list->dirfd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	list->p = list->end = list->buf;
}

/* The next name in the directory that begins with a digit from `least` on, or NULL. */
static inline const char *limit_list_next_from(struct limit_list *list, char least)
{
	for (;;) {
		if (list->p == list->end) {
			long n = syscall(SYS_getdents64, list->dirfd, list->buf, sizeof(list->buf));

			if (n <= 0)
				return NULL;
			list->p = list->buf;
			list->end = list->buf + n;
		}
		const struct limit_entry *entry = (const void *)list->p;

		list->p += entry->length;
		if (entry->name[0] >= least && entry->name[0] <= '9')
			return entry->name;
	}
}

static inline const char *limit_list_next(struct limit_list *list)
{
	return limit_list_next_from(list, '1');
}

/* "812" and "/stat" */
static inline void limit_path(char *path, const char *pid, const char *file)
{
	strcpy(stpcpy(path, pid), file);
}

/* The length of what was read; 0 where it could not be. The text is terminated. */
static inline size_t limit_read(int dirfd, const char *path, char *buf, size_t size)
{
	int fd = limit_open(dirfd, path);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	return (size_t)n;
}

/* For the end of main: a loop that has found nothing has measured nothing. */
static inline int limit_done(size_t count)
{
	if (count == 0)
		errx(1, "there are no processes in /proc");
	return 0;
}

#endif
