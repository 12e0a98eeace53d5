/* The sources of a task record that are system calls, or about another process. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "proc/reader.h"

#define NS_PER_SECOND UINT64_C(1000000000)

/*
 * Whether system calls may be asked about this task by its number. reader.c looks afterwards
 * whether the pinned task was still there, so the answer is of no other task.
 */
static bool callable(const struct intro_reader *reader)
{
	return intro_is_own_pid_namespace(reader->session);
}

/*
 * The kernel's struct sched_attr in its second version (56 bytes). Older kernels give 48 bytes,
 * without the utilization clamps; newer ones cut their answer to what we ask for.
 */
struct kernel_sched_attr {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

#define SIZE_WITHOUT_UTIL 48

static int sched_attr_of_stat(struct intro_reader *reader)
{
	const struct intro_stat *stat = &reader->task.stat;
	int r = intro_reader_require(reader, INTRO_SOURCE_STAT);

	if (r)
		return r == -ENODATA ? INTRO_SOURCE_NONE : r;
	reader->task.sched_attr = (struct intro_sched_attr){
		.policy = stat->policy,
		.nice = (int)stat->nice,
		.priority = stat->rt_priority,
	};
	return 0;
}

/* A kernel without clamps says 0 to 0, and so may a task that is clamped to that. */
static bool has_util_clamp(struct intro *session)
{
	if (session->has_util_clamp < 0)
		session->has_util_clamp =
			faccessat(session->proc_fd, "sys/kernel/sched_util_clamp_max", F_OK, 0) ==
			0;
	return session->has_util_clamp;
}

int intro_source_sched_attr(struct intro_reader *reader)
{
	struct kernel_sched_attr attr = {0};

	if (!callable(reader))
		return sched_attr_of_stat(reader);
	if (syscall(SYS_sched_getattr, reader->task.tid, &attr, sizeof(attr), 0))
		return -errno;
	reader->task.sched_attr = (struct intro_sched_attr){
		.complete = true,
		.policy = attr.policy,
		.flags = attr.flags,
		.nice = attr.nice,
		.priority = attr.priority,
		.runtime_ns = attr.runtime,
		.deadline_ns = attr.deadline,
		.period_ns = attr.period,
		.have_util = attr.size > SIZE_WITHOUT_UTIL && has_util_clamp(reader->session),
		.util_min = attr.util_min,
		.util_max = attr.util_max,
	};
	return 0;
}

static int affinity_of_status(struct intro_reader *reader)
{
	int r = intro_reader_require(reader, INTRO_SOURCE_STATUS);

	if (r)
		return r == -ENODATA ? INTRO_SOURCE_NONE : r;
	if (!(reader->task.status.have & INTRO_STATUS_CPUS))
		return INTRO_SOURCE_NONE;
	reader->task.affinity = reader->task.status.cpus_allowed;
	return 0;
}

/* The mask must be as large as the kernel's, which is told by trying: EINVAL until it is. */
static long get_affinity(pid_t tid, struct intro_buf *mask)
{
	size_t size = 128; /* 1,024 CPUs */

	for (;;) {
		long n;

		mask->len = 0;
		if (intro_buf_reserve(mask, size))
			return -ENOMEM;
		n = syscall(SYS_sched_getaffinity, tid, size, mask->data);
		if (n >= 0)
			return n;
		if (errno != EINVAL || size > (1u << 16))
			return -errno;
		size *= 2;
	}
}

int intro_source_affinity(struct intro_reader *reader)
{
	struct intro_buf *text = &reader->text[INTRO_TEXT_AFFINITY];
	size_t len;
	long n;

	if (!callable(reader))
		return affinity_of_status(reader);
	n = get_affinity(reader->task.tid, &reader->scratch);
	if (n < 0)
		return (int)n;
	text->len = 0;
	if (intro_buf_reserve(text, 64))
		return -ENOMEM;
	len = intro_format_cpu_list(reader->scratch.data, (size_t)n, text->data, text->size);
	if (len >= text->size) {
		if (intro_buf_reserve(text, len))
			return -ENOMEM;
		len = intro_format_cpu_list(reader->scratch.data, (size_t)n, text->data,
					    text->size);
	}
	text->len = len;
	reader->task.affinity = (struct intro_bytes){text->data, len};
	return 0;
}

int intro_source_timeslice(struct intro_reader *reader)
{
	struct timespec slice;

	if (!callable(reader))
		return INTRO_SOURCE_NONE;
	if (sched_rr_get_interval(reader->task.tid, &slice))
		return -errno;
	reader->task.timeslice_ns =
		(uint64_t)slice.tv_sec * NS_PER_SECOND + (uint64_t)slice.tv_nsec;
	return 0;
}

#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_CLASS_SHIFT 13
#define IOPRIO_LEVEL_MASK 7

int intro_source_ioprio(struct intro_reader *reader)
{
	long value;

	if (!callable(reader))
		return INTRO_SOURCE_NONE;
	value = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, reader->task.tid);
	if (value < 0)
		return -errno;
	reader->task.ioprio_class = (int)(value >> IOPRIO_CLASS_SHIFT) & 7;
	reader->task.ioprio_level = (int)(value & IOPRIO_LEVEL_MASK);
	return 0;
}

/*
 * The init of a PID namespace has 1 as its innermost id. A parent of 0 is outside of the
 * namespace that we see, and the process itself an init, or brought in from there.
 */
int intro_source_parent(struct intro_reader *reader)
{
	const struct intro_stat *stat = &reader->task.stat;
	struct intro_status_lists lists = {0};
	struct intro_status status;
	char path[32];
	int r = intro_reader_require(reader, INTRO_SOURCE_STAT);

	if (r)
		return r == -ENODATA ? INTRO_SOURCE_NONE : r;
	reader->task.parent_is_init = stat->ppid <= 1;
	if (stat->ppid <= 1)
		return 0;
	snprintf(path, sizeof(path), "%d/status", stat->ppid);
	r = intro_read_record(reader->session, reader->session->proc_fd, path, INTRO_LIMIT_LINES,
			      &reader->scratch);
	if (r)
		return r == -ENOENT || r == -ESRCH ? INTRO_SOURCE_NONE : r;
	r = intro_parse_status(reader->scratch.data, reader->scratch.len, &lists, &status);
	if (r == 0 && (status.have & INTRO_STATUS_NSPID) && status.ns_pid_count)
		reader->task.parent_is_init = status.ns_pids[status.ns_pid_count - 1] == 1;
	intro_status_lists_free(&lists);
	return r == INTRO_E_NOMEM ? -ENOMEM : r ? -EBADMSG : 0;
}
