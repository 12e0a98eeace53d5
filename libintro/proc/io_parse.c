/*
 * /proc/PID/io:
 *   rchar: 6976
 *   wchar: 0
 *   syscr: 10
 *   syscw: 0
 *   read_bytes: 0
 *   write_bytes: 0
 *   cancelled_write_bytes: 0
 * Each of them must be there, in any order; further lines are passed over.
 */
#include "proc/parse.h"

#include <string.h>

#include "base/number.h"
#include "proc/text.h"

/* clang-format off */
#define LINE(name) {#name ": ", sizeof(#name ": ") - 1, offsetof(struct intro_io, name)}
/* clang-format on */

static const struct {
	char key[24];
	uint16_t key_len;
	uint16_t offset;
} lines[] = {
	LINE(rchar),
	LINE(wchar),
	LINE(syscr),
	LINE(syscw),
	LINE(read_bytes),
	LINE(write_bytes),
	LINE(cancelled_write_bytes),
};

#define LINE_COUNT (sizeof(lines) / sizeof(*lines))

static bool parse_line(const char *line, const char *stop, struct intro_io *io, unsigned *seen)
{
	for (size_t i = 0; i < LINE_COUNT; i++) {
		const char *p = line;
		uint64_t value;

		if (!intro_take_bytes(&p, stop, lines[i].key, lines[i].key_len))
			continue;
		if (!intro_take_u64(&p, stop, &value) || p != stop)
			return false;
		memcpy((char *)io + lines[i].offset, &value, sizeof(value));
		*seen |= 1u << i;
		return true;
	}
	return true;
}

int intro_parse_io(const char *text, size_t len, struct intro_io *ret)
{
	const char *p = text, *end = text + len, *line, *stop;
	struct intro_io io = {0};
	unsigned seen = 0;

	while (intro_take_line(&p, end, &line, &stop)) {
		if (!parse_line(line, stop, &io, &seen))
			return INTRO_E_FORMAT;
	}
	if (seen != (1u << LINE_COUNT) - 1)
		return INTRO_E_FORMAT;
	*ret = io;
	return 0;
}
