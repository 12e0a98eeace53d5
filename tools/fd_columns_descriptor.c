/* Columns: the descriptor and the open file description behind it. */
#include "fd_columns.h"

#define NEED_KIND (FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED(SOCKET))

FD_FIELD_IF(fd, fd->fd >= 0, value_int(fd->fd))
FD_FIELD_IF(slot, true, fd_value_name(INTRO_NAMES_SLOT, fd->slot, arena))
FD_FIELD_IF(kind, true, fd_value_name(INTRO_NAMES_FD_KIND, fd->kind, arena))
FD_FIELD_IF(access, fd->access != INTRO_FD_ACCESS_UNKNOWN,
	    fd_value_name(INTRO_NAMES_FD_ACCESS, fd->access, arena))
FD_INFO(flags, FLAGS, value_set(fd->info->flags, INTRO_NAMES_OPEN_FLAG))
FD_INFO(cloexec, FLAGS, value_bool(fd->info->cloexec))
FD_INFO(offset, POS, value_uint(fd->info->pos))
FD_FIELD_IF(link, FD_HAS(fd, LINK), fd_value_bytes(fd->link))
FD_FIELD_IF(name, FD_HAS(fd, LINK), fd_value_bytes(fd->name))
FD_FIELD_IF(deleted, FD_HAS(fd, LINK), value_bool(fd->deleted))
FD_FIELD_IF(map_start, fd->slot == INTRO_SLOT_MEM, value_address(fd->map_start))
FD_INFO(tty_index, TTY_INDEX, value_int(fd->info->tty_index))
FD_INFO(scm_fds, SCM_FDS, value_uint(fd->info->scm_fds))

static const struct column table[] = {
	{"fd", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY | COLUMN_RIGHT, 0, get_fd, get_slot, 0,
	 NULL, "number of the descriptor; a table shows the slot of what has none"},
	{"slot", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY, 0, get_slot, NULL, 0, NULL,
	 "what keeps it open: fd, cwd, root, exe, or mem for a mapped file"},
	{"kind", NULL, COLUMN_TEXT, UNIT_NONE, 0, NEED_KIND, get_kind, NULL, 0, NULL,
	 "reg dir chr blk lnk fifo pipe unix inet inet6 netlink packet vsock socket epoll eventfd "
	 "timerfd signalfd inotify fanotify pidfd memfd io_uring bpf perf userfaultfd ns anon "
	 "unknown"},
	{"access", "ACC", COLUMN_TEXT, UNIT_NONE, 0, FD_NEED(ACCESS), get_access, NULL, 0, NULL,
	 "r, w, rw, path (O_PATH), or none (for ioctl alone)"},
	{"flags", NULL, COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES, FD_NEED(INFO), get_flags, NULL,
	 0, NULL, "status flags of the open file description, without the access mode"},
	{"cloexec", "CLOEX", COLUMN_BOOL, UNIT_NONE, 0, FD_NEED(INFO), get_cloexec, NULL, 0, NULL,
	 "whether execve closes it: belongs to the descriptor alone"},
	{"offset", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_VOLATILE, FD_NEED(INFO), get_offset,
	 NULL, 0, NULL, "position of the next read or write, bytes"},
	{"link", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, FD_NEED(LINK), get_link, NULL, 0,
	 NULL, "where the link in the process file system points, as the kernel says it"},
	{"name", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, FD_NEED(LINK), get_name, NULL, 0,
	 NULL, "the same without the \" (deleted)\" that is not part of the name"},
	{"deleted", "DEL", COLUMN_BOOL, UNIT_NONE, 0, FD_NEED(LINK), get_deleted, NULL, 0, NULL,
	 "whether the name is gone; the file may have others"},
	{"map_start", NULL, COLUMN_ADDRESS, UNIT_NONE, COLUMN_KEY, 0, get_map_start, NULL, 0, NULL,
	 "lowest address where the file is mapped"},
	{"tty_index", "PTS", COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(INFO), get_tty_index, NULL, 0,
	 NULL, "of the master of a pseudo-terminal: the number of its slave"},
	{"scm_fds", "SCM", COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED(INFO), get_scm_fds, NULL, 0, NULL,
	 "descriptors that are on their way in the queue of a UNIX socket"},
	{"detail", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, FD_NEED_DETAIL, fd_get_detail,
	 NULL, 0, NULL, "one text for people: name, addresses and state, count, time, ..."},
};

FD_GROUP(descriptor, table);
