/* The one buffer that all output goes through, and the errors that writing it can meet. */
#include "present/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "present/listing.h"
#include "present/message.h"

enum { FILE_BUFFER = 64 * 1024, MEMORY_BUFFER = 256 };

static void open_buffer(struct output *output, int fd, size_t size)
{
	*output = (struct output){.fd = fd, .size = size, .data = malloc(size)};
	if (output->data == NULL)
		message_out_of_memory();
}

void output_open(struct output *output, int fd)
{
	open_buffer(output, fd, FILE_BUFFER);
}

void output_open_memory(struct output *output)
{
	open_buffer(output, -1, MEMORY_BUFFER);
}

void output_free(struct output *output)
{
	free(output->data);
	*output = (struct output){.fd = -1};
}

/* Somebody else may have set O_NONBLOCK on a terminal or pipe that we share. */
static void wait_until_writable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};

	(void)poll(&poll_fd, 1, -1);
}

static void write_all(struct output *output, const char *data, size_t len)
{
	while (len > 0 && output->os_errno == 0) {
		ssize_t done = write(output->fd, data, len);

		if (done >= 0) {
			data += done;
			len -= (size_t)done;
		} else if (errno == EAGAIN) {
			wait_until_writable(output->fd);
		} else if (errno != EINTR) {
			output->os_errno = errno;
		}
	}
}

bool output_flush(struct output *output)
{
	if (output->fd < 0)
		return true;
	write_all(output, output->data, output->len);
	output->len = 0;
	return output->os_errno == 0;
}

/* NFS and full disks report late, at close: closing a copy asks without giving up the file. */
static void ask_for_late_errors(struct output *output)
{
	int copy = dup(output->fd);

	if (copy >= 0 && close(copy) < 0 && errno != EINTR)
		output->os_errno = errno;
}

int output_finish(struct output *output)
{
	if (output_flush(output))
		ask_for_late_errors(output);
	if (output->os_errno == 0)
		return EXIT_OK;
	if (output->os_errno != EPIPE)
		message("cannot write output: %s", strerror(output->os_errno));
	return EXIT_FATAL;
}

void output_reserve_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* The wrong way round on purpose: using it still fails, as a closed one would. */
		if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			return;
	}
}

static void grow(struct output *output, size_t len)
{
	size_t size = output->size;

	while (size - output->len < len) {
		if (size > SIZE_MAX / 2)
			message_out_of_memory();
		size *= 2;
	}
	char *data = realloc(output->data, size);

	if (data == NULL)
		message_out_of_memory();
	output->data = data;
	output->size = size;
}

void output_make_room(struct output *output, size_t len)
{
	if (output->fd >= 0)
		output_flush(output);
	if (output->size - output->len < len)
		grow(output, len);
}

void output_long_bytes(struct output *output, const char *data, size_t len)
{
	if (output->fd >= 0 && len >= FILE_BUFFER) {
		output_flush(output);
		write_all(output, data, len);
		return;
	}
	memcpy(output_room(output, len), data, len);
	output->len += len;
}

void output_printf(struct output *output, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		message_out_of_memory();

	char *room = output_room(output, (size_t)len + 1);

	va_start(args, format);
	vsnprintf(room, (size_t)len + 1, format, args);
	va_end(args);
	output->len += (size_t)len;
}
