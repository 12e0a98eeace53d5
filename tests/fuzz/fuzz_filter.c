/*
 * Any text as a filter: it is refused, or it is an expression that answers for a row. Nothing else
 * may happen, whatever SQL it contains.
 */
#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "present/filter.h"

enum { LONGEST = 512 };

static void get_number(const void *row, struct arena *arena, struct value *ret)
{
	(void)row;
	(void)arena;
	*ret = value_int(7);
}

static void get_text(const void *row, struct arena *arena, struct value *ret)
{
	(void)row;
	(void)arena;
	*ret = value_bytes("a\0\xff b", 5);
}

static void get_null(const void *row, struct arena *arena, struct value *ret)
{
	(void)row;
	(void)arena;
	*ret = value_null();
}

static void get_set(const void *row, struct arena *arena, struct value *ret)
{
	(void)row;
	(void)arena;
	*ret = value_set(0x4001, INTRO_NAMES_SIGNAL);
}

static const struct column columns[] = {
	{.name = "pid", .type = COLUMN_INTEGER, .needs = 1, .get = get_number},
	{.name = "comm", .type = COLUMN_TEXT, .needs = 2, .get = get_text},
	{.name = "tty", .type = COLUMN_TEXT, .needs = 4, .get = get_null},
	{.name = "sig", .type = COLUMN_SET, .needs = 8, .get = get_set},
};
static const struct listing_tool tool = {
	.name = "fuzz", .columns = columns, .column_count = sizeof(columns) / sizeof(columns[0])};

/* Expressions that may take long or much memory, by right: not what is looked for here. */
static int is_costly(const char *text)
{
	static const char *const words[] = {"recursive", "randomblob", "zeroblob",
					    "printf",    "format",     "regexp",
					    "replace",   "hex",        "group_concat"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasestr(text, words[i]) != NULL)
			return 1;
	}
	return 0;
}

/* What is refused is told on stderr: there is too much of it here. */
static int silence(void)
{
	int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDERR_FILENO);
		close(null);
	}
	return saved;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[LONGEST + 1];
	struct filter *filter = NULL;
	static const int row;

	if (size > LONGEST)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (is_costly(text))
		return 0;
	int saved = silence();
	int status = filter_new(&tool, text, &filter);

	if (status == 0) {
		int matches = filter_matches(filter, &row);

		REQUIRE(matches <= 1 && matches >= -EXIT_USAGE && filter_needs(filter) <= 15);
		filter_free(filter);
	}
	REQUIRE(status == 0 || status == EXIT_USAGE);
	dup2(saved, STDERR_FILENO);
	close(saved);
	return 0;
}
