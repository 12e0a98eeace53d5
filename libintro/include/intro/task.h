/*
 * Processes and threads: the facts that /proc and the scheduling system calls tell of them.
 *
 * A process is a thread group: its PID is the tgid of its threads, and its main thread has
 * tid == pid. A record is made of parts, one for each source; the caller says which it wants, and
 * only those files are opened. Absent is not zero: a part counts only if its bit is set in `have`,
 * and where it is clear, `error` tells why.
 *
 * All pointers inside a record are borrowed: they end with the next call on its owner.
 */
#ifndef INTRO_TASK_H
#define INTRO_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <intro/names.h>

INTRO_BEGIN_DECLS

/* The sources of a task record; each is the number of its bit in `want` and `have`. */
enum intro_task_source {
	INTRO_SOURCE_OWNER,      /* owner of /proc/PID: euid and egid */
	INTRO_SOURCE_STAT,       /* /proc/PID/stat */
	INTRO_SOURCE_USAGE,      /* the same file, for the fields that differ between a process and
				  * its main thread: faults, times, I/O delay */
	INTRO_SOURCE_STATUS,     /* /proc/PID/status */
	INTRO_SOURCE_STATM,      /* /proc/PID/statm: the exact resident size */
	INTRO_SOURCE_CMDLINE,    /* /proc/PID/cmdline */
	INTRO_SOURCE_ENVIRON,    /* /proc/PID/environ */
	INTRO_SOURCE_SCHEDSTAT,  /* /proc/PID/schedstat */
	INTRO_SOURCE_SCHED_FILE, /* /proc/PID/sched */
	INTRO_SOURCE_IO,         /* /proc/PID/io */
	INTRO_SOURCE_CGROUP,     /* /proc/PID/cgroup */
	INTRO_SOURCE_LIMITS,     /* /proc/PID/limits */
	INTRO_SOURCE_LOGINUID,   /* /proc/PID/loginuid */
	INTRO_SOURCE_SESSIONID,  /* /proc/PID/sessionid: the audit session */
	INTRO_SOURCE_OOM_SCORE,  /* /proc/PID/oom_score */
	INTRO_SOURCE_OOM_ADJ,    /* /proc/PID/oom_score_adj */
	INTRO_SOURCE_WCHAN,      /* /proc/PID/wchan */
	INTRO_SOURCE_SYSCALL,    /* /proc/PID/syscall */
	INTRO_SOURCE_AUTOGROUP,  /* /proc/PID/autogroup */
	INTRO_SOURCE_LABEL,      /* /proc/PID/attr/current: the security module's label */
	INTRO_SOURCE_EXE,        /* link /proc/PID/exe */
	INTRO_SOURCE_CWD,        /* link /proc/PID/cwd */
	INTRO_SOURCE_ROOT,       /* link /proc/PID/root */
	INTRO_SOURCE_NS,         /* links /proc/PID/ns/... */
	INTRO_SOURCE_FD_COUNT,   /* size of /proc/PID/fd */
	INTRO_SOURCE_STDIO,      /* links /proc/PID/fd/0, 1, 2 */
	INTRO_SOURCE_PARENT,     /* whether the parent is the init of its PID namespace */
	INTRO_SOURCE_SCHED_ATTR, /* sched_getattr(2) */
	INTRO_SOURCE_AFFINITY,   /* sched_getaffinity(2); status where that cannot be asked */
	INTRO_SOURCE_TIMESLICE,  /* sched_rr_get_interval(2) */
	INTRO_SOURCE_IOPRIO,     /* ioprio_get(2) */
	INTRO_SOURCE_COUNT,
};

#define INTRO_WANT(source) (UINT64_C(1) << INTRO_SOURCE_##source)

/* What a source is called in messages: "stat", "ns", "sched_getattr". Never NULL. */
INTRO_API const char *intro_task_source_name(enum intro_task_source source);

/* Scheduling policies; the headers of older systems lack the last ones. */
enum intro_policy {
	INTRO_POLICY_OTHER = 0,
	INTRO_POLICY_FIFO = 1,
	INTRO_POLICY_RR = 2,
	INTRO_POLICY_BATCH = 3,
	INTRO_POLICY_IDLE = 5,
	INTRO_POLICY_DEADLINE = 6,
	INTRO_POLICY_EXT = 7,
};

/* Bytes as the kernel gives them: any value but where noted, not terminated. */
struct intro_bytes {
	const char *data;
	size_t len;
};

