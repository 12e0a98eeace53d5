/* What could not be read. */
#include "present/row_errors.h"

#include <stdlib.h>
#include <string.h>

#include "present/listing_state.h"
#include "present/message.h"

static const char *keep_text(struct listing *listing, const char *text)
{
	return text == NULL ? NULL : arena_copy(&listing->error_arena, text, strlen(text));
}

static void keep(struct listing *listing, const struct row_error *error)
{
	if (listing->error_count == listing->error_size) {
		size_t size = listing->error_size == 0 ? 16 : listing->error_size * 2;
		struct row_error *errors = reallocarray(listing->errors, size, sizeof(*errors));

		if (errors == NULL)
			message_out_of_memory();
		listing->errors = errors;
		listing->error_size = size;
	}
	struct row_error *kept = &listing->errors[listing->error_count++];

	*kept = *error;
	kept->what = keep_text(listing, error->what);
	kept->message = keep_text(listing, error->message);
	kept->hint = NULL;
}

/* The same hint after each of a hundred messages would hide them. */
static void print_hint(struct listing *listing, const char *hint)
{
	if (hint == NULL || (listing->last_hint != NULL && strcmp(hint, listing->last_hint) == 0))
		return;
	message_hint("%s", hint);
	free(listing->last_hint);
	listing->last_hint = strdup(hint);
	if (listing->last_hint == NULL)
		message_out_of_memory();
}

static void print(struct listing *listing, const struct row_error *error)
{
	const char *text = error->message != NULL ? error->message : error->what;

	if (text == NULL)
		text = "unknown error";
	if (error->pid != 0)
		message("PID %lld: %s", (long long)error->pid, text);
	else
		message("%s", text);
	print_hint(listing, error->hint);
}

void row_errors_take(void *context, const struct row_error *error)
{
	struct listing *listing = context;

	if (listing->options->private_->format == FORMAT_JSON)
		keep(listing, error);
	if (!error->named)
		return;
	listing->named_error = true;
	/* On a screen there is no place for messages: those of the first round come after it. */
	if (!listing->on_screen || listing->round == 0)
		print(listing, error);
}
