/* A listing while it runs: shared by the one that runs it once and the watch that repeats it. */
#ifndef PRESENT_LISTING_STATE_H
#define PRESENT_LISTING_STATE_H

#include "present/listing_options.h"
#include "present/plan.h"
#include "present/store.h"

struct listing {
	const struct listing_tool *tool;
	const struct listing_options *options;
	struct row_source *source;
	void (*meta)(void *state, struct listing_meta *ret);
	struct plan plan;
	struct out *out;
	struct output output; /* stdout */

	struct value *cells; /* of the row at hand */
	struct arena scratch;
	bool keeps_rows;
	struct store store, before; /* of this round, and in a watch of the round before */
	bool has_before;
	size_t round;     /* from 0 */
	size_t most_rows; /* that are written; a screen has no more */

	struct listing_meta now;
	size_t row_count;         /* that matched in this round */
	struct row_error *errors; /* for JSON */
	size_t error_count, error_size;
	struct arena error_arena;
	bool named_error;
	bool on_screen;  /* a watch owns the terminal */
	char *last_hint; /* not repeated */
};

/*
 * One round: all rows, written by listing->out. Returns an exit status: 0, EXIT_MISSING, or what
 * makes going on useless.
 */
int listing_round(struct listing *listing);

/* Writes the kept rows of this round once more: the terminal has another size. */
void listing_write_again(struct listing *listing);

#endif
