/* The sources of a task record that are files and links below /proc/PID. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "proc/pin.h"
#include "proc/reader.h"

/* ---- numbers ---- */

/* What a parser says becomes what a source says: EBADMSG is "not in the form it should have". */
static int parsed(int r)
{
	if (r == INTRO_E_NOMEM)
		return -ENOMEM;
	return r ? -EBADMSG : 0;
}

int intro_source_owner(struct intro_reader *reader)
{
	struct intro_task *task = &reader->task;
	char path[64];
	struct stat st;

	if (!reader->session->live) { /* the files of a captured tree belong to who captured it */
		int r = intro_reader_require(reader, INTRO_SOURCE_STATUS);

		if (r && r != -ENODATA)
			return r;
		if (r || !(task->status.have & INTRO_STATUS_IDS))
			return INTRO_SOURCE_NONE;
		task->owner_uid = task->status.uid[INTRO_ID_EFFECTIVE];
		task->owner_gid = task->status.gid[INTRO_ID_EFFECTIVE];
		return 0;
	}
	if (fstatat(reader->dirfd, intro_reader_path(reader, "", path, sizeof(path)), &st,
		    AT_EMPTY_PATH))
		return -errno;
	task->owner_uid = st.st_uid;
	task->owner_gid = st.st_gid;
	return 0;
}

