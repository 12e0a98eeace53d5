/*
 * Pseudo-terminals: which devpts, and which number in it. The other side of /dev/pts/3 is a
 * descriptor of /dev/ptmx whose fdinfo has "tty-index:\t3".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "fd/index.h"
#include "fd/mounts.h"

#define FDINFO_LIMIT (1u << 20)

static bool read_number(struct intro_fd_index *index, pid_t pid, int fd, const char *key,
			uint64_t *ret)
{
	struct intro_buf buf = {0};
	bool found = false;
	const char *line;
	char path[64];

	snprintf(path, sizeof(path), "%d/fdinfo/%d", pid, fd);
	if (intro_read_record(index->session, index->session->proc_fd, path, FDINFO_LIMIT, &buf) ==
		    0 &&
	    (line = strstr(buf.data, key))) {
		line += strlen(key);
		found = intro_take_u64(&line, buf.data + buf.len, ret) && *ret <= INT32_MAX;
	}
	intro_buf_free(&buf);
	return found;
}

int64_t intro_fd_index_tty_number(struct intro_fd_index *index, pid_t pid, int fd)
{
	uint64_t number;

	return read_number(index, pid, fd, "\ntty-index:\t", &number) ? (int64_t)number : -1;
}

static bool is_devpts(const struct intro_mount *mount)
{
	return intro_bytes_equal(mount->type, "devpts", strlen("devpts"));
}

/* "/dev/ptmx": "/dev/pts", where the kernel looks for it, too. The last mount covers others. */
static const struct intro_mount *find_beside(const struct intro_fd_mounts *mounts,
					     struct intro_buf *link)
{
	const char *slash = link->len ? memrchr(link->data, '/', link->len) : NULL;
	const struct intro_mount *found = NULL;

	if (!slash)
		return NULL;
	link->len = (size_t)(slash - link->data);
	if (intro_buf_append(link, "/pts", 4))
		return NULL;
	for (size_t i = 0; i < mounts->count; i++)
		if (is_devpts(&mounts->mounts[i]) &&
		    intro_bytes_equal(mounts->mounts[i].point, link->data, link->len))
			found = &mounts->mounts[i];
	return found;
}

static const struct intro_mount *find_devpts(struct intro_fd_index *index, pid_t pid, int fd,
					     const struct intro_fd_mounts *mounts)
{
	const struct intro_mount *mount;
	struct intro_buf link = {0};
	char path[64];
	uint64_t id;

	if (!read_number(index, pid, fd, "\nmnt_id:\t", &id))
		return NULL;
	mount = intro_fd_mounts_by_id(mounts, (int)id);
	if (mount && is_devpts(mount))
		return mount;
	mount = NULL;
	snprintf(path, sizeof(path), "%d/fd/%d", pid, fd);
	if (intro_read_link(index->session->proc_fd, path, &link) == 0)
		mount = find_beside(mounts, &link);
	intro_buf_free(&link);
	return mount;
}

bool intro_fd_index_devpts(struct intro_fd_index *index, pid_t pid, int fd, uint64_t *dev)
{
	struct intro_fd_mounts mounts = {0};
	const struct intro_mount *mount = NULL;
	char path[64];

	snprintf(path, sizeof(path), "%d/mountinfo", pid);
	if (intro_fd_mounts_read(index->session, index->session->proc_fd, path, &mounts) == 0)
		mount = find_devpts(index, pid, fd, &mounts);
	if (mount)
		*dev = intro_fd_device(mount->dev_major, mount->dev_minor);
	intro_fd_mounts_free(&mounts);
	return mount;
}

static int add_terminal(struct intro_fd_index *index, size_t number)
{
	const struct intro_fd_entry *entry = &index->entries[number];
	struct intro_fd_terminal terminal = {
		.dev = entry->dev,
		.number = entry->name,
		.is_master = entry->name == INTRO_FD_MASTER,
		.entry = (uint32_t)number,
	};

	if (terminal.is_master) {
		int64_t tty = intro_fd_index_tty_number(index, entry->pid, entry->fd);

		if (tty < 0 || !intro_fd_index_devpts(index, entry->pid, entry->fd, &terminal.dev))
			return 0;
		terminal.number = (uint32_t)tty;
	}
	if (index->terminal_count == index->terminal_size) {
		size_t size = index->terminal_size ? index->terminal_size * 2 : 64;
		struct intro_fd_terminal *terminals =
			realloc(index->terminals, size * sizeof(*terminals));

		if (!terminals)
			return intro_fail(index->session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
		index->terminals = terminals;
		index->terminal_size = size;
	}
	index->terminals[index->terminal_count++] = terminal;
	return 0;
}

int intro_fd_index_find_terminals(struct intro_fd_index *index)
{
	int r = intro_fd_index_need(index, INTRO_FD_LEVEL_FILES);

	if (r || index->terminals_read)
		return r;
	for (size_t i = 0; i < index->with_inode; i++) {
		if (index->entries[i].kind != INTRO_FD_KIND_CHR)
			continue;
		r = add_terminal(index, i);
		if (r)
			return r;
	}
	index->terminals_read = true;
	return 0;
}
