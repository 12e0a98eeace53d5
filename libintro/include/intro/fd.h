/*
 * Descriptors: what a process has open, by all three tables of the kernel: descriptor, open file
 * description, inode.
 *
 * A slot is a descriptor by number, or one of the other places that keep a file open: the working
 * directory, the root, the program, mapped files. A record is made of parts, one for each source;
 * the caller says which it wants. Absent is not zero: a part counts only if its bit is set in
 * `have`, and where it is clear, `error` tells why.
 *
 * All pointers inside a record are borrowed: they end with the next call on its owner.
 */
#ifndef INTRO_FD_H
#define INTRO_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <intro/lock.h>
#include <intro/socket.h>
#include <intro/task.h>

INTRO_BEGIN_DECLS

enum intro_slot { /* INTRO_NAMES_SLOT: "cwd", ... In the order in which they are listed. */
		  INTRO_SLOT_CWD,
		  INTRO_SLOT_ROOT,
		  INTRO_SLOT_EXE,
		  INTRO_SLOT_MEM, /* a mapped file: once for each file */
		  INTRO_SLOT_FD,
		  INTRO_SLOT_COUNT,
};

#define INTRO_SLOT_BIT(slot) (1u << INTRO_SLOT_##slot)
#define INTRO_SLOTS_ALL ((1u << INTRO_SLOT_COUNT) - 1)

enum intro_fd_kind { /* INTRO_NAMES_FD_KIND: "reg", ... */
		     INTRO_FD_KIND_UNKNOWN,
		     INTRO_FD_KIND_REG,
		     INTRO_FD_KIND_DIR,
		     INTRO_FD_KIND_CHR,
		     INTRO_FD_KIND_BLK,
		     INTRO_FD_KIND_LNK,  /* opened with O_PATH | O_NOFOLLOW */
		     INTRO_FD_KIND_FIFO, /* with a name in a file system */
		     INTRO_FD_KIND_PIPE,
		     INTRO_FD_KIND_UNIX,
		     INTRO_FD_KIND_INET,
		     INTRO_FD_KIND_INET6,
		     INTRO_FD_KIND_NETLINK,
		     INTRO_FD_KIND_PACKET,
		     INTRO_FD_KIND_VSOCK,
		     INTRO_FD_KIND_SOCKET, /* of another family, or of one that could not be told;
					    * and the file of a bound one, opened with O_PATH */
		     INTRO_FD_KIND_EPOLL,
		     INTRO_FD_KIND_EVENTFD,
		     INTRO_FD_KIND_TIMERFD,
		     INTRO_FD_KIND_SIGNALFD,
		     INTRO_FD_KIND_INOTIFY,
		     INTRO_FD_KIND_FANOTIFY,
		     INTRO_FD_KIND_PIDFD,
		     INTRO_FD_KIND_MEMFD,
		     INTRO_FD_KIND_IO_URING,
		     INTRO_FD_KIND_BPF,
		     INTRO_FD_KIND_PERF,
		     INTRO_FD_KIND_USERFAULTFD,
		     INTRO_FD_KIND_NS, /* a namespace: a file of /proc/PID/ns */
		     INTRO_FD_KIND_ANON, /* an anonymous inode of another kind: its name tells which */
		     INTRO_FD_KIND_COUNT,
};

enum intro_fd_access { /* INTRO_NAMES_FD_ACCESS */
		       INTRO_FD_ACCESS_UNKNOWN,
		       INTRO_FD_ACCESS_R,
		       INTRO_FD_ACCESS_W,
		       INTRO_FD_ACCESS_RW,
		       INTRO_FD_ACCESS_PATH, /* O_PATH: a place, not the file */
		       INTRO_FD_ACCESS_NONE, /* neither read nor write: access mode 3, for ioctl(2) alone */
};

