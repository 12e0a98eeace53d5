/*
 * What the targets with descriptors share: every descriptor is told with all that the target
 * itself sees of it, so that a test can compare without knowing what it is:
 *   KEY=FD KEY.facts=INO,DEV,MODE,SIZE,NLINK,RDEV,FLAGS,CLOEXEC,OFFSET
 * where a device is MAJOR:MINOR, the mode and the flags (of F_GETFL) are decimal, and the offset is
 * empty where there is none. What could not be made is KEY=-ERRNO.
 */
#ifndef TARGETS_FD_H
#define TARGETS_FD_H

#include "targets/target.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

/* A descriptor that must be there. Returns it. */
static inline int fd_say(const char *key, int fd)
{
	struct stat st;
	off_t offset = -1;
	int flags;

	if (fd < 0 || fstat(fd, &st))
		target_die("%s", key);
	flags = fcntl(fd, F_GETFL);
	if (!(flags & O_PATH) && !S_ISCHR(st.st_mode))
		offset = lseek(fd, 0, SEEK_CUR);
	printf(" %s=%d %s.facts=%ju,%u:%u,%u,%jd,%ju,%u:%u,%d,%d,", key, fd, key,
	       (uintmax_t)st.st_ino, major(st.st_dev), minor(st.st_dev), st.st_mode,
	       (intmax_t)st.st_size, (uintmax_t)st.st_nlink, major(st.st_rdev), minor(st.st_rdev),
	       flags, (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	if (offset >= 0)
		printf("%jd", (intmax_t)offset);
	return fd;
}

/* One that cannot be made everywhere: call it straight after the attempt. */
static inline int fd_say_if(const char *key, int fd)
{
	if (fd >= 0)
		return fd_say(key, fd);
	printf(" %s=-%d", key, errno);
	return -1;
}

static inline void fd_fact(const char *key, uintmax_t value)
{
	printf(" %s=%ju", key, value);
}

/* Any bytes, in hexadecimal. */
static inline void fd_fact_bytes(const char *key, const void *bytes, size_t len)
{
	printf(" %s=", key);
	for (size_t i = 0; i < len; i++)
		printf("%02x", ((const unsigned char *)bytes)[i]);
}

static inline int fd_open(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	if (fd < 0)
		target_die("cannot open %s", path);
	return fd;
}

static inline void fd_write(int fd, size_t count)
{
	char bytes[65536];

	if (count > sizeof(bytes))
		target_die("so much at once is not written");
	memset(bytes, 'x', count);
	if (write(fd, bytes, count) != (ssize_t)count)
		target_die("write");
}

/* Of the three standard descriptors a target needs two; nothing else is inherited. */
static inline void fd_close_inherited(void)
{
	if (close_range(STDERR_FILENO + 1, ~0u, 0))
		target_die("close_range");
}

/* The address of a UNIX socket: a path, or "@..." for an abstract name. Returns its length. */
static inline socklen_t fd_unix_address(struct sockaddr_un *address, const char *name)
{
	size_t len = strlen(name);

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (len >= sizeof(address->sun_path))
		target_die("too long for the name of a socket: %s", name);
	memcpy(address->sun_path, name, len);
	if (name[0] == '@') {
		address->sun_path[0] = '\0';
		return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	}
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
}

static inline int fd_unix_bound(const char *name, int type, int backlog)
{
	struct sockaddr_un address;
	socklen_t len = fd_unix_address(&address, name);
	int fd = socket(AF_UNIX, type, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) ||
	    (backlog >= 0 && listen(fd, backlog)))
		target_die("cannot bind %s", name);
	return fd;
}

static inline int fd_unix_connected(const char *name, int type)
{
	struct sockaddr_un address;
	socklen_t len = fd_unix_address(&address, name);
	int fd = socket(AF_UNIX, type, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, len))
		target_die("cannot connect to %s", name);
	return fd;
}

#endif
