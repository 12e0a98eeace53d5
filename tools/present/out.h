/*
 * Writers: rows become a table, JSON, JSON Lines or raw text. All have the same three calls, so
 * that nothing else has to know which one is at work.
 */
#ifndef PRESENT_OUT_H
#define PRESENT_OUT_H

#include "present/column.h"
#include "present/listing.h"
#include "present/output.h"

enum out_mark { MARK_NONE, MARK_CHANGED, MARK_NEW };

#define OUT_NO_PARENT SIZE_MAX

struct out_row {
	const struct value *cells; /* one for each column */
	size_t parent;             /* number of a row given before, from 0; or OUT_NO_PARENT */
	enum out_mark mark;
};

struct out_setup {
	struct output *output;
	const char *schema;
	const struct column *const *columns;
	size_t column_count;
	bool headings;
	bool color;
	bool tree;     /* tables: draw it in the column for it */
	bool marks;    /* tables: room for a mark before each row */
	bool one_line; /* JSON: no line breaks inside a document */
	size_t width;  /* tables: columns of the terminal; 0: unlimited */
};

struct out;

struct out_class {
	void (*begin)(struct out *out, const struct listing_meta *meta);
	void (*row)(struct out *out, const struct out_row *row);
	void (*end)(struct out *out, const struct row_error *errors, size_t error_count);
	void (*free)(struct out *out);
};

struct out {
	const struct out_class *class;
	struct out_setup setup;
};

/* `setup->columns` must outlive what is made; a document may be begun again after its end. */
struct out *out_table_new(const struct out_setup *setup);
struct out *out_json_new(const struct out_setup *setup);
struct out *out_ndjson_new(const struct out_setup *setup);
struct out *out_raw_new(const struct out_setup *setup);

static inline void out_begin(struct out *out, const struct listing_meta *meta)
{
	out->class->begin(out, meta);
}
static inline void out_row(struct out *out, const struct out_row *row)
{
	out->class->row(out, row);
}
static inline void out_end(struct out *out, const struct row_error *errors, size_t error_count)
{
	out->class->end(out, errors, error_count);
}
static inline void out_free(struct out *out)
{
	if (out != NULL)
		out->class->free(out);
}

#endif
