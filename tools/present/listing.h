/*
 * The one way from rows to text that all listing tools share: options, columns, filter, order,
 * tree, watch, and the writers. A tool brings its tables and a source of rows.
 */
#ifndef PRESENT_LISTING_H
#define PRESENT_LISTING_H

#include <stdio.h>

#include "present/column.h"
#include "present/option.h"

enum exit_status {
	EXIT_OK = 0,
	EXIT_MISSING = 1, /* nothing matched, or something the user named could not be read */
	EXIT_USAGE = 2,
	EXIT_FATAL = 3, /* out of memory, output could not be written */
};

/* Something of a row that could not be read. */
struct row_error {
	int64_t pid;         /* 0: none */
	const char *what;    /* "io", "environ" */
	int os_errno;        /* EACCES; 0: none */
	const char *message; /* one sentence for people: "cannot read io: Permission denied" */
	const char *hint;    /* what would help; NULL */
	bool named;          /* the user asked for this one: also a message, and exit status 1 */
};
typedef void row_error_handler(void *context, const struct row_error *error);

/*
 * Where rows come from. All functions get the `state` of the tool.
 */
struct row_source {
	void *state;
	/*
	 * Called once the options are known, before the first row: `needs` are all sources that
	 * will be asked for in this run; `first` those that every row must have at once. Returns 0,
	 * or an exit status after having printed a message.
	 */
	int (*start)(void *state, uint64_t needs, uint64_t first);
	/* The next row with at least the `first` sources: 1 and the row, 0 at the end, or the
	 * negative of an exit status after having printed a message. */
	int (*next)(void *state, const void **row);
	/* Reads further sources of the row given last. 0; 1: it is gone, leave it out; or the
	 * negative of an exit status after having printed a message. */
	int (*complete)(void *state, uint64_t needs);
	/* Tells what could not be read of the row given last. */
	void (*errors)(void *state, row_error_handler *handler, void *context);
	/* After the last row: what the user named and is not there. May be NULL. */
	void (*missing)(void *state, row_error_handler *handler, void *context);
	/* For a watch: the lines above the table, through `put`, one call a line. May be NULL. */
	void (*header)(void *state, void (*put)(void *context, const char *line), void *context);
	/* Between rounds of a watch: back to before the first row. 0 or an exit status. */
	int (*again)(void *state);
};

/* What stands around the rows in JSON; NULL is null. */
struct listing_meta {
	const char *host, *boot_id;
	uint64_t time_ns; /* 0: unknown */
};

/* The parts of a tool that do not change: tables. */
struct listing_tool {
	const char *name;     /* "ps" */
	const char *schema;   /* "intro.ps/1" */
	const char *summary;  /* one line for the usage text */
	const char *operands; /* "[PID|NAME]..." for the usage text */
	enum option_completion operand_completion;
	const struct column *columns;
	size_t column_count;
	const struct view *views; /* the first is the default */
	size_t view_count;
	const struct option_row *options; /* the tool's own, without the shared ones */
	size_t option_count;
	const char *tree_id, *tree_parent; /* names of the columns that make the tree; NULL */
	uint64_t tree_needs;               /* 0, or the sources of both */
};

/* What the shared options said. Filled by listing_parse. */
struct listing_options {
	const char *procfs;       /* NULL: /proc */
	const char *pids;         /* the lists of all -p, joined by commas; NULL */
	bool tree;                /* set by the tool's handler */
	const char *default_view; /* the same: in place of the first view; NULL */
	const char *watch_sort;   /* the same: the order of a watched table, as --sort; NULL */
	bool watch;
	/* more is private to present/: */
	struct listing_private *private_;
	char **operands;
	int operand_count;
};

/*
 * Parses the command line. `handler` gets the tool's own options: it returns 0, or an exit status
 * after having printed a message. Returns -1 to go on, or the exit status to end with (--help,
 * --version, --list-columns, a mistake).
 */
int listing_parse(const struct listing_tool *tool, int argc, char **argv,
		  int (*handler)(void *state, int key, const char *argument), void *state,
		  struct listing_options *ret);

/* Runs the listing and returns the exit status. `meta` is asked once for every round. */
int listing_run(const struct listing_tool *tool, struct listing_options *options,
		struct row_source *source, void (*meta)(void *state, struct listing_meta *ret));

void listing_options_free(struct listing_options *options);

#endif
