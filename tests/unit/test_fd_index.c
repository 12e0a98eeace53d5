/* Open file descriptions across processes: who shares one, as the running kernel has it. */
#include "unit/fd_record.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "fd/index.h"

#define MOST_PIECES 2100

struct world {
	struct intro *session;
	struct intro_fd_index *index;
	int fds[MOST_PIECES];
	size_t fd_count;
	pid_t children[8];
	size_t child_count;
	pid_t self;
};

static size_t kcmp_calls;
static int kcmp_errno; /* 0: the kernel answers */

static long counted_kcmp(pid_t a, pid_t b, int fd_a, int fd_b)
{
	kcmp_calls++;
	if (kcmp_errno) {
		errno = kcmp_errno;
		return -1;
	}
	return syscall(SYS_kcmp, a, b, KCMP_FILE, (unsigned long)fd_a, (unsigned long)fd_b);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	*state = world;
	kcmp_calls = 0;
	kcmp_errno = 0;
	if (!world || intro_open(NULL, &world->session) ||
	    intro_fd_index_open(world->session, NULL, &world->index))
		return -1;
	world->index->kcmp = counted_kcmp;
	world->self = getpid();
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	while (world->child_count)
		holder_end(world->children[--world->child_count]);
	while (world->fd_count)
		close(world->fds[--world->fd_count]);
	intro_fd_index_close(world->index);
	intro_close(world->session);
	free(world);
	return 0;
}

/* Notes a descriptor to be closed at the end. */
static int have(struct world *world, int fd)
{
	assert_true(fd >= 0);
	assert_true(world->fd_count < MOST_PIECES);
	world->fds[world->fd_count++] = fd;
	return fd;
}

static pid_t have_child(struct world *world, void (*before)(void *), void *context)
{
	return world->children[world->child_count++] = holder_start(before, context);
}

static bool can_compare(void)
{
	pid_t pid = getpid();

	return syscall(SYS_kcmp, pid, pid, KCMP_FILE, 0ul, 0ul) == 0;
}

struct place {
	pid_t pid;
	int fd;
};

/* The open file description of the first is held by these (pid 0 ends them), in this order. */
static void assert_shared(struct world *world, struct place of, const struct place *expected)
{
	const struct intro_fd_holder *holders;
	struct intro_fd_holder name;
	struct record record;
	size_t count, i;

	assert_int_equal(intro_fd_index_ofd(world->index, record_of(&record, of.pid, of.fd), &name,
					    &holders, &count),
			 1);
	assert_int_equal(name.pid, expected[0].pid);
	assert_int_equal(name.fd, expected[0].fd);
	for (i = 0; i < count; i++) {
		if (!expected[i].pid)
			fail_msg("%d:%d too many", holders[i].pid, holders[i].fd);
		assert_int_equal(holders[i].pid, expected[i].pid);
		assert_int_equal(holders[i].fd, expected[i].fd);
	}
	assert_int_equal(expected[i].pid, 0);
}

#define ASSERT_SHARED(world, pid, fd, ...)                                                         \
	do {                                                                                       \
		const struct place of_ = {pid, fd};                                                \
		const struct place expected_[] = {__VA_ARGS__, {0, 0}};                            \
                                                                                                   \
		assert_shared(world, of_, expected_);                                              \
	} while (0)

static int ofd_of(struct world *world, pid_t pid, int fd)
{
	struct intro_fd_holder name;
	struct record record;

	return intro_fd_index_ofd(world->index, record_of(&record, pid, fd), &name, NULL, NULL);
}

static void dup_and_open_twice(void **state)
{
	struct world *world = *state;
	pid_t self = world->self;
	int a = have(world, open(INTRO_SOURCE_DIR "/README.md", O_RDONLY | O_CLOEXEC));
	int copy = have(world, dup(a));
	int other = have(world, open(INTRO_SOURCE_DIR "/README.md", O_RDONLY | O_CLOEXEC));
	int second_copy = have(world, dup2(other, other + 20));
	int place = have(world, open(INTRO_SOURCE_DIR "/README.md", O_PATH | O_CLOEXEC));
	int place_copy = have(world, dup(place));

	/* Offset and flags are those of the open file description, and do not separate. */
	assert_int_equal(lseek(a, 3, SEEK_SET), 3);
	if (!can_compare())
		skip();
	ASSERT_SHARED(world, self, a, {self, a}, {self, copy});
	ASSERT_SHARED(world, self, copy, {self, a}, {self, copy});
	ASSERT_SHARED(world, self, other, {self, other}, {self, second_copy});
	ASSERT_SHARED(world, self, place_copy, {self, place}, {self, place_copy});
	assert_true(kcmp_calls > 0 && kcmp_calls < 20);
}

