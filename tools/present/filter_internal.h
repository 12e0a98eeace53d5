/* What the parts of the filter share: the virtual table, the expression, its errors. */
#ifndef PRESENT_FILTER_INTERNAL_H
#define PRESENT_FILTER_INTERNAL_H

#include "present/sqlite.h"

#include "present/filter.h"
#include "present/regexp.h"

/* The table's name in SQL; an expression seldom needs it. */
#define FILTER_TABLE "row"

struct filter {
	const struct listing_tool *tool;
	const char *expression;
	sqlite3 *db;
	sqlite3_stmt *statement;
	const void *row;    /* NULL: every column is null */
	struct arena arena; /* of the row's values */
	uint64_t needs;
	unsigned patience; /* of the progress handler, for one row */
	struct regexp_cache regexps;
};

/* Registers the table with one row whose columns are the tool's. Returns an SQLite code. */
int filter_table_register(struct filter *filter);

/*
 * Tells what is wrong with the expression, with a mark under byte `offset` of it (negative: no
 * place is known). Returns EXIT_USAGE.
 */
int filter_report(const struct filter *filter, const char *problem, int offset);

#endif
