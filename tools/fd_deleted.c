/* --deleted: files without a name that still take room, and who keeps them. */
#include <string.h>
#include <sys/stat.h>

#include "fd_group.h"

struct deleted {
	bool has_stat;
	struct intro_fd_stat stat;
	enum intro_fd_kind kind;
	struct intro_bytes name;
	struct fd_holders holders;
	uint32_t *uids; /* of the processes, each once */
	size_t uid_count, uid_size;
	bool has_freed;
	uint64_t freed;
	struct intro *session;
};

static bool begins_with(struct intro_bytes text, const char *beginning)
{
	size_t len = strlen(beginning);

	return text.len >= len && memcmp(text.data, beginning, len) == 0;
}

/*
 * Memory that is shared by mmap and by shmget, for example, lies in files of the kernel that never
 * had a name. The library knows their device; where there is none to go by, they are told by how
 * they look:
 *
 *	/dev/zero (deleted)
 *	/SYSV0000002a (deleted)
 */
static bool is_kernels_own(const struct intro_fd *fd)
{
	static const char *const names[] = {
		"/SYSV", "/memfd:", "/anon_hugepage", "/[aio]", "/drm mm object", "/i915",
	};

	if (fd->kind == INTRO_FD_KIND_MEMFD)
		return true;
	if (fd->stat)
		return false;
	if (fd->name.len == strlen("/dev/zero") && begins_with(fd->name, "/dev/zero"))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (begins_with(fd->name, names[i]))
			return true;
	return false;
}

static bool is_file(const struct intro_fd *fd)
{
	switch (fd->kind) {
	case INTRO_FD_KIND_REG:
	case INTRO_FD_KIND_DIR:
	case INTRO_FD_KIND_CHR:
	case INTRO_FD_KIND_BLK:
	case INTRO_FD_KIND_LNK:
	case INTRO_FD_KIND_FIFO:
		return true;
	default: /* of a mapped file that could not be asked only the name is known */
		return fd->kind == INTRO_FD_KIND_UNKNOWN && fd->name.data &&
		       begins_with(fd->name, "/");
	}
}

/* By inode; by name where that is all there is. */
static struct deleted *find(struct fd_round *round, const struct intro_fd *fd, bool *is_new)
{
	uint64_t inode[2];

	if (!fd->stat)
		return fd_round_group(round, fd->name.data, fd->name.len, sizeof(struct deleted),
				      is_new);
	inode[0] = (uint64_t)fd->stat->dev_major << 32 | fd->stat->dev_minor;
	inode[1] = fd->stat->ino;
	return fd_round_group(round, inode, sizeof(inode), sizeof(struct deleted), is_new);
}

static void add_uid(struct deleted *file, uint32_t uid, struct arena *arena)
{
	for (size_t i = 0; i < file->uid_count; i++)
		if (file->uids[i] == uid)
			return;
	file->uids =
		fd_grow(arena, file->uids, file->uid_count, &file->uid_size, sizeof(*file->uids));
	file->uids[file->uid_count++] = uid;
}

/* Closing gives nothing back while the file has another name. */
static void take_stat(struct deleted *file, const struct intro_fd_stat *stat)
{
	file->has_stat = true;
	file->stat = *stat;
	file->has_freed = S_ISREG(stat->mode) || S_ISDIR(stat->mode) || S_ISLNK(stat->mode);
	file->freed = S_ISDIR(stat->mode) || stat->nlink == 0 ? stat->blocks * 512 : 0;
}

static void add(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;
	const struct intro_fd *fd = row->fd;
	struct deleted *file;
	bool is_new;

	if (!fd->deleted || !fd->name.data || !is_file(fd) || is_kernels_own(fd))
		return;
	file = find(round, fd, &is_new);
	if (is_new) {
		file->kind = fd->kind;
		file->name = fd_keep_bytes(&round->arena, fd->name);
		file->session = round->session;
		if (fd->stat)
			take_stat(file, fd->stat);
	}
	fd_holders_add_row(&file->holders, row, &round->arena);
	if (row->task && (row->task->have & INTRO_WANT(OWNER)))
		add_uid(file, row->task->owner_uid, &round->arena);
}

/* What frees most comes first; of what is not known, the name decides. */
static int compare(const void *a, const void *b)
{
	const struct deleted *left = *(void *const *)a, *right = *(void *const *)b;
	int order = right->has_freed - left->has_freed;

	if (!order)
		order = fd_compare(right->freed, left->freed);
	if (!order)
		order = fd_compare(right->stat.size, left->stat.size);
	if (!order)
		order = fd_compare_bytes(left->name, right->name);
	if (!order)
		order = fd_compare(left->stat.dev_major, right->stat.dev_major);
	if (!order)
		order = fd_compare(left->stat.dev_minor, right->stat.dev_minor);
	return order ? order : fd_compare(left->stat.ino, right->stat.ino);
}

