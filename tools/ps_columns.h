/* The columns of intro ps: tables by subject, and what their getters work on. */
#ifndef PS_COLUMNS_H
#define PS_COLUMNS_H

#include <intro/intro.h>

#include "present/column.h"

/*
 * What a column needs: the sources of libintro in the lower bits, and above them what intro-ps
 * gets by itself.
 */
#define PS_NEED_FAMILY (UINT64_C(1) << 56)
#define PS_NEED_CLOCK (UINT64_C(1) << 57)
#define PS_NEED_TASK_MASK (PS_NEED_FAMILY - 1)

_Static_assert(INTRO_SOURCE_COUNT <= 56, "the needs of intro-ps lie above the sources of libintro");

/* A row as the getters see it. */
struct ps_row {
	const struct intro_task *task;
	struct intro *session;
	struct intro_clock clock;          /* PS_NEED_CLOCK; all zero where it is not known */
	const struct intro_family *family; /* PS_NEED_FAMILY */
	double cpu_percent;                /* over the interval of a watch; < 0: over its life */
};

static inline const struct intro_task *task_of(const void *row)
{
	return ((const struct ps_row *)row)->task;
}

/* Whether the record has what a source tells. */
#define HAS(task, source) (((task)->have & INTRO_WANT(source)) != 0)

/* A getter that gives `expression` (over `task`) where `condition` holds, else null. */
#define FIELD_IF(name, condition, expression)                                                      \
	static void get_##name(const void *row, struct arena *arena, struct value *ret)            \
	{                                                                                          \
		const struct intro_task *task = task_of(row);                                      \
                                                                                                   \
		(void)arena;                                                                       \
		*ret = (condition) ? (expression) : value_null();                                  \
	}

#define FIELD(name, source, expression) FIELD_IF(name, HAS(task, source), expression)

/* Whether the stat file has a field, numbered as in proc(5): old kernels end it earlier. */
#define HAS_STAT(task, number) (HAS(task, STAT) && (task)->stat.fields >= (number))
enum {
	STAT_VSIZE = 23,
	STAT_RSS = 24,
	STAT_PROCESSOR = 39,
	STAT_RT_PRIORITY = 40,
	STAT_POLICY = 41
};
#define STAT_FIELD(name, number, expression) FIELD_IF(name, HAS_STAT(task, number), expression)

/* The same of a group of lines of the status file. */
#define STATUS_FIELD(name, lines, expression)                                                      \
	FIELD_IF(name, HAS(task, STATUS) && (task->status.have & INTRO_STATUS_##lines), expression)

static inline struct value value_of_bytes(struct intro_bytes bytes)
{
	return bytes.data ? value_bytes(bytes.data, bytes.len) : value_null();
}

/* "SCHED_FIFO"; where a value has no name, the number as text. */
struct value ps_value_name(enum intro_names names, uint64_t number, struct arena *arena);

/* The tables, one a subject; ps_columns.c joins them in this order. */
struct ps_column_group {
	const struct column *columns;
	size_t count;
};
extern const struct ps_column_group ps_columns_identity, ps_columns_jobs, ps_columns_credentials,
	ps_columns_sched, ps_columns_signals, ps_columns_memory, ps_columns_time,
	ps_columns_environment;

/* All columns, and the views of the tool. */
const struct column *ps_columns(size_t *count);
extern const struct view ps_views[];
extern const size_t ps_view_count;

#define PS_GROUP(name, table)                                                                      \
	const struct ps_column_group ps_columns_##name = {table, sizeof(table) / sizeof((table)[0])}

#endif
