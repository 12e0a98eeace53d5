/* /proc/PID/status: every line, lines missing, lines unknown, lines that are wrong. */
#include "unit/exact.h"

#include <stdio.h>

#include <intro/error.h>

#include "proc/parse.h"

static const char sample[] = "Name:\tnginx\\n: worker\n"
			     "Umask:\t0027\n"
			     "State:\tS (sleeping)\n"
			     "Tgid:\t812\n"
			     "Ngid:\t0\n"
			     "Pid:\t813\n"
			     "PPid:\t1\n"
			     "TracerPid:\t77\n"
			     "Uid:\t33\t34\t35\t36\n"
			     "Gid:\t43\t44\t45\t4294967295\n"
			     "FDSize:\t256\n"
			     "Groups:\t4 24 1000 \n"
			     "NStgid:\t812\t12\n"
			     "NSpid:\t813\t13\t3\n"
			     "NSpgid:\t812\t12\n"
			     "NSsid:\t812\t12\n"
			     "Kthread:\t0\n"
			     "VmPeak:\t    1001 kB\n"
			     "VmSize:\t    1002 kB\n"
			     "VmLck:\t    1003 kB\n"
			     "VmPin:\t    1004 kB\n"
			     "VmHWM:\t    1005 kB\n"
			     "VmRSS:\t    1006 kB\n"
			     "RssAnon:\t    1007 kB\n"
			     "RssFile:\t    1008 kB\n"
			     "RssShmem:\t    1009 kB\n"
			     "VmData:\t    1010 kB\n"
			     "VmStk:\t    1011 kB\n"
			     "VmExe:\t    1012 kB\n"
			     "VmLib:\t    1013 kB\n"
			     "VmPTE:\t    1014 kB\n"
			     "VmSwap:\t18014398509481983 kB\n"
			     "HugetlbPages:\t       0 kB\n"
			     "CoreDumping:\t0\n"
			     "THP_enabled:\t1\n"
			     "untag_mask:\t0xffffffffffffffff\n"
			     "Threads:\t2\n"
			     "SigQ:\t5/96365\n"
			     "SigPnd:\t0000000000000001\n"
			     "ShdPnd:\t0000000000000002\n"
			     "SigBlk:\t0000000000000004\n"
			     "SigIgn:\t0000000000001000\n"
			     "SigCgt:\tfffffffe7ffbfeff\n"
			     "CapInh:\t0000000000000010\n"
			     "CapPrm:\t000001ffffffffff\n"
			     "CapEff:\t0000000000000020\n"
			     "CapBnd:\t0000000000000040\n"
			     "CapAmb:\t0000000000000080\n"
			     "NoNewPrivs:\t1\n"
			     "Seccomp:\t2\n"
			     "Seccomp_filters:\t3\n"
			     "Speculation_Store_Bypass:\tthread vulnerable\n"
			     "SpeculationIndirectBranch:\talways enabled\n"
			     "Cpus_allowed:\tff\n"
			     "Cpus_allowed_list:\t0-3,8\n"
			     "Mems_allowed:\t00000000,00000001\n"
			     "Mems_allowed_list:\t0\n"
			     "voluntary_ctxt_switches:\t150\n"
			     "nonvoluntary_ctxt_switches:\t545\n"
			     "x86_Thread_features:\t\n"
			     "x86_Thread_features_locked:\t\n";

#define ALL 0xffffu

static struct intro_status_lists lists;

/* The copy has to live as long as the texts of the status are looked at. */
static char *copy;

static int parse(const char *text, size_t len, struct intro_status *ret)
{
	free(copy);
	copy = exact_copy(text, len);
	return intro_parse_status(exact_text(copy, len), len, &lists, ret);
}

static int parse_text(const char *text, struct intro_status *ret)
{
	return parse(text, strlen(text), ret);
}

static int forget(void **state)
{
	(void)state;
	intro_status_lists_free(&lists);
	free(copy);
	copy = NULL;
	return 0;
}

static void assert_bytes(struct intro_bytes bytes, const char *expected)
{
	assert_int_equal(bytes.len, strlen(expected));
	assert_memory_equal(bytes.data, expected, bytes.len);
}

