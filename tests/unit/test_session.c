/* Sessions on captured trees: roots, clock, names of users and terminals, errors. */
#include "unit/tree.h"

static void roots_that_are_not_there(void **state)
{
	struct intro_open_options options = {.size = sizeof(options), .procfs = "/no/such/tree"};
	struct intro *session = NULL;

	(void)state;
	assert_int_equal(intro_open(&options, &session), INTRO_E_ABSENT);
	assert_int_equal(errno, ENOENT);
	assert_null(session);
	options.procfs = NULL;
	options.sysroot = "/no/such/root";
	assert_int_equal(intro_open(&options, &session), INTRO_E_ABSENT);
	options.size = 1;
	assert_int_equal(intro_open(&options, &session), INTRO_E_INVALID);
	assert_null(session);
	intro_close(NULL);
}

static void a_root_that_is_a_file(void **state)
{
	struct tree *tree = *state;
	struct intro_open_options options = {.size = sizeof(options)};
	struct intro *session = NULL;

	tree_text(tree, "file", "");
	options.procfs = tree_path(tree, "file");
	assert_true(intro_open(&options, &session) < 0);
	assert_null(session);
}

static void a_tree_is_not_live(void **state)
{
	struct tree *tree = *state;
	struct intro *live;

	tree_open(tree, NULL);
	assert_false(intro_is_live(tree->session));
	assert_false(intro_is_own_pid_namespace(tree->session));
	assert_int_equal(intro_open(NULL, &live), 0);
	assert_true(intro_is_live(live));
	assert_true(intro_is_own_pid_namespace(live));
	intro_close(live);
}

static void the_clock_of_a_tree(void **state)
{
	struct tree *tree = *state;
	struct intro_clock clock;

	tree_text(tree, "uptime", "1000.25 1.00\n");
	tree_text(tree, "stat", "cpu  1 2 3\nbtime 1772352000\nprocesses 7\n");
	tree_open(tree, NULL);
	assert_int_equal(intro_clock_read(tree->session, &clock), 0);
	assert_int_equal(clock.uptime_ns, UINT64_C(1000250000000));
	assert_int_equal(clock.boot_ns, UINT64_C(1772352000) * 1000000000);
	assert_int_equal(clock.now_ns, clock.boot_ns + clock.uptime_ns);
	assert_int_equal(clock.ticks_per_second, sysconf(_SC_CLK_TCK));
	assert_int_equal(clock.page_size, sysconf(_SC_PAGESIZE));
}

static void a_tree_without_clock(void **state)
{
	struct tree *tree = *state;
	struct intro_clock clock = {.now_ns = 77};

	tree_open(tree, NULL);
	assert_int_equal(intro_clock_read(tree->session, &clock), 0);
	assert_int_equal(clock.now_ns | clock.boot_ns | clock.uptime_ns, 0);
	assert_int_equal(clock.ticks_per_second, sysconf(_SC_CLK_TCK)); /* still known */
	/* A broken one is none. */
	tree_text(tree, "uptime", "soon\n");
	tree_text(tree, "stat", "btime x\n");
	clock.now_ns = 77;
	assert_int_equal(intro_clock_read(tree->session, &clock), 0);
	assert_int_equal(clock.now_ns, 0);
}

static void the_clock_of_this_system(void **state)
{
	struct intro_clock a, b;
	struct intro *session;

	(void)state;
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(intro_clock_read(session, &a), 0);
	assert_int_equal(intro_clock_read(session, &b), 0);
	assert_true(b.uptime_ns >= a.uptime_ns);
	assert_true(a.now_ns > a.boot_ns);
	intro_close(session);
}

