/* What a run has to get of each row, worked out from the options before the first row. */
#ifndef PRESENT_PLAN_H
#define PRESENT_PLAN_H

#include "present/filter.h"
#include "present/listing_options.h"
#include "present/sort.h"

/* A value that is taken from each row. */
struct slot {
	const struct column *column;
	bool shown; /* for a table: where `get` gives null, what show_null says */
};

struct plan {
	struct slot *slots;
	size_t slot_count;
	const struct column **columns; /* of the output: the first slots, in this order */
	size_t column_count;
	struct sort_key *keys; /* --sort */
	size_t key_count;
	struct sort_key *identity; /* what tells one row from another */
	size_t identity_count;
	bool tree;
	size_t tree_id, tree_parent; /* slots */
	struct filter **filters;
	size_t filter_count;
	uint64_t needs; /* all sources */
	uint64_t first; /* those that are needed before the filters */
	struct arena arena;
};

/* Returns 0, or an exit status after a message. plan_free in any case. */
int plan_make(const struct listing_tool *tool, const struct listing_options *options,
	      struct plan *ret);
void plan_free(struct plan *plan);

#endif
