/* A user of the installed library: prints its own PID as /proc tells it. */
#include <stdio.h>
#include <unistd.h>

#include <intro/intro.h>

int main(void)
{
	struct intro *session;
	if (intro_open(NULL, &session) < 0)
		return 1;
	struct intro_process *process;
	const struct intro_task *task;
	int r = intro_process_open(session, getpid(), &process);
	if (r == 0) {
		r = intro_process_read(process, 0, INTRO_WANT(STAT), &task);
		if (r == 0)
			printf("%d %s\n", (int)task->stat.pid, task->stat.comm);
		intro_process_close(process);
	}
	if (r < 0)
		fprintf(stderr, "%s: %s\n", intro_code_text(r), intro_last_error(session)->text);
	intro_close(session);
	return r < 0;
}
