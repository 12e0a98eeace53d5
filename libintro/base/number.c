/*
 * Checked numbers, digit by digit. Only digits that could overflow are tested for it: the first
 * 19 decimal ones cannot.
 */
#include "base/number.h"

#include <stddef.h>

#define SAFE_DECIMAL_DIGITS 19 /* 10^19 - 1 fits 64 bits */

static inline unsigned digit_of(char c)
{
	return (unsigned char)c - (unsigned)'0'; /* above 9: not a digit */
}

bool intro_take_u64(const char **p, const char *end, uint64_t *ret)
{
	const char *s = *p;
	const char *safe = end - s > SAFE_DECIMAL_DIGITS ? s + SAFE_DECIMAL_DIGITS : end;
	uint64_t value = 0;
	unsigned digit;

	while (s < safe && (digit = digit_of(*s)) <= 9) {
		value = value * 10 + digit;
		s++;
	}
	if (s == *p)
		return false;
	while (s < end && (digit = digit_of(*s)) <= 9) {
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
		s++;
	}
	*p = s;
	*ret = value;
	return true;
}

bool intro_take_i64(const char **p, const char *end, int64_t *ret)
{
	const char *s = *p;
	bool negative = s < end && *s == '-';
	uint64_t value;

	s += negative;
	if (!intro_take_u64(&s, end, &value))
		return false;
	if (!negative) {
		if (value > INT64_MAX)
			return false;
		*ret = (int64_t)value;
	} else {
		if (value > (uint64_t)INT64_MAX + 1)
			return false;
		/* In two steps, so that the smallest number does not overflow. */
		*ret = value ? -(int64_t)(value - 1) - 1 : 0;
	}
	*p = s;
	return true;
}

static inline unsigned hex_digit_of(char c)
{
	unsigned digit = digit_of(c);

	if (digit <= 9)
		return digit;
	unsigned letter = ((unsigned char)c | 0x20u) - (unsigned)'a';
	return letter <= 5 ? letter + 10 : 16;
}

bool intro_take_hex(const char **p, const char *end, uint64_t *ret)
{
	const char *s = *p;
	uint64_t value = 0;
	unsigned digit;

	while (s < end && (digit = hex_digit_of(*s)) < 16) {
		if (value >> 60)
			return false;
		value = value << 4 | digit;
		s++;
	}
	if (s == *p)
		return false;
	*p = s;
	*ret = value;
	return true;
}

bool intro_take_octal(const char **p, const char *end, uint64_t *ret)
{
	const char *s = *p;
	uint64_t value = 0;
	unsigned digit;

	while (s < end && (digit = digit_of(*s)) < 8) {
		if (value >> 61)
			return false;
		value = value << 3 | digit;
		s++;
	}
	if (s == *p)
		return false;
	*p = s;
	*ret = value;
	return true;
}
