/* Columns: memory, and threads. */
#include "ps_columns.h"

FIELD(threads, STAT, value_int(task->stat.num_threads))
STAT_FIELD(vsize, STAT_VSIZE, value_uint(task->stat.vsize))

/*
 * Not the number in stat: that lacks what each CPU has not yet told of, which on a large machine is
 * megabytes.
 */
static void get_rss(const void *row, struct arena *arena, struct value *ret)
{
	const struct ps_row *ps = row;

	(void)arena;
	*ret = value_null();
	if (HAS(ps->task, STATM))
		*ret = value_uint(ps->task->statm.resident * ps->clock.page_size);
}

STATUS_FIELD(rss_anon, RSS_KINDS, value_uint(task->status.rss_anon))
STATUS_FIELD(rss_file, RSS_KINDS, value_uint(task->status.rss_file))
STATUS_FIELD(rss_shmem, RSS_KINDS, value_uint(task->status.rss_shmem))
STATUS_FIELD(swap, SWAP, value_uint(task->status.vm_swap))
STATUS_FIELD(hwm, MEMORY, value_uint(task->status.vm_hwm))
STATUS_FIELD(vm_peak, MEMORY, value_uint(task->status.vm_peak))
STATUS_FIELD(locked, MEMORY, value_uint(task->status.vm_locked))
STATUS_FIELD(pinned, MEMORY, value_uint(task->status.vm_pinned))
STATUS_FIELD(data, MEMORY, value_uint(task->status.vm_data))
STATUS_FIELD(stack, MEMORY, value_uint(task->status.vm_stack))
STATUS_FIELD(text, MEMORY, value_uint(task->status.vm_exe))
STATUS_FIELD(libs, MEMORY, value_uint(task->status.vm_lib))
STATUS_FIELD(page_tables, MEMORY, value_uint(task->status.vm_pte))
FIELD(minflt, USAGE, value_uint(task->stat.minflt))
FIELD(majflt, USAGE, value_uint(task->stat.majflt))
FIELD(oom_score, OOM_SCORE, value_int(task->oom_score))
FIELD(oom_score_adj, OOM_ADJ, value_int(task->oom_score_adj))

#define BYTES(name, heading, needs, help)                                                          \
	{                                                                                          \
#name, heading, COLUMN_INTEGER, UNIT_BYTES, 0, needs, get_##name, NULL, 0, NULL,   \
			help                                                                       \
	}
#define NUMBER(name, heading, source, help)                                                        \
	{                                                                                          \
#name, heading, COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(source), get_##name,      \
			NULL, 0, NULL, help                                                        \
	}

static const struct column table[] = {
	NUMBER(threads, "THR", STAT, "number of threads"),
	BYTES(vsize, NULL, INTRO_WANT(STAT), "size of the address space"),
	BYTES(rss, NULL, INTRO_WANT(STATM) | PS_NEED_CLOCK, "memory resident"),
	BYTES(rss_anon, "ANON", INTRO_WANT(STATUS), "resident and in no file"),
	BYTES(rss_file, "FILE", INTRO_WANT(STATUS), "resident from files"),
	BYTES(rss_shmem, "SHMEM", INTRO_WANT(STATUS), "resident shared memory"),
	BYTES(swap, NULL, INTRO_WANT(STATUS), "memory swapped out"),
	BYTES(hwm, NULL, INTRO_WANT(STATUS), "largest rss so far"),
	BYTES(vm_peak, "PEAK", INTRO_WANT(STATUS), "largest vsize so far"),
	BYTES(locked, NULL, INTRO_WANT(STATUS), "memory locked by mlock"),
	BYTES(pinned, NULL, INTRO_WANT(STATUS), "memory that cannot be moved"),
	BYTES(data, NULL, INTRO_WANT(STATUS), "size of private writable mappings"),
	BYTES(stack, NULL, INTRO_WANT(STATUS), "size of the stack of the main thread"),
	BYTES(text, NULL, INTRO_WANT(STATUS), "size of the code of the program"),
	BYTES(libs, NULL, INTRO_WANT(STATUS), "size of the code of libraries"),
	BYTES(page_tables, "PTES", INTRO_WANT(STATUS), "size of the page tables"),
	NUMBER(minflt, NULL, USAGE, "page faults that needed no I/O"),
	NUMBER(majflt, NULL, USAGE, "page faults that needed I/O"),
	NUMBER(oom_score, "OOM", OOM_SCORE, "how likely it is killed when memory runs out"),
	NUMBER(oom_score_adj, "OOMADJ", OOM_ADJ, "adjustment of that, -1000 to 1000"),
};

PS_GROUP(memory, table);
