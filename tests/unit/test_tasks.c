/* Lists of tasks and pinned processes: on captured trees, and on this very process. */
#include "unit/tree.h"

#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct intro_tasks *open_tasks(struct tree *tree, uint64_t want, uint64_t later,
				      unsigned flags)
{
	struct intro_tasks_options options = {
		.size = sizeof(options), .want = want, .want_later = later, .flags = flags};
	struct intro_tasks *tasks;

	assert_int_equal(intro_tasks_open(tree->session, &options, &tasks), 0);
	return tasks;
}

static const struct intro_task *next_task(struct intro_tasks *tasks)
{
	const struct intro_task *task = NULL;

	assert_int_equal(intro_tasks_next(tasks, &task), 1);
	return task;
}

static void assert_end(struct intro_tasks *tasks)
{
	const struct intro_task *task = NULL;

	assert_int_equal(intro_tasks_next(tasks, &task), 0);
	assert_null(task);
}

static void processes_in_the_order_of_their_numbers(void **state)
{
	static const int pids[] = {2, 9, 10, 100, 99999};
	struct tree *tree = *state;
	struct intro_tasks *tasks;

	for (int i = 4; i >= 0; i--)
		tree_process(tree, pids[i], 'S', 0, 1, 1);
	/* None of these is a process. */
	tree_text(tree, "self/stat", "");
	tree_text(tree, "12x/stat", "12 (x) S");
	tree_text(tree, "0/stat", "0 (x) S");
	tree_text(tree, "-1/stat", "-1 (x) S");
	tree_text(tree, "99999999999/stat", "1 (x) S");
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(STAT), 0, 0);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 5; i++) {
			const struct intro_task *task = next_task(tasks);

			assert_int_equal(task->pid, pids[i]);
			assert_int_equal(task->tid, pids[i]);
			assert_true(task->is_main);
			assert_false(task->is_thread);
			assert_int_equal(task->stat.pid, pids[i]);
		}
		assert_end(tasks);
		assert_end(tasks);
		intro_tasks_rewind(tasks);
	}
	intro_tasks_close(tasks);
	intro_tasks_close(NULL);
}

static void an_empty_tree(void **state)
{
	struct tree *tree = *state;
	struct intro_tasks *tasks;

	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(STAT), 0, 0);
	assert_end(tasks);
	intro_tasks_close(tasks);
}

static void bad_options(void **state)
{
	struct tree *tree = *state;
	struct intro_tasks_options options = {.size = sizeof(options), .flags = 1u << 7};
	struct intro_tasks *tasks = NULL;

	tree_open(tree, NULL);
	assert_int_equal(intro_tasks_open(tree->session, &options, &tasks), INTRO_E_UNSUPPORTED);
	options = (struct intro_tasks_options){.size = sizeof(options), .want = UINT64_C(1) << 63};
	assert_int_equal(intro_tasks_open(tree->session, &options, &tasks), INTRO_E_UNSUPPORTED);
	options = (struct intro_tasks_options){.size = 3};
	assert_int_equal(intro_tasks_open(tree->session, &options, &tasks), INTRO_E_INVALID);
	assert_int_equal(intro_tasks_open(tree->session, NULL, &tasks), INTRO_E_INVALID);
	assert_null(tasks);
}

/* A program built with a later header says more: it is served as long as it asks for nothing new. */
static void options_of_a_later_version(void **state)
{
	struct tree *tree = *state;
	struct {
		struct intro_tasks_options known;
		uint64_t unknown;
	} options = {.known = {.size = sizeof(options)}};
	struct intro_tasks *tasks = NULL;

	tree_open(tree, NULL);
	assert_int_equal(intro_tasks_open(tree->session, &options.known, &tasks), 0);
	intro_tasks_close(tasks);
	options.unknown = 1;
	assert_int_equal(intro_tasks_open(tree->session, &options.known, &tasks), INTRO_E_INVALID);
}

/* In a captured tree a link could lead to the files of this machine, and a FIFO to no end. */
static void links_and_pipes_are_not_read(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;
	char path[512];

	tree_process(tree, 5, 'S', 1, 5, 5);
	snprintf(path, sizeof(path), "%s/5/cmdline", tree->directory);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	snprintf(path, sizeof(path), "%s/5/io", tree->directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(STAT) | INTRO_WANT(CMDLINE) | INTRO_WANT(IO), 0, 0);
	task = next_task(tasks);
	assert_true(task->have & INTRO_WANT(STAT));
	assert_false(task->have & (INTRO_WANT(CMDLINE) | INTRO_WANT(IO)));
	assert_int_equal(task->error[INTRO_SOURCE_CMDLINE], EBADMSG);
	assert_int_equal(task->error[INTRO_SOURCE_IO], EBADMSG);
	intro_tasks_close(tasks);
}

