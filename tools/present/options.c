/* Command lines: getopt_long does the parsing, its tables are made from ours. */
#include "present/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "present/listing.h"
#include "present/message.h"
#include "present/suggest.h"

enum { LONG_BASE = 1000, LEFT_WIDTH = 26 };

struct parser {
	const struct option_group *groups;
	size_t group_count;
	struct option *longs;
	char *shorts;
};

bool option_is_title(const struct option_row *row)
{
	return row->letter == 0 && row->name == NULL;
}

static void make_tables(struct parser *parser)
{
	size_t count = 0;

	for (size_t g = 0; g < parser->group_count; g++)
		count += parser->groups[g].count;
	parser->longs = calloc(count + 1, sizeof(*parser->longs));
	parser->shorts = calloc(count * 3 + 2, 1);
	if (parser->longs == NULL || parser->shorts == NULL)
		message_out_of_memory();

	struct option *to = parser->longs;
	char *letter = parser->shorts;

	*letter++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t g = 0; g < parser->group_count; g++) {
		for (size_t i = 0; i < parser->groups[g].count; i++) {
			const struct option_row *row = &parser->groups[g].rows[i];

			if (row->name != NULL)
				*to++ = (struct option){row->name, (int)row->argument, NULL,
							LONG_BASE + (int)(g * LONG_BASE + i)};
			if (row->letter == 0)
				continue;
			*letter++ = row->letter;
			for (int colons = (int)row->argument; colons > 0; colons--)
				*letter++ = ':';
		}
	}
}

/* What getopt_long returned is a letter, or tells the place of a long option. */
static int handle(const struct parser *parser, int code, const char *argument)
{
	for (size_t g = 0; g < parser->group_count; g++) {
		const struct option_group *group = &parser->groups[g];

		for (size_t i = 0; i < group->count; i++) {
			const struct option_row *row = &group->rows[i];

			if (code == LONG_BASE + (int)(g * LONG_BASE + i) ||
			    (code < LONG_BASE && row->letter != 0 && code == row->letter))
				return group->handler(group->context, row->key, argument);
		}
	}
	return message_usage("unknown option '-%c'", code);
}

static int unknown_long(const struct parser *parser, const char *text)
{
	size_t len = strcspn(text + 2, "=");
	struct suggestion suggestion = suggest_for(text + 2, len);
	unsigned beginnings = 0;

	for (const struct option *option = parser->longs; option->name != NULL; option++) {
		if (strlen(option->name) == len && strncmp(option->name, text + 2, len) == 0)
			return message_usage("option '--%s' takes no argument", option->name);
		if (strncmp(option->name, text + 2, len) == 0)
			beginnings++;
		suggest_offer(&suggestion, option->name);
	}
	if (beginnings > 1)
		return message_usage("option '%.*s' is ambiguous", (int)len + 2, text);
	if (suggestion.best != NULL)
		return message_usage("unknown option '%.*s' (did you mean '--%s'?)", (int)len + 2,
				     text, suggestion.best);
	return message_usage("unknown option '%.*s'", (int)len + 2, text);
}

static int report_mistake(const struct parser *parser, int code, char **argv)
{
	const char *text = argv[optind - 1];
	bool is_long = optopt == 0 || optopt >= LONG_BASE;

	if (code == ':' && is_long)
		return message_usage("option '%s' needs an argument", text);
	if (code == ':')
		return message_usage("option '-%c' needs an argument", optopt);
	if (is_long)
		return unknown_long(parser, text);
	return message_usage("unknown option '-%c'", optopt);
}

int options_parse(const struct option_group *groups, size_t group_count, int argc, char **argv,
		  int *first_operand)
{
	struct parser parser = {.groups = groups, .group_count = group_count};
	int status = 0, code;

	make_tables(&parser);
	opterr = 0;
	optind = 0; /* 0, not 1: GNU's way to begin anew */
	while (status == 0) {
		code = getopt_long(argc, argv, parser.shorts, parser.longs, NULL);
		if (code == -1)
			break;
		if (code == '?' || code == ':')
			status = report_mistake(&parser, code, argv);
		else
			status = handle(&parser, code, optarg);
	}
	*first_operand = optind;
	free(parser.longs);
	free(parser.shorts);
	return status;
}

/* "  -W, --watch[=SECONDS]" */
static void describe_left(struct output *output, const struct option_row *row)
{
	const char *metavar = row->metavar != NULL ? row->metavar : "ARG";

	if (row->letter != 0)
		output_printf(output, "  -%c", row->letter);
	else
		output_string(output, "    ");
	if (row->name != NULL)
		output_printf(output, "%s --%s", row->letter != 0 ? "," : " ", row->name);
	if (row->argument == ARGUMENT_REQUIRED)
		output_printf(output, " %s", metavar);
	else if (row->argument == ARGUMENT_OPTIONAL)
		output_printf(output, row->name != NULL ? "[=%s]" : "[%s]", metavar);
}

static void describe_row(struct output *output, const struct option_row *row)
{
	size_t start = output->len;

	describe_left(output, row);
	do {
		output_char(output, ' ');
	} while (output->len - start < LEFT_WIDTH);
	output_string(output, row->help);
	output_char(output, '\n');
}

void options_describe(struct output *output, const struct option_group *groups, size_t group_count)
{
	for (size_t g = 0; g < group_count; g++) {
		const struct option_group *group = &groups[g];

		if (group->count == 0)
			continue;
		if (!option_is_title(&group->rows[0]))
			output_printf(output, "\n%s:\n", group->title);
		for (size_t i = 0; i < group->count; i++) {
			if (option_is_title(&group->rows[i]))
				output_printf(output, "\n%s:\n", group->rows[i].help);
			else if (group->rows[i].help != NULL)
				describe_row(output, &group->rows[i]);
		}
	}
}
