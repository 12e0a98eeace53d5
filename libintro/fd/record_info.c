/* What fdinfo says of a descriptor, and what becomes of its targets. */
#include <errno.h>
#include <fcntl.h>

#include "fd/list.h"

#define INFO_LIMIT (64u << 20) /* a million targets of epoll */

static int open_info_dir(struct intro_fds *fds)
{
	int fd;

	if (fds->info_dir >= 0)
		return 0;
	fd = intro_open_directory(fds->session, fds->task_fd, "fdinfo", O_PATH);
	if (fd < 0)
		return fd;
	fds->info_dir = fd;
	return 0;
}

int intro_fd_source_info(struct intro_fds *fds)
{
	struct intro_fd *record = &fds->record;
	int r;

	if (record->slot != INTRO_SLOT_FD)
		return INTRO_FD_NONE;
	r = open_info_dir(fds);
	if (r == 0)
		r = intro_read_record_spent(fds->session, fds->info_dir, fds->number, INFO_LIMIT,
					    &fds->info_text, &fds->spent);
	if (r == -ENOENT && !fds->session->live)
		return INTRO_FD_NONE; /* it was not captured */
	if (r)
		return r;
	r = intro_parse_fdinfo(fds->info_text.data, fds->info_text.len, fds->link.kind,
			       &fds->info_store, &fds->info);
	if (r)
		return r == INTRO_E_NOMEM ? -ENOMEM : -EBADMSG;
	record->info = &fds->info;
	if (record->access == INTRO_FD_ACCESS_UNKNOWN && (fds->info.have & INTRO_FDINFO_FLAGS))
		record->access = fds->info.access;
	return 0;
}

static bool has_details(enum intro_fd_kind kind)
{
	switch (kind) {
	case INTRO_FD_KIND_EPOLL:
	case INTRO_FD_KIND_EVENTFD:
	case INTRO_FD_KIND_TIMERFD:
	case INTRO_FD_KIND_SIGNALFD:
	case INTRO_FD_KIND_INOTIFY:
	case INTRO_FD_KIND_FANOTIFY:
	case INTRO_FD_KIND_PIDFD:
	case INTRO_FD_KIND_IO_URING:
	case INTRO_FD_KIND_BPF:
	case INTRO_FD_KIND_USERFAULTFD:
		return true;
	default:
		return false;
	}
}

int intro_fd_source_details(struct intro_fds *fds)
{
	return has_details(fds->link.kind) ? intro_fd_require(fds, INTRO_FD_SOURCE_INFO)
					   : INTRO_FD_NONE;
}

static bool has_targets(enum intro_fd_kind kind)
{
	return kind == INTRO_FD_KIND_EPOLL || kind == INTRO_FD_KIND_INOTIFY ||
	       kind == INTRO_FD_KIND_FANOTIFY;
}

int intro_fd_source_targets(struct intro_fds *fds)
{
	int r = INTRO_FD_NONE;

	if (has_targets(fds->link.kind))
		r = intro_fd_require(fds, INTRO_FD_SOURCE_INFO);
	if (r)
		return r;
	if (!fds->info.epoll_count && !fds->info.watch_count)
		return INTRO_FD_NONE;
	return intro_fd_targets_find(&fds->targets, fds->task_fd, fds->table_tid, fds->record.fd,
				     &fds->info_store, &fds->info);
}
