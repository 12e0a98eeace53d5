/*
 * /proc/PID/schedstat: nanoseconds on a CPU, nanoseconds waiting for one, times put on one.
 *   679322 15230 14
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

int intro_parse_schedstat(const char *text, size_t len, struct intro_schedstat *ret)
{
	const char *p = text, *end = text + len;
	struct intro_schedstat schedstat;

	if (!intro_take_u64(&p, end, &schedstat.run_ns) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &schedstat.wait_ns) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &schedstat.timeslices) || !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*ret = schedstat;
	return 0;
}