/* The sources of a record; each is the number of its bit in `want` and `have`. */
enum intro_fd_source {
	INTRO_FD_SOURCE_LINK,    /* the link: name, deleted; kind of what has no file */
	INTRO_FD_SOURCE_ACCESS,  /* the permissions of the link */
	INTRO_FD_SOURCE_STAT,    /* statx(2) that asks no file server; kind of files */
	INTRO_FD_SOURCE_INFO,    /* /proc/PID/fdinfo/FD: position, flags, details, locks held */
	INTRO_FD_SOURCE_SOCKET,  /* <intro/socket.h>; kind of sockets */
	INTRO_FD_SOURCE_COPY,    /* a copy made with pidfd_getfd(2): pipes' fill, seals; makes
				  * SOCKET complete */
	INTRO_FD_SOURCE_TARGETS, /* what epoll watches and inotify and fanotify mark: names, and
				  * whether it is still there */
	INTRO_FD_SOURCE_DETAILS, /* INFO of those kinds alone that have details there: epoll,
				  * eventfd, timerfd, ...: most descriptors are files */
	INTRO_FD_SOURCE_COUNT,
};

#define INTRO_FD_WANT(source) (1u << INTRO_FD_SOURCE_##source)

/* What a source is called in messages: "fd", "fdinfo", "socket". Never NULL. */
INTRO_API const char *intro_fd_source_name(enum intro_fd_source source);

struct intro_fd_stat {
	uint32_t dev_major,
		dev_minor; /* of the file system; of what has no file, the kernel's own */
	uint64_t ino;
	uint32_t mode;  /* S_IFREG, ..., with permissions */
	bool has_owner; /* uid, gid and permissions are known: not of pipes and sockets */
	uint32_t uid, gid;
	uint64_t size;   /* bytes */
	uint64_t blocks; /* of 512 bytes, that it takes on disk */
	uint32_t nlink;
	uint32_t rdev_major, rdev_minor; /* of a device file */
	bool has_mount_id;
	uint64_t mount_id;
	bool is_mount_root;
};

/* ---- details by kind, from fdinfo ---- */

struct intro_epoll_target {
	int fd;          /* the number that was registered, in the process that did it */
	uint32_t events; /* INTRO_NAMES_EPOLL_EVENT */
	uint64_t data;
	bool has_inode; /* kernels before 5.x tell only the number */
	uint64_t ino;
	uint32_t dev_major, dev_minor;
	/* TARGETS: */
	bool is_checked;
	bool is_stale;           /* the number is closed, or is another file now */
	struct intro_bytes name; /* where that descriptor points; data NULL: stale or not known */
};

struct intro_eventfd {
	uint64_t count;
	bool has_id, has_semaphore;
	uint64_t id; /* the same for all descriptors of one eventfd */
	bool is_semaphore;
};

struct intro_timerfd {
	int clock;      /* INTRO_NAMES_CLOCK */
	uint64_t ticks; /* expirations not read yet */
	unsigned settime_flags;
	uint64_t value_ns, interval_ns; /* until the next, 0: not armed; between them */
};

/* A watch of inotify, or a mark of fanotify. */
struct intro_watch {
	enum {
		INTRO_WATCH_INODE,
		INTRO_WATCH_MOUNT,
		INTRO_WATCH_FILESYSTEM,
		INTRO_WATCH_NAMESPACE, /* fanotify: a mount namespace */
	} what;
	int wd;                        /* inotify */
	uint64_t ino;                  /* INODE; NAMESPACE: the one of its file in /proc/PID/ns */
	uint32_t dev_major, dev_minor; /* INODE, FILESYSTEM */
	int mount_id;                  /* MOUNT */
	uint32_t mask;                 /* INTRO_NAMES_INOTIFY_EVENT or INTRO_NAMES_FANOTIFY_EVENT */
	uint32_t ignored_mask, mark_flags; /* fanotify */
	int handle_type;                   /* as open_by_handle_at(2) takes it; -1: none */
	struct intro_bytes handle;
	struct intro_bytes path; /* TARGETS; data NULL: it could not be found */
};

