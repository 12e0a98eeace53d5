/* The pipeline: rows from the source through filter, store and order to the writer. */
#include "present/listing.h"

#include <stdlib.h>
#include <string.h>

#include "present/listing_state.h"
#include "present/message.h"
#include "present/row_errors.h"
#include "present/tree.h"
#include "present/value_ops.h"
#include "present/watch.h"

/* 1: all filters want the row; 0; or the negative of an exit status. */
static int is_wanted(struct listing *listing, const void *row)
{
	for (size_t i = 0; i < listing->plan.filter_count; i++) {
		int matches = filter_matches(listing->plan.filters[i], row);

		if (matches <= 0)
			return matches;
	}
	return 1;
}

static void get_cells(struct listing *listing, const void *row)
{
	for (size_t i = 0; i < listing->plan.slot_count; i++) {
		const struct slot *slot = &listing->plan.slots[i];
		struct value *cell = &listing->cells[i];

		*cell = value_null();
		slot->column->get(row, &listing->scratch, cell);
		if (slot->shown && cell->kind == VALUE_NULL)
			slot->column->show_null(row, &listing->scratch, cell);
	}
}

/* Returns 0, or an exit status that ends the round. */
static int take_row(struct listing *listing, const void *row)
{
	const struct plan *plan = &listing->plan;
	struct row_source *source = listing->source;
	uint64_t rest = plan->needs & ~plan->first;
	int wanted = is_wanted(listing, row);

	if (wanted <= 0)
		return -wanted;
	if (rest != 0 && source->complete != NULL) {
		int r = source->complete(source->state, rest);

		if (r != 0)
			return r < 0 ? -r : 0;
	}
	listing->row_count++;
	if (source->errors != NULL)
		source->errors(source->state, row_errors_take, listing);
	arena_reset(&listing->scratch);
	get_cells(listing, row);
	if (listing->keeps_rows)
		store_add(&listing->store, listing->cells);
	else
		out_row(listing->out, &(struct out_row){listing->cells, OUT_NO_PARENT, MARK_NONE});
	return listing->output.os_errno != 0 ? EXIT_FATAL : 0;
}

/* The rows of the round before, ordered by their identity; NULL if there is nothing to compare. */
static size_t *order_before(const struct listing *listing)
{
	if (!listing->has_before || listing->plan.identity_count == 0)
		return NULL;
	size_t *order = calloc(listing->before.count + 1, sizeof(*order));

	if (order == NULL)
		message_out_of_memory();
	sort_rows(&listing->before, listing->plan.identity, listing->plan.identity_count, order);
	return order;
}

