/* The listing for scripts: columns between tabs, nothing cut, every byte recoverable. */
#include <stdlib.h>

#include "present/cell.h"
#include "present/message.h"
#include "present/out.h"
#include "present/terminal_text.h"

struct out_raw {
	struct out base;
	unsigned charset;
};

static void raw_begin(struct out *out, const struct listing_meta *meta)
{
	(void)meta;
	if (!out->setup.headings)
		return;
	for (size_t i = 0; i < out->setup.column_count; i++) {
		if (i > 0)
			output_char(out->setup.output, '\t');
		output_string(out->setup.output, out->setup.columns[i]->name);
	}
	output_char(out->setup.output, '\n');
}

static void raw_row(struct out *out, const struct out_row *row)
{
	struct out_raw *raw = (struct out_raw *)out;

	for (size_t i = 0; i < out->setup.column_count; i++) {
		if (i > 0)
			output_char(out->setup.output, '\t');
		cell_raw(out->setup.output, &row->cells[i], raw->charset);
	}
	output_char(out->setup.output, '\n');
}

static void raw_end(struct out *out, const struct row_error *errors, size_t error_count)
{
	(void)out;
	(void)errors;
	(void)error_count;
}

static void raw_free(struct out *out)
{
	free(out);
}

struct out *out_raw_new(const struct out_setup *setup)
{
	static const struct out_class class = {raw_begin, raw_row, raw_end, raw_free};
	struct out_raw *raw = calloc(1, sizeof(*raw));

	if (raw == NULL)
		message_out_of_memory();
	raw->base.class = &class;
	raw->base.setup = *setup;
	raw->charset = terminal_charset();
	return &raw->base;
}
