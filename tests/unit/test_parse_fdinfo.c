/* /proc/PID/fdinfo/FD: what every descriptor has, and the small kinds. */
#include "unit/fdinfo.h"

static void test_common(void **state)
{
	struct parsed *parsed = *state;
	const struct intro_fdinfo *info = &parsed->info;

	parse(parsed, INTRO_FD_KIND_REG,
	      "pos:\t100\nflags:\t06112002\nmnt_id:\t27\nino:\t11051170\n");
	assert_int_equal(info->have, INTRO_FDINFO_POS | INTRO_FDINFO_FLAGS | INTRO_FDINFO_MOUNT_ID |
					     INTRO_FDINFO_INO);
	assert_int_equal(info->pos, 100);
	assert_int_equal(info->flags, 04112000);
	assert_true(info->cloexec);
	assert_int_equal(info->access, INTRO_FD_ACCESS_RW);
	assert_int_equal(info->mount_id, 27);
	assert_int_equal(info->ino, 11051170);
	assert_null(info->locks);
	assert_null(info->epoll);
	assert_null(info->eventfd);

	/* Before Linux 5.14, and an address as the position. */
	parse(parsed, INTRO_FD_KIND_UNKNOWN, "pos:\t-4096\nflags:\t0100000\nmnt_id:\t27\n");
	assert_int_equal(info->have, INTRO_FDINFO_POS | INTRO_FDINFO_FLAGS | INTRO_FDINFO_MOUNT_ID);
	assert_true(info->pos == UINT64_MAX - 4095);
	assert_false(info->cloexec);

	parse(parsed, INTRO_FD_KIND_REG, "");
	assert_int_equal(info->have, 0);
	assert_int_equal(info->access, INTRO_FD_ACCESS_UNKNOWN);
	parse(parsed, INTRO_FD_KIND_REG, "\n\nnew:\t1\npos:\t7");
	assert_int_equal(info->have, INTRO_FDINFO_POS);
	assert_int_equal(info->pos, 7);
}

static void assert_flags(struct parsed *parsed, const char *text, uint32_t flags, bool cloexec,
			 enum intro_fd_access access)
{
	parse(parsed, INTRO_FD_KIND_UNKNOWN, text);
	assert_int_equal(parsed->info.flags, flags);
	assert_int_equal(parsed->info.cloexec, cloexec);
	assert_int_equal(parsed->info.access, access);
}

static void test_flags(void **state)
{
	struct parsed *parsed = *state;

	assert_flags(parsed, "flags:\t00\n", 0, false, INTRO_FD_ACCESS_R);
	assert_flags(parsed, "flags:\t0100001\n", 0100000, false, INTRO_FD_ACCESS_W);
	assert_flags(parsed, "flags:\t02100003\n", 0100000, true, INTRO_FD_ACCESS_NONE);
	assert_flags(parsed, "flags:\t012000000\n", 010000000, true, INTRO_FD_ACCESS_PATH);
	assert_flags(parsed, "flags:\t022300002\n", 020300000, true, INTRO_FD_ACCESS_RW);
	assert_flags(parsed, "flags:\t037777777777\n", 037775777774, true, INTRO_FD_ACCESS_PATH);
}

static void test_locks(void **state)
{
	struct parsed *parsed = *state;
	const struct intro_fdinfo *info = &parsed->info;

	parse(parsed, INTRO_FD_KIND_REG,
	      "pos:\t0\nflags:\t02\nmnt_id:\t27\nino:\t1\n"
	      "lock:\t1: FLOCK  ADVISORY  WRITE 3216 fe:00:11051170 0 EOF\n"
	      "lock:\t2: POSIX  ADVISORY  WRITE 3216 fe:00:11051170 5 14\n"
	      "lock:\t3: OFDLCK ADVISORY  READ -1 fe:00:11051170 200 208\n"
	      "lock:\t4: LEASE  BREAKING  READ 3216 fe:00:11051313 0 EOF\n");
	assert_int_equal(info->lock_count, 4);
	assert_int_equal(info->locks[0].type, INTRO_LOCK_FLOCK);
	assert_int_equal(info->locks[1].end, 14);
	assert_int_equal(info->locks[2].pid, -1);
	assert_true(info->locks[3].breaking);

	assert_refused(parsed, INTRO_FD_KIND_REG, "lock:\t1: FLOCK\n");
	assert_refused(parsed, INTRO_FD_KIND_REG, "lock:\t\n");
}

