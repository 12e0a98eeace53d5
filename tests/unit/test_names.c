/* Names of constants: spelling, and that every set is read back as it was written. */
#include "unit/exact.h"

#include <ctype.h>
#include <stdio.h>

#include <intro/names.h>

static int parse(enum intro_names set, const char *text, uint64_t *ret)
{
	size_t len = strlen(text);
	char *copy = exact_copy(text, len);
	int r = intro_name_parse(set, exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static int parse_mask(enum intro_names set, const char *text, uint64_t *ret)
{
	size_t len = strlen(text);
	char *copy = exact_copy(text, len);
	int r = intro_mask_parse(set, exact_text(copy, len), len, ret);

	free(copy);
	return r;
}

static void assert_parses(enum intro_names set, const char *text, uint64_t expected)
{
	uint64_t value = ~expected;

	if (parse(set, text, &value) != 0 || value != expected)
		fail_msg("set %d: %s is %llu, not %llu", (int)set, text, (unsigned long long)value,
			 (unsigned long long)expected);
}

static void assert_refused(enum intro_names set, const char *text, int code)
{
	uint64_t value = 77;

	assert_int_equal(parse(set, text, &value), code);
	assert_int_equal(value, 77);
}

static void assert_name(enum intro_names set, uint64_t value, const char *expected)
{
	const char *name = intro_name(set, value);

	if (!expected) {
		assert_null(name);
		return;
	}
	assert_non_null(name);
	assert_string_equal(name, expected);
	assert_parses(set, expected, value);
}

static void test_spelling(void **state)
{
	(void)state;
	assert_name(INTRO_NAMES_SIGNAL, 0, NULL);
	assert_name(INTRO_NAMES_SIGNAL, 1, "SIGHUP");
	assert_name(INTRO_NAMES_SIGNAL, 29, "SIGIO");
	assert_name(INTRO_NAMES_SIGNAL, 31, "SIGSYS");
	assert_name(INTRO_NAMES_SIGNAL, 32, "SIG32");
	assert_name(INTRO_NAMES_SIGNAL, 33, "SIG33");
	assert_name(INTRO_NAMES_SIGNAL, 34, "SIGRTMIN");
	assert_name(INTRO_NAMES_SIGNAL, 35, "SIGRTMIN+1");
	assert_name(INTRO_NAMES_SIGNAL, 64, "SIGRTMIN+30");
	assert_name(INTRO_NAMES_SIGNAL, 65, NULL);
	assert_name(INTRO_NAMES_SIGNAL, UINT64_MAX, NULL);
	assert_name(INTRO_NAMES_STATE, 'D', "disk sleep");
	assert_name(INTRO_NAMES_STATE, 'T', "stopped");
	assert_name(INTRO_NAMES_STATE, 't', "tracing stop");
	assert_name(INTRO_NAMES_STATE, 'X', "dead");
	assert_string_equal(intro_name(INTRO_NAMES_STATE, 'x'), "dead");
	assert_name(INTRO_NAMES_STATE, 'Q', NULL);
	assert_name(INTRO_NAMES_POLICY, 0, "SCHED_OTHER");
	assert_name(INTRO_NAMES_POLICY, 4, NULL);
	assert_name(INTRO_NAMES_POLICY, 7, "SCHED_EXT");
	assert_name(INTRO_NAMES_SCHED_CLASS, INTRO_SCHED_CLASS_IDLE, "idle");
	assert_name(INTRO_NAMES_SCHED_CLASS, 6, NULL);
	assert_name(INTRO_NAMES_SCHED_FLAG, 1, "SCHED_FLAG_RESET_ON_FORK");
	assert_name(INTRO_NAMES_CAPABILITY, 0, "CAP_CHOWN");
	assert_name(INTRO_NAMES_CAPABILITY, 40, "CAP_CHECKPOINT_RESTORE");
	assert_name(INTRO_NAMES_CAPABILITY, 41, NULL);
	assert_name(INTRO_NAMES_SECCOMP, 2, "filter");
	assert_name(INTRO_NAMES_IOPRIO_CLASS, 2, "best-effort");
	assert_name(INTRO_NAMES_TASK_FLAG, 0x200000, "PF_KTHREAD");
	assert_name(INTRO_NAMES_TASK_FLAG, 0, NULL);
	assert_name(INTRO_NAMES_TASK_FLAG, 0x200001, NULL);
	assert_name(INTRO_NAMES_NAMESPACE, 0x20000000, "CLONE_NEWPID");
	assert_name(INTRO_NAMES_RLIMIT, 7, "RLIMIT_NOFILE");
	assert_name(INTRO_NAMES_ERRNO, 11, "EAGAIN");
	assert_name(INTRO_NAMES_ERRNO, 35, "EDEADLK");
	assert_name(INTRO_NAMES_ERRNO, 95, "EOPNOTSUPP");
	assert_name(INTRO_NAMES_ERRNO, 41, NULL);
	assert_name(INTRO_NAMES_SYSCALL_X86_64, 0, "read");
	assert_name(INTRO_NAMES_SYSCALL_X86_64, 336, "uprobe");
	assert_name(INTRO_NAMES_SYSCALL_X86_64, 337, NULL);
	assert_name(INTRO_NAMES_SYSCALL_X86_64, 469, "file_setattr");
	assert_name(INTRO_NAMES_SYSCALL_I386, 1, "exit");
	assert_name(INTRO_NAMES_SYSCALL_I386, 140, "_llseek");
	assert_name(INTRO_NAMES_SYSCALL_I386, 222, NULL);
	assert_name(INTRO_NAMES_SYSCALL_I386, 469, "file_setattr");
}

static void test_lenient(void **state)
{
	(void)state;
	assert_parses(INTRO_NAMES_SIGNAL, "HUP", 1);
	assert_parses(INTRO_NAMES_SIGNAL, "hup", 1);
	assert_parses(INTRO_NAMES_SIGNAL, "sigHUP", 1);
	assert_parses(INTRO_NAMES_SIGNAL, "rtmin+2", 36);
	assert_parses(INTRO_NAMES_SIGNAL, "RTMAX", 64);
	assert_parses(INTRO_NAMES_SIGNAL, "SIGRTMAX-14", 50);
	assert_parses(INTRO_NAMES_SIGNAL, "cld", 17);
	assert_parses(INTRO_NAMES_SIGNAL, "9", 9);
	assert_parses(INTRO_NAMES_SIGNAL, "0x0f", 15);
	assert_parses(INTRO_NAMES_SIGNAL, "017", 15);
	assert_parses(INTRO_NAMES_STATE, "R", 'R');
	assert_parses(INTRO_NAMES_STATE, "r", 'R');
	assert_parses(INTRO_NAMES_STATE, "t", 't');
	assert_parses(INTRO_NAMES_STATE, "T", 'T');
	assert_parses(INTRO_NAMES_STATE, "x", 'x');
	assert_parses(INTRO_NAMES_STATE, "Disk Sleep", 'D');
	assert_parses(INTRO_NAMES_STATE, "82", 'R');
	assert_parses(INTRO_NAMES_POLICY, "fifo", 1);
	assert_parses(INTRO_NAMES_POLICY, "normal", 0);
	assert_parses(INTRO_NAMES_POLICY, "4", 4);
	assert_parses(INTRO_NAMES_CAPABILITY, "sys_admin", 21);
	assert_parses(INTRO_NAMES_ERRNO, "ewouldblock", 11);
	assert_parses(INTRO_NAMES_ERRNO, "0", 0);
	assert_parses(INTRO_NAMES_NAMESPACE, "pid", 0x20000000);
	assert_parses(INTRO_NAMES_TASK_FLAG, "0xffffffffffffffff", UINT64_MAX);
	assert_parses(INTRO_NAMES_TASK_FLAG, "01777777777777777777777", UINT64_MAX);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused(INTRO_NAMES_SIGNAL, "", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "SIG", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "SIGSIGHUP", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "HU", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "HUPP", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, " HUP", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "-1", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "1x", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "0x", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "09", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_SIGNAL, "0", INTRO_E_LIMIT);
	assert_refused(INTRO_NAMES_SIGNAL, "65", INTRO_E_LIMIT);
	assert_refused(INTRO_NAMES_SIGNAL, "99999999999999999999999", INTRO_E_LIMIT);
	assert_refused(INTRO_NAMES_TASK_FLAG, "0x10000000000000000", INTRO_E_LIMIT);
	assert_refused(INTRO_NAMES_STATE, "Q", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_STATE, "\xff", INTRO_E_ABSENT);
	assert_refused(INTRO_NAMES_COUNT, "HUP", INTRO_E_INVALID);
	assert_refused((enum intro_names)999, "HUP", INTRO_E_INVALID);

	uint64_t value = 77;
	assert_int_equal(intro_name_parse(INTRO_NAMES_SIGNAL, "HUP\0", 4, &value), INTRO_E_ABSENT);
	assert_int_equal(value, 77);
}

static void test_no_such_set(void **state)
{
	enum intro_names none = INTRO_NAMES_COUNT;
	struct intro_name row;
	size_t position = 0;
	uint64_t bits = 1;
	char buf[4] = "abc";

	(void)state;
	assert_null(intro_name(none, 1));
	assert_string_equal(intro_names_prefix(none), "");
	assert_int_equal(intro_names_next(none, &position, &row), 0);
	assert_int_equal(intro_mask_take(none, &bits, &row), 0);
	assert_int_equal(intro_mask_format(none, 1, ',', buf, sizeof(buf)), 0);
	assert_string_equal(buf, "");
	assert_int_equal(intro_mask_format(none, 1, ',', NULL, 0), 0);
	assert_int_equal(parse_mask(none, "HUP", &bits), INTRO_E_INVALID);
}

/* Each row: its name finds its value; with the other letter case, and without the prefix, too. */
static void check_row(enum intro_names set, struct intro_name row, size_t prefix)
{
	char other[64];
	size_t i;

	assert_non_null(row.name);
	assert_string_equal(intro_name(set, row.value), row.name);
	if (set == INTRO_NAMES_STATE && row.value == 'x')
		return; /* shares its word with X */
	assert_true(strlen(row.name) < sizeof(other));
	for (i = 0; row.name[i]; i++) {
		unsigned char c = (unsigned char)row.name[i];

		other[i] = (char)(isupper(c) ? tolower(c) : toupper(c));
	}
	other[i] = '\0';
	assert_parses(set, row.name, row.value);
	assert_parses(set, other, row.value);
	assert_parses(set, row.name + prefix, row.value);
	assert_parses(set, other + prefix, row.value);
}

static void test_every_row(void **state)
{
	static const size_t counts[INTRO_NAMES_COUNT] = {
		[INTRO_NAMES_SIGNAL] = 64,
		[INTRO_NAMES_STATE] = 12,
		[INTRO_NAMES_POLICY] = 7,
		[INTRO_NAMES_SCHED_CLASS] = 6,
		[INTRO_NAMES_SCHED_FLAG] = 7,
		[INTRO_NAMES_CAPABILITY] = 41,
		[INTRO_NAMES_SECCOMP] = 3,
		[INTRO_NAMES_IOPRIO_CLASS] = 4,
		[INTRO_NAMES_TASK_FLAG] = 28,
		[INTRO_NAMES_NAMESPACE] = 8,
		[INTRO_NAMES_RLIMIT] = 16,
		[INTRO_NAMES_ERRNO] = 131,
		[INTRO_NAMES_SYSCALL_X86_64] = 383,
		[INTRO_NAMES_SYSCALL_I386] = 459,
		[INTRO_NAMES_SLOT] = 5,
		[INTRO_NAMES_FD_KIND] = 29,
		[INTRO_NAMES_FD_ACCESS] = 6,
		[INTRO_NAMES_OPEN_FLAG] = 17,
		[INTRO_NAMES_LOCK_TYPE] = 7,
		[INTRO_NAMES_LOCK_MODE] = 3,
		[INTRO_NAMES_EPOLL_EVENT] = 17,
		[INTRO_NAMES_INOTIFY_EVENT] = 22,
		[INTRO_NAMES_FANOTIFY_EVENT] = 24,
		[INTRO_NAMES_SEAL] = 6,
		[INTRO_NAMES_CLOCK] = 20,
		[INTRO_NAMES_SOCKET_FAMILY] = 46,
		[INTRO_NAMES_SOCKET_TYPE] = 7,
		[INTRO_NAMES_SOCKET_STATE] = 13,
		[INTRO_NAMES_SOCKET_TIMER] = 5,
		[INTRO_NAMES_IP_PROTOCOL] = 39,
		[INTRO_NAMES_NETLINK_PROTOCOL] = 22,
		[INTRO_NAMES_ETHERTYPE] = 100,
		[INTRO_NAMES_BPF_MAP_TYPE] = 35,
		[INTRO_NAMES_BPF_PROG_TYPE] = 33,
	};

	(void)state;
	for (int s = 0; s < INTRO_NAMES_COUNT; s++) {
		enum intro_names set = (enum intro_names)s;
		const char *prefix = intro_names_prefix(set);
		struct intro_name row;
		size_t position = 0, count = 0;
		uint64_t last = 0;

		while (intro_names_next(set, &position, &row) > 0) {
			/* A flag of several bits stands before those bits. */
			assert_true(count == 0 || row.value > last || set == INTRO_NAMES_OPEN_FLAG);
			last = row.value;
			count++;
			assert_memory_equal(row.name, prefix, strlen(prefix));
			check_row(set, row, strlen(prefix));
		}
		assert_int_equal(count, counts[s]);
	}
}

/* A word, its text, and back; and the same text into each smaller buffer. */
static void check_word(enum intro_names set, uint64_t bits, char separator)
{
	char text[4096];
	size_t len = intro_mask_format(set, bits, separator, text, sizeof(text));
	uint64_t back = ~bits;

	assert_true(len < sizeof(text));
	assert_int_equal(strlen(text), len);
	assert_int_equal(parse_mask(set, text, &back), 0);
	assert_true(back == bits);
	assert_int_equal(intro_mask_format(set, bits, separator, NULL, 0), len);

	size_t size = len / 2 + 1;
	char *small = malloc(size);
	assert_int_equal(intro_mask_format(set, bits, separator, small, size), len);
	assert_int_equal(strlen(small), len / 2);
	assert_memory_equal(small, text, len / 2);
	free(small);
}

static void test_words(void **state)
{
	uint64_t seed = 42;

	(void)state;
	for (int s = 0; s < INTRO_NAMES_COUNT; s++) {
		enum intro_names set = (enum intro_names)s;

		check_word(set, 0, ',');
		check_word(set, UINT64_MAX, '|');
		for (int bit = 0; bit < 64; bit++)
			check_word(set, UINT64_C(1) << bit, ',');
		for (int i = 0; i < 2000; i++) {
			uint64_t bits = next_random(&seed);

			check_word(set, i % 2 ? bits : bits & next_random(&seed),
				   i % 3 ? ',' : '|');
		}
	}
}

static void assert_word(enum intro_names set, uint64_t bits, char separator, const char *expected)
{
	char text[256];

	intro_mask_format(set, bits, separator, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void test_format(void **state)
{
	(void)state;
	assert_word(INTRO_NAMES_SIGNAL, 0, ',', "");
	assert_word(INTRO_NAMES_SIGNAL, 3, ',', "SIGHUP,SIGINT");
	assert_word(INTRO_NAMES_SIGNAL, UINT64_C(1) << 63, ',', "SIGRTMIN+30");
	assert_word(INTRO_NAMES_CAPABILITY, 1 | UINT64_C(1) << 45, ',', "CAP_CHOWN,45");
	assert_word(INTRO_NAMES_TASK_FLAG, 0x200004, '|', "PF_EXITING|PF_KTHREAD");
	assert_word(INTRO_NAMES_TASK_FLAG, 0x3800000, '|', "0x3800000");
	assert_word(INTRO_NAMES_TASK_FLAG, 0x1200000, '|', "PF_KTHREAD|0x1000000");
	assert_word(INTRO_NAMES_NAMESPACE, 0x20020000, ' ', "CLONE_NEWNS CLONE_NEWPID");
}

static void test_parse_mask(void **state)
{
	uint64_t bits = 77;

	(void)state;
	assert_int_equal(parse_mask(INTRO_NAMES_SIGNAL, "hup,2|SIGKILL", &bits), 0);
	assert_int_equal(bits, 0x103);
	assert_int_equal(parse_mask(INTRO_NAMES_TASK_FLAG, "kthread|0x4", &bits), 0);
	assert_int_equal(bits, 0x200004);
	assert_int_equal(parse_mask(INTRO_NAMES_SIGNAL, "hup,hup", &bits), 0);
	assert_int_equal(bits, 1);

	bits = 77;
	assert_int_equal(parse_mask(INTRO_NAMES_SIGNAL, "hup,", &bits), INTRO_E_ABSENT);
	assert_int_equal(parse_mask(INTRO_NAMES_SIGNAL, ",hup", &bits), INTRO_E_ABSENT);
	assert_int_equal(parse_mask(INTRO_NAMES_SIGNAL, "hup,foo", &bits), INTRO_E_ABSENT);
	assert_int_equal(parse_mask(INTRO_NAMES_SIGNAL, "hup,0", &bits), INTRO_E_LIMIT);
	assert_int_equal(parse_mask(INTRO_NAMES_CAPABILITY, "64", &bits), INTRO_E_LIMIT);
	assert_int_equal(parse_mask(INTRO_NAMES_ERRNO, "ENOTRECOVERABLE", &bits), INTRO_E_LIMIT);
	assert_int_equal(bits, 77);
}

static void test_take(void **state)
{
	uint64_t bits = UINT64_C(1) << 45 | 2;
	struct intro_name member;

	(void)state;
	assert_int_equal(intro_mask_take(INTRO_NAMES_CAPABILITY, &bits, &member), 1);
	assert_string_equal(member.name, "CAP_DAC_OVERRIDE");
	assert_int_equal(member.value, 1);
	assert_int_equal(intro_mask_take(INTRO_NAMES_CAPABILITY, &bits, &member), 1);
	assert_null(member.name);
	assert_int_equal(member.value, 45);
	assert_int_equal(bits, 0);
	assert_int_equal(intro_mask_take(INTRO_NAMES_CAPABILITY, &bits, &member), 0);

	bits = 0x800001;
	assert_int_equal(intro_mask_take(INTRO_NAMES_TASK_FLAG, &bits, &member), 1);
	assert_string_equal(member.name, "PF_VCPU");
	assert_int_equal(intro_mask_take(INTRO_NAMES_TASK_FLAG, &bits, &member), 1);
	assert_null(member.name);
	assert_int_equal(member.value, 0x800000);
	assert_int_equal(intro_mask_take(INTRO_NAMES_TASK_FLAG, &bits, &member), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spelling),  cmocka_unit_test(test_lenient),
		cmocka_unit_test(test_refused),   cmocka_unit_test(test_no_such_set),
		cmocka_unit_test(test_every_row), cmocka_unit_test(test_words),
		cmocka_unit_test(test_format),    cmocka_unit_test(test_parse_mask),
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