struct intro_io_uring {
	uint32_t sq_entries, cq_entries; /* sizes of the rings; 0: this kernel does not tell */
	uint32_t sq_pending, cq_pending; /* entries that nobody has taken yet */
	uint32_t registered_files, registered_buffers;
	bool has_sq_thread;
	pid_t sq_thread; /* as the first PID namespace of the machine sees it */
	int sq_cpu;
};

struct intro_bpf {
	enum { INTRO_BPF_MAP, INTRO_BPF_PROG, INTRO_BPF_LINK, INTRO_BPF_OTHER } what;
	uint32_t id;
	uint32_t type;                /* INTRO_NAMES_BPF_MAP_TYPE or INTRO_NAMES_BPF_PROG_TYPE */
	struct intro_bytes type_name; /* of links: "tracing" */
	uint32_t key_size, value_size, max_entries, flags; /* maps */
	struct intro_bytes tag;                            /* programs: hexadecimal */
	uint32_t prog_id;                                  /* links */
	uint64_t memlock;                                  /* bytes */
	bool is_jited;                                     /* programs */
};

struct intro_userfaultfd {
	uint64_t pending, total;
	uint64_t api, features;
};

enum intro_fdinfo_have {
	INTRO_FDINFO_POS = 1u << 0,
	INTRO_FDINFO_FLAGS = 1u << 1, /* flags, cloexec, access */
	INTRO_FDINFO_MOUNT_ID = 1u << 2,
	INTRO_FDINFO_INO = 1u << 3,
	INTRO_FDINFO_TTY_INDEX = 1u << 4, /* the master of /dev/pts/N */
	INTRO_FDINFO_SCM_FDS = 1u << 5,   /* descriptors on their way in the queue of a socket */
};

struct intro_fdinfo {
	uint32_t have; /* INTRO_FDINFO_* */
	uint64_t pos;
	uint32_t flags; /* INTRO_NAMES_OPEN_FLAG, without O_CLOEXEC and the access mode */
	bool cloexec;   /* belongs to the descriptor, not to the open file description */
	enum intro_fd_access access;
	int mount_id;
	uint64_t ino;
	int tty_index;
	uint32_t scm_fds;
	const struct intro_lock *locks; /* held through it */
	size_t lock_count;
	/* NULL or 0 unless it is of that kind: */
	const struct intro_epoll_target *epoll;
	size_t epoll_count;
	const struct intro_eventfd *eventfd;
	const struct intro_timerfd *timerfd;
	const uint64_t *signalfd; /* the signals, as a mask of INTRO_NAMES_SIGNAL */
	const struct intro_watch *watches;
	size_t watch_count;
	unsigned fanotify_flags, fanotify_event_flags;
	const pid_t *pidfd; /* the process as we see it: 0 not of our PID namespace, -1 ended */
	const struct intro_io_uring *io_uring;
	const struct intro_bpf *bpf;
	const struct intro_userfaultfd *userfaultfd;
};

/* COPY */
enum intro_fd_copy_have {
	INTRO_FD_COPY_BUFFERED = 1u << 0,
	INTRO_FD_COPY_CAPACITY = 1u << 1,
	INTRO_FD_COPY_SEALS = 1u << 2,
};

struct intro_fd_copy {
	uint32_t have;
	uint32_t buffered, capacity; /* of a pipe or FIFO, bytes */
	uint32_t seals;              /* of a memfd: INTRO_NAMES_SEAL */
};

