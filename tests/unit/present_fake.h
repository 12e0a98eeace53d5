/*
 * A tool that is made up: a column of every type and rows from an array, so that the way from rows
 * to text can be tested without any real source. It notes what it was asked for.
 */
#ifndef TESTS_UNIT_PRESENT_FAKE_H
#define TESTS_UNIT_PRESENT_FAKE_H

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "present/listing.h"
#include "present/message.h"

enum fake_source {
	FAKE_IDS = 1 << 0,
	FAKE_NAME = 1 << 1,
	FAKE_SIZE = 1 << 2,
	FAKE_REST = 1 << 3,
	FAKE_SHOWN = 1 << 4,
};

struct fake_row {
	int64_t id, parent;
	const char *name;
	size_t name_len; /* 0: up to the NUL */
	int64_t size;    /* negative: null */
	double ratio;
	bool flag;
	uint64_t address, time_ns, signals;
	const char *state;
	bool denied; /* reports an error */
	bool gone;   /* vanishes before it is complete */
};

struct fake {
	const struct fake_row *rows;
	size_t count, next;
	unsigned round;
	uint64_t needs, first, completed;
	unsigned starts, completions;
	bool names_all; /* errors are about what the user named */
	bool with_header;
	struct fake_row *changing; /* its parent is another one in each round */
	size_t later;              /* rows that are only there from the second round on */
	int fail_at;               /* `next` fails with EXIT_FATAL at this row; negative: never */
};

static const struct fake_row *fake_row(const void *row)
{
	return row;
}

static inline void fake_get_id(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_int(fake_row(row)->id);
}
static inline void fake_get_parent(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_int(fake_row(row)->parent);
}
static inline void fake_get_name(const void *row, struct arena *arena, struct value *ret)
{
	const struct fake_row *fake = row;

	(void)arena;
	*ret = fake->name_len > 0 ? value_bytes(fake->name, fake->name_len)
				  : value_string(fake->name);
}
static inline void fake_get_size(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	if (fake_row(row)->size >= 0)
		*ret = value_uint((uint64_t)fake_row(row)->size);
}
static inline void fake_get_ratio(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_real(fake_row(row)->ratio);
}
static inline void fake_get_flag(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_bool(fake_row(row)->flag);
}
static inline void fake_get_address(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_address(fake_row(row)->address);
}
static inline void fake_get_time(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	if (fake_row(row)->time_ns != 0)
		*ret = value_time(fake_row(row)->time_ns);
}
static inline void fake_get_signals(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	if (fake_row(row)->size >= 0)
		*ret = value_set(fake_row(row)->signals, INTRO_NAMES_SIGNAL);
}
static inline void fake_get_state(const void *row, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = value_string(fake_row(row)->state);
}
/* The words of the name; null without a name. */
static inline void fake_get_words(const void *row, struct arena *arena, struct value *ret)
{
	struct value *items, name;
	size_t count = 0, start = 0;

	fake_get_name(row, arena, &name);
	if (name.kind != VALUE_TEXT)
		return;
	items = arena_alloc(arena, (name.text.len + 1) * sizeof(*items));
	for (size_t i = 0; i <= name.text.len; i++) {
		if (i < name.text.len && name.text.data[i] != ' ')
			continue;
		items[count++] = value_bytes(name.text.data + start, i - start);
		start = i + 1;
	}
	*ret = (struct value){.kind = VALUE_LIST, .list = {.items = items, .count = count}};
}
static inline void fake_get_object(const void *row, struct arena *arena, struct value *ret)
{
	struct member *members = arena_alloc(arena, 2 * sizeof(*members));

	members[0].key = "id";
	fake_get_id(row, arena, &members[0].value);
	members[1].key = "name";
	fake_get_name(row, arena, &members[1].value);
	*ret = (struct value){.kind = VALUE_OBJECT, .object = {members, 2}};
}
static inline void fake_get_shown(const void *row, struct arena *arena, struct value *ret)
{
	if (fake_row(row)->flag)
		fake_get_name(row, arena, ret);
}
static inline void fake_show_shown(const void *row, struct arena *arena, struct value *ret)
{
	*ret = value_string(arena_printf(arena, "[%s]", fake_row(row)->name));
}

