/* Lists of processes and of threads. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc/pin.h"
#include "proc/reader.h"

struct intro_tasks {
	struct intro *session;
	uint64_t want, want_later;
	bool threads;
	bool pin; /* whether more than one file will be read of a task, or others pin through it */
	bool listed; /* the PIDs have been read */
	bool have_record;
	int selected_fd;    /* the one process of the list, pinned; -1: the list is of all */
	pid_t selected_tid; /* 0: all */
	struct intro_pid_list pids;
	size_t next_pid;
	pid_t pid; /* the process whose threads are being listed */
	struct intro_pid_list tids;
	size_t next_tid;
	int process_fd, task_dir_fd, thread_fd; /* -1: not open */
	struct intro_reader reader;
};

/* What differs between the process and its main thread: then a thread's own files must be read. */
#define PER_THREAD (INTRO_WANT(USAGE) | INTRO_WANT(IO))

#define FIRST_OPTIONS_SIZE (sizeof(size_t) + 2 * sizeof(uint64_t) + sizeof(unsigned)) /* of 0.1 */
#define ALL_SOURCES ((UINT64_C(1) << INTRO_SOURCE_COUNT) - 1)
#define ALL_FLAGS ((unsigned)(INTRO_TASKS_THREADS | INTRO_TASKS_PIN))

int intro_tasks_open(struct intro *session, const struct intro_tasks_options *options,
		     struct intro_tasks **ret)
{
	struct intro_tasks_options wanted;
	struct intro_tasks *tasks;
	uint64_t all;

