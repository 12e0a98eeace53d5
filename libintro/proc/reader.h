/*
 * Reads the record of one task: knows the sources and their files, and keeps the memory that the
 * record borrows from. Lists and pinned processes stand on it.
 */
#ifndef INTRO_PROC_READER_H
#define INTRO_PROC_READER_H

#include <intro/task.h>

#include "base/base.h"
#include "proc/parse.h"

/* The sources whose text the record points into; each has a buffer of its own. */
enum intro_reader_text {
	INTRO_TEXT_STATUS,
	INTRO_TEXT_CMDLINE,
	INTRO_TEXT_ENVIRON,
	INTRO_TEXT_CGROUP,
	INTRO_TEXT_WCHAN,
	INTRO_TEXT_AUTOGROUP,
	INTRO_TEXT_LABEL,
	INTRO_TEXT_EXE,
	INTRO_TEXT_CWD,
	INTRO_TEXT_ROOT,
	INTRO_TEXT_STDIN,
	INTRO_TEXT_STDOUT,
	INTRO_TEXT_STDERR,
	INTRO_TEXT_AFFINITY,
	INTRO_TEXT_COUNT,
};

struct intro_reader {
	struct intro *session;
	int dirfd;        /* the directory of the task; or one above it, see `prefix`; not owned */
	char prefix[32];  /* what leads from dirfd to the task: "" where dirfd is pinned to it,
			  * else "812/", with which a single file may be read, and no more */
	bool in_task_dir; /* the directory is one below task/: its process is two above */
	struct intro_spent spent; /* of this record: closed when the next one begins */
	struct intro_task task;
	struct intro_status_lists lists;
	struct intro_buf scratch; /* for files that become numbers */
	struct intro_buf text[INTRO_TEXT_COUNT];
};

void intro_reader_init(struct intro_reader *reader, struct intro *session);
void intro_reader_free(struct intro_reader *reader);

/*
 * Starts a record of a process, or (is_thread) of a thread. A process with one thread may stand
 * for it: then is_thread is set, but not in_task_dir.
 */
void intro_reader_begin(struct intro_reader *reader, int dirfd, const char *prefix, pid_t pid,
			pid_t tid, bool is_thread, bool in_task_dir);

/*
 * Reads what is wanted and not there yet. 0, INTRO_E_GONE, or, where we are out of memory or
 * descriptors, another failure; the session has the details. Denied sources are noted in the
 * record and are no failure.
 */
INTRO_NODISCARD int intro_reader_read(struct intro_reader *reader, uint64_t want);

/* Whether `want` takes one file and no more, so that the task need not be pinned. */
bool intro_reader_single_file(const struct intro *session, uint64_t want);

/* ---- what sources.c and source_calls.c have for the table in reader.c ---- */

/*
 * A source reads its part of the record and returns 0, a negative errno, or INTRO_SOURCE_NONE
 * where there is nothing to be read from a task of this kind, which is no error.
 */
#define INTRO_SOURCE_NONE 1
typedef int intro_source_fn(struct intro_reader *reader);

/* The path of a file of the task from reader->dirfd; `buf` is used if there is a prefix. */
const char *intro_reader_path(const struct intro_reader *reader, const char *name, char *buf,
			      size_t size);

/* How long a source may be; longer ones are -EFBIG, and the buffer has their beginning. */
#define INTRO_LIMIT_NUMBERS (64u << 10)
#define INTRO_LIMIT_LINES (4u << 20)   /* status: 65,536 groups; cgroup */
#define INTRO_LIMIT_STRINGS (8u << 20) /* cmdline, environ: execve(2) takes 6 MiB at most */

/* Reads a file of one record. */
int intro_reader_file(struct intro_reader *reader, const char *name, size_t limit,
		      struct intro_buf *buf);

/* Makes sure of a source that another one builds on: 0 if the record has it, else its errno. */
int intro_reader_require(struct intro_reader *reader, enum intro_task_source source);

intro_source_fn intro_source_owner, intro_source_stat, intro_source_usage, intro_source_status,
	intro_source_statm, intro_source_cmdline, intro_source_environ, intro_source_schedstat,
	intro_source_sched_file, intro_source_io, intro_source_cgroup, intro_source_limits,
	intro_source_loginuid, intro_source_sessionid, intro_source_oom_score, intro_source_oom_adj,
	intro_source_wchan, intro_source_syscall, intro_source_autogroup, intro_source_label,
	intro_source_exe, intro_source_cwd, intro_source_root, intro_source_ns,
	intro_source_fd_count, intro_source_stdio, intro_source_parent, intro_source_sched_attr,
	intro_source_affinity, intro_source_timeslice, intro_source_ioprio;

#endif
