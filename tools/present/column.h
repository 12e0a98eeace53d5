/*
 * A column is one row of a tool's table: heading, JSON key, sort order, SQL column, the list of
 * columns, completions and the manual all come from it.
 */
#ifndef PRESENT_COLUMN_H
#define PRESENT_COLUMN_H

#include "present/arena.h"
#include "present/value.h"

enum column_type {
	COLUMN_INTEGER,
	COLUMN_REAL,
	COLUMN_BOOL,
	COLUMN_TEXT,
	COLUMN_ADDRESS,
	COLUMN_TIME,
	COLUMN_SET,
	COLUMN_LIST,
	COLUMN_OBJECT,
};

/* What a number counts: a table shows it for people; JSON, raw and SQL give it as it is. */
enum column_unit {
	UNIT_NONE,
	UNIT_BYTES,   /* 12.3M */
	UNIT_SECONDS, /* 3d04h, 01:02:03, 4.20 */
	UNIT_NS,      /* 1.5ms */
	UNIT_PERCENT,
};

enum column_flags {
	COLUMN_KEY = 1u << 0,      /* the columns with it tell one row from another (watch) */
	COLUMN_RIGHT = 1u << 1,    /* text to the right; numbers are anyway */
	COLUMN_STRETCH = 1u << 2,  /* takes what room is left and is cut at the terminal's edge */
	COLUMN_TREE = 1u << 3,     /* the tree is drawn here */
	COLUMN_STATE = 1u << 4,    /* coloured by its value: R green, D red, Z magenta, T yellow */
	COLUMN_DIM = 1u << 5,      /* of less weight: shown dim where there is colour */
	COLUMN_VOLATILE = 1u << 6, /* changes all the time: not a change worth marking in a watch */
	COLUMN_SHORT_NAMES = 1u << 7, /* sets and texts: a table leaves out the names' prefix */
};

struct column {
	const char *name;
	const char *heading; /* NULL: the name in capitals */
	enum column_type type;
	enum column_unit unit;
	unsigned flags;
	uint64_t needs; /* sources, as the tool's row source counts them */
	/* `row` is what the row source gave. What must outlive it is put into the arena. */
	void (*get)(const void *row, struct arena *arena, struct value *ret);
	/* For tables only, may be NULL: what to show where `get` gives null. */
	void (*show_null)(const void *row, struct arena *arena, struct value *ret);
	uint64_t show_needs; /* further sources that show_null wants */
	const char *also;    /* NULL, or the column that JSON gives beside this one */
	const char *help;    /* one line, no full stop */
};

struct view {
	const char *name;
	const char *columns; /* "pid,ppid,user" */
	const char *help;
	/* What JSON gives in place of `columns` where this is the default: a table is read by eye,
	 * a record by programs. NULL: the same. */
	const char *records;
};

#endif
