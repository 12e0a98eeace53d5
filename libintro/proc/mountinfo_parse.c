/*
 * What is mounted where, in the order of mounting:
 *   26 24 0:24 / /dev/pts rw,relatime shared:3 master:1 - devpts devpts rw,mode=600
 *   41 27 8:17 /a\040b /mnt/c\134d rw - ext4 /dev/sdb1 rw
 * Any number of optional fields stands before the "-".
 */
#include "proc/mountinfo.h"

#include <intro/error.h>

#include "base/number.h"
#include "proc/text.h"

static bool take_u32(const char **p, const char *end, uint64_t most, uint64_t *ret)
{
	return intro_take_u64(p, end, ret) && *ret <= most;
}

/* What is up to the next blank; at least one byte, and the blank is taken, too. */
static bool take_word(const char **p, const char *end, struct intro_bytes *ret)
{
	const char *blank = *p < end ? memchr(*p, ' ', (size_t)(end - *p)) : NULL;

	if (!blank || blank == *p)
		return false;
	*ret = (struct intro_bytes){.data = *p, .len = (size_t)(blank - *p)};
	*p = blank + 1;
	return true;
}

static bool is_dash(struct intro_bytes word)
{
	return word.len == 1 && word.data[0] == '-';
}

static bool parse_mount(const char *p, const char *end, struct intro_mount *ret)
{
	uint64_t id, parent, major, minor;
	struct intro_bytes word;

	if (!take_u32(&p, end, INT32_MAX, &id) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !take_u32(&p, end, INT32_MAX, &parent) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !take_u32(&p, end, UINT32_MAX, &major) || !INTRO_TAKE_LITERAL(&p, end, ":") ||
	    !take_u32(&p, end, UINT32_MAX, &minor) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    !take_word(&p, end, &ret->root) || !take_word(&p, end, &ret->point) ||
	    !take_word(&p, end, &word))
		return false;
	do {
		if (!take_word(&p, end, &word))
			return false;
	} while (!is_dash(word));
	if (!take_word(&p, end, &ret->type))
		return false;
	ret->id = (int)id;
	ret->parent = (int)parent;
	ret->dev_major = (uint32_t)major;
	ret->dev_minor = (uint32_t)minor;
	return true;
}

int intro_take_mount(const char **p, const char *end, struct intro_mount *ret)
{
	struct intro_mount mount;
	const char *begin, *stop;

	if (!intro_take_line(p, end, &begin, &stop))
		return 0;
	if (!parse_mount(begin, stop, &mount))
		return INTRO_E_FORMAT;
	*ret = mount;
	return 1;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

size_t intro_mount_unescape(struct intro_bytes text, char *to)
{
	const char *p = text.data, *end = text.data + text.len;
	size_t len = 0;

	while (p < end) {
		if (end - p >= 4 && *p == '\\' && p[1] <= '3' && is_octal(p[1]) && is_octal(p[2]) &&
		    is_octal(p[3])) {
			to[len++] = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
			p += 4;
		} else {
			to[len++] = *p++;
		}
	}
	return len;
}
