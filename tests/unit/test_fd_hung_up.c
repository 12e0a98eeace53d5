/* Whether the other end of a pipe is gone, of pipes of our own. */
#include <fcntl.h>

#include "unit/tree.h"

static uint64_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static int ask(struct intro *session, int fd)
{
	return intro_fd_hung_up(session, getpid(), fd, inode_of(fd));
}

static void test_pipes(void **state)
{
	struct intro *session;
	int pipe_fds[2], other[2], file = open("/dev/null", O_RDONLY);

	(void)state;
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(pipe(other), 0);
	if (ask(session, file) == INTRO_E_UNSUPPORTED || ask(session, file) == INTRO_E_DENIED) {
		print_message("skip: descriptors cannot be copied here\n");
		intro_close(session);
		skip();
	}
	assert_int_equal(ask(session, pipe_fds[0]), 0);
	assert_int_equal(ask(session, pipe_fds[1]), 0);
	close(pipe_fds[0]);
	assert_int_equal(ask(session, pipe_fds[1]), 1);
	close(other[1]);
	assert_int_equal(ask(session, other[0]), 1);
	/* What waits to be read does not hide it, and is not read. */
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(write(pipe_fds[1], "x", 1), 1);
	close(pipe_fds[1]);
	assert_int_equal(ask(session, pipe_fds[0]), 1);
	assert_int_equal(read(pipe_fds[0], &(char){0}, 1), 1);
	/* A number that is another file now, or none. */
	assert_int_equal(intro_fd_hung_up(session, getpid(), pipe_fds[0], inode_of(other[0])),
			 INTRO_E_GONE);
	close(pipe_fds[0]);
	assert_int_equal(intro_fd_hung_up(session, getpid(), pipe_fds[0], 1), INTRO_E_GONE);
	assert_int_equal(ask(session, file), 0);
	close(file);
	close(other[0]);
	intro_close(session);
}

static void test_captured(void **state)
{
	struct tree *tree = *state;

	tree_open(tree, NULL);
	assert_int_equal(intro_fd_hung_up(tree->session, getpid(), 0, 1), INTRO_E_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipes),
		TREE_TEST(test_captured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
