/* Columns: who else has it, who is at the other end, and which locks are held through it. */
#include "fd_columns.h"

#define NEED_INDEX (FD_NEED_INDEX | FD_NEED(LINK) | FD_NEED(ACCESS) | FD_NEED(STAT))

static struct value value_of_holder(const struct intro_fd_holder *holder, bool with_comm,
				    struct arena *arena)
{
	struct fd_object object = fd_object_new(arena, 3);

	fd_object_put(&object, "pid", value_int(holder->pid));
	fd_object_put(&object, "fd", value_int(holder->fd));
	if (with_comm)
		fd_object_put(&object, "comm", fd_value_bytes(holder->comm));
	return fd_object_value(&object);
}

/* ---- open file descriptions ---- */

static void get_ofd(const void *row, struct arena *arena, struct value *ret)
{
	const struct fd_row *fd = row;
	struct intro_fd_holder first;

	*ret = value_null();
	if (fd->index && intro_fd_index_ofd(fd->index, fd->fd, &first, NULL, NULL) > 0)
		*ret = value_string(arena_printf(arena, "%d:%d", first.pid, first.fd));
}

/* Those that share it, the row itself excluded. False: it cannot be told. */
static bool find_sharers(const struct fd_row *row, struct arena *arena,
			 const struct intro_fd_holder ***ret, size_t *count)
{
	const struct intro_fd_holder *holders;
	size_t all;

	if (!row->index || intro_fd_index_ofd(row->index, row->fd, NULL, &holders, &all) <= 0)
		return false;
	*ret = arena_alloc(arena, (all + 1) * sizeof(**ret));
	*count = 0;
	for (size_t i = 0; i < all; i++)
		if (holders[i].pid != row->fd->pid || holders[i].fd != row->fd->fd)
			(*ret)[(*count)++] = &holders[i];
	return true;
}

static void get_shared_with(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd_holder **sharers;
	struct value *items;
	size_t count;

	*ret = value_null();
	if (!find_sharers(row, arena, &sharers, &count))
		return;
	*ret = fd_objects_new(arena, count, &items);
	for (size_t i = 0; i < count; i++)
		items[i] = value_of_holder(sharers[i], false, arena);
}

/*
 * Room for the short texts of so many, and how many of them fit: a thousand workers that all hold both
 * ends of one pipe are a million texts, which nobody reads. The last place says how many are left.
 */
static size_t short_list(struct arena *arena, size_t count, struct value *ret, struct value **items)
{
	enum { MOST = 16 };
	size_t shown = count > MOST + 1 ? MOST : count;

	*ret = fd_list_new(arena, shown < count ? shown + 1 : shown, items);
	if (shown < count) {
		(*items)[shown] = value_string(arena_printf(arena, "+%zu more", count - shown));
		ret->list.rest = count - shown;
	}
	return shown;
}

static void get_sharers(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd_holder **sharers;
	struct value *items;
	size_t count;

	*ret = value_null();
	if (!find_sharers(row, arena, &sharers, &count) || count == 0)
		return;
	count = short_list(arena, count, ret, &items);
	for (size_t i = 0; i < count; i++)
		items[i] =
			value_string(arena_printf(arena, "%d:%d", sharers[i]->pid, sharers[i]->fd));
}

/* ---- the other end ---- */

static bool find_peers(const struct fd_row *row, const struct intro_fd_holder **ret, size_t *count)
{
	return row->index && intro_fd_index_peers(row->index, row->fd, ret, count) > 0;
}

static void get_peers(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd_holder *peers;
	struct value *items;
	size_t count;

	*ret = value_null();
	if (!find_peers(row, &peers, &count))
		return;
	*ret = fd_objects_new(arena, count, &items);
	for (size_t i = 0; i < count; i++)
		items[i] = value_of_holder(&peers[i], true, arena);
}

/* "nginx 812:5" */
static void get_peer(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd_holder *peers;
	struct value *items;
	size_t count;

	*ret = value_null();
	if (!find_peers(row, &peers, &count) || count == 0)
		return;
	count = short_list(arena, count, ret, &items);
	for (size_t i = 0; i < count; i++) {
		const struct intro_fd_holder *peer = &peers[i];

		items[i] = value_string(
			peer->comm.data ? arena_printf(arena, "%.*s %d:%d", (int)peer->comm.len,
						       peer->comm.data, peer->pid, peer->fd)
					: arena_printf(arena, "%d:%d", peer->pid, peer->fd));
	}
}

