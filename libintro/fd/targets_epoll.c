/*
 * Epoll remembers an open file description and the number it had. When the number is closed while
 * another descriptor keeps the description, the target stays, and whoever adds the number again
 * has two: such targets are stale. Where they can be compared, the kernel tells exactly.
 */
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd/link.h"
#include "fd/stat.h"
#include "fd/targets_private.h"

/*
 * The kernel looks for a target from the first on, so that comparing all is quadratic. This many
 * steps take about 40 milliseconds, and are enough for 2,000 targets.
 */
#define MOST_STEPS (UINT64_C(2) << 20)

/* Where a target is in the list, and how many of the same number are before it. */
struct place {
	int fd;
	uint32_t position, offset;
};

struct epoll {
	struct intro_fd_targets *targets;
	int task_fd;
	pid_t tid;
	int fd;
	bool can_compare;
	bool is_some_closed;
	uint64_t steps;
	struct intro_buf link;
};

static int by_fd(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->fd != y->fd)
		return x->fd < y->fd ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

static int by_position(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->position > y->position) - (x->position < y->position);
}

static struct place *find_places(const struct intro_epoll_target *targets, size_t count)
{
	struct place *places = calloc(count, sizeof(*places));

	if (!places)
		return NULL;
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){.fd = targets[i].fd, .position = (uint32_t)i};
	qsort(places, count, sizeof(*places), by_fd);
	for (size_t i = 1; i < count; i++)
		if (places[i].fd == places[i - 1].fd)
			places[i].offset = places[i - 1].offset + 1;
	qsort(places, count, sizeof(*places), by_position);
	return places;
}

/* Whether the target is what the number is now: 1, 0, or -1 where that cannot be asked. */
static int compare(struct epoll *epoll, const struct place *place)
{
	struct kcmp_epoll_slot slot = {
		.efd = (uint32_t)epoll->fd,
		.tfd = (uint32_t)place->fd,
		.toff = place->offset,
	};
	long r;

	if (!epoll->can_compare || epoll->steps > MOST_STEPS)
		return -1;
	epoll->steps += place->position + 1;
	r = syscall(SYS_kcmp, epoll->tid, epoll->tid, KCMP_EPOLL_TFD, (unsigned long)place->fd,
		    &slot);
	if (r >= 0)
		return r == 0;
	/* ENOENT, EBADF: closed, or no longer in the list. The next may be there still. */
	if (errno != ENOENT && errno != EBADF)
		epoll->can_compare = false;
	return -1;
}

/*
 * What inodes tell without the kernel's comparison: sockets have one of their own, and nearly all
 * anonymous ones have the same. Of files, statx may tell other numbers than those in the line: some
 * file systems have two.
 */
static int compare_inodes(const struct intro_epoll_target *target, const struct intro_link *link,
			  const struct statx *stx, bool *is_certain)
{
	bool is_same = target->ino == stx->stx_ino && target->dev_major == stx->stx_dev_major &&
		       target->dev_minor == stx->stx_dev_minor;

	*is_certain = link->kind == INTRO_FD_KIND_SOCKET || (!is_same && !link->is_path);
	if (!is_same)
		return link->is_path ? -1 : 0;
	return *is_certain || link->kind == INTRO_FD_KIND_PIPE || link->is_path ? 1 : -1;
}

static int check(struct epoll *epoll, const struct intro_epoll_target *target,
		 const struct place *place, const char *path)
{
	bool is_certain = false;
	struct intro_link link;
	int by_inode = -1, r;
	struct statx stx;

	intro_parse_link(epoll->link.data, epoll->link.len, &link);
	if (target->has_inode &&
	    statx(epoll->task_fd, path, INTRO_FD_STATX_FLAGS, STATX_INO, &stx) == 0)
		by_inode = compare_inodes(target, &link, &stx, &is_certain);
	if (is_certain)
		return by_inode;
	r = compare(epoll, place);
	return r >= 0 ? r : by_inode;
}

static int find(struct epoll *epoll, const struct place *place, struct intro_epoll_target *target)
{
	int error, r;
	char path[32];

	snprintf(path, sizeof(path), "fd/%d", target->fd);
	error = intro_read_link(epoll->task_fd, path, &epoll->link);
	if (error == -ENOENT) {
		target->is_checked = target->is_stale = epoll->is_some_closed = true;
		return 0;
	}
	if (error)
		return intro_fd_targets_is_ours(error) ? error : 0;
	r = epoll->targets->session->live ? check(epoll, target, place, path) : -1;
	target->is_checked = r >= 0;
	target->is_stale = r == 0;
	if (target->is_stale)
		return 0;
	return intro_fd_targets_add_name(epoll->targets, epoll->link.data, epoll->link.len,
					 &target->name);
}

/* All descriptors of a process that has ended are missing, and none of its targets is stale. */
static bool is_there(const struct epoll *epoll)
{
	struct stat st;
	char path[32];

	snprintf(path, sizeof(path), "fd/%d", epoll->fd);
	return fstatat(epoll->task_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void forget(struct intro_epoll_target *target)
{
	target->is_checked = target->is_stale = false;
	target->name = (struct intro_bytes){0};
}

int intro_fd_targets_epoll(struct intro_fd_targets *targets, int task_fd, pid_t tid, int fd,
			   struct intro_epoll_target *epoll_targets, size_t count)
{
	struct place *places = find_places(epoll_targets, count);
	struct epoll epoll = {
		.targets = targets,
		.task_fd = task_fd,
		.tid = tid,
		.fd = fd,
		.can_compare = intro_is_own_pid_namespace(targets->session),
	};
	int error = places ? 0 : -ENOMEM;

	for (size_t i = 0; i < count; i++)
		forget(&epoll_targets[i]);
	for (size_t i = 0; i < count && !error; i++)
		error = find(&epoll, &places[i], &epoll_targets[i]);
	if (epoll.is_some_closed && !is_there(&epoll)) {
		targets->text.len = 0;
		for (size_t i = 0; i < count; i++)
			forget(&epoll_targets[i]);
	}
	intro_buf_free(&epoll.link);
	free(places);
	return error;
}
