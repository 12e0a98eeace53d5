/* The listing as one JSON document, and as JSON Lines. */
#include <stdlib.h>
#include <string.h>

#include "present/json.h"
#include "present/message.h"
#include "present/out.h"

struct out_json {
	struct out base;
	size_t rows;
	size_t key_len[]; /* of each column's name */
};

static struct out_json *of(struct out *out)
{
	return (struct out_json *)out;
}

static void write_object(struct out_json *json, const struct out_row *row)
{
	const struct out_setup *setup = &json->base.setup;
	struct output *output = setup->output;

	output_char(output, '{');
	for (size_t i = 0; i < setup->column_count; i++) {
		const struct column *column = setup->columns[i];

		if (i > 0)
			output_char(output, ',');
		json_member(output, column->name, json->key_len[i], &row->cells[i],
			    column->type == COLUMN_SET);
	}
	output_char(output, '}');
}

static void write_member(struct output *output, const char *key, const struct value *value)
{
	json_member(output, key, strlen(key), value, false);
}

static void document_begin(struct out *out, const struct listing_meta *meta)
{
	struct output *output = out->setup.output;
	struct value schema = value_string(out->setup.schema);
	struct value host = value_string(meta->host), boot_id = value_string(meta->boot_id);
	struct value time = meta->time_ns != 0 ? value_time(meta->time_ns) : value_null();

	of(out)->rows = 0;
	output_char(output, '{');
	write_member(output, "schema", &schema);
	output_char(output, ',');
	write_member(output, "host", &host);
	output_char(output, ',');
	write_member(output, "boot_id", &boot_id);
	output_char(output, ',');
	write_member(output, "time", &time);
	output_string(output, ",\"rows\":[");
}

static void separate(struct out *out, bool first)
{
	if (!first)
		output_char(out->setup.output, ',');
	if (!out->setup.one_line)
		output_char(out->setup.output, '\n');
}

static void document_row(struct out *out, const struct out_row *row)
{
	separate(out, of(out)->rows++ == 0);
	write_object(of(out), row);
}

static void write_error(struct output *output, const struct row_error *error)
{
	struct value pid = error->pid != 0 ? value_int(error->pid) : value_null();
	struct value what = value_string(error->what), message = value_string(error->message);
	struct value name = value_null();

	if (error->os_errno != 0) {
		name = value_string(intro_name(INTRO_NAMES_ERRNO, (uint64_t)error->os_errno));
		if (name.kind == VALUE_NULL)
			name = value_string("EUNKNOWN");
	}
	output_char(output, '{');
	write_member(output, "pid", &pid);
	output_char(output, ',');
	write_member(output, "what", &what);
	output_char(output, ',');
	write_member(output, "error", &name);
	output_char(output, ',');
	write_member(output, "message", &message);
	output_char(output, '}');
}

static void document_end(struct out *out, const struct row_error *errors, size_t error_count)
{
	struct output *output = out->setup.output;

	if (of(out)->rows > 0 && !out->setup.one_line)
		output_char(output, '\n');
	output_string(output, "],\"errors\":[");
	for (size_t i = 0; i < error_count; i++) {
		separate(out, i == 0);
		write_error(output, &errors[i]);
	}
	if (error_count > 0 && !out->setup.one_line)
		output_char(output, '\n');
	output_string(output, "]}\n");
}

static void lines_begin(struct out *out, const struct listing_meta *meta)
{
	(void)out;
	(void)meta;
}

static void lines_row(struct out *out, const struct out_row *row)
{
	write_object(of(out), row);
	output_char(out->setup.output, '\n');
}

static void lines_end(struct out *out, const struct row_error *errors, size_t error_count)
{
	(void)out;
	(void)errors;
	(void)error_count;
}

static void json_free(struct out *out)
{
	free(out);
}

static struct out *new_json(const struct out_setup *setup, const struct out_class *class)
{
	struct out_json *json;

	json = calloc(1, sizeof(*json) + setup->column_count * sizeof(json->key_len[0]));
	if (json == NULL)
		message_out_of_memory();
	json->base.class = class;
	json->base.setup = *setup;
	for (size_t i = 0; i < setup->column_count; i++)
		json->key_len[i] = strlen(setup->columns[i]->name);
	return &json->base;
}

struct out *out_json_new(const struct out_setup *setup)
{
	static const struct out_class class = {document_begin, document_row, document_end,
					       json_free};

	return new_json(setup, &class);
}

struct out *out_ndjson_new(const struct out_setup *setup)
{
	static const struct out_class class = {lines_begin, lines_row, lines_end, json_free};

	return new_json(setup, &class);
}
