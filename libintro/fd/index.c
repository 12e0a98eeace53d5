/* The index of all descriptors: made by need, and asked by inode. */
#include "fd/index.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd/link.h"

static long compare_files(pid_t a, pid_t b, int fd_a, int fd_b)
{
	return syscall(SYS_kcmp, a, b, KCMP_FILE, (unsigned long)fd_a, (unsigned long)fd_b);
}

int intro_fd_index_open(struct intro *session, struct intro_sockets *sockets,
			struct intro_fd_index **ret)
{
	struct intro_fd_index *index = calloc(1, sizeof(*index));

	if (!index)
		return intro_fail(session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	index->session = session;
	index->sockets = sockets;
	index->kcmp = compare_files;
	index->holders_of = UINT32_MAX;
	*ret = index;
	return 0;
}

void intro_fd_index_close(struct intro_fd_index *index)
{
	if (!index)
		return;
	free(index->entries);
	free(index->processes);
	free(index->terminals);
	free(index->holders);
	free(index);
}

void intro_fd_index_rewind(struct intro_fd_index *index)
{
	index->level = INTRO_FD_LEVEL_NONE;
	index->count = index->with_inode = 0;
	index->process_count = index->terminal_count = 0;
	index->terminals_read = index->namespaces_read = false;
	index->pipe_dev = index->socket_dev = 0;
	index->denied = 0;
	intro_fd_index_answer(index);
}

static int compare_entries(const void *a, const void *b)
{
	const struct intro_fd_entry *x = a, *y = b;

	if (x->has_inode != y->has_inode)
		return x->has_inode ? -1 : 1;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

/* What had been found out about entries by their places is void afterwards. */
static void sort_entries(struct intro_fd_index *index)
{
	size_t n = 0;

	if (index->count)
		qsort(index->entries, index->count, sizeof(*index->entries), compare_entries);
	for (size_t i = 0; i < index->count; i++)
		index->entries[i].ofd = INTRO_OFD_UNREAD;
	while (n < index->count && index->entries[n].has_inode)
		n++;
	index->with_inode = n;
	intro_fd_index_answer(index);
}

int intro_fd_index_need(struct intro_fd_index *index, enum intro_fd_level level)
{
	int error = 0;

	if (index->level >= level)
		return 0;
	if (index->level < INTRO_FD_LEVEL_LINKS) {
		error = intro_fd_index_read_links(index);
		if (!error) {
			index->level = INTRO_FD_LEVEL_LINKS;
			sort_entries(index);
		}
	}
	/* In a captured tree links lead nowhere: there is no file that could be asked. */
	if (!error && level >= INTRO_FD_LEVEL_FILES) {
		if (index->session->live)
			error = intro_fd_index_read_files(index);
		if (!error) {
			index->level = INTRO_FD_LEVEL_FILES;
			sort_entries(index);
		}
	}
	if (!error)
		return 0;
	intro_fd_index_rewind(index);
	return intro_fail(index->session,
			  error == -ENOMEM ? INTRO_E_NOMEM : intro_code_of_errno(-error), -error, 0,
			  NULL, NULL);
}

/* The first entry that is not before this inode, or (`past`) that is behind it. */
static size_t find_bound(const struct intro_fd_index *index, uint64_t dev, uint64_t ino, bool past)
{
	size_t low = 0, high = index->with_inode;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct intro_fd_entry *entry = &index->entries[middle];
		bool before = entry->dev != dev ? entry->dev < dev : entry->ino < ino;
		bool same = entry->dev == dev && entry->ino == ino;

		if (before || (same && past))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void intro_fd_index_range(const struct intro_fd_index *index, uint64_t dev, uint64_t ino,
			  size_t *first, size_t *end)
{
	*first = find_bound(index, dev, ino, false);
	*end = find_bound(index, dev, ino, true);
}

bool intro_fd_index_key(const struct intro_fd_index *index, const struct intro_fd *fd,
			enum intro_fd_level *level, uint64_t *dev, uint64_t *ino)
{
	struct intro_link link;

	if (fd->slot != INTRO_SLOT_FD || !(fd->have & INTRO_FD_WANT(LINK)))
		return false;
	intro_parse_link(fd->link.data, fd->link.len, &link);
	if (link.has_ino &&
	    (link.kind == INTRO_FD_KIND_PIPE || link.kind == INTRO_FD_KIND_SOCKET)) {
		*level = INTRO_FD_LEVEL_LINKS;
		*dev = link.kind == INTRO_FD_KIND_PIPE ? index->pipe_dev : index->socket_dev;
		*ino = link.ino;
		return true;
	}
	if (!(fd->have & INTRO_FD_WANT(STAT)) || !fd->stat)
		return false;
	*level = INTRO_FD_LEVEL_FILES;
	*dev = intro_fd_device(fd->stat->dev_major, fd->stat->dev_minor);
	*ino = fd->stat->ino;
	return true;
}

void intro_fd_index_answer(struct intro_fd_index *index)
{
	index->holder_count = 0;
	index->holders_of = UINT32_MAX;
}

int intro_fd_index_add_holder(struct intro_fd_index *index, struct intro_fd_entry *entry)
{
	if (index->holder_count == index->holder_size) {
		size_t size = index->holder_size ? index->holder_size * 2 : 16;
		struct intro_fd_holder *holders = realloc(index->holders, size * sizeof(*holders));

		if (!holders)
			return intro_fail(index->session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
		index->holders = holders;
		index->holder_size = size;
	}
	index->holders[index->holder_count++] = (struct intro_fd_holder){
		.pid = entry->pid,
		.fd = entry->fd,
		.access = intro_fd_index_access(index, entry),
		.comm = intro_fd_index_comm(index, entry->process),
	};
	return 0;
}

int intro_fd_index_inode(struct intro_fd_index *index, uint32_t dev_major, uint32_t dev_minor,
			 uint64_t ino, const struct intro_fd_holder **ret, size_t *count)
{
	uint64_t dev = intro_fd_device(dev_major, dev_minor);
	size_t first, end;
	int r = intro_fd_index_need(index, INTRO_FD_LEVEL_LINKS);

	if (!r && dev != index->pipe_dev && dev != index->socket_dev)
		r = intro_fd_index_need(index, INTRO_FD_LEVEL_FILES);
	if (r)
		return r;
	intro_fd_index_answer(index);
	intro_fd_index_range(index, dev, ino, &first, &end);
	for (size_t i = first; i < end; i++) {
		r = intro_fd_index_add_holder(index, &index->entries[i]);
		if (r)
			return r;
	}
	*ret = index->holders;
	*count = index->holder_count;
	return 1;
}

int intro_fd_index_denied(const struct intro_fd_index *index)
{
	return index->denied;
}