struct intro_fd {
	uint32_t have; /* INTRO_FD_WANT(x) of the parts that were read: those that
					     were wanted, and what they needed besides */
	int error[INTRO_FD_SOURCE_COUNT]; /* errno why a wanted part is missing; 0: there is nothing
					     to be read (fdinfo of a cwd, socket of a file) */
	pid_t pid, tid; /* whose table: tid == pid but for threads that were asked for */
	enum intro_slot slot;
	int fd;                      /* -1 unless slot is INTRO_SLOT_FD */
	enum intro_fd_kind kind;     /* as far as the sources that were read tell */
	enum intro_fd_access access; /* ACCESS, else INFO; UNKNOWN for other slots than FD */
	/* LINK; of a mapped file the path that maps gives, unescaped */
	struct intro_bytes link; /* as the kernel says it */
	struct intro_bytes name; /* without the " (deleted)" that is not part of the name */
	bool deleted;            /* the name is gone (a file may have others); not of memfds and the
				    like, which had none to lose: "/memfd:x", "/SYSV00000000" */
	const struct intro_fd_stat *stat;  /* STAT, else NULL */
	const struct intro_fdinfo *info;   /* INFO */
	const struct intro_socket *socket; /* SOCKET, and it is one that the kernel tells of */
	const struct intro_fd_copy *copy;  /* COPY */
	uint64_t map_start;                /* MEM: the lowest address */
};

/* ---- lists ---- */

struct intro_fds;

struct intro_fds_options {
	size_t size;         /* sizeof(struct intro_fds_options) */
	uint32_t want;       /* INTRO_FD_WANT(x) | ... read for every record */
	uint32_t want_later; /* what intro_fds_read may be asked for */
	unsigned slots;      /* INTRO_SLOT_BIT(x) | ...; 0: all */
	/* Where SOCKET is looked up, for the caller to rewind. NULL: the list has its own, which are
	 * read anew for a process that is not behind the one before it by PID. */
	struct intro_sockets *sockets;
};

/* A list that has no process yet. */
INTRO_API INTRO_NODISCARD int intro_fds_open(struct intro *session,
					     const struct intro_fds_options *options,
					     struct intro_fds **ret);

/*
 * Starts the list of a process, or of a thread with a table of its own (tid != 0). INTRO_E_GONE,
 * INTRO_E_DENIED (hidepid), INTRO_E_OS. Where the process may be seen but not its descriptors,
 * this is no failure: the list is shorter, and intro_fds_denied tells why.
 */
INTRO_API INTRO_NODISCARD int intro_fds_select(struct intro_fds *fds, pid_t pid, pid_t tid);

/*
 * The same of the task that `tasks` gave last, which was opened with INTRO_TASKS_PIN: both tell of
 * the same process, even if its PID is used again meanwhile. Until the end of this list `tasks` must
 * stay where it is. INTRO_E_STATE where it has no such task.
 */
INTRO_API INTRO_NODISCARD int intro_fds_enter(struct intro_fds *fds, struct intro_tasks *tasks);

/*
 * The next record: 1 and the record, 0 at the end (also where the process has ended meanwhile),
 * or an error that ends the list. A descriptor that is closed while it is read is passed over. Where
 * others are put in its place meanwhile the record is of one of them, not of several.
 */
INTRO_API INTRO_NODISCARD int intro_fds_next(struct intro_fds *fds, const struct intro_fd **ret);

/*
 * Reads more sources into the record given last. 0, INTRO_E_GONE where the descriptor is closed or
 * another file now, INTRO_E_STATE. Parts that the record has already are kept as they are.
 */
INTRO_API INTRO_NODISCARD int intro_fds_read(struct intro_fds *fds, uint32_t want);

/* After the end of a list: the errno why slots of that sort are missing; 0: none are. */
INTRO_API int intro_fds_denied(const struct intro_fds *fds, enum intro_slot slot);

INTRO_API void intro_fds_close(struct intro_fds *fds); /* NULL is fine */

/* ---- who else has it, and who is at the other end ---- */

/*
 * An index of the descriptors of all processes that may be read, made when it is first asked. It is
 * of one moment: what is opened later is not in it.
 */
struct intro_fd_index;

/* `sockets` must be that of the records it is asked about, and outlive the index. */
INTRO_API INTRO_NODISCARD int intro_fd_index_open(struct intro *session,
						  struct intro_sockets *sockets,
						  struct intro_fd_index **ret);
INTRO_API void intro_fd_index_close(struct intro_fd_index *index); /* NULL is fine */

