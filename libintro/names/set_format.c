/* From values to names, for all sets alike. */
#include "names/set.h"

#include "base/bounded.h"

const char *intro_set_name(const struct intro_name_set *set, uint64_t value)
{
	if (value < set->by_value_count && set->by_value[value])
		return set->texts + set->by_value[value];
	for (const struct intro_name_row *row = set->rows; row->text; row++) {
		if (row->mask && row->value == value)
			return set->texts + row->text;
	}
	return NULL;
}

static int next_by_value(const struct intro_name_set *set, size_t *position, struct intro_name *ret)
{
	while (*position < set->by_value_count) {
		size_t value = (*position)++;

		if (set->by_value[value]) {
			*ret = (struct intro_name){
				.value = value,
				.name = set->texts + set->by_value[value],
			};
			return 1;
		}
	}
	return 0;
}

/* The rows follow what is by value. */
int intro_set_next(const struct intro_name_set *set, size_t *position, struct intro_name *ret)
{
	if (next_by_value(set, position, ret))
		return 1;
	for (;;) {
		const struct intro_name_row *row = &set->rows[*position - set->by_value_count];

		if (!row->text)
			return 0;
		++*position;
		if (row->mask) {
			*ret = (struct intro_name){.value = row->value,
						   .name = set->texts + row->text};
			return 1;
		}
	}
}

static void take_flag(const struct intro_name_set *set, uint64_t *bits, struct intro_name *ret)
{
	for (const struct intro_name_row *row = set->rows; row->text; row++) {
		if (row->value && (*bits & row->mask) == row->value) {
			*ret = (struct intro_name){
				.value = row->value,
				.name = set->texts + row->text,
			};
			*bits &= ~row->value;
			return;
		}
	}
	*ret = (struct intro_name){.value = *bits};
	*bits = 0;
}

int intro_set_take(const struct intro_name_set *set, uint64_t *bits, struct intro_name *ret)
{
	if (!*bits)
		return 0;
	if (set->kind == INTRO_SET_FLAGS) {
		take_flag(set, bits, ret);
		return 1;
	}
	uint64_t value = (unsigned)__builtin_ctzll(*bits) + set->base;

	*bits &= *bits - 1;
	*ret = (struct intro_name){.value = value, .name = intro_set_name(set, value)};
	return 1;
}

size_t intro_set_format(const struct intro_name_set *set, uint64_t bits, char separator, char *buf,
			size_t size)
{
	struct intro_bounded out = {.buf = buf, .size = size};
	struct intro_name member;

	while (intro_set_take(set, &bits, &member) > 0) {
		if (out.len)
			intro_bounded_char(&out, separator);
		if (member.name) {
			intro_bounded_text(&out, member.name);
		} else if (set->kind == INTRO_SET_FLAGS) {
			intro_bounded_text(&out, "0x");
			intro_bounded_number(&out, member.value, 16);
		} else {
			intro_bounded_number(&out, member.value, 10);
		}
	}
	return intro_bounded_end(&out);
}
