/* Columns: which task it is, what runs in it, and what it is doing. */
#include <string.h>

#include "ps_columns.h"

FIELD_IF(pid, true, value_int(task->pid))
FIELD_IF(tid, true, value_int(task->tid))
FIELD_IF(is_main, true, value_bool(task->is_main))
FIELD(ppid, STAT, value_int(task->stat.ppid))
FIELD(tree_parent, STAT, value_int(task->is_main ? task->stat.ppid : task->pid))
FIELD(comm, STAT, value_bytes(task->stat.comm, task->stat.comm_len))
FIELD(exe, EXE, value_of_bytes(task->exe))
FIELD(state, STAT, value_bytes(&task->stat.state, 1))
FIELD(is_kthread, STAT, value_bool(intro_task_is_kthread(task)))
FIELD(flags, STAT, value_set(task->stat.flags, INTRO_NAMES_TASK_FLAG))
FIELD_IF(wchan, HAS(task, WCHAN) && task->wchan.len, value_of_bytes(task->wchan))

static void get_user(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	const char *name;

	if (!HAS(ps->task, OWNER)) {
		*ret = value_null();
		return;
	}
	name = intro_user_name(ps->session, ps->task->owner_uid);
	*ret = value_string(name ? name : arena_printf(arena, "%u", ps->task->owner_uid));
}

static void get_egroup(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	const char *name;

	if (!HAS(ps->task, OWNER)) {
		*ret = value_null();
		return;
	}
	name = intro_group_name(ps->session, ps->task->owner_gid);
	*ret = value_string(name ? name : arena_printf(arena, "%u", ps->task->owner_gid));
}

/* The arguments with a space between them, as ps shows them. */
static void get_args(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);
	size_t len = task->cmdline.len;
	char *text;

	if (!HAS(task, CMDLINE) || len == 0) {
		*ret = value_null();
		return;
	}
	text = arena_copy(arena, task->cmdline.data, len);
	while (len && text[len - 1] == '\0') /* also those that setproctitle pads with */
		len--;
	for (char *p = text; (p = memchr(p, '\0', (size_t)(text + len - p)));)
		*p = ' ';
	*ret = value_bytes(text, len);
}

/* Kernel threads and zombies have no arguments: a table shows their name, as ps does. */
static void show_comm(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_stat *stat = &task_of(row)->stat;

	if (!HAS(task_of(row), STAT)) {
		*ret = value_null();
		return;
	}
	*ret = value_bytes(arena_printf(arena, "[%s]", stat->comm), stat->comm_len + 2);
}

/* A list of texts from NUL-terminated ones. */
static struct value list_of(struct intro_bytes texts, struct arena *arena)
{
	struct value list = {.kind = VALUE_LIST};
	struct value *items;
	struct intro_bytes item;
	size_t position = 0;

	while (intro_argv_next(texts, &position, &item))
		list.list.count++;
	items = arena_alloc(arena, (list.list.count + 1) * sizeof(*items));
	position = 0;
	for (size_t i = 0; intro_argv_next(texts, &position, &item); i++)
		items[i] = value_bytes(item.data, item.len);
	list.list.items = items;
	return list;
}

static void get_argv(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	*ret = HAS(task, CMDLINE) && task->cmdline.len ? list_of(task->cmdline, arena)
						       : value_null();
}

static void get_environ(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	*ret = HAS(task, ENVIRON) ? list_of(task->environ, arena) : value_null();
}

static void get_state_name(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	(void)arena;
	*ret = value_null();
	if (HAS(task, STAT))
		*ret = value_string(intro_name(INTRO_NAMES_STATE, (unsigned char)task->stat.state));
}

static bool in_syscall(const struct intro_task *task)
{
	return HAS(task, SYSCALL) && task->syscall.state == INTRO_SYSCALL_INSIDE;
}

static void get_syscall(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);
	const char *name = NULL;

	*ret = value_null();
	if (!in_syscall(task))
		return;
	if (task->syscall.abi == INTRO_ABI_X86_64)
		name = intro_name(INTRO_NAMES_SYSCALL_X86_64, (uint64_t)task->syscall.number);
	else if (task->syscall.abi == INTRO_ABI_I386)
		name = intro_name(INTRO_NAMES_SYSCALL_I386, (uint64_t)task->syscall.number);
	*ret = value_string(name ? name
				 : arena_printf(arena, "%lld", (long long)task->syscall.number));
}

FIELD_IF(syscall_number, in_syscall(task), value_int(task->syscall.number))
FIELD_IF(sp, HAS(task, SYSCALL) && task->syscall.state != INTRO_SYSCALL_RUNNING && task->syscall.sp,
	 value_address(task->syscall.sp))
