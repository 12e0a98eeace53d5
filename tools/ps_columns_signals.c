/* Columns: signals pending, blocked, ignored, caught. */
#include "ps_columns.h"

#define SIGNALS(name, expression)                                                                  \
	STATUS_FIELD(name, SIGNALS, value_set(expression, INTRO_NAMES_SIGNAL))
SIGNALS(sig_pending, task->status.sig_pending)
SIGNALS(sig_shared_pending, task->status.sig_shared_pending)
SIGNALS(sig_blocked, task->status.sig_blocked)
SIGNALS(sig_ignored, task->status.sig_ignored)
SIGNALS(sig_caught, task->status.sig_caught)
SIGNALS(sig_deliverable, intro_task_deliverable(task))
STATUS_FIELD(sig_queued, SIGQ, value_uint(task->status.sig_queued))
STATUS_FIELD(sig_queue_limit, SIGQ, value_uint(task->status.sig_queue_limit))

#define SET(name, heading, help)                                                                   \
	{                                                                                          \
#name, heading, COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES, INTRO_WANT(STATUS),     \
			get_##name, NULL, 0, NULL, help                                            \
	}

static const struct column table[] = {
	SET(sig_pending, "PENDING", "signals pending for the thread"),
	SET(sig_shared_pending, "SHARED", "signals pending for the process"),
	SET(sig_blocked, "BLOCKED", "signals that the thread blocks"),
	SET(sig_ignored, "IGNORED", "signals that the process ignores"),
	SET(sig_caught, "CAUGHT", "signals that the process has handlers for"),
	SET(sig_deliverable, "DELIVERABLE", "signals pending and not blocked"),
	{"sig_queued", "SIGQ", COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STATUS), get_sig_queued,
	 NULL, 0, NULL, "signals queued for all processes of its real user"},
	{"sig_queue_limit", "SIGQMAX", COLUMN_INTEGER, UNIT_NONE, 0, INTRO_WANT(STATUS),
	 get_sig_queue_limit, NULL, 0, NULL, "limit of sig_queued"},
};

PS_GROUP(signals, table);
