/*
 * The listing as a table, drawn by libsmartcols. It gets text that is escaped already, with its own
 * encoding switched off: that is faster, and the rules are ours.
 */
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "present/cell.h"
#include "present/message.h"
#include "present/out.h"
#include "present/terminal_text.h"
#include "present/utf8.h"

#define COLOR_HEADING "\033[1m"
#define COLOR_DIM "\033[2m"
#define COLOR_CHANGED "\033[1m"
#define COLOR_NEW "\033[7m"

struct out_table {
	struct out base;
	struct libscols_table *table; /* NULL outside of a document */
	struct libscols_line **lines; /* of the rows so far: children name their parents */
	size_t line_count, line_size;
	struct output cell; /* where one cell is put together */
	uint64_t now_ns;
	unsigned charset;
};

static struct out_table *of(struct out *out)
{
	return (struct out_table *)out;
}

static void check(int status)
{
	if (status != 0)
		message_out_of_memory();
}

static char *copy_of(const char *data, size_t len)
{
	char *copy = malloc(len + 1);

	if (copy == NULL)
		message_out_of_memory();
	memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

static bool is_number(const struct column *column)
{
	return column->type == COLUMN_INTEGER || column->type == COLUMN_REAL ||
	       column->type == COLUMN_ADDRESS;
}

static char *heading_of(const struct column *column)
{
	const char *text = column->heading != NULL ? column->heading : column->name;
	char *heading = copy_of(text, strlen(text));

	if (column->heading == NULL) {
		for (char *c = heading; *c != '\0'; c++) {
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
		}
	}
	return heading;
}

/* Where the tree is drawn: in the last column made for that, else in the last text, else last. */
static const struct column *tree_column(const struct out_setup *setup)
{
	const struct column *last_text = NULL;

	for (size_t i = setup->column_count; i > 0; i--) {
		if (setup->columns[i - 1]->flags & COLUMN_TREE)
			return setup->columns[i - 1];
		if (last_text == NULL && setup->columns[i - 1]->type == COLUMN_TEXT)
			last_text = setup->columns[i - 1];
	}
	return last_text != NULL ? last_text : setup->columns[setup->column_count - 1];
}

static void add_column(struct out_table *table, const struct column *column)
{
	const struct out_setup *setup = &table->base.setup;
	int flags = 0;
	char *heading = heading_of(column);

	if (is_number(column) || column->flags & COLUMN_RIGHT)
		flags |= SCOLS_FL_RIGHT;
	if (setup->tree && column == tree_column(setup))
		flags |= SCOLS_FL_TREE;
	if (column->flags & COLUMN_STRETCH && setup->width > 0)
		flags |= SCOLS_FL_TRUNC;

	struct libscols_column *added = scols_table_new_column(table->table, heading, 0, flags);

	free(heading);
	if (added == NULL)
		message_out_of_memory();
	if (setup->color) {
		if (column->flags & COLUMN_DIM)
			check(scols_column_set_color(added, COLOR_DIM));
		check(scols_cell_set_color(scols_column_get_header(added), COLOR_HEADING));
	}
}

/* The box-drawing characters of libsmartcols' own choice need UTF-8. */
static void set_plain_tree(struct libscols_table *table)
{
	struct libscols_symbols *symbols = scols_new_symbols();

	if (symbols == NULL)
		message_out_of_memory();
	check(scols_symbols_set_branch(symbols, "|-"));
	check(scols_symbols_set_vertical(symbols, "| "));
	check(scols_symbols_set_right(symbols, "`-"));
	check(scols_table_set_symbols(table, symbols));
	scols_unref_symbols(symbols);
}

static void table_begin(struct out *out, const struct listing_meta *meta)
{
	struct out_table *table = of(out);
	const struct out_setup *setup = &out->setup;

	scols_unref_table(table->table);
	table->table = scols_new_table();
	if (table->table == NULL)
		message_out_of_memory();
	table->now_ns = meta->time_ns;
	table->line_count = 0;
	check(scols_table_enable_noencoding(table->table, 1));
	check(scols_table_enable_noheadings(table->table, !setup->headings));
	check(scols_table_enable_colors(table->table, setup->color));
	if (setup->width > 0) {
		check(scols_table_set_termforce(table->table, SCOLS_TERMFORCE_ALWAYS));
		check(scols_table_set_termwidth(table->table, setup->width));
	} else {
		check(scols_table_set_termforce(table->table, SCOLS_TERMFORCE_NEVER));
	}
	if (!(table->charset & TERMINAL_UTF8))
		set_plain_tree(table->table);
	if (setup->marks && scols_table_new_column(table->table, "", 1, 0) == NULL)
		message_out_of_memory();
	for (size_t i = 0; i < setup->column_count; i++)
		add_column(table, setup->columns[i]);
}

static const char *color_of_state(const struct value *value)
{
	if (value->kind != VALUE_TEXT || value->text.len == 0)
		return NULL;
	switch (value->text.data[0]) {
	case 'R':
		return "\033[32m";
	case 'D':
		return "\033[31m";
	case 'Z':
	case 'X':
		return "\033[35m";
	case 'T':
	case 't':
		return "\033[33m";
	default:
		return NULL;
	}
}

static void remember_line(struct out_table *table, struct libscols_line *line)
{
	if (table->line_count == table->line_size) {
		size_t size = table->line_size == 0 ? 256 : table->line_size * 2;
		struct libscols_line **lines = reallocarray(table->lines, size, sizeof(*lines));

		if (lines == NULL)
			message_out_of_memory();
		table->lines = lines;
		table->line_size = size;
	}
	table->lines[table->line_count++] = line;
}

static struct libscols_line *parent_line(const struct out_table *table, const struct out_row *row)
{
	if (!table->base.setup.tree || row->parent >= table->line_count)
		return NULL;
	return table->lines[row->parent];
}

/*
 * What lies behind the terminal's edge is cut anyway, but only after it has been measured, character
 * by character. Of plain text it is known how long it is.
 */
static size_t cut_length(const struct out_setup *setup, const struct column *column,
			 const struct output *cell)
{
	if (setup->width == 0 || !(column->flags & COLUMN_STRETCH) || cell->len <= setup->width)
		return cell->len;
	if (utf8_plain_prefix(cell->data, setup->width, '\x7f', '\x7f') < setup->width)
		return cell->len;
	return setup->width;
}

static void add_cell(struct out_table *table, struct libscols_line *line, size_t number,
		     const struct column *column, const struct value *value)
{
	struct output *cell = &table->cell;

	cell->len = 0;
	cell_for_table(cell, column, value, table->now_ns, table->charset, table->base.setup.width);
	size_t len = cut_length(&table->base.setup, column, cell);

	check(scols_line_refer_data(line, number, copy_of(cell->data, len)));
}

static void table_row(struct out *out, const struct out_row *row)
{
	struct out_table *table = of(out);
	const struct out_setup *setup = &out->setup;
	struct libscols_line *line;
	size_t first = setup->marks ? 1 : 0;

	line = scols_table_new_line(table->table, parent_line(table, row));
	if (line == NULL)
		message_out_of_memory();
	if (setup->tree)
		remember_line(table, line);
	if (setup->marks)
		check(scols_line_set_data(line, 0, row->mark == MARK_NONE ? " " : "*"));
	for (size_t i = 0; i < setup->column_count; i++) {
		const struct column *column = setup->columns[i];
		const char *color = NULL;

		add_cell(table, line, first + i, column, &row->cells[i]);
		if (setup->color && row->mark == MARK_NONE && column->flags & COLUMN_STATE)
			color = color_of_state(&row->cells[i]);
		if (color != NULL)
			check(scols_cell_set_color(scols_line_get_cell(line, first + i), color));
	}
	if (setup->color && row->mark != MARK_NONE)
		check(scols_line_set_color(line,
					   row->mark == MARK_NEW ? COLOR_NEW : COLOR_CHANGED));
}

/* Lines lose the blanks at their ends: padding, and what a name ends with. */
static void write_trimmed(struct output *output, const char *text)
{
	while (*text != '\0') {
		const char *end = strchrnul(text, '\n');
		size_t len = (size_t)(end - text);

		while (len > 0 && text[len - 1] == ' ')
			len--;
		output_bytes(output, text, len);
		output_char(output, '\n');
		text = *end == '\n' ? end + 1 : end;
	}
}

static void table_end(struct out *out, const struct row_error *errors, size_t error_count)
{
	struct out_table *table = of(out);
	char *text = NULL;

	(void)errors;
	(void)error_count;
	/* Headings alone would say nothing. */
	if (scols_table_get_nlines(table->table) > 0) {
		check(scols_print_table_to_string(table->table, &text));
		write_trimmed(out->setup.output, text);
		free(text);
	}
	scols_unref_table(table->table);
	table->table = NULL;
}

static void table_free(struct out *out)
{
	struct out_table *table = of(out);

	scols_unref_table(table->table);
	output_free(&table->cell);
	free(table->lines);
	free(table);
}

struct out *out_table_new(const struct out_setup *setup)
{
	static const struct out_class class = {table_begin, table_row, table_end, table_free};
	struct out_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		message_out_of_memory();
	table->base.class = &class;
	table->base.setup = *setup;
	table->charset = terminal_charset();
	output_open_memory(&table->cell);
	return &table->base;
}
