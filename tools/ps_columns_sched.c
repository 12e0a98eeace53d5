/* Columns: scheduling policy, priorities, CPUs. */
#include "ps_columns.h"

#define FLAG_RESET_ON_FORK 1

FIELD(nice, STAT, value_int(task->stat.nice))
FIELD(priority, STAT, value_int(task->stat.priority))
FIELD_IF(static_priority, HAS_STAT(task, STAT_POLICY) && intro_task_static_priority(task) >= 0,
	 value_int(intro_task_static_priority(task)))
FIELD_IF(rt_priority, HAS_STAT(task, STAT_RT_PRIORITY) && task->stat.rt_priority,
	 value_uint(task->stat.rt_priority))
STAT_FIELD(cpu, STAT_PROCESSOR, value_int(task->stat.processor))
FIELD(affinity, AFFINITY, value_of_bytes(task->affinity))
FIELD(autogroup, AUTOGROUP, value_of_bytes(task->autogroup))
FIELD(autogroup_nice, AUTOGROUP, value_int(task->autogroup_nice))

#define DEADLINE_FIELD(name)                                                                       \
	FIELD_IF(name,                                                                             \
		 HAS(task, SCHED_ATTR) && task->sched_attr.complete &&                             \
			 task->sched_attr.policy == INTRO_POLICY_DEADLINE,                         \
		 value_uint(task->sched_attr.name))
DEADLINE_FIELD(runtime_ns)
DEADLINE_FIELD(deadline_ns)
DEADLINE_FIELD(period_ns)

FIELD_IF(reset_on_fork, HAS(task, SCHED_ATTR) && task->sched_attr.complete,
	 value_bool(task->sched_attr.flags &FLAG_RESET_ON_FORK))
FIELD_IF(sched_flags, HAS(task, SCHED_ATTR) && task->sched_attr.complete,
	 value_set(task->sched_attr.flags, INTRO_NAMES_SCHED_FLAG))
FIELD_IF(util_min, HAS(task, SCHED_ATTR) && task->sched_attr.have_util,
	 value_uint(task->sched_attr.util_min))
FIELD_IF(util_max, HAS(task, SCHED_ATTR) && task->sched_attr.have_util,
	 value_uint(task->sched_attr.util_max))

FIELD(run_ns, SCHEDSTAT, value_uint(task->schedstat.run_ns))
FIELD(wait_ns, SCHEDSTAT, value_uint(task->schedstat.wait_ns))
FIELD(timeslices, SCHEDSTAT, value_uint(task->schedstat.timeslices))

