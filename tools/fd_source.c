/* The rows of intro fd: walks the slots of the processes that are selected. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fd_source.h"
#include "present/message.h"
#include "processes/explain.h"

#define FD_MASK ((UINT64_C(1) << FD_NEED_TASK_SHIFT) - 1)
#define NEED_SOCKETS (FD_NEED(SOCKET) | FD_NEED_INDEX)

static uint64_t task_part(uint64_t needs)
{
	return (needs & (FD_NEED_INDEX - 1)) >> FD_NEED_TASK_SHIFT;
}

static int fatal(const struct fd_source *source)
{
	return process_walk_fatal(&source->walk);
}

/* ---- rounds ---- */

static int open_fds(struct fd_source *source)
{
	struct intro_fds_options options = {
		.size = sizeof(options),
		.want = (uint32_t)(source->first & FD_MASK),
		.want_later = (uint32_t)(source->needs & FD_MASK),
		.slots = source->selection.slots,
		.sockets = source->sockets,
	};

	return intro_fds_open(source->session, &options, &source->fds) ? fatal(source) : 0;
}

static int open_tasks(struct fd_source *source)
{
	const struct process_choice *processes = &source->selection.processes;
	uint64_t choice = process_choice_needs(processes);
	struct intro_tasks_options options = {
		.size = sizeof(options),
		.want = task_part(source->first) | choice,
		/* OWNER: to explain what is denied. */
		.want_later = task_part(source->needs) | choice | INTRO_WANT(OWNER),
		.flags = INTRO_TASKS_PIN,
	};

	source->walk.session = source->session;
	source->walk.choice = processes;
	source->walk.procfs = source->procfs;
	return process_walk_open(&source->walk, &options);
}

/* The locks of all processes at one time; where they cannot be read, nobody is said to wait. */
static int open_locks(struct fd_source *source)
{
	intro_locks_close(source->locks);
	source->locks = NULL;
	if ((source->needs & FD_NEED_LOCKS) &&
	    intro_locks_open(source->session, &source->locks) == INTRO_E_NOMEM)
		return fatal(source);
	source->row.locks = source->locks;
	return 0;
}

int fd_source_start(void *state, uint64_t needs, uint64_t first)
{
	struct fd_source *source = state;
	int status;

	source->needs = needs | fd_select_needs(&source->selection);
	source->first = first | fd_select_needs(&source->selection);
	status = open_tasks(source);
	if (status)
		return status;
	if ((source->needs & NEED_SOCKETS) && intro_sockets_open(source->session, &source->sockets))
		return fatal(source);
	if ((source->needs & FD_NEED_INDEX) &&
	    intro_fd_index_open(source->session, source->sockets, &source->index))
		return fatal(source);
	status = open_fds(source);
	source->row.session = source->session;
	source->row.sockets = source->sockets;
	source->row.index = source->index;
	return status ? status : open_locks(source);
}

int fd_source_again(void *state)
{
	struct fd_source *source = state;

	if (source->index)
		intro_fd_index_rewind(source->index);
	if (source->sockets)
		intro_sockets_rewind(source->sockets);
	source->in_process = false;
	source->process_count = source->open_count = source->denied_count = 0;
	fd_select_rewind(&source->selection);
	process_walk_rewind(&source->walk);
	return open_locks(source);
}

void fd_source_close(struct fd_source *source)
{
	intro_fds_close(source->fds);
	intro_fd_index_close(source->index);
	intro_sockets_close(source->sockets);
	intro_locks_close(source->locks);
	process_walk_close(&source->walk);
	fd_select_free(&source->selection);
	intro_close(source->session);
}

/* ---- what is missing ---- */

static const char *reason(int error)
{
	return error == EBADMSG ? "it is not in the form that it should have" : strerror(error);
}

static bool is_denial(int error)
{
	return error == EACCES || error == EPERM;
}

/* A hint for what the user named; OWNER is read for it. */
static const char *explain(struct fd_source *source, int error, struct arena *arena)
{
	if (!source->walk.named || !is_denial(error) ||
	    intro_tasks_read(source->walk.tasks, INTRO_WANT(OWNER)))
		return NULL;
	return process_explain(source->session, source->row.task, arena);
}

/* The same of a record. Its owner may reach a mapped file by its name, or not at all. */
static const char *explain_fd(struct fd_source *source, int error, struct arena *arena)
{
	if (source->row.fd->slot == INTRO_SLOT_MEM && is_denial(error) && geteuid() != 0)
		return "a mapped file that has lost its name can be reached with "
		       "CAP_CHECKPOINT_RESTORE only: try as root";
	return explain(source, error, arena);
}

