/* The files that a process has mapped, out of /proc/PID/maps. */
#ifndef INTRO_FD_MAPS_H
#define INTRO_FD_MAPS_H

#include <intro/fd.h>

#include "base/buf.h"

struct intro_fd_map {
	uint64_t start, end;
	uint32_t dev_major, dev_minor; /* of the file system; stat may say another (btrfs) */
	uint64_t ino;
	struct intro_bytes path; /* as it stands: "\012" is a newline, or just that */
};

/*
 * Takes the line at *p, without its newline, and moves *p behind it: 1; 0 for a line of another
 * form; -1 at the end of the text. Pure.
 */
int intro_parse_map(const char **p, const char *end, struct intro_fd_map *ret);

struct intro_fd_maps {
	struct intro_fd_map *maps;
	size_t count, size;
};

/*
 * Of the whole text each mapped file once, at its lowest address, in the order of addresses. The
 * paths lie in the text. 0 or -ENOMEM.
 */
int intro_fd_maps_collect(const char *text, size_t len, struct intro_fd_maps *maps);
void intro_fd_maps_free(struct intro_fd_maps *maps);

/* Turns each "\012" of a path into a newline; `to` has room for path.len. Returns the length. */
size_t intro_fd_map_unescape(struct intro_bytes path, char *to);

#endif
