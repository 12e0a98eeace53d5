/* Files, directories, mounts and devices that the user names: who has them open. */
#ifndef FD_PATH_H
#define FD_PATH_H

#include "fd_row.h"

enum fd_path_what {
	FD_PATH_NAME,      /* not there, or a captured tree: only the name can be compared */
	FD_PATH_FILE,      /* by device and inode */
	FD_PATH_DIRECTORY, /* itself and all below it, by name */
	FD_PATH_MOUNT,     /* all of the file system */
	FD_PATH_DEVICE,    /* by the number of the device, whatever the name */
	FD_PATH_SOCKET,    /* and those that are bound to it */
};

struct fd_path {
	const char *given; /* as the user wrote it */
	const char *name;  /* absolute, without links and a slash at its end */
	size_t name_len;
	enum fd_path_what what;
	int os_errno; /* why it could not be looked at; 0 */
	bool by_tree; /* of a captured tree: a directory may be meant */
	uint32_t dev_major, dev_minor, rdev_major, rdev_minor;
	uint64_t ino;
	uint32_t mode;
	bool has_mount_id;
	uint64_t mount_id;
	bool seen; /* it selected something */
};

/* Finds out what a path is. `live`: it is of this system. Texts are the arena's. */
void fd_path_find(const char *given, bool live, struct arena *arena, struct fd_path *ret);

/* The sources of a descriptor that must be known. */
uint64_t fd_path_needs(const struct fd_path *path);

bool fd_path_matches(const struct fd_path *path, const struct intro_fd *fd);

#endif
