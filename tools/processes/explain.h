/* Why something of a process cannot be read, in words that help. */
#ifndef PROCESSES_EXPLAIN_H
#define PROCESSES_EXPLAIN_H

#include <intro/intro.h>

#include "present/arena.h"

/*
 * Why a process may not be looked into, or NULL; best with its OWNER. The arena's, or constant.
 */
const char *process_explain(struct intro *session, const struct intro_task *task,
			    struct arena *arena);

/* The same for one source of a process that was denied; NULL where it was not. */
const char *process_explain_source(struct intro *session, const struct intro_task *task,
				   enum intro_task_source source, struct arena *arena);

#endif
