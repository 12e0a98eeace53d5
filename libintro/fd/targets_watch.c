/*
 * Inotify and fanotify remember an inode. Its line in fdinfo has a file handle, which any mount of
 * the same file system opens, and our own descriptor of it has a link that tells the path.
 */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd/link.h"
#include "fd/mounts.h"
#include "fd/stat.h"
#include "fd/targets_private.h"

#define STATX_NEEDED (STATX_INO | STATX_MNT_ID)
#define MOST_OPEN 16 /* file systems of one record that are open at a time */

struct opened {
	const struct intro_mount *mount;
	int fd;
	struct intro_buf link; /* where it is, as links tell */
};

struct watches {
	struct intro_fd_targets *targets;
	const struct intro_fd_mounts *mounts;
	int root_fd; /* of the process; -1: not open yet, -2: cannot be opened */
	int task_fd;
	struct opened opened[MOST_OPEN];
	size_t opened_count;
	struct intro_buf link;
};

/* ---- mounts that may be touched ---- */

static bool is_type(const struct intro_mount *mount, const char *type)
{
	return intro_bytes_equal(mount->type, type, strlen(type));
}

/*
 * Those that nobody has to answer for: with a block device of their own, or of the kernel itself.
 * The others (nfs, cifs, 9p, ceph, fuse.*, autofs, whatever comes) may hang for ever.
 */
static bool is_local(const struct intro_mount *mount)
{
	static const char *const types[] = {
		"tmpfs",  "ramfs",  "devtmpfs", "devpts",    "proc",    "sysfs",
		"cgroup", "btrfs",  "cgroup2",  "bcachefs",  "zfs",     "ubifs",
		"bpf",    "mqueue", "tracefs",  "hugetlbfs", "debugfs", "securityfs",
	};

	if (mount->type.len >= 4 && memcmp(mount->type.data, "fuse", 4) == 0)
		return false;
	if (mount->dev_major != 0)
		return true;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (is_type(mount, types[i]))
			return true;
	return false;
}

/* Whether the way to `point` may lead through this mount. */
static bool is_on_the_way(const struct intro_mount *mount, struct intro_bytes point)
{
	size_t len = mount->point.len;

	if (len > point.len || memcmp(mount->point.data, point.data, len) != 0)
		return false;
	return len == 1 || len == point.len || point.data[len] == '/';
}

static bool is_reachable(const struct intro_fd_mounts *mounts, const struct intro_mount *mount)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (is_on_the_way(&mounts->mounts[i], mount->point) &&
		    !is_local(&mounts->mounts[i]) && !is_type(&mounts->mounts[i], "overlay"))
			return false;
	return is_local(mount);
}

/* ---- opening ---- */

