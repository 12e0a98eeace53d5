/* Units for tables: short, of steady width, rounded to nearest. */
#include "present/human.h"

#include <math.h>
#include <time.h>

/* With one decimal while it is below 100, and none from there on. */
static void write_scaled(struct output *output, double scaled)
{
	if (scaled >= 99.95) {
		output_uint(output, (uint64_t)(scaled + 0.5));
		return;
	}
	uint64_t tenths = (uint64_t)(scaled * 10 + 0.5);

	output_uint(output, tenths / 10);
	output_char(output, '.');
	output_uint(output, tenths % 10);
}

void human_bytes(struct output *output, uint64_t bytes)
{
	static const char letters[] = "KMGTPE";
	double scaled = (double)bytes;

	if (bytes < 1024) {
		output_uint(output, bytes);
		return;
	}
	for (const char *letter = letters;; letter++) {
		scaled /= 1024;
		/* 1000 to 1023 of a unit still fit in four characters. */
		if (scaled < 1023.5 || letter[1] == '\0') {
			write_scaled(output, scaled);
			output_char(output, *letter);
			return;
		}
	}
}

/* From a minute on. */
static void write_clock(struct output *output, uint64_t seconds)
{
	if (seconds >= 86400) {
		output_uint(output, seconds / 86400);
		output_char(output, 'd');
		output_digits(output, seconds / 3600 % 24, 2);
		output_char(output, 'h');
		return;
	}
	if (seconds >= 3600) {
		output_uint(output, seconds / 3600);
		output_char(output, ':');
		output_digits(output, seconds / 60 % 60, 2);
	} else {
		output_uint(output, seconds / 60);
	}
	output_char(output, ':');
	output_digits(output, seconds % 60, 2);
}

static void write_hundredths(struct output *output, uint64_t hundredths)
{
	output_uint(output, hundredths / 100);
	output_char(output, '.');
	output_digits(output, hundredths % 100, 2);
}

void human_seconds(struct output *output, double seconds)
{
	if (!isfinite(seconds) || fabs(seconds) > 1e15) {
		output_real(output, seconds);
		return;
	}
	if (seconds < 0) {
		output_char(output, '-');
		seconds = -seconds;
	}
	if (seconds < 59.995)
		write_hundredths(output, (uint64_t)(seconds * 100 + 0.5));
	else
		write_clock(output, (uint64_t)(seconds + 0.005));
}

void human_whole_seconds(struct output *output, uint64_t seconds)
{
	if (seconds < 60)
		output_uint(output, seconds);
	else
		write_clock(output, seconds);
}

void human_ns(struct output *output, uint64_t ns)
{
	double scaled = (double)ns;

	if (ns < 1000) {
		output_uint(output, ns);
		output_string(output, "ns");
	} else if (scaled < 999.5e3) {
		write_scaled(output, scaled / 1e3);
		output_string(output, "us");
	} else if (scaled < 999.5e6) {
		write_scaled(output, scaled / 1e6);
		output_string(output, "ms");
	} else if (scaled < 59.995e9) {
		write_hundredths(output, (ns + 5000000) / 10000000);
		output_char(output, 's');
	} else {
		human_seconds(output, scaled / 1e9);
	}
}

void human_percent(struct output *output, double percent)
{
	if (!isfinite(percent) || percent < 0 || percent > 1e15) {
		output_real(output, percent);
		return;
	}
	uint64_t tenths = (uint64_t)(percent * 10 + 0.5);

	output_uint(output, tenths / 10);
	output_char(output, '.');
	output_uint(output, tenths % 10);
}

void human_time(struct output *output, uint64_t ns, uint64_t now_ns)
{
	time_t then = (time_t)(ns / 1000000000), now = (time_t)(now_ns / 1000000000);
	struct tm local, today;

	if (localtime_r(&then, &local) == NULL || localtime_r(&now, &today) == NULL) {
		output_time(output, ns);
		return;
	}
	if (local.tm_year == today.tm_year && local.tm_yday == today.tm_yday) {
		output_digits(output, (uint64_t)local.tm_hour, 2);
		output_char(output, ':');
		output_digits(output, (uint64_t)local.tm_min, 2);
		output_char(output, ':');
		output_digits(output, (uint64_t)local.tm_sec, 2);
		return;
	}
	output_digits(output, (uint64_t)(local.tm_year + 1900), 4);
	output_char(output, '-');
	output_digits(output, (uint64_t)(local.tm_mon + 1), 2);
	output_char(output, '-');
	output_digits(output, (uint64_t)local.tm_mday, 2);
}
