/* Messages for people, on stderr: always one line, whatever bytes they quote. */
#include "present/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "present/listing.h"
#include "present/output.h"
#include "present/terminal_text.h"

static const char *tool_name;

void message_set_tool(const char *name)
{
	tool_name = name;
}

static void write_stderr(const char *data, size_t len)
{
	/* Nobody is left to tell if stderr fails. */
	ssize_t done = write(STDERR_FILENO, data, len);

	(void)done;
}

static void write_prefix(struct output *line)
{
	output_string(line, tool_name != NULL ? "intro-" : "intro");
	if (tool_name != NULL)
		output_string(line, tool_name);
	output_string(line, ": ");
}

static void write_line(const char *format, va_list args)
{
	char *text;
	int len = vasprintf(&text, format, args);

	if (len < 0)
		message_out_of_memory();
	struct output line;

	output_open_memory(&line);
	write_prefix(&line);
	terminal_text(&line, text, (size_t)len, terminal_charset());
	output_char(&line, '\n');
	write_stderr(line.data, line.len);
	output_free(&line);
	free(text);
}

void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(format, args);
	va_end(args);
}

void message_hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(format, args);
	va_end(args);
}

int message_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(format, args);
	va_end(args);
	if (tool_name != NULL)
		message_hint("try 'intro-%s --help'", tool_name);
	else
		message_hint("try 'intro --help'");
	return EXIT_USAGE;
}

_Noreturn void message_out_of_memory(void)
{
	static const char text[] = ": out of memory\n";

	/* Piece by piece: there is no memory to put the line together. */
	write_stderr("intro", 5);
	if (tool_name != NULL) {
		write_stderr("-", 1);
		write_stderr(tool_name, strlen(tool_name));
	}
	write_stderr(text, sizeof(text) - 1);
	exit(EXIT_FATAL);
}