FIELD_IF(pc, HAS(task, SYSCALL) && task->syscall.state != INTRO_SYSCALL_RUNNING && task->syscall.pc,
	 value_address(task->syscall.pc))

static void get_syscall_args(const void *row, struct arena *arena, struct value *ret)
{
	enum { COUNT = 6 };
	const struct intro_task *task = task_of(row);
	struct value *items;

	*ret = value_null();
	if (!in_syscall(task))
		return;
	items = arena_alloc(arena, COUNT * sizeof(*items));
	for (int i = 0; i < COUNT; i++)
		items[i] = value_address(task->syscall.args[i]);
	ret->kind = VALUE_LIST;
	ret->list.items = items;
	ret->list.count = COUNT;
}

static const struct column table[] = {
	{"pid", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_pid, NULL, 0, NULL,
	 "process id: the thread group id of its threads"},
	{"tid", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_tid, NULL, 0, NULL,
	 "thread id; of a main thread and of a process equal to pid"},
	{"tgid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_pid, NULL, 0, NULL,
	 "thread group id: what the kernel calls the pid of the process"},
	{"ppid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STAT), get_ppid, NULL, 0, NULL,
	 "process id of the parent; 0: none in this PID namespace"},
	{"tree_parent", "BELOW", COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STAT), get_tree_parent,
	 NULL, 0, NULL, "tid of what it hangs below in the tree: the parent, or the main thread"},
	{"is_main", "MAIN", COLUMN_BOOL, UNIT_NONE, 0, 0, get_is_main, NULL, 0, NULL,
	 "whether it is the main thread of its process (tid equal to pid)"},
	{"user", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(OWNER), get_user, NULL, 0, NULL,
	 "name of the effective user, its number where it has no name"},
	{"egroup", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(OWNER), get_egroup, NULL, 0, NULL,
	 "name of the effective group, its number where it has no name"},
	{"comm", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_TREE, INTRO_WANT(STAT), get_comm, NULL, 0,
	 NULL, "name of the thread: 15 bytes that it may choose, 63 of a kernel thread"},
	{"args", "COMMAND", COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH | COLUMN_TREE,
	 INTRO_WANT(CMDLINE), get_args, show_comm, INTRO_WANT(STAT), NULL,
	 "arguments with spaces between them; a table shows [comm] where there are none"},
	{"argv", NULL, COLUMN_LIST, UNIT_NONE, COLUMN_STRETCH, INTRO_WANT(CMDLINE), get_argv, NULL,
	 0, NULL, "arguments as a list"},
	{"environ", NULL, COLUMN_LIST, UNIT_NONE, COLUMN_STRETCH, INTRO_WANT(ENVIRON), get_environ,
	 NULL, 0, NULL, "environment as it was at the start of the program, as a list"},
	{"exe", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(EXE), get_exe, NULL, 0, NULL,
	 "path of the program that runs"},
	{"state", "S", COLUMN_TEXT, UNIT_NONE, COLUMN_STATE, INTRO_WANT(STAT), get_state, NULL, 0,
	 NULL, "state as the kernel's letter: R S D T t X Z I P"},
	{"state_name", "STATE", COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(STAT), get_state_name, NULL,
	 0, NULL, "state in the kernel's words"},
	{"wchan", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(WCHAN), get_wchan, NULL, 0, NULL,
	 "function of the kernel in which it waits"},
	{"syscall", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(SYSCALL), get_syscall, NULL, 0,
	 NULL, "system call in which it waits"},
	{"syscall_number", "SYSNR", COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(SYSCALL),
	 get_syscall_number, NULL, 0, NULL, "number of that system call"},
	{"syscall_args", "SYSARGS", COLUMN_LIST, UNIT_NONE, 0, INTRO_WANT(SYSCALL),
	 get_syscall_args, NULL, 0, NULL, "the six argument registers of that system call"},
	{"sp", NULL, COLUMN_ADDRESS, UNIT_NONE, 0, INTRO_WANT(SYSCALL), get_sp, NULL, 0, NULL,
	 "stack pointer of a task that does not run"},
	{"pc", NULL, COLUMN_ADDRESS, UNIT_NONE, 0, INTRO_WANT(SYSCALL), get_pc, NULL, 0, NULL,
	 "program counter of a task that does not run"},
	{"flags", NULL, COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES, INTRO_WANT(STAT), get_flags,
	 NULL, 0, NULL, "PF_ flags that the kernel keeps for it"},
	{"is_kthread", "KTHREAD", COLUMN_BOOL, UNIT_NONE, 0, INTRO_WANT(STAT), get_is_kthread, NULL,
	 0, NULL, "whether it is a thread of the kernel"},
};

PS_GROUP(identity, table);
