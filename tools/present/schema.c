/*
 * The JSON Schema of a listing. The columns say all that there is to know of a row, so the schema
 * in docs/ is printed from them, and a test compares: what scripts rely on changes in the open.
 */
#include "present/schema.h"

#include "present/json.h"
#include "present/output.h"

/* The schema of a value that is there. */
static const char *const schemas[] = {
	[COLUMN_INTEGER] = "\"type\":[\"integer\",\"null\"]",
	[COLUMN_REAL] = "\"type\":[\"number\",\"null\"]",
	[COLUMN_BOOL] = "\"type\":[\"boolean\",\"null\"]",
	[COLUMN_TEXT] = "\"type\":[\"string\",\"null\"]",
	[COLUMN_ADDRESS] = "\"type\":[\"string\",\"null\"],\"pattern\":\"^0x[0-9a-f]+$\"",
	[COLUMN_TIME] = "\"type\":[\"string\",\"null\"],\"format\":\"date-time\"",
	[COLUMN_SET] = "\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\"}",
	[COLUMN_LIST] = "\"type\":[\"array\",\"null\"]",
	[COLUMN_OBJECT] = "\"type\":[\"object\",\"null\"]",
};

static void write_property(struct output *output, const char *name, const char *suffix,
			   const char *schema, const char *help)
{
	if (output->data[output->len - 1] != '{')
		output_char(output, ',');
	output_printf(output, "\n\"%s%s\":{%s", name, suffix, schema);
	if (help != NULL) {
		output_string(output, ",\"description\":");
		json_text(output, help, strlen(help));
	}
	output_char(output, '}');
}

/* The keys beside a column: exact bytes of a text, the whole word of a set. */
static void write_siblings(struct output *output, const struct column *column)
{
	switch (column->type) {
	case COLUMN_TEXT:
		write_property(output, column->name, "_b64",
			       "\"type\":\"string\",\"contentEncoding\":\"base64\"", NULL);
		break;
	case COLUMN_LIST:
		write_property(output, column->name, "_b64",
			       "\"type\":\"array\",\"items\":{\"type\":[\"string\",\"null\"],"
			       "\"contentEncoding\":\"base64\"}",
			       NULL);
		break;
	case COLUMN_SET:
		write_property(output, column->name, "_raw", schemas[COLUMN_ADDRESS], NULL);
		break;
	default:
		break;
	}
}

static void write_row(struct output *output, const struct listing_tool *tool)
{
	output_string(output, "\"row\":{\"type\":\"object\",\"additionalProperties\":false,"
			      "\"minProperties\":1,\"properties\":{");
	for (size_t i = 0; i < tool->column_count; i++) {
		const struct column *column = &tool->columns[i];

		write_property(output, column->name, "", schemas[column->type], column->help);
		write_siblings(output, column);
	}
	output_string(output, "}}");
}

void schema_write(struct output *output, const struct listing_tool *tool)
{
	output_printf(
		output,
		"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
		"\"title\":\"intro %s --json\",\n"
		"\"description\":\"A line of --ndjson is a row. Unknown is null.\",\n"
		"\"type\":\"object\",\"additionalProperties\":false,\n"
		"\"required\":[\"schema\",\"host\",\"boot_id\",\"time\",\"rows\",\"errors\"],\n"
		"\"properties\":{\n"
		"\"schema\":{\"const\":\"%s\"},\n"
		"\"host\":{\"type\":[\"string\",\"null\"]},\n"
		"\"boot_id\":{\"type\":[\"string\",\"null\"]},\n"
		"\"time\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},\n"
		"\"rows\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/row\"}},\n"
		"\"errors\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/error\"}}},\n"
		"\"$defs\":{\n",
		tool->name, tool->schema);
	output_string(output,
		      "\"error\":{\"type\":\"object\",\"additionalProperties\":false,"
		      "\"required\":[\"pid\",\"what\",\"error\",\"message\"],\"properties\":{\n"
		      "\"pid\":{\"type\":[\"integer\",\"null\"]},\n"
		      "\"what\":{\"type\":\"string\"},\n"
		      "\"error\":{\"type\":[\"string\",\"null\"]},\n"
		      "\"message\":{\"type\":\"string\"},\n"
		      "\"message_b64\":{\"type\":\"string\",\"contentEncoding\":\"base64\"}}},\n");
	write_row(output, tool);
	output_string(output, "}}\n");
}