static void get_pipe(const void *row, struct arena *arena, struct value *ret)
{
	const struct fd_row *fd_row = row;
	const struct intro_fd *fd = fd_row->fd;
	struct fd_object object = fd_object_new(arena, 5);
	struct value readers_value = value_null(), writers_value = value_null();
	size_t readers, writers;

	*ret = value_null();
	if (fd->kind != INTRO_FD_KIND_PIPE && fd->kind != INTRO_FD_KIND_FIFO)
		return;
	if (fd_row->index && intro_fd_index_ends(fd_row->index, fd, &readers, &writers) > 0) {
		readers_value = value_uint(readers);
		writers_value = value_uint(writers);
	}
	fd_object_put(&object, "ino", fd->stat ? value_uint(fd->stat->ino) : value_null());
	fd_object_put(&object, "readers", readers_value);
	fd_object_put(&object, "writers", writers_value);
	fd_object_put(&object, "buffered",
		      fd->copy && (fd->copy->have & INTRO_FD_COPY_BUFFERED)
			      ? value_uint(fd->copy->buffered)
			      : value_null());
	fd_object_put(&object, "capacity",
		      fd->copy && (fd->copy->have & INTRO_FD_COPY_CAPACITY)
			      ? value_uint(fd->copy->capacity)
			      : value_null());
	*ret = fd_object_value(&object);
}

/* ---- locks ---- */

static bool is_same_lock(const struct intro_lock *a, const struct intro_lock *b)
{
	return a->type == b->type && a->mode == b->mode && a->pid == b->pid &&
	       a->dev_major == b->dev_major && a->dev_minor == b->dev_minor && a->ino == b->ino &&
	       a->start == b->start && a->end == b->end;
}

static struct value comm_of(struct intro *session, pid_t pid, struct arena *arena)
{
	struct intro_process *process;
	const struct intro_task *task;
	struct value comm = value_null();

	if (pid <= 0 || intro_process_open(session, pid, &process))
		return comm;
	if (intro_process_read(process, 0, INTRO_WANT(STAT), &task) == 0 &&
	    (task->have & INTRO_WANT(STAT)))
		comm = value_bytes(arena_copy(arena, task->stat.comm, task->stat.comm_len),
				   task->stat.comm_len);
	intro_process_close(process);
	return comm;
}

static struct value value_of_waiter(struct intro *session, const struct intro_lock *waiter,
				    struct arena *arena)
{
	struct fd_object object = fd_object_new(arena, 2);

	fd_object_put(&object, "pid", waiter->pid > 0 ? value_int(waiter->pid) : value_null());
	fd_object_put(&object, "comm", comm_of(session, waiter->pid, arena));
	return fd_object_value(&object);
}

/* 0 where the lock itself only waits. */
static size_t waiters_behind(const struct intro_lock *locks, size_t count, size_t of)
{
	size_t end = of + 1;

	while (locks[of].depth == 0 && end < count && locks[end].depth > 0)
		end++;
	return end - of - 1;
}

/*
 * Those who wait stand behind the lock they wait for, with its number:
 *
 *	3: OFDLCK ADVISORY  WRITE -1 08:01:123 0 EOF
 *	3: -> OFDLCK ADVISORY  WRITE -1 08:01:123 0 EOF
 */
static struct value waiters_of(const struct fd_row *row, const struct intro_lock *held,
			       struct arena *arena)
{
	const struct intro_lock *locks;
	struct value list, *items;
	size_t count, found = 0;

	if (!row->locks)
		return value_null();
	locks = intro_locks_all(row->locks, &count);
	/* Most have no waiters, and there may be very many: first how many of them, then who. */
	for (size_t i = 0; i < count; i++)
		if (is_same_lock(&locks[i], held))
			found += waiters_behind(locks, count, i);
	list = fd_list_new(arena, found, &items);
	for (size_t i = 0; i < count; i++) {
		if (!is_same_lock(&locks[i], held))
			continue;
		for (size_t n = waiters_behind(locks, count, i), j = 1; j <= n; j++)
			*items++ = value_of_waiter(row->session, &locks[i + j], arena);
	}
	return list;
}