static const struct column fake_columns[] = {
	{"id", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, FAKE_IDS, fake_get_id, NULL, 0, NULL,
	 "number of the row"},
	{"parent", "UP", COLUMN_INTEGER, UNIT_NONE, 0, FAKE_IDS, fake_get_parent, NULL, 0, NULL,
	 "number of the row above"},
	{"name", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_TREE | COLUMN_STRETCH, FAKE_NAME,
	 fake_get_name, NULL, 0, NULL, "any bytes"},
	{"size", NULL, COLUMN_INTEGER, UNIT_BYTES, COLUMN_VOLATILE, FAKE_SIZE, fake_get_size, NULL,
	 0, NULL, "bytes"},
	{"ratio", NULL, COLUMN_REAL, UNIT_PERCENT, COLUMN_DIM, FAKE_REST, fake_get_ratio, NULL, 0,
	 NULL, "a real number"},
	{"flag", NULL, COLUMN_BOOL, UNIT_NONE, 0, FAKE_REST, fake_get_flag, NULL, 0, "parent",
	 "yes or no, and JSON tells the parent too"},
	{"address", NULL, COLUMN_ADDRESS, UNIT_NONE, 0, FAKE_REST, fake_get_address, NULL, 0, NULL,
	 "an address"},
	{"time", NULL, COLUMN_TIME, UNIT_NONE, 0, FAKE_REST, fake_get_time, NULL, 0, NULL,
	 "a point in time"},
	{"signals", NULL, COLUMN_SET, UNIT_NONE, COLUMN_SHORT_NAMES, FAKE_REST, fake_get_signals,
	 NULL, 0, NULL, "a mask of signals"},
	{"state", "S", COLUMN_TEXT, UNIT_NONE, COLUMN_STATE, FAKE_REST, fake_get_state, NULL, 0,
	 NULL, "a letter"},
	{"words", NULL, COLUMN_LIST, UNIT_NONE, 0, FAKE_NAME, fake_get_words, NULL, 0, NULL,
	 "the words of the name"},
	{"object", NULL, COLUMN_OBJECT, UNIT_NONE, 0, FAKE_IDS | FAKE_NAME, fake_get_object, NULL,
	 0, NULL, "id and name"},
	{"shown", NULL, COLUMN_TEXT, UNIT_NONE, 0, FAKE_NAME, fake_get_shown, fake_show_shown,
	 FAKE_SHOWN, NULL, "null where flag is false, in brackets in a table"},
};

static const struct view fake_views[] = {
	{"default", "id,name,size", "what one wants", NULL},
	{"types", "ratio,flag,address,time,signals,state", "the rest", NULL},
};

static const struct option_row fake_options[] = {
	{'t', 't', "tree", ARGUMENT_NONE, NULL, COMPLETE_NOTHING, NULL, "draw the tree"},
	{300, 0, "only", ARGUMENT_REQUIRED, "WORD", COMPLETE_WORDS, "this that", "takes a word"},
};

static const struct listing_tool fake_tool = {
	.name = "fake",
	.schema = "intro.fake/1",
	.summary = "rows that are made up",
	.operands = "[ID]...",
	.operand_completion = COMPLETE_PIDS,
	.columns = fake_columns,
	.column_count = sizeof(fake_columns) / sizeof(fake_columns[0]),
	.views = fake_views,
	.view_count = sizeof(fake_views) / sizeof(fake_views[0]),
	.options = fake_options,
	.option_count = sizeof(fake_options) / sizeof(fake_options[0]),
	.tree_id = "id",
	.tree_parent = "parent",
	.tree_needs = FAKE_IDS,
};

static inline int fake_start(void *state, uint64_t needs, uint64_t first)
{
	struct fake *fake = state;

	fake->needs = needs;
	fake->first = first;
	fake->starts++;
	return 0;
}

