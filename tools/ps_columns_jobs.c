/* Columns: process groups, sessions, terminals, and the rules of a daemon. */
#include "ps_columns.h"

FIELD(pgid, STAT, value_int(task->stat.pgrp))
FIELD(sid, STAT, value_int(task->stat.session))
FIELD_IF(tpgid, HAS(task, STAT) && task->stat.tty_nr && task->stat.tpgid > 0,
	 value_int(task->stat.tpgid))
FIELD(foreground, STAT, value_bool(task->stat.tty_nr != 0 && task->stat.tpgid == task->stat.pgrp))
FIELD(session_leader, STAT, value_bool(task->stat.session == task->pid))

static void get_tty(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	const char *name = NULL;

	if (HAS(ps->task, STAT))
		name = intro_tty_name(ps->session, ps->task->stat.tty_nr);
	*ret = value_string(name ? arena_printf(arena, "%s", name) : NULL);
}

/* Kernel threads are in no group. */
static void get_orphaned_pgrp(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	int r = INTRO_E_ABSENT;

	(void)arena;
	if (ps->family && HAS(ps->task, STAT) && ps->task->stat.pgrp > 0)
		r = intro_family_is_orphaned(ps->family, ps->task->stat.pgrp);
	*ret = r < 0 ? value_null() : value_bool(r > 0);
}

/* Whether the rules are asked of this task at all: not of kernel threads. */
static bool judge(const struct intro_task *task, struct intro_daemon *ret)
{
	if (!HAS(task, STAT) || intro_task_is_kthread(task))
		return false;
	intro_task_daemon(task, ret);
	return true;
}

static void get_daemon(const void *row, struct arena *arena, struct value *ret)
{
	struct intro_daemon daemon;

	(void)arena;
	*ret = value_null();
	if (!judge(task_of(row), &daemon))
		return;
	if (daemon.broken)
		*ret = value_bool(false);
	else if (!daemon.unknown)
		*ret = value_bool(true);
}

static void get_daemon_broken(const void *row, struct arena *arena, struct value *ret)
{
	static const struct {
		enum intro_daemon_rule rule;
		const char *name;
	} rules[] = {
		{INTRO_DAEMON_SESSION_LEADER, "session_leader"},
		{INTRO_DAEMON_TERMINAL, "controlling_terminal"},
		{INTRO_DAEMON_CWD, "cwd"},
		{INTRO_DAEMON_UMASK, "umask"},
		{INTRO_DAEMON_DESCRIPTORS, "descriptors"},
		{INTRO_DAEMON_PARENT, "parent"},
	};
	enum { COUNT = sizeof(rules) / sizeof(rules[0]) };
	struct intro_daemon daemon;
	struct value *items;
	size_t count = 0;

	*ret = value_null();
	if (!judge(task_of(row), &daemon) || (!daemon.broken && daemon.unknown))
		return;
	items = arena_alloc(arena, COUNT * sizeof(*items));
	for (int i = 0; i < COUNT; i++)
		if (daemon.broken & rules[i].rule)
			items[count++] = value_string(rules[i].name);
	ret->kind = VALUE_LIST;
	ret->list.items = items;
	ret->list.count = count;
}

static const struct column table[] = {
	{"pgid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STAT), get_pgid, NULL, 0, NULL,
	 "process group id"},
	{"sid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STAT), get_sid, NULL, 0, NULL,
	 "session id"},
	{"tty", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(STAT), get_tty, NULL, 0, NULL,
	 "controlling terminal"},
	{"tpgid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STAT), get_tpgid, NULL, 0, NULL,
	 "foreground process group of the controlling terminal"},
	{"foreground", "FG", COLUMN_BOOL, UNIT_NONE, 0, INTRO_WANT(STAT), get_foreground, NULL, 0,
	 NULL, "whether it is in the foreground process group of its terminal"},
	{"session_leader", "LEADER", COLUMN_BOOL, UNIT_NONE, 0, INTRO_WANT(STAT),
	 get_session_leader, NULL, 0, NULL, "whether its session has its pid"},
	{"orphaned_pgrp", "ORPHANED", COLUMN_BOOL, UNIT_NONE, 0, INTRO_WANT(STAT) | PS_NEED_FAMILY,
	 get_orphaned_pgrp, NULL, 0, NULL,
	 "whether no member of its group has a parent in another group of the session"},
	{"daemon", NULL, COLUMN_BOOL, UNIT_NONE, 0, INTRO_DAEMON_WANT, get_daemon, NULL, 0,
	 "daemon_broken", "whether it keeps the rules of a daemon"},
	{"daemon_broken", "BROKEN", COLUMN_LIST, UNIT_NONE, 0, INTRO_DAEMON_WANT, get_daemon_broken,
	 NULL, 0, NULL,
	 "rules broken: session_leader controlling_terminal cwd umask descriptors parent"},
};

PS_GROUP(jobs, table);
