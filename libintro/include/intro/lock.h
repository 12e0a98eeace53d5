/*
 * File locks as the kernel shows them: in /proc/PID/fdinfo/FD those that are held through a
 * descriptor, in /proc/locks all of them and those who wait.
 */
#ifndef INTRO_LOCK_H
#define INTRO_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <intro/names.h>

INTRO_BEGIN_DECLS

enum intro_lock_type {                   /* INTRO_NAMES_LOCK_TYPE: "posix", ... */
		       INTRO_LOCK_POSIX, /* fcntl(2) F_SETLK: belongs to a process */
		       INTRO_LOCK_OFD, /* fcntl(2) F_OFD_SETLK: belongs to an open file description */
		       INTRO_LOCK_FLOCK,  /* flock(2): the same */
		       INTRO_LOCK_LEASE,  /* fcntl(2) F_SETLEASE */
		       INTRO_LOCK_DELEG,  /* a delegation: the lease of a file server */
		       INTRO_LOCK_LAYOUT, /* the lease of a pNFS server */
		       INTRO_LOCK_UNKNOWN,
};

enum intro_lock_mode { /* INTRO_NAMES_LOCK_MODE: "read", "write", "none" */
		       INTRO_LOCK_READ,
		       INTRO_LOCK_WRITE,
		       INTRO_LOCK_NONE, /* a lease that is gone or being given back */
};

#define INTRO_LOCK_EOF UINT64_MAX

struct intro_lock {
	/*
	 * The number before the colon. In /proc/locks it joins those who wait to the lock that they
	 * wait for; in a descriptor's list it counts, and means nothing elsewhere.
	 */
	uint64_t id;
	unsigned depth; /* 0: held; 1 and above: it waits, for the one before it of less depth */
	enum intro_lock_type type;
	enum intro_lock_mode mode; /* of a lease being broken: what it will become */
	bool mandatory;
	bool active;   /* leases: held, and not being broken */
	bool breaking; /* leases: held, and asked back. Neither: somebody who waits for it */
	pid_t pid;     /* in the PID namespace of the procfs; 0: not of it; -1: OFD locks have none;
			* below: of another machine */
	bool has_inode; /* who waits for a lease is shown without */
	uint32_t dev_major, dev_minor;
	uint64_t ino;
	uint64_t start; /* bytes, both inclusive */
	uint64_t end;   /* INTRO_LOCK_EOF: to the end, however long */
};

/* All locks of the system at one time, in the order of the file. */
struct intro_locks;

/* Reads /proc/locks. INTRO_E_ABSENT where the tree has none, INTRO_E_DENIED, INTRO_E_FORMAT. */
INTRO_API INTRO_NODISCARD int intro_locks_open(struct intro *session, struct intro_locks **ret);
INTRO_API void intro_locks_close(struct intro_locks *locks); /* NULL is fine */

/* The rows; those who wait stand behind what they wait for. Borrowed until close. */
INTRO_API const struct intro_lock *intro_locks_all(const struct intro_locks *locks, size_t *count);

INTRO_END_DECLS

#endif
