/* The rows of intro ps: walks the processes that are selected, and tells what is missing. */
#include <errno.h>
#include <string.h>

#include "processes/explain.h"
#include "ps_source.h"

static int open_round(struct ps *ps)
{
	ps->row.session = ps->session;
	if (ps->needs & PS_NEED_CLOCK)
		intro_clock_read(ps->session, &ps->row.clock);
	intro_family_close(ps->family);
	ps->family = NULL;
	if ((ps->needs & PS_NEED_FAMILY) && intro_family_open(ps->session, &ps->family))
		return process_walk_fatal(&ps->walk);
	ps->row.family = ps->family;
	return 0;
}

int ps_source_start(void *state, uint64_t needs, uint64_t first)
{
	struct ps *ps = state;
	const struct process_choice *processes = &ps->selection.processes;
	struct intro_tasks_options options = {.size = sizeof(options)};
	int status;

	ps->needs = needs | ps_select_needs(&ps->selection);
	ps->first = first | ps_select_needs(&ps->selection);
	if (ps->history.on)
		ps->first |= INTRO_WANT(STAT) | INTRO_WANT(USAGE);
	options.want = ps->first & PS_NEED_TASK_MASK;
	options.want_later = ps->needs & PS_NEED_TASK_MASK;
	if (processes->target_count || processes->names.count)
		options.want_later |= INTRO_WANT(OWNER); /* to explain what is denied */
	options.flags = ps->threads ? INTRO_TASKS_THREADS : 0;
	ps->walk.session = ps->session;
	ps->walk.choice = processes;
	ps->walk.procfs = ps->procfs;
	status = process_walk_open(&ps->walk, &options);
	return status ? status : open_round(ps);
}

int ps_source_again(void *state)
{
	struct ps *ps = state;

	if (ps->history.on)
		ps_history_turn(&ps->history);
	process_walk_rewind(&ps->walk);
	return open_round(ps);
}

void ps_source_close(struct ps *ps)
{
	process_walk_close(&ps->walk);
	intro_family_close(ps->family);
	ps_history_free(&ps->history);
	ps_select_free(&ps->selection);
	intro_close(ps->session);
}

int ps_source_next(void *state, const void **row)
{
	struct ps *ps = state;
	const struct intro_task *task;
	int r;

	while ((r = process_walk_next(&ps->walk, &task)) > 0) {
		ps->row.task = task;
		ps->row.cpu_percent = -1;
		if (ps->history.on)
			ps->row.cpu_percent = ps_history_note(&ps->history, ps->session, task);
		if (process_walk_chooses(&ps->walk, task) &&
		    ps_select_matches(&ps->selection, &ps->row)) {
			*row = &ps->row;
			return 1;
		}
	}
	return r;
}

int ps_source_complete(void *state, uint64_t needs)
{
	struct ps *ps = state;
	int r = intro_tasks_read(ps->walk.tasks, needs & PS_NEED_TASK_MASK);

	if (r == 0)
		return 0;
	if (r != INTRO_E_GONE)
		return -process_walk_fatal(&ps->walk);
	process_walk_lost(&ps->walk);
	return 1;
}

/* ---- errors ---- */

void ps_source_missing(void *state, row_error_handler *handler, void *context)
{
	process_walk_tell_missing(&((struct ps *)state)->walk, handler, context);
}

static bool has_errors(const struct intro_task *task)
{
	for (int i = 0; i < INTRO_SOURCE_COUNT; i++)
		if (task->error[i])
			return true;
	return false;
}

void ps_source_errors(void *state, row_error_handler *handler, void *context)
{
	struct ps *ps = state;
	const struct intro_task *task = ps->row.task;
	struct arena arena = {0};
	const char *told = "";

	if (!has_errors(task) ||
	    (ps->walk.named && intro_tasks_read(ps->walk.tasks, INTRO_WANT(OWNER))))
		return;
	for (int i = 0; i < INTRO_SOURCE_COUNT; i++) {
		const char *what = intro_task_source_name((enum intro_task_source)i);
		struct row_error error = {
			.pid = task->pid,
			.what = what,
			.os_errno = task->error[i],
			.named = ps->walk.named,
		};

		if (!task->error[i] || !strcmp(told, what)) /* one file may be several sources */
			continue;
		told = what;
		error.message = arena_printf(&arena, "cannot read %s: %s", what,
					     task->error[i] == EBADMSG
						     ? "it is not in the form that it should have"
						     : strerror(task->error[i]));
		if (ps->walk.named)
			error.hint = process_explain_source(ps->session, task,
							    (enum intro_task_source)i, &arena);
		handler(context, &error);
	}
	arena_free(&arena);
}
