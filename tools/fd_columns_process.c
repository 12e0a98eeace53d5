/* Columns: whose descriptor it is. */
#include <sys/resource.h>

#include "fd_columns.h"

#define TASK_HAS(task, source) ((task) && ((task)->have & INTRO_WANT(source)))

static const struct intro_task *task_of(const void *row)
{
	return ((const struct fd_row *)row)->task;
}

FD_FIELD_IF(pid, true, value_int(fd->pid))
FD_FIELD_IF(tid, true, value_int(fd->tid))

static void get_comm(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	(void)arena;
	*ret = TASK_HAS(task, STAT) ? value_bytes(task->stat.comm, task->stat.comm_len)
				    : value_null();
}

static void get_user(const void *row, struct arena *arena, struct value *ret)
{
	const struct fd_row *fd = row;
	const char *name;

	*ret = value_null();
	if (!TASK_HAS(fd->task, OWNER))
		return;
	name = intro_user_name(fd->session, fd->task->owner_uid);
	*ret = value_string(name ? name : arena_printf(arena, "%u", fd->task->owner_uid));
}

static void get_uid(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	(void)arena;
	*ret = TASK_HAS(task, OWNER) ? value_uint(task->owner_uid) : value_null();
}

static void get_fd_count(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	(void)arena;
	*ret = TASK_HAS(task, FD_COUNT) ? value_uint(task->fd_count) : value_null();
}

static void get_fd_limit(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);
	bool known = TASK_HAS(task, LIMITS) && (task->limits.have & 1u << RLIMIT_NOFILE) &&
		     task->limits.limit[RLIMIT_NOFILE].soft != INTRO_UNLIMITED;

	(void)arena;
	*ret = known ? value_uint(task->limits.limit[RLIMIT_NOFILE].soft) : value_null();
}

static const struct column table[] = {
	{"pid", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_pid, NULL, 0, NULL,
	 "process id"},
	{"tid", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_tid, NULL, 0, NULL,
	 "thread id, equal to pid unless a thread was asked for that has a table of its own"},
	{"comm", NULL, COLUMN_TEXT, UNIT_NONE, 0, FD_NEED_TASK(STAT), get_comm, NULL, 0, NULL,
	 "name of the process"},
	{"user", NULL, COLUMN_TEXT, UNIT_NONE, 0, FD_NEED_TASK(OWNER), get_user, NULL, 0, NULL,
	 "name of its effective user, the number where it has no name"},
	{"uid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED_TASK(OWNER), get_uid, NULL, 0, NULL,
	 "its effective user id"},
	{"fd_count", "FDS", COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED_TASK(FD_COUNT), get_fd_count,
	 NULL, 0, NULL, "how many descriptors the process has open"},
	{"fd_limit", "LIMIT", COLUMN_INTEGER, UNIT_NONE, 0, FD_NEED_TASK(LIMITS), get_fd_limit,
	 NULL, 0, NULL, "its RLIMIT_NOFILE, the soft one: no number of a descriptor reaches it"},
};

FD_GROUP(process, table);
