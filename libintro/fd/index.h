/*
 * The descriptors of all processes, small and sorted by inode: what the questions of who else has
 * an open file description, and who is at the other end, are answered from.
 */
#ifndef INTRO_FD_INDEX_H
#define INTRO_FD_INDEX_H

#include <intro/fd.h>

#include "base/base.h"
#include "proc/pin.h"

/* How much has been read. A level has all that those before it have. */
enum intro_fd_level {
	INTRO_FD_LEVEL_NONE,
	INTRO_FD_LEVEL_LINKS, /* pipes, with their access, and sockets: the links have the inode */
	INTRO_FD_LEVEL_FILES, /* what statx(2) is needed for */
};

enum intro_ofd_state {
	INTRO_OFD_UNREAD,
	INTRO_OFD_KNOWN,
	INTRO_OFD_UNKNOWN,
};

#define INTRO_FD_ACCESS_UNREAD UINT8_MAX

/* Pseudo-terminals: the master is the device 5:2, the others are 136:N. */
#define INTRO_FD_PTMX_MAJOR 5u
#define INTRO_FD_PTMX_MINOR 2u
#define INTRO_FD_PTS_MAJOR 136u
#define INTRO_FD_MASTER UINT32_MAX

static inline bool intro_fd_is_pty(uint32_t major, uint32_t minor)
{
	return major == INTRO_FD_PTS_MAJOR ||
	       (major == INTRO_FD_PTMX_MAJOR && minor == INTRO_FD_PTMX_MINOR);
}

struct intro_fd_entry {
	uint64_t dev; /* major << 32 | minor */
	uint64_t ino;
	pid_t pid;
	int fd;
	uint32_t process; /* index in processes */
	uint32_t name;    /* of what is anonymous a hash of its link: many share one inode; of a
			* terminal its number, or INTRO_FD_MASTER */
	uint32_t leader;  /* index of the first that has the open file description */
	uint32_t next;    /* of the next that has it, UINT32_MAX: none */
	uint8_t kind;     /* PIPE, SOCKET, ANON; of files FIFO, CHR (terminals), UNKNOWN */
	uint8_t access;   /* INTRO_FD_ACCESS_UNREAD: see intro_fd_index_access */
	uint8_t ofd;      /* enum intro_ofd_state */
	bool has_inode;
};

struct intro_fd_process {
	pid_t pid;
	bool comm_read, has_comm;
	bool netns_read;
	uint8_t comm_len;
	char comm[INTRO_COMM_SIZE];
};

/* A side of a pseudo-terminal. */
struct intro_fd_terminal {
	uint64_t dev; /* of the devpts: there may be several, and each counts from 0 */
	uint32_t number;
	bool is_master;
	uint32_t entry;
};

struct intro_fd_index {
	struct intro *session;
	struct intro_sockets *sockets;
	enum intro_fd_level level;
	int denied;
	struct intro_fd_entry
		*entries; /* by device, inode, PID, number; without inode at the end */
	size_t count, size;
	size_t with_inode;                  /* how many of them, at the front, have one */
	struct intro_fd_process *processes; /* by PID */
	size_t process_count, process_size;
	struct intro_fd_terminal *terminals; /* in the order of their entries */
	size_t terminal_count, terminal_size;
	bool terminals_read, namespaces_read;
	uint64_t pipe_dev, socket_dev;   /* where all of them are; 0: none has been seen */
	struct intro_fd_holder *holders; /* the last answer */
	size_t holder_count, holder_size;
	uint32_t holders_of; /* the leader whose open file description it is; UINT32_MAX: another */
	/* kcmp(2), KCMP_FILE; counted by tests. */
	long (*kcmp)(pid_t a, pid_t b, int fd_a, int fd_b);
};

static inline uint64_t intro_fd_device(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

/* What a level needs besides the one before it: 0 or a negative errno. */
int intro_fd_index_read_links(struct intro_fd_index *index);
int intro_fd_index_read_files(struct intro_fd_index *index);

/*
 * The device of a pipe or socket, unless *dev has it already: false where the descriptor is no
 * longer that of this inode.
 */
bool intro_fd_index_find_device(const struct intro_fd_index *index, int dirfd, const char *path,
				uint64_t ino, uint64_t *dev);

/* Makes sure of a level: 0 or INTRO_E_*. */
INTRO_NODISCARD int intro_fd_index_need(struct intro_fd_index *index, enum intro_fd_level level);

/* The entries of an inode are *first ... *end - 1, by PID and number. */
void intro_fd_index_range(const struct intro_fd_index *index, uint64_t dev, uint64_t ino,
			  size_t *first, size_t *end);

/*
 * The device and inode of a record, as its entry has them, and the level that has those of this
 * inode. False where the record does not tell.
 */
bool intro_fd_index_key(const struct intro_fd_index *index, const struct intro_fd *fd,
			enum intro_fd_level *level, uint64_t *dev, uint64_t *ino);

/* The access of an entry, read when it is first asked for. */
enum intro_fd_access intro_fd_index_access(struct intro_fd_index *index,
					   struct intro_fd_entry *entry);

enum intro_fd_access intro_fd_index_read_access(struct intro_fd_index *index, int dirfd,
						const char *path, pid_t pid, int fd);
struct intro_bytes intro_fd_index_comm(struct intro_fd_index *index, uint32_t process);

/* The answer at hand: emptied, one entry more (0 or INTRO_E_NOMEM). */
void intro_fd_index_answer(struct intro_fd_index *index);
INTRO_NODISCARD int intro_fd_index_add_holder(struct intro_fd_index *index,
					      struct intro_fd_entry *entry);

/* Makes the network namespaces of all who have a socket known to `sockets`, once. 0 or INTRO_E_*. */
INTRO_NODISCARD int intro_fd_index_find_namespaces(struct intro_fd_index *index);

/* Terminals: finds all of them among the entries, once. 0 or INTRO_E_*. */
INTRO_NODISCARD int intro_fd_index_find_terminals(struct intro_fd_index *index);

/* What /proc/PID/fdinfo/FD says of the master of a terminal, "tty-index:\t3"; -1: nothing. */
int64_t intro_fd_index_tty_number(struct intro_fd_index *index, pid_t pid, int fd);

/*
 * The devpts of a master by the link of its descriptor, "/dev/ptmx": where that is a device of
 * another file system, the devpts is mounted beside it. False where it cannot be found.
 */
bool intro_fd_index_devpts(struct intro_fd_index *index, pid_t pid, int fd, uint64_t *dev);

#endif
