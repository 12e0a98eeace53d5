/*
 * An option is one row: the parser, the usage text, the completions and the manual follow from it.
 */
#ifndef PRESENT_OPTION_H
#define PRESENT_OPTION_H

enum option_argument { ARGUMENT_NONE, ARGUMENT_REQUIRED, ARGUMENT_OPTIONAL };

/* What completes the argument of an option, or the operands of a tool. */
enum option_completion {
	COMPLETE_NOTHING,
	COMPLETE_COLUMNS, /* a comma-separated list */
	COMPLETE_SORT,    /* the same with a leading - */
	COMPLETE_VIEWS,
	COMPLETE_PIDS, /* a comma-separated list */
	COMPLETE_PIDS_AND_NAMES,
	COMPLETE_PIDS_NAMES_AND_FILES,
	COMPLETE_USERS, /* a comma-separated list */
	COMPLETE_TTYS,
	COMPLETE_DIRECTORIES,
	COMPLETE_FILES,
	COMPLETE_WORDS,     /* those in `words` */
	COMPLETE_WORD_LIST, /* a comma-separated list of them */
};

struct option_row {
	int key;     /* what the tool's handler gets; the short letter, or a value above 255 */
	char letter; /* 0: none */
	const char *name;
	enum option_argument argument;
	const char *metavar; /* "LIST"; NULL without an argument */
	enum option_completion completion;
	const char *words; /* "auto always never"; NULL */
	const char *help;  /* one line, no full stop; NULL: an alias, not shown in the usage text */
};

#endif