/* To kill(2) these are groups of processes, which do answer. */
static void no_pids(void **state)
{
	struct intro_process *process = NULL;
	struct intro *session;

	(void)state;
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(intro_process_open(session, 0, &process), INTRO_E_INVALID);
	assert_int_equal(intro_process_open(session, -1, &process), INTRO_E_INVALID);
	assert_null(process);
	intro_close(session);
}

/* A program may make its arguments as long as it likes. */
static void endless_arguments_are_cut(void **state)
{
	enum { LONGER = 9 << 20, LIMIT = 8 << 20 };
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;
	char *text = malloc(LONGER + 1);

	assert_non_null(text);
	memset(text, 'a', LONGER);
	text[LONGER] = '\0';
	tree_process(tree, 5, 'S', 1, 5, 5);
	tree_process(tree, 6, 'S', 1, 6, 6);
	tree_text(tree, "5/cmdline", text);
	tree_text(tree, "6/cmdline", "short");
	free(text);
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(CMDLINE), 0, 0);
	task = next_task(tasks);
	assert_true(task->have & INTRO_WANT(CMDLINE));
	assert_true(task->cmdline_cut);
	assert_int_equal(task->cmdline.len, LIMIT);
	task = next_task(tasks);
	assert_false(task->cmdline_cut);
	assert_int_equal(task->cmdline.len, 5);
	intro_tasks_close(tasks);
}

/* What cannot be told of one task is never what was told of the one before. */
static void namespaces_of_the_task_before(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;
	char path[512];

	tree_process(tree, 5, 'S', 1, 5, 5);
	tree_process(tree, 6, 'S', 1, 6, 6);
	tree_text(tree, "5/ns/x", "");
	tree_text(tree, "6/ns/x", "");
	snprintf(path, sizeof(path), "%s/5/ns/net", tree->directory);
	assert_int_equal(symlink("net:[111]", path), 0);
	snprintf(path, sizeof(path), "%s/5/ns/pid", tree->directory);
	assert_int_equal(symlink("pid:[222]", path), 0);
	snprintf(path, sizeof(path), "%s/6/ns/net", tree->directory);
	assert_int_equal(symlink("net:[333]", path), 0);
	snprintf(path, sizeof(path), "%s/6/ns/pid", tree->directory);
	assert_int_equal(mkdir(path, 0700), 0); /* readlink: EINVAL */
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(NS), 0, 0);
	task = next_task(tasks);
	assert_int_equal(task->ns[INTRO_NS_PID], 222);
	task = next_task(tasks);
	assert_false(task->have & INTRO_WANT(NS));
	assert_int_equal(task->error[INTRO_SOURCE_NS], EINVAL);
	intro_tasks_close(tasks);
}

static void only_what_is_wanted(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;

	tree_process(tree, 5, 'S', 1, 5, 5);
	tree_text(tree, "5/cmdline", "a");
	tree_text(tree, "5/oom_score", "7\n");
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(CMDLINE), INTRO_WANT(OOM_SCORE), 0);
	task = next_task(tasks);
	assert_true(task->have & INTRO_WANT(CMDLINE));
	assert_false(task->have & (INTRO_WANT(STAT) | INTRO_WANT(OOM_SCORE)));
	/* What was announced may be read later; what was not may not. */
	assert_int_equal(intro_tasks_read(tasks, INTRO_WANT(OOM_SCORE)), 0);
	assert_true(task->have & INTRO_WANT(OOM_SCORE));
	assert_int_equal(task->oom_score, 7);
	assert_int_equal(task->cmdline.len, 1);
	assert_int_equal(intro_tasks_read(tasks, INTRO_WANT(IO)), INTRO_E_STATE);
	assert_end(tasks);
	assert_int_equal(intro_tasks_read(tasks, INTRO_WANT(OOM_SCORE)), INTRO_E_STATE);
	intro_tasks_close(tasks);
}

