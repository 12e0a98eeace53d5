/*
 * System-wide figures for the header of a watch: load, CPU time, memory. From libproc2, which is
 * loaded when the first reading is asked for.
 */
#ifndef INTRO_SYSTEM_H
#define INTRO_SYSTEM_H

#include <stdint.h>

#include <intro/error.h>

INTRO_BEGIN_DECLS

struct intro_system; /* keeps the files open between readings */

/* Figures of one reading. CPU times are in ticks since boot, memory in bytes. */
struct intro_system_figures {
	double load[3]; /* over 1, 5 and 15 minutes */
	double uptime_s;
	uint64_t cpu_user, cpu_nice, cpu_system, cpu_idle, cpu_iowait, cpu_irq, cpu_softirq,
		cpu_steal;
	uint64_t mem_total, mem_available, mem_free, mem_cached; /* cached: buffers, too */
	uint64_t swap_total, swap_free;
	uint64_t procs_blocked, procs_running;
};

/*
 * INTRO_E_UNSUPPORTED for a session that does not read /proc itself, and where libproc2 is not
 * installed.
 */
INTRO_API INTRO_NODISCARD int intro_system_open(struct intro *session, struct intro_system **ret);
INTRO_API INTRO_NODISCARD int intro_system_read(struct intro_system *system,
						struct intro_system_figures *ret);
INTRO_API void intro_system_close(struct intro_system *system); /* NULL is fine */

INTRO_END_DECLS

#endif
