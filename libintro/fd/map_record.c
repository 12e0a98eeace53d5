/* The link and the stat of a mapped file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fd/list.h"
#include "proc/parse.h"

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

static uint64_t mount_namespace(struct intro_fds *fds)
{
	struct intro_buf link = {0};
	uint64_t number;

	if (!fds->mount_namespace && intro_read_link(fds->task_fd, "ns/mnt", &link) == 0 &&
	    intro_parse_namespace(link.data, link.len, &number) == 0)
		fds->mount_namespace = number;
	intro_buf_free(&link);
	return fds->mount_namespace;
}

/*
 * Some file systems (btrfs, overlayfs) have one device for maps and others for stat: through
 * map_files/ it is that of stat, as of descriptors.
 */
static int read_map_stat(struct intro_fds *fds)
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

int intro_fd_map_stat(struct intro_fds *fds)
{
	const struct intro_fd_map *map = fds->map;
	const struct intro_fd_map_key key = {.namespace = mount_namespace(fds),
					     .ino = map->ino,
					     .dev_major = map->dev_major,
					     .dev_minor = map->dev_minor,
					     .path = intro_fd_map_path_hash(map->path)};
	const struct intro_fd_stat *kept = intro_fd_map_cache_find(&fds->map_cache, &key);
	int r = 0;

	if (kept)
		fds->stat = *kept;
	else
		r = read_map_stat(fds);
	if (r == 0 && !kept)
		intro_fd_map_cache_add(&fds->map_cache, &key, &fds->stat);
	return r;
}