static void what_is_broken_or_missing(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;

	tree_text(tree, "5/stat", "5 (cut) S 1");
	tree_text(tree, "5/status", "");
	tree_text(tree, "5/oom_score", "many\n");
	tree_text(tree, "5/cgroup", "0::/here\n");
	tree_open(tree, NULL);
	tasks = open_tasks(tree,
			   INTRO_WANT(STAT) | INTRO_WANT(STATUS) | INTRO_WANT(OOM_SCORE) |
				   INTRO_WANT(CGROUP) | INTRO_WANT(IO) | INTRO_WANT(EXE) |
				   INTRO_WANT(NS) | INTRO_WANT(STDIO) | INTRO_WANT(FD_COUNT),
			   0, 0);
	task = next_task(tasks);
	assert_false(task->have & (INTRO_WANT(STAT) | INTRO_WANT(OOM_SCORE)));
	assert_int_equal(task->error[INTRO_SOURCE_STAT], EBADMSG);
	assert_int_equal(task->error[INTRO_SOURCE_OOM_SCORE], EBADMSG);
	assert_true(task->have & INTRO_WANT(CGROUP));
	assert_memory_equal(task->cgroup.data, "/here", 5);
	/* Missing files are no errors. */
	assert_false(task->have & (INTRO_WANT(IO) | INTRO_WANT(EXE) | INTRO_WANT(NS) |
				   INTRO_WANT(STDIO) | INTRO_WANT(FD_COUNT)));
	assert_int_equal(task->error[INTRO_SOURCE_IO], 0);
	assert_int_equal(task->error[INTRO_SOURCE_NS], 0);
	assert_int_equal(task->error[INTRO_SOURCE_STDIO], 0);
	assert_end(tasks);
	intro_tasks_close(tasks);
}

static void the_owner_of_a_tree_is_in_status(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;

	tree_process(tree, 5, 'S', 1, 5, 5);
	tree_text(tree, "5/status", "Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n");
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(OWNER), 0, 0);
	task = next_task(tasks);
	assert_true(task->have & INTRO_WANT(OWNER));
	assert_int_equal(task->owner_uid, 2);
	assert_int_equal(task->owner_gid, 6);
	intro_tasks_close(tasks);
}

static void system_calls_are_not_asked_about_a_tree(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;
	char name[32], text[64];
	int pid = getpid();

	/* The same number as this process has, which must not be mistaken for it. */
	snprintf(name, sizeof(name), "%d/status", pid);
	tree_process(tree, pid, 'S', 1, 5, 5);
	snprintf(text, sizeof(text), "Cpus_allowed_list:\t7-9\nMems_allowed_list:\t0\n");
	tree_text(tree, name, text);
	tree_open(tree, NULL);
	tasks = open_tasks(tree,
			   INTRO_WANT(SCHED_ATTR) | INTRO_WANT(AFFINITY) | INTRO_WANT(TIMESLICE) |
				   INTRO_WANT(IOPRIO),
			   0, 0);
	task = next_task(tasks);
	assert_false(task->have & (INTRO_WANT(TIMESLICE) | INTRO_WANT(IOPRIO)));
	assert_true(task->have & INTRO_WANT(SCHED_ATTR));
	assert_false(task->sched_attr.complete);
	assert_true(task->have & INTRO_WANT(AFFINITY));
	assert_int_equal(task->affinity.len, 3);
	assert_memory_equal(task->affinity.data, "7-9", 3);
	intro_tasks_close(tasks);
}

static void make_threads(struct tree *tree)
{
	tree_process(tree, 5, 'S', 1, 5, 5);
	tree_stat(tree, "5/task/5/stat", 5, 'S', 1, 5, 5);
	tree_stat(tree, "5/task/7/stat", 7, 'R', 1, 5, 5);
	tree_stat(tree, "5/task/11/stat", 11, 'D', 1, 5, 5);
	tree_process(tree, 6, 'S', 1, 6, 6); /* nobody captured its threads */
}

static void threads(void **state)
{
	static const struct {
		int pid, tid;
		char letter;
	} expected[] = {{5, 5, 'S'}, {5, 7, 'R'}, {5, 11, 'D'}, {6, 6, 'S'}};
	struct tree *tree = *state;
	struct intro_tasks *tasks;

	make_threads(tree);
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(STAT) | INTRO_WANT(USAGE), 0, INTRO_TASKS_THREADS);
	for (size_t i = 0; i < 4; i++) {
		const struct intro_task *task = next_task(tasks);

		assert_int_equal(task->pid, expected[i].pid);
		assert_int_equal(task->tid, expected[i].tid);
		assert_int_equal(task->stat.state, expected[i].letter);
		assert_int_equal(task->is_main, expected[i].pid == expected[i].tid);
		assert_true(task->is_thread);
	}
	assert_end(tasks);
	intro_tasks_close(tasks);
}

