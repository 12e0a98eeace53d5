/* Whole files and links into a buffer. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/base.h"

#define FIRST_READ 4096 /* what nearly all files of /proc/PID fit in */

static ssize_t read_once(int fd, char *data, size_t len)
{
	ssize_t n;

	do
		n = read(fd, data, len);
	while (n < 0 && errno == EINTR);
	return n;
}

/*
 * Files of /proc have no size. Those that the kernel makes as one record (all of /proc/PID but
 * maps and its kin) come whole as far as the buffer reaches, and so do regular files: a read that
 * leaves room in the buffer was the last, and the read of 0 bytes that would prove it is saved.
 */
static int read_all(int fd, size_t limit, struct intro_buf *buf)
{
	buf->len = 0;
	for (;;) {
		size_t room;
		ssize_t n;

		if (intro_buf_reserve(buf, FIRST_READ))
			return -ENOMEM;
		room = buf->size - buf->len - 1;
		n = read_once(fd, buf->data + buf->len, room);
		if (n < 0)
			return -errno;
		buf->len += (size_t)n;
		if (buf->len > limit)
			return -EFBIG;
		if ((size_t)n < room)
			break;
	}
	buf->data[buf->len] = '\0';
	return 0;
}

int intro_read_file(int dirfd, const char *path, size_t limit, struct intro_buf *buf)
{
	int fd, error;

	fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	error = read_all(fd, limit, buf);
	close(fd);
	return error;
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
