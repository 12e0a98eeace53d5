/*
 * Where text goes: a buffer before a file descriptor, or a buffer that grows. The first error of
 * the descriptor is kept; all that is written after it is dropped, and output_finish tells.
 */
#ifndef PRESENT_OUTPUT_H
#define PRESENT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct output {
	char *data;
	size_t len, size;
	int fd;       /* -1: grows in memory */
	int os_errno; /* of the first write that failed; 0 */
};

void output_open(struct output *output, int fd);
void output_open_memory(struct output *output);
void output_free(struct output *output);

/* Hands everything to the descriptor. False if a write has failed, now or before. */
bool output_flush(struct output *output);

/*
 * Flushes, and asks the file system for errors that it reports late. Returns 0, or EXIT_FATAL with
 * a message; a pipe whose reader has gone needs no message.
 */
int output_finish(struct output *output);

/* Keeps descriptors 0 to 2 from being taken by files that are opened later. */
void output_reserve_standard_fds(void);

void output_make_room(struct output *output, size_t len);

/* Room for `len` more bytes at output->data + output->len. */
static inline char *output_room(struct output *output, size_t len)
{
	if (output->size - output->len < len)
		output_make_room(output, len);
	return output->data + output->len;
}

static inline void output_char(struct output *output, char c)
{
	*output_room(output, 1) = c;
	output->len++;
}

void output_long_bytes(struct output *output, const char *data, size_t len);

static inline void output_bytes(struct output *output, const char *data, size_t len)
{
	if (output->size - output->len >= len) {
		if (len > 0)
			memcpy(output->data + output->len, data, len);
		output->len += len;
	} else {
		output_long_bytes(output, data, len);
	}
}

static inline void output_string(struct output *output, const char *s)
{
	output_bytes(output, s, strlen(s));
}

void output_uint(struct output *output, uint64_t n);
void output_int(struct output *output, int64_t n);
void output_hex(struct output *output, uint64_t n);                    /* with 0x */
void output_digits(struct output *output, uint64_t n, unsigned width); /* with leading zeros */
/* The shortest text that reads back as the same number; "null" for what is not a number. */
void output_real(struct output *output, double d);
void output_time(struct output *output, uint64_t ns); /* 2026-11-21T04:00:01.230Z */
void output_printf(struct output *output, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
