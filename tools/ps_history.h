/* What a watch remembers: CPU times of the round before, and the figures of its header. */
#ifndef PS_HISTORY_H
#define PS_HISTORY_H

#include <stddef.h>

#include <intro/intro.h>

#define PS_STATES "RSDTtZIPX"

struct ps_sample {
	pid_t pid, tid;
	uint64_t starttime; /* with the PID it names a process once and for all */
	uint64_t ticks;     /* CPU time */
	uint64_t uptime_ns; /* when that was */
};

struct ps_samples {
	struct ps_sample *samples; /* by pid and tid */
	size_t count, size;
};

struct ps_history {
	bool on;
	struct ps_samples before, now;
	size_t states[sizeof(PS_STATES)]; /* tasks by state in this round; the last: others */
	size_t tasks;
	struct intro_system *system;
	struct intro_system_figures figures, figures_before;
	bool have_figures, have_figures_before;
	char *system_error; /* why there are no figures */
};

/*
 * Notes a task with STAT and USAGE, and returns its CPU percentage since the round before, or -1
 * where it was not there then.
 */
double ps_history_note(struct ps_history *history, struct intro *session,
		       const struct intro_task *task);

/* A round is over. */
void ps_history_turn(struct ps_history *history);

/* The lines above a table. */
void ps_history_header(struct ps_history *history, struct intro *session, bool threads,
		       void (*put)(void *context, const char *line), void *context);

void ps_history_free(struct ps_history *history);

#endif