#define INTRO_COMM_SIZE 64 /* kernel threads show up to 63 bytes, others 15 */

/* /proc/PID/stat. Times are in clock ticks (struct intro_clock), memory in bytes or pages. */
struct intro_stat {
	unsigned fields;            /* how many the kernel gave; those beyond are zero */
	char comm[INTRO_COMM_SIZE]; /* any byte but NUL; terminated */
	unsigned comm_len;
	char state; /* INTRO_NAMES_STATE */
	pid_t pid, ppid, pgrp, session;
	uint32_t tty_nr; /* intro_tty_name; 0: no controlling terminal */
	pid_t tpgid;     /* foreground process group of the terminal, -1: none */
	uint32_t flags;  /* INTRO_NAMES_TASK_FLAG */
	uint64_t minflt, cminflt, majflt, cmajflt;
	uint64_t utime, stime;
	int64_t cutime, cstime;
	int64_t priority; /* nice + 20, or -1 - rt_priority, or -101 for SCHED_DEADLINE */
	int64_t nice;
	int64_t num_threads;
	uint64_t starttime; /* ticks since boot */
	uint64_t vsize;     /* bytes */
	int64_t rss;     /* pages, as counted roughly: it may lack some for each CPU; see STATM */
	uint64_t rsslim; /* bytes */
	uint64_t start_code, end_code, start_stack, kstkesp, kstkeip;
	int exit_signal, processor;
	unsigned rt_priority, policy; /* INTRO_NAMES_POLICY */
	uint64_t delayacct_blkio_ticks, guest_time;
	int64_t cguest_time;
	uint64_t start_data, end_data, start_brk, arg_start, arg_end, env_start, env_end;
	int exit_code; /* as wait(2) gives it; 0 where not permitted */
};

enum intro_id { INTRO_ID_REAL, INTRO_ID_EFFECTIVE, INTRO_ID_SAVED, INTRO_ID_FS, INTRO_ID_COUNT };

enum intro_capset {
	INTRO_CAP_INHERITABLE,
	INTRO_CAP_PERMITTED,
	INTRO_CAP_EFFECTIVE,
	INTRO_CAP_BOUNDING,
	INTRO_CAP_AMBIENT,
	INTRO_CAP_COUNT,
};

/* Which groups of lines a status file had. Kernel threads and zombies have no memory lines. */
enum intro_status_have {
	INTRO_STATUS_UMASK = 1u << 0,
	INTRO_STATUS_IDS = 1u << 1, /* uid, gid */
	INTRO_STATUS_GROUPS = 1u << 2,
	INTRO_STATUS_NSPID = 1u << 3,
	INTRO_STATUS_MEMORY = 1u << 4,    /* vm_peak ... vm_swap */
	INTRO_STATUS_RSS_KINDS = 1u << 5, /* rss_anon, rss_file, rss_shmem */
	INTRO_STATUS_SIGNALS = 1u << 6,
	INTRO_STATUS_CAPS = 1u << 7,
	INTRO_STATUS_NO_NEW_PRIVS = 1u << 8,
	INTRO_STATUS_SECCOMP = 1u << 9,
	INTRO_STATUS_CPUS = 1u << 10,
	INTRO_STATUS_SWITCHES = 1u << 11,
	INTRO_STATUS_SWAP = 1u << 12,
	INTRO_STATUS_TRACER = 1u << 13,
	INTRO_STATUS_SIGQ = 1u << 14,
	INTRO_STATUS_TGID = 1u << 15,
};

/* /proc/PID/status. Memory in bytes. */
struct intro_status {
	uint32_t have; /* INTRO_STATUS_* */
	unsigned umask;
	pid_t tgid, pid, ppid, tracer_pid; /* tracer 0: not traced */
	uid_t uid[INTRO_ID_COUNT];
	gid_t gid[INTRO_ID_COUNT];
	const gid_t *groups; /* supplementary */
	size_t group_count;
	const pid_t *ns_pids; /* the thread's id in each PID namespace, outermost first */
	size_t ns_pid_count;
	uint64_t vm_peak, vm_size, vm_locked, vm_pinned, vm_hwm, vm_rss;
	uint64_t rss_anon, rss_file, rss_shmem;
	uint64_t vm_data, vm_stack, vm_exe, vm_lib, vm_pte, vm_swap;
	uint64_t sig_queued, sig_queue_limit; /* of the real user id */
	uint64_t sig_pending, sig_shared_pending, sig_blocked, sig_ignored, sig_caught;
	uint64_t caps[INTRO_CAP_COUNT]; /* INTRO_NAMES_CAPABILITY as a mask */
	bool no_new_privs;
	unsigned seccomp;                              /* INTRO_NAMES_SECCOMP */
	struct intro_bytes cpus_allowed, mems_allowed; /* as lists: "0-3,8" */
	uint64_t voluntary_switches, involuntary_switches;
};

