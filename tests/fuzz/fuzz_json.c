/* Any bytes as a JSON member: the output is UTF-8, its quotes pair, and no control byte is in it. */
#include "fuzz/fuzz.h"

#include "present/json.h"
#include "present/utf8.h"

/* Outside of strings only what members and lists are made of; inside no raw control bytes. */
static void check_shape(const char *s, size_t len)
{
	bool inside = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		REQUIRE(c >= 0x20 && c != 0x7f);
		if (inside && c == '\\')
			i++;
		else if (c == '"')
			inside = !inside;
		else if (!inside && (c == '[' || c == '{'))
			depth++;
		else if (!inside && (c == ']' || c == '}'))
			depth--;
		REQUIRE(depth >= 0 && i < len);
	}
	REQUIRE(!inside && depth == 0);
}

static void check_value(struct output *output, const struct value *value)
{
	output->len = 0;
	json_member(output, "k", 1, value, value->kind == VALUE_SET);
	REQUIRE(utf8_valid(output->data, output->len));
	check_shape(output->data, output->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct output output;
	size_t half = size / 2;
	struct value items[] = {
		value_bytes((const char *)data, half),
		value_bytes((const char *)data + half, size - half),
	};
	struct value list = {.kind = VALUE_LIST, .list = {.items = items, .count = 2}};
	struct member members[] = {{"a", items[0]}, {"b", list}};
	struct value object = {.kind = VALUE_OBJECT, .object = {members, 2}};
	uint64_t bits = 0;
	double real;

	for (size_t i = 0; i < size && i < 8; i++)
		bits = bits << 8 | data[i];
	memcpy(&real, &bits, sizeof(real));

	struct value scalars[] = {
		value_bytes((const char *)data, size),
		value_real(real),
		value_uint(bits),
		value_int((int64_t)bits),
		value_time(bits),
		value_address(bits),
		value_set(bits, INTRO_NAMES_SIGNAL),
		value_set(bits, INTRO_NAMES_CAPABILITY),
		value_set(bits, INTRO_NAMES_TASK_FLAG),
		list,
		object,
	};

	output_open_memory(&output);
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++)
		check_value(&output, &scalars[i]);
	output_free(&output);
	return 0;
}
