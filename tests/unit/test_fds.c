/* Lists of descriptors, of this very process: kinds, access, stat, and what is read later. */
#include "unit/fds.h"

#include <linux/fanotify.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

static void assert_kind(struct own *own, int number, enum intro_fd_kind kind,
			enum intro_fd_access access)
{
	const struct intro_fd *fd;

	assert_true(number >= 0);
	fd = own_find(own, number);
	if (fd->kind != kind)
		fail_msg("%.*s is %d and not %d", (int)fd->link.len, fd->link.data, fd->kind, kind);
	assert_int_equal(fd->access, access);
	assert_int_equal(fd->have & LEAN, LEAN);
	assert_stat(fd, number);
	assert_false(fd->deleted);
	close(number);
}

static void files(void **state)
{
	struct own *own = *state;
	const char *path = own_path(own, "file");
	int fd = open(path, O_RDWR | O_CREAT, 0640);

	assert_int_equal(ftruncate(fd, 12345), 0);
	assert_bytes(own_find(own, fd)->name, path);
	assert_kind(own, fd, INTRO_FD_KIND_REG, INTRO_FD_ACCESS_RW);
	assert_kind(own, open(path, O_RDONLY), INTRO_FD_KIND_REG, INTRO_FD_ACCESS_R);
	assert_kind(own, open(path, O_WRONLY), INTRO_FD_KIND_REG, INTRO_FD_ACCESS_W);
	assert_kind(own, open("/", O_RDONLY), INTRO_FD_KIND_DIR, INTRO_FD_ACCESS_R);
	assert_kind(own, open("/dev/null", O_WRONLY), INTRO_FD_KIND_CHR, INTRO_FD_ACCESS_W);
	assert_int_equal(mkfifo(own_path(own, "fifo"), 0600), 0);
	assert_kind(own, open(own_path(own, "fifo"), O_RDWR), INTRO_FD_KIND_FIFO,
		    INTRO_FD_ACCESS_RW);
}

/* Neither to be read nor written: fdinfo tells them apart. */
static void places(void **state)
{
	struct own *own = *state;

	assert_int_equal(symlink("x", own_path(own, "link")), 0);
	assert_kind(own, open(own_path(own, "link"), O_PATH | O_NOFOLLOW), INTRO_FD_KIND_LNK,
		    INTRO_FD_ACCESS_PATH);
	assert_kind(own, open("/", O_PATH), INTRO_FD_KIND_DIR, INTRO_FD_ACCESS_PATH);
	assert_kind(own, open("/dev/null", 3), INTRO_FD_KIND_CHR, INTRO_FD_ACCESS_NONE);
}

static void channels(void **state)
{
	struct own *own = *state;
	int pipes[2], sockets[2];

	assert_int_equal(pipe(pipes), 0);
	assert_false(own_find(own, pipes[0])->stat->has_owner);
	assert_kind(own, pipes[0], INTRO_FD_KIND_PIPE, INTRO_FD_ACCESS_R);
	assert_kind(own, pipes[1], INTRO_FD_KIND_PIPE, INTRO_FD_ACCESS_W);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	assert_kind(own, sockets[0], INTRO_FD_KIND_SOCKET, INTRO_FD_ACCESS_RW);
	close(sockets[1]);
}

static void anonymous(void **state)
{
	struct own *own = *state;
	sigset_t none;

	sigemptyset(&none);
	assert_kind(own, eventfd(0, 0), INTRO_FD_KIND_EVENTFD, INTRO_FD_ACCESS_RW);
	assert_kind(own, epoll_create1(0), INTRO_FD_KIND_EPOLL, INTRO_FD_ACCESS_RW);
	assert_kind(own, timerfd_create(CLOCK_REALTIME, 0), INTRO_FD_KIND_TIMERFD,
		    INTRO_FD_ACCESS_RW);
	assert_kind(own, signalfd(-1, &none, 0), INTRO_FD_KIND_SIGNALFD, INTRO_FD_ACCESS_RW);
	assert_kind(own, inotify_init1(0), INTRO_FD_KIND_INOTIFY, INTRO_FD_ACCESS_R);
	assert_kind(own, (int)syscall(SYS_pidfd_open, getpid(), 0), INTRO_FD_KIND_PIDFD,
		    INTRO_FD_ACCESS_RW);
	assert_kind(own, open("/proc/self/ns/net", O_RDONLY), INTRO_FD_KIND_NS, INTRO_FD_ACCESS_R);
}

