/* The options that all listing tools share. */
#include "present/listing_options.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "present/columns_list.h"
#include "present/completion.h"
#include "present/message.h"
#include "present/schema.h"
#include "present/version.h"

enum {
	KEY_VIEW = 256,
	KEY_SORT,
	KEY_COLOR,
	KEY_PROCFS,
	KEY_PRINT_COMPLETION,
	KEY_PRINT_SCHEMA,
};

static const struct option_row row_options[] = {
	{'p', 'p', "pid", ARGUMENT_REQUIRED, "LIST", COMPLETE_PIDS, NULL, "only these processes"},
	{'Q', 'Q', "filter", ARGUMENT_REQUIRED, "EXPR", COMPLETE_NOTHING, NULL,
	 "only rows where this SQL expression is true"},
	{KEY_SORT, 0, "sort", ARGUMENT_REQUIRED, "LIST", COMPLETE_SORT, NULL,
	 "order by these columns; -COL descends"},
};

static const struct option_row output_options[] = {
	{'o', 'o', "output", ARGUMENT_REQUIRED, "LIST", COMPLETE_COLUMNS, NULL,
	 "columns; +COL adds to the default; 'all'"},
	{KEY_VIEW, 0, "view", ARGUMENT_REQUIRED, "NAME", COMPLETE_VIEWS, NULL,
	 "a named set of columns, see below"},
	{'H', 'H', "list-columns", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "list the columns there are"},
	{'J', 'J', "json", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "one JSON object"},
	{'j', 'j', "ndjson", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "one JSON object a line"},
	{'r', 'r', "raw", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "tab-separated, nothing cut, control bytes escaped"},
	{'n', 'n', "noheadings", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "without the heading line"},
	{KEY_COLOR, 0, "color", ARGUMENT_OPTIONAL, "WHEN", COMPLETE_WORDS, "auto always never",
	 "auto, always or never"},
	{KEY_COLOR, 0, "colour", ARGUMENT_OPTIONAL, "WHEN", COMPLETE_WORDS, "auto always never",
	 NULL},
	{'W', 'W', "watch", ARGUMENT_OPTIONAL, "SECONDS", COMPLETE_NOTHING, NULL,
	 "repeat every 2 seconds, or so many; q quits"},
};

