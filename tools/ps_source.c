/* The rows of intro ps: walks the processes that are selected, and tells what is missing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "present/message.h"
#include "ps_explain.h"
#include "ps_source.h"

static int fatal(const struct ps *ps)
{
	const struct intro_error *error = intro_last_error(ps->session);

	if (error->code == INTRO_E_NOMEM || error->os_errno == ENOMEM)
		message_out_of_memory();
	message("cannot read processes: %s", error->os_errno  ? strerror(error->os_errno)
					     : error->text[0] ? error->text
							      : intro_code_text(error->code));
	return EXIT_FATAL;
}

/* Whether it is we who are at the end of something, so that going on makes no sense. */
static bool is_exhausted(const struct intro_error *error)
{
	return error->code == INTRO_E_NOMEM || error->os_errno == EMFILE ||
	       error->os_errno == ENFILE;
}

static int open_round(struct ps *ps)
{
	ps->row.session = ps->session;
	if (ps->needs & PS_NEED_CLOCK)
		intro_clock_read(ps->session, &ps->row.clock);
	intro_family_close(ps->family);
	ps->family = NULL;
	if ((ps->needs & PS_NEED_FAMILY) && intro_family_open(ps->session, &ps->family))
		return fatal(ps);
	ps->row.family = ps->family;
	ps->next_target = ps->missing_count = 0;
	ps->in_target = ps->ended = ps->seen_any = false;
	arena_reset(&ps->arena);
	ps->missing = NULL;
	ps->missing_size = 0;
	ps->name_seen = arena_alloc(&ps->arena, ps->selection.names.count + 1);
	memset(ps->name_seen, 0, ps->selection.names.count + 1);
	return 0;
}

int ps_source_start(void *state, uint64_t needs, uint64_t first)
{
	struct ps *ps = state;
	struct intro_tasks_options options = {.size = sizeof(options)};

	ps->needs = needs | ps_select_needs(&ps->selection);
	ps->first = first | ps_select_needs(&ps->selection);
	if (ps->history.on)
		ps->first |= INTRO_WANT(STAT) | INTRO_WANT(USAGE);
	options.want = ps->first & PS_NEED_TASK_MASK;
	options.want_later = ps->needs & PS_NEED_TASK_MASK;
	if (ps->selection.target_count || ps->selection.names.count)
		options.want_later |= INTRO_WANT(OWNER); /* to explain what is denied */
	options.flags = ps->threads ? INTRO_TASKS_THREADS : 0;
	if (intro_tasks_open(ps->session, &options, &ps->tasks))
		return fatal(ps);
	return open_round(ps);
}

int ps_source_again(void *state)
{
	struct ps *ps = state;

	if (ps->history.on)
		ps_history_turn(&ps->history);
	intro_tasks_rewind(ps->tasks);
	return open_round(ps);
}

void ps_source_close(struct ps *ps)
{
	intro_tasks_close(ps->tasks);
	intro_family_close(ps->family);
	ps_history_free(&ps->history);
	ps_select_free(&ps->selection);
	arena_free(&ps->arena);
	intro_close(ps->session);
}

/* ---- what was named and is not there ---- */

static struct ps_missing *add_missing(struct ps *ps)
{
	if (ps->missing_count == ps->missing_size) {
		size_t size = ps->missing_size ? ps->missing_size * 2 : 16;
		struct ps_missing *missing = arena_alloc(&ps->arena, size * sizeof(*missing));

		if (ps->missing_count)
			memcpy(missing, ps->missing, ps->missing_count * sizeof(*missing));
		ps->missing = missing;
		ps->missing_size = size;
	}
	ps->missing[ps->missing_count] = (struct ps_missing){0};
	return &ps->missing[ps->missing_count++];
}

static void note_missing_target(struct ps *ps, const struct ps_target *target)
{
	const struct intro_error *error = intro_last_error(ps->session);
	struct ps_missing *missing = add_missing(ps);
	const char *why = error->text[0] ? error->text : strerror(error->os_errno);

	missing->pid = target->pid;
	missing->os_errno = error->os_errno;
	missing->message = target->tid ? arena_printf(&ps->arena, "thread %d: %s", target->tid, why)
				       : arena_printf(&ps->arena, "%s", why);
}

static void note_ended_target(struct ps *ps, const struct ps_target *target)
{
	struct ps_missing *missing = add_missing(ps);

	missing->pid = target->pid;
	missing->os_errno = ESRCH;
	missing->message = arena_printf(&ps->arena, "it has ended");
}

static void note_missing_names(struct ps *ps)
{
	for (size_t i = 0; i < ps->selection.names.count; i++) {
		if (!ps->name_seen[i])
			add_missing(ps)->message =
				arena_printf(&ps->arena, "no process is called '%s'",
					     ps->selection.names.items[i]);
	}
}

static void note_missing_users(struct ps *ps)
{
	for (size_t i = 0; i < ps->selection.unknown_users.count; i++)
		add_missing(ps)->message = arena_printf(&ps->arena, "no such user: '%s'",
							ps->selection.unknown_users.items[i]);
}

/* ---- the walk ---- */

