/*
 * What intro fd shows in place of single descriptors: --deleted, --shared, --pairs, --listen and
 * --summary, each with a table of columns of its own. A mode is given every selected descriptor,
 * and makes its rows of them.
 */
#ifndef FD_MODE_H
#define FD_MODE_H

#include "fd_row.h"

struct fd_mode {
	const char *name;   /* "pairs": the option */
	const char *schema; /* "intro.fd.pairs/1" */
	const struct column *columns;
	size_t column_count;
	const struct view *views;
	size_t view_count;
	uint64_t needs; /* of every descriptor, at once */
	unsigned slots; /* which it wants: INTRO_SLOT_BIT(x) | ... */
	/* A round: opened, given each descriptor, finished; then its rows are taken. `open` gives
	 * NULL after a message about the argument. */
	void *(*open)(struct intro *session, const char *argument);
	void (*add)(void *round, const struct fd_row *row);
	/* After the last descriptor; `row` has what does not depend on one. */
	void (*finish)(void *round, const struct fd_row *row);
	const void *(*next)(void *round); /* NULL: no more */
	void (*close)(void *round);
};

extern const struct fd_mode fd_mode_deleted, fd_mode_shared, fd_mode_pairs, fd_mode_listen,
	fd_mode_summary;

/*
 * A row source over a mode: it drains `source` (a struct fd_source) and gives the mode's rows.
 * `argument` is that of the option, or NULL.
 */
struct fd_mode_source {
	/* Set by the tool: */
	const struct fd_mode *mode;
	const char *argument;
	struct intro *session;
	void *source;

	void *round;
	bool drained;
	struct fd_row last; /* what the rows have in common */
	struct arena arena; /* of a round: */
	struct fd_mode_error *errors, *last_error;
};
int fd_mode_start(void *state, uint64_t needs, uint64_t first);
int fd_mode_next(void *state, const void **row);
void fd_mode_errors(void *state, row_error_handler *handler, void *context);
void fd_mode_missing(void *state, row_error_handler *handler, void *context);
int fd_mode_again(void *state);
void fd_mode_close(struct fd_mode_source *source);

#endif
