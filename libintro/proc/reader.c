/* The table of sources, and the loop that fills a record from those that are wanted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/reader.h"

struct source {
	const char *name;
	intro_source_fn *read;
	/*
	 * Whether its success proves that the task existed afterwards. A call that takes a PID
	 * may have reached another task with a PID used again, and the owner of a directory
	 * becomes root when its task is gone: after these a look at the pinned directory decides.
	 */
	bool proves;
};

static const struct source sources[INTRO_SOURCE_COUNT] = {
	[INTRO_SOURCE_OWNER] = {"owner", intro_source_owner, false},
	[INTRO_SOURCE_STAT] = {"stat", intro_source_stat, true},
	[INTRO_SOURCE_USAGE] = {"stat", intro_source_usage, true},
	[INTRO_SOURCE_STATUS] = {"status", intro_source_status, true},
	[INTRO_SOURCE_STATM] = {"statm", intro_source_statm, true},
	[INTRO_SOURCE_CMDLINE] = {"cmdline", intro_source_cmdline, true},
	[INTRO_SOURCE_ENVIRON] = {"environ", intro_source_environ, true},
	[INTRO_SOURCE_SCHEDSTAT] = {"schedstat", intro_source_schedstat, true},
	[INTRO_SOURCE_SCHED_FILE] = {"sched", intro_source_sched_file, true},
	[INTRO_SOURCE_IO] = {"io", intro_source_io, true},
	[INTRO_SOURCE_CGROUP] = {"cgroup", intro_source_cgroup, true},
	[INTRO_SOURCE_LIMITS] = {"limits", intro_source_limits, true},
	[INTRO_SOURCE_LOGINUID] = {"loginuid", intro_source_loginuid, true},
	[INTRO_SOURCE_SESSIONID] = {"sessionid", intro_source_sessionid, true},
	[INTRO_SOURCE_OOM_SCORE] = {"oom_score", intro_source_oom_score, true},
	[INTRO_SOURCE_OOM_ADJ] = {"oom_score_adj", intro_source_oom_adj, true},
	[INTRO_SOURCE_WCHAN] = {"wchan", intro_source_wchan, true},
	[INTRO_SOURCE_SYSCALL] = {"syscall", intro_source_syscall, true},
	[INTRO_SOURCE_AUTOGROUP] = {"autogroup", intro_source_autogroup, true},
	[INTRO_SOURCE_LABEL] = {"attr/current", intro_source_label, true},
	[INTRO_SOURCE_EXE] = {"exe", intro_source_exe, true},
	[INTRO_SOURCE_CWD] = {"cwd", intro_source_cwd, true},
	[INTRO_SOURCE_ROOT] = {"root", intro_source_root, true},
	[INTRO_SOURCE_NS] = {"ns", intro_source_ns, false},
	[INTRO_SOURCE_FD_COUNT] = {"fd", intro_source_fd_count, false},
	[INTRO_SOURCE_STDIO] = {"fd", intro_source_stdio, false},
	[INTRO_SOURCE_PARENT] = {"parent", intro_source_parent, false},
	[INTRO_SOURCE_SCHED_ATTR] = {"sched_getattr", intro_source_sched_attr, false},
	[INTRO_SOURCE_AFFINITY] = {"sched_getaffinity", intro_source_affinity, false},
	[INTRO_SOURCE_TIMESLICE] = {"sched_rr_get_interval", intro_source_timeslice, false},
	[INTRO_SOURCE_IOPRIO] = {"ioprio_get", intro_source_ioprio, false},
};

const char *intro_task_source_name(enum intro_task_source source)
{
	return (unsigned)source < INTRO_SOURCE_COUNT ? sources[source].name : "";
}

void intro_reader_init(struct intro_reader *reader, struct intro *session)
{
	memset(reader, 0, sizeof(*reader));
	reader->session = session;
	reader->dirfd = -1;
}

void intro_reader_free(struct intro_reader *reader)
{
	intro_spent_close(&reader->spent);
	intro_status_lists_free(&reader->lists);
	intro_buf_free(&reader->scratch);
	for (int i = 0; i < INTRO_TEXT_COUNT; i++)
		intro_buf_free(&reader->text[i]);
}

/* One task with megabytes of arguments is no reason to keep them for all that follow. */
static void give_back(struct intro_buf *buf)
{
	if (buf->size > (1u << 20))
		intro_buf_free(buf);
}

void intro_reader_begin(struct intro_reader *reader, int dirfd, const char *prefix, pid_t pid,
			pid_t tid, bool is_thread, bool in_task_dir)
{
	struct intro_task *task = &reader->task;
	size_t prefix_len = strnlen(prefix, sizeof(reader->prefix) - 1);

	intro_spent_close(&reader->spent);
	give_back(&reader->text[INTRO_TEXT_CMDLINE]);
	give_back(&reader->text[INTRO_TEXT_ENVIRON]);
	reader->dirfd = dirfd;
	reader->in_task_dir = in_task_dir;
	memcpy(reader->prefix, prefix, prefix_len);
	reader->prefix[prefix_len] = '\0';
	task->have = 0;
	memset(task->error, 0, sizeof(task->error));
	task->pid = pid;
	task->tid = tid;
	task->is_main = tid == pid;
	task->is_thread = is_thread;
}

