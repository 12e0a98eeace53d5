/* What the options that all listing tools share say, as the rest of this room sees it. */
#ifndef PRESENT_LISTING_OPTIONS_H
#define PRESENT_LISTING_OPTIONS_H

#include "present/listing.h"
#include "present/options.h"
#include "present/out.h"
#include "present/terminal.h"

enum listing_format { FORMAT_TABLE, FORMAT_JSON, FORMAT_NDJSON, FORMAT_RAW };

struct listing_private {
	enum listing_format format;
	enum color_when color;
	bool headings;
	const char *view;     /* NULL: the default */
	const char *columns;  /* all -o, joined; NULL */
	const char *sort;     /* all --sort, joined; NULL */
	const char **filters; /* all must be true */
	size_t filter_count;
	double watch_seconds;
	struct arena arena; /* of the texts above */
};

enum { LISTING_GROUPS = 4 };

/* The options of a tool in the order of the usage text, the shared ones with `handler`. */
void listing_groups(const struct listing_tool *tool,
		    int (*handler)(void *context, int key, const char *argument), void *context,
		    struct option_group groups[LISTING_GROUPS]);

struct out *listing_out_new(enum listing_format format, const struct out_setup *setup);

#endif