static void test_many_locks(void **state)
{
	struct parsed *parsed = *state;
	static const char line[] = "lock:\t1: POSIX  ADVISORY  READ 1 08:01:2 3 4\n";
	char text[100 * sizeof(line)] = "";

	for (int i = 0; i < 100; i++)
		strcat(text, line);
	parse(parsed, INTRO_FD_KIND_REG, text);
	assert_int_equal(parsed->info.lock_count, 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(parsed->info.locks[i].end, 4);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = {
		"pos:\t\n",
		"pos:\tx\n",
		"pos:\t1 2\n",
		"pos:\t9223372036854775808\n",
		"pos:\t-9223372036854775809\n",
		"flags:\t08\n",
		"flags:\t040000000000\n",
		"mnt_id:\t2147483648\n",
		"ino:\t-1\n",
		"ino:\t18446744073709551616\n",
		"tty-index:\t-1\n",
		"tty-index:\t2147483648\n",
		"scm_fds: 4294967296\n",
	};
	struct parsed *parsed = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_refused(parsed, INTRO_FD_KIND_CHR, wrong[i]);
}

static void test_eventfd(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_EVENTFD,
	      COMMON "eventfd-count: fffffffffffffffe\neventfd-id: 2\neventfd-semaphore: 1\n");
	const struct intro_eventfd *eventfd = parsed->info.eventfd;
	assert_non_null(eventfd);
	assert_true(eventfd->count == UINT64_MAX - 1);
	assert_true(eventfd->has_id && eventfd->has_semaphore && eventfd->is_semaphore);
	assert_int_equal(eventfd->id, 2);

	parse(parsed, INTRO_FD_KIND_EVENTFD, COMMON "eventfd-count:               10\n");
	assert_int_equal(parsed->info.eventfd->count, 16);
	assert_false(parsed->info.eventfd->has_id || parsed->info.eventfd->has_semaphore);
	assert_int_equal(parsed->info.eventfd->id, 0); /* nothing is left of the one before */

	parse(parsed, INTRO_FD_KIND_EVENTFD, COMMON "eventfd-id: 2\n");
	assert_null(parsed->info.eventfd);
	parse(parsed, INTRO_FD_KIND_REG, COMMON "eventfd-count: 1\n");
	assert_null(parsed->info.eventfd);
	assert_refused(parsed, INTRO_FD_KIND_EVENTFD, "eventfd-count: 10000000000000000\n");
	assert_refused(parsed, INTRO_FD_KIND_EVENTFD, "eventfd-count: \n");
	assert_refused(parsed, INTRO_FD_KIND_EVENTFD, "eventfd-semaphore: 2\n");
}

#define TIMER(value) "clockid: 9\nticks: 12\nsettime flags: 03\n" value "\n"

static void test_timerfd(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_TIMERFD,
	      COMMON TIMER("it_value: (99, 999972586)\nit_interval: (3, 5)"));
	const struct intro_timerfd *timerfd = parsed->info.timerfd;
	assert_non_null(timerfd);
	assert_int_equal(timerfd->clock, 9);
	assert_int_equal(timerfd->ticks, 12);
	assert_int_equal(timerfd->settime_flags, 3);
	assert_int_equal(timerfd->value_ns, UINT64_C(99999972586));
	assert_int_equal(timerfd->interval_ns, UINT64_C(3000000005));
	parse(parsed, INTRO_FD_KIND_TIMERFD,
	      TIMER("it_value: (18446744073, 709551615)\nit_interval: (0, 0)"));
	assert_true(parsed->info.timerfd->value_ns == UINT64_MAX);
	parse(parsed, INTRO_FD_KIND_TIMERFD, TIMER("it_value: (1, 0)"));
	assert_null(parsed->info.timerfd);
	assert_refused(parsed, INTRO_FD_KIND_TIMERFD, "it_value: (18446744073, 709551616)\n");
	assert_refused(parsed, INTRO_FD_KIND_TIMERFD, "it_value: (1, 1000000000)\n");
	assert_refused(parsed, INTRO_FD_KIND_TIMERFD, "it_value: (1, 0\n");
	assert_refused(parsed, INTRO_FD_KIND_TIMERFD, "it_value: (1,0)\n");
	assert_refused(parsed, INTRO_FD_KIND_TIMERFD, "settime flags: 9\n");
}

