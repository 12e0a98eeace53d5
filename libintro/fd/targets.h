/* What epoll watches and what inotify and fanotify mark: names, and whether it is still there. */
#ifndef INTRO_FD_TARGETS_H
#define INTRO_FD_TARGETS_H

#include "base/base.h"
#include "fd/fdinfo.h"

struct intro_fd_mounts; /* of the process at hand: they lead to the files that are watched */

struct intro_fd_targets {
	struct intro *session;
	struct intro_fd_mounts *mounts; /* NULL: none needed yet */
	struct intro_buf text;          /* of the names of the record at hand */
};

/*
 * Completes the epoll targets and watches in `store`, of descriptor `fd` of a process whose directory
 * (or its thread's) is `task_fd`. What cannot be found stays unknown. 0 or -ENOMEM, -EMFILE, -ENFILE.
 */
int intro_fd_targets_find(struct intro_fd_targets *targets, int task_fd, pid_t tid, int fd,
			  struct intro_fdinfo_store *store, const struct intro_fdinfo *info);
void intro_fd_targets_free(struct intro_fd_targets *targets);

#endif