static void finish(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;

	(void)row;
	for (size_t i = 0; i < round->count; i++)
		fd_holders_sort(&((struct deleted *)round->groups[i])->holders);
	fd_round_sort(round, compare);
}

/* ---- columns ---- */

GROUP_FIELD_IF(deleted, freed, group->has_freed, value_uint(group->freed))
GROUP_FIELD_IF(deleted, size, group->has_stat, value_uint(group->stat.size))
GROUP_FIELD_IF(deleted, nlink, group->has_stat, value_uint(group->stat.nlink))
GROUP_FIELD_IF(deleted, dev, group->has_stat,
	       fd_value_device(group->stat.dev_major, group->stat.dev_minor, arena))
GROUP_FIELD_IF(deleted, ino, group->has_stat, value_uint(group->stat.ino))
GROUP_FIELD(deleted, kind, fd_value_name(INTRO_NAMES_FD_KIND, group->kind, arena))
GROUP_FIELD(deleted, name, fd_value_bytes(group->name))
GROUP_FIELD(deleted, processes, value_uint(fd_holders_processes(&group->holders)))
GROUP_FIELD(deleted, count, value_uint(group->holders.count))
GROUP_FIELD(deleted, holders, fd_holders_value(&group->holders, true, arena))
GROUP_FIELD(deleted, held_by, fd_holders_text(&group->holders, arena))

static void get_users(const void *row, struct arena *arena, struct value *ret)
{
	const struct deleted *file = row;
	struct value *items;

	*ret = value_null();
	if (file->uid_count == 0)
		return;
	*ret = fd_list_new(arena, file->uid_count, &items);
	for (size_t i = 0; i < file->uid_count; i++) {
		const char *name = intro_user_name(file->session, file->uids[i]);

		items[i] = value_string(name ? name : arena_printf(arena, "%u", file->uids[i]));
	}
}

static const struct column columns[] = {
	{"freed", NULL, COLUMN_INTEGER, UNIT_BYTES, 0, 0, get_freed, NULL, 0, NULL,
	 "bytes that come free once all who hold it let go; 0 while it has another name"},
	{"size", NULL, COLUMN_INTEGER, UNIT_BYTES, 0, 0, get_size, NULL, 0, NULL,
	 "size of the file"},
	{"nlink", "LN", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_nlink, NULL, 0, NULL,
	 "names that it still has elsewhere"},
	{"kind", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_kind, NULL, 0, NULL,
	 "reg dir chr blk lnk fifo"},
	{"dev", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY | COLUMN_RIGHT, 0, get_dev, NULL, 0, NULL,
	 "device of the file system, major:minor"},
	{"ino", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_ino, NULL, 0, NULL,
	 "inode number"},
	{"name", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY | COLUMN_STRETCH, 0, get_name, NULL, 0,
	 NULL, "the name that it had"},
	{"users", NULL, COLUMN_LIST, UNIT_NONE, 0, 0, get_users, NULL, 0, NULL,
	 "effective users of the processes that hold it"},
	{"processes", "PROCS", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_processes, NULL, 0, NULL,
	 "how many processes hold it"},
	{"count", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_count, NULL, 0, NULL,
	 "how many descriptors and other slots hold it"},
	{"holders", NULL, COLUMN_LIST, UNIT_NONE, 0, 0, get_holders, NULL, 0, NULL,
	 "who holds it: pid, fd (null of other slots), slot (fd cwd root exe mem), comm"},
	{"held_by", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_held_by, NULL, 0, NULL,
	 "the same as one text: PID COMM:FD"},
};

static const struct view views[] = {
	{"default", "freed,size,nlink,kind,users,held_by,name", "what closing them would give back",
	 "freed,size,nlink,kind,dev,ino,name,users,processes,count,holders"},
};

const struct fd_mode fd_mode_deleted = {
	.name = "deleted",
	.schema = "intro.fd.deleted/1",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(columns[0]),
	.views = views,
	.view_count = sizeof(views) / sizeof(views[0]),
	.needs = FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED_TASK(STAT) | FD_NEED_TASK(OWNER),
	.slots = INTRO_SLOTS_ALL,
	.open = fd_round_open,
	.add = add,
	.finish = finish,
	.next = fd_round_next,
	.close = fd_round_close,
};