/* Those that not everybody may make, on every kernel. */
static void rare(void **state)
{
	struct own *own = *state;
	struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof(event)};
	char params[120] = {0};
	int fd;

	fd = (int)syscall(SYS_fanotify_init, FAN_CLASS_NOTIF, O_RDONLY);
	if (fd >= 0)
		assert_kind(own, fd, INTRO_FD_KIND_FANOTIFY, INTRO_FD_ACCESS_RW);
	fd = (int)syscall(SYS_io_uring_setup, 4, params);
	if (fd >= 0)
		assert_kind(own, fd, INTRO_FD_KIND_IO_URING, INTRO_FD_ACCESS_RW);
	fd = (int)syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY);
	if (fd >= 0)
		assert_int_equal(own_find(own, fd)->kind, INTRO_FD_KIND_USERFAULTFD);
	close(fd);
	fd = (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
	if (fd >= 0)
		assert_kind(own, fd, INTRO_FD_KIND_PERF, INTRO_FD_ACCESS_RW);
	fd = (int)syscall(SYS_landlock_create_ruleset, &(uint64_t){1}, sizeof(uint64_t), 0);
	if (fd >= 0)
		assert_kind(own, fd, INTRO_FD_KIND_ANON, INTRO_FD_ACCESS_RW);
}

/* What another thread closes and opens all the time is told as one of them, or not at all. */
struct churn {
	struct own *own;
	int number, pair[2];
	atomic_bool is_over;
};

static void *churn(void *argument)
{
	struct churn *it = argument;
	const char *paths[2] = {own_path(it->own, "a"), own_path(it->own, "bb")};

	for (unsigned i = 0; !atomic_load(&it->is_over); i++) {
		int fd = i % 4 < 2 ? open(paths[i % 2], O_RDWR) : dup(it->pair[i % 2]);

		if (fd >= 0 && fd != it->number) {
			dup2(fd, it->number);
			close(fd);
		}
		if (i % 7 == 0)
			close(it->number);
	}
	return NULL;
}

static void while_they_change(void **state)
{
	enum { ROUNDS = 3000, NUMBER = 200 };
	struct churn it = {.own = *state, .number = NUMBER};
	struct own *own = *state;
	struct stat a, b, p;
	pthread_t thread;
	unsigned files = 0, pipes = 0;

	close(open(own_path(own, "a"), O_CREAT | O_RDWR, 0600));
	close(open(own_path(own, "bb"), O_CREAT | O_RDWR, 0600));
	assert_int_equal(stat(own_path(own, "a"), &a) | stat(own_path(own, "bb"), &b), 0);
	assert_int_equal(pipe(it.pair) | fstat(it.pair[0], &p), 0);
	assert_int_equal(pthread_create(&thread, NULL, churn, &it), 0);
	for (unsigned i = 0; i < ROUNDS || !files || !pipes; i++) {
		const struct intro_fd *fd = fds_find(own->fds, getpid(), NUMBER);

		if (!fd)
			continue;
		assert_int_equal(fd->have & LEAN, LEAN);
		if (fd->kind == INTRO_FD_KIND_PIPE) {
			pipes++;
			assert_int_equal(fd->stat->ino, p.st_ino);
			assert_true(fd->access == INTRO_FD_ACCESS_R ||
				    fd->access == INTRO_FD_ACCESS_W);
			continue;
		}
		files++;
		assert_int_equal(fd->kind, INTRO_FD_KIND_REG);
		assert_int_equal(fd->access, INTRO_FD_ACCESS_RW);
		assert_bytes(fd->name, own_path(own, fd->stat->ino == a.st_ino ? "a" : "bb"));
		assert_true(fd->stat->ino == a.st_ino || fd->stat->ino == b.st_ino);
	}
	atomic_store(&it.is_over, true);
	pthread_join(thread, NULL);
	close(NUMBER);
	close(it.pair[0]);
	close(it.pair[1]);
}

