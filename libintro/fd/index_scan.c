/*
 * Reading the descriptors of all processes, in two levels, since each call for each descriptor
 * counts: links tell the inodes of pipes and sockets, files have to be asked for theirs. Threads
 * that have a table of their own are not looked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/number.h"
#include "fd/index.h"
#include "fd/link.h"
#include "fd/stat.h"

static const char *number_name(int fd, char *buf, size_t size)
{
	struct intro_bounded out = {.buf = buf, .size = size};

	intro_bounded_number(&out, (uint64_t)fd, 10);
	intro_bounded_end(&out);
	return buf;
}

/* ---- links ---- */

static int add_process(struct intro_fd_index *index, pid_t pid)
{
	if (index->process_count == index->process_size) {
		size_t size = index->process_size ? index->process_size * 2 : 256;
		struct intro_fd_process *processes =
			realloc(index->processes, size * sizeof(*processes));

		if (!processes)
			return -ENOMEM;
		index->processes = processes;
		index->process_size = size;
	}
	index->processes[index->process_count++] = (struct intro_fd_process){.pid = pid};
	return 0;
}

static struct intro_fd_entry *add_entry(struct intro_fd_index *index)
{
	if (index->count == index->size) {
		size_t size = index->size ? index->size * 2 : 4096;
		struct intro_fd_entry *entries;

		if (size >= UINT32_MAX)
			return NULL;
		entries = realloc(index->entries, size * sizeof(*entries));
		if (!entries)
			return NULL;
		index->entries = entries;
		index->size = size;
	}
	return &index->entries[index->count++];
}

/* FNV-1a. That two names have one is no harm: kcmp(2) decides. */
static uint32_t hash(const char *text, size_t len)
{
	uint32_t value = 2166136261u;

	for (size_t i = 0; i < len; i++)
		value = (value ^ (unsigned char)text[i]) * 16777619u;
	return value;
}

/*
 * All pipes are of one file system, and all sockets of another: one of them tells for all, if it is
 * still the one of the link. A captured tree does not tell: 0:0.
 */
bool intro_fd_index_find_device(const struct intro_fd_index *index, int dirfd, const char *path,
				uint64_t ino, uint64_t *dev)
{
	struct statx stx;

	if (!*dev && index->session->live &&
	    statx(dirfd, path, INTRO_FD_STATX_FLAGS, STATX_INO, &stx) == 0 && stx.stx_ino == ino)
		*dev = intro_fd_device(stx.stx_dev_major, stx.stx_dev_minor);
	return *dev || !index->session->live;
}

/* False where it has been closed meanwhile. */
static bool fill_entry(struct intro_fd_index *index, int dirfd, const char *path, const char *text,
		       size_t len, struct intro_fd_entry *entry)
{
	struct intro_link link;
	uint64_t *dev = NULL;

	entry->kind = INTRO_FD_KIND_UNKNOWN;
	if (text[0] == '/')
		return true;
	intro_parse_link(text, len, &link);
	if (link.kind == INTRO_FD_KIND_PIPE)
		dev = &index->pipe_dev;
	else if (link.kind == INTRO_FD_KIND_SOCKET)
		dev = &index->socket_dev;
	if (!dev || !link.has_ino) {
		entry->kind = INTRO_FD_KIND_ANON;
		entry->name = hash(text, len);
		return true;
	}
	if (!intro_fd_index_find_device(index, dirfd, path, link.ino, dev))
		return false;
	entry->kind = (uint8_t)link.kind;
	entry->dev = *dev;
	entry->ino = link.ino;
	entry->has_inode = true;
	if (link.kind == INTRO_FD_KIND_PIPE) {
		enum intro_fd_access access =
			intro_fd_index_read_access(index, dirfd, path, entry->pid, entry->fd);

		entry->access = (uint8_t)access;
	}
	return true;
}