/* /proc/PID/statm. All zero for kernel threads and zombies. */
struct intro_statm {
	uint64_t size, resident, shared, text,
		data; /* pages; shared: resident from files and shm */
};

struct intro_schedstat {
	uint64_t run_ns;     /* time on a CPU, of this thread alone */
	uint64_t wait_ns;    /* time runnable but waiting for a CPU */
	uint64_t timeslices; /* how often it was put on a CPU */
};

enum intro_sched_file_have {
	INTRO_SCHED_FILE_SUM_EXEC = 1u << 0,
	INTRO_SCHED_FILE_MIGRATIONS = 1u << 1,
	INTRO_SCHED_FILE_VRUNTIME = 1u << 2,
	INTRO_SCHED_FILE_POLICY = 1u << 3,
	INTRO_SCHED_FILE_PRIO = 1u << 4,
	INTRO_SCHED_FILE_SLICE = 1u << 5,
	INTRO_SCHED_FILE_EXT = 1u << 6,
	INTRO_SCHED_FILE_UCLAMP = 1u << 7,
};

/* /proc/PID/sched: the scheduler's own view; its lines depend on the kernel's configuration. */
struct intro_sched_file {
	uint32_t have; /* INTRO_SCHED_FILE_* */
	uint64_t sum_exec_ns;
	uint64_t migrations;
	int64_t vruntime_ns; /* of the fair class */
	uint64_t slice_ns;
	unsigned policy;
	int prio;         /* the kernel's: 0..99 real-time, 100..139 normal, -1 deadline */
	bool ext_enabled; /* run by a BPF scheduler */
	unsigned uclamp_min, uclamp_max; /* effective, 0..1024 */
};

struct intro_io {
	uint64_t rchar, wchar, syscr, syscw; /* bytes and calls of read(2) and write(2) kinds */
	uint64_t read_bytes, write_bytes;    /* bytes that storage was asked for */
	uint64_t cancelled_write_bytes;
};

#define INTRO_UNLIMITED UINT64_MAX
#define INTRO_RLIMIT_COUNT 16

struct intro_limits {
	uint32_t have; /* bit RLIMIT_x: the line was there */
	struct {
		uint64_t soft, hard; /* INTRO_UNLIMITED; else in the unit of setrlimit(2) */
	} limit[INTRO_RLIMIT_COUNT]; /* by RLIMIT_x */
};

enum intro_syscall_abi {
	INTRO_ABI_X86_64,
	INTRO_ABI_I386,
	INTRO_ABI_UNKNOWN,
};

enum intro_syscall_state {
	INTRO_SYSCALL_RUNNING, /* on a CPU or runnable: nothing to tell */
	INTRO_SYSCALL_OUTSIDE, /* blocked, but not in a system call (a page fault, a stop) */
	INTRO_SYSCALL_INSIDE,
};

struct intro_syscall {
	enum intro_syscall_state state;
	int64_t number;
	enum intro_syscall_abi abi; /* whose numbers */
	uint64_t args[6];           /* only INSIDE */
	uint64_t sp, pc;            /* only INSIDE and OUTSIDE */
};

/* sched_getattr(2). For a captured tree only what /proc/PID/stat tells: policy, nice, priority. */
struct intro_sched_attr {
	bool complete;   /* false: only policy, nice and priority are known */
	unsigned policy; /* INTRO_NAMES_POLICY */
	uint64_t flags;  /* INTRO_NAMES_SCHED_FLAG */
	int nice;
	unsigned priority;                           /* real-time: 1..99, else 0 */
	uint64_t runtime_ns, deadline_ns, period_ns; /* of SCHED_DEADLINE */
	bool have_util;                              /* the kernel has utilization clamps */
	unsigned util_min, util_max;                 /* 0..1024 */
};

enum intro_namespace {
	INTRO_NS_CGROUP,
	INTRO_NS_IPC,
	INTRO_NS_MNT,
	INTRO_NS_NET,
	INTRO_NS_PID,
	INTRO_NS_TIME,
	INTRO_NS_USER,
	INTRO_NS_UTS,
	INTRO_NS_COUNT,
};