static void get_locks(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	struct value *items;

	*ret = value_null();
	if (!info)
		return;
	*ret = fd_objects_new(arena, info->lock_count, &items);
	for (size_t i = 0; i < info->lock_count; i++) {
		const struct intro_lock *lock = &info->locks[i];
		struct fd_object object = fd_object_new(arena, 7);

		fd_object_put(&object, "type",
			      fd_value_name(INTRO_NAMES_LOCK_TYPE, lock->type, arena));
		fd_object_put(&object, "mode",
			      fd_value_name(INTRO_NAMES_LOCK_MODE, lock->mode, arena));
		fd_object_put(&object, "mandatory", value_bool(lock->mandatory));
		fd_object_put(&object, "start", value_uint(lock->start));
		fd_object_put(&object, "end",
			      lock->end == INTRO_LOCK_EOF ? value_null() : value_uint(lock->end));
		fd_object_put(&object, "pid", lock->pid > 0 ? value_int(lock->pid) : value_null());
		fd_object_put(&object, "waiters", waiters_of(row, lock, arena));
		items[i] = fd_object_value(&object);
	}
}

/* "flock write", "posix read 100-199", "ofd write 100-, 2 wait" */
static const char *text_of_lock(const struct fd_row *row, const struct intro_lock *lock,
				struct arena *arena)
{
	const struct value waiters = waiters_of(row, lock, arena);
	const char *type = intro_name(INTRO_NAMES_LOCK_TYPE, lock->type);
	const char *mode = intro_name(INTRO_NAMES_LOCK_MODE, lock->mode);
	const char *text = arena_printf(arena, "%s %s", type ? type : "lock", mode ? mode : "");

	if (lock->end != INTRO_LOCK_EOF)
		text = arena_printf(arena, "%s %llu-%llu", text, (unsigned long long)lock->start,
				    (unsigned long long)lock->end);
	else if (lock->start)
		text = arena_printf(arena, "%s %llu-", text, (unsigned long long)lock->start);
	if (waiters.kind != VALUE_LIST || waiters.list.count == 0)
		return text;
	return arena_printf(arena, "%s, %zu wait%s", text, waiters.list.count,
			    waiters.list.count == 1 ? "s" : "");
}

static void get_lock(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	struct value *items;

	*ret = value_null();
	if (!info || info->lock_count == 0)
		return;
	*ret = fd_list_new(arena, info->lock_count, &items);
	for (size_t i = 0; i < info->lock_count; i++)
		items[i] = value_string(text_of_lock(row, &info->locks[i], arena));
}

static const struct column table[] = {
	{"ofd", NULL, COLUMN_TEXT, UNIT_NONE, 0, NEED_INDEX, get_ofd, NULL, 0, NULL,
	 "the open file description, by the first descriptor that has it, PID:FD: equal for those "
	 "that share one"},
	{"shared_with", NULL, COLUMN_LIST, UNIT_NONE, 0, NEED_INDEX, get_shared_with, NULL, 0, NULL,
	 "other descriptors with the same open file description"},
	{"sharers", "SHARED", COLUMN_LIST, UNIT_NONE, 0, NEED_INDEX, get_sharers, NULL, 0, NULL,
	 "the same as short texts, PID:FD; null: none"},
	{"peers", NULL, COLUMN_LIST, UNIT_NONE, 0, NEED_INDEX | FD_NEED(SOCKET), get_peers, NULL, 0,
	 NULL, "descriptors at the other end of a pipe, FIFO, socket or terminal"},
	{"peer", NULL, COLUMN_LIST, UNIT_NONE, 0, NEED_INDEX | FD_NEED(SOCKET), get_peer, NULL, 0,
	 NULL, "the first of them as short texts, COMM PID:FD; null: none"},
	{"pipe", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INDEX | FD_NEED(COPY), get_pipe, NULL, 0,
	 NULL, "of a pipe or FIFO: readers, writers, bytes buffered and capacity"},
	{"locks", NULL, COLUMN_LIST, UNIT_NONE, 0, FD_NEED(INFO) | FD_NEED_LOCKS, get_locks, NULL,
	 0, NULL, "locks that are held through it, with those who wait for them"},
	{"lock", NULL, COLUMN_LIST, UNIT_NONE, 0, FD_NEED(INFO) | FD_NEED_LOCKS, get_lock, NULL, 0,
	 NULL, "the same as short texts; null: none"},
};

FD_GROUP(sharing, table);
