/*
 * /proc/PID/statm, in pages: size, resident, shared, text, lib (always 0), data, dirty (always 0).
 *   1388 451 420 5 0 87 0
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

int intro_parse_statm(const char *text, size_t len, struct intro_statm *ret)
{
	const char *p = text, *end = text + len;
	struct intro_statm statm;
	uint64_t lib, dirty;

	if (!intro_take_u64(&p, end, &statm.size) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &statm.resident) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &statm.shared) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &statm.text) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &lib) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &statm.data) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !intro_take_u64(&p, end, &dirty) || !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*ret = statm;
	return 0;
}