static void check_sample(const struct intro_status *s)
{
	assert_int_equal(s->have, ALL);
	assert_int_equal(s->umask, 027);
	assert_int_equal(s->tgid, 812);
	assert_int_equal(s->pid, 813);
	assert_int_equal(s->ppid, 1);
	assert_int_equal(s->tracer_pid, 77);
	for (unsigned i = 0; i < INTRO_ID_COUNT; i++)
		assert_int_equal(s->uid[i], 33 + i);
	assert_int_equal(s->gid[INTRO_ID_REAL], 43);
	assert_int_equal(s->gid[INTRO_ID_FS], UINT32_MAX);
	assert_int_equal(s->group_count, 3);
	assert_int_equal(s->groups[0], 4);
	assert_int_equal(s->groups[1], 24);
	assert_int_equal(s->groups[2], 1000);
	assert_int_equal(s->ns_pid_count, 3);
	assert_int_equal(s->ns_pids[0], 813);
	assert_int_equal(s->ns_pids[1], 13);
	assert_int_equal(s->ns_pids[2], 3);
	assert_int_equal(s->vm_peak, 1001 * 1024);
	assert_int_equal(s->vm_size, 1002 * 1024);
	assert_int_equal(s->vm_locked, 1003 * 1024);
	assert_int_equal(s->vm_pinned, 1004 * 1024);
	assert_int_equal(s->vm_hwm, 1005 * 1024);
	assert_int_equal(s->vm_rss, 1006 * 1024);
	assert_int_equal(s->rss_anon, 1007 * 1024);
	assert_int_equal(s->rss_file, 1008 * 1024);
	assert_int_equal(s->rss_shmem, 1009 * 1024);
	assert_int_equal(s->vm_data, 1010 * 1024);
	assert_int_equal(s->vm_stack, 1011 * 1024);
	assert_int_equal(s->vm_exe, 1012 * 1024);
	assert_int_equal(s->vm_lib, 1013 * 1024);
	assert_int_equal(s->vm_pte, 1014 * 1024);
	assert_true(s->vm_swap == UINT64_MAX - 1023);
	assert_int_equal(s->sig_queued, 5);
	assert_int_equal(s->sig_queue_limit, 96365);
	assert_int_equal(s->sig_pending, 1);
	assert_int_equal(s->sig_shared_pending, 2);
	assert_int_equal(s->sig_blocked, 4);
	assert_int_equal(s->sig_ignored, 0x1000);
	assert_true(s->sig_caught == UINT64_C(0xfffffffe7ffbfeff));
	assert_int_equal(s->caps[INTRO_CAP_INHERITABLE], 0x10);
	assert_true(s->caps[INTRO_CAP_PERMITTED] == UINT64_C(0x1ffffffffff));
	assert_int_equal(s->caps[INTRO_CAP_EFFECTIVE], 0x20);
	assert_int_equal(s->caps[INTRO_CAP_BOUNDING], 0x40);
	assert_int_equal(s->caps[INTRO_CAP_AMBIENT], 0x80);
	assert_true(s->no_new_privs);
	assert_int_equal(s->seccomp, 2);
	assert_bytes(s->cpus_allowed, "0-3,8");
	assert_bytes(s->mems_allowed, "0");
	assert_int_equal(s->voluntary_switches, 150);
	assert_int_equal(s->involuntary_switches, 545);
}

static void test_every_line(void **state)
{
	struct intro_status status;

	(void)state;
	assert_int_equal(parse_text(sample, &status), 0);
	check_sample(&status);
	/* Again, with the lists in place. */
	assert_int_equal(parse_text(sample, &status), 0);
	check_sample(&status);
}

/* Lines in the opposite order, each after one that nobody knows. */
static void test_any_order(void **state)
{
	static char text[2 * sizeof(sample) + 4096];
	const char *end = sample + sizeof(sample) - 1;
	struct intro_status status;
	size_t len = 0;

	(void)state;
	while (end > sample) {
		const char *begin = end - 1;

		while (begin > sample && begin[-1] != '\n')
			begin--;
		memcpy(text + len, "Unheard_of:\t?\n", 14);
		memcpy(text + len + 14, begin, (size_t)(end - begin));
		len += 14 + (size_t)(end - begin);
		end = begin;
	}
	assert_int_equal(parse(text, len, &status), 0);
	check_sample(&status);
}

/* Each line left out in turn: one group at most is missing then, and nothing else is wrong. */
static void test_missing_lines(void **state)
{
	const char *begin = sample;
	unsigned affecting = 0;

	(void)state;
	while (*begin) {
		const char *end = strchr(begin, '\n') + 1;
		static char text[sizeof(sample)];
		size_t before = (size_t)(begin - sample), after = strlen(end);
		struct intro_status status;

		memcpy(text, sample, before);
		memcpy(text + before, end, after);
		assert_int_equal(parse(text, before + after, &status), 0);
		uint32_t missing = ALL & ~status.have;
		assert_int_equal(missing & (missing - 1), 0);
		affecting += missing != 0;
		begin = end;
	}
	assert_int_equal(affecting, 40);
}