static int open_below(int dirfd, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = {.flags = flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			       .resolve = resolve | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	long fd;

	if (flags & O_PATH)
		how.flags = flags | O_CLOEXEC;
	fd = syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
	return fd >= 0 ? (int)fd : -errno;
}

static bool is_at(int fd, int mount_id, uint64_t ino)
{
	struct statx stx;

	return statx(fd, "", AT_EMPTY_PATH | INTRO_FD_STATX_FLAGS, STATX_NEEDED, &stx) == 0 &&
	       (stx.stx_mask & STATX_MNT_ID) && stx.stx_mnt_id == (uint64_t)mount_id &&
	       stx.stx_ino == ino;
}

static int read_own_link(const struct watches *watches, int fd, struct intro_buf *link)
{
	char path[32];

	snprintf(path, sizeof(path), "self/fd/%d", fd);
	return intro_read_link(watches->targets->session->proc_fd, path, link);
}

static int open_root(struct watches *watches)
{
	if (watches->root_fd == -1) {
		int fd = openat(watches->task_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 && intro_fd_targets_is_ours(-errno))
			return -errno;
		watches->root_fd = fd >= 0 ? fd : -2;
	}
	return watches->root_fd >= 0 ? 0 : -EACCES;
}

/*
 * The directory at its place. Another mount may cover it; that what is found is of the right one is
 * seen in the end.
 */
static int open_mount(struct watches *watches, const struct intro_mount *mount,
		      struct opened *opened)
{
	struct intro_buf point = {0};
	int error = open_root(watches), fd;

	if (error)
		return error;
	if (intro_buf_append(&point, ".", 1) ||
	    intro_buf_append(&point, mount->point.data, mount->point.len)) {
		intro_buf_free(&point);
		return -ENOMEM;
	}
	fd = open_below(watches->root_fd, point.data, O_RDONLY | O_DIRECTORY, RESOLVE_BENEATH);
	intro_buf_free(&point);
	if (fd < 0)
		return fd;
	*opened = (struct opened){.mount = mount, .fd = fd};
	error = read_own_link(watches, fd, &opened->link);
	if (error) {
		intro_buf_free(&opened->link);
		close(fd);
	}
	return error;
}

static void close_mounts(struct watches *watches)
{
	while (watches->opened_count) {
		struct opened *opened = &watches->opened[--watches->opened_count];

		intro_buf_free(&opened->link);
		if (opened->fd >= 0)
			close(opened->fd);
	}
}

/*
 * Finds an opened mount, or opens it. One that cannot be opened is noted with the descriptor -1. 1
 * and the mount, 0, or a failure of ours.
 */
static int get_mount(struct watches *watches, const struct intro_mount *mount, struct opened **ret)
{
	struct opened *opened;
	int error;

	for (size_t i = 0; i < watches->opened_count; i++) {
		if (watches->opened[i].mount == mount) {
			*ret = &watches->opened[i];
			return (*ret)->fd >= 0;
		}
	}
	if (watches->opened_count == MOST_OPEN)
		close_mounts(watches);
	opened = &watches->opened[watches->opened_count];
	error = is_reachable(watches->mounts, mount) ? open_mount(watches, mount, opened) : -ENOENT;
	if (intro_fd_targets_is_ours(error))
		return error;
	if (error)
		*opened = (struct opened){.mount = mount, .fd = -1};
	watches->opened_count++;
	*ret = opened;
	return opened->fd >= 0;
}

/* ---- paths ---- */

/* The whole file system is mounted here, and not a directory of it. */
static bool is_whole(const struct intro_mount *mount)
{
	return intro_bytes_equal(mount->root, "/", 1);
}

/*
 * The link of a file that has been found by its handle need not be right: the kernel may have
 * forgotten its name, or it is in another part of the file system than what is mounted. Whether it
 * is, looking it up tells. A deleted file cannot be looked up.
 */
static bool is_right(const struct watches *watches, const struct opened *opened,
		     const struct intro_watch *watch)
{
	const struct intro_buf *link = &watches->link;
	size_t prefix = opened->link.len;
	struct intro_link parsed;
	bool right;
	int fd;

	if (prefix == 1) /* "/" */
		prefix = 0;
	if (link->len < prefix || memcmp(link->data, opened->link.data, prefix) != 0 ||
	    (link->len > prefix && link->data[prefix] != '/'))
		return false;
	intro_parse_link(link->data, link->len, &parsed);
	if (link->len <= prefix + 1)
		return is_at(opened->fd, opened->mount->id, watch->ino);
	fd = open_below(opened->fd, link->data + prefix + 1, O_PATH | O_NOFOLLOW,
			RESOLVE_BENEATH | RESOLVE_NO_XDEV);
	if (fd < 0)
		return parsed.has_suffix && is_whole(opened->mount);
	right = is_at(fd, opened->mount->id, watch->ino);
	close(fd);
	return right || (parsed.has_suffix && is_whole(opened->mount));
}

static int open_handle(const struct opened *opened, const struct intro_watch *watch)
{
	union {
		struct file_handle handle;
		char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} any = {0};
	int fd;

	if (watch->handle.len > MAX_HANDLE_SZ)
		return -EINVAL;
	any.handle.handle_bytes = (unsigned)watch->handle.len;
	any.handle.handle_type = watch->handle_type;
	memcpy(any.handle.f_handle, watch->handle.data, watch->handle.len);
	fd = open_by_handle_at(opened->fd, &any.handle, O_PATH | O_CLOEXEC);
	return fd >= 0 ? fd : -errno;
}

/* 1: found, and the path is in watches->link; 0; a failure of ours. */
static int find_on_mount(struct watches *watches, const struct intro_mount *mount,
			 const struct intro_watch *watch)
{
	struct opened *opened;
	int r = get_mount(watches, mount, &opened), fd;

	if (r <= 0)
		return r;
	fd = open_handle(opened, watch);
	if (fd < 0)
		return intro_fd_targets_is_ours(fd) ? fd : 0;
	r = is_at(fd, mount->id, watch->ino) ? read_own_link(watches, fd, &watches->link) : -ESTALE;
	close(fd);
	if (r)
		return intro_fd_targets_is_ours(r) ? r : 0;
	return is_right(watches, opened, watch);
}

static bool is_of_device(const struct intro_mount *mount, const struct intro_watch *watch)
{
	return mount->dev_major == watch->dev_major && mount->dev_minor == watch->dev_minor;
}

/* Whole mounts first: a directory of it that is mounted elsewhere may lack the file. */
static int find_inode(struct watches *watches, struct intro_watch *watch)
{
	if (watch->handle_type < 0 || !watches->targets->session->live)
		return 0;
	for (int whole = 1; whole >= 0; whole--) {
		for (size_t i = 0; i < watches->mounts->count; i++) {
			const struct intro_mount *mount = &watches->mounts->mounts[i];
			int r;

			if (!is_of_device(mount, watch) || is_whole(mount) != whole)
				continue;
			r = find_on_mount(watches, mount, watch);
			if (r < 0)
				return r;
			if (r > 0)
				return intro_fd_targets_add_name(watches->targets,
								 watches->link.data,
								 watches->link.len, &watch->path);
		}
	}
	return 0;
}

static int name_mount(struct watches *watches, struct intro_watch *watch)
{
	const struct intro_mount *found = NULL;

	for (size_t i = 0; i < watches->mounts->count; i++) {
		const struct intro_mount *mount = &watches->mounts->mounts[i];

		if (watch->what == INTRO_WATCH_MOUNT) {
			if (mount->id == watch->mount_id)
				found = mount;
		} else if (is_of_device(mount, watch) &&
			   (!found || (is_whole(mount) && !is_whole(found)))) {
			found = mount;
		}
	}
	if (!found)
		return 0;
	return intro_fd_targets_add_name(watches->targets, found->point.data, found->point.len,
					 &watch->path);
}

static int find(struct watches *watches, struct intro_watch *watch)
{
	switch (watch->what) {
	case INTRO_WATCH_INODE:
		return find_inode(watches, watch);
	case INTRO_WATCH_MOUNT:
	case INTRO_WATCH_FILESYSTEM:
		return name_mount(watches, watch);
	default:
		return 0;
	}
}

/* Mounts come and go: they are read for each record anew, and none stays open. */
static int read_mounts(struct intro_fd_targets *targets, int task_fd)
{
	int error;

	if (!targets->mounts)
		targets->mounts = calloc(1, sizeof(*targets->mounts));
	if (!targets->mounts)
		return -ENOMEM;
	error = intro_fd_mounts_read(targets->session, task_fd, "mountinfo", targets->mounts);
	if (error)
		targets->mounts->count = 0;
	return intro_fd_targets_is_ours(error) ? error : 0;
}

int intro_fd_targets_watches(struct intro_fd_targets *targets, int task_fd,
			     struct intro_watch *list, size_t count)
{
	struct watches watches = {.targets = targets, .root_fd = -1, .task_fd = task_fd};
	int error = read_mounts(targets, task_fd);

	watches.mounts = targets->mounts;
	for (size_t i = 0; i < count; i++)
		list[i].path = (struct intro_bytes){0};
	for (size_t i = 0; i < count && !error; i++)
		error = find(&watches, &list[i]);
	close_mounts(&watches);
	if (watches.root_fd >= 0)
		close(watches.root_fd);
	intro_buf_free(&watches.link);
	return error;
}
