/*
 * Filters: an SQL expression over the columns of the row at hand. SQLite compiles it once; its
 * authorizer tells which columns are read, and sees to it that nothing but reading can be said.
 */
#include "present/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "present/columns.h"
#include "present/filter_internal.h"
#include "present/message.h"

/* Steps of SQLite's machine between two calls of the progress handler, and calls for one row. */
enum { STEPS = 1000000, PATIENCE = 100 };
enum { LONGEST_VALUE = 64 * 1024 * 1024 };

static int authorize_read(struct filter *filter, const char *table, const char *name)
{
	if (strcasecmp(table, FILTER_TABLE) == 0) {
		const struct column *column = columns_find(filter->tool, name, strlen(name));

		if (column != NULL)
			filter->needs |= column->needs;
		/* Without a name it is the table itself, as in count(*). */
		return column != NULL || name[0] == '\0' ? SQLITE_OK : SQLITE_DENY;
	}
	/* Tables that the expression makes for itself, and json_each; not SQLite's inner life. */
	if (strncasecmp(table, "sqlite_", 7) == 0 || strncasecmp(table, "pragma_", 7) == 0)
		return SQLITE_DENY;
	return SQLITE_OK;
}

static int authorize(void *context, int action, const char *first, const char *second,
		     const char *database, const char *trigger)
{
	(void)database;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return second != NULL && strcasecmp(second, "load_extension") == 0 ? SQLITE_DENY
										   : SQLITE_OK;
	case SQLITE_READ:
		return authorize_read(context, first != NULL ? first : "",
				      second != NULL ? second : "");
	default:
		return SQLITE_DENY;
	}
}

static int lose_patience(void *context)
{
	struct filter *filter = context;

	return filter->patience-- == 0;
}

static void check_memory(int code)
{
	if (code == SQLITE_NOMEM)
		message_out_of_memory();
}

/* Returns 0 with the statement, or EXIT_USAGE after a message. */
static int compile(struct filter *filter, const char *before, const char *after, sqlite3_stmt **ret)
{
	char *sql = sqlite.mprintf("%s%s%s", before, filter->expression, after);

	if (sql == NULL)
		message_out_of_memory();
	int code = sqlite.prepare_v2(filter->db, sql, -1, ret, NULL);

	sqlite.free(sql);
	check_memory(code);
	if (code == SQLITE_OK)
		return 0;
	int offset = sqlite.error_offset(filter->db) - (int)strlen(before);
	int len = (int)strlen(filter->expression);

	/* In front of the expression: no place. Behind it: what is missing is missing at its end. */
	if (offset > len ||
	    (offset < 0 && strcmp(sqlite.errmsg(filter->db), "incomplete input") == 0))
		offset = len;
	return filter_report(filter, sqlite.errmsg(filter->db), offset);
}

#define SELECT_ROW "SELECT 1 FROM " FILTER_TABLE " WHERE "

/*
 * What is one expression can stand both alone and in parentheses: "1) OR (1" fails alone, "1 UNION
 * SELECT 1", "1; DROP ..." and "1 LIMIT 0" fail in parentheses. The line break ends a comment.
 */
static int compile_expression(struct filter *filter)
{
	sqlite3_stmt *alone = NULL;
	int status = compile(filter, SELECT_ROW, "", &alone);

	sqlite.finalize(alone);
	if (status == 0)
		status = compile(filter, SELECT_ROW "(", "\n)", &filter->statement);
	if (status == 0 && sqlite.bind_parameter_count(filter->statement) > 0)
		status = filter_report(filter, "there is nothing to bind to a parameter", -1);
	return status;
}

static int open_database(struct filter *filter)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	int code = sqlite.open_v2(":memory:", &filter->db, flags, NULL);

	if (code == SQLITE_OK)
		code = filter_table_register(filter);
	if (code == SQLITE_OK)
		code = regexp_register(filter->db, &filter->regexps);
	/* state == "D": what is no column in double quotes is a text. */
	if (code == SQLITE_OK)
		code = sqlite.db_config(filter->db, SQLITE_DBCONFIG_DQS_DML, 1, NULL);
	/* Connects tables, which the authorizer would not allow. JSON may be left out of SQLite. */
	if (code == SQLITE_OK)
		code = sqlite.exec(filter->db, "SELECT 1 FROM " FILTER_TABLE, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		(void)sqlite.exec(filter->db, "SELECT 1 FROM json_each(''), json_tree('')", NULL,
				  NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite.set_authorizer(filter->db, authorize, filter);
	check_memory(code);
	if (code != SQLITE_OK) {
		message("cannot set up the filter: %s", sqlite.errstr(code));
		return EXIT_FATAL;
	}
	sqlite.limit(filter->db, SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
	sqlite.limit(filter->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite.progress_handler(filter->db, STEPS, lose_patience, filter);
	return 0;
}

int filter_new(const struct listing_tool *tool, const char *expression, struct filter **ret)
{
	struct filter *filter = calloc(1, sizeof(*filter));

	if (filter == NULL)
		message_out_of_memory();
	filter->tool = tool;
	filter->expression = expression;
	filter->patience = PATIENCE;
	int status = sqlite_load();

	if (status == 0)
		status = open_database(filter);

	if (status == 0)
		status = compile_expression(filter);
	if (status == 0) {
		/* On a row of nulls: a bad regular expression is told before anything is read. */
		int matches = filter_matches(filter, NULL);

		status = matches < 0 ? -matches : 0;
	}
	if (status == 0)
		*ret = filter;
	else
		filter_free(filter);
	return status;
}

uint64_t filter_needs(const struct filter *filter)
{
	return filter->needs;
}

int filter_matches(struct filter *filter, const void *row)
{
	arena_reset(&filter->arena);
	filter->row = row;
	filter->patience = PATIENCE;
	int code = sqlite.step(filter->statement);

	if (code != SQLITE_ROW && code != SQLITE_DONE) {
		check_memory(code);
		if (code == SQLITE_INTERRUPT)
			return -filter_report(filter, "it takes too long", -1);
		return -filter_report(filter, sqlite.errmsg(filter->db), -1);
	}
	sqlite.reset(filter->statement);
	return code == SQLITE_ROW;
}

void filter_free(struct filter *filter)
{
	if (filter == NULL)
		return;
	if (filter->db != NULL) {
		sqlite.finalize(filter->statement);
		sqlite.close(filter->db);
	}
	regexp_cache_free(&filter->regexps);
	arena_free(&filter->arena);
	free(filter);
}