static void test_signalfd(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_SIGNALFD, COMMON "sigmask:\t8000000000000802\n");
	assert_non_null(parsed->info.signalfd);
	assert_true(*parsed->info.signalfd == UINT64_C(0x8000000000000802));
	parse(parsed, INTRO_FD_KIND_SIGNALFD, COMMON "sigmask:\t0000000000000000\n");
	assert_non_null(parsed->info.signalfd);
	assert_int_equal(*parsed->info.signalfd, 0);
	parse(parsed, INTRO_FD_KIND_SIGNALFD, COMMON);
	assert_null(parsed->info.signalfd);
	assert_refused(parsed, INTRO_FD_KIND_SIGNALFD, "sigmask:\t00000000000000001g\n");
}

static void test_pidfd(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_PIDFD, COMMON "Pid:\t3262\nNSpid:\t3262\t7\n");
	assert_int_equal(*parsed->info.pidfd, 3262);
	parse(parsed, INTRO_FD_KIND_PIDFD, COMMON "Pid:\t-1\nNSpid:\t-1\n");
	assert_int_equal(*parsed->info.pidfd, -1);
	parse(parsed, INTRO_FD_KIND_PIDFD, COMMON "Pid:\t0\nNSpid:\t0\n");
	assert_int_equal(*parsed->info.pidfd, 0);
	parse(parsed, INTRO_FD_KIND_PIDFD, COMMON);
	assert_null(parsed->info.pidfd);
	assert_refused(parsed, INTRO_FD_KIND_PIDFD, "Pid:\t2147483648\n");
	assert_refused(parsed, INTRO_FD_KIND_PIDFD, "Pid:\t-2147483649\n");
}

static void test_userfaultfd(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_USERFAULTFD,
	      COMMON "pending:\t3\ntotal:\t4\nAPI:\taa:80000105:80000000000001ff\n");
	const struct intro_userfaultfd *userfaultfd = parsed->info.userfaultfd;
	assert_non_null(userfaultfd);
	assert_int_equal(userfaultfd->pending, 3);
	assert_int_equal(userfaultfd->total, 4);
	assert_int_equal(userfaultfd->api, 0xaa);
	assert_int_equal(userfaultfd->features, 0x105);
	parse(parsed, INTRO_FD_KIND_USERFAULTFD, COMMON "pending:\t3\ntotal:\t4\n");
	assert_null(parsed->info.userfaultfd);
	assert_refused(parsed, INTRO_FD_KIND_USERFAULTFD, "API:\taa:1\n");
	assert_refused(parsed, INTRO_FD_KIND_USERFAULTFD, "API:\taa:1:10000000000000000\n");
}

static void test_others(void **state)
{
	struct parsed *parsed = *state;

	parse(parsed, INTRO_FD_KIND_UNKNOWN, COMMON "tty-index:\t12\n");
	assert_true(parsed->info.have & INTRO_FDINFO_TTY_INDEX);
	assert_int_equal(parsed->info.tty_index, 12);
	parse(parsed, INTRO_FD_KIND_SOCKET, COMMON "scm_fds: 3\n");
	assert_true(parsed->info.have & INTRO_FDINFO_SCM_FDS);
	assert_int_equal(parsed->info.scm_fds, 3);
	/* What stands behind the lines of a kind is not of every kind. */
	parse(parsed, INTRO_FD_KIND_CHR,
	      "tty-index:\t12\npos:\t9\nlock:\t1: FLOCK  ADVISORY  WRITE 1 08:01:2 0 EOF\n");
	assert_int_equal(parsed->info.have, INTRO_FDINFO_TTY_INDEX);
	assert_int_equal(parsed->info.lock_count, 0);
	/* The first of its kind counts. */
	parse(parsed, INTRO_FD_KIND_CHR, "pos:\t1\npos:\t2\ntty-index:\t3\ntty-index:\t4\n");
	assert_int_equal(parsed->info.pos, 1);
	assert_int_equal(parsed->info.tty_index, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FDINFO_TEST(test_common),  FDINFO_TEST(test_flags),
		FDINFO_TEST(test_locks),   FDINFO_TEST(test_many_locks),
		FDINFO_TEST(test_wrong),   FDINFO_TEST(test_eventfd),
		FDINFO_TEST(test_timerfd), FDINFO_TEST(test_signalfd),
		FDINFO_TEST(test_pidfd),   FDINFO_TEST(test_userfaultfd),
		FDINFO_TEST(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
