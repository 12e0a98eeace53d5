/* The rows of intro ps: walks the processes that are selected. */
#ifndef PS_SOURCE_H
#define PS_SOURCE_H

#include "processes/walk.h"
#include "ps_history.h"
#include "ps_select.h"

struct ps {
	const char *procfs; /* NULL: /proc */
	struct intro *session;
	struct ps_selection selection;
	bool threads;

	uint64_t needs; /* of the whole run */
	uint64_t first; /* of every row at once */
	struct process_walk walk;
	struct ps_row row;
	struct intro_family *family;

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
