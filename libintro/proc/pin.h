/* Directories of processes and threads: pinned, explained where missing, and listed. */
#ifndef INTRO_PROC_PIN_H
#define INTRO_PROC_PIN_H

#include "base/base.h"

/*
 * Opens /proc/PID (O_PATH). A descriptor, or the code of a failure that the session explains:
 * no such process, hidden by hidepid, denied.
 */
int intro_pin_process(struct intro *session, pid_t pid);

/* Opens /proc/PID/task/TID below a pinned process. As above. */
int intro_pin_thread(struct intro *session, int process_fd, pid_t pid, pid_t tid);

/*
 * The process that a thread belongs to: `pid` itself for a process, and where the tree does not
 * tell. `fd` is what intro_pin_process gave.
 */
pid_t intro_pin_tgid(int fd, pid_t pid);

struct intro_pid_list {
	pid_t *pids;
	size_t count, size;
	pid_t first; /* as the directory has them: of task/ in procfs it is the main thread's */
};

/* The numeric names of a directory, sorted. 0 or a negative errno. The descriptor stays open. */
int intro_pid_list_read(int dirfd, struct intro_pid_list *list);
int intro_pid_list_add(struct intro_pid_list *list, pid_t pid); /* 0 or -ENOMEM */
void intro_pid_list_free(struct intro_pid_list *list);

#endif