	if (!options ||
	    intro_options_copy(&wanted, sizeof(wanted), FIRST_OPTIONS_SIZE, options, options->size))
		return intro_fail(session, INTRO_E_INVALID, 0, 0, NULL, "bad options for a list");
	all = wanted.want | wanted.want_later;
	if ((all & ~ALL_SOURCES) || (wanted.flags & ~ALL_FLAGS))
		return intro_fail(session, INTRO_E_UNSUPPORTED, 0, 0, NULL,
				  "a list of tasks has no such source or flag");
	tasks = calloc(1, sizeof(*tasks));
	if (!tasks)
		return intro_fail(session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	tasks->session = session;
	tasks->threads = wanted.flags & INTRO_TASKS_THREADS;
	tasks->want = wanted.want;
	tasks->want_later = wanted.want_later;
	if (tasks->threads && !(all & PER_THREAD))
		all |= INTRO_WANT(STAT); /* num_threads tells whether task/ must be looked into */
	tasks->pin = (wanted.flags & INTRO_TASKS_PIN) || !intro_reader_single_file(session, all);
	tasks->process_fd = tasks->task_dir_fd = tasks->thread_fd = tasks->selected_fd = -1;
	intro_reader_init(&tasks->reader, session);
	*ret = tasks;
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Closes what was opened for the task at hand: its directory first, as it was opened first. */
static void leave_task(struct intro_tasks *tasks, int *dirfd)
{
	struct intro_spent all = {0};

	intro_spent_add(&all, *dirfd);
	for (int i = 0; i < tasks->reader.spent.count; i++)
		intro_spent_add(&all, tasks->reader.spent.fds[i]);
	intro_spent_close(&all);
	tasks->reader.spent.count = 0;
	*dirfd = -1;
}

static void leave_process(struct intro_tasks *tasks)
{
	leave_task(tasks, tasks->thread_fd >= 0 ? &tasks->thread_fd : &tasks->process_fd);
	close_fd(&tasks->task_dir_fd);
	close_fd(&tasks->process_fd);
	tasks->tids.count = tasks->next_tid = 0;
	tasks->have_record = false;
}

void intro_tasks_close(struct intro_tasks *tasks)
{
	if (!tasks)
		return;
	leave_process(tasks);
	close_fd(&tasks->selected_fd);
	intro_reader_free(&tasks->reader);
	intro_pid_list_free(&tasks->pids);
	intro_pid_list_free(&tasks->tids);
	free(tasks);
}

void intro_tasks_rewind(struct intro_tasks *tasks)
{
	leave_process(tasks);
	close_fd(&tasks->selected_fd);
	tasks->pids.count = tasks->next_pid = 0;
	tasks->selected_tid = 0;
	tasks->listed = false;
}

/* Pins the process that `pid` is, or is a thread of. A descriptor, or a failure. */
static int pin_selected(struct intro_tasks *tasks, pid_t pid, pid_t *tgid)
{
	int fd = intro_pin_process(tasks->session, pid, tgid);

	if (fd < 0 || *tgid == pid)
		return fd;
	close(fd);
	return intro_pin_process(tasks->session, *tgid, NULL);
}

int intro_tasks_select(struct intro_tasks *tasks, pid_t pid, pid_t tid)
{
	int thread_fd;
	pid_t tgid;

	intro_tasks_rewind(tasks);
	tasks->listed = true;
	tasks->selected_fd = pin_selected(tasks, pid, &tgid);
	if (tasks->selected_fd < 0)
		return tasks->selected_fd;
	if (tgid != pid && tid == 0)
		tid = pid;
	if (tid) {
		thread_fd = intro_pin_thread(tasks->session, tasks->selected_fd, tgid, tid);
		if (thread_fd < 0)
			return thread_fd;
		close(thread_fd);
	}
	tasks->selected_tid = tid;
	if (intro_pid_list_add(&tasks->pids, tgid))
		return intro_fail(tasks->session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	return 0;
}

/* "812/" in few instructions: it is done for every process. */
static void format_prefix(char *buf, pid_t pid)
{
	char digits[16];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + pid % 10);
	while ((pid /= 10) > 0);
	while (n)
		*buf++ = digits[--n];
	*buf++ = '/';
	*buf = '\0';
}

/*
 * Pins a process or thread that a listing found. Whatever is in the way of that, short of running
 * out of descriptors or memory, means that it is no longer there.
 */
static int pin_listed(struct intro_tasks *tasks, int dirfd, const char *name, int *ret)
{
	int fd;

	leave_task(tasks, ret);
	fd = intro_open_directory(tasks->session, dirfd, name, O_PATH);
	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM)
		return intro_fail(tasks->session, intro_code_of_errno(-fd), -fd, tasks->pid, name,
				  NULL);
	if (fd < 0)
		return INTRO_E_GONE;
	*ret = fd;
	return 0;
}

/* Starts the record of the process at hand: 0, or GONE. */
static int begin_process(struct intro_tasks *tasks, bool is_thread)
{
	char name[32];
	int dirfd = tasks->session->proc_fd, r;

	format_prefix(name, tasks->pid);
	if (tasks->selected_fd >= 0) {
		dirfd = tasks->selected_fd;
		name[0] = '\0';
	} else if (tasks->pin) {
		r = pin_listed(tasks, dirfd, name, &tasks->process_fd);
		if (r)
			return r;
		dirfd = tasks->process_fd;
		name[0] = '\0';
	}
	intro_reader_begin(&tasks->reader, dirfd, name, tasks->pid, tasks->pid, is_thread, false);
	return 0;
}

static int begin_thread(struct intro_tasks *tasks, pid_t tid)
{
	char name[32];
	int dirfd = tasks->task_dir_fd, r;

	format_prefix(name, tid);
	if (tasks->pin) {
		r = pin_listed(tasks, dirfd, name, &tasks->thread_fd);
		if (r)
			return r;
		dirfd = tasks->thread_fd;
		name[0] = '\0';
	}
	intro_reader_begin(&tasks->reader, dirfd, name, tasks->pid, tid, true, true);
	return 0;
}

/*
 * Whether the record is that of a process. /proc has the directories of all threads, too, though
 * it does not list them: a PID that was read from the list may meanwhile be that of a thread.
 */
static bool is_process(const struct intro_tasks *tasks)
{
	enum { FIELDS_WITH_EXIT_SIGNAL = 38 };
	const struct intro_task *task = &tasks->reader.task;

	if (!tasks->session->live)
		return true;
	/* To the kernel itself a thread is what has no exit signal. */
	if ((task->have & INTRO_WANT(STAT)) && task->stat.fields >= FIELDS_WITH_EXIT_SIGNAL)
		return task->stat.exit_signal >= 0;
	if ((task->have & INTRO_WANT(STATUS)) && (task->status.have & INTRO_STATUS_TGID))
		return task->status.tgid == task->pid;
	return true;
}

/* Opens task/ of the process at hand and lists it, or takes the one thread that was selected. */
static int list_threads(struct intro_tasks *tasks)
{
	char path[48];
	int r;

	r = intro_open_directory(tasks->session, tasks->reader.dirfd,
				 intro_reader_path(&tasks->reader, "task", path, sizeof(path)),
				 O_RDONLY);
	if (r < 0)
		return r;
	tasks->task_dir_fd = r;
	tasks->tids.count = tasks->next_tid = 0;
	if (tasks->selected_tid)
		return intro_pid_list_add(&tasks->tids, tasks->selected_tid);
	r = intro_pid_list_read(tasks->task_dir_fd, 1, &tasks->tids);
	if (r == 0 && tasks->session->live && tasks->tids.first != tasks->pid)
		return -ESRCH; /* the task directory of a thread, see is_process */
	return r;
}

/*
 * The process as the one record that stands for all of its threads: if it has only one, and
 * nothing is wanted that a process adds up over threads that have ended. 1: yes, and it has been
 * read; 0: no.
 */
static int read_as_only_thread(struct intro_tasks *tasks)
{
	const struct intro_task *task = &tasks->reader.task;
	int r;

	if ((tasks->want | tasks->want_later) & PER_THREAD)
		return 0;
	r = intro_reader_read(&tasks->reader, INTRO_WANT(STAT));
	if (r)
		return r;
	if (!(task->have & INTRO_WANT(STAT)) || task->stat.num_threads > 1)
		return 0;
	r = intro_reader_read(&tasks->reader, tasks->want);
	tasks->reader.task.have &= ~INTRO_WANT(USAGE);
	return r ? r : 1;
}

/* The next process of the list. 1: its record is read; 0: its threads are to be read. */
static int enter_process(struct intro_tasks *tasks)
{
	bool as_threads = tasks->threads || tasks->selected_tid;
	int r = begin_process(tasks, as_threads);

	if (r)
		return r;
	if (!as_threads) {
		r = intro_reader_read(&tasks->reader, tasks->want);
		if (r == 0 && !is_process(tasks))
			return INTRO_E_GONE;
		return r ? r : 1;
	}
	if (!tasks->selected_tid) {
		r = read_as_only_thread(tasks);
		if (r)
			return r;
	}
	r = list_threads(tasks);
	if (r == 0)
		return 0;
	tasks->tids.count = 0;
	/* hidepid, or a captured tree: that there is a process is all that can be known. */
	bool hidden = r == -EACCES || r == -EPERM || (r == -ENOENT && !tasks->session->live);

	if (!hidden && (r == -ENOENT || r == -ESRCH))
		return INTRO_E_GONE;
	if (!hidden)
		return intro_fail(tasks->session, intro_code_of_errno(-r), -r, tasks->pid, "task",
				  NULL);
	r = begin_process(tasks, true);
	if (r == 0)
		r = intro_reader_read(&tasks->reader, tasks->want);
	return r ? r : 1;
}

static int list_processes(struct intro_tasks *tasks)
{
	int r = intro_pid_list_read(tasks->session->proc_fd, 1, &tasks->pids);

	if (r)
		return intro_fail(tasks->session, intro_code_of_errno(-r), -r, 0, "", NULL);
	tasks->listed = true;
	return 0;
}

/* One step: 1 a record, 0 nothing more, GONE: go on, other codes: a failure. */
static int step(struct intro_tasks *tasks)
{
	int r;

	if (tasks->next_tid < tasks->tids.count) {
		r = begin_thread(tasks, tasks->tids.pids[tasks->next_tid++]);
		if (r)
			return r;
		r = intro_reader_read(&tasks->reader, tasks->want);
		return r ? r : 1;
	}
	leave_process(tasks);
	if (tasks->next_pid == tasks->pids.count)
		return 0;
	tasks->pid = tasks->pids.pids[tasks->next_pid++];
	r = enter_process(tasks);
	return r == 0 ? INTRO_E_GONE : r;
}

int intro_tasks_next(struct intro_tasks *tasks, const struct intro_task **ret)
{
	int r;

	if (!tasks->listed) {
		r = list_processes(tasks);
		if (r)
			return r;
	}
	do
		r = step(tasks);
	while (r == INTRO_E_GONE);
	tasks->have_record = r > 0;
	if (r > 0)
		*ret = &tasks->reader.task;
	return r;
}

int intro_tasks_read(struct intro_tasks *tasks, uint64_t want)
{
	uint64_t allowed = tasks->want | tasks->want_later | tasks->reader.task.have;

	if (!tasks->have_record || (want & ~allowed))
		return intro_fail(tasks->session, INTRO_E_STATE, 0, 0, NULL,
				  "the list was not opened for these sources");
	return intro_reader_read(&tasks->reader, want);
}

int intro_tasks_dirfd(const struct intro_tasks *tasks, pid_t *pid, pid_t *tid)
{
	if (!tasks->have_record || tasks->reader.prefix[0])
		return -1;
	*pid = tasks->reader.task.pid;
	*tid = tasks->reader.task.tid;
	return tasks->reader.dirfd;
}

bool intro_tasks_sleeps(const struct intro_tasks *tasks)
{
	const struct intro_task *task = &tasks->reader.task;

	return tasks->have_record && (task->have & INTRO_WANT(STAT)) &&
	       task->stat.num_threads == 1 && task->stat.state != 'R';
}
