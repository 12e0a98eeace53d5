/* Values as text for a table: see the header. */
#include "present/cell.h"

#include <string.h>

#include "present/human.h"
#include "present/json.h"
#include "present/terminal_text.h"

struct table_cell {
	struct output *output;
	const struct column *column;
	uint64_t now_ns;
	unsigned charset;
	size_t list_width; /* where a list ends */
};

static void write_text(const struct table_cell *cell, const char *s, size_t len)
{
	terminal_text(cell->output, s, len, cell->charset | TERMINAL_CELL);
}

/*
 * Length of what names of one set have in common at the front. A text is not told which set it is
 * from, but such names are spelled in capitals: SCHED_ of SCHED_FIFO.
 */
static size_t text_prefix(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] >= 'A' && s[i] <= 'Z')
		i++;
	if (i > 0 && i + 1 < len && s[i] == '_')
		return i + 1;
	return len > 3 && memcmp(s, "SIG", 3) == 0 ? 3 : 0;
}

/* All bits that have a name, of a set that is a mask; 0 of sets of flags, which are never full. */
static uint64_t full_mask(enum intro_names names)
{
	size_t position = 0;
	struct intro_name row;
	uint64_t all = 0, bit;

	if (names != INTRO_NAMES_SIGNAL && names != INTRO_NAMES_CAPABILITY)
		return 0;
	while (intro_names_next(names, &position, &row) > 0) {
		if (intro_mask_parse(names, row.name, strlen(row.name), &bit) == 0)
			all |= bit;
	}
	return all;
}

static unsigned count_bits(uint64_t bits)
{
	return (unsigned)__builtin_popcountll(bits);
}

static void write_names(const struct table_cell *cell, uint64_t bits, enum intro_names names,
			bool first)
{
	const char *prefix = intro_names_prefix(names);
	size_t prefix_len = cell->column->flags & COLUMN_SHORT_NAMES ? strlen(prefix) : 0;
	struct intro_name member;

	for (;; first = false) {
		uint64_t before = bits;
		char number[64];

		if (intro_mask_take(names, &bits, &member) <= 0)
			return;
		if (!first)
			output_char(cell->output, ',');
		if (member.name == NULL) {
			intro_mask_format(names, before & ~bits, ',', number, sizeof(number));
			output_string(cell->output, number);
		} else if (strncmp(member.name, prefix, prefix_len) == 0) {
			output_string(cell->output, member.name + prefix_len);
		} else {
			output_string(cell->output, member.name);
		}
	}
}

/* A mask that is nearly full is told by what is missing: "all-KILL-STOP" says more than 62 names. */
static void write_set(const struct table_cell *cell, const struct value *value)
{
	uint64_t bits = value->set.bits;

	if (bits == 0) {
		output_string(cell->output, "none");
		return;
	}
	/* Asking for the full mask walks a table: only where there are many names to write. */
	uint64_t all = count_bits(bits) > 8 ? full_mask(value->set.names) : 0;
	uint64_t missing = all & ~bits;

	if (all == 0 || count_bits(missing) > count_bits(bits) / 3) {
		write_names(cell, bits, value->set.names, true);
		return;
	}
	output_string(cell->output, "all");
	while (missing != 0) {
		uint64_t lowest = missing & (0 - missing);

		output_char(cell->output, '-');
		write_names(cell, lowest, value->set.names, true);
		missing &= ~lowest;
	}
}

static void write_value(const struct table_cell *cell, const struct value *value);

/*
 * One list of a thousand items would make its column, and so every line, as wide as itself, and on a
 * terminal it would take the room of the columns that are cut. A third of the terminal is enough,
 * elsewhere what a wide screen shows; the rest is counted. JSON and raw have it all.
 */
static size_t list_width(const struct column *column, size_t width)
{
	enum { NARROW = 16, WIDE = 240 };

	if (width == 0 || column->flags & COLUMN_STRETCH || width / 3 > WIDE)
		return WIDE;
	return width / 3 > NARROW ? width / 3 : NARROW;
}