static void fork_shares(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	int a = have(world, open("/dev/null", O_RDWR | O_CLOEXEC));
	int memory = have(world, memfd_create("a (deleted)", MFD_CLOEXEC));
	int event = have(world, eventfd(1, EFD_CLOEXEC));
	int other = have(world, eventfd(1, EFD_CLOEXEC));
	int epoll = have(world, epoll_create1(EPOLL_CLOEXEC));

	if (!can_compare())
		skip();
	child = have_child(world, NULL, NULL);
	ASSERT_SHARED(world, child, a, {self, a}, {child, a});
	ASSERT_SHARED(world, self, memory, {self, memory}, {child, memory});
	ASSERT_SHARED(world, self, event, {self, event}, {child, event});
	ASSERT_SHARED(world, child, other, {self, other}, {child, other});
	ASSERT_SHARED(world, child, epoll, {self, epoll}, {child, epoll});
}

static void send_fd(int socket, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec iov = {.iov_base = (char[]){'x'}, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	assert_int_equal(sendmsg(socket, &message, 0), 1);
}

static int receive_fd(int socket)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

struct passed {
	int receive_from;
	int at[2]; /* where the child puts them */
	int close[2];
};

static void receive_two(void *context)
{
	const struct passed *passed = context;

	for (int i = 0; i < 2; i++) {
		int fd = receive_fd(passed->receive_from);

		if (fd < 0 || dup2(fd, passed->at[i]) < 0)
			_exit(1);
		close(fd);
		close(passed->close[i]);
	}
}

/* The child has lost what it got by fork(2), and has them by SCM_RIGHTS: a file and a socket. */
static void passing_shares(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	int way[2], pair[2], file;
	struct passed passed = {.at = {700, 701}};

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, way), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	have(world, way[0]);
	have(world, way[1]);
	have(world, pair[0]);
	have(world, pair[1]);
	file = have(world, open("/dev/null", O_RDONLY | O_CLOEXEC));
	passed.receive_from = way[1];
	passed.close[0] = file;
	passed.close[1] = pair[0];
	send_fd(way[0], file);
	send_fd(way[0], pair[0]);
	if (!can_compare())
		skip();
	child = have_child(world, receive_two, &passed);
	ASSERT_SHARED(world, child, 700, {self, file}, {child, 700});
	ASSERT_SHARED(world, self, pair[0], {self, pair[0]}, {child, 701});
	ASSERT_SHARED(world, child, pair[1], {self, pair[1]}, {child, pair[1]});
}

/*
 * What ofd.c takes for granted: however a socket comes to a process, it is one open file
 * description, and it cannot be opened again but as a place.
 */
static void a_socket_has_one(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	int pair[2], way[2], process, got, place, passed;
	char path[64];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, way), 0);
	for (int i = 0; i < 2; i++) {
		have(world, pair[i]);
		have(world, way[i]);
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pair[0]);
	assert_int_equal(open(path, O_RDWR | O_CLOEXEC), -1);
	assert_int_equal(errno, ENXIO);
	place = have(world, open(path, O_PATH | O_CLOEXEC));
	child = have_child(world, NULL, NULL);
	process = have(world, (int)syscall(SYS_pidfd_open, child, 0));
	got = (int)syscall(SYS_pidfd_getfd, process, pair[0], 0);
	if (got < 0 || !can_compare())
		skip();
	have(world, got);
	send_fd(way[0], pair[0]);
	passed = have(world, receive_fd(way[1]));
	assert_int_equal(counted_kcmp(self, self, pair[0], got), 0);
	assert_int_equal(counted_kcmp(self, self, pair[0], passed), 0);
	assert_int_equal(counted_kcmp(self, child, pair[0], pair[0]), 0);
	assert_int_not_equal(counted_kcmp(self, self, pair[0], place), 0);
	kcmp_calls = 0;
	ASSERT_SHARED(world, self, got, {self, pair[0]}, {self, got}, {self, passed},
		      {child, pair[0]});
	assert_int_equal(kcmp_calls, 0);
	ASSERT_SHARED(world, self, place, {self, place}, {child, place});
	assert_true(kcmp_calls > 0);
}

