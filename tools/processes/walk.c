/* Walks the processes that were named, and notes what is missing. */
#include <errno.h>
#include <string.h>

#include "present/message.h"
#include "processes/walk.h"

int process_walk_fatal(const struct process_walk *walk)
{
	const struct intro_error *error = intro_last_error(walk->session);

	if (error->code == INTRO_E_NOMEM || error->os_errno == ENOMEM)
		message_out_of_memory();
	message("cannot read processes: %s", error->os_errno  ? strerror(error->os_errno)
					     : error->text[0] ? error->text
							      : intro_code_text(error->code));
	return EXIT_FATAL;
}

bool process_error_is_exhaustion(const struct intro_error *error)
{
	return error->code == INTRO_E_NOMEM || error->os_errno == EMFILE ||
	       error->os_errno == ENFILE;
}

static void begin(struct process_walk *walk)
{
	walk->next_target = walk->missing_count = 0;
	walk->in_target = walk->ended = walk->seen_any = false;
	arena_reset(&walk->arena);
	walk->missing = NULL;
	walk->missing_size = 0;
	walk->name_seen = arena_alloc(&walk->arena, walk->choice->names.count + 1);
	memset(walk->name_seen, 0, walk->choice->names.count + 1);
}

int process_walk_open(struct process_walk *walk, const struct intro_tasks_options *options)
{
	if (intro_tasks_open(walk->session, options, &walk->tasks))
		return process_walk_fatal(walk);
	begin(walk);
	return 0;
}

void process_walk_rewind(struct process_walk *walk)
{
	intro_tasks_rewind(walk->tasks);
	begin(walk);
}

void process_walk_close(struct process_walk *walk)
{
	intro_tasks_close(walk->tasks);
	arena_free(&walk->arena);
}

/* ---- what was named and is not there ---- */

struct process_missing *process_walk_add_missing(struct process_walk *walk)
{
	if (walk->missing_count == walk->missing_size) {
		size_t size = walk->missing_size ? walk->missing_size * 2 : 16;
		struct process_missing *missing =
			arena_alloc(&walk->arena, size * sizeof(*missing));

		if (walk->missing_count)
			memcpy(missing, walk->missing, walk->missing_count * sizeof(*missing));
		walk->missing = missing;
		walk->missing_size = size;
	}
	walk->missing[walk->missing_count] =
		(struct process_missing){.what = "process", .named = true};
	return &walk->missing[walk->missing_count++];
}

void process_walk_miss(struct process_walk *walk, const char *message)
{
	process_walk_add_missing(walk)->message = message;
}

static void note_missing_target(struct process_walk *walk, const struct process_target *target)
{
	const struct intro_error *error = intro_last_error(walk->session);
	struct process_missing *missing = process_walk_add_missing(walk);
	const char *why = error->text[0] ? error->text : strerror(error->os_errno);

	missing->pid = target->pid;
	missing->os_errno = error->os_errno;
	missing->message = target->tid
				   ? arena_printf(&walk->arena, "thread %d: %s", target->tid, why)
				   : arena_printf(&walk->arena, "%s", why);
}

static void note_ended_target(struct process_walk *walk, const struct process_target *target)
{
	struct process_missing *missing = process_walk_add_missing(walk);

	missing->pid = target->pid;
	missing->os_errno = ESRCH;
	missing->message = "it has ended";
}

/* At the end of a round. */
static void note_missing_words(struct process_walk *walk)
{
	const struct process_choice *choice = walk->choice;
	struct arena *arena = &walk->arena;

	for (size_t i = 0; i < choice->names.count; i++) {
		const char *name = choice->names.items[i];

		if (walk->name_seen[i])
			continue;
		process_walk_miss(walk, arena_printf(arena, "no process is called '%s'", name));
		walk->missing[walk->missing_count - 1].name = name;
	}
	for (size_t i = 0; i < choice->unknown_users.count; i++)
		process_walk_miss(walk, arena_printf(arena, "no such user: '%s'",
						     choice->unknown_users.items[i]));
	if (!walk->seen_any && !choice->target_count)
		process_walk_miss(walk, arena_printf(arena, "there are no processes in '%s'",
						     walk->procfs ? walk->procfs : "the tree"));
}

void process_walk_tell_missing(const struct process_walk *walk, row_error_handler *handler,
			       void *context)
{
	for (size_t i = 0; i < walk->missing_count; i++) {
		const struct process_missing *missing = &walk->missing[i];
		struct row_error error = {
			.pid = missing->pid,
			.what = missing->what,
			.os_errno = missing->os_errno,
			.message = missing->message,
			.hint = missing->hint,
			.named = missing->named,
		};

		handler(context, &error);
	}
}

/* ---- the walk ---- */

/* Restricts the list to the next PID of the user's. 1: done; 0: there are no more. */
static int enter_target(struct process_walk *walk)
{
	while (walk->next_target < walk->choice->target_count) {
		const struct process_target *target = &walk->choice->targets[walk->next_target++];
		int r = intro_tasks_select(walk->tasks, target->pid, target->tid);

		if (r == 0) {
			walk->in_target = true;
			walk->target_rows = 0;
			return 1;
		}
		if (process_error_is_exhaustion(intro_last_error(walk->session)))
			return -process_walk_fatal(walk);
		note_missing_target(walk, target);
	}
	walk->in_target = false;
	return 0;
}

/* What is walked after one part is at its end: the next PID, then all for the names. */
static int next_part(struct process_walk *walk)
{
	bool had_targets = walk->in_target;
	int r;

	if (walk->in_target && walk->target_rows == 0)
		note_ended_target(walk, &walk->choice->targets[walk->next_target - 1]);
	if (!walk->in_target && (walk->next_target || !walk->choice->target_count))
		return 0; /* the list of all is at its end */
	r = enter_target(walk);
	if (r || !walk->choice->names.count)
		return r;
	if (had_targets || walk->next_target)
		intro_tasks_rewind(walk->tasks);
	return 1;
}

/* As next_part, and the end is noted. */
static int go_on(struct process_walk *walk)
{
	int r = next_part(walk);

	if (r == 0) {
		walk->ended = true;
		note_missing_words(walk);
	}
	return r;
}

int process_walk_next(struct process_walk *walk, const struct intro_task **ret)
{
	int r;

	if (walk->ended)
		return 0;
	if (walk->choice->target_count && !walk->next_target) {
		r = go_on(walk);
		if (r <= 0)
			return r;
	}
	while ((r = intro_tasks_next(walk->tasks, ret)) == 0) {
		r = go_on(walk);
		if (r <= 0)
			return r;
	}
	if (r < 0)
		return -process_walk_fatal(walk);
	walk->target_rows++;
	walk->seen_any = true;
	return 1;
}

bool process_walk_chooses(struct process_walk *walk, const struct intro_task *task)
{
	walk->named = walk->in_target;
	if (!walk->in_target && walk->choice->names.count) {
		int name = process_choice_name(walk->choice, task);

		if (name < 0)
			return false;
		walk->name_seen[name] = true;
		if (process_choice_has_target(walk->choice, task))
			return false; /* it was given already by its PID */
		walk->named = true;
	}
	return process_choice_has_user(walk->choice, task);
}

void process_walk_lost(struct process_walk *walk)
{
	walk->target_rows--;
}
