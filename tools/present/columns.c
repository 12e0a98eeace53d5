/* Columns by name. */
#include "present/columns.h"

#include <string.h>
#include <strings.h>

#include "present/message.h"
#include "present/suggest.h"

static bool same_name(const char *name, const char *text, size_t len)
{
	return strncasecmp(name, text, len) == 0 && name[len] == '\0';
}

const struct column *columns_find(const struct listing_tool *tool, const char *name, size_t len)
{
	for (size_t i = 0; i < tool->column_count; i++) {
		if (same_name(tool->columns[i].name, name, len))
			return &tool->columns[i];
	}
	return NULL;
}

const char *columns_suggest(const struct listing_tool *tool, const char *name, size_t len)
{
	struct suggestion suggestion = suggest_for(name, len);

	for (size_t i = 0; i < tool->column_count; i++)
		suggest_offer(&suggestion, tool->columns[i].name);
	return suggestion.best;
}

int columns_unknown(const struct listing_tool *tool, const char *name, size_t len)
{
	const char *nearest = columns_suggest(tool, name, len);

	if (nearest != NULL)
		message("unknown column '%.*s' (did you mean '%s'?)", (int)len, name, nearest);
	else
		message("unknown column '%.*s'", (int)len, name);
	message_hint("'intro-%s --list-columns' lists them", tool->name);
	return EXIT_USAGE;
}

bool columns_next_item(const char **list, const char **item, size_t *len)
{
	const char *start = *list + strspn(*list, ", \t\n");

	*len = strcspn(start, ", \t\n");
	*item = start;
	*list = start + *len;
	return *len > 0;
}

static void add(struct column_choice *choice, const struct column *column)
{
	for (size_t i = 0; i < choice->count; i++) {
		if (choice->columns[i] == column)
			return;
	}
	choice->columns[choice->count++] = column;
}

/* Adds the columns of a list. A plus before a name says no more than that it is added. */
static int add_list(const struct listing_tool *tool, const char *list, struct column_choice *choice)
{
	const char *item;
	size_t len;

	while (columns_next_item(&list, &item, &len)) {
		if (item[0] == '+' && len > 1) {
			item++;
			len--;
		}
		const struct column *column = columns_find(tool, item, len);

		if (column != NULL) {
			add(choice, column);
		} else if (same_name("all", item, len)) {
			for (size_t i = 0; i < tool->column_count; i++)
				add(choice, &tool->columns[i]);
		} else {
			return columns_unknown(tool, item, len);
		}
	}
	return 0;
}

static int unknown_view(const struct listing_tool *tool, const char *name)
{
	struct suggestion suggestion = suggest_for(name, strlen(name));

	for (size_t i = 0; i < tool->view_count; i++)
		suggest_offer(&suggestion, tool->views[i].name);
	if (suggestion.best != NULL)
		return message_usage("unknown view '%s' (did you mean '%s'?)", name,
				     suggestion.best);
	return message_usage("unknown view '%s'", name);
}

static const struct view *find_view(const struct listing_tool *tool, const char *name)
{
	for (size_t i = 0; i < tool->view_count; i++) {
		if (strcmp(tool->views[i].name, name) == 0)
			return &tool->views[i];
	}
	return NULL;
}

static int add_view(const struct listing_tool *tool, const struct column_wish *wish,
		    struct column_choice *choice)
{
	const char *name = wish->view != NULL ? wish->view : wish->default_view;
	const struct view *view = name != NULL ? find_view(tool, name) : &tool->views[0];

	if (view == NULL)
		return unknown_view(tool, name);
	if (wish->records && wish->view == NULL && view->records != NULL)
		return add_list(tool, view->records, choice);
	return add_list(tool, view->columns, choice);
}

static void add_also(const struct listing_tool *tool, struct column_choice *choice,
		     struct column_choice *ret)
{
	for (size_t i = 0; i < choice->count; i++) {
		const char *also = choice->columns[i]->also;

		add(ret, choice->columns[i]);
		if (also != NULL)
			add(ret, columns_find(tool, also, strlen(also)));
	}
}

int columns_choose(const struct listing_tool *tool, const struct column_wish *wish,
		   struct arena *arena, struct column_choice *ret)
{
	size_t size = tool->column_count * sizeof(*ret->columns);
	struct column_choice choice = {.columns = arena_alloc(arena, size)};
	struct column_choice with = {.columns = arena_alloc(arena, size)};
	const char *list = wish->list;
	const char *first = list != NULL ? list + strspn(list, ", \t\n") : "";
	int status = 0;

	/* A view that is asked for is checked even if the list replaces it. */
	if (list == NULL || first[0] == '+' || wish->view != NULL)
		status = add_view(tool, wish, &choice);
	if (list != NULL && first[0] != '+')
		choice.count = 0;
	if (status == 0 && list != NULL)
		status = add_list(tool, list, &choice);
	if (status != 0)
		return status;
	if (choice.count == 0)
		return message_usage("the list of columns is empty");
	if (wish->records)
		add_also(tool, &choice, &with);
	*ret = wish->records ? with : choice;
	return 0;
}

const char *columns_type_name(enum column_type type)
{
	static const char *const names[] = {
		[COLUMN_INTEGER] = "integer", [COLUMN_REAL] = "real",
		[COLUMN_BOOL] = "boolean",    [COLUMN_TEXT] = "text",
		[COLUMN_ADDRESS] = "address", [COLUMN_TIME] = "time",
		[COLUMN_SET] = "set",         [COLUMN_LIST] = "list",
		[COLUMN_OBJECT] = "object",
	};

	return names[type];
}
