/* Files that the user names. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd_path.h"

/* ---- what it is ---- */

static void strip_slashes(struct fd_path *path, char *name)
{
	size_t len = strlen(name);

	while (len > 1 && name[len - 1] == '/')
		len--;
	name[len] = '\0';
	path->name = name;
	path->name_len = len;
}

/* The absolute name of what is not there: its directory may well be, and be reached by a link. */
static char *name_of_absent(const char *given, struct arena *arena)
{
	char *copy = arena_copy(arena, given, strlen(given)), *slash = strrchr(copy, '/');
	char *directory, *name;

	if (given[strlen(given) - 1] == '/')
		return copy;
	if (slash)
		*slash = '\0';
	directory = realpath(!slash ? "." : slash == copy ? "/" : copy, NULL);
	if (slash)
		*slash = '/';
	if (!directory)
		return copy;
	name = arena_printf(arena, "%s/%s", strcmp(directory, "/") ? directory : "",
			    slash ? slash + 1 : copy);
	free(directory);
	return name;
}

/*
 * A mount point: another device than its parent has. Of a bind mount of the same file system, only
 * what is below it is meant.
 */
static bool is_whole_mount(const char *name, const struct statx *stat)
{
	struct statx parent;
	char above[PATH_MAX + 4];

	if (!(stat->stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return false;
	if (!strcmp(name, "/"))
		return true;
	strcat(strcpy(above, name), "/..");
	return statx(AT_FDCWD, above, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE, &parent) ||
	       parent.stx_dev_major != stat->stx_dev_major ||
	       parent.stx_dev_minor != stat->stx_dev_minor;
}

static enum fd_path_what what_of(const char *name, const struct statx *stat)
{
	switch (stat->stx_mode & S_IFMT) {
	case S_IFDIR:
		return is_whole_mount(name, stat) ? FD_PATH_MOUNT : FD_PATH_DIRECTORY;
	case S_IFCHR:
	case S_IFBLK:
		return FD_PATH_DEVICE;
	case S_IFSOCK:
		return FD_PATH_SOCKET;
	default:
		return FD_PATH_FILE;
	}
}

/* A server that does not answer is not waited for: what the kernel knows already is enough. */
static bool look_at(struct fd_path *path, const char *name)
{
	const unsigned want = STATX_TYPE | STATX_MODE | STATX_INO | STATX_MNT_ID;
	struct statx stat;

	if (strlen(name) > PATH_MAX ||
	    statx(AT_FDCWD, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, want, &stat))
		return false;
	path->what = what_of(name, &stat);
	path->mode = stat.stx_mode;
	path->ino = stat.stx_ino;
	path->dev_major = stat.stx_dev_major;
	path->dev_minor = stat.stx_dev_minor;
	path->rdev_major = stat.stx_rdev_major;
	path->rdev_minor = stat.stx_rdev_minor;
	path->has_mount_id = (stat.stx_mask & STATX_MNT_ID) != 0;
	path->mount_id = stat.stx_mnt_id;
	return true;
}

void fd_path_find(const char *given, bool live, struct arena *arena, struct fd_path *ret)
{
	char *real;

	*ret = (struct fd_path){.given = given, .by_tree = !live};
	if (!live) {
		strip_slashes(ret, arena_copy(arena, given, strlen(given)));
		return;
	}
	real = realpath(given, NULL);
	if (real && look_at(ret, real)) {
		strip_slashes(ret, arena_copy(arena, real, strlen(real)));
	} else {
		ret->os_errno = errno;
		strip_slashes(ret, name_of_absent(given, arena));
	}
	free(real);
}

/* ---- whether a descriptor has it ---- */

uint64_t fd_path_needs(const struct fd_path *path)
{
	const uint64_t file = FD_NEED(LINK) | FD_NEED(STAT);

	switch (path->what) {
	case FD_PATH_NAME:
		return FD_NEED(LINK);
	case FD_PATH_SOCKET:
		return file | FD_NEED(SOCKET);
	default:
		return file;
	}
}

static bool is_inode(const struct fd_path *path, const struct intro_fd *fd)
{
	return fd->stat && fd->stat->ino == path->ino && fd->stat->dev_major == path->dev_major &&
	       fd->stat->dev_minor == path->dev_minor;
}

static bool has_name(const struct fd_path *path, const struct intro_fd *fd)
{
	return fd->name.data && fd->name.len == path->name_len &&
	       !memcmp(fd->name.data, path->name, path->name_len);
}

static bool is_below(const struct fd_path *path, const struct intro_fd *fd)
{
	size_t len = path->name_len;

	if (len == 1 && path->name[0] == '/')
		len = 0;
	return fd->name.data && fd->name.len > len && fd->name.data[len] == '/' &&
	       !memcmp(fd->name.data, path->name, len);
}

static bool is_on_mount(const struct fd_path *path, const struct intro_fd *fd)
{
	if (!fd->stat)
		return false;
	if (path->has_mount_id && fd->stat->has_mount_id && fd->stat->mount_id == path->mount_id)
		return true;
	return fd->stat->dev_major == path->dev_major && fd->stat->dev_minor == path->dev_minor;
}

static bool is_device(const struct fd_path *path, const struct intro_fd *fd)
{
	return fd->stat && (fd->stat->mode & S_IFMT) == (path->mode & S_IFMT) &&
	       fd->stat->rdev_major == path->rdev_major && fd->stat->rdev_minor == path->rdev_minor;
}

static bool is_bound(const struct fd_path *path, const struct intro_fd *fd)
{
	const struct intro_socket *socket = fd->socket;

	return socket && (socket->have & INTRO_SOCKET_VFS) && socket->vfs_ino == path->ino &&
	       socket->vfs_dev_major == path->dev_major && socket->vfs_dev_minor == path->dev_minor;
}

bool fd_path_matches(const struct fd_path *path, const struct intro_fd *fd)
{
	/* A mapping may be told by another inode than its file has, as on overlayfs. */
	bool by_name = fd->slot == INTRO_SLOT_MEM && !fd->deleted && has_name(path, fd);

	switch (path->what) {
	case FD_PATH_NAME:
		return has_name(path, fd) || (path->by_tree && is_below(path, fd));
	case FD_PATH_FILE:
		return is_inode(path, fd) || by_name;
	case FD_PATH_DIRECTORY:
		return is_inode(path, fd) || is_below(path, fd);
	case FD_PATH_MOUNT:
		return is_on_mount(path, fd);
	case FD_PATH_DEVICE:
		return is_device(path, fd) || is_inode(path, fd) || by_name;
	case FD_PATH_SOCKET:
		return is_inode(path, fd) || is_bound(path, fd);
	}
	return false;
}