static void pipes(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	int ends[2], again;
	char path[64];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	have(world, ends[0]);
	have(world, ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	again = have(world, open(path, O_WRONLY | O_CLOEXEC));
	if (!can_compare())
		skip();
	child = have_child(world, NULL, NULL);
	ASSERT_SHARED(world, self, ends[0], {self, ends[0]}, {child, ends[0]});
	ASSERT_SHARED(world, self, ends[1], {self, ends[1]}, {child, ends[1]});
	ASSERT_SHARED(world, child, again, {self, again}, {child, again});
	assert_int_equal(world->index->level, INTRO_FD_LEVEL_LINKS);
}

/* Two thousand of /dev/null, half of them copies: n log n comparisons, and only once. */
static void many_of_one_inode(void **state)
{
	struct world *world = *state;
	const size_t count = 2000;
	int first = have(world, open("/dev/null", O_WRONLY | O_CLOEXEC)), r;
	struct record record;
	struct intro_fd_holder name;
	size_t in_bucket, end, calls;

	if (!can_compare())
		skip();
	for (size_t i = 1; i < count; i++)
		have(world, i % 2 ? open("/dev/null", O_WRONLY | O_CLOEXEC)
				  : fcntl(first, F_DUPFD_CLOEXEC, 0));
	for (size_t i = 0; i < count; i++) {
		r = intro_fd_index_ofd(world->index, record_of(&record, world->self, world->fds[i]),
				       &name, NULL, NULL);
		assert_int_equal(r, 1);
		assert_int_equal(name.fd, i % 2 ? world->fds[i] : first);
		if (i == 0)
			calls = kcmp_calls;
	}
	intro_fd_index_range(world->index,
			     intro_fd_device(record.stat.dev_major, record.stat.dev_minor),
			     record.stat.ino, &in_bucket, &end);
	in_bucket = end - in_bucket;
	assert_true(in_bucket >= count);
	assert_true(calls < in_bucket * 13);
	assert_int_equal(kcmp_calls, calls);
}

static void denied_is_unknown(void **state)
{
	struct world *world = *state;
	int a = have(world, open("/dev/null", O_RDONLY | O_CLOEXEC)), pair[2];
	int copy = have(world, dup(a));

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	have(world, pair[0]);
	have(world, pair[1]);
	for (int i = 0; i < 2; i++) {
		kcmp_errno = i ? ENOSYS : EPERM;
		assert_int_equal(ofd_of(world, world->self, a), 0);
		assert_int_equal(ofd_of(world, world->self, copy), 0);
		/* What is known without is known. */
		assert_int_equal(ofd_of(world, world->self, pair[0]), 1);
		intro_fd_index_rewind(world->index);
	}
}

static void of_one_moment(void **state)
{
	struct world *world = *state;
	int a = have(world, open("/dev/null", O_RDONLY | O_CLOEXEC)), late;
	int copy = dup(a);
	struct record gone;

	if (!can_compare())
		skip();
	record_of(&gone, world->self, copy);
	assert_int_equal(ofd_of(world, world->self, a), 1);
	close(copy);
	late = have(world, eventfd(0, EFD_CLOEXEC));
	assert_int_equal(ofd_of(world, world->self, late), 0);
	intro_fd_index_rewind(world->index);
	assert_int_equal(ofd_of(world, world->self, late), 1);
	assert_int_equal(intro_fd_index_ofd(world->index, &gone.fd, NULL, NULL, NULL), 0);
	ASSERT_SHARED(world, world->self, a, {world->self, a});
	/* Not a descriptor. */
	record_of(&gone, world->self, a);
	gone.fd.slot = INTRO_SLOT_CWD;
	assert_int_equal(intro_fd_index_ofd(world->index, &gone.fd, NULL, NULL, NULL), 0);
}

static void holders_have_names(void **state)
{
	struct world *world = *state;
	const struct intro_fd_holder *holders;
	struct record record;
	int ends[2];
	size_t count;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	have(world, ends[0]);
	have(world, ends[1]);
	record_of(&record, world->self, ends[0]);
	assert_int_equal(intro_fd_index_inode(world->index, record.stat.dev_major,
					      record.stat.dev_minor, record.stat.ino, &holders,
					      &count),
			 1);
	assert_int_equal(count, 2);
	assert_int_equal(holders[0].fd, ends[0]);
	assert_int_equal(holders[0].access, INTRO_FD_ACCESS_R);
	assert_int_equal(holders[1].access, INTRO_FD_ACCESS_W);
	assert_int_equal(holders[0].comm.len, strlen("unit_fd_index"));
	assert_memory_equal(holders[0].comm.data, "unit_fd_index", holders[0].comm.len);
	assert_int_equal(world->index->level, INTRO_FD_LEVEL_LINKS);
	/* A file takes the other level; nobody has it open by O_PATH for reading. */
	have(world, open(INTRO_SOURCE_DIR "/README.md", O_PATH | O_CLOEXEC));
	intro_fd_index_rewind(world->index);
	record_of(&record, world->self, world->fds[2]);
	assert_int_equal(intro_fd_index_inode(world->index, record.stat.dev_major,
					      record.stat.dev_minor, record.stat.ino, &holders,
					      &count),
			 1);
	assert_true(count >= 1);
	assert_int_equal(holders[count - 1].access, INTRO_FD_ACCESS_PATH);
	/* Nothing is there. */
	assert_int_equal(intro_fd_index_inode(world->index, 4000, 1, 1, &holders, &count), 1);
	assert_int_equal(count, 0);
}

static void become_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		_exit(1);
}

