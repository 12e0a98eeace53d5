/*
 * The target of a link /proc/PID/ns/...: the kind of the namespace and its inode number.
 *   pid:[4026531836]
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

int intro_parse_namespace(const char *text, size_t len, uint64_t *ret)
{
	const char *p = text, *end = text + len;
	uint64_t number;

	while (p < end && ((*p >= 'a' && *p <= 'z') || *p == '_'))
		p++;
	if (p == text || !INTRO_TAKE_LITERAL(&p, end, ":[") || !intro_take_u64(&p, end, &number) ||
	    !INTRO_TAKE_LITERAL(&p, end, "]") || !intro_at_end(p, end))
		return INTRO_E_FORMAT;
	*ret = number;
	return 0;
}