static void write_list(const struct table_cell *cell, const struct value *value)
{
	size_t begin = cell->output->len, count = value->list.count;
	size_t all = value->list.rest ? count - 1 + value->list.rest : count;

	if (count == 0)
		output_string(cell->output, "none");
	for (size_t i = 0; i < count; i++) {
		size_t before = cell->output->len;

		if (i > 0)
			output_char(cell->output, ',');
		write_value(cell, &value->list.items[i]);
		if (i > 0 && cell->output->len - begin > cell->list_width) {
			cell->output->len = before;
			output_string(cell->output, ",+");
			output_uint(cell->output, all - i);
			output_string(cell->output, " more");
			return;
		}
	}
}

static void write_object(const struct table_cell *cell, const struct value *value)
{
	for (size_t i = 0; i < value->object.count; i++) {
		const struct member *member = &value->object.members[i];

		if (i > 0)
			output_char(cell->output, ' ');
		output_string(cell->output, member->key);
		output_char(cell->output, '=');
		write_value(cell, &member->value);
	}
}

static void write_natural(const struct table_cell *cell, uint64_t n)
{
	switch (cell->column->unit) {
	case UNIT_BYTES:
		human_bytes(cell->output, n);
		break;
	case UNIT_SECONDS:
		human_whole_seconds(cell->output, n);
		break;
	case UNIT_NS:
		human_ns(cell->output, n);
		break;
	case UNIT_PERCENT:
		human_percent(cell->output, (double)n);
		break;
	case UNIT_NONE:
		output_uint(cell->output, n);
		break;
	}
}

static void write_real(const struct table_cell *cell, double d)
{
	bool is_count = d >= 0 && d < 1e19;

	if (cell->column->unit == UNIT_SECONDS)
		human_seconds(cell->output, d);
	else if (cell->column->unit == UNIT_PERCENT)
		human_percent(cell->output, d);
	else if (cell->column->unit == UNIT_BYTES && is_count)
		human_bytes(cell->output, (uint64_t)d);
	else if (cell->column->unit == UNIT_NS && is_count)
		human_ns(cell->output, (uint64_t)d);
	else
		output_real(cell->output, d);
}

static void write_value(const struct table_cell *cell, const struct value *value)
{
	size_t skip = 0;

	switch (value->kind) {
	case VALUE_NULL:
		output_char(cell->output, '-');
		break;
	case VALUE_BOOL:
		output_string(cell->output, value->boolean ? "yes" : "no");
		break;
	case VALUE_INT:
		if (value->number < 0)
			output_int(cell->output, value->number);
		else
			write_natural(cell, (uint64_t)value->number);
		break;
	case VALUE_UINT:
		write_natural(cell, value->natural);
		break;
	case VALUE_REAL:
		write_real(cell, value->real);
		break;
	case VALUE_TEXT:
		if (cell->column->flags & COLUMN_SHORT_NAMES)
			skip = text_prefix(value->text.data, value->text.len);
		write_text(cell, value->text.data + skip, value->text.len - skip);
		break;
	case VALUE_ADDRESS:
		output_hex(cell->output, value->natural);
		break;
	case VALUE_TIME:
		human_time(cell->output, value->natural, cell->now_ns);
		break;
	case VALUE_SET:
		write_set(cell, value);
		break;
	case VALUE_LIST:
		write_list(cell, value);
		break;
	case VALUE_OBJECT:
		write_object(cell, value);
		break;
	}
}

void cell_for_table(struct output *output, const struct column *column, const struct value *value,
		    uint64_t now_ns, unsigned charset, size_t width)
{
	const struct table_cell cell = {output, column, now_ns, charset, list_width(column, width)};

	/* A text that is there but empty is not the same as none. */
	if (value->kind == VALUE_TEXT && value->text.len == 0)
		output_string(output, "\"\"");
	else
		write_value(&cell, value);
}
