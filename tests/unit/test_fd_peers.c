/* The other ends of pipes, FIFOs and terminals. */
#include "unit/fd_record.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include "fd/index.h"

struct world {
	struct intro *session;
	struct intro_fd_index *index;
	pid_t self;
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	*state = world;
	if (!world || intro_open(NULL, &world->session) ||
	    intro_fd_index_open(world->session, NULL, &world->index))
		return -1;
	world->self = getpid();
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	intro_fd_index_close(world->index);
	intro_close(world->session);
	free(world);
	return 0;
}

struct place {
	pid_t pid;
	int fd;
};

/* Pid 0 ends the expected ones. */
static void assert_peers(struct world *world, struct place of, const struct place *expected)
{
	const struct intro_fd_holder *holders;
	struct record record;
	size_t count, i;

	assert_int_equal(intro_fd_index_peers(world->index, record_of(&record, of.pid, of.fd),
					      &holders, &count),
			 1);
	for (i = 0; i < count; i++) {
		if (!expected[i].pid)
			fail_msg("%d:%d too many", holders[i].pid, holders[i].fd);
		assert_int_equal(holders[i].pid, expected[i].pid);
		assert_int_equal(holders[i].fd, expected[i].fd);
		assert_true(holders[i].comm.len > 0);
	}
	assert_int_equal(expected[i].pid, 0);
}

#define ASSERT_PEERS(world, pid, fd, ...)                                                          \
	do {                                                                                       \
		const struct place of_ = {pid, fd};                                                \
		const struct place expected_[] = {__VA_ARGS__, {0, 0}};                            \
                                                                                                   \
		assert_peers(world, of_, expected_);                                               \
	} while (0)

static const struct place nobody[] = {{0, 0}};

static void assert_ends(struct world *world, pid_t pid, int fd, size_t readers, size_t writers)
{
	struct record record;
	size_t reading, writing;

	assert_int_equal(
		intro_fd_index_ends(world->index, record_of(&record, pid, fd), &reading, &writing),
		1);
	assert_int_equal(reading, readers);
	assert_int_equal(writing, writers);
}

static void close_one(void *context)
{
	close(*(int *)context);
}

static void a_pipe_with_three_writers(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, writers[3];
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	for (int i = 0; i < 3; i++)
		writers[i] = holder_start(close_one, &ends[0]);
	close(ends[1]);
	ASSERT_PEERS(world, self, ends[0], {writers[0], ends[1]}, {writers[1], ends[1]},
		     {writers[2], ends[1]});
	ASSERT_PEERS(world, writers[1], ends[1], {self, ends[0]});
	assert_ends(world, self, ends[0], 1, 3);
	assert_int_equal(world->index->level, INTRO_FD_LEVEL_LINKS);
	/* One of them ends. */
	holder_end(writers[1]);
	intro_fd_index_rewind(world->index);
	ASSERT_PEERS(world, self, ends[0], {writers[0], ends[1]}, {writers[2], ends[1]});
	assert_ends(world, self, ends[0], 1, 2);
	holder_end(writers[0]);
	holder_end(writers[2]);
	intro_fd_index_rewind(world->index);
	assert_peers(world, (struct place){self, ends[0]}, nobody);
	close(ends[0]);
}

/* One process has both ends; and one end once more, for both ways, and as a mere place. */
static void a_pipe_of_one_process(void **state)
{
	struct world *world = *state;
	pid_t self = world->self;
	int ends[2], both, place;
	struct record record;
	const struct intro_fd_holder *holders;
	char path[64];
	size_t count;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	ASSERT_PEERS(world, self, ends[0], {self, ends[1]});
	ASSERT_PEERS(world, self, ends[1], {self, ends[0]});
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	both = open(path, O_RDWR | O_CLOEXEC);
	place = open(path, O_PATH | O_CLOEXEC);
	assert_true(both > ends[1] && place > both);
	intro_fd_index_rewind(world->index);
	ASSERT_PEERS(world, self, ends[0], {self, ends[1]}, {self, both});
	ASSERT_PEERS(world, self, ends[1], {self, ends[0]}, {self, both});
	ASSERT_PEERS(world, self, both, {self, ends[0]}, {self, ends[1]});
	assert_ends(world, self, ends[0], 2, 2);
	assert_int_equal(intro_fd_index_peers(world->index, record_of(&record, self, place),
					      &holders, &count),
			 0);
	close(ends[0]);
	close(ends[1]);
	close(both);
	close(place);
}

