/*
 * Names of constants, both ways: signals, task states, scheduling policies, capabilities, errno,
 * system calls and so on. The tables are constant; all texts are static and never freed.
 *
 * A set is either an enumeration (a value has one name) or a set of flags (a word is a sum of
 * named bits and fields). A mask is a word whose bit i stands for value i + base of an
 * enumeration: sigset (base 1) and capability sets (base 0).
 */
#ifndef INTRO_NAMES_H
#define INTRO_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <intro/error.h>

INTRO_BEGIN_DECLS

enum intro_names {
	INTRO_NAMES_SIGNAL,         /* SIGHUP ... SIGRTMIN+30; as a mask: bit n - 1 */
	INTRO_NAMES_STATE,          /* 'R' running, 'D' disk sleep, ...: the kernel's words */
	INTRO_NAMES_POLICY,         /* SCHED_OTHER, SCHED_FIFO, ... */
	INTRO_NAMES_SCHED_CLASS,    /* stop dl rt fair ext idle: enum intro_sched_class */
	INTRO_NAMES_SCHED_FLAG,     /* flags: SCHED_FLAG_RESET_ON_FORK, ... */
	INTRO_NAMES_CAPABILITY,     /* CAP_CHOWN, ...; as a mask: bit n */
	INTRO_NAMES_SECCOMP,        /* disabled strict filter */
	INTRO_NAMES_IOPRIO_CLASS,   /* none realtime best-effort idle */
	INTRO_NAMES_TASK_FLAG,      /* flags: PF_KTHREAD, ... of /proc/PID/stat, kernel 6.x */
	INTRO_NAMES_NAMESPACE,      /* flags: CLONE_NEWPID, ... */
	INTRO_NAMES_RLIMIT,         /* RLIMIT_CPU, ... */
	INTRO_NAMES_ERRNO,          /* EPERM, ... */
	INTRO_NAMES_SYSCALL_X86_64, /* read, write, ... */
	INTRO_NAMES_SYSCALL_I386,
	INTRO_NAMES_SLOT,             /* cwd root exe mem fd: enum intro_slot */
	INTRO_NAMES_FD_KIND,          /* reg dir pipe unix epoll ...: enum intro_fd_kind */
	INTRO_NAMES_FD_ACCESS,        /* r w rw path none: enum intro_fd_access */
	INTRO_NAMES_OPEN_FLAG,        /* flags: O_APPEND, ... as /proc/PID/fdinfo has them */
	INTRO_NAMES_LOCK_TYPE,        /* posix ofd flock lease ...: enum intro_lock_type */
	INTRO_NAMES_LOCK_MODE,        /* read write none: enum intro_lock_mode */
	INTRO_NAMES_EPOLL_EVENT,      /* flags: EPOLLIN, EPOLLET, ... */
	INTRO_NAMES_INOTIFY_EVENT,    /* flags: IN_MODIFY, ... */
	INTRO_NAMES_FANOTIFY_EVENT,   /* flags: FAN_OPEN, ... */
	INTRO_NAMES_SEAL,             /* flags: F_SEAL_WRITE, ... */
	INTRO_NAMES_CLOCK,            /* CLOCK_REALTIME, ... */
	INTRO_NAMES_SOCKET_FAMILY,    /* unix inet inet6 netlink packet vsock ...: AF_* */
	INTRO_NAMES_SOCKET_TYPE,      /* stream dgram seqpacket raw ...: SOCK_* */
	INTRO_NAMES_SOCKET_STATE,     /* ESTABLISHED LISTEN ...: enum intro_socket_state */
	INTRO_NAMES_SOCKET_TIMER,     /* off on keepalive ...: enum intro_socket_timer */
	INTRO_NAMES_IP_PROTOCOL,      /* tcp udp icmp ...: IPPROTO_* */
	INTRO_NAMES_NETLINK_PROTOCOL, /* route audit sock_diag ...: NETLINK_* */
	INTRO_NAMES_ETHERTYPE,        /* all ip arp ipv6 ...: ETH_P_* */
	INTRO_NAMES_BPF_MAP_TYPE,     /* hash array ...: BPF_MAP_TYPE_* */
	INTRO_NAMES_BPF_PROG_TYPE,    /* kprobe xdp ...: BPF_PROG_TYPE_* */
	INTRO_NAMES_COUNT,
};

enum intro_sched_class {
	INTRO_SCHED_CLASS_STOP,
	INTRO_SCHED_CLASS_DL,
	INTRO_SCHED_CLASS_RT,
	INTRO_SCHED_CLASS_FAIR,
	INTRO_SCHED_CLASS_EXT,
	INTRO_SCHED_CLASS_IDLE,
};

struct intro_name {
	uint64_t value;   /* of an enumeration; of a flag: the bits it stands for */
	const char *name; /* in the field's own spelling */
};

/* The name of a value of an enumeration, or of one exact flag. NULL where it has none. */
INTRO_API const char *intro_name(enum intro_names set, uint64_t value);

/*
 * The value of a name. Letter case does not matter, the common prefix of the set may be left out
 * ("HUP", "hup", "sighup"), and a number in C notation is taken as it is, if it is in range.
 * `text` need not be terminated. INTRO_E_ABSENT where there is no such name.
 */
INTRO_API INTRO_NODISCARD int intro_name_parse(enum intro_names set, const char *text, size_t len,
					       uint64_t *ret);

/* What all names of the set begin with: "SIG", "CAP_"; "" where there is no such thing. */
INTRO_API const char *intro_names_prefix(enum intro_names set);

/* Walks the rows of a set: start with *position = 0; returns 1 with a row, 0 at the end. */
INTRO_API int intro_names_next(enum intro_names set, size_t *position, struct intro_name *ret);

/*
 * Takes the lowest member out of a mask or flag word: returns 1 and the member, or 0 where the
 * word is empty. Bits without a name come as name NULL and their value (the bit number plus base
 * for a mask, all remaining bits together for flags, and those last).
 */
INTRO_API int intro_mask_take(enum intro_names set, uint64_t *bits, struct intro_name *ret);

/*
 * Writes the members of a word, separated: "SIGHUP,SIGINT", "PF_KTHREAD|0x4". Like snprintf it
 * returns the length that the whole text has, and terminates whenever size > 0.
 */
INTRO_API size_t intro_mask_format(enum intro_names set, uint64_t bits, char separator, char *buf,
				   size_t size);

/* The inverse: names and numbers separated by ',' or '|'; "" is 0. */
INTRO_API INTRO_NODISCARD int intro_mask_parse(enum intro_names set, const char *text, size_t len,
					       uint64_t *ret);

INTRO_END_DECLS

#endif
