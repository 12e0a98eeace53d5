/* Directories of processes and threads: pinned, explained where missing, and listed. */
#ifndef INTRO_PROC_PIN_H
#define INTRO_PROC_PIN_H

#include "base/base.h"

/*
 * Opens /proc/PID (O_PATH). A descriptor, or the code of a failure that the session explains: no
 * such process, hidden by hidepid, denied, INTRO_E_INVALID for what is no PID.
 *
 * There are such directories for threads, too: *tgid is set to the process it belongs to, `pid`
 * itself for a process and where the tree does not tell. `tgid` may be NULL.
 */
int intro_pin_process(struct intro *session, pid_t pid, pid_t *tgid);

/* Opens /proc/PID/task/TID below a pinned process. As above. */
int intro_pin_thread(struct intro *session, int process_fd, pid_t pid, pid_t tid);

struct intro_tasks;

/*
 * The pinned directory of the task that a list gave last, borrowed until its next; -1 where there is
 * none, or it is not pinned.
 */
int intro_tasks_dirfd(const struct intro_tasks *tasks, pid_t *pid, pid_t *tid);

/* Whether the record given last tells that its task has one thread, and that this one sleeps. */
bool intro_tasks_sleeps(const struct intro_tasks *tasks);

struct intro_pid_list {
	pid_t *pids;
	size_t count, size;
	bool is_fresh_procfs; /* set by the caller: of a directory below /proc/PID just opened, which
			       * ends where it leaves room in the buffer */
	pid_t first; /* as the directory has them: of task/ in procfs it is the main thread's */
};

/* The names of a directory that are numbers from `least` on, sorted. 0 or a negative errno. */
int intro_pid_list_read(int dirfd, pid_t least, struct intro_pid_list *list);
int intro_pid_list_add(struct intro_pid_list *list, pid_t pid); /* 0 or -ENOMEM */
void intro_pid_list_free(struct intro_pid_list *list);

#endif
