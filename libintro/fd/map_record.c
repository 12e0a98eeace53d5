/* The link and the stat of a mapped file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fd/list.h"

static bool open_map_files(struct intro_fds *fds)
{
	if (fds->map_files_dir < 0)
		fds->map_files_dir = openat(fds->task_fd, "map_files",
					    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fds->map_files_dir >= 0;
}

/* A mapped file that the process has no descriptor for may be asked for through map_files/. */
static int stat_mapped(struct intro_fds *fds, struct intro_fd_stat *ret)
{
	int r;

	if (fds->map_files_denied)
		return -EPERM; /* as the kernel says to who may look into the process */
	if (!open_map_files(fds))
		return -EACCES;
	r = intro_fd_statx(fds->map_files_dir, fds->at, 0, ret);
	if (r == -EPERM || r == -EACCES)
		fds->map_files_denied = true;
	return r;
}

static struct intro_fd_stat inode_of(const struct intro_fd_map *map)
{
	return (struct intro_fd_stat){
		.dev_major = map->dev_major, .dev_minor = map->dev_minor, .ino = map->ino};
}

/* Whether a file of this path is the one that is mapped. */
static bool is_at(struct intro_fds *fds, const char *path)
{
	struct intro_fd_stat inode = inode_of(fds->map), stat;

	return intro_fd_find_path(fds, path, &inode, &stat) == 0;
}

/*
 * "\012" is how maps tells a newline, and also how it tells just these four bytes: the link in
 * map_files/ decides, or else whether there is such a file.
 */
int intro_fd_map_link(struct intro_fds *fds)
{
	struct intro_bytes path = fds->map->path;
	struct intro_buf *text = &fds->link_text;

	text->len = 0;
	if (intro_buf_append(text, path.data, path.len))
		return -ENOMEM;
	if (!fds->session->live || !strstr(text->data, "\\012")) {
		text->len = intro_fd_map_unescape(path, text->data);
		text->data[text->len] = '\0';
		return 0;
	}
	if (open_map_files(fds) && intro_read_link(fds->map_files_dir, fds->at, text) == 0)
		return 0;
	text->len = 0;
	if (intro_buf_append(text, path.data, path.len))
		return -ENOMEM;
	if (is_at(fds, text->data))
		return 0;
	text->len = intro_fd_map_unescape(path, text->data);
	text->data[text->len] = '\0';
	return 0;
}

/*
 * Some file systems (btrfs, overlayfs) have one device for maps and others for stat: through
 * map_files/ it is that of stat, as of descriptors.
 */
int intro_fd_map_stat(struct intro_fds *fds)
{
	struct intro_fd_stat inode = inode_of(fds->map);
	int r = stat_mapped(fds, &fds->stat);

	if (r == 0) /* and not something that was mapped there meanwhile */
		return fds->stat.ino == inode.ino || fds->stat.dev_major == 0 ? 0 : -ESRCH;
	if (fds->link.is_path && fds->link_text.data &&
	    intro_fd_find_path(fds, fds->link_text.data, &inode, &fds->stat) == 0)
		return 0;
	return r;
}
