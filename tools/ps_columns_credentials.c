/* Columns: user and group ids, capabilities, and what confines a task. */
#include "ps_columns.h"

STATUS_FIELD(ruid, IDS, value_uint(task->status.uid[INTRO_ID_REAL]))
STATUS_FIELD(suid, IDS, value_uint(task->status.uid[INTRO_ID_SAVED]))
STATUS_FIELD(fsuid, IDS, value_uint(task->status.uid[INTRO_ID_FS]))
STATUS_FIELD(rgid, IDS, value_uint(task->status.gid[INTRO_ID_REAL]))
STATUS_FIELD(sgid, IDS, value_uint(task->status.gid[INTRO_ID_SAVED]))
STATUS_FIELD(fsgid, IDS, value_uint(task->status.gid[INTRO_ID_FS]))
FIELD(euid, OWNER, value_uint(task->owner_uid))
FIELD(egid, OWNER, value_uint(task->owner_gid))

#define CAPS(name, set)                                                                            \
	STATUS_FIELD(name, CAPS, value_set(task->status.caps[set], INTRO_NAMES_CAPABILITY))
CAPS(cap_inh, INTRO_CAP_INHERITABLE)
CAPS(cap_prm, INTRO_CAP_PERMITTED)
CAPS(cap_eff, INTRO_CAP_EFFECTIVE)
CAPS(cap_bnd, INTRO_CAP_BOUNDING)
CAPS(cap_amb, INTRO_CAP_AMBIENT)

STATUS_FIELD(no_new_privs, NO_NEW_PRIVS, value_bool(task->status.no_new_privs))
FIELD_IF(label, HAS(task, LABEL) && task->label.len, value_of_bytes(task->label))
FIELD_IF(loginuid, HAS(task, LOGINUID) && task->loginuid != UINT32_MAX, value_uint(task->loginuid))
FIELD_IF(sessionid, HAS(task, SESSIONID) && task->sessionid != UINT32_MAX,
	 value_uint(task->sessionid))

static void get_groups(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_status *status = &task_of(row)->status;
	struct value *items;

	*ret = value_null();
	if (!HAS(task_of(row), STATUS) || !(status->have & INTRO_STATUS_GROUPS))
		return;
	items = arena_alloc(arena, (status->group_count + 1) * sizeof(*items));
	for (size_t i = 0; i < status->group_count; i++)
		items[i] = value_uint(status->groups[i]);
	ret->kind = VALUE_LIST;
	ret->list.items = items;
	ret->list.count = status->group_count;
}

/* In octal, as umask(1) prints it; a JSON number could not say so. */
static void get_umask(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_status *status = &task_of(row)->status;

	*ret = value_null();
	if (HAS(task_of(row), STATUS) && (status->have & INTRO_STATUS_UMASK))
		*ret = value_string(arena_printf(arena, "%04o", status->umask));
}

static void get_seccomp(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_status *status = &task_of(row)->status;

	*ret = value_null();
	if (HAS(task_of(row), STATUS) && (status->have & INTRO_STATUS_SECCOMP))
		*ret = ps_value_name(INTRO_NAMES_SECCOMP, status->seccomp, arena);
}

#define ID(name, source, help)                                                                     \
	{                                                                                          \
#name, NULL, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(source), get_##name, NULL,   \
			0, NULL, help                                                              \
	}
#define CAP(name, help)                                                                            \
	{                                                                                          \
#name, NULL, COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES, INTRO_WANT(STATUS),        \
			get_##name, NULL, 0, NULL, help                                            \
	}

static const struct column table[] = {
	ID(ruid, STATUS, "real user id"),
	ID(euid, OWNER, "effective user id"),
	ID(suid, STATUS, "saved set-user-id"),
	ID(fsuid, STATUS, "user id for access to files"),
	ID(rgid, STATUS, "real group id"),
	ID(egid, OWNER, "effective group id"),
	ID(sgid, STATUS, "saved set-group-id"),
	ID(fsgid, STATUS, "group id for access to files"),
	{"groups", NULL, COLUMN_LIST, UNIT_NONE, 0, INTRO_WANT(STATUS), get_groups, NULL, 0, NULL,
	 "supplementary group ids"},
	{"umask", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_RIGHT, INTRO_WANT(STATUS), get_umask, NULL,
	 0, NULL, "mask of permissions for new files, in octal"},
	CAP(cap_inh, "inheritable capabilities"),
	CAP(cap_prm, "permitted capabilities"),
	CAP(cap_eff, "effective capabilities"),
	CAP(cap_bnd, "bounding set of capabilities"),
	CAP(cap_amb, "ambient capabilities"),
	{"no_new_privs", "NNP", COLUMN_BOOL, UNIT_NONE, 0, INTRO_WANT(STATUS), get_no_new_privs,
	 NULL, 0, NULL, "whether execve can no longer grant privileges"},
	{"seccomp", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(STATUS), get_seccomp, NULL, 0, NULL,
	 "confinement of system calls: disabled, strict, filter"},
	{"label", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(LABEL), get_label, NULL, 0, NULL,
	 "label of the security module"},
	ID(loginuid, LOGINUID, "user id of the login, as audit keeps it"),
	ID(sessionid, SESSIONID, "session of the login, as audit keeps it"),
};

PS_GROUP(credentials, table);
