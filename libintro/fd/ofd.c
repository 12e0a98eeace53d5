/*
 * Open file descriptions: who shares one. Only descriptors of one inode can, and of one access
 * mode; among those kcmp(2) tells. See docs/adr/0010.
 */
#include "fd/ofd.h"

#include <errno.h>
#include <stdlib.h>

#include "fd/index.h"

/* What of the access cannot change while a file is open: O_PATH looks as mode 3 does. */
static enum intro_fd_access mode_of(struct intro_fd_index *index, struct intro_fd_entry *entry)
{
	enum intro_fd_access access = intro_fd_index_access(index, entry);

	return access == INTRO_FD_ACCESS_NONE ? INTRO_FD_ACCESS_PATH : access;
}

static bool is_comparable(const struct intro_fd_index *index, const struct intro_fd_entry *entry)
{
	return index->kcmp(entry->pid, entry->pid, entry->fd, entry->fd) == 0;
}

/*
 * kcmp(2) says 0 equal, 1 less, 2 greater, 3 other without an order. Of a failure it does not say
 * which of the two is its reason.
 */
static int compare(void *context, uint32_t a, uint32_t b)
{
	const struct intro_fd_index *index = context;
	const struct intro_fd_entry *x = &index->entries[a], *y = &index->entries[b];

	switch (index->kcmp(x->pid, y->pid, x->fd, y->fd)) {
	case 0:
		return 0;
	case 1:
		return -1;
	case 2:
		return 1;
	case -1:
		if (errno == ENOSYS)
			return INTRO_OFD_NO_ORDER;
		return is_comparable(index, x) ? INTRO_OFD_SECOND_GONE : INTRO_OFD_FIRST_GONE;
	}
	return INTRO_OFD_NO_ORDER;
}

/*
 * A socket has one open file description: it is made with it, and cannot be opened again. Other
 * ones are places, opened with O_PATH.
 */
static bool is_one_by_nature(struct intro_fd_index *index, struct intro_fd_entry *entry)
{
	return entry->kind == INTRO_FD_KIND_SOCKET && mode_of(index, entry) == INTRO_FD_ACCESS_RW;
}

static bool is_alike(struct intro_fd_index *index, struct intro_fd_entry *a,
		     struct intro_fd_entry *b)
{
	return a->kind == b->kind && (a->kind != INTRO_FD_KIND_ANON || a->name == b->name) &&
	       mode_of(index, a) == mode_of(index, b);
}

static void keep(struct intro_fd_index *index, const struct intro_ofd_node *nodes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct intro_fd_entry *entry = &index->entries[nodes[i].id];

		entry->ofd = nodes[i].known ? INTRO_OFD_KNOWN : INTRO_OFD_UNKNOWN;
		entry->leader = nodes[i].known ? nodes[i].leader->id : nodes[i].id;
		entry->next = nodes[i].next ? nodes[i].next->id : UINT32_MAX;
	}
}

/* As if all had been found equal. */
static void join(struct intro_ofd_node *nodes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		nodes[i].known = true;
		nodes[i].leader = nodes;
		nodes[i].next = i + 1 < count ? &nodes[i + 1] : NULL;
	}
}

/* Finds out about all entries of the inode (first ... end - 1) that could share with `entry`. */
static int resolve(struct intro_fd_index *index, struct intro_fd_entry *entry, size_t first,
		   size_t end)
{
	struct intro_ofd_node *nodes = calloc(end - first, sizeof(*nodes));
	size_t count = 0;

	if (!nodes)
		return intro_fail(index->session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	for (size_t i = first; i < end; i++)
		if (is_alike(index, entry, &index->entries[i]))
			nodes[count++].id = (uint32_t)i;
	if (is_one_by_nature(index, entry))
		join(nodes, count);
	else if (intro_is_own_pid_namespace(index->session))
		intro_ofd_sort(nodes, count, compare, index);
	keep(index, nodes, count);
	free(nodes);
	return 0;
}

static struct intro_fd_entry *find_entry(struct intro_fd_index *index, const struct intro_fd *fd,
					 size_t first, size_t end)
{
	for (size_t low = first, high = end; low < high;) {
		size_t middle = low + (high - low) / 2;
		struct intro_fd_entry *entry = &index->entries[middle];

		if (entry->pid == fd->tid && entry->fd == fd->fd)
			return entry;
		if (entry->pid != fd->tid ? entry->pid < fd->tid : entry->fd < fd->fd)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* All that have it; they stay until another question. */
static int list_holders(struct intro_fd_index *index, uint32_t leader)
{
	int r;

	if (index->holders_of == leader)
		return 0;
	intro_fd_index_answer(index);
	for (uint32_t i = leader; i != UINT32_MAX; i = index->entries[i].next) {
		r = intro_fd_index_add_holder(index, &index->entries[i]);
		if (r)
			return r;
	}
	index->holders_of = leader;
	return 0;
}

static void name_after(struct intro_fd_index *index, struct intro_fd_entry *leader,
		       struct intro_fd_holder *ret)
{
	*ret = (struct intro_fd_holder){
		.pid = leader->pid,
		.fd = leader->fd,
		.access = intro_fd_index_access(index, leader),
		.comm = intro_fd_index_comm(index, leader->process),
	};
}

int intro_fd_index_ofd(struct intro_fd_index *index, const struct intro_fd *fd,
		       struct intro_fd_holder *ret, const struct intro_fd_holder **holders,
		       size_t *count)
{
	enum intro_fd_level level;
	struct intro_fd_entry *entry;
	size_t first, end;
	uint64_t dev, ino;
	int r;

	if (!index->session->live || !intro_fd_index_key(index, fd, &level, &dev, &ino))
		return 0;
	r = intro_fd_index_need(index, level);
	if (r)
		return r;
	/* Once more: the device of all pipes is known now. */
	if (!intro_fd_index_key(index, fd, &level, &dev, &ino))
		return 0;
	intro_fd_index_range(index, dev, ino, &first, &end);
	entry = find_entry(index, fd, first, end);
	if (!entry)
		return 0;
	if (entry->ofd == INTRO_OFD_UNREAD && (r = resolve(index, entry, first, end)))
		return r;
	if (entry->ofd != INTRO_OFD_KNOWN)
		return 0;
	if (holders && (r = list_holders(index, entry->leader)))
		return r;
	if (ret)
		name_after(index, &index->entries[entry->leader], ret);
	if (holders)
		*holders = index->holders;
	if (count)
		*count = holders ? index->holder_count : 0;
	return 1;
}
