/*
 * /proc/PID/cgroup, a line for each hierarchy: number, controllers, path.
 *   4:memory:/app/worker
 *   1:name=systemd:/
 *   0::/system.slice/cron.service
 * 0 is the one of version 2. The path may hold colons, and no newline.
 */
#include "proc/parse.h"

#include "base/number.h"
#include "proc/text.h"

/* False where the line is none of the above. */
static bool parse_line(const char *line, const char *stop, uint64_t *hierarchy,
		       struct intro_bytes *path)
{
	const char *p = line;

	if (!intro_take_u64(&p, stop, hierarchy) || !INTRO_TAKE_LITERAL(&p, stop, ":"))
		return false;
	const char *colon = memchr(p, ':', (size_t)(stop - p));
	if (!colon)
		return false;
	*path = (struct intro_bytes){.data = colon + 1, .len = (size_t)(stop - colon - 1)};
	return true;
}

int intro_parse_cgroup(const char *text, size_t len, struct intro_bytes *ret)
{
	const char *p = text, *end = text + len, *line, *stop;
	struct intro_bytes found = {.data = "", .len = 0};
	bool first = true;

	while (intro_take_line(&p, end, &line, &stop)) {
		struct intro_bytes path;
		uint64_t hierarchy;

		if (!parse_line(line, stop, &hierarchy, &path))
			return INTRO_E_FORMAT;
		if (first || hierarchy == 0)
			found = path;
		first = false;
		if (hierarchy == 0)
			break;
	}
	*ret = found;
	return 0;
}