static const struct value *find_before(const struct listing *listing, const size_t *order,
				       const struct value *row)
{
	size_t low = 0, high = listing->before.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct value *other = store_row(&listing->before, order[middle]);
		int compared = sort_compare(row, other, listing->plan.identity,
					    listing->plan.identity_count);

		if (compared == 0)
			return other;
		if (compared < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static enum out_mark mark_of(const struct listing *listing, const size_t *order,
			     const struct value *row)
{
	if (order == NULL)
		return MARK_NONE;
	const struct value *before = find_before(listing, order, row);

	if (before == NULL)
		return MARK_NEW;
	for (size_t i = 0; i < listing->plan.column_count; i++) {
		if (!(listing->plan.columns[i]->flags & COLUMN_VOLATILE) &&
		    value_compare(&row[i], &before[i]) != 0)
			return MARK_CHANGED;
	}
	return MARK_NONE;
}

static void write_kept_rows(struct listing *listing)
{
	const struct plan *plan = &listing->plan;
	const struct store *store = &listing->store;
	size_t *order = calloc(store->count + 1, sizeof(*order));
	size_t *parents = calloc(store->count + 1, sizeof(*parents));
	size_t *before = order_before(listing);

	if (order == NULL || parents == NULL)
		message_out_of_memory();
	sort_rows(store, plan->keys, plan->key_count, order);
	if (plan->tree)
		tree_order(store, plan->tree_id, plan->tree_parent, order, parents);
	for (size_t i = 0; i < store->count && i < listing->most_rows; i++) {
		const struct value *row = store_row(store, order[i]);
		struct out_row written = {row, plan->tree ? parents[i] : OUT_NO_PARENT,
					  mark_of(listing, before, row)};

		out_row(listing->out, &written);
	}
	free(before);
	free(parents);
	free(order);
}

static void begin_round(struct listing *listing)
{
	listing->now = (struct listing_meta){0};
	if (listing->meta != NULL)
		listing->meta(listing->source->state, &listing->now);
	listing->row_count = 0;
	listing->error_count = 0;
	listing->named_error = false;
	arena_reset(&listing->error_arena);
	out_begin(listing->out, &listing->now);
}

int listing_round(struct listing *listing)
{
	struct row_source *source = listing->source;
	const void *row;
	int status = 0, more;

	begin_round(listing);
	while (status == 0 && (more = source->next(source->state, &row)) != 0)
		status = more < 0 ? -more : take_row(listing, row);
	if (status != 0)
		return status;
	if (source->missing != NULL)
		source->missing(source->state, row_errors_take, listing);
	if (listing->keeps_rows)
		write_kept_rows(listing);
	out_end(listing->out, listing->errors, listing->error_count);
	listing->round++;
	return listing->row_count == 0 || listing->named_error ? EXIT_MISSING : EXIT_OK;
}

void listing_write_again(struct listing *listing)
{
	out_begin(listing->out, &listing->now);
	write_kept_rows(listing);
	out_end(listing->out, NULL, 0);
}

static void open_out(struct listing *listing)
{
	const struct listing_private *private_ = listing->options->private_;
	bool color = private_->format == FORMAT_TABLE && terminal_wants_color(private_->color);
	const struct out_setup setup = {
		.output = &listing->output,
		.schema = listing->tool->schema,
		.columns = listing->plan.columns,
		.column_count = listing->plan.column_count,
		.headings = private_->headings,
		.color = color,
		.tree = listing->plan.tree,
		.marks = listing->options->watch && !color,
		.one_line = listing->options->watch,
		.width = terminal_is_output() ? terminal_width() : 0,
	};

	listing->out = listing_out_new(private_->format, &setup);
}

static void open_listing(struct listing *listing)
{
	const struct plan *plan = &listing->plan;
	bool watched_table =
		listing->options->watch && listing->options->private_->format == FORMAT_TABLE;

	output_open(&listing->output, 1);
	open_out(listing);
	listing->keeps_rows = plan->key_count > 0 || plan->tree || watched_table;
	listing->most_rows = SIZE_MAX;
	listing->store.width = listing->before.width = plan->slot_count;
	listing->cells = calloc(plan->slot_count, sizeof(*listing->cells));
	if (listing->cells == NULL)
		message_out_of_memory();
}

static void close_listing(struct listing *listing)
{
	out_free(listing->out);
	output_free(&listing->output);
	store_free(&listing->store);
	store_free(&listing->before);
	arena_free(&listing->scratch);
	arena_free(&listing->error_arena);
	free(listing->errors);
	free(listing->last_hint);
	free(listing->cells);
}

/* What the tool prefers where the user has said nothing. */
static void take_defaults(struct listing_options *options)
{
	struct listing_private *private_ = options->private_;

	if (private_->sort == NULL && options->watch && !options->tree &&
	    private_->format == FORMAT_TABLE)
		private_->sort = options->watch_sort;
}

int listing_run(const struct listing_tool *tool, struct listing_options *options,
		struct row_source *source, void (*meta)(void *state, struct listing_meta *ret))
{
	struct listing listing = {.tool = tool, .options = options, .source = source, .meta = meta};
	take_defaults(options);

	int status = plan_make(tool, options, &listing.plan);

	if (status == 0)
		status = source->start(source->state, listing.plan.needs, listing.plan.first);
	if (status == 0) {
		open_listing(&listing);
		status = options->watch ? watch_run(&listing) : listing_round(&listing);

		int written = output_finish(&listing.output);

		if (written != 0)
			status = written;
		close_listing(&listing);
	}
	plan_free(&listing.plan);
	return status;
}
