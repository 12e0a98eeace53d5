/* A cell: what a column's getter returns and what every writer takes. Knows no domain. */
#ifndef PRESENT_VALUE_H
#define PRESENT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <intro/names.h>

enum value_kind {
	VALUE_NULL, /* unknown, not readable, or not applicable: never shown as zero */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_UINT,
	VALUE_REAL,
	VALUE_TEXT,    /* any bytes */
	VALUE_ADDRESS, /* "0x..." */
	VALUE_TIME,    /* nanoseconds since 1970, UTC: RFC 3339 */
	VALUE_SET,     /* names of the members of a mask or flag word */
	VALUE_LIST,
	VALUE_OBJECT,
};

struct text {
	const char *data;
	size_t len;
};

struct member;

struct value {
	enum value_kind kind;
	union {
		bool boolean;
		int64_t number;
		uint64_t natural; /* UINT, ADDRESS, TIME */
		double real;
		struct text text;
		struct {
			uint64_t bits;
			enum intro_names names;
		} set;
		struct {
			const struct value *items;
			size_t count;
			bool has_objects; /* also of an empty one: it is JSON in raw and SQL */
			size_t rest; /* so many more, which the last item tells; 0: it is one */
		} list;
		struct {
			const struct member *members;
			size_t count;
		} object;
	};
};

struct member {
	const char *key;
	struct value value;
};

static inline struct value value_null(void)
{
	return (struct value){.kind = VALUE_NULL};
}
static inline struct value value_bool(bool b)
{
	return (struct value){.kind = VALUE_BOOL, .boolean = b};
}
static inline struct value value_int(int64_t n)
{
	return (struct value){.kind = VALUE_INT, .number = n};
}
static inline struct value value_uint(uint64_t n)
{
	return (struct value){.kind = VALUE_UINT, .natural = n};
}
static inline struct value value_real(double d)
{
	return (struct value){.kind = VALUE_REAL, .real = d};
}
static inline struct value value_bytes(const char *data, size_t len)
{
	return (struct value){.kind = VALUE_TEXT, .text = {data, len}};
}
struct value value_string(const char *s); /* NULL is null */
static inline struct value value_address(uint64_t a)
{
	return (struct value){.kind = VALUE_ADDRESS, .natural = a};
}
static inline struct value value_time(uint64_t ns)
{
	return (struct value){.kind = VALUE_TIME, .natural = ns};
}
static inline struct value value_set(uint64_t bits, enum intro_names names)
{
	return (struct value){.kind = VALUE_SET, .set = {bits, names}};
}

#endif
