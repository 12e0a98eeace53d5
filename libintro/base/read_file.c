/* Whole files and links into a buffer. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/base.h"

#define FIRST_READ 4096 /* what nearly all files of /proc/PID fit in */
#define FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

static ssize_t read_once(int fd, char *data, size_t len)
{
	ssize_t n;

	do
		n = read(fd, data, len);
	while (n < 0 && errno == EINTR);
	return n;
}

static int read_all(int fd, size_t limit, bool one_record, struct intro_buf *buf)
{
	size_t room;
	ssize_t n;

	buf->len = 0;
	do {
		if (intro_buf_reserve(buf, FIRST_READ))
			return -ENOMEM;
		room = buf->size - buf->len - 1;
		if (room > limit - buf->len)
			room = limit - buf->len;
		if (room == 0) {
			buf->data[buf->len] = '\0';
			return -EFBIG;
		}
		n = read_once(fd, buf->data + buf->len, room);
		if (n < 0)
			return -errno;
		buf->len += (size_t)n;
	} while (one_record ? (size_t)n == room : n > 0);
	buf->data[buf->len] = '\0';
	return 0;
}

/* One part of a path, `len` bytes; not if it is a link. */
static int open_step(int dirfd, const char *part, size_t len, int flags)
{
	char name[NAME_MAX + 1];
	int fd;

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, part, len);
	name[len] = '\0';
	fd = openat(dirfd, name, flags | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* Part by part, where the kernel has no openat2(2): it is of Linux 5.6. */
static int open_stepwise(int dirfd, const char *path, int flags)
{
	int at = dirfd, fd;

	for (;;) {
		size_t len = strcspn(path, "/");
		const char *rest = path + len + strspn(path + len, "/");

		fd = open_step(at, path, len, *rest ? O_PATH | O_DIRECTORY | O_CLOEXEC : flags);
		if (at != dirfd)
			close(at);
		if (fd < 0 || !*rest)
			return fd;
		at = fd;
		path = rest;
	}
}

/* Opens without following links out of the tree: `resolve` is RESOLVE_* of openat2(2). */
static int open_resolved(int dirfd, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)flags, .resolve = resolve};
	long fd = syscall(SYS_openat2, dirfd, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		return open_stepwise(dirfd, path, flags);
	return fd < 0 ? -errno : (int)fd;
}

static int open_confined(int dirfd, const char *path, uint64_t resolve)
{
	int fd = open_resolved(dirfd, path, FLAGS, resolve);
	struct stat st;

	if (fd < 0)
		return fd == -ELOOP || fd == -EXDEV ? -EBADMSG : fd;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EBADMSG;
	}
	return fd;
}

int intro_open_directory(const struct intro *session, int dirfd, const char *path, int flags)
{
	int fd;

	flags |= O_DIRECTORY | O_CLOEXEC;
	if (!session->live) {
		fd = open_resolved(dirfd, path, flags, RESOLVE_NO_SYMLINKS);
		return fd == -ELOOP ? -ENOTDIR : fd;
	}
	fd = openat(dirfd, path, flags);
	return fd < 0 ? -errno : fd;
}

static int open_proc(const struct intro *session, int dirfd, const char *path)
{
	int fd;

	if (!session->live)
		return open_confined(dirfd, path, RESOLVE_NO_SYMLINKS);
	fd = openat(dirfd, path, FLAGS);
	return fd < 0 ? -errno : fd;
}

static int read_and_close(int fd, size_t limit, bool one_record, struct intro_buf *buf)
{
	int error;

	if (fd < 0)
		return fd;
	error = read_all(fd, limit, one_record, buf);
	close(fd);
	return error;
}

int intro_read_record(const struct intro *session, int dirfd, const char *path, size_t limit,
		      struct intro_buf *buf)
{
	return read_and_close(open_proc(session, dirfd, path), limit, session->live, buf);
}

int intro_read_record_spent(const struct intro *session, int dirfd, const char *path, size_t limit,
			    struct intro_buf *buf, struct intro_spent *spent)
{
	int fd = open_proc(session, dirfd, path), error;

	if (fd < 0)
		return fd;
	error = read_all(fd, limit, session->live, buf);
	intro_spent_add(spent, fd);
	return error;
}

int intro_read_file(const struct intro *session, int dirfd, const char *path, size_t limit,
		    struct intro_buf *buf)
{
	return read_and_close(open_proc(session, dirfd, path), limit, false, buf);
}

int intro_read_sysroot(const struct intro *session, const char *path, size_t limit,
		       struct intro_buf *buf)
{
	return read_and_close(open_confined(session->sysroot_fd, path, RESOLVE_IN_ROOT), limit,
			      false, buf);
}

int intro_read_link(int dirfd, const char *path, struct intro_buf *buf)
{
	ssize_t n;

	buf->len = 0;
	if (intro_buf_reserve(buf, PATH_MAX))
		return -ENOMEM;
	n = readlinkat(dirfd, path, buf->data, buf->size - 1);
	if (n < 0)
		return -errno;
	buf->len = (size_t)n;
	buf->data[n] = '\0';
	return 0;
}