static inline int fake_next(void *state, const void **row)
{
	struct fake *fake = state;

	if (fake->fail_at >= 0 && fake->next == (size_t)fake->fail_at) {
		message("made to fail");
		return -EXIT_FATAL;
	}
	if (fake->next == fake->count)
		return 0;
	*row = &fake->rows[fake->next++];
	return 1;
}

static inline int fake_complete(void *state, uint64_t needs)
{
	struct fake *fake = state;

	fake->completed |= needs;
	fake->completions++;
	return fake->rows[fake->next - 1].gone;
}

static inline void fake_errors(void *state, row_error_handler *handler, void *context)
{
	struct fake *fake = state;
	const struct fake_row *row = &fake->rows[fake->next - 1];
	const struct row_error error = {
		.pid = row->id,
		.what = "io",
		.os_errno = EACCES,
		.message = "cannot read io: Permission denied",
		.hint = "you are not its owner",
		.named = fake->names_all,
	};

	if (row->denied)
		handler(context, &error);
}

static inline void fake_header(void *state, void (*put)(void *context, const char *line),
			       void *context)
{
	if (((struct fake *)state)->with_header)
		put(context, "a line above");
}

static inline int fake_again(void *state)
{
	struct fake *fake = state;

	fake->next = 0;
	fake->round++;
	if (fake->changing != NULL)
		fake->changing->parent++;
	fake->count += fake->later;
	fake->later = 0;
	return 0;
}

static inline void fake_meta(void *state, struct listing_meta *ret)
{
	(void)state;
	/* 2026-11-21T04:00:01.230Z */
	*ret = (struct listing_meta){"host \"a\"", "boot", UINT64_C(1795233601230000000)};
}

static inline struct row_source fake_source(struct fake *fake)
{
	return (struct row_source){
		.state = fake,
		.start = fake_start,
		.next = fake_next,
		.complete = fake_complete,
		.errors = fake_errors,
		.header = fake_header,
		.again = fake_again,
	};
}

struct fake_result {
	int status;
	char out[16384], err[4096];
};

static inline int fake_handler(void *state, int key, const char *argument)
{
	struct listing_options *options = state;

	if (key == 't')
		options->tree = true;
	else if (key != 300 || (strcmp(argument, "this") != 0 && strcmp(argument, "that") != 0))
		return message_usage("--only takes this or that");
	return 0;
}

static inline int fake_main(struct fake *fake, int argc, char **argv)
{
	struct listing_options options;
	struct row_source source = fake_source(fake);
	int status = listing_parse(&fake_tool, argc, argv, fake_handler, &options, &options);

	if (status < 0)
		status = listing_run(&fake_tool, &options, &source, fake_meta);
	listing_options_free(&options);
	return status;
}

static inline int fake_redirect(int fd, int *saved)
{
	int file = memfd_create("captured", MFD_CLOEXEC);

	assert_true(file >= 0);
	*saved = dup(fd);
	dup2(file, fd);
	return file;
}

static inline void fake_restore(int fd, int saved, int file, char *text, size_t size)
{
	ssize_t len = pread(file, text, size - 1, 0);

	text[len > 0 ? len : 0] = '\0';
	dup2(saved, fd);
	close(saved);
	close(file);
}

/* Runs the tool with a command line whose words are separated by '|'. */
static inline void fake_run(struct fake *fake, const char *words, struct fake_result *ret)
{
	char *line = strdup(words), *argv[32], *rest = line;
	int argc = 0, saved_out, saved_err;

	assert_non_null(line);
	argv[argc++] = (char[]){"intro-fake"};
	for (char *word; argc < 31 && *words != '\0' && (word = strsep(&rest, "|")) != NULL;)
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(NULL);
	int out = fake_redirect(1, &saved_out), err = fake_redirect(2, &saved_err);

	ret->status = fake_main(fake, argc, argv);
	fake_restore(1, saved_out, out, ret->out, sizeof(ret->out));
	fake_restore(2, saved_err, err, ret->err, sizeof(ret->err));
	free(line);
}

#endif