static void selection(void **state)
{
	struct tree *tree = *state;
	const struct intro_task *task;
	struct intro_tasks *tasks;

	make_threads(tree);
	tree_open(tree, NULL);
	tasks = open_tasks(tree, INTRO_WANT(STAT), 0, 0);
	assert_int_equal(intro_tasks_select(tasks, 6, 0), 0);
	assert_int_equal(next_task(tasks)->pid, 6);
	assert_end(tasks);
	assert_int_equal(intro_tasks_select(tasks, 5, 7), 0);
	task = next_task(tasks);
	assert_int_equal(task->pid, 5);
	assert_int_equal(task->tid, 7);
	assert_false(task->is_main);
	assert_true(task->is_thread);
	assert_end(tasks);
	assert_int_equal(intro_tasks_select(tasks, 4711, 0), INTRO_E_GONE);
	assert_int_equal(intro_last_error(tree->session)->pid, 4711);
	assert_string_equal(intro_last_error(tree->session)->text, "no such process");
	assert_int_equal(intro_tasks_select(tasks, 5, 8), INTRO_E_GONE);
	assert_string_equal(intro_last_error(tree->session)->text, "no such thread");
	/* And all of them again. */
	intro_tasks_rewind(tasks);
	assert_int_equal(next_task(tasks)->pid, 5);
	assert_int_equal(next_task(tasks)->pid, 6);
	assert_end(tasks);
	intro_tasks_close(tasks);
}

static void this_process(void **state)
{
	struct intro_process *process;
	const struct intro_task *task;
	struct intro *session;

	(void)state;
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(intro_process_open(session, getpid(), &process), 0);
	assert_true(intro_process_exists(process));
	assert_true(intro_process_dirfd(process) >= 0);
	assert_int_equal(intro_process_read(process, 0,
					    INTRO_WANT(STAT) | INTRO_WANT(STATUS) |
						    INTRO_WANT(OWNER) | INTRO_WANT(SCHED_ATTR) |
						    INTRO_WANT(CWD),
					    &task),
			 0);
	assert_int_equal(task->stat.ppid, getppid());
	assert_int_equal(task->stat.state, 'R');
	assert_int_equal(task->owner_uid, geteuid());
	assert_int_equal(task->status.uid[INTRO_ID_REAL], getuid());
	assert_true(task->sched_attr.complete);
	assert_int_equal(task->sched_attr.policy, sched_getscheduler(0));
	assert_false(task->is_thread);
	assert_int_equal(intro_process_read(process, getpid(), INTRO_WANT(STAT), &task), 0);
	assert_true(task->is_thread);
	assert_int_equal(intro_process_read(process, 1, INTRO_WANT(STAT), &task), INTRO_E_GONE);
	intro_process_close(process);
	intro_process_close(NULL);
	intro_close(session);
}

/* A pinned process stays itself: first a zombie, then gone, and never a later one. */
static void a_process_that_ends(void **state)
{
	struct intro_process *process;
	const struct intro_task *task;
	struct intro *session;
	siginfo_t info;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(intro_process_open(session, pid, &process), 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_true(intro_process_exists(process));
	assert_int_equal(intro_process_read(process, 0, INTRO_WANT(STAT) | INTRO_WANT(EXE), &task),
			 0);
	assert_int_equal(task->stat.state, 'Z');
	assert_false(task->have & INTRO_WANT(EXE));
	assert_int_equal(task->error[INTRO_SOURCE_EXE], 0); /* there is none: not an error */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(intro_process_exists(process));
	assert_int_equal(intro_process_read(process, 0, INTRO_WANT(STAT), &task), INTRO_E_GONE);
	assert_int_equal(intro_process_read(process, 0, INTRO_WANT(AFFINITY), &task), INTRO_E_GONE);
	assert_int_equal(intro_last_error(session)->code, INTRO_E_GONE);
	intro_process_close(process);
	assert_int_equal(intro_process_open(session, pid, &process), INTRO_E_GONE);
	intro_close(session);
}

static void names_of_sources(void **state)
{
	(void)state;
	for (int i = 0; i < INTRO_SOURCE_COUNT; i++)
		assert_true(intro_task_source_name((enum intro_task_source)i)[0] != '\0');
	assert_string_equal(intro_task_source_name(INTRO_SOURCE_STATUS), "status");
	assert_string_equal(intro_task_source_name(INTRO_SOURCE_COUNT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(processes_in_the_order_of_their_numbers),
		TREE_TEST(an_empty_tree),
		TREE_TEST(bad_options),
		TREE_TEST(options_of_a_later_version),
		TREE_TEST(links_and_pipes_are_not_read),
		TREE_TEST(no_pids),
		TREE_TEST(endless_arguments_are_cut),
		TREE_TEST(namespaces_of_the_task_before),
		TREE_TEST(only_what_is_wanted),
		TREE_TEST(what_is_broken_or_missing),
		TREE_TEST(the_owner_of_a_tree_is_in_status),
		TREE_TEST(system_calls_are_not_asked_about_a_tree),
		TREE_TEST(threads),
		TREE_TEST(selection),
		cmocka_unit_test(this_process),
		cmocka_unit_test(a_process_that_ends),
		cmocka_unit_test(names_of_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