/* Whether the links of some process cannot be read by us: even root may be denied. */
static bool is_some_denied(void)
{
	DIR *processes = opendir("/proc");
	bool denied = false;
	struct dirent *entry;
	char path[300], text[1];

	assert_non_null(processes);
	while ((entry = readdir(processes))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/fd/0", entry->d_name);
		denied |= readlink(path, text, 1) < 0 && errno == EACCES;
	}
	closedir(processes);
	return denied;
}

static void denied_processes_are_told(void **state)
{
	struct world *world = *state;
	const struct intro_fd_holder *holders;
	size_t count;
	int status;
	pid_t pid;

	assert_int_equal(intro_fd_index_inode(world->index, 4000, 1, 1, &holders, &count), 1);
	assert_int_equal(intro_fd_index_denied(world->index), is_some_denied() ? EACCES : 0);
	if (geteuid() != 0)
		return;
	/* The same question by one who may not. */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		become_nobody();
		intro_fd_index_rewind(world->index);
		_exit(intro_fd_index_inode(world->index, 4000, 1, 1, &holders, &count) != 1 ||
		      intro_fd_index_denied(world->index) != EACCES);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* One descriptor tells the device of all pipes, unless another file has its number by then. */
static void device_of_all(void **state)
{
	struct world *world = *state;
	int pipes[2], dir = have(world, open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	uint64_t dev = 0;
	char name[16];
	struct stat st;

	assert_int_equal(pipe(pipes), 0);
	have(world, pipes[0]);
	have(world, pipes[1]);
	assert_int_equal(fstat(pipes[0], &st), 0);
	snprintf(name, sizeof(name), "%d", pipes[0]);
	assert_false(intro_fd_index_find_device(world->index, dir, name, st.st_ino + 1, &dev));
	assert_true(dev == 0);
	assert_true(intro_fd_index_find_device(world->index, dir, name, st.st_ino, &dev));
	assert_true(dev == intro_fd_device(major(st.st_dev), minor(st.st_dev)));
	assert_true(intro_fd_index_find_device(world->index, dir, "-", 1, &dev));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE_TEST(dup_and_open_twice),
		LIVE_TEST(fork_shares),
		LIVE_TEST(passing_shares),
		LIVE_TEST(a_socket_has_one),
		LIVE_TEST(pipes),
		LIVE_TEST(many_of_one_inode),
		LIVE_TEST(denied_is_unknown),
		LIVE_TEST(of_one_moment),
		LIVE_TEST(holders_have_names),
		LIVE_TEST(denied_processes_are_told),
		LIVE_TEST(device_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