#define SCHED_FILE_FIELD(name, line, expression)                                                   \
	FIELD_IF(name, HAS(task, SCHED_FILE) && (task->sched_file.have & INTRO_SCHED_FILE_##line), \
		 expression)
SCHED_FILE_FIELD(migrations, MIGRATIONS, value_uint(task->sched_file.migrations))
SCHED_FILE_FIELD(vruntime_ns, VRUNTIME, value_int(task->sched_file.vruntime_ns))

/*
 * sched_rr_get_interval(2) answers in whole ticks: of normal tasks it says 0 where the slice is
 * shorter than a tick, or their CPU is idle. The sched file has it exactly.
 */
static void get_timeslice_ns(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	const struct intro_task *task = ps->task;

	(void)arena;
	*ret = value_null();
	if (HAS_STAT(task, STAT_POLICY) && HAS(task, SCHED_FILE) &&
	    (task->sched_file.have & INTRO_SCHED_FILE_SLICE) && task->sched_file.slice_ns &&
	    intro_task_sched_class(ps->session, task) == INTRO_SCHED_CLASS_FAIR)
		*ret = value_uint(task->sched_file.slice_ns);
	else if (HAS(task, TIMESLICE) && task->timeslice_ns)
		*ret = value_uint(task->timeslice_ns);
}

FIELD(io_level, IOPRIO, value_int(task->ioprio_level))

static void get_io_class(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	*ret = HAS(task, IOPRIO) ? ps_value_name(INTRO_NAMES_IOPRIO_CLASS,
						 (uint64_t)task->ioprio_class, arena)
				 : value_null();
}

static void get_policy(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_task *task = task_of(row);

	*ret = HAS_STAT(task, STAT_POLICY)
		       ? ps_value_name(INTRO_NAMES_POLICY, task->stat.policy, arena)
		       : value_null();
}

static void get_sched_class(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;

	*ret = value_null();
	if (HAS_STAT(ps->task, STAT_POLICY))
		*ret = ps_value_name(INTRO_NAMES_SCHED_CLASS,
				     intro_task_sched_class(ps->session, ps->task), arena);
}

#define NUMBER(name, heading, unit, source, help)                                                  \
	{                                                                                          \
#name, heading, COLUMN_INTEGER, unit, 0, INTRO_WANT(source), get_##name, NULL, 0,  \
			NULL, help                                                                 \
	}
#define CHANGING(name, heading, unit, source, help)                                                \
	{                                                                                          \
#name, heading, COLUMN_INTEGER, unit, COLUMN_VOLATILE, INTRO_WANT(source),         \
			get_##name, NULL, 0, NULL, help                                            \
	}

static const struct column table[] = {
	{"policy", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_SHORT_NAMES, INTRO_WANT(STAT), get_policy,
	 NULL, 0, NULL, "scheduling policy"},
	NUMBER(nice, "NI", UNIT_NONE, STAT, "nice value, -20 to 19"),
	NUMBER(priority, "PRIO", UNIT_NONE, STAT,
	       "the kernel's priority: nice + 20, or -1 - rt_priority"),
	NUMBER(static_priority, "STATIC", UNIT_NONE, STAT,
	       "100 to 139 for normal tasks: 120 + nice"),
	NUMBER(rt_priority, "RTPRIO", UNIT_NONE, STAT, "real-time priority, 1 to 99"),
	NUMBER(cpu, NULL, UNIT_NONE, STAT, "CPU on which it runs or ran last"),
	{"affinity", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(AFFINITY), get_affinity, NULL, 0,
	 NULL, "CPUs on which it may run, as a list"},
	{"autogroup", NULL, COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(AUTOGROUP), get_autogroup, NULL,
	 0, NULL, "group of tasks that share CPU time, made for each session"},
	NUMBER(autogroup_nice, "AGNICE", UNIT_NONE, AUTOGROUP, "nice value of that group"),
	{"timeslice_ns", "SLICE", COLUMN_INTEGER, UNIT_NS, 0,
	 INTRO_WANT(STAT) | INTRO_WANT(SCHED_FILE) | INTRO_WANT(TIMESLICE), get_timeslice_ns, NULL,
	 0, NULL, "time slice"},
	{"sched_class", "CLASS", COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(STAT), get_sched_class, NULL,
	 0, NULL, "class of the scheduler: stop dl rt fair ext idle"},
	NUMBER(runtime_ns, "RUNTIME", UNIT_NS, SCHED_ATTR,
	       "SCHED_DEADLINE: CPU time in each period"),
	NUMBER(deadline_ns, "DEADLINE", UNIT_NS, SCHED_ATTR,
	       "SCHED_DEADLINE: time until it must have had that"),
	NUMBER(period_ns, "PERIOD", UNIT_NS, SCHED_ATTR, "SCHED_DEADLINE: length of a period"),
	{"reset_on_fork", "RESET", COLUMN_BOOL, UNIT_NONE, 0, INTRO_WANT(SCHED_ATTR),
	 get_reset_on_fork, NULL, 0, NULL, "whether children start with the default policy"},
	{"sched_flags", "SCHEDFLAGS", COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES,
	 INTRO_WANT(SCHED_ATTR), get_sched_flags, NULL, 0, NULL, "SCHED_FLAG_ flags"},
	NUMBER(util_min, "UMIN", UNIT_NONE, SCHED_ATTR,
	       "lower clamp of the utilization, 0 to 1024"),
	NUMBER(util_max, "UMAX", UNIT_NONE, SCHED_ATTR,
	       "upper clamp of the utilization, 0 to 1024"),
	CHANGING(run_ns, "RUN", UNIT_NS, SCHEDSTAT, "time on a CPU, of the (main) thread alone"),
	CHANGING(wait_ns, "WAIT", UNIT_NS, SCHEDSTAT, "time runnable but waiting for a CPU"),
	CHANGING(timeslices, NULL, UNIT_NONE, SCHEDSTAT, "how often it was put on a CPU"),
	CHANGING(migrations, "MIGR", UNIT_NONE, SCHED_FILE, "moves from one CPU to another"),
	CHANGING(vruntime_ns, "VRUNTIME", UNIT_NS, SCHED_FILE, "virtual run time, fair class"),
	{"io_class", "IOCLASS", COLUMN_TEXT, UNIT_NONE, 0, INTRO_WANT(IOPRIO), get_io_class, NULL,
	 0, NULL, "I/O scheduling class: none realtime best-effort idle"},
	NUMBER(io_level, "IOLEVEL", UNIT_NONE, IOPRIO, "I/O priority within the class, 0 to 7"),
};

PS_GROUP(sched, table);
