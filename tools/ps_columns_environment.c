/* Columns: descriptors, limits, directories, control group, namespaces, tracer. */
#include <sys/resource.h>

#include "ps_columns.h"

FIELD(fds, FD_COUNT, value_uint(task->fd_count))
FIELD_IF(fd_limit,
	 HAS(task, LIMITS) && (task->limits.have & 1u << RLIMIT_NOFILE) &&
		 task->limits.limit[RLIMIT_NOFILE].soft != INTRO_UNLIMITED,
	 value_uint(task->limits.limit[RLIMIT_NOFILE].soft))
FIELD(cwd, CWD, value_of_bytes(task->cwd))
FIELD(root, ROOT, value_of_bytes(task->root))
FIELD_IF(cgroup, HAS(task, CGROUP) && task->cgroup.len, value_of_bytes(task->cgroup))
STATUS_FIELD(tracer_pid, TRACER,
	     task->status.tracer_pid ? value_int(task->status.tracer_pid) : value_null())

#define NAMESPACE(name, which)                                                                     \
	FIELD_IF(name, HAS(task, NS) && task->ns[which], value_uint(task->ns[which]))
NAMESPACE(ns_cgroup, INTRO_NS_CGROUP)
NAMESPACE(ns_ipc, INTRO_NS_IPC)
NAMESPACE(ns_mnt, INTRO_NS_MNT)
NAMESPACE(ns_net, INTRO_NS_NET)
NAMESPACE(ns_pid, INTRO_NS_PID)
NAMESPACE(ns_time, INTRO_NS_TIME)
NAMESPACE(ns_user, INTRO_NS_USER)
NAMESPACE(ns_uts, INTRO_NS_UTS)

static void get_ns_pids(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_status *status = &task_of(row)->status;
	struct value *items;

	*ret = value_null();
	if (!HAS(task_of(row), STATUS) || !(status->have & INTRO_STATUS_NSPID))
		return;
	items = arena_alloc(arena, (status->ns_pid_count + 1) * sizeof(*items));
	for (size_t i = 0; i < status->ns_pid_count; i++)
		items[i] = value_int(status->ns_pids[i]);
	ret->kind = VALUE_LIST;
	ret->list.items = items;
	ret->list.count = status->ns_pid_count;
}

#define NUMBER(name, heading, source, help)                                                        \
	{                                                                                          \
#name, heading, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(source), get_##name,      \
			NULL, 0, NULL, help                                                        \
	}
#define TEXT(name, source, help)                                                                   \
	{                                                                                          \
#name, NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(source), get_##name, NULL, 0,   \
			NULL, help                                                                 \
	}

static const struct column table[] = {
	NUMBER(fds, NULL, FD_COUNT, "number of open descriptors"),
	NUMBER(fd_limit, "FDMAX", LIMITS, "limit of that (RLIMIT_NOFILE, soft)"),
	TEXT(cwd, CWD, "working directory"),
	TEXT(root, ROOT, "root directory"),
	TEXT(cgroup, CGROUP, "control group: path in the unified hierarchy, else in the first"),
	NUMBER(ns_pid, "NSPID", NS, "PID namespace, as an inode number"),
	NUMBER(ns_net, "NSNET", NS, "network namespace"),
	NUMBER(ns_mnt, "NSMNT", NS, "mount namespace"),
	NUMBER(ns_user, "NSUSER", NS, "user namespace"),
	NUMBER(ns_ipc, "NSIPC", NS, "IPC namespace"),
	NUMBER(ns_uts, "NSUTS", NS, "UTS (host name) namespace"),
	NUMBER(ns_cgroup, "NSCGROUP", NS, "control group namespace"),
	NUMBER(ns_time, "NSTIME", NS, "time namespace"),
	{"ns_pids", "NSPIDS", COLUMN_LIST, UNIT_NONE, 0, INTRO_WANT(STATUS), get_ns_pids, NULL, 0,
	 NULL, "its ids in the nested PID namespaces, outermost first"},
	NUMBER(tracer_pid, "TRACER", STATUS, "process that traces it; null: none"),
};

PS_GROUP(environment, table);
