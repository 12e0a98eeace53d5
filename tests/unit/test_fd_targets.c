/* What epoll, inotify and fanotify watch: of this process, as the running kernel tells. */
#include "unit/fd_record.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "fd/targets.h"

struct world {
	struct intro *session;
	struct intro_fd_targets targets;
	struct intro_fdinfo_store store;
	struct intro_fdinfo info;
	struct intro_buf text;
	char directory[64];
	int first_fd; /* what is open above this one is closed in the end */
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	*state = world;
	if (!world || intro_open(NULL, &world->session))
		return -1;
	world->targets.session = world->session;
	world->first_fd = dup(0);
	strcpy(world->directory, "/tmp/intro-watch-XXXXXX");
	return world->first_fd < 0 || !mkdtemp(world->directory) ? -1 : 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	close_range((unsigned)world->first_fd, ~0u, 0);
	intro_fd_targets_free(&world->targets);
	intro_fdinfo_store_free(&world->store);
	intro_buf_free(&world->text);
	intro_close(world->session);
	nftw(world->directory, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(world);
	return 0;
}

static const char *in_directory(const struct world *world, const char *name)
{
	static char paths[2][256];
	static unsigned next;
	char *path = paths[next++ % 2];

	snprintf(path, sizeof(paths[0]), "%s/%s", world->directory, name);
	return path;
}

static void parse(struct world *world, int task_fd, int fd, enum intro_fd_kind kind)
{
	char path[64];

	snprintf(path, sizeof(path), "fdinfo/%d", fd);
	assert_int_equal(
		intro_read_file(world->session, task_fd, path, (size_t)16 << 20, &world->text), 0);
	assert_int_equal(intro_parse_fdinfo(world->text.data, world->text.len, kind, &world->store,
					    &world->info),
			 0);
}

/* Reads a descriptor of a process, and finds what it watches. */
static void find(struct world *world, pid_t pid, int fd, enum intro_fd_kind kind)
{
	char path[64];
	int task_fd;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	task_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(task_fd >= 0);
	parse(world, task_fd, fd, kind);
	assert_int_equal(intro_fd_targets_find(&world->targets, task_fd, pid, fd, &world->store,
					       &world->info),
			 0);
	close(task_fd);
}

static bool is_text(struct intro_bytes bytes, const char *text)
{
	return bytes.data && bytes.len == strlen(text) && !memcmp(bytes.data, text, bytes.len);
}

/* ---- epoll ---- */

/* The target that was added with this number as its data. */
static const struct intro_epoll_target *target(const struct world *world, uint64_t data)
{
	for (size_t i = 0; i < world->info.epoll_count; i++)
		if (world->info.epoll[i].data == data)
			return &world->info.epoll[i];
	fail_msg("no target %d", (int)data);
	return NULL;
}

static void watch(int epoll, int fd, uint64_t data)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = data};

	assert_true(fd >= 0);
	assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
}

/* Another descriptor keeps it, so that the target stays when its number is closed. */
static void close_but_keep(int fd)
{
	assert_true(dup(fd) >= 0);
	close(fd);
}

