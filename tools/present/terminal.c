/* What the terminal is and can: size, colours. */
#include "present/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool terminal_is_output(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

bool terminal_wants_color(enum color_when when)
{
	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no_color != NULL && no_color[0] != '\0')
		return false;
	if (term == NULL || strcmp(term, "dumb") == 0)
		return false;
	return terminal_is_output();
}

static size_t size_from(unsigned short of_terminal, const char *variable, size_t otherwise)
{
	if (of_terminal > 0)
		return of_terminal;
	const char *text = getenv(variable);
	unsigned long n = text != NULL ? strtoul(text, NULL, 10) : 0;

	return n > 0 && n < 100000 ? n : otherwise;
}

static struct winsize window(void)
{
	struct winsize size = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		size = (struct winsize){0};
	return size;
}

size_t terminal_width(void)
{
	return size_from(window().ws_col, "COLUMNS", 80);
}

size_t terminal_height(void)
{
	return size_from(window().ws_row, "LINES", 24);
}