/*
 * Whether people are to be told, too: where a process may not be looked into, all its files say so,
 * and the first message stands for all of them.
 */
static bool is_news(struct fd_source *source, int error)
{
	if (!source->walk.named || source->told_errno == error)
		return false;
	source->told_errno = error;
	return true;
}

static void count_denied(struct fd_source *source, int error)
{
	if (is_denial(error) && !source->is_denied) {
		source->is_denied = true;
		source->denied_count++;
	}
}

static void note_denied(struct fd_source *source, const char *what, const char *shown, int error)
{
	struct arena *arena = &source->walk.arena;
	const char *hint = explain(source, error, arena);
	struct process_missing *missing = process_walk_add_missing(&source->walk);

	missing->pid = source->row.task->pid;
	missing->what = what;
	missing->os_errno = error;
	missing->message = arena_printf(arena, "cannot read %s: %s", shown, reason(error));
	missing->hint = hint;
	missing->named = is_news(source, error);
	count_denied(source, error);
}

/* At the end of a process: which of its slots could not be seen. Who may not see one sees none. */
static void note_denied_slots(struct fd_source *source)
{
	int first = 0;

	for (int slot = INTRO_SLOT_COUNT; slot-- > 0;) {
		int error = intro_fds_denied(source->fds, (enum intro_slot)slot);
		const char *name = intro_name(INTRO_NAMES_SLOT, (uint64_t)slot);

		if (!error || error == first)
			continue;
		first = error;
		note_denied(source, name, slot == INTRO_SLOT_FD ? "descriptors" : name, error);
	}
	if (first || source->slot_count || !source->walk.in_target)
		return;
	process_walk_miss(&source->walk,
			  "nothing is open: it is a zombie or a thread of the kernel");
	source->walk.missing[source->walk.missing_count - 1].pid = source->row.task->pid;
}

static void miss(void *context, const char *message)
{
	process_walk_miss(context, message);
}

