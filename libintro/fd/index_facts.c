/* What is asked of one entry, and only when an answer has it: access, names, numbers. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bounded.h"
#include "base/number.h"
#include "fd/index.h"

#define FDINFO_LIMIT (1u << 20)

/* "812/fd" or "812/fdinfo/3" */
static const char *file_path(pid_t pid, const char *name, int fd, char *buf, size_t size)
{
	struct intro_bounded out = {.buf = buf, .size = size};

	intro_bounded_number(&out, (uint64_t)pid, 10);
	intro_bounded_text(&out, name);
	if (fd >= 0)
		intro_bounded_number(&out, (uint64_t)fd, 10);
	intro_bounded_end(&out);
	return buf;
}

static enum intro_fd_access access_of_mode(mode_t mode)
{
	switch (mode & (S_IRUSR | S_IWUSR)) {
	case S_IRUSR:
		return INTRO_FD_ACCESS_R;
	case S_IWUSR:
		return INTRO_FD_ACCESS_W;
	case S_IRUSR | S_IWUSR:
		return INTRO_FD_ACCESS_RW;
	}
	return INTRO_FD_ACCESS_NONE;
}

/* "pos:\t0\nflags:\t010000000\n": octal, with the access mode in its two lowest bits. */
static enum intro_fd_access access_of_fdinfo(struct intro_fd_index *index, pid_t pid, int fd)
{
	static const enum intro_fd_access accesses[] = {
		INTRO_FD_ACCESS_R,
		INTRO_FD_ACCESS_W,
		INTRO_FD_ACCESS_RW,
		INTRO_FD_ACCESS_NONE,
	};
	enum intro_fd_access access = INTRO_FD_ACCESS_UNKNOWN;
	struct intro_buf buf = {0};
	const char *line;
	char path[64];
	uint64_t flags;

	if (intro_read_record(index->session, index->session->proc_fd,
			      file_path(pid, "/fdinfo/", fd, path, sizeof(path)), FDINFO_LIMIT,
			      &buf) == 0 &&
	    (line = strstr(buf.data, "flags:\t"))) {
		line += strlen("flags:\t");
		if (intro_take_octal(&line, buf.data + buf.len, &flags))
			access = flags & O_PATH ? INTRO_FD_ACCESS_PATH : accesses[flags & 3];
	}
	intro_buf_free(&buf);
	return access;
}

/*
 * The permissions of the link are the access mode, but for two that have none: then, and in a
 * captured tree, whose links have those of any link, fdinfo has to tell.
 */
enum intro_fd_access intro_fd_index_read_access(struct intro_fd_index *index, int dirfd,
						const char *path, pid_t pid, int fd)
{
	enum intro_fd_access access = INTRO_FD_ACCESS_NONE;
	struct stat st;

	if (index->session->live) {
		if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW))
			return INTRO_FD_ACCESS_UNKNOWN;
		access = access_of_mode(st.st_mode);
	}
	return access == INTRO_FD_ACCESS_NONE ? access_of_fdinfo(index, pid, fd) : access;
}

enum intro_fd_access intro_fd_index_access(struct intro_fd_index *index,
					   struct intro_fd_entry *entry)
{
	enum intro_fd_access access;
	char path[64];

	if (entry->access != INTRO_FD_ACCESS_UNREAD)
		return (enum intro_fd_access)entry->access;
	file_path(entry->pid, "/fd/", entry->fd, path, sizeof(path));
	access = intro_fd_index_read_access(index, index->session->proc_fd, path, entry->pid,
					    entry->fd);
	entry->access = (uint8_t)access;
	return access;
}

/* "postgres\n": any bytes, perhaps newlines, but for the last. */
struct intro_bytes intro_fd_index_comm(struct intro_fd_index *index, uint32_t number)
{
	struct intro_fd_process *process = &index->processes[number];
	struct intro_buf buf = {0};
	char path[64];

	if (!process->comm_read &&
	    intro_read_record(index->session, index->session->proc_fd,
			      file_path(process->pid, "/comm", -1, path, sizeof(path)), 4096,
			      &buf) == 0 &&
	    buf.len && buf.data[buf.len - 1] == '\n' && buf.len <= sizeof(process->comm)) {
		process->comm_len = (uint8_t)(buf.len - 1);
		memcpy(process->comm, buf.data, process->comm_len);
		process->has_comm = true;
	}
	process->comm_read = true;
	intro_buf_free(&buf);
	if (!process->has_comm)
		return (struct intro_bytes){0};
	return (struct intro_bytes){.data = process->comm, .len = process->comm_len};
}
