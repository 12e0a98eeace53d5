/* Columns: the inode. */
#include <sys/stat.h>

#include "fd_columns.h"

static bool has_size(const struct intro_fd *fd)
{
	return fd->stat &&
	       (S_ISREG(fd->stat->mode) || S_ISDIR(fd->stat->mode) || S_ISLNK(fd->stat->mode));
}

static bool is_device(const struct intro_fd *fd)
{
	return fd->stat && (S_ISCHR(fd->stat->mode) || S_ISBLK(fd->stat->mode));
}

static bool has_owner(const struct intro_fd *fd)
{
	return fd->stat && fd->stat->has_owner;
}

FD_STAT(dev, fd_value_device(fd->stat->dev_major, fd->stat->dev_minor, arena))
FD_STAT(dev_major, value_uint(fd->stat->dev_major))
FD_STAT(dev_minor, value_uint(fd->stat->dev_minor))
FD_STAT(ino, value_uint(fd->stat->ino))
FD_FIELD_IF(size, has_size(fd), value_uint(fd->stat->size))
FD_FIELD_IF(disk_bytes, has_size(fd), value_uint(fd->stat->blocks * 512))
FD_STAT(nlink, value_uint(fd->stat->nlink))
FD_FIELD_IF(mode, has_owner(fd), value_string(arena_printf(arena, "%04o", fd->stat->mode & 07777)))
FD_FIELD_IF(owner_uid, has_owner(fd), value_uint(fd->stat->uid))
FD_FIELD_IF(owner_gid, has_owner(fd), value_uint(fd->stat->gid))
FD_FIELD_IF(rdev, is_device(fd), fd_value_device(fd->stat->rdev_major, fd->stat->rdev_minor, arena))

static void get_owner(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);
	const char *name;

	*ret = value_null();
	if (!has_owner(fd))
		return;
	name = intro_user_name(((const struct fd_row *)row)->session, fd->stat->uid);
	*ret = value_string(name ? name : arena_printf(arena, "%u", fd->stat->uid));
}

static void get_mount_id(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);

	(void)arena;
	*ret = value_null();
	if (fd->info && (fd->info->have & INTRO_FDINFO_MOUNT_ID))
		*ret = value_int(fd->info->mount_id);
	else if (fd->stat && fd->stat->has_mount_id)
		*ret = value_uint(fd->stat->mount_id);
}

static void get_driver(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);

	(void)arena;
	*ret = value_null();
	if (is_device(fd))
		*ret = value_string(intro_driver_name(((const struct fd_row *)row)->session,
						      S_ISBLK(fd->stat->mode),
						      fd->stat->rdev_major));
}

static const struct column table[] = {
	{"dev", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_RIGHT, FD_NEED(STAT), get_dev, NULL, 0, NULL,
	 "device of the file system, major:minor; of what has no file, the kernel's own"},
	{"dev_major", NULL, COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT), get_dev_major, NULL, 0,
	 NULL, "its major number"},
	{"dev_minor", NULL, COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT), get_dev_minor, NULL, 0,
	 NULL, "its minor number"},
	{"ino", NULL, COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT), get_ino, NULL, 0, NULL,
	 "inode number"},
	{"size", NULL, COLUMN_INTEGER, UNIT_BYTES, 0, FD_NEED(STAT), get_size, NULL, 0, NULL,
	 "size of a file or directory"},
	{"disk_bytes", "DISK", COLUMN_INTEGER, UNIT_BYTES, 0, FD_NEED(STAT), get_disk_bytes, NULL,
	 0, NULL, "what it takes on disk"},
	{"nlink", "LN", COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT), get_nlink, NULL, 0, NULL,
	 "number of names that the inode has"},
	{"mode", NULL, COLUMN_TEXT, UNIT_NONE, 0, FD_NEED(STAT), get_mode, NULL, 0, NULL,
	 "permissions in octal"},
	{"owner", NULL, COLUMN_TEXT, UNIT_NONE, 0, FD_NEED(STAT), get_owner, NULL, 0, NULL,
	 "owner of the file, the number where it has no name"},
	{"owner_uid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT), get_owner_uid, NULL, 0,
	 NULL, "owner of the file as a number"},
	{"owner_gid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT), get_owner_gid, NULL, 0,
	 NULL, "group of the file as a number"},
	{"mount_id", "MNT", COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(STAT) | FD_NEED(INFO),
	 get_mount_id, NULL, 0, NULL, "the mount that it was opened through, as in mountinfo"},
	{"rdev", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_RIGHT, FD_NEED(STAT), get_rdev, NULL, 0, NULL,
	 "number of a device file, major:minor"},
	{"driver", NULL, COLUMN_TEXT, UNIT_NONE, 0, FD_NEED(STAT), get_driver, NULL, 0, NULL,
	 "driver of a device file"},
};

FD_GROUP(file, table);
