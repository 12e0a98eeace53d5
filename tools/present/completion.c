/* Data for bash, from the same tables that parse the command line. */
#include "present/completion.h"

#include "present/listing_options.h"

/* The word by which completions/intro.bash knows what completes an argument. */
static const char *kind_of(enum option_completion completion)
{
	static const char *const kinds[] = {
		[COMPLETE_NOTHING] = "nothing",
		[COMPLETE_COLUMNS] = "columns",
		[COMPLETE_SORT] = "sort",
		[COMPLETE_VIEWS] = "views",
		[COMPLETE_PIDS] = "pids",
		[COMPLETE_PIDS_AND_NAMES] = "pids_and_names",
		[COMPLETE_PIDS_NAMES_AND_FILES] = "pids_names_and_files",
		[COMPLETE_USERS] = "users",
		[COMPLETE_TTYS] = "ttys",
		[COMPLETE_DIRECTORIES] = "directories",
		[COMPLETE_FILES] = "files",
		[COMPLETE_WORDS] = "words",
		[COMPLETE_WORD_LIST] = "word_list",
	};

	return kinds[completion];
}

typedef void row_writer(struct output *output, const struct option_row *row);

static void for_each_row(struct output *output, const struct listing_tool *tool, row_writer *write)
{
	struct option_group groups[LISTING_GROUPS];

	listing_groups(tool, NULL, NULL, groups);
	for (size_t g = 0; g < LISTING_GROUPS; g++) {
		for (size_t i = 0; i < groups[g].count; i++) {
			const struct option_row *row = &groups[g].rows[i];

			if (!option_is_title(row) && row->help != NULL)
				write(output, row);
		}
	}
}

static void write_option(struct output *output, const struct option_row *row)
{
	if (row->letter != 0)
		output_printf(output, " -%c", row->letter);
	if (row->name == NULL)
		return;
	/* An optional argument is only taken after "=". */
	output_printf(output, " --%s%s", row->name, row->argument == ARGUMENT_OPTIONAL ? "=" : "");
	if (row->argument == ARGUMENT_OPTIONAL)
		output_printf(output, " --%s", row->name);
}

static void write_argument(struct output *output, const struct option_row *row)
{
	bool takes_words =
		row->completion == COMPLETE_WORDS || row->completion == COMPLETE_WORD_LIST;
	const char *words = takes_words ? row->words : NULL;

	if (row->argument == ARGUMENT_NONE)
		return;
	output_string(output, "\t");
	if (row->letter != 0 && row->argument == ARGUMENT_REQUIRED)
		output_printf(output, "[-%c]='%s%s%s' ", row->letter, kind_of(row->completion),
			      words != NULL ? " " : "", words != NULL ? words : "");
	if (row->name != NULL)
		output_printf(output, "[--%s%s]='%s%s%s'", row->name,
			      row->argument == ARGUMENT_OPTIONAL ? "=" : "",
			      kind_of(row->completion), words != NULL ? " " : "",
			      words != NULL ? words : "");
	output_char(output, '\n');
}

void completion_for_bash(struct output *output, const struct listing_tool *tool)
{
	output_printf(output, "# intro-%s\n_intro_tools+=(%s)\n", tool->name, tool->name);
	output_printf(output, "_intro_options[%s]='", tool->name);
	for_each_row(output, tool, write_option);
	output_printf(output, "'\n_intro_columns[%s]='all", tool->name);
	for (size_t i = 0; i < tool->column_count; i++)
		output_printf(output, " %s", tool->columns[i].name);
	output_printf(output, "'\n_intro_views[%s]='", tool->name);
	for (size_t i = 0; i < tool->view_count; i++)
		output_printf(output, "%s%s", i > 0 ? " " : "", tool->views[i].name);
	output_printf(output, "'\n_intro_operands[%s]='%s'\n", tool->name,
		      kind_of(tool->operand_completion));
	output_printf(output, "declare -gA _intro_arguments_%s=(\n", tool->name);
	for_each_row(output, tool, write_argument);
	output_printf(output, ")\ncomplete -F _intro_complete intro-%s\n", tool->name);
}
