/* The network namespaces in which somebody has a socket: a connection may lead into another. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "fd/index.h"
#include "sockets/sockets.h"

/* One that has ended, or may not be looked into, adds nothing. */
static int add_namespace_of(struct intro_fd_index *index, pid_t pid)
{
	struct intro_netns *netns;
	char path[16];
	int fd, r;

	snprintf(path, sizeof(path), "%d", pid);
	fd = intro_open_directory(index->session, index->session->proc_fd, path, O_PATH);
	if (fd < 0)
		return 0;
	r = intro_netns_of(index->sockets, fd, &netns);
	close(fd);
	return r == INTRO_E_NOMEM ? r : 0;
}

int intro_fd_index_find_namespaces(struct intro_fd_index *index)
{
	if (index->namespaces_read)
		return 0;
	for (size_t i = 0; i < index->with_inode; i++) {
		const struct intro_fd_entry *entry = &index->entries[i];
		struct intro_fd_process *process = &index->processes[entry->process];
		int r;

		if (entry->kind != INTRO_FD_KIND_SOCKET || process->netns_read)
			continue;
		process->netns_read = true;
		r = add_namespace_of(index, process->pid);
		if (r)
			return r;
	}
	index->namespaces_read = true;
	return 0;
}
