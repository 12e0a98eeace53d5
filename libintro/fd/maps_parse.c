/*
 * Mapped files out of /proc/PID/maps:
 *   7f3c1a000000-7f3c1a022000 r--p 00000000 fe:00 264511                     /usr/lib/libc.so.6
 *   7ffc5b1e2000-7ffc5b203000 rw-p 00000000 00:00 0                          [stack]
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "fd/maps.h"
#include "proc/text.h"

#define PERMISSIONS 4 /* "r-xp" */

static bool take_device(const char **p, const char *end, struct intro_fd_map *map)
{
	uint64_t major, minor;

	if (!intro_take_hex(p, end, &major) || !INTRO_TAKE_LITERAL(p, end, ":") ||
	    !intro_take_hex(p, end, &minor) || major > UINT32_MAX || minor > UINT32_MAX)
		return false;
	map->dev_major = (uint32_t)major;
	map->dev_minor = (uint32_t)minor;
	return true;
}

static bool parse_line(const char *p, const char *end, struct intro_fd_map *map)
{
	uint64_t offset;

	if (!intro_take_hex(&p, end, &map->start) || !INTRO_TAKE_LITERAL(&p, end, "-") ||
	    !intro_take_hex(&p, end, &map->end) || !INTRO_TAKE_LITERAL(&p, end, " ") ||
	    end - p < PERMISSIONS)
		return false;
	p += PERMISSIONS;
	if (!INTRO_TAKE_LITERAL(&p, end, " ") || !intro_take_hex(&p, end, &offset) ||
	    !INTRO_TAKE_LITERAL(&p, end, " ") || !take_device(&p, end, map) ||
	    !INTRO_TAKE_LITERAL(&p, end, " ") || !intro_take_u64(&p, end, &map->ino))
		return false;
	while (p < end && *p == ' ')
		p++;
	map->path = (struct intro_bytes){p, (size_t)(end - p)};
	return true;
}

int intro_parse_map(const char **p, const char *end, struct intro_fd_map *ret)
{
	const char *begin, *stop;
	struct intro_fd_map map;

	if (!intro_take_line(p, end, &begin, &stop))
		return -1;
	if (!parse_line(begin, stop, &map))
		return 0;
	*ret = map;
	return 1;
}

static int compare_files(const struct intro_fd_map *a, const struct intro_fd_map *b)
{
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	if (a->dev_major != b->dev_major)
		return a->dev_major < b->dev_major ? -1 : 1;
	if (a->dev_minor != b->dev_minor)
		return a->dev_minor < b->dev_minor ? -1 : 1;
	if (a->path.len != b->path.len)
		return a->path.len < b->path.len ? -1 : 1;
	return memcmp(a->path.data, b->path.data, a->path.len);
}

static int compare_addresses(const void *left, const void *right)
{
	const struct intro_fd_map *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

static int compare(const void *left, const void *right)
{
	int r = compare_files(left, right);

	return r ? r : compare_addresses(left, right);
}

static int add(struct intro_fd_maps *maps, const struct intro_fd_map *map)
{
	if (maps->count == maps->size) {
		size_t size = maps->size ? maps->size * 2 : 64;
		struct intro_fd_map *grown = realloc(maps->maps, size * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		maps->maps = grown;
		maps->size = size;
	}
	maps->maps[maps->count++] = *map;
	return 0;
}

int intro_fd_maps_collect(const char *text, size_t len, struct intro_fd_maps *maps)
{
	const char *p = text, *end = text + len;
	struct intro_fd_map map;
	size_t kept = 0;
	int r;

	maps->count = 0;
	while ((r = intro_parse_map(&p, end, &map)) >= 0) {
		if (r == 0 || map.ino == 0)
			continue;
		/* Mostly the parts of a file are neighbours. */
		if (maps->count && compare_files(&maps->maps[maps->count - 1], &map) == 0)
			continue;
		if (add(maps, &map))
			return -ENOMEM;
	}
	if (maps->count == 0)
		return 0;
	qsort(maps->maps, maps->count, sizeof(*maps->maps), compare);
	for (size_t i = 0; i < maps->count; i++)
		if (i == 0 || compare_files(&maps->maps[kept - 1], &maps->maps[i]))
			maps->maps[kept++] = maps->maps[i];
	maps->count = kept;
	qsort(maps->maps, maps->count, sizeof(*maps->maps), compare_addresses);
	return 0;
}

void intro_fd_maps_free(struct intro_fd_maps *maps)
{
	free(maps->maps);
	*maps = (struct intro_fd_maps){0};
}

size_t intro_fd_map_unescape(struct intro_bytes path, char *to)
{
	const char *p = path.data, *end = path.data + path.len;
	char *out = to;

	while (p < end)
		*out++ = INTRO_TAKE_LITERAL(&p, end, "\\012") ? '\n' : *p++;
	return (size_t)(out - to);
}
