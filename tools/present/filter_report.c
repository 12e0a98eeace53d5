/* Errors in filters: what is wrong, the expression, and a mark under the place. */
#include <string.h>
#include <wchar.h>

#include "present/columns.h"
#include "present/filter_internal.h"
#include "present/message.h"
#include "present/terminal_text.h"
#include "present/utf8.h"

enum { CONTEXT_BEFORE = 40, CONTEXT = 66 };

/* Cells that a text takes once it is escaped. */
static int shown_width(const char *s, size_t len)
{
	struct output shown;
	unsigned charset = terminal_charset();
	int width = 0;

	output_open_memory(&shown);
	terminal_text(&shown, s, len, charset);
	for (size_t i = 0; i < shown.len;) {
		uint32_t code = 0;
		int n = utf8_decode(shown.data + i, shown.len - i, &code);
		int cells = n > 0 ? wcwidth((wchar_t)code) : 1;

		width += cells >= 0 ? cells : 1;
		i += (size_t)(n > 0 ? n : -n);
	}
	output_free(&shown);
	return width;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void point_at(const char *expression, size_t offset)
{
	size_t len = strlen(expression), start = 0, end;

	if (offset > len)
		offset = len;
	if (offset > CONTEXT_BEFORE) {
		start = offset - CONTEXT_BEFORE;
		while (start < offset && is_continuation(expression[start]))
			start++;
	}
	end = len - start > CONTEXT ? start + CONTEXT : len;
	while (end < len && end > offset && is_continuation(expression[end]))
		end--;

	const char *dots = start > 0 ? "..." : "";

	message_hint("  %s%.*s%s", dots, (int)(end - start), expression + start,
		     end < len ? "..." : "");
	message_hint("  %*s^", (int)strlen(dots) + shown_width(expression + start, offset - start),
		     "");
}

/* What would help with a name that is no column; "" if nothing is known. */
static const char *advice(const struct filter *filter, const char *problem, struct arena *arena)
{
	static const char begins[] = "no such column: ";

	if (strncmp(problem, begins, sizeof(begins) - 1) != 0)
		return "";
	const char *name = problem + sizeof(begins) - 1;
	const char *nearest = columns_suggest(filter->tool, name, strlen(name));

	if (nearest != NULL)
		return arena_printf(arena, " (did you mean '%s'?)", nearest);
	return " (a text needs quotes)";
}

int filter_report(const struct filter *filter, const char *problem, int offset)
{
	struct arena arena = {0};

	message("bad filter: %s%s", problem, advice(filter, problem, &arena));
	if (offset >= 0)
		point_at(filter->expression, (size_t)offset);
	else
		message_hint("  %s", filter->expression);
	arena_free(&arena);
	return EXIT_USAGE;
}
