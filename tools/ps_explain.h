/* Why something of a process cannot be read, in words that help. */
#ifndef PS_EXPLAIN_H
#define PS_EXPLAIN_H

#include "ps_columns.h"

/* A hint for a denied source, or NULL. The arena's. */
const char *ps_explain(struct intro *session, const struct intro_task *task,
		       enum intro_task_source source, struct arena *arena);

#endif