int intro_source_stat(struct intro_reader *reader)
{
	int r = intro_reader_file(reader, "stat", INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	r = parsed(intro_parse_stat(reader->scratch.data, reader->scratch.len, &reader->task.stat));
	if (r)
		return r;
	/* A task that is being taken away keeps its name, but has no parent, group and session. */
	if (reader->session->live && reader->task.stat.session == -1)
		return -ESRCH;
	reader->task.have |= INTRO_WANT(STAT) | INTRO_WANT(USAGE);
	return 0;
}

/* A record that has the one has the other, but for the threads that tasks.c reads short. */
int intro_source_usage(struct intro_reader *reader)
{
	return intro_source_stat(reader);
}

int intro_source_status(struct intro_reader *reader)
{
	struct intro_buf *text = &reader->text[INTRO_TEXT_STATUS];
	int r = intro_reader_file(reader, "status", INTRO_LIMIT_LINES, text);

	if (r)
		return r;
	return parsed(
		intro_parse_status(text->data, text->len, &reader->lists, &reader->task.status));
}

/*
 * Whether it is known already that a task has no memory of its own, and so no size and no arguments:
 * kernel threads and zombies are half of the tasks of a small machine.
 */
static bool has_no_memory(const struct intro_reader *reader)
{
	const struct intro_task *task = &reader->task;

	return reader->session->live && (task->have & INTRO_WANT(STAT)) &&
	       (intro_task_is_kthread(task) || task->stat.state == 'Z') && task->stat.vsize == 0;
}

int intro_source_statm(struct intro_reader *reader)
{
	int r;

	if (has_no_memory(reader)) {
		reader->task.statm = (struct intro_statm){0};
		return 0;
	}
	r = intro_reader_file(reader, "statm", INTRO_LIMIT_NUMBERS, &reader->scratch);
	if (r)
		return r;
	return parsed(
		intro_parse_statm(reader->scratch.data, reader->scratch.len, &reader->task.statm));
}

int intro_source_schedstat(struct intro_reader *reader)
{
	int r = intro_reader_file(reader, "schedstat", INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	return parsed(intro_parse_schedstat(reader->scratch.data, reader->scratch.len,
					    &reader->task.schedstat));
}

int intro_source_sched_file(struct intro_reader *reader)
{
	int r = intro_reader_file(reader, "sched", INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	return parsed(intro_parse_sched_file(reader->scratch.data, reader->scratch.len,
					     &reader->task.sched_file));
}

int intro_source_io(struct intro_reader *reader)
{
	int r = intro_reader_file(reader, "io", INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	return parsed(intro_parse_io(reader->scratch.data, reader->scratch.len, &reader->task.io));
}

int intro_source_limits(struct intro_reader *reader)
{
	int r = intro_reader_file(reader, "limits", INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	return parsed(intro_parse_limits(reader->scratch.data, reader->scratch.len,
					 &reader->task.limits));
}

static int read_decimal(struct intro_reader *reader, const char *name, int64_t *ret)
{
	int r = intro_reader_file(reader, name, INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	return parsed(intro_parse_decimal(reader->scratch.data, reader->scratch.len, ret));
}

static int read_id(struct intro_reader *reader, const char *name, uint32_t *ret)
{
	int64_t number;
	int r = read_decimal(reader, name, &number);

	if (r)
		return r;
	if (number < 0 || number > UINT32_MAX)
		return -EBADMSG;
	*ret = (uint32_t)number;
	return 0;
}

int intro_source_loginuid(struct intro_reader *reader)
{
	return read_id(reader, "loginuid", &reader->task.loginuid);
}

int intro_source_sessionid(struct intro_reader *reader)
{
	return read_id(reader, "sessionid", &reader->task.sessionid);
}

int intro_source_oom_score(struct intro_reader *reader)
{
	return read_decimal(reader, "oom_score", &reader->task.oom_score);
}

int intro_source_oom_adj(struct intro_reader *reader)
{
	return read_decimal(reader, "oom_score_adj", &reader->task.oom_score_adj);
}

/* ---- the system call that a task is in ---- */

#if defined(__x86_64__)
#define ELF_CLASS_32 1
#define ELF_CLASS_64 2

/*
 * The file does not tell whose number it gives. Stack and code below 4 GiB are those of a 32-bit
 * program, or of a 64-bit one that was built to live there: the ELF header of the program decides.
 */
static int abi_of(const struct intro_reader *reader, const struct intro_syscall *call)
{
	unsigned char ident[5];
	char path[64];
	ssize_t n;
	int fd;

	if (call->sp > UINT32_MAX || call->pc > UINT32_MAX)
		return INTRO_ABI_X86_64;
	if (!reader->session->live)
		return INTRO_ABI_UNKNOWN;
	fd = openat(reader->dirfd, intro_reader_path(reader, "exe", path, sizeof(path)),
		    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return INTRO_ABI_UNKNOWN;
	n = read(fd, ident, sizeof(ident));
	close(fd);
	if (n != sizeof(ident) || memcmp(ident, "\177ELF", 4))
		return INTRO_ABI_UNKNOWN;
	if (ident[4] == ELF_CLASS_32)
		return INTRO_ABI_I386;
	return ident[4] == ELF_CLASS_64 ? INTRO_ABI_X86_64 : INTRO_ABI_UNKNOWN;
}
#else
static int abi_of(const struct intro_reader *reader, const struct intro_syscall *call)
{
	(void)reader;
	(void)call;
	return INTRO_ABI_UNKNOWN;
}
#endif

int intro_source_syscall(struct intro_reader *reader)
{
	struct intro_syscall *call = &reader->task.syscall;
	int r = intro_reader_file(reader, "syscall", INTRO_LIMIT_NUMBERS, &reader->scratch);

	if (r)
		return r;
	r = parsed(intro_parse_syscall(reader->scratch.data, reader->scratch.len, call));
	if (r)
		return r;
	/* Kernel threads have no user stack; their file says "0 0x0 0x0 ...", as if in read(2). */
	if (call->state == INTRO_SYSCALL_INSIDE && call->sp == 0)
		call->state = INTRO_SYSCALL_OUTSIDE;
	call->abi = INTRO_ABI_UNKNOWN;
	if (call->state == INTRO_SYSCALL_INSIDE)
		call->abi = abi_of(reader, call);
	return 0;
}

/* ---- text ---- */

static struct intro_bytes bytes_of(const struct intro_buf *buf)
{
	return (struct intro_bytes){buf->data, buf->len};
}

static int read_text(struct intro_reader *reader, const char *name, enum intro_reader_text which,
		     struct intro_bytes *ret)
{
	int r = intro_reader_file(reader, name, INTRO_LIMIT_LINES, &reader->text[which]);

	if (r == 0)
		*ret = bytes_of(&reader->text[which]);
	return r;
}

/*
 * Arguments and environment lie where the program says, and may be as long as it likes: the
 * beginning is enough.
 */
static int read_strings(struct intro_reader *reader, const char *name, enum intro_reader_text which,
			struct intro_bytes *ret, bool *cut)
{
	int r = intro_reader_file(reader, name, INTRO_LIMIT_STRINGS, &reader->text[which]);

	*cut = r == -EFBIG;
	if (r && !*cut)
		return r;
	*ret = bytes_of(&reader->text[which]);
	return 0;
}

int intro_source_cmdline(struct intro_reader *reader)
{
	if (has_no_memory(reader)) {
		reader->task.cmdline = (struct intro_bytes){"", 0};
		reader->task.cmdline_cut = false;
		return 0;
	}
	return read_strings(reader, "cmdline", INTRO_TEXT_CMDLINE, &reader->task.cmdline,
			    &reader->task.cmdline_cut);
}

int intro_source_environ(struct intro_reader *reader)
{
	return read_strings(reader, "environ", INTRO_TEXT_ENVIRON, &reader->task.environ,
			    &reader->task.environ_cut);
}

int intro_source_cgroup(struct intro_reader *reader)
{
	struct intro_task *task = &reader->task;
	int r = read_text(reader, "cgroup", INTRO_TEXT_CGROUP, &task->cgroups);

	if (r)
		return r;
	return parsed(intro_parse_cgroup(task->cgroups.data, task->cgroups.len, &task->cgroup));
}

/* "0" for a task that does not wait, and for one that we may not look into. */
int intro_source_wchan(struct intro_reader *reader)
{
	struct intro_bytes *wchan = &reader->task.wchan;
	int r = read_text(reader, "wchan", INTRO_TEXT_WCHAN, wchan);

	if (r)
		return r;
	while (wchan->len && wchan->data[wchan->len - 1] == '\n')
		wchan->len--;
	if (wchan->len == 1 && wchan->data[0] == '0')
		wchan->len = 0;
	return 0;
}

/* The directories of threads lack it: it is the process that belongs to a group. */
int intro_source_autogroup(struct intro_reader *reader)
{
	struct intro_task *task = &reader->task;
	struct intro_buf *text = &reader->text[INTRO_TEXT_AUTOGROUP];
	const char *name = reader->prefix[0] ? "../autogroup" : "../../autogroup";
	int r;

	if (reader->in_task_dir)
		r = intro_read_record(reader->session, reader->dirfd, name, INTRO_LIMIT_NUMBERS,
				      text);
	else
		r = intro_reader_file(reader, "autogroup", INTRO_LIMIT_NUMBERS, text);
	if (r)
		return r;
	if (text->len == 0) /* belongs to none */
		return INTRO_SOURCE_NONE;
	return parsed(intro_parse_autogroup(text->data, text->len, &task->autogroup,
					    &task->autogroup_nice));
}

int intro_source_label(struct intro_reader *reader)
{
	struct intro_bytes *label = &reader->task.label;
	int r = read_text(reader, "attr/current", INTRO_TEXT_LABEL, label);

	if (r == -EINVAL || r == -EOPNOTSUPP) /* no security module gives labels */
		return INTRO_SOURCE_NONE;
	if (r)
		return r;
	while (label->len &&
	       (label->data[label->len - 1] == '\n' || label->data[label->len - 1] == '\0'))
		label->len--;
	return 0;
}

/* ---- links ---- */

static int read_link(struct intro_reader *reader, const char *name, enum intro_reader_text which,
		     struct intro_bytes *ret)
{
	char path[64];
	int r = intro_read_link(reader->dirfd, intro_reader_path(reader, name, path, sizeof(path)),
				&reader->text[which]);

	if (r == 0)
		*ret = bytes_of(&reader->text[which]);
	return r;
}

int intro_source_exe(struct intro_reader *reader)
{
	return read_link(reader, "exe", INTRO_TEXT_EXE, &reader->task.exe);
}

int intro_source_cwd(struct intro_reader *reader)
{
	return read_link(reader, "cwd", INTRO_TEXT_CWD, &reader->task.cwd);
}

int intro_source_root(struct intro_reader *reader)
{
	return read_link(reader, "root", INTRO_TEXT_ROOT, &reader->task.root);
}

int intro_source_ns(struct intro_reader *reader)
{
	static const char *const names[INTRO_NS_COUNT] = {
		[INTRO_NS_CGROUP] = "ns/cgroup", [INTRO_NS_IPC] = "ns/ipc",
		[INTRO_NS_MNT] = "ns/mnt",       [INTRO_NS_NET] = "ns/net",
		[INTRO_NS_PID] = "ns/pid",       [INTRO_NS_TIME] = "ns/time",
		[INTRO_NS_USER] = "ns/user",     [INTRO_NS_UTS] = "ns/uts",
	};
	bool any = false;

	memset(reader->task.ns, 0, sizeof(reader->task.ns));
	for (int i = 0; i < INTRO_NS_COUNT; i++) {
		char path[64];
		int r = intro_read_link(reader->dirfd,
					intro_reader_path(reader, names[i], path, sizeof(path)),
					&reader->scratch);

		if (r == -ENOENT) /* a kernel without this kind, or a zombie */
			continue;
		if (r)
			return r;
		if (intro_parse_namespace(reader->scratch.data, reader->scratch.len,
					  &reader->task.ns[i]))
			return -EBADMSG;
		any = true;
	}
	return any ? 0 : -ENOENT;
}

/* The table of descriptors is gone when the zombie is not, though its other threads may have it. */
static bool is_zombie(struct intro_reader *reader)
{
	return intro_reader_require(reader, INTRO_SOURCE_STAT) == 0 &&
	       reader->task.stat.state == 'Z';
}

/* Since Linux 6.2 the size of the directory is the number of descriptors; our own are not 0. */
static bool size_is_count(struct intro *session)
{
	struct stat st;

	if (session->fd_dir_has_size < 0)
		session->fd_dir_has_size =
			fstatat(session->proc_fd, "self/fd", &st, 0) == 0 && st.st_size > 0;
	return session->fd_dir_has_size;
}

static int count_entries(struct intro_reader *reader, const char *path)
{
	struct intro_pid_list list = {0};
	int fd = intro_open_directory(reader->session, reader->dirfd, path, O_RDONLY), r;

	if (fd < 0)
		return fd;
	r = intro_pid_list_read(fd, 0, &list);
	close(fd);
	if (r == 0)
		reader->task.fd_count = list.count;
	intro_pid_list_free(&list);
	return r;
}

int intro_source_fd_count(struct intro_reader *reader)
{
	char buf[64];
	const char *path = intro_reader_path(reader, "fd", buf, sizeof(buf));
	struct stat st;

	if (fstatat(reader->dirfd, path, &st, 0))
		return -errno;
	if (!reader->session->live || (st.st_size == 0 && !size_is_count(reader->session)))
		return count_entries(reader, path);
	if (st.st_size == 0 && is_zombie(reader))
		return INTRO_SOURCE_NONE;
	reader->task.fd_count = (uint64_t)st.st_size;
	return 0;
}

/* Whether there is a table to look into: a captured tree may lack it, and a zombie does. */
static bool has_fd_dir(struct intro_reader *reader)
{
	char path[64];

	return faccessat(reader->dirfd, intro_reader_path(reader, "fd", path, sizeof(path)), F_OK,
			 0) == 0 &&
	       !is_zombie(reader);
}

int intro_source_stdio(struct intro_reader *reader)
{
	static const char *const names[3] = {"fd/0", "fd/1", "fd/2"};
	unsigned closed = 0;

	for (unsigned i = 0; i < 3; i++) {
		struct intro_bytes *target = &reader->task.stdio[i];
		int r = read_link(reader, names[i], INTRO_TEXT_STDIN + i, target);

		if (r && r != -ENOENT)
			return r;
		if (r) {
			*target = (struct intro_bytes){NULL, 0};
			closed++;
		}
	}
	return closed == 3 && !has_fd_dir(reader) ? INTRO_SOURCE_NONE : 0;
}
