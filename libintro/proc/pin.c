/*
 * Directories of processes and threads. Below an open directory of a process everything is of
 * that process: once it has been reaped, look-ups there fail, even when its PID is used again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "proc/parse.h"
#include "proc/pin.h"

#define STATUS_LIMIT (4u << 20)

static int open_process(struct intro *session, pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "%d", pid);
	return intro_open_directory(session, session->proc_fd, path, O_PATH);
}

/* A signal of number 0 asks whether there is such a process, and hidepid cannot hide it. */
static bool answers_to_signals(struct intro *session, pid_t pid)
{
	return intro_is_own_pid_namespace(session) && (kill(pid, 0) == 0 || errno == EPERM);
}

/* With hidepid=2 the directory opens, as a mere place, but nothing can be found in it. */
static int open_visible_process(struct intro *session, pid_t pid)
{
	int fd = open_process(session, pid);

	if (fd >= 0 && session->live && faccessat(fd, "stat", F_OK, 0) && errno == ENOENT) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

static pid_t tgid_of(const struct intro *session, int fd, pid_t pid)
{
	struct intro_status_lists lists = {0};
	struct intro_status status;
	struct intro_buf buf = {0};
	pid_t tgid = pid;

	if (intro_read_record(session, fd, "status", STATUS_LIMIT, &buf) == 0 &&
	    intro_parse_status(buf.data, buf.len, &lists, &status) == 0 &&
	    (status.have & INTRO_STATUS_TGID))
		tgid = status.tgid;
	intro_status_lists_free(&lists);
	intro_buf_free(&buf);
	return tgid;
}

int intro_pin_process(struct intro *session, pid_t pid, pid_t *tgid)
{
	bool hidden = false;
	int fd;

	if (pid <= 0) /* to kill(2) these are groups */
		return intro_fail(session, INTRO_E_INVALID, EINVAL, pid, NULL, "not a process id");
	fd = open_visible_process(session, pid);

	if (fd == -ENOENT && answers_to_signals(session, pid)) {
		fd = open_visible_process(session, pid); /* it may be a new one */
		hidden = fd == -ENOENT && answers_to_signals(session, pid);
	}
	if (fd >= 0) {
		if (tgid)
			*tgid = tgid_of(session, fd, pid);
		return fd;
	}
	if (hidden)
		return intro_fail(session, INTRO_E_DENIED, EACCES, pid, NULL,
				  "hidden by the mount option hidepid");
	if (intro_code_of_errno(-fd) == INTRO_E_GONE)
		return intro_fail(session, INTRO_E_GONE, ESRCH, pid, NULL, "no such process");
	return intro_fail(session, intro_code_of_errno(-fd), -fd, pid, NULL, NULL);
}

int intro_pin_thread(struct intro *session, int process_fd, pid_t pid, pid_t tid)
{
	char path[32];
	int fd;

	if (tid <= 0)
		return intro_fail(session, INTRO_E_INVALID, EINVAL, pid, NULL, "not a thread id");
	snprintf(path, sizeof(path), "task/%d", tid);
	fd = intro_open_directory(session, process_fd, path, O_PATH);
	if (fd >= 0)
		return fd;
	if (intro_code_of_errno(-fd) == INTRO_E_GONE)
		return intro_fail(session, INTRO_E_GONE, ESRCH, pid, path, "no such thread");
	return intro_fail(session, intro_code_of_errno(-fd), -fd, pid, path, NULL);
}