static void test_nothing(void **state)
{
	struct intro_status status;

	(void)state;
	assert_int_equal(parse_text("", &status), 0);
	assert_int_equal(status.have, 0);
	assert_int_equal(parse_text("\n\n:\nno colon\n: \nUid\n", &status), 0);
	assert_int_equal(status.have, 0);
}

static void test_empty_lists(void **state)
{
	struct intro_status status;

	(void)state;
	assert_int_equal(parse_text("Groups:\t \nNSpid:\t1", &status), 0);
	assert_int_equal(status.have, INTRO_STATUS_GROUPS | INTRO_STATUS_NSPID);
	assert_int_equal(status.group_count, 0);
	assert_int_equal(status.ns_pid_count, 1);
	assert_int_equal(parse_text("Groups:", &status), 0);
	assert_int_equal(status.have, INTRO_STATUS_GROUPS);
	assert_int_equal(status.group_count, 0);
}

static void test_many_groups(void **state)
{
	enum { COUNT = 65536 };
	char *text = malloc(COUNT * 8);
	size_t len = 0;
	struct intro_status status;

	(void)state;
	assert_non_null(text);
	len += (size_t)sprintf(text, "Groups:\t");
	for (unsigned i = 0; i < COUNT; i++)
		len += (size_t)sprintf(text + len, "%u ", i);
	assert_int_equal(parse(text, len, &status), 0);
	assert_int_equal(status.group_count, COUNT);
	for (unsigned i = 0; i < COUNT; i++)
		assert_int_equal(status.groups[i], i);
	free(text);
	assert_int_equal(parse_text(sample, &status), 0);
	check_sample(&status);
}

static void test_wrong_values(void **state)
{
	static const char *const lines[] = {
		"Umask:\t0089",
		"Umask:\t",
		"Umask:\t77777777777777",
		"Tgid:\t-1",
		"Pid:\t2147483648",
		"PPid:\tx",
		"TracerPid:\t1x",
		"TracerPid:\t99999999999999999999999",
		"Uid:\t1\t2\t3",
		"Uid:\t1\t2\t3\t4\t5",
		"Uid:\t1\t2\t3\t4294967296",
		"Gid:\t-1\t0\t0\t0",
		"Gid:",
		"Groups:\t1 x",
		"Groups:\t4294967296",
		"Groups:\t1,2",
		"NSpid:\t1\t-2",
		"NSpid:\t2147483648",
		"VmPeak:\t1",
		"VmPeak:\t1 MB",
		"VmPeak:\t1kB",
		"VmPeak:\t1 kB x",
		"VmPeak:\t18014398509481984 kB",
		"VmRSS:\t18446744073709551616 kB",
		"SigQ:\t1",
		"SigQ:\t1/",
		"SigQ:\t/1",
		"SigQ:\t1/2/3",
		"SigBlk:\tg",
		"SigBlk:\t",
		"SigBlk:\t10000000000000000",
		"SigBlk:\t0 0",
		"CapEff:\t0x1",
		"NoNewPrivs:\t2",
		"NoNewPrivs:\tyes",
		"Seccomp:\t4294967296",
		"voluntary_ctxt_switches:\t-1",
		"voluntary_ctxt_switches:\t18446744073709551616",
		"Pid:\t1\nPid:\t1",
	};
	static const char nul[] = "Pid:\t1\0";

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct intro_status status = {.have = 77};

		if (parse_text(lines[i], &status) != INTRO_E_FORMAT)
			fail_msg("taken: %s", lines[i]);
		assert_int_equal(status.have, 77);
	}
	struct intro_status status = {.have = 77};
	assert_int_equal(parse(nul, sizeof(nul) - 1, &status), INTRO_E_FORMAT);
	assert_int_equal(status.have, 77);
}

/* A key is a whole one: neither the beginning of another nor with something before it. */
static void test_keys(void **state)
{
	struct intro_status status;

	(void)state;
	assert_int_equal(parse_text("SigQx:\t?\nxSigQ:\t?\n SigQ:\t?\nSig:\t?\nSigQ \n", &status),
			 0);
	assert_int_equal(status.have, 0);
}

static void test_truncated(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(sample); len++) {
		struct intro_status status;
		int r = parse(sample, len, &status);

		assert_true(r == 0 || r == INTRO_E_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_every_line, forget),
		cmocka_unit_test_teardown(test_any_order, forget),
		cmocka_unit_test_teardown(test_missing_lines, forget),
		cmocka_unit_test_teardown(test_nothing, forget),
		cmocka_unit_test_teardown(test_empty_lists, forget),
		cmocka_unit_test_teardown(test_many_groups, forget),
		cmocka_unit_test_teardown(test_wrong_values, forget),
		cmocka_unit_test_teardown(test_keys, forget),
		cmocka_unit_test_teardown(test_truncated, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
