/* Command lines by tables of options: parsing and usage text. */
#ifndef PRESENT_OPTIONS_H
#define PRESENT_OPTIONS_H

#include <stddef.h>

#include "present/option.h"
#include "present/output.h"

struct option_group {
	const char *title; /* in the usage text: "Output" */
	const struct option_row *rows;
	size_t count;
	/* Returns 0, or the exit status to end with. */
	int (*handler)(void *context, int key, const char *argument);
	void *context;
};

/*
 * Parses argv and moves its operands to the end, the first at *first_operand. Returns 0, what a
 * handler returned, or EXIT_USAGE after a message.
 */
int options_parse(const struct option_group *groups, size_t group_count, int argc, char **argv,
		  int *first_operand);

/* The options with their help, group by group. */
void options_describe(struct output *output, const struct option_group *groups, size_t group_count);

/* A row without letter and name is a title inside its group: its help is the title. */
bool option_is_title(const struct option_row *row);

#endif
