/*
 * The row at hand as an SQL table: a virtual table of one row, so that a column is only computed
 * when the expression comes to it.
 */
#include <math.h>
#include <string.h>

#include "present/cell.h"
#include "present/filter_internal.h"

struct row_table {
	sqlite3_vtab base;
	struct filter *filter;
};

struct row_cursor {
	sqlite3_vtab_cursor base;
	bool at_end;
};

static const char *type_of(const struct column *column)
{
	switch (column->type) {
	case COLUMN_INTEGER:
	case COLUMN_BOOL:
		return "INTEGER";
	case COLUMN_REAL:
		return "REAL";
	default:
		return "TEXT";
	}
}

static int table_connect(sqlite3 *db, void *context, int argc, const char *const *argv,
			 sqlite3_vtab **ret, char **error)
{
	struct filter *filter = context;
	sqlite3_str *sql = sqlite.str_new(db);

	(void)argc;
	(void)argv;
	(void)error;
	sqlite.str_appendall(sql, "CREATE TABLE x(");
	for (size_t i = 0; i < filter->tool->column_count; i++) {
		const struct column *column = &filter->tool->columns[i];

		sqlite.str_appendf(sql, "%s\"%w\" %s", i > 0 ? "," : "", column->name,
				   type_of(column));
	}
	sqlite.str_appendall(sql, ")");

	char *text = sqlite.str_finish(sql);

	if (text == NULL)
		return SQLITE_NOMEM;
	int code = sqlite.declare_vtab(db, text);

	sqlite.free(text);
	if (code != SQLITE_OK)
		return code;
	struct row_table *table = sqlite.malloc64(sizeof(*table));

	if (table == NULL)
		return SQLITE_NOMEM;
	*table = (struct row_table){.filter = filter};
	*ret = &table->base;
	return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *table)
{
	sqlite.free(table);
	return SQLITE_OK;
}

static int table_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1;
	info->estimatedRows = 1;
	return SQLITE_OK;
}

static int table_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret)
{
	struct row_cursor *cursor = sqlite.malloc64(sizeof(*cursor));

	(void)table;
	if (cursor == NULL)
		return SQLITE_NOMEM;
	*cursor = (struct row_cursor){.at_end = true};
	*ret = &cursor->base;
	return SQLITE_OK;
}

static int table_close(sqlite3_vtab_cursor *cursor)
{
	sqlite.free(cursor);
	return SQLITE_OK;
}

static int table_filter(sqlite3_vtab_cursor *cursor, int number, const char *name, int argc,
			sqlite3_value **argv)
{
	(void)number;
	(void)name;
	(void)argc;
	(void)argv;
	((struct row_cursor *)cursor)->at_end = false;
	return SQLITE_OK;
}

static int table_next(sqlite3_vtab_cursor *cursor)
{
	((struct row_cursor *)cursor)->at_end = true;
	return SQLITE_OK;
}

static int table_eof(sqlite3_vtab_cursor *cursor)
{
	return ((struct row_cursor *)cursor)->at_end;
}

static int table_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *ret)
{
	(void)cursor;
	*ret = 1;
	return SQLITE_OK;
}

/* Texts live until the statement is reset: SQLite need not copy them. */
static void give_text(sqlite3_context *context, const char *data, size_t len)
{
	sqlite.result_text64(context, len > 0 ? data : "", len, SQLITE_STATIC, SQLITE_UTF8);
}

/*
 * "2026-11-21T04:00:01.230Z" as SQLite writes times: "2026-11-21 04:00:01.230", so that texts
 * compare with what datetime('now', '-1 hour') gives.
 */
static void make_sql_time(struct output *text)
{
	char *letter = memchr(text->data, 'T', text->len);

	if (letter != NULL)
		*letter = ' ';
	if (text->len > 0 && text->data[text->len - 1] == 'Z')
		text->len--;
}

static void give_composed(sqlite3_context *context, struct filter *filter,
			  const struct value *value)
{
	struct output text;

	output_open_memory(&text);
	cell_plain(&text, value);
	if (value->kind == VALUE_TIME)
		make_sql_time(&text);
	give_text(context, arena_copy(&filter->arena, text.data, text.len), text.len);
	output_free(&text);
}

static void give(sqlite3_context *context, struct filter *filter, const struct value *value)
{
	switch (value->kind) {
	case VALUE_NULL:
		break;
	case VALUE_BOOL:
		sqlite.result_int(context, value->boolean);
		break;
	case VALUE_INT:
		sqlite.result_int64(context, value->number);
		break;
	case VALUE_UINT:
		if (value->natural <= INT64_MAX)
			sqlite.result_int64(context, (sqlite3_int64)value->natural);
		else
			sqlite.result_double(context, (double)value->natural);
		break;
	case VALUE_REAL:
		if (!isnan(value->real))
			sqlite.result_double(context, value->real);
		break;
	case VALUE_TEXT:
		give_text(context, value->text.data, value->text.len);
		break;
	default:
		give_composed(context, filter, value);
	}
}

static int table_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int number)
{
	struct filter *filter = ((struct row_table *)cursor->pVtab)->filter;
	struct value value = value_null();

	if (filter->row != NULL)
		filter->tool->columns[number].get(filter->row, &filter->arena, &value);
	give(context, filter, &value);
	return SQLITE_OK;
}

int filter_table_register(struct filter *filter)
{
	static const sqlite3_module module = {
		.iVersion = 1,
		.xConnect = table_connect,
		.xBestIndex = table_best_index,
		.xDisconnect = table_disconnect,
		.xOpen = table_open,
		.xClose = table_close,
		.xFilter = table_filter,
		.xNext = table_next,
		.xEof = table_eof,
		.xColumn = table_column,
		.xRowid = table_rowid,
	};

	return sqlite.create_module(filter->db, FILTER_TABLE, &module, filter);
}
