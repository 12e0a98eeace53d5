/* The rows of intro ps: walks the processes that are selected. */
#ifndef PS_SOURCE_H
#define PS_SOURCE_H

#include "present/listing.h"
#include "ps_history.h"
#include "ps_select.h"

/* A process that the user named and that cannot be shown. */
struct ps_missing {
	pid_t pid; /* 0: a name */
	int os_errno;
	char *message;
};

struct ps {
	const char *procfs; /* NULL: /proc */
	struct intro *session;
	struct ps_selection selection;
	bool threads;

	uint64_t needs; /* of the whole run */
	uint64_t first; /* of every row at once */
	struct intro_tasks *tasks;
	struct ps_row row;
	struct intro_family *family;
	size_t next_target;
	bool in_target;     /* the list is restricted to one */
	size_t target_rows; /* that the target at hand has given */
	bool seen_any;
	bool named;      /* the row was named by the user */
	bool *name_seen; /* for each name of the selection: it selected something */
	bool ended;
	struct arena arena; /* of a round: the missing ones */
	struct ps_missing *missing;
	size_t missing_count, missing_size;

	struct ps_history history; /* of a watch */
};

int ps_source_start(void *state, uint64_t needs, uint64_t first);
int ps_source_next(void *state, const void **row);
int ps_source_complete(void *state, uint64_t needs);
void ps_source_errors(void *state, row_error_handler *handler, void *context);
void ps_source_missing(void *state, row_error_handler *handler, void *context);
int ps_source_again(void *state);
void ps_source_close(struct ps *ps);

#endif
