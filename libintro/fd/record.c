/*
 * One record: which sources are read, and how it is made sure that all of them tell of one file,
 * though each looks the descriptor up anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd/list.h"

#define PIN_LIMIT (64u << 20)

static const struct source {
	const char *name;
	intro_fd_source_fn *read;
} sources[INTRO_FD_SOURCE_COUNT] = {
	[INTRO_FD_SOURCE_LINK] = {"fd", intro_fd_source_link},
	[INTRO_FD_SOURCE_ACCESS] = {"fd", intro_fd_source_access},
	[INTRO_FD_SOURCE_STAT] = {"statx", intro_fd_source_stat},
	[INTRO_FD_SOURCE_INFO] = {"fdinfo", intro_fd_source_info},
	[INTRO_FD_SOURCE_SOCKET] = {"socket", intro_fd_source_socket},
	[INTRO_FD_SOURCE_COPY] = {"pidfd_getfd", intro_fd_source_copy},
	[INTRO_FD_SOURCE_TARGETS] = {"targets", intro_fd_source_targets},
	[INTRO_FD_SOURCE_DETAILS] = {"fdinfo", intro_fd_source_details},
};

const char *intro_fd_source_name(enum intro_fd_source source)
{
	return (unsigned)source < INTRO_FD_SOURCE_COUNT ? sources[source].name : "";
}

void intro_fd_record_begin(struct intro_fds *fds, enum intro_slot slot, int fd, int at_dir)
{
	struct intro_fd *record = &fds->record;

	fds->at_dir = at_dir;
	fds->tried = 0;
	fds->is_judged = fds->socket_asked = false;
	*record = (struct intro_fd){.pid = fds->pid, .tid = fds->tid, .slot = slot, .fd = fd};
}

int intro_fd_require(struct intro_fds *fds, enum intro_fd_source source)
{
	struct intro_fd *record = &fds->record;
	int r;

	if (record->have & 1u << source)
		return 0;
	if (fds->tried & 1u << source)
		return record->error[source] ? -record->error[source] : INTRO_FD_NONE;
	fds->tried |= 1u << source;
	r = sources[source].read(fds);
	if (r == 0)
		record->have |= 1u << source;
	else if (r < 0)
		record->error[source] = -r;
	return r;
}

bool intro_fd_is_fatal(int r)
{
	return r == -ENOENT || r == -ESRCH || r == -ESTALE || r == -ENOMEM || r == -EMFILE ||
	       r == -ENFILE;
}

static int read_sources(struct intro_fds *fds, uint32_t want)
{
	int r;

	fds->reading = want;
	r = intro_fd_require(fds, INTRO_FD_SOURCE_LINK);
	if (intro_fd_is_fatal(r))
		return r;
	for (unsigned i = INTRO_FD_SOURCE_LINK + 1; i < INTRO_FD_SOURCE_COUNT; i++) {
		if (!(want & 1u << i))
			continue;
		r = intro_fd_require(fds, i);
		if (intro_fd_is_fatal(r))
			return r;
	}
	return intro_fd_judge_suffix(fds);
}

/* The inode number that is known without fdinfo. */
static bool known_ino(const struct intro_fds *fds, uint64_t *ret)
{
	if (fds->record.stat)
		*ret = fds->record.stat->ino;
	else if (fds->link.has_ino)
		*ret = fds->link.ino;
	else
		return false;
	return true;
}

/*
 * Each source looks the number up anew, and another file may have it by then. Where two of them tell
 * which file it is, that shows. Files on disk may have one inode number for fdinfo and another for
 * stat (overlayfs).
 */
static bool is_of_one_file(const struct intro_fds *fds)
{
	const struct intro_fdinfo *info = fds->record.info;
	const struct intro_fd_stat *stat = fds->record.stat;
	uint64_t ino;

	if (!info || !fds->session->live)
		return true;
	if (!fds->link.is_path && (info->have & INTRO_FDINFO_INO) && known_ino(fds, &ino) &&
	    ino != info->ino)
		return false;
	return !(info->have & INTRO_FDINFO_MOUNT_ID) || !stat || !stat->has_mount_id ||
	       stat->mount_id == (uint64_t)info->mount_id;
}

static int fail(struct intro_fds *fds, int r)
{
	if (r == -ENOENT || r == -ESRCH || r == -ESTALE)
		return intro_fail(fds->session, INTRO_E_GONE, ESRCH, fds->pid, fds->at,
				  "the descriptor is closed");
	return intro_fail(fds->session, intro_code_of_errno(-r), -r, fds->pid, fds->at, NULL);
}

static void begin_again(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	uint64_t map_start = record->map_start;

	intro_fd_record_begin(fds, record->slot, record->fd, fds->at_dir);
	record->map_start = map_start;
}

static int read_until_consistent(struct intro_fds *fds, uint32_t want)
{
	enum { ROUNDS = 4 };
	int r = -ESTALE;

	for (int i = 0; i < ROUNDS && r == -ESTALE; i++) {
		if (i)
			begin_again(fds);
		r = read_sources(fds, want);
		if (r == 0 && !is_of_one_file(fds))
			r = -ESTALE;
	}
	return r;
}

/* What fdinfo says of a descriptor of our own: its inode and mount. */
static int read_pin(struct intro_fds *fds, const char *path, struct intro_fdinfo *ret)
{
	int r = intro_read_record_spent(fds->session, fds->session->proc_fd, path, PIN_LIMIT,
					&fds->info_text, &fds->spent);

	if (r)
		return r;
	return intro_parse_fdinfo(fds->info_text.data, fds->info_text.len, INTRO_FD_KIND_UNKNOWN,
				  &fds->info_store, ret)
		       ? -EBADMSG
		       : 0;
}