/* Forgets what was read: the next question reads anew. */
INTRO_API void intro_fd_index_rewind(struct intro_fd_index *index);

struct intro_fd_holder {
	pid_t pid;
	int fd;
	enum intro_fd_access access;
	struct intro_bytes comm; /* data NULL: not known */
};

/*
 * The open file description of a record (with LINK, ACCESS and STAT), named after the first
 * descriptor that has it, by PID and number: equal for those that share it and only for those. 1;
 * 0 where that cannot be told (kcmp(2) is denied or not there, a captured tree, closed meanwhile,
 * not a descriptor); or INTRO_E_*. `holders` are all that have it, the record itself included;
 * borrowed until the next call. Either may be NULL.
 */
INTRO_API INTRO_NODISCARD int intro_fd_index_ofd(struct intro_fd_index *index,
						 const struct intro_fd *fd,
						 struct intro_fd_holder *ret,
						 const struct intro_fd_holder **holders,
						 size_t *count);

/*
 * The descriptors at the other end of a record (with LINK, ACCESS, STAT, and SOCKET where it is a
 * socket): of a pipe or FIFO those that write for one that reads and the other way round; of a
 * socket those of its peers; of a terminal its master or its slaves. 1 and the list, which may be
 * empty; 0 where the record is no channel; INTRO_E_*. The record itself is never among them.
 */
INTRO_API INTRO_NODISCARD int intro_fd_index_peers(struct intro_fd_index *index,
						   const struct intro_fd *fd,
						   const struct intro_fd_holder **ret,
						   size_t *count);

/* How many descriptors read and write the pipe or FIFO of a record. 1; 0: it is none. */
INTRO_API INTRO_NODISCARD int intro_fd_index_ends(struct intro_fd_index *index,
						  const struct intro_fd *fd, size_t *readers,
						  size_t *writers);

/*
 * All descriptors of an inode, by its device and number as STAT has them: those of a pipe, each
 * with its access, or those of the socket that intro_sockets_peers names (all sockets are on one
 * device). In a captured tree pipes and sockets are on the device 0:0. 1 and the list by PID and
 * number, which may be empty; or INTRO_E_*. Borrowed until the next call.
 */
INTRO_API INTRO_NODISCARD int intro_fd_index_inode(struct intro_fd_index *index, uint32_t dev_major,
						   uint32_t dev_minor, uint64_t ino,
						   const struct intro_fd_holder **ret,
						   size_t *count);

/* After a question: the errno why the descriptors of some process are missing; 0: none are. */
INTRO_API int intro_fd_index_denied(const struct intro_fd_index *index);

/*
 * Whether nobody has the other end of a pipe, FIFO or terminal open any more, asked of the kernel
 * through a copy of the descriptor: so those count, too, who cannot be looked into. `ino` is its
 * inode. 1: nobody; 0: of a pipe, somebody; of the others it may also be that nobody has opened it
 * yet. INTRO_E_GONE (also where the number is another file now), INTRO_E_DENIED,
 * INTRO_E_UNSUPPORTED (a captured tree, another PID namespace, before Linux 5.6), INTRO_E_OS.
 */
INTRO_API INTRO_NODISCARD int intro_fd_hung_up(struct intro *session, pid_t pid, int fd,
					       uint64_t ino);

/* ---- what stands around them ---- */

/* The driver of a device file by /proc/devices: "mem", "tty"; NULL. Borrowed until close. */
INTRO_API const char *intro_driver_name(struct intro *session, bool is_block, uint32_t major);

/* Files open in the system: /proc/sys/fs/file-nr and nr_open. */
struct intro_file_counts {
	uint64_t open, most; /* open file descriptions, and file-max */
	uint64_t nr_open;    /* the most that RLIMIT_NOFILE may be set to */
};
INTRO_API INTRO_NODISCARD int intro_file_counts_read(struct intro *session,
						     struct intro_file_counts *ret);

INTRO_END_DECLS

#endif
