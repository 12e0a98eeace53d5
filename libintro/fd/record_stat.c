/* The sources that every listing reads: the link, its permissions, and stat. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd/list.h"

#ifndef RESOLVE_CACHED /* Linux 5.12 */
#define RESOLVE_CACHED 0x20
#endif

/* ---- link ---- */

int intro_fd_source_link(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	int r;

	fds->link = (struct intro_link){.kind = INTRO_FD_KIND_UNKNOWN, .is_path = true};
	if (record->slot == INTRO_SLOT_MEM)
		r = intro_fd_map_link(fds);
	else
		r = intro_read_link(fds->at_dir, fds->at, &fds->link_text);
	if (r)
		return r == -EINVAL ? -EBADMSG : r; /* a captured tree may have anything there */
	record->link = (struct intro_bytes){fds->link_text.data, fds->link_text.len};
	record->name = record->link;
	intro_parse_link(record->link.data, record->link.len, &fds->link);
	record->kind = fds->link.kind;
	if (!fds->session->live && fds->link.may_be_memfd && fds->link.has_suffix)
		record->kind = INTRO_FD_KIND_MEMFD; /* nothing there could tell better */
	return 0;
}

static void take_suffix_off(struct intro_fds *fds)
{
	fds->record.name.len -= sizeof(INTRO_LINK_SUFFIX) - 1;
}

/*
 * Walks a path as far as the kernel remembers it: on the way may be a mount whose server is dead, and
 * of what somebody has open the way is remembered. It forgets for a moment where something is renamed
 * or mounted.
 */
static int statx_cached(int dirfd, const char *path, struct intro_fd_stat *ret)
{
	enum { TRIES = 8 };
	struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
			       .resolve = RESOLVE_CACHED | RESOLVE_NO_MAGICLINKS};
	long fd = -1;
	int r;

	for (int i = 0; i < TRIES && fd < 0 && (i == 0 || errno == EAGAIN); i++)
		fd = syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
	if (fd < 0 && (errno == EINVAL || errno == ENOSYS)) /* before Linux 5.12 */
		return intro_fd_statx(dirfd, path, AT_SYMLINK_NOFOLLOW, ret);
	if (fd < 0)
		return -errno;
	r = intro_fd_statx((int)fd, "", AT_EMPTY_PATH, ret);
	close((int)fd);
	return r;
}

int intro_fd_find_path(struct intro_fds *fds, const char *path, const struct intro_fd_stat *inode,
		       struct intro_fd_stat *ret)
{
	struct intro_fd_stat stat;
	int root, r;