static const struct option_row general_options[] = {
	{KEY_PROCFS, 0, "procfs", ARGUMENT_REQUIRED, "DIR", COMPLETE_DIRECTORIES, NULL,
	 "read a captured tree in place of /proc"},
	{KEY_PRINT_COMPLETION, 0, "print-completion", ARGUMENT_OPTIONAL, "SHELL", COMPLETE_WORDS,
	 "bash", NULL},
	{KEY_PRINT_SCHEMA, 0, "print-schema", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, NULL},
	{'h', 'h', "help", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "show this text"},
	{'V', 'V', "version", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "show the version"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void listing_groups(const struct listing_tool *tool,
		    int (*handler)(void *context, int key, const char *argument), void *context,
		    struct option_group groups[LISTING_GROUPS])
{
	groups[0] = (struct option_group){"Options of this tool", tool->options, tool->option_count,
					  NULL, NULL};
	groups[1] =
		(struct option_group){"Rows", row_options, COUNT(row_options), handler, context};
	groups[2] = (struct option_group){"Output", output_options, COUNT(output_options), handler,
					  context};
	groups[3] = (struct option_group){"General", general_options, COUNT(general_options),
					  handler, context};
}

struct out *listing_out_new(enum listing_format format, const struct out_setup *setup)
{
	switch (format) {
	case FORMAT_JSON:
		return out_json_new(setup);
	case FORMAT_NDJSON:
		return out_ndjson_new(setup);
	case FORMAT_RAW:
		return out_raw_new(setup);
	default:
		return out_table_new(setup);
	}
}

/* What to do in place of a listing. It waits until all options are known: -H may come before -J. */
enum request {
	REQUEST_NONE,
	REQUEST_HELP,
	REQUEST_VERSION,
	REQUEST_COLUMNS,
	REQUEST_COMPLETION,
	REQUEST_SCHEMA,
};

struct parsing {
	struct listing_options *options;
	enum request request;
};

static const char *join(struct arena *arena, const char *list, const char *more)
{
	return list == NULL ? more : arena_printf(arena, "%s,%s", list, more);
}

static int set_format(struct listing_private *private_, enum listing_format format)
{
	if (private_->format != FORMAT_TABLE && private_->format != format)
		return message_usage("--json, --ndjson and --raw exclude each other");
	private_->format = format;
	return 0;
}

static int set_color(struct listing_private *private_, const char *when)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

	if (when == NULL) {
		private_->color = COLOR_ALWAYS;
		return 0;
	}
	for (unsigned i = 0; i < COUNT(names); i++) {
		if (strcmp(names[i], when) == 0) {
			private_->color = (enum color_when)i;
			return 0;
		}
	}
	return message_usage("--color takes auto, always or never, not '%s'", when);
}

static int set_watch(struct listing_options *options, const char *seconds)
{
	double *interval = &options->private_->watch_seconds;

	options->watch = true;
	*interval = 2;
	if (seconds == NULL)
		return 0;
	char *end;
	double number = strtod(seconds, &end);

	if (end == seconds || *end != '\0' || !isfinite(number) || number < 0 || number > 1e6)
		return message_usage("'%s' is not a number of seconds to watch", seconds);
	*interval = number < 0.1 ? 0.1 : number;
	return 0;
}

static int add_filter(struct listing_private *private_, const char *expression)
{
	size_t size = (private_->filter_count + 1) * sizeof(*private_->filters);
	const char **filters = realloc(private_->filters, size);

	if (filters == NULL)
		message_out_of_memory();
	filters[private_->filter_count++] = expression;
	private_->filters = filters;
	return 0;
}

static int set_request(struct parsing *parsing, enum request request)
{
	/* The first one counts, but help is never refused. */
	if (parsing->request == REQUEST_NONE || request == REQUEST_HELP)
		parsing->request = request;
	return 0;
}

static int handle_shared(void *context, int key, const char *argument)
{
	struct parsing *parsing = context;
	struct listing_options *options = parsing->options;
	struct listing_private *private_ = options->private_;

	switch (key) {
	case 'p':
		options->pids = join(&private_->arena, options->pids, argument);
		return 0;
	case 'Q':
		return add_filter(private_, argument);
	case KEY_SORT:
		private_->sort = join(&private_->arena, private_->sort, argument);
		return 0;
	case 'o':
		private_->columns = join(&private_->arena, private_->columns, argument);
		return 0;
	case KEY_VIEW:
		private_->view = argument;
		return 0;
	case 'J':
		return set_format(private_, FORMAT_JSON);
	case 'j':
		return set_format(private_, FORMAT_NDJSON);
	case 'r':
		return set_format(private_, FORMAT_RAW);
	case 'n':
		private_->headings = false;
		return 0;
	case KEY_COLOR:
		return set_color(private_, argument);
	case 'W':
		return set_watch(options, argument);
	case KEY_PROCFS:
		options->procfs = argument;
		return 0;
	case 'H':
		return set_request(parsing, REQUEST_COLUMNS);
	case 'h':
		return set_request(parsing, REQUEST_HELP);
	case 'V':
		return set_request(parsing, REQUEST_VERSION);
	case KEY_PRINT_COMPLETION:
		if (argument != NULL && strcmp(argument, "bash") != 0)
			return message_usage("no completions for the shell '%s'", argument);
		return set_request(parsing, REQUEST_COMPLETION);
	case KEY_PRINT_SCHEMA:
		return set_request(parsing, REQUEST_SCHEMA);
	default:
		return message_usage("option %d is not handled", key);
	}
}

static void write_help(struct output *output, const struct listing_tool *tool)
{
	struct option_group groups[LISTING_GROUPS];

	listing_groups(tool, NULL, NULL, groups);
	output_printf(output, "Usage: intro-%s [OPTION]...%s%s\n", tool->name,
		      tool->operands != NULL ? " " : "",
		      tool->operands != NULL ? tool->operands : "");
	/* The summary also stands in lists, where it begins small. */
	output_char(output, (char)toupper((unsigned char)tool->summary[0]));
	output_printf(output, "%s.\n", tool->summary + 1);
	options_describe(output, groups, LISTING_GROUPS);
	output_string(output, "\nViews:\n");
	for (size_t i = 0; i < tool->view_count; i++)
		output_printf(output, "  %-24s%s\n", tool->views[i].name, tool->views[i].help);
	output_string(output,
		      "\nExit status: 0 all well, 1 nothing matched or something that was named "
		      "could not\nbe read, 2 a mistake in usage, 3 out of memory or output could "
		      "not be written.\n");
}

/* Returns the exit status. */
static int fulfil(const struct parsing *parsing, const struct listing_tool *tool)
{
	struct output text, output;

	if (parsing->request == REQUEST_COLUMNS)
		return columns_list(tool, parsing->options->private_);
	output_open_memory(&text);
	if (parsing->request == REQUEST_HELP)
		write_help(&text, tool);
	else if (parsing->request == REQUEST_VERSION)
		output_printf(&text, "intro-%s (intro) %s\n", tool->name, INTRO_VERSION);
	else if (parsing->request == REQUEST_SCHEMA)
		schema_write(&text, tool);
	else
		completion_for_bash(&text, tool);
	output_open(&output, 1);
	output_bytes(&output, text.data, text.len);

	int status = output_finish(&output);

	output_free(&output);
	output_free(&text);
	return status;
}

int listing_parse(const struct listing_tool *tool, int argc, char **argv,
		  int (*handler)(void *state, int key, const char *argument), void *state,
		  struct listing_options *ret)
{
	struct option_group groups[LISTING_GROUPS];
	struct parsing parsing = {.options = ret};
	int first_operand;

	message_set_tool(tool->name);
	output_reserve_standard_fds();
	setlocale(LC_CTYPE, "");
	/* A pipe without a reader is an error of writing like others. */
	signal(SIGPIPE, SIG_IGN);

	*ret = (struct listing_options){.private_ = calloc(1, sizeof(*ret->private_))};
	if (ret->private_ == NULL)
		message_out_of_memory();
	ret->private_->headings = true;
	listing_groups(tool, handle_shared, &parsing, groups);
	groups[0].handler = handler;
	groups[0].context = state;

	int status = options_parse(groups, LISTING_GROUPS, argc, argv, &first_operand);

	if (status != 0)
		return status;
	ret->operands = argv + first_operand;
	ret->operand_count = argc - first_operand;
	return parsing.request == REQUEST_NONE ? -1 : fulfil(&parsing, tool);
}

void listing_options_free(struct listing_options *options)
{
	if (options->private_ == NULL)
		return;
	arena_free(&options->private_->arena);
	free(options->private_->filters);
	free(options->private_);
	options->private_ = NULL;
}
