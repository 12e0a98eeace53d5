/* Who is at the other end of a pipe, a FIFO, a socket or a terminal. */
#include <stdlib.h>
#include <sys/socket.h>

#include "fd/index.h"

static bool reads(enum intro_fd_access access)
{
	return access == INTRO_FD_ACCESS_R || access == INTRO_FD_ACCESS_RW;
}

static bool writes(enum intro_fd_access access)
{
	return access == INTRO_FD_ACCESS_W || access == INTRO_FD_ACCESS_RW;
}

static bool is_record(const struct intro_fd_entry *entry, const struct intro_fd *fd)
{
	return entry->pid == fd->tid && entry->fd == fd->fd;
}

/* In a captured tree a socket may have the number of a pipe, and be on the same device. */
static bool is_of_kind(const struct intro_fd_entry *entry, const struct intro_fd *fd)
{
	return entry->kind == fd->kind;
}

static bool is_pipe(const struct intro_fd *fd)
{
	return fd->kind == INTRO_FD_KIND_PIPE || fd->kind == INTRO_FD_KIND_FIFO;
}

/* Finds the entries of the inode of a record. 1; 0: it has none that is known; INTRO_E_*. */
static int find_range(struct intro_fd_index *index, const struct intro_fd *fd, size_t *first,
		      size_t *end)
{
	enum intro_fd_level level;
	uint64_t dev, ino;
	int r;

	if (!intro_fd_index_key(index, fd, &level, &dev, &ino))
		return 0;
	r = intro_fd_index_need(index, level);
	if (r)
		return r;
	/* Once more: the device of all pipes is known now. */
	if (!intro_fd_index_key(index, fd, &level, &dev, &ino))
		return 0;
	intro_fd_index_range(index, dev, ino, first, end);
	return 1;
}

static int pipe_peers(struct intro_fd_index *index, const struct intro_fd *fd)
{
	size_t first, end;
	int r;

	if (!reads(fd->access) && !writes(fd->access))
		return 0;
	r = find_range(index, fd, &first, &end);
	if (r <= 0)
		return r;
	for (size_t i = first; i < end; i++) {
		struct intro_fd_entry *entry = &index->entries[i];
		enum intro_fd_access access = intro_fd_index_access(index, entry);

		if (!is_of_kind(entry, fd) || is_record(entry, fd) ||
		    !((reads(fd->access) && writes(access)) ||
		      (writes(fd->access) && reads(access))))
			continue;
		r = intro_fd_index_add_holder(index, entry);
		if (r)
			return r;
	}
	return 1;
}

/* Descriptors that are places (O_PATH) are at no end. */
static int add_socket(struct intro_fd_index *index, const struct intro_fd *fd, uint64_t ino)
{
	size_t first, end;
	int r;

	intro_fd_index_range(index, index->socket_dev, ino, &first, &end);
	for (size_t i = first; i < end; i++) {
		struct intro_fd_entry *entry = &index->entries[i];

		if (entry->kind != INTRO_FD_KIND_SOCKET || is_record(entry, fd) ||
		    !reads(intro_fd_index_access(index, entry)))
			continue;
		r = intro_fd_index_add_holder(index, entry);
		if (r)
			return r;
	}
	return 0;
}

static int socket_peers(struct intro_fd_index *index, const struct intro_fd *fd)
{
	const uint64_t *inodes;
	size_t count;
	int r;

	if (!(fd->have & INTRO_FD_WANT(SOCKET)) || !fd->socket)
		return 0;
	r = intro_fd_index_need(index, INTRO_FD_LEVEL_LINKS);
	if (r)
		return r;
	/* A UNIX socket knows its peer; the other addresses of a connection may be anywhere. */
	if (fd->socket->remote.present && fd->socket->family != AF_UNIX) {
		r = intro_fd_index_find_namespaces(index);
		if (r)
			return r;
	}
	count = intro_sockets_peers(index->sockets, fd->socket, &inodes);
	for (size_t i = 0; i < count; i++) {
		r = add_socket(index, fd, inodes[i]);
		if (r)
			return r;
	}
	return 1;
}

/* A master has as its other end all who have /dev/pts/N of its devpts, and they have it. */
static int terminal_peers(struct intro_fd_index *index, const struct intro_fd *fd)
{
	const struct intro_fd_stat *stat = fd->stat;
	bool is_master = stat->rdev_major == INTRO_FD_PTMX_MAJOR;
	uint64_t dev = intro_fd_device(stat->dev_major, stat->dev_minor);
	int64_t number = stat->rdev_minor;
	int r = intro_fd_index_find_terminals(index);

	if (r)
		return r;
	if (is_master) {
		number = intro_fd_index_tty_number(index, fd->tid, fd->fd);
		if (number < 0 || !intro_fd_index_devpts(index, fd->tid, fd->fd, &dev))
			return 0;
	}
	for (size_t i = 0; i < index->terminal_count; i++) {
		const struct intro_fd_terminal *terminal = &index->terminals[i];
		struct intro_fd_entry *entry = &index->entries[terminal->entry];

		if (terminal->dev != dev || terminal->number != number ||
		    terminal->is_master == is_master || is_record(entry, fd))
			continue;
		r = intro_fd_index_add_holder(index, entry);
		if (r)
			return r;
	}
	return 1;
}

static int by_place(const void *a, const void *b)
{
	const struct intro_fd_holder *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

/* A socket may be a peer in two ways, and then it is given twice. */
static void sort_answer(struct intro_fd_index *index)
{
	size_t used = 0;

	if (index->holder_count > 1)
		qsort(index->holders, index->holder_count, sizeof(*index->holders), by_place);
	for (size_t i = 0; i < index->holder_count; i++)
		if (!used || by_place(&index->holders[used - 1], &index->holders[i]) != 0)
			index->holders[used++] = index->holders[i];
	index->holder_count = used;
}

int intro_fd_index_peers(struct intro_fd_index *index, const struct intro_fd *fd,
			 const struct intro_fd_holder **ret, size_t *count)
{
	int r = 0;

	if (fd->slot != INTRO_SLOT_FD)
		return 0;
	intro_fd_index_answer(index);
	if (is_pipe(fd))
		r = pipe_peers(index, fd);
	else if (fd->socket)
		r = socket_peers(index, fd);
	else if (fd->kind == INTRO_FD_KIND_CHR && (fd->have & INTRO_FD_WANT(STAT)) &&
		 intro_fd_is_pty(fd->stat->rdev_major, fd->stat->rdev_minor))
		r = terminal_peers(index, fd);
	if (r <= 0)
		return r;
	sort_answer(index);
	*ret = index->holders;
	*count = index->holder_count;
	return 1;
}

int intro_fd_index_ends(struct intro_fd_index *index, const struct intro_fd *fd, size_t *readers,
			size_t *writers)
{
	size_t first, end, reading = 0, writing = 0;
	int r;

	if (!is_pipe(fd))
		return 0;
	r = find_range(index, fd, &first, &end);
	if (r <= 0)
		return r;
	for (size_t i = first; i < end; i++) {
		struct intro_fd_entry *entry = &index->entries[i];
		enum intro_fd_access access = intro_fd_index_access(index, entry);

		if (!is_of_kind(entry, fd))
			continue;
		reading += reads(access);
		writing += writes(access);
	}
	*readers = reading;
	*writers = writing;
	return 1;
}