struct intro_task {
	uint64_t have;                 /* INTRO_WANT(x) of the parts that were read */
	int error[INTRO_SOURCE_COUNT]; /* errno why a wanted part is missing: EACCES, EBADMSG for
					  * what is not in its form, EFBIG for what is too long; 0:
					  * there is nothing to be read (exe of a kernel thread) */
	pid_t pid;                     /* the process: the tgid */
	pid_t tid;      /* the thread; equal to pid for a process record and for the main thread */
	bool is_main;   /* tid == pid */
	bool is_thread; /* the record is of one thread, not of the process as a whole */

	uid_t owner_uid; /* OWNER: the effective ids */
	gid_t owner_gid;
	struct intro_stat stat;        /* STAT; its counters only with USAGE */
	struct intro_status status;    /* STATUS */
	struct intro_statm statm;      /* STATM */
	struct intro_bytes cmdline;    /* CMDLINE: arguments, each ended by NUL; empty: none */
	struct intro_bytes environ;    /* ENVIRON: NAME=value, each ended by NUL */
	bool cmdline_cut, environ_cut; /* longer than 8 MiB: this is the beginning */
	struct intro_schedstat schedstat;
	struct intro_sched_file sched_file;
	struct intro_io io;
	struct intro_bytes cgroup;  /* CGROUP: path in the v2 hierarchy, else of the first v1 */
	struct intro_bytes cgroups; /* CGROUP: the whole file */
	struct intro_limits limits;
	uint32_t loginuid;  /* LOGINUID: UINT32_MAX: not set */
	uint32_t sessionid; /* SESSIONID: UINT32_MAX: not set */
	int64_t oom_score, oom_score_adj;
	struct intro_bytes wchan; /* WCHAN: kernel function; empty: not waiting, or not told */
	struct intro_syscall syscall;
	struct intro_bytes autogroup; /* AUTOGROUP: "/autogroup-12" */
	int autogroup_nice;
	struct intro_bytes label;
	struct intro_bytes exe, cwd, root;
	uint64_t ns[INTRO_NS_COUNT]; /* NS: inode numbers; 0: this one could not be read */
	uint64_t fd_count;
	struct intro_bytes stdio[3]; /* STDIO: where each points; data NULL: closed */
	bool parent_is_init;         /* PARENT */
	struct intro_sched_attr sched_attr;
	struct intro_bytes affinity;    /* AFFINITY: list of CPUs, "0-3,8" */
	uint64_t timeslice_ns;          /* TIMESLICE; 0: runs until it gives way */
	int ioprio_class, ioprio_level; /* IOPRIO: INTRO_NAMES_IOPRIO_CLASS, 0..7 */
};

/* ---- lists ---- */

struct intro_tasks;

enum intro_tasks_flags {
	INTRO_TASKS_THREADS = 1u << 0, /* a record for each thread in place of each process */
	INTRO_TASKS_PIN = 1u << 1,     /* pin also where little is wanted: for intro_fds_enter */
};

struct intro_tasks_options {
	size_t size;         /* sizeof(struct intro_tasks_options) */
	uint64_t want;       /* INTRO_WANT(x) | ... read for every record */
	uint64_t want_later; /* what intro_tasks_read may be asked for */
	unsigned flags;      /* INTRO_TASKS_* */
};

/* Lists all processes (or threads) in the order of their ids. */
INTRO_API INTRO_NODISCARD int intro_tasks_open(struct intro *session,
					       const struct intro_tasks_options *options,
					       struct intro_tasks **ret);

/*
 * Restricts the list to one process, or to one thread of it (tid != 0), and starts anew. A PID
 * that is the id of a thread which is not a main thread gives the record of that thread.
 * INTRO_E_GONE where there is no such process or thread (or hidepid hides it: intro_last_error
 * tells), INTRO_E_DENIED, INTRO_E_OS.
 */
INTRO_API INTRO_NODISCARD int intro_tasks_select(struct intro_tasks *tasks, pid_t pid, pid_t tid);

/* Starts anew, with all processes. */
INTRO_API void intro_tasks_rewind(struct intro_tasks *tasks);

/*
 * The next record: 1 and the record, 0 at the end, or an error that ends the list. A task that
 * ends while it is read is passed over. What is denied is missing in `have`.
 */
INTRO_API INTRO_NODISCARD int intro_tasks_next(struct intro_tasks *tasks,
					       const struct intro_task **ret);