	if (statx_cached(AT_FDCWD, path, &stat) == 0 && intro_fd_same_inode(&stat, inode)) {
		*ret = stat;
		return 0;
	}
	root = openat(fds->task_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -ENOENT;
	while (*path == '/')
		path++;
	r = statx_cached(root, path, &stat);
	intro_spent_add(&fds->spent, root);
	if (r || !intro_fd_same_inode(&stat, inode))
		return -ENOENT;
	*ret = stat;
	return 0;
}

/*
 * The kernel puts " (deleted)" behind the name of what has lost it; a name may also end so. A file
 * without links has lost it. One with links has, unless it is found by the text as it stands. What
 * lies in the kernel's own memory never had a name to lose.
 */
int intro_fd_judge_suffix(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	struct intro_fd_stat stat;
	int r;

	if (fds->is_judged || !fds->link.has_suffix || !(record->have & INTRO_FD_WANT(LINK)))
		return 0;
	fds->is_judged = true;
	r = intro_fd_require(fds, INTRO_FD_SOURCE_STAT);
	if (intro_fd_is_fatal(r))
		return r;
	if (record->stat && intro_fd_is_memory(&fds->known, record->stat, fds->link.may_be_memfd)) {
		take_suffix_off(fds);
		return 0;
	}
	if (record->stat && record->stat->nlink > 0 &&
	    intro_fd_find_path(fds, fds->link_text.data, record->stat, &stat) == 0)
		return 0;
	record->deleted = !(record->kind == INTRO_FD_KIND_MEMFD && !fds->session->live);
	take_suffix_off(fds);
	return 0;
}

/* ---- access ---- */

/* The link of a descriptor may be read and written as its file may. 1: it tells; 0: neither. */
static int access_of_link(struct intro_fds *fds)
{
	struct stat st;
	mode_t mode;

	if (fstatat(fds->at_dir, fds->at, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	mode = st.st_mode & (S_IRUSR | S_IWUSR);
	if (mode == (S_IRUSR | S_IWUSR))
		fds->record.access = INTRO_FD_ACCESS_RW;
	else if (mode)
		fds->record.access = mode == S_IRUSR ? INTRO_FD_ACCESS_R : INTRO_FD_ACCESS_W;
	return mode != 0;
}

/*
 * Where the link tells neither it is a mere place, or only for ioctl(2): fdinfo decides. Captured
 * links tell nothing. And where fdinfo is read anyway, it tells that, too.
 */
int intro_fd_source_access(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	bool ask_link = fds->session->live && !(fds->reading & INTRO_FD_WANT(INFO));
	int r = 0;

	if (record->slot != INTRO_SLOT_FD)
		return INTRO_FD_NONE;
	if (ask_link)
		r = access_of_link(fds);
	if (r)
		return r > 0 ? 0 : r;
	r = intro_fd_require(fds, INTRO_FD_SOURCE_INFO);
	if (r == 0)
		return record->access == INTRO_FD_ACCESS_UNKNOWN ? INTRO_FD_NONE : 0;
	if (ask_link || !fds->session->live || intro_fd_is_fatal(r))
		return r;
	return access_of_link(fds) > 0 ? 0 : r; /* fdinfo is denied, but not the link */
}

/* ---- stat ---- */

static enum intro_fd_kind kind_of_mode(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return INTRO_FD_KIND_REG;
	case S_IFDIR:
		return INTRO_FD_KIND_DIR;
	case S_IFCHR:
		return INTRO_FD_KIND_CHR;
	case S_IFBLK:
		return INTRO_FD_KIND_BLK;
	case S_IFLNK:
		return INTRO_FD_KIND_LNK;
	case S_IFIFO:
		return INTRO_FD_KIND_FIFO;
	case S_IFSOCK: /* the file that a socket is bound to, by O_PATH */
		return INTRO_FD_KIND_SOCKET;
	default:
		return INTRO_FD_KIND_UNKNOWN;
	}
}

static bool is_memfd(struct intro_fds *fds)
{
	return fds->link.may_be_memfd && fds->link.has_suffix && S_ISREG(fds->stat.mode) &&
	       fds->stat.nlink == 0 && intro_fd_is_memory(&fds->known, &fds->stat, true);
}

/* Whether the link was that of another file, by what can be seen without more calls. */
static bool is_stale(struct intro_fds *fds)
{
	const struct intro_fd_stat *channel = NULL;
	uint32_t type = fds->stat.mode & S_IFMT;

	if (!fds->link.is_path)
		return type != 0 && type != S_IFREG;
	if (type == S_IFIFO)
		channel = intro_fd_known_stat(&fds->known, INTRO_FD_KIND_PIPE);
	else if (type == S_IFSOCK)
		channel = intro_fd_known_stat(&fds->known, INTRO_FD_KIND_SOCKET);
	return type == 0 || (channel && channel->dev_major == fds->stat.dev_major &&
			     channel->dev_minor == fds->stat.dev_minor);
}

static int stat_anew(struct intro_fds *fds)
{
	int r = intro_fd_statx(fds->at_dir, fds->at, 0, &fds->stat);

	if (r)
		return r;
	if (!(fds->record.have & INTRO_FD_WANT(LINK)))
		return 0;
	/* Where our own pipes could not tell. */
	if (fds->link.kind == INTRO_FD_KIND_PIPE || fds->link.kind == INTRO_FD_KIND_SOCKET)
		return fds->link.ino == fds->stat.ino ? 0 : -ESTALE;
	return is_stale(fds) ? -ESTALE : 0;
}

int intro_fd_source_stat(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	const struct intro_fd_stat *known;
	int r = 0;

	if (!fds->session->live)
		return INTRO_FD_NONE;
	known = intro_fd_known_stat(&fds->known, fds->link.kind);
	if (known) {
		fds->stat = *known;
		if (fds->link.has_ino)
			fds->stat.ino = fds->link.ino;
	} else if (record->slot == INTRO_SLOT_MEM) {
		r = intro_fd_map_stat(fds);
	} else {
		r = stat_anew(fds);
	}
	if (r)
		return r;
	record->stat = &fds->stat;
	if (record->kind == INTRO_FD_KIND_UNKNOWN)
		record->kind = is_memfd(fds) ? INTRO_FD_KIND_MEMFD : kind_of_mode(fds->stat.mode);
	return 0;
}