const char *intro_reader_path(const struct intro_reader *reader, const char *name, char *buf,
			      size_t size)
{
	size_t prefix_len, name_len;

	if (!reader->prefix[0])
		return name;
	prefix_len = strlen(reader->prefix);
	name_len = strlen(name);
	if (prefix_len + name_len >= size)
		return name; /* both are ours, and short */
	memcpy(buf, reader->prefix, prefix_len);
	memcpy(buf + prefix_len, name, name_len + 1);
	return buf;
}

int intro_reader_file(struct intro_reader *reader, const char *name, size_t limit,
		      struct intro_buf *buf)
{
	char path[64];

	return intro_read_record_spent(reader->session, reader->dirfd,
				       intro_reader_path(reader, name, path, sizeof(path)), limit,
				       buf, &reader->spent);
}

static bool still_exists(const struct intro_reader *reader)
{
	/* In a captured tree nothing ends: any file may be missing. */
	const char *name = reader->session->live ? "stat" : ".";
	char path[64];

	return faccessat(reader->dirfd, intro_reader_path(reader, name, path, sizeof(path)), F_OK,
			 0) == 0 ||
	       (errno != ENOENT && errno != ESRCH);
}

/* What no other task would fare better with: the list has to end. */
static bool is_exhausted(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE;
}

/* 0, also where there is nothing; -ESRCH: the task has ended; other negative errno: noted. */
static int read_source(struct intro_reader *reader, enum intro_task_source source)
{
	struct intro_task *task = &reader->task;
	uint64_t bit = UINT64_C(1) << source;
	int r;

	if ((task->have & bit) || task->error[source])
		return -task->error[source];
	r = sources[source].read(reader);
	if (r == 0) {
		task->have |= bit;
		return 0;
	}
	if (r == INTRO_SOURCE_NONE)
		return 0;
	/*
	 * A task without the thing itself (the exe of a kernel thread, the environment of a
	 * zombie) fails in the same way as one that has ended: those that live have none. But
	 * every task has a stat, as long as it is one.
	 */
	if (r == -ENOENT || r == -ESRCH) {
		bool has_ended =
			(bit & (INTRO_WANT(STAT) | INTRO_WANT(USAGE))) && reader->session->live;

		return !has_ended && still_exists(reader) ? 0 : -ESRCH;
	}
	if (!is_exhausted(r))
		task->error[source] = -r;
	return r;
}

int intro_reader_require(struct intro_reader *reader, enum intro_task_source source)
{
	int r = read_source(reader, source);

	if (r)
		return r;
	return reader->task.have & (UINT64_C(1) << source) ? 0 : -ENODATA;
}

static int fail(struct intro_reader *reader, int error)
{
	char path[64];

	if (error == -ESRCH)
		return intro_fail(reader->session, INTRO_E_GONE, ESRCH, reader->task.pid, NULL,
				  "it has ended");
	snprintf(path, sizeof(path), "%d", reader->task.pid);
	return intro_fail(reader->session, error == -ENOMEM ? INTRO_E_NOMEM : INTRO_E_OS, -error,
			  reader->task.pid, path, NULL);
}

int intro_reader_read(struct intro_reader *reader, uint64_t want)
{
	bool proven = true;

	want &= ~reader->task.have & ((UINT64_C(1) << INTRO_SOURCE_COUNT) - 1);
	while (want) {
		int source = __builtin_ctzll(want);
		int r = read_source(reader, (enum intro_task_source)source);

		want &= want - 1;
		if (r == -ESRCH || is_exhausted(r))
			return fail(reader, r);
		/* A call about a task that has ended may fail, too, for one with its number. */
		if (!sources[source].proves)
			proven = false;
		else if (r == 0)
			proven = true;
	}
	return proven || still_exists(reader) ? 0 : fail(reader, -ESRCH);
}

bool intro_reader_single_file(const struct intro *session, uint64_t want)
{
	uint64_t stat = INTRO_WANT(STAT) | INTRO_WANT(USAGE);
	uint64_t plain = stat | INTRO_WANT(STATUS) | INTRO_WANT(CMDLINE) | INTRO_WANT(ENVIRON) |
			 INTRO_WANT(IO) | INTRO_WANT(CGROUP) | INTRO_WANT(LIMITS) |
			 INTRO_WANT(WCHAN) | INTRO_WANT(SCHEDSTAT) | INTRO_WANT(STATM) |
			 INTRO_WANT(SCHED_FILE) | INTRO_WANT(LOGINUID) | INTRO_WANT(SESSIONID) |
			 INTRO_WANT(OOM_SCORE) | INTRO_WANT(OOM_ADJ);

	if (!session->live)
		return true; /* nothing is used again in a captured tree */
	if (want & ~plain)
		return false;
	return (want & ~stat) == 0 || (want & (want - 1)) == 0;
}
