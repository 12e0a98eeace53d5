/* Lists of descriptors out of captured trees, where only texts are left. */
#include "unit/fds.h"

#include <sys/wait.h>

static const struct intro_fd *next_fd(struct intro_fds *fds)
{
	const struct intro_fd *fd = NULL;

	assert_int_equal(intro_fds_next(fds, &fd), 1);
	return fd;
}

static void assert_end(struct intro_fds *fds)
{
	const struct intro_fd *fd = NULL;

	assert_int_equal(intro_fds_next(fds, &fd), 0);
	assert_int_equal(intro_fds_next(fds, &fd), 0);
	assert_null(fd);
}

static struct intro_fds *open_tree(struct tree *tree, uint32_t want, unsigned slots)
{
	tree_open(tree, NULL);
	return fds_open(tree->session, want, 0, slots);
}

static void in_order(void **state)
{
	static const int numbers[] = {0, 2, 9, 10, 100};
	struct tree *tree = *state;
	struct intro_fds *fds;

	tree_process(tree, 7, 'S', 1, 7, 7);
	for (int i = 4; i >= 0; i--) {
		char name[32];

		snprintf(name, sizeof(name), "7/fd/%d", numbers[i]);
		tree_link(tree, name, "/dev/null");
	}
	tree_link(tree, "7/fd/x", "/dev/null");
	tree_link(tree, "7/fd/-1", "/dev/null");
	tree_link(tree, "7/fd/99999999999", "/dev/null");
	tree_link(tree, "7/cwd", "/srv");
	tree_link(tree, "7/root", "/");
	tree_link(tree, "7/exe", "/bin/x (deleted)");
	tree_text(tree, "7/maps",
		  "1000-2000 r-xp 0 8:1 5                    /bin/x (deleted)\n"
		  "2000-3000 r--p 0 8:1 6                    /lib/y\\012z\n"
		  "3000-4000 rw-p 0 0:0 0                    [heap]\n");
	fds = open_tree(tree, INTRO_FD_WANT(LINK), 0);
	for (int round = 0; round < 2; round++) {
		const struct intro_fd *fd;

		assert_int_equal(intro_fds_select(fds, 7, 0), 0);
		fd = next_fd(fds);
		assert_int_equal(fd->slot, INTRO_SLOT_CWD);
		assert_bytes(fd->name, "/srv");
		assert_int_equal(next_fd(fds)->slot, INTRO_SLOT_ROOT);
		assert_int_equal(next_fd(fds)->slot, INTRO_SLOT_EXE);
		assert_bytes(fd->name, "/bin/x");
		assert_true(fd->deleted);
		assert_int_equal(next_fd(fds)->slot, INTRO_SLOT_MEM);
		assert_bytes(fd->name, "/lib/y\nz");
		assert_true(fd->map_start == 0x2000);
		for (int i = 0; i < 5; i++) {
			assert_int_equal(next_fd(fds)->fd, numbers[i]);
			assert_int_equal(fd->slot, INTRO_SLOT_FD);
			assert_int_equal(fd->pid, 7);
			assert_int_equal(fd->kind, INTRO_FD_KIND_UNKNOWN);
		}
		assert_end(fds);
	}
	intro_fds_close(fds);
}

static void kinds_and_access(void **state)
{
	static const struct {
		const char *link, *flags;
		enum intro_fd_kind kind;
		enum intro_fd_access access;
	} samples[] = {
		{"pipe:[81]", "00", INTRO_FD_KIND_PIPE, INTRO_FD_ACCESS_R},
		{"pipe:[82]", "01", INTRO_FD_KIND_PIPE, INTRO_FD_ACCESS_W},
		{"anon_inode:[eventpoll]", "02", INTRO_FD_KIND_EPOLL, INTRO_FD_ACCESS_RW},
		{"net:[4026531833]", "0100000", INTRO_FD_KIND_NS, INTRO_FD_ACCESS_R},
		{"/", "010000000", INTRO_FD_KIND_UNKNOWN, INTRO_FD_ACCESS_PATH},
		{"/dev/tty", "03", INTRO_FD_KIND_UNKNOWN, INTRO_FD_ACCESS_NONE},
		{"/memfd:x (deleted)", "02", INTRO_FD_KIND_MEMFD, INTRO_FD_ACCESS_RW},
	};
	enum { COUNT = sizeof(samples) / sizeof(*samples) };
	struct tree *tree = *state;
	struct intro_fds *fds;

	tree_process(tree, 7, 'S', 1, 7, 7);
	for (int i = 0; i < COUNT; i++) {
		char name[32], text[128];

		snprintf(name, sizeof(name), "7/fd/%d", i);
		tree_link(tree, name, samples[i].link);
		snprintf(name, sizeof(name), "7/fdinfo/%d", i);
		snprintf(text, sizeof(text), "pos:\t%d\nflags:\t%s\nmnt_id:\t9\nino:\t%d\n", i,
			 samples[i].flags, i + 81);
		tree_text(tree, name, text);
	}
	fds = open_tree(tree, LEAN, INTRO_SLOT_BIT(FD));
	assert_int_equal(intro_fds_select(fds, 7, 0), 0);
	for (int i = 0; i < COUNT; i++) {
		const struct intro_fd *fd = next_fd(fds);

		assert_int_equal(fd->fd, i);
		assert_int_equal(fd->kind, samples[i].kind);
		assert_int_equal(fd->access, samples[i].access);
		assert_true(fd->have & INTRO_FD_WANT(ACCESS));
		assert_false(fd->have & INTRO_FD_WANT(STAT));
		assert_null(fd->stat);
		assert_int_equal(fd->error[INTRO_FD_SOURCE_STAT], 0);
		assert_false(fd->deleted);
		assert_int_equal(fd->info->ino, i + 81);
	}
	assert_end(fds);
	intro_fds_close(fds);
}

