/* Descriptors that are closed together. */
#include "base/spent.h"

#include <sys/syscall.h>
#include <unistd.h>

static void sort(struct intro_spent *spent)
{
	for (int i = 1; i < spent->count; i++) {
		int fd = spent->fds[i], j = i;

		for (; j > 0 && spent->fds[j - 1] > fd; j--)
			spent->fds[j] = spent->fds[j - 1];
		spent->fds[j] = fd;
	}
}

/* 0, or -1 where there is no such call. No descriptor of anybody else is among them. */
static int close_run(int first, int last)
{
#ifdef SYS_close_range /* Linux 5.9 */
	return (int)syscall(SYS_close_range, first, last, 0);
#else
	(void)first;
	(void)last;
	return -1;
#endif
}

void intro_spent_close(struct intro_spent *spent)
{
	int begin = 0;

	sort(spent);
	for (int i = 1; i <= spent->count; i++) {
		const int *fds = spent->fds;

		if (i < spent->count && fds[i] == fds[i - 1] + 1)
			continue;
		if (i - begin < 2 || close_run(fds[begin], fds[i - 1]))
			for (int j = begin; j < i; j++)
				close(fds[j]);
		begin = i;
	}
	spent->count = 0;
}

void intro_spent_add(struct intro_spent *spent, int fd)
{
	if (fd < 0)
		return;
	if (spent->count == INTRO_SPENT_MOST)
		intro_spent_close(spent);
	spent->fds[spent->count++] = fd;
}
