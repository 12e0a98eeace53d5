/*
 * Walks the processes that were named, first those by PID and then all for the names, and notes
 * what was named and is not there.
 */
#ifndef PROCESSES_WALK_H
#define PROCESSES_WALK_H

#include "present/listing.h"
#include "processes/choice.h"

struct process_missing {
	pid_t pid; /* 0: none */
	const char *what;
	int os_errno;
	const char *message, *hint;
	const char *name; /* that no process has; NULL: it is about something else */
	bool named;
};

struct process_walk {
	/* Set by the tool: */
	struct intro *session;
	const struct process_choice *choice;
	const char *procfs; /* NULL: /proc */

	struct intro_tasks *tasks;
	size_t next_target;
	bool in_target;     /* the list is restricted to one */
	size_t target_rows; /* that the target at hand has given */
	bool seen_any;
	bool named;      /* the process at hand was named by the user */
	bool *name_seen; /* for each name of the choice: it chose something */
	bool ended;
	struct arena arena; /* of a round: the missing ones */
	struct process_missing *missing;
	size_t missing_count, missing_size;
};

/* Opens the list, before the first process. 0, or an exit status after a message. */
int process_walk_open(struct process_walk *walk, const struct intro_tasks_options *options);
/* Back to before the first process, for another round. */
void process_walk_rewind(struct process_walk *walk);
void process_walk_close(struct process_walk *walk);

/*
 * The next process, whether it is chosen or not: 1, 0 at the end, or the negative of an exit status
 * after a message.
 */
int process_walk_next(struct process_walk *walk, const struct intro_task **ret);

/* Whether the process given last is chosen by its PID or name, and by its user. */
bool process_walk_chooses(struct process_walk *walk, const struct intro_task *task);

/* The process given last has ended after all. */
void process_walk_lost(struct process_walk *walk);

/* Adds something that is missing: the caller fills it; texts are those of walk->arena. */
struct process_missing *process_walk_add_missing(struct process_walk *walk);
/* The same of what was named: a sentence. */
void process_walk_miss(struct process_walk *walk, const char *message);

/* Tells what is missing: the function of a row source. */
void process_walk_tell_missing(const struct process_walk *walk, row_error_handler *handler,
			       void *context);

/* After a call that failed: a message, and the exit status that ends the listing. */
int process_walk_fatal(const struct process_walk *walk);

/* Whether it is we who are at the end of something, so that going on makes no sense. */
bool process_error_is_exhaustion(const struct intro_error *error);

#endif