/* `intro fd core.log` asks for a process of that name; perhaps the file was meant. */
static void hint_at_files(struct fd_source *source)
{
	struct process_walk *walk = &source->walk;

	for (size_t i = 0; i < walk->missing_count; i++) {
		struct process_missing *missing = &walk->missing[i];

		if (missing->name && intro_is_live(source->session) &&
		    faccessat(AT_FDCWD, missing->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			missing->hint = arena_printf(
				&walk->arena, "there is such a file: './%s' asks who has it open",
				missing->name);
	}
}

/* After the last process. */
static void note_unseen(struct fd_source *source)
{
	struct process_walk *walk = &source->walk;
	size_t before;

	hint_at_files(source);
	before = walk->missing_count;
	fd_select_tell_unseen(&source->selection, &walk->arena, miss, walk);
	if (walk->missing_count > before && source->denied_count)
		walk->missing[walk->missing_count - 1].hint =
			arena_printf(&walk->arena, "%zu process%s could not be looked into%s",
				     source->denied_count, source->denied_count == 1 ? "" : "es",
				     geteuid() ? ": try as root" : "");
}

void fd_source_missing(void *state, row_error_handler *handler, void *context)
{
	process_walk_tell_missing(&((struct fd_source *)state)->walk, handler, context);
}

/* ---- the walk ---- */

/* Begins a process. 1; 0: it has nothing to show; or the negative of an exit status. */
static int enter(struct fd_source *source)
{
	const struct intro_error *error;
	int r = intro_fds_enter(source->fds, source->walk.tasks);

	source->told = 0;
	source->task_told = source->is_complete = false;
	source->is_denied = false;
	source->told_errno = 0;
	source->slot_count = 0;
	if (r == 0) {
		source->process_count++;
		return 1;
	}
	error = intro_last_error(source->session);
	if (process_error_is_exhaustion(error))
		return -fatal(source);
	if (r == INTRO_E_GONE) {
		process_walk_lost(&source->walk);
		return 0;
	}
	note_denied(source, "fd", "descriptors", error->os_errno);
	return 0;
}

/* The next slot of the process at hand: 1, 0, or the negative of an exit status. */
static int next_slot(struct fd_source *source)
{
	int r = intro_fds_next(source->fds, &source->row.fd);

	if (r > 0) {
		source->slot_count++;
		count_denied(source, source->row.fd->error[INTRO_FD_SOURCE_LINK]);
		return 1;
	}
	if (r < 0) {
		const struct intro_error *error = intro_last_error(source->session);

		if (process_error_is_exhaustion(error))
			return -fatal(source);
		note_denied(source, "fd", "descriptors", error->os_errno);
		return 0;
	}
	note_denied_slots(source);
	return 0;
}

int fd_source_next(void *state, const void **row)
{
	struct fd_source *source = state;
	int r;

	for (;;) {
		while (source->in_process) {
			r = next_slot(source);
			if (r < 0)
				return r;
			source->in_process = r > 0;
			if (r > 0 && fd_select_matches(&source->selection, source->row.fd)) {
				source->open_count += source->row.fd->slot == INTRO_SLOT_FD;
				*row = &source->row;
				return 1;
			}
		}
		r = process_walk_next(&source->walk, &source->row.task);
		if (r <= 0)
			break;
		if (!process_walk_chooses(&source->walk, source->row.task))
			continue;
		r = enter(source);
		if (r < 0)
			break;
		source->in_process = r > 0;
	}
	if (r == 0)
		note_unseen(source);
	return r;
}

int fd_source_complete(void *state, uint64_t needs)
{
	struct fd_source *source = state;
	uint32_t want = (uint32_t)(needs & FD_MASK);
	int r = 0;

	if (!source->is_complete && task_part(needs))
		r = intro_tasks_read(source->walk.tasks, task_part(needs));
	source->is_complete = true;
	if (r == 0 && want)
		r = intro_fds_read(source->fds, want);
	if (r == 0)
		return 0;
	return r == INTRO_E_GONE ? 1 : -fatal(source);
}

/* ---- errors ---- */

/* A part that is missing is told once for a process, not once for each of a thousand rows. */
static void tell_fd_errors(struct fd_source *source, row_error_handler *handler, void *context,
			   struct arena *arena)
{
	const struct intro_fd *fd = source->row.fd;

	for (int i = 0; i < INTRO_FD_SOURCE_COUNT; i++) {
		const char *what = intro_fd_source_name((enum intro_fd_source)i);
		struct row_error error = {.pid = fd->pid, .what = what, .os_errno = fd->error[i]};

		if (!fd->error[i] || (source->told & 1u << i) || !(source->needs & 1u << i))
			continue;
		for (int j = 0; j < INTRO_FD_SOURCE_COUNT;
		     j++) /* one file may be several sources */
			if (!strcmp(intro_fd_source_name((enum intro_fd_source)j), what))
				source->told |= 1u << j;
		error.message = arena_printf(arena, "cannot read %s: %s",
					     strcmp(what, "fd") ? what : "descriptors",
					     reason(fd->error[i]));
		error.hint = explain_fd(source, fd->error[i], arena);
		error.named = is_news(source, fd->error[i]);
		handler(context, &error);
	}
}

static void tell_task_errors(struct fd_source *source, row_error_handler *handler, void *context,
			     struct arena *arena)
{
	const struct intro_task *task = source->row.task;

	for (int i = 0; i < INTRO_SOURCE_COUNT; i++) {
		const char *what = intro_task_source_name((enum intro_task_source)i);
		struct row_error error = {
			.pid = task->pid,
			.what = what,
			.os_errno = task->error[i],
		};

		if (!task->error[i])
			continue;
		error.message =
			arena_printf(arena, "cannot read %s: %s", what, reason(task->error[i]));
		error.hint = explain(source, task->error[i], arena);
		error.named = is_news(source, task->error[i]);
		handler(context, &error);
	}
	source->task_told = true;
}

void fd_source_errors(void *state, row_error_handler *handler, void *context)
{
	struct fd_source *source = state;
	struct arena arena = {0};

	tell_fd_errors(source, handler, context, &arena);
	if (!source->task_told)
		tell_task_errors(source, handler, context, &arena);
	arena_free(&arena);
}

/* ---- the header of a watch ---- */

void fd_source_header(void *state, void (*put)(void *context, const char *line), void *context)
{
	struct fd_source *source = state;
	struct intro_file_counts counts;
	char line[256];
	int len = snprintf(line, sizeof(line), "%zu descriptor%s of %zu process%s",
			   source->open_count, source->open_count == 1 ? "" : "s",
			   source->process_count, source->process_count == 1 ? "" : "es");

	if (intro_file_counts_read(source->session, &counts) == 0) {
		/* file-max is by default the largest number there is: no limit. */
		if (counts.most >= INT64_MAX)
			snprintf(line + len, sizeof(line) - (size_t)len,
				 "   system: %llu open files, no limit",
				 (unsigned long long)counts.open);
		else
			snprintf(line + len, sizeof(line) - (size_t)len,
				 "   system: %llu open files of %llu (%.1f%%)",
				 (unsigned long long)counts.open, (unsigned long long)counts.most,
				 100.0 * (double)counts.open / (double)counts.most);
	}
	put(context, line);
}