static void names_of_users(void **state)
{
	struct tree *tree = *state;
	char root[128];
	uid_t uid = 12345;

	tree_text(tree, "root/etc/passwd",
		  "root:x:0:0::/:/bin/sh\n"
		  "broken line\n"
		  "alice:x:1000:1000:A:/:/bin/sh\n"
		  "twice:x:1000:1000::/:\n"
		  "large:x:4294967294:1::/:\n"
		  "notanumber:x:x:1::/:\n");
	tree_text(tree, "root/etc/group", "wheel:x:10:alice\n");
	snprintf(root, sizeof(root), "%s/root", tree->directory);
	tree_open(tree, root);
	assert_string_equal(intro_user_name(tree->session, 0), "root");
	assert_string_equal(intro_user_name(tree->session, 1000), "alice");
	assert_string_equal(intro_user_name(tree->session, 4294967294u), "large");
	assert_null(intro_user_name(tree->session, 1001));
	assert_string_equal(intro_group_name(tree->session, 10), "wheel");
	assert_null(intro_group_name(tree->session, 0));
	assert_int_equal(intro_user_id(tree->session, "alice", &uid), 0);
	assert_int_equal(uid, 1000);
	assert_int_equal(intro_user_id(tree->session, "4711", &uid), 0);
	assert_int_equal(uid, 4711);
	assert_int_equal(intro_user_id(tree->session, "nobody-here", &uid), INTRO_E_ABSENT);
	assert_int_equal(uid, 4711);
	assert_int_equal(intro_user_id(tree->session, "", &uid), INTRO_E_ABSENT);
	assert_int_equal(intro_user_id(tree->session, "99999999999999", &uid), INTRO_E_ABSENT);
}

static void a_tree_without_users(void **state)
{
	struct tree *tree = *state;

	tree_open(tree, NULL);
	/* Those of this machine would be the wrong ones. */
	assert_null(intro_user_name(tree->session, 0));
	assert_null(intro_group_name(tree->session, 0));
}

static void names_of_terminals(void **state)
{
	struct tree *tree = *state;

	tree_text(tree, "tty/drivers",
		  "/dev/tty             /dev/tty        5       0 system:/dev/tty\n"
		  "/dev/console         /dev/console    5       1 system:console\n"
		  "serial               /dev/ttyS       4 64-95 serial\n"
		  "nonsense\n"
		  "pty_slave            /dev/pts      136 0-1048575 pty:slave\n"
		  "unknown              /dev/tty        4 1-63 console\n");
	tree_open(tree, NULL);
	assert_null(intro_tty_name(tree->session, 0));
	assert_string_equal(intro_tty_name(tree->session, 136 << 8 | 3), "pts/3");
	/* Minor numbers above 255 lie above the major one. */
	assert_string_equal(intro_tty_name(tree->session, 0x00100000 | 136 << 8 | 5), "pts/261");
	assert_string_equal(intro_tty_name(tree->session, 4 << 8 | 1), "tty1");
	assert_string_equal(intro_tty_name(tree->session, 4 << 8 | 65), "ttyS1");
	assert_string_equal(intro_tty_name(tree->session, 5 << 8 | 1), "console");
	assert_string_equal(intro_tty_name(tree->session, 99 << 8 | 7), "99:7");
}

static void names_of_the_machine(void **state)
{
	struct tree *tree = *state;

	tree_text(tree, "sys/kernel/hostname", "attic\n");
	tree_open(tree, NULL);
	assert_string_equal(intro_host_name(tree->session), "attic");
	assert_null(intro_boot_id(tree->session));
}

static void no_error_at_first(void **state)
{
	struct tree *tree = *state;

	tree_open(tree, NULL);
	assert_int_equal(intro_last_error(tree->session)->code, 0);
	assert_string_equal(intro_last_error(tree->session)->text, "");
	assert_string_equal(intro_last_error(tree->session)->path, "");
	for (int code = -20; code <= 1; code++)
		assert_non_null(intro_code_text(code));
	assert_string_not_equal(intro_code_text(INTRO_E_GONE), intro_code_text(INTRO_E_DENIED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_that_are_not_there),
		TREE_TEST(a_root_that_is_a_file),
		TREE_TEST(a_tree_is_not_live),
		TREE_TEST(the_clock_of_a_tree),
		TREE_TEST(a_tree_without_clock),
		cmocka_unit_test(the_clock_of_this_system),
		TREE_TEST(names_of_users),
		TREE_TEST(a_tree_without_users),
		TREE_TEST(names_of_terminals),
		TREE_TEST(names_of_the_machine),
		TREE_TEST(no_error_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
