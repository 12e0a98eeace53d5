/* What the files of targets share: texts are gathered first, and pointed to when none moves. */
#ifndef INTRO_FD_TARGETS_PRIVATE_H
#define INTRO_FD_TARGETS_PRIVATE_H

#include <errno.h>

#include "fd/targets.h"

/*
 * A name that is found is appended to targets->text, and has its length, but no data yet; in the
 * end, in the same order, intro_fd_targets_settle gives them their data.
 */
int intro_fd_targets_add_name(struct intro_fd_targets *targets, const char *text, size_t len,
			      struct intro_bytes *ret);
void intro_fd_targets_settle(const struct intro_fd_targets *targets, size_t *position,
			     struct intro_bytes *name);

int intro_fd_targets_epoll(struct intro_fd_targets *targets, int task_fd, pid_t tid, int fd,
			   struct intro_epoll_target *epoll, size_t count);
int intro_fd_targets_watches(struct intro_fd_targets *targets, int task_fd,
			     struct intro_watch *watches, size_t count);

/* Failures of ours, of which a record cannot be blamed. */
static inline bool intro_fd_targets_is_ours(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE;
}

#endif