static const struct ps_target *current_target(const struct ps *ps)
{
	return &ps->selection.targets[ps->next_target - 1];
}

/* Restricts the list to the next PID of the user's. 1: done; 0: there are no more. */
static int enter_target(struct ps *ps)
{
	while (ps->next_target < ps->selection.target_count) {
		const struct ps_target *target = &ps->selection.targets[ps->next_target++];
		int r = intro_tasks_select(ps->tasks, target->pid, target->tid);

		if (r == 0) {
			ps->in_target = true;
			ps->target_rows = 0;
			return 1;
		}
		if (is_exhausted(intro_last_error(ps->session)))
			return -fatal(ps);
		note_missing_target(ps, target);
	}
	ps->in_target = false;
	return 0;
}

/* Whether a process that its name selects was given already by its PID. */
static bool is_target(const struct ps *ps, const struct intro_task *task)
{
	for (size_t i = 0; i < ps->selection.target_count; i++) {
		const struct ps_target *target = &ps->selection.targets[i];

		if (target->pid == task->pid && (!target->tid || target->tid == task->tid))
			return true;
	}
	return false;
}

static bool is_selected(struct ps *ps, const struct intro_task *task)
{
	ps->named = ps->in_target;
	if (!ps->in_target && ps->selection.names.count) {
		int name = ps_select_name(&ps->selection, task);

		if (name < 0)
			return false;
		ps->name_seen[name] = true;
		if (is_target(ps, task))
			return false;
		ps->named = true;
	}
	return ps_select_matches(&ps->selection, &ps->row);
}

/* What is walked after one part is at its end: the next PID, then all for the names. */
static int next_part(struct ps *ps)
{
	bool had_targets = ps->in_target;
	int r;

	if (ps->in_target && ps->target_rows == 0)
		note_ended_target(ps, current_target(ps));
	if (!ps->in_target && (ps->next_target || !ps->selection.target_count))
		return 0; /* the list of all is at its end */
	r = enter_target(ps);
	if (r || !ps->selection.names.count)
		return r;
	if (had_targets || ps->next_target)
		intro_tasks_rewind(ps->tasks);
	return 1;
}

int ps_source_next(void *state, const void **row)
{
	struct ps *ps = state;
	const struct intro_task *task;
	int r;

	if (ps->ended)
		return 0;
	if (ps->selection.target_count && !ps->next_target) {
		r = next_part(ps);
		if (r < 0)
			return r;
		ps->ended = r == 0;
	}
	while (!ps->ended) {
		r = intro_tasks_next(ps->tasks, &task);
		if (r < 0)
			return -fatal(ps);
		if (r == 0) {
			r = next_part(ps);
			if (r < 0)
				return r;
			ps->ended = r == 0;
			continue;
		}
		ps->target_rows++;
		ps->seen_any = true;
		ps->row.task = task;
		ps->row.cpu_percent = -1;
		if (ps->history.on)
			ps->row.cpu_percent = ps_history_note(&ps->history, ps->session, task);
		if (is_selected(ps, task)) {
			*row = &ps->row;
			return 1;
		}
	}
	note_missing_names(ps);
	note_missing_users(ps);
	if (!ps->seen_any && !ps->selection.target_count)
		add_missing(ps)->message =
			arena_printf(&ps->arena, "there are no processes in '%s'",
				     ps->procfs ? ps->procfs : "the tree");
	return 0;
}

int ps_source_complete(void *state, uint64_t needs)
{
	struct ps *ps = state;
	int r = intro_tasks_read(ps->tasks, needs & PS_NEED_TASK_MASK);

	if (r == 0)
		return 0;
	if (r != INTRO_E_GONE)
		return -fatal(ps);
	ps->target_rows--; /* it ended after all */
	return 1;
}

/* ---- errors ---- */

void ps_source_missing(void *state, row_error_handler *handler, void *context)
{
	struct ps *ps = state;

	for (size_t i = 0; i < ps->missing_count; i++) {
		const struct ps_missing *missing = &ps->missing[i];
		struct row_error error = {
			.pid = missing->pid,
			.what = "process",
			.os_errno = missing->os_errno,
			.message = missing->message,
			.named = true,
		};

		handler(context, &error);
	}
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

	if (!has_errors(task) || (ps->named && intro_tasks_read(ps->tasks, INTRO_WANT(OWNER))))
		return;
	for (int i = 0; i < INTRO_SOURCE_COUNT; i++) {
		const char *what = intro_task_source_name((enum intro_task_source)i);
		struct row_error error = {
			.pid = task->pid,
			.what = what,
			.os_errno = task->error[i],
			.named = ps->named,
		};

		if (!task->error[i] || !strcmp(told, what)) /* one file may be several sources */
			continue;
		told = what;
		error.message = arena_printf(&arena, "cannot read %s: %s", what,
					     task->error[i] == EBADMSG
						     ? "it is not in the form that it should have"
						     : strerror(task->error[i]));
		if (ps->named)
			error.hint =
				ps_explain(ps->session, task, (enum intro_task_source)i, &arena);
		handler(context, &error);
	}
	arena_free(&arena);
}
