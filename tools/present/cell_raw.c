/* Values as text for scripts and for SQL: see cell.h. */
#include "present/cell.h"
#include "present/json.h"
#include "present/terminal_text.h"

static void write_set(struct output *output, const struct value *set)
{
	size_t len = intro_mask_format(set->set.names, set->set.bits, ',', NULL, 0);
	char *room = output_room(output, len + 1);

	intro_mask_format(set->set.names, set->set.bits, ',', room, len + 1);
	output->len += len;
}

static bool is_simple(enum value_kind kind)
{
	return kind != VALUE_LIST && kind != VALUE_OBJECT;
}

/* Whether comma-joining tells all: lists of lists and of objects are JSON instead. */
static bool is_simple_list(const struct value *value)
{
	if (value->kind != VALUE_LIST || value->list.has_objects)
		return false;
	for (size_t i = 0; i < value->list.count; i++) {
		enum value_kind kind = value->list.items[i].kind;

		if (!is_simple(kind) || kind == VALUE_SET)
			return false;
	}
	return true;
}

/* What needs no escape in any of the forms. False: the value is of another kind. */
static bool write_scalar(struct output *output, const struct value *value)
{
	switch (value->kind) {
	case VALUE_BOOL:
		output_string(output, value->boolean ? "true" : "false");
		return true;
	case VALUE_INT:
		output_int(output, value->number);
		return true;
	case VALUE_UINT:
		output_uint(output, value->natural);
		return true;
	case VALUE_REAL:
		output_real(output, value->real);
		return true;
	case VALUE_ADDRESS:
		output_hex(output, value->natural);
		return true;
	case VALUE_TIME:
		output_time(output, value->natural);
		return true;
	case VALUE_SET:
		write_set(output, value);
		return true;
	default:
		return false;
	}
}

static void write_item(struct output *output, const struct value *item, unsigned flags)
{
	if (item->kind == VALUE_NULL)
		output_bytes(output, "\\N", 2);
	else if (item->kind == VALUE_TEXT && item->text.len == 0)
		output_bytes(output, "\\e", 2);
	else if (!write_scalar(output, item))
		terminal_text(output, item->text.data, item->text.len, flags | TERMINAL_COMMA);
}

void cell_raw(struct output *output, const struct value *value, unsigned charset)
{
	unsigned flags = charset | TERMINAL_REVERSIBLE;
	struct output json;

	if (write_scalar(output, value))
		return;
	if (value->kind == VALUE_NULL) {
		output_bytes(output, "\\N", 2);
	} else if (value->kind == VALUE_TEXT) {
		terminal_text(output, value->text.data, value->text.len, flags);
	} else if (is_simple_list(value)) {
		for (size_t i = 0; i < value->list.count; i++) {
			if (i > 0)
				output_char(output, ',');
			write_item(output, &value->list.items[i], flags);
		}
	} else {
		output_open_memory(&json);
		json_value(&json, value);
		terminal_text(output, json.data, json.len, flags);
		output_free(&json);
	}
}

void cell_plain(struct output *output, const struct value *value)
{
	if (write_scalar(output, value) || value->kind == VALUE_NULL)
		return;
	if (value->kind == VALUE_TEXT) {
		output_bytes(output, value->text.data, value->text.len);
	} else if (is_simple_list(value)) {
		for (size_t i = 0; i < value->list.count; i++) {
			if (i > 0)
				output_char(output, ',');
			cell_plain(output, &value->list.items[i]);
		}
	} else {
		json_value(output, value);
	}
}
