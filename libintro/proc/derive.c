/* What follows from the facts of one task. */
#include <string.h>

#include <intro/task.h>

#include "base/base.h"

#define STATIC_PRIORITY_OF_NICE_0 120
#define FLAG_KTHREAD 0x00200000u /* PF_KTHREAD */

int intro_argv_next(struct intro_bytes cmdline, size_t *position, struct intro_bytes *ret)
{
	const char *start, *end;
	size_t left;

	if (*position >= cmdline.len)
		return 0;
	start = cmdline.data + *position;
	left = cmdline.len - *position;
	end = memchr(start, '\0', left);
	/* A program that writes over its arguments may leave the last one without its NUL. */
	*ret = (struct intro_bytes){start, end ? (size_t)(end - start) : left};
	*position += ret->len + 1;
	return 1;
}

bool intro_task_is_kthread(const struct intro_task *task)
{
	return (task->stat.flags & FLAG_KTHREAD) != 0;
}

int intro_task_static_priority(const struct intro_task *task)
{
	switch (task->stat.policy) {
	case INTRO_POLICY_FIFO:
	case INTRO_POLICY_RR:
	case INTRO_POLICY_DEADLINE:
		return -1;
	default:
		return STATIC_PRIORITY_OF_NICE_0 + (int)task->stat.nice;
	}
}

/*
 * The threads migration/N that stop a CPU. To user space they show SCHED_FIFO with the priority
 * 99, but their class stands above all others.
 */
static bool is_stopper(const struct intro_task *task)
{
	return intro_task_is_kthread(task) && task->stat.rt_priority == 99 &&
	       !strncmp(task->stat.comm, "migration/", strlen("migration/"));
}

/* The state of sched_ext: "enabled\n"; and whether it has all normal tasks, too: "1\n". */
static enum intro_ext_state read_ext_state(struct intro *session)
{
	enum intro_ext_state state = INTRO_EXT_OFF;
	struct intro_buf buf = {0};

	if (!session->live && !session->has_sysroot) /* what this machine runs tells nothing */
		return state;
	if (intro_read_sysroot(session, "sys/kernel/sched_ext/state", 4096, &buf) == 0 &&
	    !strncmp(buf.data, "enabled", strlen("enabled"))) {
		state = INTRO_EXT_OWN_TASKS;
		if (intro_read_sysroot(session, "sys/kernel/sched_ext/switch_all", 4096, &buf) ==
			    0 &&
		    buf.data[0] == '1')
			state = INTRO_EXT_ALL_TASKS;
	}
	intro_buf_free(&buf);
	return state;
}

enum intro_sched_class intro_task_sched_class(struct intro *session, const struct intro_task *task)
{
	unsigned policy = task->stat.policy;

	switch (policy) {
	case INTRO_POLICY_DEADLINE:
		return INTRO_SCHED_CLASS_DL;
	case INTRO_POLICY_FIFO:
	case INTRO_POLICY_RR:
		return is_stopper(task) ? INTRO_SCHED_CLASS_STOP : INTRO_SCHED_CLASS_RT;
	default:
		break;
	}
	if (session->ext_state == INTRO_EXT_UNKNOWN)
		session->ext_state = read_ext_state(session);
	if (session->ext_state == INTRO_EXT_ALL_TASKS ||
	    (session->ext_state == INTRO_EXT_OWN_TASKS && policy == INTRO_POLICY_EXT))
		return INTRO_SCHED_CLASS_EXT;
	return INTRO_SCHED_CLASS_FAIR;
}

uint64_t intro_task_deliverable(const struct intro_task *task)
{
	const struct intro_status *status = &task->status;

	return (status->sig_pending | status->sig_shared_pending) & ~status->sig_blocked;
}

static bool is_text(struct intro_bytes bytes, const char *text)
{
	return bytes.data && bytes.len == strlen(text) && !memcmp(bytes.data, text, bytes.len);
}

static bool stdio_is_null(const struct intro_task *task)
{
	for (int i = 0; i < 3; i++)
		if (!is_text(task->stdio[i], "/dev/null"))
			return false;
	return true;
}

static void judge(struct intro_daemon *daemon, enum intro_daemon_rule rule, bool known, bool kept)
{
	if (!known)
		daemon->unknown |= rule;
	else if (!kept)
		daemon->broken |= rule;
}

void intro_task_daemon(const struct intro_task *task, struct intro_daemon *ret)
{
	bool stat = task->have & INTRO_WANT(STAT), status = task->have & INTRO_WANT(STATUS);
	struct intro_daemon daemon = {0};

	judge(&daemon, INTRO_DAEMON_SESSION_LEADER, stat, task->stat.session != task->pid);
	judge(&daemon, INTRO_DAEMON_TERMINAL, stat, task->stat.tty_nr == 0);
	judge(&daemon, INTRO_DAEMON_CWD, task->have & INTRO_WANT(CWD), is_text(task->cwd, "/"));
	judge(&daemon, INTRO_DAEMON_UMASK, status && (task->status.have & INTRO_STATUS_UMASK),
	      task->status.umask == 0);
	judge(&daemon, INTRO_DAEMON_DESCRIPTORS, task->have & INTRO_WANT(STDIO),
	      stdio_is_null(task));
	judge(&daemon, INTRO_DAEMON_PARENT, task->have & INTRO_WANT(PARENT), task->parent_is_init);
	*ret = daemon;
}
