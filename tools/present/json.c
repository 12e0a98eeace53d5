/* The JSON writer: one pass, straight into the output's buffer. */
#include "present/json.h"

#include <string.h>

#include "present/utf8.h"

static void escape_control(struct output *output, uint32_t c)
{
	static const char short_forms[] = "\bb\tt\nn\ff\rr\"\"\\\\";
	char *room = output_room(output, 6);
	/* Pairs of a character and its letter; no letter is ever passed in. */
	const char *pair = memchr(short_forms, (int)c, sizeof(short_forms) - 1);

	if (pair != NULL) {
		room[0] = '\\';
		room[1] = pair[1];
		output->len += 2;
		return;
	}
	memcpy(room, "\\u00", 4);
	room[4] = "0123456789abcdef"[c >> 4];
	room[5] = "0123456789abcdef"[c & 15];
	output->len += 6;
}

/* What is not plain at the front of `s`. Returns its length; clears *exact if it is replaced. */
static size_t write_special(struct output *output, const char *s, size_t len, bool *exact)
{
	uint32_t code;
	int n = utf8_decode(s, len, &code);

	if (n < 0) {
		output_bytes(output, "\xef\xbf\xbd", 3);
		*exact = false;
		return (size_t)-n;
	}
	/* C1 controls need no escape in JSON, but a terminal may obey them. */
	if (code < 0xa0)
		escape_control(output, code);
	else
		output_bytes(output, s, (size_t)n);
	return (size_t)n;
}

bool json_text(struct output *output, const char *s, size_t len)
{
	bool exact = true;

	output_char(output, '"');
	for (;;) {
		size_t n = utf8_plain_prefix(s, len, '"', '\\');

		output_bytes(output, s, n);
		s += n;
		len -= n;
		if (len == 0)
			break;
		n = write_special(output, s, len, &exact);
		s += n;
		len -= n;
	}
	output_char(output, '"');
	return exact;
}

void json_base64(struct output *output, const char *s, size_t len)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *bytes = (const unsigned char *)s;

	output_char(output, '"');
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (left > 1)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (left > 2)
			group |= bytes[i + 2];
		char *room = output_room(output, 4);

		room[0] = letters[group >> 18];
		room[1] = letters[group >> 12 & 63];
		room[2] = left > 1 ? letters[group >> 6 & 63] : '=';
		room[3] = left > 2 ? letters[group & 63] : '=';
		output->len += 4;
	}
	output_char(output, '"');
}

static void write_hex_string(struct output *output, uint64_t n)
{
	output_char(output, '"');
	output_hex(output, n);
	output_char(output, '"');
}

static void write_set(struct output *output, const struct value *set)
{
	uint64_t bits = set->set.bits;
	struct intro_name member;
	bool first = true;

	output_char(output, '[');
	for (;;) {
		uint64_t before = bits;

		if (intro_mask_take(set->set.names, &bits, &member) <= 0)
			break;
		char number[64];
		const char *name = member.name;

		if (name == NULL) {
			intro_mask_format(set->set.names, before & ~bits, ',', number,
					  sizeof(number));
			name = number;
		}
		if (!first)
			output_char(output, ',');
		first = false;
		json_text(output, name, strlen(name));
	}
	output_char(output, ']');
}

static void write_list(struct output *output, const struct value *list)
{
	output_char(output, '[');
	for (size_t i = 0; i < list->list.count; i++) {
		if (i > 0)
			output_char(output, ',');
		json_value(output, &list->list.items[i]);
	}
	output_char(output, ']');
}

static void write_object(struct output *output, const struct value *object)
{
	output_char(output, '{');
	for (size_t i = 0; i < object->object.count; i++) {
		const struct member *member = &object->object.members[i];

		if (i > 0)
			output_char(output, ',');
		json_member(output, member->key, strlen(member->key), &member->value,
			    member->value.kind == VALUE_SET);
	}
	output_char(output, '}');
}

void json_value(struct output *output, const struct value *value)
{
	switch (value->kind) {
	case VALUE_NULL:
		output_bytes(output, "null", 4);
		break;
	case VALUE_BOOL:
		output_string(output, value->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		output_int(output, value->number);
		break;
	case VALUE_UINT:
		output_uint(output, value->natural);
		break;
	case VALUE_REAL:
		output_real(output, value->real);
		break;
	case VALUE_TEXT:
		(void)json_text(output, value->text.data, value->text.len);
		break;
	case VALUE_ADDRESS:
		write_hex_string(output, value->natural);
		break;
	case VALUE_TIME:
		output_char(output, '"');
		output_time(output, value->natural);
		output_char(output, '"');
		break;
	case VALUE_SET:
		write_set(output, value);
		break;
	case VALUE_LIST:
		write_list(output, value);
		break;
	case VALUE_OBJECT:
		write_object(output, value);
		break;
	}
}

static void write_key(struct output *output, const char *key, size_t len, const char *suffix)
{
	size_t suffix_len = strlen(suffix);
	char *room = output_room(output, len + suffix_len + 3);

	room[0] = '"';
	memcpy(room + 1, key, len);
	memcpy(room + 1 + len, suffix, suffix_len);
	memcpy(room + 1 + len + suffix_len, "\":", 2);
	output->len += len + suffix_len + 3;
}

static bool is_invalid_text(const struct value *value)
{
	return value->kind == VALUE_TEXT && !utf8_valid(value->text.data, value->text.len);
}

static void write_list_bytes(struct output *output, const char *key, size_t key_len,
			     const struct value *list)
{
	size_t i = 0;

	while (i < list->list.count && !is_invalid_text(&list->list.items[i]))
		i++;
	if (i == list->list.count)
		return;
	output_char(output, ',');
	write_key(output, key, key_len, "_b64");
	for (i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];

		output_char(output, i == 0 ? '[' : ',');
		if (is_invalid_text(item))
			json_base64(output, item->text.data, item->text.len);
		else
			output_bytes(output, "null", 4);
	}
	output_char(output, ']');
}

void json_member(struct output *output, const char *key, size_t key_len, const struct value *value,
		 bool is_set)
{
	write_key(output, key, key_len, "");
	if (value->kind == VALUE_TEXT) {
		if (json_text(output, value->text.data, value->text.len))
			return;
		output_char(output, ',');
		write_key(output, key, key_len, "_b64");
		json_base64(output, value->text.data, value->text.len);
		return;
	}
	json_value(output, value);
	if (value->kind == VALUE_LIST)
		write_list_bytes(output, key, key_len, value);
	if (!is_set)
		return;
	output_char(output, ',');
	write_key(output, key, key_len, "_raw");
	if (value->kind == VALUE_SET)
		write_hex_string(output, value->set.bits);
	else
		output_bytes(output, "null", 4);
}