static void a_fifo(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	char directory[] = "/tmp/intro-fifo-XXXXXX", path[64], other[64];
	int reader, writer, stranger;

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/pipe:[1]", directory);
	snprintf(other, sizeof(other), "%s/other", directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(mkfifo(other, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	writer = open(path, O_WRONLY | O_CLOEXEC);
	stranger = open(other, O_RDWR | O_CLOEXEC);
	assert_true(reader >= 0 && writer >= 0 && stranger >= 0);
	child = holder_start(close_one, &reader);
	close(writer);
	ASSERT_PEERS(world, self, reader, {child, writer});
	ASSERT_PEERS(world, child, writer, {self, reader});
	ASSERT_PEERS(world, self, stranger, {child, stranger});
	assert_ends(world, self, reader, 1, 1);
	assert_ends(world, self, stranger, 2, 2);
	holder_end(child);
	close(reader);
	close(stranger);
	unlink(path);
	unlink(other);
	rmdir(directory);
}

static void a_terminal(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave, second, third;

	if (master < 0 || grantpt(master) || unlockpt(master)) {
		print_message("no pseudo-terminals\n");
		skip();
	}
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	second = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (second < 0) /* it may have no permissions */
		second = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(slave >= 0 && second >= 0);
	unlockpt(second);
	third = ioctl(second, TIOCGPTPEER, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	assert_true(third >= 0);
	child = holder_start(close_one, &master);
	ASSERT_PEERS(world, self, master, {self, slave}, {child, slave});
	ASSERT_PEERS(world, child, slave, {self, master});
	ASSERT_PEERS(world, self, slave, {self, master});
	ASSERT_PEERS(world, self, second, {self, third}, {child, third});
	ASSERT_PEERS(world, self, third, {self, second}, {child, second});
	holder_end(child);
	close(slave);
	close(second);
	close(third);
	intro_fd_index_rewind(world->index);
	assert_peers(world, (struct place){self, master}, nobody);
	close(master);
}

static void no_channel(void **state)
{
	struct world *world = *state;
	int file = open("/dev/null", O_RDWR | O_CLOEXEC);
	const struct intro_fd_holder *holders;
	struct record record;
	size_t count, readers, writers;

	record_of(&record, world->self, file);
	assert_int_equal(intro_fd_index_peers(world->index, &record.fd, &holders, &count), 0);
	assert_int_equal(intro_fd_index_ends(world->index, &record.fd, &readers, &writers), 0);
	close(file);
}

static void captured(void **state)
{
	struct tree *tree = *state;
	struct intro_fd_index *index;
	const struct intro_fd_holder *holders;
	struct record record = {.link = "pipe:[77]"};
	size_t count, readers, writers;

	tree_link(tree, "10/fd/0", "pipe:[77]");
	tree_text(tree, "10/fdinfo/0", "pos:\t0\nflags:\t00\nmnt_id:\t15\n");
	tree_text(tree, "10/comm", "a\nb\n");
	tree_link(tree, "11/fd/1", "pipe:[77]");
	tree_text(tree, "11/fdinfo/1", "pos:\t0\nflags:\t02000001\nmnt_id:\t15\n");
	tree_link(tree, "12/fd/1", "/tmp/pipe:[77]");
	tree_link(tree, "12/fd/2", "socket:[77]");
	tree_text(tree, "12/fdinfo/2", "pos:\t0\nflags:\t02\nmnt_id:\t15\n");
	tree_open(tree, NULL);
	record.fd = (struct intro_fd){
		.have = INTRO_FD_WANT(LINK) | INTRO_FD_WANT(ACCESS),
		.pid = 11,
		.tid = 11,
		.slot = INTRO_SLOT_FD,
		.fd = 1,
		.kind = INTRO_FD_KIND_PIPE,
		.access = INTRO_FD_ACCESS_W,
		.link = {record.link, strlen(record.link)},
	};
	assert_int_equal(intro_fd_index_open(tree->session, NULL, &index), 0);
	assert_int_equal(intro_fd_index_ofd(index, &record.fd, NULL, NULL, NULL), 0);
	assert_int_equal(intro_fd_index_peers(index, &record.fd, &holders, &count), 1);
	assert_int_equal(count, 1);
	assert_int_equal(holders[0].pid, 10);
	assert_int_equal(holders[0].access, INTRO_FD_ACCESS_R);
	assert_int_equal(holders[0].comm.len, 3);
	assert_memory_equal(holders[0].comm.data, "a\nb", 3);
	assert_int_equal(intro_fd_index_ends(index, &record.fd, &readers, &writers), 1);
	assert_int_equal(readers, 1);
	assert_int_equal(writers, 1);
	assert_int_equal(intro_fd_index_inode(index, 0, 0, 77, &holders, &count), 1);
	assert_int_equal(count, 3);
	intro_fd_index_close(index);
	intro_fd_index_close(NULL);
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE_TEST(a_pipe_with_three_writers),
		LIVE_TEST(a_pipe_of_one_process),
		LIVE_TEST(a_fifo),
		LIVE_TEST(a_terminal),
		LIVE_TEST(no_channel),
		TREE_TEST(captured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
