/* The plan: only what output, order, tree, filter and watch need is asked for. */
#include "present/plan.h"

#include <string.h>

#include "present/columns.h"

static bool shows_more(const struct column *column)
{
	return column->show_null != NULL;
}

/* The slot with the column's own value; made if there is none. */
static size_t slot_for(struct plan *plan, const struct column *column)
{
	for (size_t i = 0; i < plan->slot_count; i++) {
		if (plan->slots[i].column == column && !plan->slots[i].shown)
			return i;
	}
	plan->slots[plan->slot_count] = (struct slot){.column = column};
	return plan->slot_count++;
}

static int plan_output(const struct listing_tool *tool, const struct listing_options *options,
		       struct plan *plan)
{
	const struct listing_private *private_ = options->private_;
	enum listing_format format = private_->format;
	struct column_choice choice;
	const struct column_wish wish = {
		.list = private_->columns,
		.view = private_->view,
		.default_view = options->default_view,
		.records = format == FORMAT_JSON || format == FORMAT_NDJSON,
	};
	int status = columns_choose(tool, &wish, &plan->arena, &choice);

	if (status != 0)
		return status;
	plan->columns = choice.columns;
	plan->column_count = choice.count;
	for (size_t i = 0; i < choice.count; i++) {
		bool shown = format == FORMAT_TABLE && shows_more(choice.columns[i]);

		plan->slots[i] = (struct slot){choice.columns[i], shown};
	}
	plan->slot_count = choice.count;
	return 0;
}

static int plan_sort(const struct listing_tool *tool, const char *list, struct plan *plan)
{
	const char *item;
	size_t len;

	while (columns_next_item(&list, &item, &len)) {
		bool descending = item[0] == '-';

		if (len > 1 && (descending || item[0] == '+')) {
			item++;
			len--;
		}
		const struct column *column = columns_find(tool, item, len);

		if (column == NULL)
			return columns_unknown(tool, item, len);
		size_t slot = slot_for(plan, column);
		bool known = false;

		/* A second mention changes nothing, and so there are never more keys than columns. */
		for (size_t i = 0; i < plan->key_count; i++)
			known |= plan->keys[i].slot == slot;
		if (!known)
			plan->keys[plan->key_count++] = (struct sort_key){slot, descending};
	}
	return 0;
}

static void plan_tree(const struct listing_tool *tool, struct plan *plan)
{
	if (tool->tree_id == NULL || tool->tree_parent == NULL)
		return;
	const struct column *id = columns_find(tool, tool->tree_id, strlen(tool->tree_id));
	const struct column *parent =
		columns_find(tool, tool->tree_parent, strlen(tool->tree_parent));

	if (id == NULL || parent == NULL)
		return;
	plan->tree = true;
	plan->tree_id = slot_for(plan, id);
	plan->tree_parent = slot_for(plan, parent);
	plan->needs |= tool->tree_needs;
}

static void plan_identity(const struct listing_tool *tool, struct plan *plan)
{
	for (size_t i = 0; i < tool->column_count; i++) {
		if (tool->columns[i].flags & COLUMN_KEY)
			plan->identity[plan->identity_count++] =
				(struct sort_key){.slot = slot_for(plan, &tool->columns[i])};
	}
}

static int plan_filters(const struct listing_tool *tool, const struct listing_private *options,
			struct plan *plan)
{
	for (size_t i = 0; i < options->filter_count; i++) {
		int status = filter_new(tool, options->filters[i], &plan->filters[i]);

		if (status != 0)
			return status;
		plan->filter_count++;
		plan->first |= filter_needs(plan->filters[i]);
	}
	return 0;
}

static void plan_needs(const struct listing_tool *tool, struct plan *plan)
{
	for (size_t i = 0; i < plan->slot_count; i++) {
		const struct slot *slot = &plan->slots[i];

		plan->needs |= slot->column->needs;
		if (slot->shown)
			plan->needs |= slot->column->show_needs;
	}
	for (size_t i = 0; i < tool->column_count; i++) {
		if (tool->columns[i].flags & COLUMN_KEY)
			plan->first |= tool->columns[i].needs;
	}
	plan->needs |= plan->first;
	if (plan->filter_count == 0)
		plan->first = plan->needs;
}

int plan_make(const struct listing_tool *tool, const struct listing_options *options,
	      struct plan *ret)
{
	const struct listing_private *private_ = options->private_;
	size_t count = tool->column_count;
	struct plan *plan = ret;

	*plan = (struct plan){0};
	/* A column has at most two slots: as it is, and as a table shows it. */
	plan->slots = arena_alloc(&plan->arena, 2 * count * sizeof(*plan->slots));
	plan->keys = arena_alloc(&plan->arena, count * sizeof(*plan->keys));
	plan->identity = arena_alloc(&plan->arena, count * sizeof(*plan->identity));
	plan->filters = arena_alloc(&plan->arena, private_->filter_count * sizeof(*plan->filters));

	int status = plan_output(tool, options, plan);

	if (status == 0 && private_->sort != NULL)
		status = plan_sort(tool, private_->sort, plan);
	if (status == 0)
		status = plan_filters(tool, private_, plan);
	if (status != 0)
		return status;
	if (options->tree)
		plan_tree(tool, plan);
	if (options->watch && private_->format == FORMAT_TABLE)
		plan_identity(tool, plan);
	plan_needs(tool, plan);
	return 0;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->filter_count; i++)
		filter_free(plan->filters[i]);
	arena_free(&plan->arena);
}
