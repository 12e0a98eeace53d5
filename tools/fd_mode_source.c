/*
 * The rows of a mode: all descriptors are taken first, and then the groups that they make. What
 * could not be read on the way is kept and told at the end, as it belongs to no row.
 */
#include <string.h>

#include "fd_mode.h"

struct fd_mode_error {
	struct row_error error;
	struct fd_mode_error *next;
};

static const char *keep_string(struct arena *arena, const char *s)
{
	return s ? arena_copy(arena, s, strlen(s)) : NULL;
}

static void keep_error(void *context, const struct row_error *error)
{
	struct fd_mode_source *source = context;
	struct fd_mode_error *kept = arena_alloc(&source->arena, sizeof(*kept));

	*kept = (struct fd_mode_error){.error = *error};
	kept->error.what = keep_string(&source->arena, error->what);
	kept->error.message = keep_string(&source->arena, error->message);
	kept->error.hint = keep_string(&source->arena, error->hint);
	if (source->last_error)
		source->last_error->next = kept;
	else
		source->errors = kept;
	source->last_error = kept;
}

static int open_round(struct fd_mode_source *source)
{
	source->drained = false;
	source->last = (struct fd_row){.session = source->session};
	source->errors = source->last_error = NULL;
	arena_reset(&source->arena);
	source->round = source->mode->open(source->session, source->argument);
	return source->round ? 0 : EXIT_USAGE;
}

static void close_round(struct fd_mode_source *source)
{
	if (source->round)
		source->mode->close(source->round);
	source->round = NULL;
}

int fd_mode_start(void *state, uint64_t needs, uint64_t first)
{
	struct fd_mode_source *source = state;
	int status = open_round(source);

	(void)needs; /* the columns of a mode read groups */
	(void)first;
	return status ? status
		      : fd_source_start(source->source, source->mode->needs, source->mode->needs);
}

int fd_mode_again(void *state)
{
	struct fd_mode_source *source = state;
	int status = fd_source_again(source->source);

	close_round(source);
	return status ? status : open_round(source);
}

/* 0, or the negative of an exit status. */
static int drain(struct fd_mode_source *source)
{
	const void *row;
	int r;

	while ((r = fd_source_next(source->source, &row)) > 0) {
		source->mode->add(source->round, row);
		fd_source_errors(source->source, keep_error, source);
		source->last = *(const struct fd_row *)row;
	}
	source->last.fd = NULL;
	source->last.task = NULL;
	if (r == 0)
		source->mode->finish(source->round, &source->last);
	source->drained = true;
	return r;
}

int fd_mode_next(void *state, const void **row)
{
	struct fd_mode_source *source = state;
	int r = source->drained ? 0 : drain(source);

	if (r < 0)
		return r;
	*row = source->mode->next(source->round);
	return *row != NULL;
}

void fd_mode_errors(void *state, row_error_handler *handler, void *context)
{
	(void)state;
	(void)handler;
	(void)context;
}

void fd_mode_missing(void *state, row_error_handler *handler, void *context)
{
	const struct fd_mode_source *source = state;

	for (const struct fd_mode_error *kept = source->errors; kept; kept = kept->next)
		handler(context, &kept->error);
	fd_source_missing(source->source, handler, context);
}

void fd_mode_close(struct fd_mode_source *source)
{
	close_round(source);
	arena_free(&source->arena);
}
