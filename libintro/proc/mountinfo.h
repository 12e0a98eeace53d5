/* A line of /proc/PID/mountinfo. Pure: opens nothing, never reads past the end of its text. */
#ifndef INTRO_PROC_MOUNTINFO_H
#define INTRO_PROC_MOUNTINFO_H

#include <stdint.h>

#include <intro/task.h>

struct intro_mount {
	int id, parent;
	uint32_t dev_major, dev_minor;
	struct intro_bytes root;  /* the directory of the file system that is mounted; escaped */
	struct intro_bytes point; /* where, from the root of the process; escaped */
	struct intro_bytes type;  /* "ext4"; "fuse.sshfs" */
};

/*
 * Takes the next mount off the text at *p: 1; 0 at the end; INTRO_E_FORMAT for a line that is not
 * in its form, which is then passed over, too.
 */
int intro_take_mount(const char **p, const char *end, struct intro_mount *ret);

/*
 * Blanks, newlines, '\\' and '#' are escaped: "\040". Writes the bytes to `to`, which has room for
 * as many as there are, and may be the same memory. Returns their number.
 */
size_t intro_mount_unescape(struct intro_bytes text, char *to);

#endif
