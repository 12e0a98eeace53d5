/* The session as its own rooms see it, and the small things that every reader needs. */
#ifndef INTRO_BASE_BASE_H
#define INTRO_BASE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <intro/session.h>

#include "base/buf.h"

struct intro_id_cache;
struct intro_tty_drivers;

/* What runs the tasks of the fair class: a BPF scheduler may have taken them over. */
enum intro_ext_state {
	INTRO_EXT_UNKNOWN, /* not asked yet */
	INTRO_EXT_OFF,
	INTRO_EXT_OWN_TASKS, /* only those with SCHED_EXT */
	INTRO_EXT_ALL_TASKS,
};

/* Who knows the names of users and groups. */
enum intro_id_names {
	INTRO_ID_NAMES_NONE,    /* a captured tree alone: this machine's names may not be its */
	INTRO_ID_NAMES_SERVICE, /* the name service of this machine */
	INTRO_ID_NAMES_SYSROOT, /* the files below the sysroot */
};

struct intro {
	int proc_fd;    /* the root of procfs */
	int sysroot_fd; /* the root of the file system */
	bool live;
	enum intro_id_names id_names;
	int own_pid_ns; /* -1: not known yet */
	enum intro_ext_state ext_state;
	struct intro_id_cache *users, *groups;
	struct intro_tty_drivers *tty_drivers;
	char tty_name[64];
	char *host_name, *boot_id; /* NULL: not read yet, or absent */
	bool host_read;
	struct intro_error error;
	char error_path[256];
	char error_text[256];
};

/*
 * Records a failure and returns its code, so that a function can end with it. `path` and `format`
 * may be NULL.
 */
int intro_fail(struct intro *session, int code, int os_errno, pid_t pid, const char *path,
	       const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The code that fits an errno: ESRCH and ENOENT are GONE, EACCES and EPERM DENIED. */
int intro_code_of_errno(int os_errno);

/*
 * Reads a whole file of any size into `buf`, replacing what is there; `buf` is terminated with a
 * NUL that does not count. Returns 0 or a negative errno (-EFBIG above `limit` bytes).
 */
int intro_read_file(int dirfd, const char *path, size_t limit, struct intro_buf *buf);

/* The same for the target of a symbolic link. */
int intro_read_link(int dirfd, const char *path, struct intro_buf *buf);

#endif
