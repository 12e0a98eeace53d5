/* intro ps: processes and threads. */
#include "processes/open.h"
#include "ps_source.h"

enum key { KEY_THREADS = 'T', KEY_TREE = 't', KEY_EVERY = 'e', KEY_SYSROOT = 600 };

static const struct option_row options[] = {
	{KEY_THREADS, 'T', "threads", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "a row for each thread"},
	{KEY_THREADS, 'L', NULL, ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, NULL},
	{KEY_TREE, 't', "tree", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "parents above their children; with -T threads below their process"},
	{PS_SELECT_USER, 'u', "user", ARGUMENT_REQUIRED, "LIST", COMPLETE_USERS, NULL,
	 "processes of these effective users"},
	{PS_SELECT_TTY, 0, "tty", ARGUMENT_REQUIRED, "LIST", COMPLETE_TTYS, NULL,
	 "on these terminals: pts/3, tty1, none"},
	{PS_SELECT_SESSION, 's', "session", ARGUMENT_REQUIRED, "LIST", COMPLETE_PIDS, NULL,
	 "in these sessions"},
	{PS_SELECT_STATE, 0, "state", ARGUMENT_REQUIRED, "LIST", COMPLETE_WORD_LIST,
	 "R S D T t X Z I P", "in these states: letters, or the kernel's words"},
	{PS_SELECT_CGROUP, 0, "cgroup", ARGUMENT_REQUIRED, "LIST", COMPLETE_NOTHING, NULL,
	 "in these control groups or below; patterns with * and ?"},
	{PS_SELECT_PARENT, 0, "parent", ARGUMENT_REQUIRED, "LIST", COMPLETE_PIDS, NULL,
	 "these processes and all below them"},
	{KEY_EVERY, 'e', NULL, ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, NULL},
	{KEY_EVERY, 'A', NULL, ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, NULL},
	{KEY_SYSROOT, 0, "sysroot", ARGUMENT_REQUIRED, "DIR", COMPLETE_DIRECTORIES, NULL,
	 "take the names of users from DIR/etc"},
};

struct program {
	struct ps ps;
	struct listing_options options;
	const char *sysroot;
};

static int handle(void *state, int key, const char *argument)
{
	struct program *program = state;

	switch (key) {
	case KEY_THREADS:
		program->ps.threads = true;
		return 0;
	case KEY_TREE:
		program->options.tree = true;
		return 0;
	case KEY_EVERY: /* all are listed anyway, but fingers know it from ps */
		return 0;
	case KEY_SYSROOT:
		program->sysroot = argument;
		return 0;
	default:
		return ps_select_add(&program->ps.selection, key, argument);
	}
}

static void meta(void *state, struct listing_meta *ret)
{
	processes_meta(((struct ps *)state)->session, ret);
}

static void header(void *state, void (*put)(void *context, const char *line), void *context)
{
	struct ps *ps = state;

	ps_history_header(&ps->history, ps->session, ps->threads, put, context);
}

static int run(const struct listing_tool *tool, struct program *program)
{
	struct row_source source = {
		.state = &program->ps,
		.start = ps_source_start,
		.next = ps_source_next,
		.complete = ps_source_complete,
		.errors = ps_source_errors,
		.missing = ps_source_missing,
		.header = header,
		.again = ps_source_again,
	};
	int status =
		processes_open(program->options.procfs, program->sysroot, &program->ps.session);

	if (status)
		return status;
	program->ps.procfs = program->options.procfs;
	program->ps.history.on = program->options.watch;
	status = ps_select_prepare(&program->ps.selection, program->ps.session,
				   program->options.pids, program->options.operands,
				   program->options.operand_count);
	if (status)
		return status;
	if (program->ps.threads || process_choice_has_threads(&program->ps.selection.processes))
		program->options.default_view = "threads";
	program->options.watch_sort = "-cpu_percent";
	return listing_run(tool, &program->options, &source, meta);
}

int main(int argc, char **argv)
{
	struct listing_tool tool = {
		.name = "ps",
		.schema = "intro.ps/1",
		.summary = "processes and threads: states, ids, scheduling, signals, memory",
		.operands = "[PID|NAME]...",
		.operand_completion = COMPLETE_PIDS_AND_NAMES,
		.views = ps_views,
		.view_count = ps_view_count,
		.options = options,
		.option_count = sizeof(options) / sizeof(options[0]),
		.tree_id = "tid",
		.tree_parent = "tree_parent",
		.tree_needs = INTRO_WANT(STAT),
	};
	struct program program = {0};
	int status;

	tool.columns = ps_columns(&tool.column_count);
	status = listing_parse(&tool, argc, argv, handle, &program, &program.options);
	if (status < 0)
		status = run(&tool, &program);
	ps_source_close(&program.ps);
	listing_options_free(&program.options);
	return status;
}
