/* intro fd: what processes have open. */
#include <string.h>

#include "fd_columns.h"
#include "fd_mode.h"
#include "fd_source.h"
#include "present/message.h"
#include "processes/open.h"

enum key {
	KEY_SYSROOT = 600,
	KEY_DELETED,
	KEY_LISTEN,
	KEY_SHARED,
	KEY_PAIRS,
	KEY_SUMMARY,
};

static const struct option_row options[] = {
	{0, 0, NULL, ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "Which descriptors"},
	{FD_SELECT_USER, 'u', "user", ARGUMENT_REQUIRED, "LIST", COMPLETE_USERS, NULL,
	 "of processes of these effective users"},
	{FD_SELECT_PATH, 0, "path", ARGUMENT_REQUIRED, "FILE", COMPLETE_FILES, NULL,
	 "who has this file open, or what is below it"},
	{FD_SELECT_PORT, 0, "port", ARGUMENT_REQUIRED, "LIST", COMPLETE_NOTHING, NULL,
	 "local or remote: 443, tcp:443, udp:53, 8000-8100"},
	{FD_SELECT_KIND, 0, "kind", ARGUMENT_REQUIRED, "LIST", COMPLETE_WORD_LIST,
	 "reg dir chr blk lnk fifo pipe unix inet inet6 netlink packet vsock socket epoll eventfd "
	 "timerfd signalfd inotify fanotify pidfd memfd io_uring bpf perf userfaultfd ns anon "
	 "unknown",
	 "of these kinds; socket: of all families"},
	{FD_SELECT_SLOTS, 0, "slots", ARGUMENT_REQUIRED, "LIST", COMPLETE_WORD_LIST,
	 "all fd cwd root exe mem", "fd, cwd, root, exe, mem, or all; of the whole system: fd"},
	{0, 0, NULL, ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "In place of single descriptors"},
	{KEY_DELETED, 0, "deleted", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "deleted files, and the bytes that closing would free"},
	{KEY_LISTEN, 0, "listen", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "listeners: queue against backlog, groups"},
	{KEY_SHARED, 0, "shared", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "open file descriptions that several descriptors share"},
	{KEY_PAIRS, 0, "pairs", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL,
	 "pipes and connections: who writes, who reads"},
	{KEY_SUMMARY, 0, "summary", ARGUMENT_OPTIONAL, "LIST", COMPLETE_WORD_LIST,
	 "kind process user system", "counts by kind, process, user, of the system"},
	{0, 0, NULL, ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "Captured trees"},
	{KEY_SYSROOT, 0, "sysroot", ARGUMENT_REQUIRED, "DIR", COMPLETE_DIRECTORIES, NULL,
	 "take the names of users from DIR/etc"},
};

/* What shows something else than single descriptors; the last row is empty. */
static const struct mode_row {
	int key;
	const struct fd_mode *mode;
} modes[] = {
	{KEY_DELETED, &fd_mode_deleted}, {KEY_LISTEN, &fd_mode_listen},
	{KEY_SHARED, &fd_mode_shared},   {KEY_PAIRS, &fd_mode_pairs},
	{KEY_SUMMARY, &fd_mode_summary}, {0, NULL},
};

struct program {
	struct fd_source source;
	struct fd_mode_source groups; /* its mode is NULL where descriptors are listed */
	struct listing_options options;
	struct listing_tool *tool;
	const char *sysroot;
};

/* At once, since --list-columns and --help are about the columns of the mode. */
static int set_mode(struct program *program, const struct fd_mode *mode, const char *argument)
{
	const struct fd_mode *other = program->groups.mode;

	if (other && other != mode)
		return message_usage("--%s and --%s exclude each other", other->name, mode->name);
	program->groups.mode = mode;
	program->groups.argument = argument;
	program->tool->schema = mode->schema;
	program->tool->columns = mode->columns;
	program->tool->column_count = mode->column_count;
	program->tool->views = mode->views;
	program->tool->view_count = mode->view_count;
	return 0;
}

static int handle(void *state, int key, const char *argument)
{
	struct program *program = state;

	if (key == KEY_SYSROOT) {
		program->sysroot = argument;
		return 0;
	}
	for (const struct mode_row *row = modes; row->mode; row++)
		if (row->key == key)
			return set_mode(program, row->mode, argument);
	return fd_select_add(&program->source.selection, key, argument);
}

static void meta(void *state, struct listing_meta *ret)
{
	processes_meta(((struct fd_source *)state)->session, ret);
}

static void meta_of_groups(void *state, struct listing_meta *ret)
{
	processes_meta(((struct fd_mode_source *)state)->session, ret);
}

static void header_of_groups(void *state, void (*put)(void *context, const char *line),
			     void *context)
{
	fd_source_header(((struct fd_mode_source *)state)->source, put, context);
}

static int select_all(struct program *program)
{
	struct fd_selection *selection = &program->source.selection;
	int status = 0;

	if (program->options.pids)
		status = process_choice_add_pids(&selection->processes, program->options.pids);
	for (int i = 0; i < program->options.operand_count && !status; i++)
		status = fd_select_add_operand(selection, program->options.operands[i]);
	return status ? status : fd_select_prepare(selection, program->source.session);
}

static int list_descriptors(struct program *program)
{
	struct row_source source = {
		.state = &program->source,
		.start = fd_source_start,
		.next = fd_source_next,
		.complete = fd_source_complete,
		.errors = fd_source_errors,
		.missing = fd_source_missing,
		.header = fd_source_header,
		.again = fd_source_again,
	};

	program->source.selection.slots = fd_select_slots(&program->source.selection);
	return listing_run(program->tool, &program->options, &source, meta);
}

static int list_groups(struct program *program)
{
	struct fd_mode_source *groups = &program->groups;
	unsigned *slots = &program->source.selection.slots;
	struct row_source source = {
		.state = groups,
		.start = fd_mode_start,
		.next = fd_mode_next,
		.errors = fd_mode_errors,
		.missing = fd_mode_missing,
		.header = header_of_groups,
		.again = fd_mode_again,
	};
	int status;

	groups->session = program->source.session;
	groups->source = &program->source;
	*slots = *slots ? *slots & groups->mode->slots : groups->mode->slots;
	if (!*slots)
		return message_usage("--%s has no use for these slots", groups->mode->name);
	status = listing_run(program->tool, &program->options, &source, meta_of_groups);
	fd_mode_close(groups);
	return status;
}

static int run(struct program *program)
{
	int status =
		processes_open(program->options.procfs, program->sysroot, &program->source.session);

	if (status)
		return status;
	program->source.procfs = program->options.procfs;
	status = select_all(program);
	if (status)
		return status;
	return program->groups.mode ? list_groups(program) : list_descriptors(program);
}

int main(int argc, char **argv)
{
	struct listing_tool tool = {
		.name = "fd",
		.schema = "intro.fd/1",
		.summary = "descriptors: files, pipes, sockets and the rest, and their other ends",
		.operands = "[PID|NAME|FILE]...",
		.operand_completion = COMPLETE_PIDS_NAMES_AND_FILES,
		.views = fd_views,
		.view_count = fd_view_count,
		.options = options,
		.option_count = sizeof(options) / sizeof(options[0]),
	};
	struct program program = {.tool = &tool};
	int status;

	tool.columns = fd_columns(&tool.column_count);
	status = listing_parse(&tool, argc, argv, handle, &program, &program.options);
	if (status < 0)
		status = run(&program);
	fd_source_close(&program.source);
	listing_options_free(&program.options);
	return status;
}
