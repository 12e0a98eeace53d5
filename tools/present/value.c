/* Values: construction from C strings, deep copies, and the order that sorting uses. */
#include "present/value.h"

#include <math.h>
#include <string.h>

#include "present/arena.h"
#include "present/value_ops.h"

struct value value_string(const char *s)
{
	return s == NULL ? value_null() : value_bytes(s, strlen(s));
}

static struct value copy_list(struct arena *arena, const struct value *list)
{
	struct value copy = *list;
	struct value *items = arena_alloc(arena, list->list.count * sizeof(*items));

	for (size_t i = 0; i < list->list.count; i++)
		items[i] = value_copy(arena, &list->list.items[i]);
	copy.list.items = items;
	return copy;
}

static struct value copy_object(struct arena *arena, const struct value *object)
{
	struct value copy = *object;
	struct member *members = arena_alloc(arena, object->object.count * sizeof(*members));

	for (size_t i = 0; i < object->object.count; i++) {
		const struct member *from = &object->object.members[i];

		members[i].key = arena_copy(arena, from->key, strlen(from->key));
		members[i].value = value_copy(arena, &from->value);
	}
	copy.object.members = members;
	return copy;
}

struct value value_copy(struct arena *arena, const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return value_bytes(arena_copy(arena, value->text.data, value->text.len),
				   value->text.len);
	case VALUE_LIST:
		return copy_list(arena, value);
	case VALUE_OBJECT:
		return copy_object(arena, value);
	default:
		return *value;
	}
}

static int compare_natural(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_text(const struct text *a, const struct text *b)
{
	size_t common = a->len < b->len ? a->len : b->len;
	int order = common > 0 ? memcmp(a->data, b->data, common) : 0;

	return order != 0 ? order : compare_natural(a->len, b->len);
}

static bool is_number(const struct value *value)
{
	return value->kind == VALUE_INT || value->kind == VALUE_UINT || value->kind == VALUE_REAL;
}

/* NaN goes after all numbers, so that the order stays total. */
static int compare_reals(double a, double b)
{
	if (isnan(a) || isnan(b))
		return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
	return (a > b) - (a < b);
}

static double as_real(const struct value *value)
{
	if (value->kind == VALUE_INT)
		return (double)value->number;
	return value->kind == VALUE_UINT ? (double)value->natural : value->real;
}

static int compare_numbers(const struct value *a, const struct value *b)
{
	if (a->kind == VALUE_REAL || b->kind == VALUE_REAL)
		return compare_reals(as_real(a), as_real(b));
	bool a_negative = a->kind == VALUE_INT && a->number < 0;
	bool b_negative = b->kind == VALUE_INT && b->number < 0;

	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	/* Of one sign: two's complement keeps the order. */
	uint64_t left = a->kind == VALUE_INT ? (uint64_t)a->number : a->natural;
	uint64_t right = b->kind == VALUE_INT ? (uint64_t)b->number : b->natural;

	return compare_natural(left, right);
}

static int compare_lists(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->list.count && i < b->list.count; i++) {
		int order = value_compare(&a->list.items[i], &b->list.items[i]);

		if (order != 0)
			return order;
	}
	return compare_natural(a->list.count, b->list.count);
}

static int compare_objects(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->object.count && i < b->object.count; i++) {
		const struct member *left = &a->object.members[i], *right = &b->object.members[i];
		int order = strcmp(left->key, right->key);

		if (order == 0)
			order = value_compare(&left->value, &right->value);
		if (order != 0)
			return order;
	}
	return compare_natural(a->object.count, b->object.count);
}

int value_compare(const struct value *a, const struct value *b)
{
	if (is_number(a) && is_number(b))
		return compare_numbers(a, b);
	if (a->kind != b->kind) {
		/* Null is the first of the kinds but goes last. */
		unsigned left = a->kind == VALUE_NULL ? ~0u : (unsigned)a->kind;
		unsigned right = b->kind == VALUE_NULL ? ~0u : (unsigned)b->kind;

		return (left > right) - (left < right);
	}
	switch (a->kind) {
	case VALUE_BOOL:
		return (int)a->boolean - (int)b->boolean;
	case VALUE_TEXT:
		return compare_text(&a->text, &b->text);
	case VALUE_ADDRESS:
	case VALUE_TIME:
		return compare_natural(a->natural, b->natural);
	case VALUE_SET:
		return compare_natural(a->set.bits, b->set.bits);
	case VALUE_LIST:
		return compare_lists(a, b);
	case VALUE_OBJECT:
		return compare_objects(a, b);
	default:
		return 0;
	}
}