static void read_later(void **state)
{
	struct own *own = *state;
	const struct intro_fd *record;
	int fd = open(own_path(own, "file"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, "12345", 5), 5);
	record = own_find(own, fd);
	assert_int_equal(intro_fds_read(own->fds, INTRO_FD_WANT(INFO)), 0);
	assert_true(record->have & INTRO_FD_WANT(INFO));
	assert_true(record->info->have & INTRO_FDINFO_POS);
	assert_int_equal(record->info->pos, 5);
	assert_true(record->info->cloexec);
	assert_true(record->info->flags & O_APPEND);
	/* A name may change and go: it is the same file. */
	record = own_find(own, fd);
	assert_int_equal(unlink(own_path(own, "file")), 0);
	assert_int_equal(intro_fds_read(own->fds, INTRO_FD_WANT(COPY)), 0);
	/* Another file at this number is not. */
	record = own_find(own, fd);
	assert_int_equal(dup2(STDERR_FILENO, fd), fd);
	assert_int_equal(intro_fds_read(own->fds, INTRO_FD_WANT(COPY)), INTRO_E_GONE);
	record = own_find(own, fd);
	close(fd);
	assert_int_equal(intro_fds_read(own->fds, INTRO_FD_WANT(COPY)), INTRO_E_GONE);
}

static void copies(void **state)
{
	struct own *own = *state;
	struct intro_fds *fds =
		fds_open(own->session, LEAN | INTRO_FD_WANT(COPY), 0, INTRO_SLOT_BIT(FD));
	const struct intro_fd *fd;
	int pipes[2], memory = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int file = open("/", O_RDONLY | O_CLOEXEC);

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "123", 3), 3);
	assert_int_equal(fcntl(pipes[1], F_SETPIPE_SZ, 8192), 8192);
	assert_int_equal(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL), 0);
	fd = fds_find(fds, getpid(), pipes[0]);
	assert_non_null(fd);
	if (fd->error[INTRO_FD_SOURCE_COPY] == EPERM || fd->error[INTRO_FD_SOURCE_COPY] == ENOSYS) {
		print_message("skip: no copies can be had here\n");
		skip();
	}
	assert_non_null(fd->copy);
	assert_int_equal(fd->copy->have, INTRO_FD_COPY_BUFFERED | INTRO_FD_COPY_CAPACITY);
	assert_int_equal(fd->copy->buffered, 3);
	assert_int_equal(fd->copy->capacity, 8192);
	fd = fds_find(fds, getpid(), memory);
	assert_int_equal(fd->copy->have, INTRO_FD_COPY_SEALS);
	assert_int_equal(fd->copy->seals, F_SEAL_SHRINK | F_SEAL_SEAL);
	fd = fds_find(fds, getpid(), file);
	assert_null(fd->copy);
	assert_false(fd->have & INTRO_FD_WANT(COPY));
	assert_int_equal(fd->error[INTRO_FD_SOURCE_COPY], 0);
	close(pipes[0]);
	close(pipes[1]);
	close(memory);
	close(file);
	intro_fds_close(fds);
}

/* What another user's process has open is no reason for an error, but is told. */
static int look_at_other_user(pid_t pid)
{
	struct intro_fds_options options = {.size = sizeof(options), .want = LEAN};
	const struct intro_fd *fd;
	struct intro *session;
	struct intro_fds *fds;
	int r;

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534) ||
	    intro_open(NULL, &session) || intro_fds_open(session, &options, &fds))
		return 1;
	if (intro_fds_select(fds, pid, 0))
		return 2;
	r = intro_fds_next(fds, &fd) == 0 ? 0 : 3;
	for (unsigned slot = 0; r == 0 && slot < INTRO_SLOT_COUNT; slot++)
		if (intro_fds_denied(fds, slot) != EACCES)
			r = 10 + (int)slot;
	intro_fds_close(fds);
	intro_close(session);
	return r;
}

