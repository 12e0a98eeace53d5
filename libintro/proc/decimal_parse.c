/*
 * Files that hold one number: /proc/PID/loginuid, sessionid, oom_score, oom_score_adj.
 *   4294967295
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

int intro_parse_decimal(const char *text, size_t len, int64_t *ret)
{
	const char *p = text, *end = text + len;
	int64_t value;

	if (!intro_take_i64(&p, end, &value) || !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*ret = value;
	return 0;
}