/*
 * Reads more sources into the record that intro_tasks_next gave last, from the same pinned task.
 * Returns 0, or INTRO_E_GONE where it has ended meanwhile, or another error; INTRO_E_STATE where
 * there is no record, or `want` is not within what the options said. Parts that the record has
 * already are kept as they are.
 */
INTRO_API INTRO_NODISCARD int intro_tasks_read(struct intro_tasks *tasks, uint64_t want);

INTRO_API void intro_tasks_close(struct intro_tasks *tasks); /* NULL is fine */

/* ---- one pinned process ---- */

struct intro_process;

/*
 * Pins a process: whatever is read through it is of that process, never of a later one with the
 * same PID. Errors as of intro_tasks_select; INTRO_E_INVALID for the id of a thread that is not
 * the main one.
 */
INTRO_API INTRO_NODISCARD int intro_process_open(struct intro *session, pid_t pid,
						 struct intro_process **ret);
INTRO_API void intro_process_close(struct intro_process *process); /* NULL is fine */

/* A descriptor (O_PATH) of its directory, for openat(2). Owned by `process`. */
INTRO_API int intro_process_dirfd(const struct intro_process *process);

/* Whether it has not been reaped yet: a zombie still exists. */
INTRO_API bool intro_process_exists(const struct intro_process *process);

/* Reads a record of the process (tid 0) or of one of its threads. */
INTRO_API INTRO_NODISCARD int intro_process_read(struct intro_process *process, pid_t tid,
						 uint64_t want, const struct intro_task **ret);

/* ---- what follows from the facts ---- */

/* The argument vector: start with *position = 0; 1 and the next argument, 0 at the end. */
INTRO_API int intro_argv_next(struct intro_bytes cmdline, size_t *position,
			      struct intro_bytes *ret);

/* Whether it is a thread of the kernel. Needs STAT. */
INTRO_API bool intro_task_is_kthread(const struct intro_task *task);

/* 100..139 for normal tasks; -1 for real-time and deadline ones. Needs STAT. */
INTRO_API int intro_task_static_priority(const struct intro_task *task);

/* Which class of the kernel's scheduler runs the task. Needs STAT. */
INTRO_API enum intro_sched_class intro_task_sched_class(struct intro *session,
							const struct intro_task *task);

/* Pending, for the thread or its process, and not blocked. Needs STATUS. */
INTRO_API uint64_t intro_task_deliverable(const struct intro_task *task);

/* The classic rules of a daemon; each is a bit in `broken` and `unknown`. */
enum intro_daemon_rule {
	INTRO_DAEMON_SESSION_LEADER = 1u << 0, /* is not a session leader */
	INTRO_DAEMON_TERMINAL = 1u << 1,       /* has no controlling terminal */
	INTRO_DAEMON_CWD = 1u << 2,            /* works in / */
	INTRO_DAEMON_UMASK = 1u << 3,          /* has the umask 0 */
	INTRO_DAEMON_DESCRIPTORS = 1u << 4,    /* has 0, 1 and 2 on /dev/null */
	INTRO_DAEMON_PARENT = 1u << 5,         /* is a child of init */
};

#define INTRO_DAEMON_WANT                                                                          \
	(INTRO_WANT(STAT) | INTRO_WANT(STATUS) | INTRO_WANT(CWD) | INTRO_WANT(STDIO) |             \
	 INTRO_WANT(PARENT))

struct intro_daemon {
	unsigned broken;  /* rules that the process does not keep */
	unsigned unknown; /* rules that could not be tested */
};

/* Tests the rules; needs INTRO_DAEMON_WANT. */
INTRO_API void intro_task_daemon(const struct intro_task *task, struct intro_daemon *ret);

/* ---- relations between processes ---- */

struct intro_family;

/* Reads the parent, group and session of every process once. */
INTRO_API INTRO_NODISCARD int intro_family_open(struct intro *session, struct intro_family **ret);
INTRO_API void intro_family_close(struct intro_family *family); /* NULL is fine */

/* Whether the process is `ancestor` or below it. */
INTRO_API bool intro_family_is_below(const struct intro_family *family, pid_t pid, pid_t ancestor);

/*
 * Whether the group is orphaned in the sense of POSIX: no member has a parent that is in another
 * group of the same session. Ended members do not count. 1, 0, or INTRO_E_ABSENT where the group
 * was not there at the time, or that depends on a parent that cannot be seen.
 */
INTRO_API int intro_family_is_orphaned(const struct intro_family *family, pid_t pgrp);

INTRO_END_DECLS

#endif