static int new_event(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

static int at_number(int fd, int number)
{
	int r = dup3(fd, number, O_CLOEXEC);

	close(fd);
	return r;
}

enum {
	OPEN,
	CLOSED,
	REUSED,
	ADDED_AGAIN_OLD,
	ADDED_AGAIN_NEW,
	SOCKET,
	SOCKET_REUSED,
	OTHER_KIND,
	PIPE,
	FIFO,
	TARGETS,
};

/* One of each; what the names of open ones are is left in `fds`. */
static int make_targets(const struct world *world, int *fds)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), ends[2], pair[2];

	for (int i = 0; i <= ADDED_AGAIN_OLD; i++) {
		fds[i] = at_number(new_event(), 100 + i);
		watch(epoll, fds[i], (uint64_t)i);
	}
	close_but_keep(fds[CLOSED]);
	close_but_keep(fds[REUSED]);
	assert_int_equal(at_number(new_event(), fds[REUSED]), fds[REUSED]);
	close_but_keep(fds[ADDED_AGAIN_OLD]);
	fds[ADDED_AGAIN_NEW] = at_number(new_event(), fds[ADDED_AGAIN_OLD]);
	watch(epoll, fds[ADDED_AGAIN_NEW], ADDED_AGAIN_NEW);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	fds[SOCKET] = at_number(pair[0], 100 + SOCKET);
	watch(epoll, fds[SOCKET], SOCKET);
	fds[SOCKET_REUSED] = at_number(pair[1], 100 + SOCKET_REUSED);
	watch(epoll, fds[SOCKET_REUSED], SOCKET_REUSED);
	close_but_keep(fds[SOCKET_REUSED]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	at_number(pair[0], fds[SOCKET_REUSED]);
	fds[OTHER_KIND] = at_number(new_event(), 100 + OTHER_KIND);
	watch(epoll, fds[OTHER_KIND], OTHER_KIND);
	close_but_keep(fds[OTHER_KIND]);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	at_number(ends[1], fds[OTHER_KIND]);
	fds[PIPE] = ends[0];
	watch(epoll, fds[PIPE], PIPE);
	assert_int_equal(mkfifo(in_directory(world, "fifo"), 0600), 0);
	fds[FIFO] = open(in_directory(world, "fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	watch(epoll, fds[FIFO], FIFO);
	return epoll;
}

static void assert_fresh(const struct world *world, int data, int fd)
{
	struct record record;

	record_of(&record, getpid(), fd);
	assert_true(target(world, (uint64_t)data)->is_checked);
	assert_false(target(world, (uint64_t)data)->is_stale);
	assert_true(is_text(target(world, (uint64_t)data)->name, record.link));
}

static void assert_stale(const struct world *world, int data)
{
	assert_true(target(world, (uint64_t)data)->is_checked);
	assert_true(target(world, (uint64_t)data)->is_stale);
	assert_null(target(world, (uint64_t)data)->name.data);
}

static void assert_open_question(const struct world *world, int data, const char *name)
{
	assert_false(target(world, (uint64_t)data)->is_checked);
	assert_false(target(world, (uint64_t)data)->is_stale);
	assert_true(is_text(target(world, (uint64_t)data)->name, name));
}

static void stale_targets(void **state)
{
	struct world *world = *state;
	int fds[TARGETS], epoll = make_targets(world, fds);
	static const char event[] = "anon_inode:[eventfd]";

	if (!intro_is_own_pid_namespace(world->session))
		skip();
	find(world, getpid(), epoll, INTRO_FD_KIND_EPOLL);
	assert_int_equal(world->info.epoll_count, TARGETS);
	assert_fresh(world, OPEN, fds[OPEN]);
	assert_stale(world, CLOSED);
	assert_stale(world, REUSED);
	assert_stale(world, ADDED_AGAIN_OLD);
	assert_fresh(world, ADDED_AGAIN_NEW, fds[ADDED_AGAIN_NEW]);
	assert_fresh(world, SOCKET, fds[SOCKET]);
	assert_stale(world, SOCKET_REUSED);
	assert_stale(world, OTHER_KIND);
	assert_fresh(world, PIPE, fds[PIPE]);
	assert_fresh(world, FIFO, fds[FIFO]);

	/* Where the kernel does not compare, inodes tell, but not those that all have. */
	world->session->own_pid_ns = 0;
	find(world, getpid(), epoll, INTRO_FD_KIND_EPOLL);
	assert_open_question(world, OPEN, event);
	assert_stale(world, CLOSED);
	assert_open_question(world, REUSED, event);
	assert_open_question(world, ADDED_AGAIN_OLD, event);
	assert_fresh(world, SOCKET, fds[SOCKET]);
	assert_stale(world, SOCKET_REUSED);
	assert_stale(world, OTHER_KIND);
	assert_fresh(world, PIPE, fds[PIPE]);
	assert_fresh(world, FIFO, fds[FIFO]);
}

/* Comparing takes longer the more there are: it ends after a while, and the rest is not guessed. */
static void thousands_of_targets(void **state)
{
	struct world *world = *state;
	struct rlimit limit;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	size_t checked = 0;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_max < 5000 || setrlimit(RLIMIT_NOFILE, &limit) ||
	    !intro_is_own_pid_namespace(world->session))
		skip();
	for (uint64_t i = 0; i < 4000; i++)
		watch(epoll, new_event(), i);
	find(world, getpid(), epoll, INTRO_FD_KIND_EPOLL);
	assert_int_equal(world->info.epoll_count, 4000);
	for (size_t i = 0; i < 4000; i++) {
		checked += world->info.epoll[i].is_checked;
		assert_false(world->info.epoll[i].is_stale);
		assert_true(is_text(world->info.epoll[i].name, "anon_inode:[eventfd]"));
	}
	assert_true(checked >= 2000 && checked < 2100);
}

static void assert_all_unknown(const struct world *world)
{
	assert_int_equal(world->info.epoll_count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_false(world->info.epoll[i].is_checked || world->info.epoll[i].is_stale);
		assert_null(world->info.epoll[i].name.data);
	}
}

/* None of its targets is stale because the process is no more, whether reaped or not yet. */
static void a_process_that_has_ended(void **state)
{
	struct world *world = *state;
	int epoll = epoll_create1(EPOLL_CLOEXEC), task_fd;
	siginfo_t info;
	char path[64];
	pid_t child;

	watch(epoll, new_event(), 1);
	watch(epoll, new_event(), 2);
	child = holder_start(NULL, NULL);
	snprintf(path, sizeof(path), "/proc/%d", child);
	task_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	parse(world, task_fd, epoll, INTRO_FD_KIND_EPOLL);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	for (int reaped = 0; reaped < 2; reaped++) {
		assert_int_equal(intro_fd_targets_find(&world->targets, task_fd, child, epoll,
						       &world->store, &world->info),
				 0);
		assert_all_unknown(world);
		if (!reaped)
			assert_int_equal(waitpid(child, NULL, 0), child);
	}
}

/* ---- inotify ---- */

static const struct intro_watch *watched(const struct world *world, int wd)
{
	for (size_t i = 0; i < world->info.watch_count; i++)
		if (world->info.watches[i].wd == wd)
			return &world->info.watches[i];
	return NULL;
}

static bool can_open_handles(const struct world *world)
{
	struct {
		struct file_handle handle;
		char bytes[MAX_HANDLE_SZ];
	} any = {.handle.handle_bytes = MAX_HANDLE_SZ};
	int id, fd, mount = open(world->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (name_to_handle_at(mount, ".", &any.handle, &id, 0))
		return false;
	fd = open_by_handle_at(mount, &any.handle, O_PATH | O_CLOEXEC);
	close(mount);
	close(fd);
	return fd >= 0;
}

static void create(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static void assert_watched(const struct world *world, int wd, const char *path)
{
	const struct intro_watch *watch = watched(world, wd);

	assert_non_null(watch);
	if (!is_text(watch->path, path))
		fail_msg("%.*s in place of %s", (int)watch->path.len, watch->path.data, path);
}

static void watched_files(void **state)
{
	struct world *world = *state;
	int inotify = inotify_init1(IN_CLOEXEC), directory, newline, gone, moved, wd, keep;
	char deleted[300], shm[] = "/dev/shm/intro-watch-XXXXXX";

	directory = inotify_add_watch(inotify, world->directory, IN_CREATE);
	create(in_directory(world, "a\nb \\040"));
	newline = inotify_add_watch(inotify, in_directory(world, "a\nb \\040"), IN_MODIFY);
	create(in_directory(world, "gone"));
	gone = inotify_add_watch(inotify, in_directory(world, "gone"), IN_MODIFY);
	keep = open(in_directory(world, "gone"), O_RDONLY | O_CLOEXEC);
	assert_true(keep >= 0);
	unlink(in_directory(world, "gone"));
	create(in_directory(world, "before"));
	moved = inotify_add_watch(inotify, in_directory(world, "before"), IN_MODIFY);
	assert_int_equal(rename(in_directory(world, "before"), in_directory(world, "x (deleted)")),
			 0);
	wd = mkdtemp(shm) ? inotify_add_watch(inotify, shm, IN_CREATE) : -1;
	if (!can_open_handles(world)) {
		print_message("skip: files cannot be opened by handle\n");
		find(world, getpid(), inotify, INTRO_FD_KIND_INOTIFY);
		assert_null(watched(world, directory)->path.data);
		rmdir(shm);
		skip();
	}
	find(world, getpid(), inotify, INTRO_FD_KIND_INOTIFY);
	rmdir(shm);
	assert_int_equal(world->info.watch_count, wd < 0 ? 4 : 5);
	assert_watched(world, directory, world->directory);
	assert_watched(world, newline, in_directory(world, "a\nb \\040"));
	snprintf(deleted, sizeof(deleted), "%s (deleted)", in_directory(world, "gone"));
	assert_watched(world, gone, deleted);
	assert_watched(world, moved, in_directory(world, "x (deleted)"));
	if (wd >= 0)
		assert_watched(world, wd, shm);
	/* Nothing stays open, which would keep a file system from being unmounted. */
	assert_int_equal(dup(0), keep + 1);
}

static void mount_or_exit(const char *from, const char *to, const char *type, unsigned long flags)
{
	if (mount(from, to, type, flags, NULL))
		_exit(77);
}

/*
 * Only a part of the file system is mounted: what is in it has a path, what is elsewhere has none,
 * although its handle opens and its link has a text.
 */
static int watch_through_a_part(struct world *world)
{
	char whole[128], part[128];
	int inotify = inotify_init1(IN_CLOEXEC), inside, outside;

	strcpy(whole, in_directory(world, "whole"));
	strcpy(part, in_directory(world, "part"));
	if (unshare(CLONE_NEWNS))
		_exit(77);
	mount_or_exit(NULL, "/", NULL, MS_REC | MS_PRIVATE);
	if (mkdir(whole, 0700) || mkdir(part, 0700))
		_exit(77);
	mount_or_exit("none", whole, "tmpfs", 0);
	create(in_directory(world, "whole/outside"));
	if (mkdir(in_directory(world, "whole/a"), 0700))
		_exit(77);
	create(in_directory(world, "whole/a/inside"));
	mount_or_exit(in_directory(world, "whole/a"), part, NULL, MS_BIND);
	outside = inotify_add_watch(inotify, in_directory(world, "whole/outside"), IN_MODIFY);
	inside = inotify_add_watch(inotify, in_directory(world, "whole/a/inside"), IN_MODIFY);
	find(world, getpid(), inotify, INTRO_FD_KIND_INOTIFY);
	if (!is_text(watched(world, outside)->path, in_directory(world, "whole/outside")) ||
	    !is_text(watched(world, inside)->path, in_directory(world, "whole/a/inside")))
		return 1;
	if (umount(whole)) /* that would be the open mount */
		return 2;
	find(world, getpid(), inotify, INTRO_FD_KIND_INOTIFY);
	if (watched(world, outside)->path.data)
		return 3;
	if (!is_text(watched(world, inside)->path, in_directory(world, "part/inside")))
		return 4;
	/* Covered by another file system, the mount cannot be reached. */
	mount_or_exit("none", part, "tmpfs", 0);
	find(world, getpid(), inotify, INTRO_FD_KIND_INOTIFY);
	return watched(world, inside)->path.data ? 5 : 0;
}

static void a_part_of_a_file_system(void **state)
{
	struct world *world = *state;
	int status;
	pid_t child;

	if (!can_open_handles(world)) {
		print_message("skip: files cannot be opened by handle\n");
		skip();
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(watch_through_a_part(world));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("skip: no mounts may be made\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- fanotify ---- */

static const struct intro_watch *mark(const struct world *world, int what)
{
	for (size_t i = 0; i < world->info.watch_count; i++)
		if ((int)world->info.watches[i].what == what)
			return &world->info.watches[i];
	fail_msg("no mark %d", what);
	return NULL;
}

static void marks(void **state)
{
	struct world *world = *state;
	int fanotify = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY);

	if (fanotify < 0) {
		print_message("skip: fanotify_init: %s\n", strerror(errno));
		skip();
	}
	assert_int_equal(
		fanotify_mark(fanotify, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, world->directory), 0);
	assert_int_equal(fanotify_mark(fanotify, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_CLOSE_WRITE,
				       AT_FDCWD, "/dev"),
			 0);
	assert_int_equal(fanotify_mark(fanotify, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
				       FAN_CLOSE_WRITE, AT_FDCWD, "/dev"),
			 0);
	find(world, getpid(), fanotify, INTRO_FD_KIND_FANOTIFY);
	assert_int_equal(world->info.watch_count, 3);
	if (can_open_handles(world))
		assert_true(is_text(mark(world, INTRO_WATCH_INODE)->path, world->directory));
	assert_true(mark(world, INTRO_WATCH_MOUNT)->path.len > 0);
	if (access("/dev/null", F_OK) == 0 && mark(world, INTRO_WATCH_MOUNT)->path.len > 1)
		assert_true(is_text(mark(world, INTRO_WATCH_MOUNT)->path, "/dev"));
	assert_true(mark(world, INTRO_WATCH_FILESYSTEM)->path.data[0] == '/');
}

/* ---- captured trees ---- */

static void captured(void **state)
{
	struct tree *tree = *state;
	struct intro_epoll_target epoll[] = {
		{.fd = 3, .has_inode = true, .ino = 5},
		{.fd = 9},
	};
	struct intro_watch watches[] = {
		{.what = INTRO_WATCH_MOUNT, .mount_id = 26},
		{.what = INTRO_WATCH_FILESYSTEM, .dev_major = 8, .dev_minor = 17},
		{.what = INTRO_WATCH_INODE, .dev_major = 8, .dev_minor = 17, .ino = 2},
		{.what = INTRO_WATCH_MOUNT, .mount_id = 99},
	};
	struct intro_fdinfo_store store = {.epoll = epoll, .watches = watches};
	struct intro_fdinfo info = {.epoll_count = 2, .watch_count = 4};
	struct intro_fd_targets targets = {0};
	int task_fd;

	tree_link(tree, "10/fd/3", "pipe:[5]");
	tree_link(tree, "10/fd/4", "anon_inode:[eventpoll]");
	tree_text(tree, "10/mountinfo",
		  "26 24 0:24 / /dev/pts rw - devpts devpts rw\n"
		  "27 24 8:17 /part /mnt/a rw - ext4 /dev/sdb1 rw\n"
		  "28 24 8:17 / /mnt/c\\134d rw - ext4 /dev/sdb1 rw\n");
	tree_open(tree, NULL);
	targets.session = tree->session;
	task_fd = open(tree_path(tree, "10"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	watches[2].handle_type = 1;
	assert_int_equal(intro_fd_targets_find(&targets, task_fd, 10, 4, &store, &info), 0);
	assert_false(epoll[0].is_checked);
	assert_true(is_text(epoll[0].name, "pipe:[5]"));
	assert_true(epoll[1].is_checked && epoll[1].is_stale);
	assert_true(is_text(watches[0].path, "/dev/pts"));
	assert_true(is_text(watches[1].path, "/mnt/c\\d"));
	assert_null(watches[2].path.data);
	assert_null(watches[3].path.data);
	intro_fd_targets_free(&targets);
	close(task_fd);
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE_TEST(stale_targets),
		LIVE_TEST(thousands_of_targets),
		LIVE_TEST(a_process_that_has_ended),
		LIVE_TEST(watched_files),
		LIVE_TEST(a_part_of_a_file_system),
		LIVE_TEST(marks),
		TREE_TEST(captured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