/* The links of one process. 0 or a negative errno: of ours, or that of a denied one. */
static int read_links(struct intro_fd_index *index, int dirfd, const struct intro_pid_list *fds)
{
	uint32_t process = (uint32_t)index->process_count - 1;

	for (size_t i = 0; i < fds->count; i++) {
		char name[16], text[256];
		struct intro_fd_entry *entry;
		ssize_t len;

		number_name(fds->pids[i], name, sizeof(name));
		len = readlinkat(dirfd, name, text, sizeof(text));
		if (len < 0 && (errno == EACCES || errno == EPERM))
			return -errno;
		if (len <= 0) /* closed meanwhile */
			continue;
		entry = add_entry(index);
		if (!entry)
			return -ENOMEM;
		*entry = (struct intro_fd_entry){
			.pid = index->processes[process].pid,
			.fd = fds->pids[i],
			.process = process,
			.next = UINT32_MAX,
			.access = INTRO_FD_ACCESS_UNREAD,
		};
		if (!fill_entry(index, dirfd, name, text, (size_t)len, entry))
			index->count--;
	}
	return 0;
}

static bool is_ours(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE;
}

static int open_table(const struct intro_fd_index *index, pid_t pid)
{
	struct intro_bounded out;
	char path[32];

	out = (struct intro_bounded){.buf = path, .size = sizeof(path)};
	intro_bounded_number(&out, (uint64_t)pid, 10);
	intro_bounded_text(&out, "/fd");
	intro_bounded_end(&out);
	return intro_open_directory(index->session, index->session->proc_fd, path, O_RDONLY);
}

/* A process that has ended is passed over, one that is denied is noted. */
static int read_process(struct intro_fd_index *index, pid_t pid, struct intro_pid_list *fds)
{
	int dirfd = open_table(index, pid), error = dirfd;

	if (dirfd >= 0) {
		error = intro_pid_list_read(dirfd, 0, fds);
		if (!error)
			error = add_process(index, pid);
		if (!error)
			error = read_links(index, dirfd, fds);
		close(dirfd);
	}
	if (error == -EACCES || error == -EPERM)
		index->denied = -error;
	return is_ours(error) ? error : 0;
}

int intro_fd_index_read_links(struct intro_fd_index *index)
{
	struct intro_pid_list pids = {0}, fds = {.is_fresh_procfs = index->session->live};
	int error = intro_pid_list_read(index->session->proc_fd, 1, &pids);

	for (size_t i = 0; i < pids.count && !error; i++)
		error = read_process(index, pids.pids[i], &fds);
	intro_pid_list_free(&pids);
	intro_pid_list_free(&fds);
	return error;
}

/* ---- files ---- */

/* One call for what is new: its inode, and whether it is a FIFO or a terminal. */
static void read_file(int dirfd, struct intro_fd_entry *entry)
{
	struct statx stx;
	char name[16];

	number_name(entry->fd, name, sizeof(name));
	if (statx(dirfd, name, INTRO_FD_STATX_FLAGS, STATX_TYPE | STATX_INO, &stx))
		return;
	entry->dev = intro_fd_device(stx.stx_dev_major, stx.stx_dev_minor);
	entry->ino = stx.stx_ino;
	entry->has_inode = true;
	if (entry->kind != INTRO_FD_KIND_UNKNOWN)
		return;
	if (S_ISFIFO(stx.stx_mode)) {
		entry->kind = INTRO_FD_KIND_FIFO;
	} else if (S_ISCHR(stx.stx_mode) &&
		   intro_fd_is_pty(stx.stx_rdev_major, stx.stx_rdev_minor)) {
		entry->kind = INTRO_FD_KIND_CHR;
		entry->name = stx.stx_rdev_major == INTRO_FD_PTMX_MAJOR ? INTRO_FD_MASTER
									: stx.stx_rdev_minor;
	}
}

/* Behind those that have an inode the entries are as they were read, by PID. */
int intro_fd_index_read_files(struct intro_fd_index *index)
{
	pid_t pid = 0;
	int dirfd = -1, error = 0;

	for (size_t i = index->with_inode; i < index->count && !error; i++) {
		if (index->entries[i].pid != pid) {
			if (dirfd >= 0)
				close(dirfd);
			pid = index->entries[i].pid;
			dirfd = open_table(index, pid);
		}
		if (dirfd >= 0)
			read_file(dirfd, &index->entries[i]);
		else if (is_ours(dirfd))
			error = dirfd;
	}
	if (dirfd >= 0)
		close(dirfd);
	return error;
}
