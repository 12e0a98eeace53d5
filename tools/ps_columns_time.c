/* Columns: times, switches, and input and output. */
#include <math.h>

#include "ps_columns.h"

#define NS_PER_SECOND 1e9

static bool timed(const struct ps_row *ps)
{
	return HAS(ps->task, STAT) && ps->clock.ticks_per_second;
}

static double seconds(const struct ps_row *ps, uint64_t ticks)
{
	return (double)ticks / (double)ps->clock.ticks_per_second;
}

static bool dated(const struct ps_row *ps)
{
	return HAS(ps->task, STAT) && ps->clock.now_ns;
}

static double elapsed(const struct ps_row *ps)
{
	double age =
		(double)ps->clock.uptime_ns / NS_PER_SECOND - seconds(ps, ps->task->stat.starttime);

	return age > 0 ? age : 0; /* it may have begun after the clock was read */
}

static void get_utime_s(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;

	(void)arena;
	*ret = timed(ps) && HAS(ps->task, USAGE) ? value_real(seconds(ps, ps->task->stat.utime))
						 : value_null();
}

static void get_stime_s(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;

	(void)arena;
	*ret = timed(ps) && HAS(ps->task, USAGE) ? value_real(seconds(ps, ps->task->stat.stime))
						 : value_null();
}

static void get_time_s(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;

	(void)arena;
	*ret = timed(ps) && HAS(ps->task, USAGE)
		       ? value_real(seconds(ps, ps->task->stat.utime + ps->task->stat.stime))
		       : value_null();
}

static void get_elapsed_s(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;

	(void)arena;
	*ret = dated(ps) ? value_real(round(elapsed(ps) * 100) / 100) : value_null();
}

static void get_cpu_percent(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	double percent, age;

	(void)arena;
	*ret = value_null();
	if (!timed(ps) || !HAS(ps->task, USAGE))
		return;
	percent = ps->cpu_percent;
	if (percent < 0 && !dated(ps))
		return;
	if (percent < 0) {
		age = elapsed(ps);
		percent = age > 0 ? seconds(ps, ps->task->stat.utime + ps->task->stat.stime) * 100 /
					    age
				  : 0;
	}
	*ret = value_real(round(percent * 10) / 10);
}

static void get_started(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;
	uint64_t ticks, per_second;

	(void)arena;
	*ret = value_null();
	if (!dated(ps))
		return;
	ticks = ps->task->stat.starttime;
	per_second = ps->clock.ticks_per_second;
	*ret = value_time(ps->clock.boot_ns + ticks / per_second * UINT64_C(1000000000) +
			  ticks % per_second * UINT64_C(1000000000) / per_second);
}

STATUS_FIELD(vol_switches, SWITCHES, value_uint(task->status.voluntary_switches))
STATUS_FIELD(invol_switches, SWITCHES, value_uint(task->status.involuntary_switches))
FIELD(read_chars, IO, value_uint(task->io.rchar))
FIELD(write_chars, IO, value_uint(task->io.wchar))
FIELD(read_calls, IO, value_uint(task->io.syscr))
FIELD(write_calls, IO, value_uint(task->io.syscw))
FIELD(read_bytes, IO, value_uint(task->io.read_bytes))
FIELD(write_bytes, IO, value_uint(task->io.write_bytes))

#define TICKS (INTRO_WANT(STAT) | INTRO_WANT(USAGE) | PS_NEED_CLOCK)
#define TIME(name, heading, unit, needs, help)                                                     \
	{                                                                                          \
#name, heading, COLUMN_REAL, unit, COLUMN_VOLATILE, needs, get_##name, NULL, 0,    \
			NULL, help                                                                 \
	}
#define COUNT(name, heading, unit, source, help)                                                   \
	{                                                                                          \
#name, heading, COLUMN_INTEGER, unit, COLUMN_VOLATILE, INTRO_WANT(source),         \
			get_##name, NULL, 0, NULL, help                                            \
	}

static const struct column table[] = {
	TIME(utime_s, "UTIME", UNIT_SECONDS, TICKS, "CPU time in user mode"),
	TIME(stime_s, "STIME", UNIT_SECONDS, TICKS, "CPU time in the kernel"),
	TIME(time_s, "TIME", UNIT_SECONDS, TICKS, "CPU time in all"),
	TIME(cpu_percent, "%CPU", UNIT_PERCENT, TICKS,
	     "CPU time over its life; in a watch over the interval"),
	{"started", NULL, COLUMN_TIME, UNIT_NONE, 0, INTRO_WANT(STAT) | PS_NEED_CLOCK, get_started,
	 NULL, 0, NULL, "when it was started; in a filter as datetime('now') writes times, UTC"},
	TIME(elapsed_s, "ELAPSED", UNIT_SECONDS, INTRO_WANT(STAT) | PS_NEED_CLOCK,
	     "time since it was started"),
	COUNT(vol_switches, "VOLSW", UNIT_NONE, STATUS, "switches because it waited"),
	COUNT(invol_switches, "INVSW", UNIT_NONE, STATUS, "switches because its time was up"),
	COUNT(read_chars, "RCHAR", UNIT_BYTES, IO,
	      "bytes that it read, from anything; with those of ended children"),
	COUNT(write_chars, "WCHAR", UNIT_BYTES, IO,
	      "bytes that it wrote, to anything; with those of ended children"),
	COUNT(read_calls, "SYSCR", UNIT_NONE, IO, "calls of the read kind"),
	COUNT(write_calls, "SYSCW", UNIT_NONE, IO, "calls of the write kind"),
	COUNT(read_bytes, "READ", UNIT_BYTES, IO, "bytes read from storage"),
	COUNT(write_bytes, "WRITTEN", UNIT_BYTES, IO, "bytes written to storage"),
};

PS_GROUP(time, table);
