/* One value as text: for a table, where people read it, and raw, where scripts do. */
#ifndef PRESENT_CELL_H
#define PRESENT_CELL_H

#include "present/column.h"
#include "present/output.h"

/*
 * For a table: units, yes and no, names without their prefix where the column says so, "all" for a
 * full mask, "none" for an empty set or list, "-" for null. `now_ns` decides how times are shown.
 * `width` is that of the terminal, 0: none.
 */
void cell_for_table(struct output *output, const struct column *column, const struct value *value,
		    uint64_t now_ns, unsigned charset, size_t width);

/*
 * Raw: numbers as they are, null is \N, every backslash doubled. A list is comma-joined, a comma
 * inside an item is \x2c and an empty item \e; objects and lists of them are JSON, also empty ones.
 */
void cell_raw(struct output *output, const struct value *value, unsigned charset);

/* Like raw but without escapes, for SQL: the names of a set, the items of a list. */
void cell_plain(struct output *output, const struct value *value);

#endif
