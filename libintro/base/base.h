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
#include "base/spent.h"

struct intro_devices;
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
	int own_pid_ns;   /* -1: not known yet */
	bool has_sysroot; /* one was given */
	enum intro_ext_state ext_state;
	int fd_dir_has_size; /* -1: not known yet; see INTRO_SOURCE_FD_COUNT */
	int has_util_clamp;  /* the same; see INTRO_SOURCE_SCHED_ATTR */
	uint64_t boot_ns;    /* 0: not known yet */
	struct intro_id_cache *users, *groups;
	struct intro_tty_drivers *tty_drivers;
	struct intro_devices *devices;
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
 * Reading a file into `buf`, which is replaced and terminated with a NUL that does not count. All
 * return 0 or a negative errno: -EFBIG above `limit` bytes (of which `buf` then has that many), and
 * in a captured tree -EBADMSG for what is no regular file: a symbolic link there could lead to the
 * files of this machine, and a FIFO would never end.
 *
 * _record is for the files that the kernel makes as one record, as nearly all below /proc/PID: a
 * read that leaves room in the buffer was the last, and the one that would prove it is saved.
 * _file reads until the end, as files of several records (maps, kallsyms) need it.
 */
int intro_read_record(const struct intro *session, int dirfd, const char *path, size_t limit,
		      struct intro_buf *buf);
/* The same, but the descriptor is closed later, with others. */
int intro_read_record_spent(const struct intro *session, int dirfd, const char *path, size_t limit,
			    struct intro_buf *buf, struct intro_spent *spent);
int intro_read_file(const struct intro *session, int dirfd, const char *path, size_t limit,
		    struct intro_buf *buf);

/*
 * A directory; `flags` are O_PATH or O_RDONLY. In a captured tree no link is followed on the way:
 * it could lead to this machine's. A descriptor or a negative errno: -ENOTDIR for such a link.
 */
int intro_open_directory(const struct intro *session, int dirfd, const char *path, int flags);

/* A file below the sysroot, whose symbolic links stay there. */
int intro_read_sysroot(const struct intro *session, const char *path, size_t limit,
		       struct intro_buf *buf);

/* The target of a symbolic link; 0 or a negative errno. */
int intro_read_link(int dirfd, const char *path, struct intro_buf *buf);

/*
 * Takes over an option struct that a caller built with an older or newer header: what it lacks is
 * zero, what is unknown must be. INTRO_E_INVALID for a size below `first_size`, that of the first
 * version, and for unknown members that are set.
 */
int intro_options_copy(void *to, size_t to_size, size_t first_size, const void *from,
		       size_t from_size);

#endif
