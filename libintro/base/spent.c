/* Descriptors that are closed together. */
#include "base/spent.h"

#include <sys/syscall.h>
#include <unistd.h>

/* One behind the other without a gap: no descriptor of anybody else is among them. */
static int is_range(const struct intro_spent *spent)
{
	for (int i = 1; i < spent->count; i++)
		if (spent->fds[i] != spent->fds[0] + i)
			return 0;
	return spent->count > 1;
}

static int close_range_of(const struct intro_spent *spent)
{
#ifdef SYS_close_range /* Linux 5.9 */
	return (int)syscall(SYS_close_range, spent->fds[0], spent->fds[spent->count - 1], 0);
#else
	(void)spent;
	return -1;
#endif
}

void intro_spent_close(struct intro_spent *spent)
{
	if (!is_range(spent) || close_range_of(spent))
		for (int i = 0; i < spent->count; i++)
			close(spent->fds[i]);
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
