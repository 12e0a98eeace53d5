/* What follows from the facts of a task: the rules of a daemon, priorities, classes, arguments. */
#include "unit/tree.h"

#define TEXT(text)                                                                                 \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}

static struct intro_task a_daemon(void)
{
	struct intro_task task = {
		.have = INTRO_DAEMON_WANT,
		.pid = 50,
		.tid = 50,
		.stat = {.session = 49, .pgrp = 49, .ppid = 1},
		.status = {.have = INTRO_STATUS_UMASK},
		.cwd = TEXT("/"),
		.stdio = {TEXT("/dev/null"), TEXT("/dev/null"), TEXT("/dev/null")},
		.parent_is_init = true,
	};

	return task;
}

static void assert_judged(const struct intro_task *task, unsigned broken, unsigned unknown)
{
	struct intro_daemon daemon;

	intro_task_daemon(task, &daemon);
	assert_int_equal(daemon.broken, broken);
	assert_int_equal(daemon.unknown, unknown);
}

static void a_daemon_by_the_book(void **state)
{
	struct intro_task task = a_daemon();

	(void)state;
	assert_judged(&task, 0, 0);
}

static void each_rule_alone(void **state)
{
	struct intro_task task;

	(void)state;
	task = a_daemon();
	task.stat.session = task.pid;
	assert_judged(&task, INTRO_DAEMON_SESSION_LEADER, 0);
	task = a_daemon();
	task.stat.tty_nr = 136 << 8;
	assert_judged(&task, INTRO_DAEMON_TERMINAL, 0);
	task = a_daemon();
	task.cwd = (struct intro_bytes)TEXT("/var");
	assert_judged(&task, INTRO_DAEMON_CWD, 0);
	task = a_daemon();
	task.status.umask = 022;
	assert_judged(&task, INTRO_DAEMON_UMASK, 0);
	for (int i = 0; i < 3; i++) {
		task = a_daemon();
		task.stdio[i] = (struct intro_bytes)TEXT("/dev/nul");
		assert_judged(&task, INTRO_DAEMON_DESCRIPTORS, 0);
		task.stdio[i] = (struct intro_bytes){NULL, 0};
		assert_judged(&task, INTRO_DAEMON_DESCRIPTORS, 0);
	}
	task = a_daemon();
	task.parent_is_init = false;
	assert_judged(&task, INTRO_DAEMON_PARENT, 0);
}

static void what_cannot_be_tested_is_unknown(void **state)
{
	struct intro_task task = a_daemon();

	(void)state;
	task.have = INTRO_WANT(STAT);
	task.status.umask = 022;
	task.parent_is_init = false;
	assert_judged(&task, 0,
		      INTRO_DAEMON_CWD | INTRO_DAEMON_UMASK | INTRO_DAEMON_DESCRIPTORS |
			      INTRO_DAEMON_PARENT);
	task.have = INTRO_WANT(STATUS);
	task.status.have = 0; /* a kernel that does not tell the umask */
	assert_judged(&task, 0, 077);
}

static void priorities_and_classes(void **state)
{
	static const struct {
		unsigned policy;
		int nice, expected;
		enum intro_sched_class class;
	} cases[] = {
		{INTRO_POLICY_OTHER, 0, 120, INTRO_SCHED_CLASS_FAIR},
		{INTRO_POLICY_OTHER, -20, 100, INTRO_SCHED_CLASS_FAIR},
		{INTRO_POLICY_BATCH, 19, 139, INTRO_SCHED_CLASS_FAIR},
		{INTRO_POLICY_IDLE, 5, 125, INTRO_SCHED_CLASS_FAIR},
		{INTRO_POLICY_FIFO, 0, -1, INTRO_SCHED_CLASS_RT},
		{INTRO_POLICY_RR, 5, -1, INTRO_SCHED_CLASS_RT},
		{INTRO_POLICY_DEADLINE, 0, -1, INTRO_SCHED_CLASS_DL},
	};
	struct tree *tree = *state;
	struct intro_task task = {.have = INTRO_WANT(STAT)};

	tree_open(tree, tree->directory); /* nor has the tree a sched_ext */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		task.stat.policy = cases[i].policy;
		task.stat.nice = cases[i].nice;
		assert_int_equal(intro_task_static_priority(&task), cases[i].expected);
		assert_int_equal(intro_task_sched_class(tree->session, &task), cases[i].class);
	}
	/* The thread that stops a CPU, and one that only calls itself so. */
	task.stat = (struct intro_stat){.comm = "migration/3",
					.policy = INTRO_POLICY_FIFO,
					.rt_priority = 99,
					.flags = 0x00200000};
	assert_true(intro_task_is_kthread(&task));
	assert_int_equal(intro_task_sched_class(tree->session, &task), INTRO_SCHED_CLASS_STOP);
	task.stat.flags = 0;
	assert_false(intro_task_is_kthread(&task));
	assert_int_equal(intro_task_sched_class(tree->session, &task), INTRO_SCHED_CLASS_RT);
}