static void without_fdinfo(void **state)
{
	struct tree *tree = *state;
	const struct intro_fd *fd;
	struct intro_fds *fds;

	tree_process(tree, 7, 'S', 1, 7, 7);
	tree_link(tree, "7/fd/0", "/tmp/a (deleted)");
	tree_text(tree, "7/fd/1", "not a link");
	fds = open_tree(tree, FULL & ~INTRO_FD_WANT(SOCKET), INTRO_SLOT_BIT(FD));
	assert_int_equal(intro_fds_select(fds, 7, 0), 0);
	fd = next_fd(fds);
	assert_int_equal(fd->have, INTRO_FD_WANT(LINK));
	assert_int_equal(fd->access, INTRO_FD_ACCESS_UNKNOWN);
	assert_true(fd->deleted);
	assert_bytes(fd->name, "/tmp/a");
	assert_bytes(fd->link, "/tmp/a (deleted)");
	for (int i = 0; i < INTRO_FD_SOURCE_COUNT; i++)
		assert_int_equal(fd->error[i], 0);
	assert_int_equal(next_fd(fds)->error[INTRO_FD_SOURCE_LINK], EBADMSG);
	assert_false(fd->have & INTRO_FD_WANT(LINK));
	assert_null(fd->name.data);
	assert_end(fds);
	intro_fds_close(fds);
}

/* Links in a tree lead to files of this machine: they are not followed. */
static void nothing_outside(void **state)
{
	struct tree *tree = *state;
	struct intro_fds *fds;

	tree_process(tree, 7, 'S', 1, 7, 7);
	tree_link(tree, "7/fd", "/proc/self/fd");
	tree_link(tree, "7/maps", "/proc/self/maps");
	tree_process(tree, 8, 'S', 1, 7, 7);
	tree_link(tree, "8/fd/0", "/dev/null");
	tree_link(tree, "8/fdinfo", "/proc/self/fdinfo");
	tree_link(tree, "8/task", "/proc/1/task");
	tree_link(tree, "9", "/proc/self");
	fds = open_tree(tree, LEAN, 0);
	assert_int_equal(intro_fds_select(fds, 7, 0), 0);
	assert_end(fds);
	assert_int_equal(intro_fds_denied(fds, INTRO_SLOT_MEM), EBADMSG);
	assert_int_equal(intro_fds_select(fds, 8, 0), 0);
	assert_null(next_fd(fds)->info);
	assert_end(fds);
	assert_int_equal(intro_fds_denied(fds, INTRO_SLOT_MEM), 0);
	assert_true(intro_fds_select(fds, 9, 0) < 0);
	assert_true(intro_fds_select(fds, 8, 1) < 0);
	intro_fds_close(fds);
}

static void of_a_thread(void **state)
{
	struct tree *tree = *state;
	struct intro_fds *fds;
	const struct intro_fd *fd;

	tree_process(tree, 7, 'S', 1, 7, 7);
	tree_link(tree, "7/fd/0", "/a");
	tree_link(tree, "7/task/9/fd/0", "/b");
	fds = open_tree(tree, INTRO_FD_WANT(LINK), 0);
	assert_int_equal(intro_fds_select(fds, 7, 9), 0);
	fd = next_fd(fds);
	assert_bytes(fd->name, "/b");
	assert_int_equal(fd->pid, 7);
	assert_int_equal(fd->tid, 9);
	assert_int_equal(intro_fds_select(fds, 7, 8), INTRO_E_GONE);
	assert_end(fds);
	intro_fds_close(fds);
}

/* Why a socket is not told of: its errno, for somebody who may not read the tables. */
static int look_for_socket(struct tree *tree)
{
	const struct intro_fd *fd;
	struct intro_fds *fds;

	if (geteuid() == 0 && (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)))
		return 1;
	fds = open_tree(tree, INTRO_FD_WANT(LINK) | INTRO_FD_WANT(SOCKET), INTRO_SLOT_BIT(FD));
	if (intro_fds_select(fds, 7, 0) || intro_fds_next(fds, &fd) != 1)
		return 2;
	return fd->error[INTRO_FD_SOURCE_SOCKET];
}

static void denied_tables(void **state)
{
	struct tree *tree = *state;
	int status;
	pid_t pid;

	tree_process(tree, 7, 'S', 1, 7, 7);
	tree_link(tree, "7/fd/0", "socket:[81]");
	tree_text(tree, "net/unix", "");
	assert_int_equal(chmod(tree_path(tree, "net/unix"), 0), 0);
	assert_int_equal(chmod(tree->directory, 0755), 0);
	pid = fork();
	if (pid == 0)
		_exit(look_for_socket(tree));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EACCES);
}

/* A process that is a link leads out of the tree: nobody has what it has. */
static void index_of_the_tree(void **state)
{
	struct tree *tree = *state;
	const struct intro_fd_holder *holders;
	struct intro_fd_index *index;
	int pipes[2];
	size_t count;
	struct stat st;

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(fstat(pipes[0], &st), 0);
	tree_link(tree, "7", "/proc/self");
	tree_open(tree, NULL);
	assert_int_equal(intro_fd_index_open(tree->session, NULL, &index), 0);
	assert_int_equal(intro_fd_index_inode(index, 0, 0, st.st_ino, &holders, &count), 1);
	assert_int_equal(count, 0);
	intro_fd_index_close(index);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(in_order),          TREE_TEST(kinds_and_access),
		TREE_TEST(without_fdinfo),    TREE_TEST(nothing_outside),
		TREE_TEST(of_a_thread),       TREE_TEST(denied_tables),
		TREE_TEST(index_of_the_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
