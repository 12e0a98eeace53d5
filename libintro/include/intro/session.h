/*
 * The session: the root of everything that libintro reads.
 *
 * A session holds the directory that plays the role of /proc, the directory that plays the role
 * of / (for the names of users and for /sys), small caches, and the last error. One thread per
 * session; separate sessions are independent of each other.
 */
#ifndef INTRO_SESSION_H
#define INTRO_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <intro/error.h>

INTRO_BEGIN_DECLS

struct intro_open_options {
	size_t size;         /* sizeof(struct intro_open_options) */
	const char *procfs;  /* the tree to read in place of /proc; NULL for /proc */
	const char *sysroot; /* the tree to read in place of /; NULL for / */
};

/*
 * Opens a session. `options` may be NULL. Errors: INTRO_E_NOMEM, INTRO_E_INVALID; INTRO_E_ABSENT,
 * INTRO_E_DENIED or INTRO_E_OS with errno set where a root cannot be opened (there is no session
 * to ask for details then).
 */
INTRO_API INTRO_NODISCARD int intro_open(const struct intro_open_options *options,
					 struct intro **ret);
INTRO_API void intro_close(struct intro *session); /* NULL is fine */

/* Whether the procfs root is a mounted procfs (and not a captured tree of files). */
INTRO_API bool intro_is_live(const struct intro *session);

/*
 * Whether the PIDs of the procfs root are those that system calls of this process take: it is
 * live and belongs to our own PID namespace.
 */
INTRO_API bool intro_is_own_pid_namespace(struct intro *session);

/* The time base that turns clock ticks since boot into times. */
struct intro_clock {
	uint64_t now_ns;    /* the time of the reading, nanoseconds since 1970, UTC; 0: unknown */
	uint64_t boot_ns;   /* when the machine booted, the same; steady within a session */
	uint64_t uptime_ns; /* time since boot, suspended time included */
	uint64_t ticks_per_second; /* unit of the times in /proc/PID/stat */
	uint64_t page_size;        /* bytes; of this machine, also for a captured tree */
};

/*
 * Live: clock_gettime. Captured: the files uptime and stat (its btime line) of the tree; where it
 * lacks them the three times are 0. Returns 0.
 */
INTRO_API int intro_clock_read(struct intro *session, struct intro_clock *ret);

/*
 * Names of users and groups: NULL for an id that has none. With a sysroot they come from
 * etc/passwd and etc/group below it; live sessions without one ask the name service; a captured
 * tree without one has no names. Borrowed until the session is closed.
 */
INTRO_API const char *intro_user_name(struct intro *session, uid_t uid);
INTRO_API const char *intro_group_name(struct intro *session, gid_t gid);

/*
 * The id of a user by name or by number in decimal. INTRO_E_ABSENT if there is no such user,
 * INTRO_E_OS if the name service or the file below the sysroot could not be read.
 */
INTRO_API INTRO_NODISCARD int intro_user_id(struct intro *session, const char *name, uid_t *ret);

/*
 * The name of a terminal by its device number as /proc/PID/stat gives it (tty_nr): "pts/3",
 * "tty1", "ttyS0", or "4:65" where no driver claims it. NULL for 0: no terminal. Borrowed until
 * the next call.
 */
INTRO_API const char *intro_tty_name(struct intro *session, uint32_t tty_nr);

/* The host name and boot id of the tree, NULL where it has none. Borrowed until close. */
INTRO_API const char *intro_host_name(struct intro *session);
INTRO_API const char *intro_boot_id(struct intro *session);

INTRO_END_DECLS

#endif
