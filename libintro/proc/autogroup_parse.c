/*
 * /proc/PID/autogroup: the group for which the scheduler keeps time apart, and its niceness.
 *   /autogroup-12 nice 0
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

int intro_parse_autogroup(const char *text, size_t len, struct intro_bytes *name, int *nice)
{
	const char *end = text + len;
	int64_t value;

	if (!len || text[0] != '/')
		return INTRO_E_FORMAT;
	const char *blank = memchr(text, ' ', len);
	if (!blank)
		return INTRO_E_FORMAT;
	const char *p = blank;
	if (!INTRO_TAKE_LITERAL(&p, end, " nice ") || !intro_take_i64(&p, end, &value) ||
	    value < -20 || value > 19 || !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*name = (struct intro_bytes){.data = text, .len = (size_t)(blank - text)};
	*nice = (int)value;
	return 0;
}
