/*
 * /proc/PID/limits, a table for people, with columns filled up by blanks:
 *   Limit                     Soft Limit           Hard Limit           Units     
 *   Max cpu time              unlimited            unlimited            seconds   
 *   Max open files            20000                20000                files     
 *   Max nice priority         0                    0                    
 * Unknown lines, such as the heading, are passed over.
 */
#include "proc/parse.h"

#include <sys/resource.h>

#include "base/number.h"
#include "proc/text.h"

static const char names[INTRO_RLIMIT_COUNT][24] = {
	[RLIMIT_CPU] = "Max cpu time ",
	[RLIMIT_FSIZE] = "Max file size ",
	[RLIMIT_DATA] = "Max data size ",
	[RLIMIT_STACK] = "Max stack size ",
	[RLIMIT_CORE] = "Max core file size ",
	[RLIMIT_RSS] = "Max resident set ",
	[RLIMIT_NPROC] = "Max processes ",
	[RLIMIT_NOFILE] = "Max open files ",
	[RLIMIT_MEMLOCK] = "Max locked memory ",
	[RLIMIT_AS] = "Max address space ",
	[RLIMIT_LOCKS] = "Max file locks ",
	[RLIMIT_SIGPENDING] = "Max pending signals ",
	[RLIMIT_MSGQUEUE] = "Max msgqueue size ",
	[RLIMIT_NICE] = "Max nice priority ",
	[RLIMIT_RTPRIO] = "Max realtime priority ",
	[RLIMIT_RTTIME] = "Max realtime timeout ",
};

/* A column with one limit, and the blank after it. */
static bool take_limit(const char **p, const char *end, uint64_t *ret)
{
	intro_skip_blanks(p, end);
	if (INTRO_TAKE_LITERAL(p, end, "unlimited"))
		*ret = INTRO_UNLIMITED;
	else if (!intro_take_u64(p, end, ret))
		return false;
	return *p == end || **p == ' ';
}

static bool parse_line(const char *line, const char *stop, struct intro_limits *limits)
{
	/* Kernels print the lines in the order of their numbers: begin where the last was. */
	unsigned start = limits->have ? 32 - (unsigned)__builtin_clz(limits->have) : 0;

	for (unsigned n = 0; n < INTRO_RLIMIT_COUNT; n++) {
		unsigned i = (start + n) % INTRO_RLIMIT_COUNT;
		const char *p = line;

		if (!intro_take_bytes(&p, stop, names[i], strlen(names[i])))
			continue;
		if (limits->have & 1u << i || !take_limit(&p, stop, &limits->limit[i].soft) ||
		    !take_limit(&p, stop, &limits->limit[i].hard))
			return false;
		limits->have |= 1u << i;
		return true;
	}
	return true;
}

int intro_parse_limits(const char *text, size_t len, struct intro_limits *ret)
{
	const char *p = text, *end = text + len, *line, *stop;
	struct intro_limits limits = {0};

	while (intro_take_line(&p, end, &line, &stop)) {
		if (!parse_line(line, stop, &limits))
			return INTRO_E_FORMAT;
	}
	*ret = limits;
	return 0;
}
