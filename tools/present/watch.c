/*
 * -W: rounds of the same listing. At a terminal each is drawn over the one before; elsewhere they
 * follow one another.
 */
#include "present/watch.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <time.h>

#include "present/screen.h"
#include "present/terminal_text.h"

struct watch {
	struct listing *listing;
	struct output header, table, page; /* in memory */
	unsigned charset;
};

static bool writes_table(const struct watch *watch)
{
	return watch->listing->options->private_->format == FORMAT_TABLE;
}

static void put_header_line(void *context, const char *line)
{
	struct watch *watch = context;

	terminal_text(&watch->header, line, strlen(line), watch->charset);
	output_char(&watch->header, '\n');
}

/* After the rows have been read, because it may count them. */
static void make_header(struct watch *watch)
{
	const struct row_source *source = watch->listing->source;

	watch->header.len = 0;
	if (source->header == NULL)
		return;
	source->header(source->state, put_header_line, watch);
	if (watch->header.len > 0)
		output_char(&watch->header, '\n');
}

/* What was in this round is from now on what was before. Returns 0 or an exit status. */
static int next_round(struct listing *listing)
{
	struct store spare = listing->before;

	listing->before = listing->store;
	listing->has_before = true;
	store_reset(&spare);
	listing->store = spare;
	return listing->source->again != NULL ? listing->source->again(listing->source->state) : 0;
}

/* Sleeps, but not on when the other end of a pipe has gone. */
static void sleep_or_break(struct output *output, double seconds)
{
	struct pollfd reader = {.fd = output->fd, .events = 0};
	struct timespec time = {.tv_sec = (time_t)seconds,
				.tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};

	if (ppoll(&reader, 1, &time, NULL) > 0)
		output->os_errno = EPIPE;
}

static int stream(struct watch *watch)
{
	struct listing *listing = watch->listing;
	const struct listing_private *private_ = listing->options->private_;
	bool has_gaps = private_->format == FORMAT_TABLE || private_->format == FORMAT_RAW;
	int status;

	if (writes_table(watch))
		listing->out->setup.output = &watch->table;
	for (;;) {
		if (has_gaps && listing->round > 0)
			output_char(&listing->output, '\n');
		watch->table.len = 0;
		status = listing_round(listing);
		if (status > EXIT_MISSING)
			return status;
		if (writes_table(watch)) {
			make_header(watch);
			output_bytes(&listing->output, watch->header.data, watch->header.len);
			output_bytes(&listing->output, watch->table.data, watch->table.len);
		}
		if (output_flush(&listing->output))
			sleep_or_break(&listing->output, private_->watch_seconds);
		if (listing->output.os_errno != 0)
			return status;
		status = next_round(listing);
		if (status != 0)
			return status;
	}
}

static void draw(struct watch *watch)
{
	watch->page.len = 0;
	output_bytes(&watch->page, watch->header.data, watch->header.len);
	output_bytes(&watch->page, watch->table.data, watch->table.len);
	screen_draw(&watch->listing->output, &watch->page, terminal_height());
}

static void fit_to_screen(struct watch *watch)
{
	watch->table.len = 0;
	watch->listing->out->setup.width = terminal_width();
	watch->listing->most_rows = terminal_height();
}

/* Draws and waits until the next round is due. False: the user has had enough. */
static bool show(struct watch *watch)
{
	struct listing *listing = watch->listing;
	enum screen_event event;

	draw(watch);
	while ((event = screen_wait(listing->options->private_->watch_seconds)) == SCREEN_RESIZED) {
		fit_to_screen(watch);
		listing_write_again(listing);
		draw(watch);
	}
	return event != SCREEN_QUIT && listing->output.os_errno == 0;
}

static int on_screen(struct watch *watch)
{
	struct listing *listing = watch->listing;
	int status;

	listing->out->setup.output = &watch->table;
	listing->on_screen = true;
	screen_open();
	for (;;) {
		fit_to_screen(watch);
		status = listing_round(listing);
		if (status > EXIT_MISSING)
			break;
		make_header(watch);
		if (!show(watch))
			break;
		status = next_round(listing);
		if (status != 0)
			break;
	}
	screen_close();
	return status;
}

int watch_run(struct listing *listing)
{
	struct watch watch = {.listing = listing, .charset = terminal_charset()};

	output_open_memory(&watch.header);
	output_open_memory(&watch.table);
	output_open_memory(&watch.page);
	int status = writes_table(&watch) && screen_possible() ? on_screen(&watch) : stream(&watch);

	output_free(&watch.header);
	output_free(&watch.table);
	output_free(&watch.page);
	return status;
}