static void tasks_of_a_bpf_scheduler(void **state)
{
	struct tree *tree = *state;
	struct intro_task task = {.stat = {.policy = INTRO_POLICY_OTHER}};

	tree_text(tree, "sys/kernel/sched_ext/state", "enabled\n");
	tree_text(tree, "sys/kernel/sched_ext/switch_all", "0\n");
	tree_open(tree, tree->directory);
	assert_int_equal(intro_task_sched_class(tree->session, &task), INTRO_SCHED_CLASS_FAIR);
	task.stat.policy = INTRO_POLICY_EXT;
	assert_int_equal(intro_task_sched_class(tree->session, &task), INTRO_SCHED_CLASS_EXT);
}

static void all_tasks_of_a_bpf_scheduler(void **state)
{
	struct tree *tree = *state;
	struct intro_task task = {.stat = {.policy = INTRO_POLICY_BATCH}};

	tree_text(tree, "sys/kernel/sched_ext/state", "enabled\n");
	tree_text(tree, "sys/kernel/sched_ext/switch_all", "1\n");
	tree_open(tree, tree->directory);
	assert_int_equal(intro_task_sched_class(tree->session, &task), INTRO_SCHED_CLASS_EXT);
	task.stat.policy = INTRO_POLICY_RR;
	assert_int_equal(intro_task_sched_class(tree->session, &task), INTRO_SCHED_CLASS_RT);
}

static void deliverable_signals(void **state)
{
	struct intro_task task = {
		.status = {.sig_pending = 0x11, .sig_shared_pending = 0x22, .sig_blocked = 0x21}};

	(void)state;
	assert_int_equal(intro_task_deliverable(&task), 0x12);
}

static void assert_arguments(struct intro_bytes cmdline, size_t count, const char *const *expected)
{
	struct intro_bytes argument;
	size_t position = 0;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(intro_argv_next(cmdline, &position, &argument), 1);
		assert_int_equal(argument.len, strlen(expected[i]));
		assert_memory_equal(argument.data, expected[i], argument.len);
	}
	assert_int_equal(intro_argv_next(cmdline, &position, &argument), 0);
	assert_int_equal(intro_argv_next(cmdline, &position, &argument), 0);
}

static void arguments(void **state)
{
	static const char *const words[] = {"a", "", "b c"};
	static const char *const empty[] = {"", ""};

	(void)state;
	assert_arguments((struct intro_bytes)TEXT(""), 0, NULL);
	assert_arguments((struct intro_bytes)TEXT("a\0\0b c\0"), 3, words);
	/* A title that was written over them may lack the last NUL. */
	assert_arguments((struct intro_bytes)TEXT("a\0\0b c"), 3, words);
	assert_arguments((struct intro_bytes)TEXT("\0\0"), 2, empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_daemon_by_the_book),
		cmocka_unit_test(each_rule_alone),
		cmocka_unit_test(what_cannot_be_tested_is_unknown),
		TREE_TEST(priorities_and_classes),
		TREE_TEST(tasks_of_a_bpf_scheduler),
		TREE_TEST(all_tasks_of_a_bpf_scheduler),
		cmocka_unit_test(deliverable_signals),
		cmocka_unit_test(arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
