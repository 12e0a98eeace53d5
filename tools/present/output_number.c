/* Numbers and times as text, by hand: printf is what costs when a listing has many cells. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "present/output.h"

static const char digit_pairs[] = "00010203040506070809"
				  "10111213141516171819"
				  "20212223242526272829"
				  "30313233343536373839"
				  "40414243444546474849"
				  "50515253545556575859"
				  "60616263646566676869"
				  "70717273747576777879"
				  "80818283848586878889"
				  "90919293949596979899";

/* Writes the digits so that they end before `end`; returns where they begin. */
static char *write_backwards(char *end, uint64_t n)
{
	while (n >= 100) {
		size_t pair = (size_t)(n % 100) * 2;

		n /= 100;
		*--end = digit_pairs[pair + 1];
		*--end = digit_pairs[pair];
	}
	if (n >= 10) {
		*--end = digit_pairs[n * 2 + 1];
		*--end = digit_pairs[n * 2];
	} else {
		*--end = (char)('0' + n);
	}
	return end;
}

void output_uint(struct output *output, uint64_t n)
{
	char digits[20];
	char *end = digits + sizeof(digits);
	char *start = write_backwards(end, n);

	output_bytes(output, start, (size_t)(end - start));
}

void output_int(struct output *output, int64_t n)
{
	if (n < 0) {
		output_char(output, '-');
		output_uint(output, 0 - (uint64_t)n);
	} else {
		output_uint(output, (uint64_t)n);
	}
}

void output_hex(struct output *output, uint64_t n)
{
	char digits[18];
	char *end = digits + sizeof(digits), *start = end;

	do {
		*--start = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n != 0);
	*--start = 'x';
	*--start = '0';
	output_bytes(output, start, (size_t)(end - start));
}

void output_digits(struct output *output, uint64_t n, unsigned width)
{
	char digits[20];
	char *end = digits + sizeof(digits);
	char *start = write_backwards(end, n);

	while (start > digits && (size_t)(end - start) < width)
		*--start = '0';
	output_bytes(output, start, (size_t)(end - start));
}

/*
 * Most reals of a listing have few decimals (ticks, percentages). n / scale is correctly rounded
 * when both are exact, so if it gives the number back, then its decimal text reads back as well;
 * below 2^53 that text has at most 15 digits or so and is the shortest.
 */
static bool write_fixed(struct output *output, double d, uint64_t scale, unsigned decimals)
{
	double scaled = d * (double)scale;

	if (!(scaled < 9e14))
		return false;
	uint64_t n = (uint64_t)(scaled + 0.5);

	if ((double)n / (double)scale != d)
		return false;
	output_uint(output, n / scale);

	uint64_t fraction = n % scale;

	if (fraction == 0)
		return true;
	while (fraction % 10 == 0) {
		fraction /= 10;
		decimals--;
	}
	output_char(output, '.');
	output_digits(output, fraction, decimals);
	return true;
}

void output_real(struct output *output, double d)
{
	if (!isfinite(d)) {
		output_string(output, "null");
		return;
	}
	if (signbit(d)) {
		output_char(output, '-');
		d = -d;
	}
	if (write_fixed(output, d, 1000, 3) || write_fixed(output, d, 1000000, 6))
		return;
	char text[32];
	int len = 0;

	for (int precision = 15; precision <= 17; precision++) {
		len = snprintf(text, sizeof(text), "%.*g", precision, d);
		if (strtod(text, NULL) == d)
			break;
	}
	output_bytes(output, text, (size_t)len);
}

struct civil_date {
	uint64_t year;
	unsigned month, day;
};

/*
 * Years are counted from March, so that the leap day is the last day of a year, and in cycles of
 * 400 years = 146,097 days, of which day 719,468 is 1970-01-01.
 */
static struct civil_date date_of_day(uint64_t days_since_1970)
{
	uint64_t day = days_since_1970 + 719468;
	uint64_t cycle = day / 146097, in_cycle = day % 146097;
	uint64_t year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
	uint64_t in_year = in_cycle - (365 * year + year / 4 - year / 100);
	uint64_t month = (5 * in_year + 2) / 153; /* 0: March */

	return (struct civil_date){
		.year = cycle * 400 + year + (month >= 10 ? 1 : 0),
		.month = (unsigned)(month < 10 ? month + 3 : month - 9),
		.day = (unsigned)(in_year - (153 * month + 2) / 5 + 1),
	};
}

void output_time(struct output *output, uint64_t ns)
{
	uint64_t seconds = ns / 1000000000;
	uint64_t of_day = seconds % 86400;
	struct civil_date date = date_of_day(seconds / 86400);

	output_digits(output, date.year, 4);
	output_char(output, '-');
	output_digits(output, date.month, 2);
	output_char(output, '-');
	output_digits(output, date.day, 2);
	output_char(output, 'T');
	output_digits(output, of_day / 3600, 2);
	output_char(output, ':');
	output_digits(output, of_day / 60 % 60, 2);
	output_char(output, ':');
	output_digits(output, of_day % 60, 2);
	output_char(output, '.');
	output_digits(output, ns / 1000000 % 1000, 3);
	output_char(output, 'Z');
}
