/* Names of what a descriptor watches. */
#include <stdlib.h>
#include <string.h>

#include "fd/mounts.h"
#include "fd/targets_private.h"

int intro_fd_targets_add_name(struct intro_fd_targets *targets, const char *text, size_t len,
			      struct intro_bytes *ret)
{
	if (intro_buf_append(&targets->text, text, len))
		return -ENOMEM;
	*ret = (struct intro_bytes){.len = len};
	return 0;
}

void intro_fd_targets_settle(const struct intro_fd_targets *targets, size_t *position,
			     struct intro_bytes *name)
{
	if (!name->len)
		return;
	name->data = targets->text.data + *position;
	*position += name->len;
}

int intro_fd_targets_find(struct intro_fd_targets *targets, int task_fd, pid_t tid, int fd,
			  struct intro_fdinfo_store *store, const struct intro_fdinfo *info)
{
	size_t position = 0;
	int error = 0;

	targets->text.len = 0;
	if (info->epoll_count)
		error = intro_fd_targets_epoll(targets, task_fd, tid, fd, store->epoll,
					       info->epoll_count);
	if (!error && info->watch_count)
		error = intro_fd_targets_watches(targets, task_fd, store->watches,
						 info->watch_count);
	for (size_t i = 0; i < info->epoll_count; i++)
		intro_fd_targets_settle(targets, &position, &store->epoll[i].name);
	for (size_t i = 0; i < info->watch_count; i++)
		intro_fd_targets_settle(targets, &position, &store->watches[i].path);
	return error;
}

void intro_fd_targets_free(struct intro_fd_targets *targets)
{
	if (targets->mounts)
		intro_fd_mounts_free(targets->mounts);
	free(targets->mounts);
	targets->mounts = NULL;
	intro_buf_free(&targets->text);
}
