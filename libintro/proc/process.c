/* One pinned process, and the records of its threads. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc/pin.h"
#include "proc/reader.h"

struct intro_process {
	struct intro *session;
	pid_t pid;
	int fd;
	int thread_fd; /* of the record read last, -1: that of the process */
	struct intro_reader reader;
};

int intro_process_open(struct intro *session, pid_t pid, struct intro_process **ret)
{
	struct intro_process *process;
	pid_t tgid;
	int fd = intro_pin_process(session, pid, &tgid);

	if (fd < 0)
		return fd;
	if (tgid != pid) {
		close(fd);
		return intro_fail(session, INTRO_E_INVALID, 0, pid, NULL,
				  "it is a thread of process %d", tgid);
	}
	process = calloc(1, sizeof(*process));
	if (!process) {
		close(fd);
		return intro_fail(session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	}
	process->session = session;
	process->pid = pid;
	process->fd = fd;
	process->thread_fd = -1;
	intro_reader_init(&process->reader, session);
	*ret = process;
	return 0;
}

void intro_process_close(struct intro_process *process)
{
	if (!process)
		return;
	if (process->thread_fd >= 0)
		close(process->thread_fd);
	close(process->fd);
	intro_reader_free(&process->reader);
	free(process);
}

int intro_process_dirfd(const struct intro_process *process)
{
	return process->fd;
}

bool intro_process_exists(const struct intro_process *process)
{
	return faccessat(process->fd, "stat", F_OK, 0) == 0 || (errno != ENOENT && errno != ESRCH);
}

int intro_process_read(struct intro_process *process, pid_t tid, uint64_t want,
		       const struct intro_task **ret)
{
	int fd = process->fd, r;

	if (process->thread_fd >= 0)
		close(process->thread_fd);
	process->thread_fd = -1;
	if (tid) {
		fd = intro_pin_thread(process->session, process->fd, process->pid, tid);
		if (fd < 0)
			return fd;
		process->thread_fd = fd;
	}
	intro_reader_begin(&process->reader, fd, "", process->pid, tid ? tid : process->pid,
			   tid != 0, tid != 0);
	r = intro_reader_read(&process->reader, want);
	if (r == 0 && !want && !intro_process_exists(process))
		r = intro_fail(process->session, INTRO_E_GONE, ESRCH, process->pid, NULL,
			       "it has ended");
	if (r)
		return r;
	*ret = &process->reader.task;
	return 0;
}