static void denied(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (geteuid()) {
		print_message("skip: only root can become another user\n");
		skip();
	}
	pid = fork();
	if (pid == 0)
		_exit(look_at_other_user(getppid()));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void at_the_wrong_time(void **state)
{
	struct own *own = *state;
	struct intro_fds *fds = fds_open(own->session, 0, LEAN, 0);
	const struct intro_fd *fd = NULL;

	assert_int_equal(intro_fds_next(fds, &fd), 0);
	assert_null(fd);
	assert_int_equal(intro_fds_read(fds, LEAN), INTRO_E_STATE);
	assert_int_equal(intro_fds_select(fds, getpid(), 0), 0);
	assert_int_equal(intro_fds_read(fds, LEAN), INTRO_E_STATE);
	assert_int_equal(intro_fds_next(fds, &fd), 1);
	assert_int_equal(intro_fds_read(fds, INTRO_FD_WANT(INFO)), INTRO_E_STATE);
	assert_int_equal(intro_fds_read(fds, LEAN), 0);
	while (intro_fds_next(fds, &fd) > 0)
		;
	assert_int_equal(intro_fds_read(fds, LEAN), INTRO_E_STATE);
	intro_fds_close(fds);
	intro_fds_close(NULL);
}

static void bad_options(void **state)
{
	struct own *own = *state;
	struct intro_fds_options options = {.size = sizeof(options)};
	struct intro_fds *fds = NULL;

	assert_int_equal(intro_fds_open(own->session, NULL, &fds), INTRO_E_INVALID);
	options.want = 1u << INTRO_FD_SOURCE_COUNT;
	assert_int_equal(intro_fds_open(own->session, &options, &fds), INTRO_E_UNSUPPORTED);
	options.want = 0;
	options.slots = 1u << INTRO_SLOT_COUNT;
	assert_int_equal(intro_fds_open(own->session, &options, &fds), INTRO_E_UNSUPPORTED);
	options.size = 4;
	assert_int_equal(intro_fds_open(own->session, &options, &fds), INTRO_E_INVALID);
	assert_null(fds);
}

static void no_such_process(void **state)
{
	struct own *own = *state;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(intro_fds_select(own->fds, pid, 0), INTRO_E_GONE);
	assert_int_equal(intro_fds_select(own->fds, 0, 0), INTRO_E_INVALID);
	assert_int_equal(intro_fds_select(own->fds, getpid(), pid), INTRO_E_GONE);
}

static void ends_meanwhile(void **state)
{
	struct own *own = *state;
	const struct intro_fd *fd;
	int gate[2], r;
	pid_t pid;

	assert_int_equal(pipe(gate), 0);
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		_exit((int)read(gate[0], &(char){0}, 1));
	}
	assert_int_equal(intro_fds_select(own->fds, pid, 0), 0);
	assert_int_equal(intro_fds_next(own->fds, &fd), 1);
	close(gate[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(intro_fds_read(own->fds, INTRO_FD_WANT(COPY)), INTRO_E_GONE);
	while ((r = intro_fds_next(own->fds, &fd)) > 0)
		;
	assert_int_equal(r, 0);
	assert_int_equal(intro_fds_denied(own->fds, INTRO_SLOT_FD), 0);
	close(gate[0]);
}

static void of_a_list_of_tasks(void **state)
{
	struct own *own = *state;
	struct intro_tasks_options options = {.size = sizeof(options)};
	const struct intro_task *task;
	const struct intro_fd *fd;
	struct intro_tasks *tasks;

	/* One file alone is not pinned. */
	options.want = INTRO_WANT(STAT);
	assert_int_equal(intro_tasks_open(own->session, &options, &tasks), 0);
	assert_int_equal(intro_tasks_next(tasks, &task), 1);
	assert_int_equal(intro_fds_enter(own->fds, tasks), INTRO_E_STATE);
	intro_tasks_close(tasks);
	options.want = 0;
	options.flags = INTRO_TASKS_PIN;
	assert_int_equal(intro_tasks_open(own->session, &options, &tasks), 0);
	assert_int_equal(intro_fds_enter(own->fds, tasks), INTRO_E_STATE);
	while (intro_tasks_next(tasks, &task) > 0) {
		assert_int_equal(intro_fds_enter(own->fds, tasks), 0);
		if (task->pid != getpid())
			continue;
		assert_int_equal(intro_fds_next(own->fds, &fd), 1);
		assert_int_equal(fd->pid, getpid());
		assert_int_equal(fd->fd, 0);
	}
	intro_tasks_close(tasks);
}

/* A thread that has left the table of the others, and a main thread that has ended. */
struct thread {
	atomic_int tid;
	atomic_bool is_over;
	int number;
};

static void *own_table(void *argument)
{
	struct thread *thread = argument;

	if (unshare(CLONE_FILES) == 0)
		close(thread->number);
	atomic_store(&thread->tid, (int)syscall(SYS_gettid));
	while (!atomic_load(&thread->is_over))
		sched_yield();
	return NULL;
}

static bool thread_has(struct own *own, pid_t tid, int number)
{
	const struct intro_fd *fd;
	bool found = false;

	assert_int_equal(intro_fds_select(own->fds, getpid(), tid), 0);
	while (intro_fds_next(own->fds, &fd) > 0) {
		assert_int_equal(fd->pid, getpid());
		assert_int_equal(fd->tid, tid);
		found |= fd->fd == number;
	}
	return found;
}

static void of_a_thread(void **state)
{
	struct own *own = *state;
	struct thread thread = {.number = eventfd(0, 0)};
	pthread_t id;

	assert_int_equal(pthread_create(&id, NULL, own_table, &thread), 0);
	while (!atomic_load(&thread.tid))
		sched_yield();
	assert_true(thread_has(own, getpid(), thread.number));
	assert_false(thread_has(own, thread.tid, thread.number));
	assert_true(thread_has(own, thread.tid, STDERR_FILENO));
	/* The id of a thread in the place of a PID is that thread. */
	assert_null(fds_find(own->fds, thread.tid, thread.number));
	atomic_store(&thread.is_over, true);
	pthread_join(id, NULL);
	close(thread.number);
}

static void *outlive(void *argument)
{
	(void)argument;
	for (;;)
		pause();
	return NULL;
}

static void after_the_main_thread(void **state)
{
	struct own *own = *state;
	struct intro_fds *all = fds_open(own->session, LEAN, 0, 0);
	const struct intro_fd *fd;
	unsigned slots = 0;
	pthread_t thread;
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (pthread_create(&thread, NULL, outlive, NULL) == 0)
			syscall(SYS_exit, 0); /* this thread alone */
		_exit(1);
	}
	do { /* until it is a zombie: then only the other thread has the table */
		char path[64], text[64] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		file = fopen(path, "r");
		assert_non_null(file);
		assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
		fclose(file);
		if (strstr(text, ") Z "))
			break;
		sched_yield();
	} while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0);
	assert_int_equal(intro_fds_select(all, pid, 0), 0);
	while (intro_fds_next(all, &fd) > 0) {
		assert_int_equal(fd->pid, pid);
		assert_int_equal(fd->tid, pid);
		slots |= 1u << fd->slot;
	}
	assert_int_equal(slots, INTRO_SLOTS_ALL);
	for (unsigned slot = 0; slot < INTRO_SLOT_COUNT; slot++) { /* each by itself */
		struct intro_fds *one = fds_open(own->session, LEAN, 0, 1u << slot);

		assert_int_equal(intro_fds_select(one, pid, 0), 0);
		assert_int_equal(intro_fds_next(one, &fd), 1);
		assert_int_equal(fd->slot, slot);
		intro_fds_close(one);
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	intro_fds_close(all);
}

static void names_of_sources(void **state)
{
	(void)state;
	assert_string_equal(intro_fd_source_name(INTRO_FD_SOURCE_LINK), "fd");
	assert_string_equal(intro_fd_source_name(INTRO_FD_SOURCE_INFO), "fdinfo");
	for (int i = 0; i < INTRO_FD_SOURCE_COUNT; i++)
		assert_true(intro_fd_source_name(i)[0]);
	assert_string_equal(intro_fd_source_name(INTRO_FD_SOURCE_COUNT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OWN_TEST(files),
		OWN_TEST(places),
		OWN_TEST(channels),
		OWN_TEST(anonymous),
		OWN_TEST(rare),
		OWN_TEST(while_they_change),
		OWN_TEST(read_later),
		OWN_TEST(copies),
		OWN_TEST(denied),
		OWN_TEST(at_the_wrong_time),
		OWN_TEST(bad_options),
		OWN_TEST(no_such_process),
		OWN_TEST(ends_meanwhile),
		OWN_TEST(of_a_list_of_tasks),
		OWN_TEST(of_a_thread),
		OWN_TEST(after_the_main_thread),
		cmocka_unit_test(names_of_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