static bool is_pinned(const struct intro_fdinfo *info, const struct intro_fdinfo *pin)
{
	uint32_t both = info->have & pin->have;

	return (!(both & INTRO_FDINFO_INO) || info->ino == pin->ino) &&
	       (!(both & INTRO_FDINFO_MOUNT_ID) || info->mount_id == pin->mount_id);
}

static int read_through_pin(struct intro_fds *fds, uint32_t want, int pin)
{
	struct intro_fdinfo info;
	char path[48];
	int r;

	snprintf(path, sizeof(path), "thread-self/fdinfo/%d", pin);
	snprintf(fds->at, sizeof(fds->at), "thread-self/fd/%d", pin);
	fds->at_dir = fds->session->proc_fd;
	r = read_pin(fds, path, &info);
	if (r == 0)
		r = read_until_consistent(fds, want);
	if (r == 0 && fds->record.info && !is_pinned(fds->record.info, &info))
		r = -ESTALE;
	return r;
}

/*
 * Where the table is changing: a place of our own (O_PATH) for the file, whose link and stat are then
 * of one file. What only the descriptor tells comes from fdinfo, which says of which inode it is.
 */
static int read_pinned(struct intro_fds *fds, uint32_t want)
{
	enum { ROUNDS = 16 };
	int fd_dir = fds->at_dir, r = -ESTALE;

	if (want & INTRO_FD_WANT(ACCESS))
		want |= INTRO_FD_WANT(INFO);
	for (int i = 0; i < ROUNDS && r == -ESTALE; i++) {
		int pin = openat(fd_dir, fds->number, O_PATH | O_CLOEXEC);

		if (pin < 0)
			return -errno;
		if (i)
			begin_again(fds);
		r = read_through_pin(fds, want, pin);
		close(pin);
		fds->at_dir = fd_dir;
		strcpy(fds->at, fds->number);
	}
	return r;
}

/* Whether the link still says what the record says. */
static bool is_link_same(const struct intro_fds *fds)
{
	const struct intro_fd *record = &fds->record;
	char text[PATH_MAX];
	ssize_t n = readlinkat(fds->at_dir, fds->at, text, sizeof(text));

	return n >= 0 && (size_t)n == record->link.len &&
	       memcmp(text, record->link.data, (size_t)n) == 0;
}

/*
 * A process that slept when it was looked at may have woken: where link and stat are of one file, the
 * link still says the same after the stat.
 */
static bool is_confused(struct intro_fds *fds)
{
	return fds->record.slot == INTRO_SLOT_FD && fds->session->live && fds->link.is_path &&
	       fds->record.stat && !is_link_same(fds);
}

/* Reads without a place of our own, which is cheaper, until that is known not to be enough. */
static int read_unpinned(struct intro_fds *fds, uint32_t want, bool can_pin)
{
	enum { ROUNDS = 4 };
	int r = -ESTALE;

	for (int i = 0; i < ROUNDS && r == -ESTALE; i++) {
		begin_again(fds);
		r = read_until_consistent(fds, want);
		if (r == 0 && is_confused(fds))
			r = -ESTALE;
		if (r == -ESTALE && can_pin) {
			fds->is_restless = true;
			begin_again(fds);
			return read_pinned(fds, want);
		}
	}
	return r;
}

static int read_first(struct intro_fds *fds, uint32_t want)
{
	bool can_pin = fds->record.slot == INTRO_SLOT_FD && (want & ~INTRO_FD_WANT(LINK)) &&
		       intro_is_own_pid_namespace(fds->session);
	int r = -EACCES;

	if (fds->is_restless && can_pin)
		r = read_pinned(fds, want);
	if (r && r != -ESTALE && !intro_fd_is_fatal(r)) /* it cannot be pinned, or need not be */
		r = read_unpinned(fds, want, can_pin && !fds->is_restless);
	return r ? fail(fds, r) : 0;
}

static bool is_still_same(const struct intro_fds *fds)
{
	return !fds->session->live || fds->record.slot != INTRO_SLOT_FD ||
	       !(fds->record.have & INTRO_FD_WANT(LINK)) || is_link_same(fds);
}

/* Whether the descriptor is still that of the record; its file may have been renamed or deleted. */
static bool is_still_there(const struct intro_fds *fds)
{
	const struct intro_fd *record = &fds->record;
	struct intro_fd_stat now;

	return is_still_same(fds) || (fds->link.is_path && record->stat &&
				      intro_fd_statx(fds->at_dir, fds->at, 0, &now) == 0 &&
				      intro_fd_same_inode(&now, record->stat));
}

int intro_fd_record_read(struct intro_fds *fds, uint32_t want)
{
	uint32_t missing;
	bool had_stat;
	int r;

	if (!fds->tried)
		return read_first(fds, want);
	missing = want & ~fds->tried;
	if (!missing)
		return 0;
	had_stat = fds->record.stat;
	r = read_sources(fds, missing);
	/* A stat that has just been read proves nothing of the link that was read before. */
	if (r == 0 &&
	    (!is_of_one_file(fds) || !(had_stat ? is_still_there(fds) : is_still_same(fds))))
		r = -ESTALE;
	return r ? fail(fds, r) : 0;
}
