/* Choosing columns by name: -o, --view, --sort; and the list of what there is. */
#ifndef PRESENT_COLUMNS_H
#define PRESENT_COLUMNS_H

#include "present/listing.h"
#include "present/output.h"

struct column_choice {
	const struct column **columns;
	size_t count;
};

/* NULL: there is none of that name. */
const struct column *columns_find(const struct listing_tool *tool, const char *name, size_t len);

/* The nearest name of a column, or NULL. */
const char *columns_suggest(const struct listing_tool *tool, const char *name, size_t len);

/* What was asked for: -o and --view; NULL where nothing was. */
struct column_wish {
	const char *list, *view;
	const char *default_view; /* without --view; NULL: the first */
	bool records;             /* for JSON: also the columns that stand beside others */
};

/*
 * The columns of a view, or of a list, which may add to the view. Each comes once. Returns 0, or
 * EXIT_USAGE after a message. The array is the arena's.
 */
int columns_choose(const struct listing_tool *tool, const struct column_wish *wish,
		   struct arena *arena, struct column_choice *ret);

/* Reads "a,b c": sets *item and *len to the next item and moves *list behind it. False: no more. */
bool columns_next_item(const char **list, const char **item, size_t *len);

/* A message about a column that is not there, and EXIT_USAGE. */
int columns_unknown(const struct listing_tool *tool, const char *name, size_t len);

/* "integer", "text", ... */
const char *columns_type_name(enum column_type type);

#endif
