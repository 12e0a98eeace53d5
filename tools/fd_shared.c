/* --shared: open file descriptions that more than one descriptor has. */
#include "fd_group.h"

struct shared {
	pid_t pid; /* the first descriptor that has it, which names it */
	int fd;
	enum intro_fd_kind kind;
	enum intro_fd_access access;
	bool has_stat, has_pos, has_flags;
	uint32_t dev_major, dev_minor;
	uint64_t ino, pos;
	uint32_t flags;
	struct intro_bytes name; /* data NULL: not known */
	struct fd_holders holders;
};

/* What one member could not tell, another may. */
static void take_facts(struct shared *shared, const struct intro_fd *fd, struct arena *arena)
{
	const struct intro_fdinfo *info = fd->info;

	if (shared->kind == INTRO_FD_KIND_UNKNOWN)
		shared->kind = fd->kind;
	if (shared->access == INTRO_FD_ACCESS_UNKNOWN)
		shared->access = fd->access;
	if (!shared->name.data)
		shared->name = fd_keep_bytes(arena, fd->name);
	if (!shared->has_stat && fd->stat) {
		shared->has_stat = true;
		shared->dev_major = fd->stat->dev_major;
		shared->dev_minor = fd->stat->dev_minor;
		shared->ino = fd->stat->ino;
	}
	if (!shared->has_pos && info && (info->have & INTRO_FDINFO_POS)) {
		shared->has_pos = true;
		shared->pos = info->pos;
	}
	if (!shared->has_flags && info && (info->have & INTRO_FDINFO_FLAGS)) {
		shared->has_flags = true;
		shared->flags = info->flags;
	}
}

static void add(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;
	const struct intro_fd_holder *holders;
	struct intro_fd_holder first;
	struct shared *shared;
	size_t count;
	bool is_new;

	if (!row->index || row->fd->slot != INTRO_SLOT_FD ||
	    intro_fd_index_ofd(row->index, row->fd, &first, &holders, &count) <= 0 || count < 2)
		return;
	shared = fd_round_group(round, (int[]){first.pid, first.fd}, 2 * sizeof(int),
				sizeof(*shared), &is_new);
	if (is_new) {
		shared->pid = first.pid;
		shared->fd = first.fd;
		for (size_t i = 0; i < count; i++)
			fd_holders_add(&shared->holders, &holders[i], &round->arena);
	}
	take_facts(shared, row->fd, &round->arena);
}

static int compare(const void *a, const void *b)
{
	const struct shared *left = *(void *const *)a, *right = *(void *const *)b;

	if (left->pid != right->pid)
		return left->pid < right->pid ? -1 : 1;
	return (left->fd > right->fd) - (left->fd < right->fd);
}

static void finish(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;

	(void)row;
	for (size_t i = 0; i < round->count; i++)
		fd_holders_sort(&((struct shared *)round->groups[i])->holders);
	fd_round_sort(round, compare);
}

/* ---- columns ---- */

GROUP_FIELD(shared, ofd, value_string(arena_printf(arena, "%d:%d", group->pid, group->fd)))
GROUP_FIELD(shared, kind, fd_value_name(INTRO_NAMES_FD_KIND, group->kind, arena))
GROUP_FIELD_IF(shared, access, group->access != INTRO_FD_ACCESS_UNKNOWN,
	       fd_value_name(INTRO_NAMES_FD_ACCESS, group->access, arena))
GROUP_FIELD_IF(shared, flags, group->has_flags, value_set(group->flags, INTRO_NAMES_OPEN_FLAG))
GROUP_FIELD_IF(shared, offset, group->has_pos, value_uint(group->pos))
GROUP_FIELD_IF(shared, dev, group->has_stat,
	       fd_value_device(group->dev_major, group->dev_minor, arena))
GROUP_FIELD_IF(shared, ino, group->has_stat, value_uint(group->ino))
GROUP_FIELD(shared, name, fd_value_bytes(group->name))
GROUP_FIELD(shared, count, value_uint(group->holders.count))
GROUP_FIELD(shared, processes, value_uint(fd_holders_processes(&group->holders)))
GROUP_FIELD(shared, holders, fd_holders_value(&group->holders, false, arena))
GROUP_FIELD(shared, held_by, fd_holders_text(&group->holders, arena))

static const struct column columns[] = {
	{"ofd", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY, 0, get_ofd, NULL, 0, NULL,
	 "the open file description, by the first descriptor that has it, PID:FD"},
	{"kind", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_kind, NULL, 0, NULL,
	 "what is open: reg pipe unix ..."},
	{"access", "ACC", COLUMN_TEXT, UNIT_NONE, 0, 0, get_access, NULL, 0, NULL,
	 "r, w, rw, path (O_PATH), or none (for ioctl alone)"},
	{"flags", NULL, COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES, 0, get_flags, NULL, 0, NULL,
	 "status flags, without the access mode"},
	{"offset", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_VOLATILE, 0, get_offset, NULL, 0, NULL,
	 "position of the next read or write of all of them, bytes"},
	{"dev", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_RIGHT, 0, get_dev, NULL, 0, NULL,
	 "device of the file system, major:minor; of what has no file, the kernel's own"},
	{"ino", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_ino, NULL, 0, NULL, "inode number"},
	{"name", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, 0, get_name, NULL, 0, NULL,
	 "where the links point"},
	{"count", "FDS", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_count, NULL, 0, NULL,
	 "how many descriptors have it"},
	{"processes", "PROCS", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_processes, NULL, 0, NULL,
	 "in how many processes"},
	{"holders", NULL, COLUMN_LIST, UNIT_NONE, 0, 0, get_holders, NULL, 0, NULL,
	 "all descriptors that have it, also those that were not asked for: pid, fd, comm"},
	{"held_by", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_held_by, NULL, 0, NULL,
	 "the same as one text: PID COMM:FD"},
};

static const struct view views[] = {
	{"default", "ofd,kind,access,offset,count,processes,held_by,name",
	 "which descriptors are one open file description",
	 "ofd,kind,access,flags,offset,dev,ino,name,count,processes,holders"},
};

const struct fd_mode fd_mode_shared = {
	.name = "shared",
	.schema = "intro.fd.shared/1",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(columns[0]),
	.views = views,
	.view_count = sizeof(views) / sizeof(views[0]),
	.needs = FD_NEED(LINK) | FD_NEED(ACCESS) | FD_NEED(STAT) | FD_NEED(INFO) | FD_NEED_INDEX,
	.slots = INTRO_SLOT_BIT(FD),
	.open = fd_round_open,
	.add = add,
	.finish = finish,
	.next = fd_round_next,
	.close = fd_round_close,
};
