/* --list-columns: a listing whose rows are the columns. */
#include "present/columns_list.h"

#include "present/columns.h"
#include "present/out.h"
#include "present/terminal.h"

static void get_name(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_string(((const struct column *)row)->name);
}

static void get_type(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_string(columns_type_name(((const struct column *)row)->type));
}

static void get_unit(const void *row, struct arena *arena, struct value *ret)
{
	static const char *const names[] = {
		[UNIT_NONE] = NULL, [UNIT_BYTES] = "bytes",     [UNIT_SECONDS] = "seconds",
		[UNIT_NS] = "ns",   [UNIT_PERCENT] = "percent",
	};

	(void)arena;
	*ret = value_string(names[((const struct column *)row)->unit]);
}

static void get_description(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_string(((const struct column *)row)->help);
}

static const struct column name_column = {
	.name = "name", .type = COLUMN_TEXT, .get = get_name, .help = "name of the column"};
static const struct column type_column = {
	.name = "type", .type = COLUMN_TEXT, .get = get_type, .help = "type of its values"};
static const struct column unit_column = {
	.name = "unit", .type = COLUMN_TEXT, .get = get_unit, .help = "what a number counts"};
static const struct column description_column = {.name = "description",
						 .type = COLUMN_TEXT,
						 .flags = COLUMN_STRETCH,
						 .get = get_description,
						 .help = "what it tells"};

int columns_list(const struct listing_tool *tool, const struct listing_private *options)
{
	static const struct column *const columns[] = {&name_column, &type_column,
						       &description_column, &unit_column};
	bool json = options->format == FORMAT_JSON || options->format == FORMAT_NDJSON;
	struct output output;
	struct arena arena = {0};

	output_open(&output, 1);

	const struct out_setup setup = {
		.output = &output,
		.schema = "intro.columns/1",
		.columns = columns,
		.column_count = json ? 4 : 3,
		.headings = options->headings,
		.color = terminal_wants_color(options->color),
	};
	struct out *out = listing_out_new(options->format, &setup);

	out_begin(out, &(struct listing_meta){0});
	for (size_t i = 0; i < tool->column_count; i++) {
		struct value cells[4];

		for (size_t c = 0; c < setup.column_count; c++)
			columns[c]->get(&tool->columns[i], &arena, &cells[c]);
		out_row(out, &(struct out_row){.cells = cells, .parent = OUT_NO_PARENT});
	}
	out_end(out, NULL, 0);
	out_free(out);
	arena_free(&arena);

	int status = output_finish(&output);

	output_free(&output);
	return status;
}
