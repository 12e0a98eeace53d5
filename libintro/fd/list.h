/* A list of descriptors as its parts see it: list.c walks, record.c and the others read. */
#ifndef INTRO_FD_LIST_H
#define INTRO_FD_LIST_H

#include "base/base.h"
#include "fd/fdinfo.h"
#include "fd/link.h"
#include "fd/map_cache.h"
#include "fd/maps.h"
#include "fd/stat.h"
#include "fd/targets.h"
#include "proc/pin.h"

struct intro_fds {
	struct intro *session;
	uint32_t want, allowed;
	unsigned slots;
	struct intro_sockets *sockets;     /* NULL: not opened yet */
	struct intro_sockets *own_sockets; /* the same, if they are ours to close */
	struct intro_fd_known known;
	struct intro_fd_targets targets;

	/* The process at hand. Descriptors are -1 where they are not open. */
	pid_t pid, tid;
	pid_t table_tid; /* whose table is read: another thread's, where the main one has ended */
	int task_fd;     /* the directory of the task */
	bool is_task_fd_ours;
	bool has_stepped_aside; /* whether another thread was looked for */
	int fd_dir, info_dir;   /* fd/ and fdinfo/ */
	int pidfd, pidfd_error; /* for copies; the error: not to be had */
	int map_files_dir;      /* map_files/ */
	bool map_files_denied;  /* its links may be read, but not followed */
	unsigned slot;          /* where the walk is; INTRO_SLOT_COUNT: at the end */
	bool slot_begun;        /* the numbers or maps of this slot have been read */
	bool is_restless;       /* the table may be changing right now */
	bool is_asleep;         /* its only thread slept a moment ago, when it was listed */
	struct intro_pid_list numbers;
	size_t next_number;
	struct intro_buf maps_text;
	struct intro_fd_maps maps;
	size_t next_map;
	uint64_t mount_namespace; /* of the process; 0: not known */
	struct intro_fd_map_cache map_cache;
	pid_t last_pid; /* what is not behind it (and its `tid`) begins another round */
	int denied[INTRO_SLOT_COUNT];
	struct intro_spent spent;

	/* The record. */
	bool have_record;
	int at_dir; /* its link, from here */
	char at[48];
	char number[16];         /* the name of the descriptor, in fd/ and fdinfo/ */
	uint32_t reading, tried; /* sources: in this round, and so far */
	bool is_judged;          /* whether the suffix of its link is part of the name */
	bool socket_asked;
	struct intro_link link;
	struct intro_buf link_text;
	const struct intro_fd_map *map; /* MEM */
	struct intro_fd record;
	struct intro_fd_stat stat;
	struct intro_fdinfo info;
	struct intro_fdinfo_store info_store;
	struct intro_buf info_text;
	struct intro_fd_copy copy;
};

/* Starts a record: `at` below `at_dir` is its link. */
void intro_fd_record_begin(struct intro_fds *fds, enum intro_slot slot, int fd, int at_dir);

/*
 * Reads what is wanted and not there yet. 0, INTRO_E_GONE, or, where we are out of memory or
 * descriptors, another failure. What is denied is noted in the record and is no failure.
 */
INTRO_NODISCARD int intro_fd_record_read(struct intro_fds *fds, uint32_t want);

/* ---- the sources ---- */

/*
 * A source reads its part of the record and returns 0, a negative errno, or INTRO_FD_NONE where
 * there is nothing to be read. -ENOENT and -ESRCH: the descriptor is gone; -ESTALE: it is another
 * file than the parts say that were read before.
 */
#define INTRO_FD_NONE 1
typedef int intro_fd_source_fn(struct intro_fds *fds);

intro_fd_source_fn intro_fd_source_link, intro_fd_source_access, intro_fd_source_stat,
	intro_fd_source_info, intro_fd_source_socket, intro_fd_source_copy, intro_fd_source_targets,
	intro_fd_source_details;

/* Makes sure of a source that another one builds on: 0 if the record has it, NONE, or -errno. */
int intro_fd_require(struct intro_fds *fds, enum intro_fd_source source);

/* Failures that are not of a part: out of memory or descriptors, gone, or another file. */
bool intro_fd_is_fatal(int r);

/* Decides whether " (deleted)" is part of the name. 0 or a negative errno. */
int intro_fd_judge_suffix(struct intro_fds *fds);

/* The link and the stat of a mapped file. */
int intro_fd_map_link(struct intro_fds *fds);
int intro_fd_map_stat(struct intro_fds *fds);

/* A copy of the descriptor of the record, certain to be of the same file; or a negative errno. */
int intro_fd_copy_descriptor(struct intro_fds *fds);

/* Asks the socket itself, through a copy. 0 or a negative errno. */
int intro_fd_ask_socket(struct intro_fds *fds, int fd);

/* stat of a path as the process sees it, or we do: whichever is this inode. 0 or -ENOENT. */
int intro_fd_find_path(struct intro_fds *fds, const char *path, const struct intro_fd_stat *inode,
		       struct intro_fd_stat *ret);

#endif
