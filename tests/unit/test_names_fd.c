/* Names of what descriptors are: spelling, and words that one constant alone does not make. */
#include "unit/exact.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <intro/fd.h>

static void assert_name(enum intro_names set, uint64_t value, const char *expected)
{
	const char *name = intro_name(set, value);
	uint64_t back = ~value;

	if (!expected) {
		assert_null(name);
		return;
	}
	assert_non_null(name);
	assert_string_equal(name, expected);
	assert_int_equal(intro_name_parse(set, expected, strlen(expected), &back), 0);
	assert_int_equal(back, value);
}

static void assert_parses(enum intro_names set, const char *text, uint64_t expected)
{
	uint64_t value = ~expected;

	assert_int_equal(intro_name_parse(set, text, strlen(text), &value), 0);
	assert_int_equal(value, expected);
}

/* A word, its text, and the word again. */
static void assert_word(enum intro_names set, uint64_t bits, const char *expected)
{
	char text[256];
	uint64_t back = ~bits;
	size_t len = intro_mask_format(set, bits, '|', text, sizeof(text));

	assert_string_equal(text, expected);
	assert_int_equal(intro_mask_parse(set, text, len, &back), 0);
	assert_int_equal(back, bits);
}

static void test_our_own(void **state)
{
	(void)state;
	assert_name(INTRO_NAMES_SLOT, INTRO_SLOT_CWD, "cwd");
	assert_name(INTRO_NAMES_SLOT, INTRO_SLOT_FD, "fd");
	assert_name(INTRO_NAMES_SLOT, INTRO_SLOT_COUNT, NULL);
	assert_name(INTRO_NAMES_FD_KIND, INTRO_FD_KIND_UNKNOWN, "unknown");
	assert_name(INTRO_NAMES_FD_KIND, INTRO_FD_KIND_REG, "reg");
	assert_name(INTRO_NAMES_FD_KIND, INTRO_FD_KIND_IO_URING, "io_uring");
	assert_name(INTRO_NAMES_FD_KIND, INTRO_FD_KIND_USERFAULTFD, "userfaultfd");
	assert_name(INTRO_NAMES_FD_KIND, INTRO_FD_KIND_COUNT, NULL);
	for (unsigned kind = 0; kind < INTRO_FD_KIND_COUNT; kind++)
		assert_non_null(intro_name(INTRO_NAMES_FD_KIND, kind));
	assert_name(INTRO_NAMES_FD_ACCESS, INTRO_FD_ACCESS_UNKNOWN, "unknown");
	assert_name(INTRO_NAMES_FD_ACCESS, INTRO_FD_ACCESS_RW, "rw");
	assert_name(INTRO_NAMES_FD_ACCESS, INTRO_FD_ACCESS_PATH, "path");
	assert_name(INTRO_NAMES_LOCK_TYPE, INTRO_LOCK_OFD, "ofd");
	assert_name(INTRO_NAMES_LOCK_TYPE, INTRO_LOCK_UNKNOWN, "unknown");
	assert_name(INTRO_NAMES_LOCK_MODE, INTRO_LOCK_WRITE, "write");
	assert_name(INTRO_NAMES_SOCKET_STATE, INTRO_SOCKET_STATE_UNKNOWN, NULL);
	assert_name(INTRO_NAMES_SOCKET_STATE, INTRO_SOCKET_ESTABLISHED, "ESTABLISHED");
	assert_name(INTRO_NAMES_SOCKET_STATE, INTRO_SOCKET_LISTEN, "LISTEN");
	assert_name(INTRO_NAMES_SOCKET_STATE, 13, "BOUND_INACTIVE");
	assert_parses(INTRO_NAMES_SOCKET_STATE, "fin-wait-1", INTRO_SOCKET_FIN_WAIT1);
	assert_parses(INTRO_NAMES_SOCKET_STATE, "estab", INTRO_SOCKET_ESTABLISHED);
	assert_name(INTRO_NAMES_SOCKET_TIMER, INTRO_SOCKET_TIMER_PERSIST, "persist");
}

static void test_of_the_system(void **state)
{
	(void)state;
	assert_name(INTRO_NAMES_CLOCK, 0, "CLOCK_REALTIME");
	assert_name(INTRO_NAMES_CLOCK, 12, NULL);
	assert_name(INTRO_NAMES_CLOCK, 11, "CLOCK_TAI");
	assert_name(INTRO_NAMES_CLOCK, 23, "CLOCK_AUX+7");
	assert_name(INTRO_NAMES_CLOCK, 24, NULL);
	assert_parses(INTRO_NAMES_CLOCK, "monotonic", 1);
	assert_name(INTRO_NAMES_SOCKET_FAMILY, AF_UNIX, "unix");
	assert_name(INTRO_NAMES_SOCKET_FAMILY, AF_INET6, "inet6");
	assert_name(INTRO_NAMES_SOCKET_FAMILY, AF_VSOCK, "vsock");
	assert_parses(INTRO_NAMES_SOCKET_FAMILY, "local", AF_UNIX);
	assert_name(INTRO_NAMES_SOCKET_TYPE, SOCK_SEQPACKET, "seqpacket");
	assert_name(INTRO_NAMES_SOCKET_TYPE, 0, NULL);
	assert_name(INTRO_NAMES_SOCKET_TYPE, 7, NULL);
	assert_name(INTRO_NAMES_IP_PROTOCOL, 6, "tcp");
	assert_name(INTRO_NAMES_IP_PROTOCOL, 89, "ospf");
	assert_name(INTRO_NAMES_IP_PROTOCOL, 3, NULL);
	assert_name(INTRO_NAMES_IP_PROTOCOL, 262, "mptcp");
	assert_name(INTRO_NAMES_IP_PROTOCOL, 263, NULL);
	assert_name(INTRO_NAMES_NETLINK_PROTOCOL, 15, "kobject_uevent");
	assert_name(INTRO_NAMES_NETLINK_PROTOCOL, 17, NULL);
	assert_parses(INTRO_NAMES_NETLINK_PROTOCOL, "inet_diag", 4);
	assert_name(INTRO_NAMES_BPF_MAP_TYPE, 1, "hash");
	assert_name(INTRO_NAMES_BPF_MAP_TYPE, 33, "arena");
	assert_name(INTRO_NAMES_BPF_MAP_TYPE, 35, NULL);
	assert_name(INTRO_NAMES_BPF_PROG_TYPE, 6, "xdp");
	assert_name(INTRO_NAMES_BPF_PROG_TYPE, 32, "netfilter");
}

/* Values that lie far apart: found by value, by name, and in order. */
static void test_sparse(void **state)
{
	struct intro_name row;
	size_t position = 0;

	(void)state;
	assert_name(INTRO_NAMES_ETHERTYPE, 0, NULL);
	assert_name(INTRO_NAMES_ETHERTYPE, 3, "all");
	assert_name(INTRO_NAMES_ETHERTYPE, 0x0800, "ip");
	assert_name(INTRO_NAMES_ETHERTYPE, 0x86dd, "ipv6");
	assert_name(INTRO_NAMES_ETHERTYPE, 0x8100, "802.1q");
	assert_name(INTRO_NAMES_ETHERTYPE, 0x88f7, "ptp");
	assert_name(INTRO_NAMES_ETHERTYPE, 0xfbfb, "af_iucv");
	assert_name(INTRO_NAMES_ETHERTYPE, 0x10003, NULL);
	assert_name(INTRO_NAMES_ETHERTYPE, UINT64_MAX, NULL);
	assert_parses(INTRO_NAMES_ETHERTYPE, "0x1234", 0x1234);
	assert_int_equal(intro_names_next(INTRO_NAMES_ETHERTYPE, &position, &row), 1);
	assert_int_equal(row.value, 1);
	/* Other names are for the parser alone. */
	position = 0;
	while (intro_names_next(INTRO_NAMES_SOCKET_STATE, &position, &row) > 0)
		assert_null(strchr(row.name, '-'));
}

static void test_words(void **state)
{
	enum intro_names open_flag = INTRO_NAMES_OPEN_FLAG;
	uint64_t bits;

	(void)state;
	assert_word(open_flag, 0, "");
	assert_word(open_flag, 02, "0x2");
	assert_word(open_flag, O_APPEND | O_NONBLOCK, "O_APPEND|O_NONBLOCK");
	assert_word(open_flag, O_DSYNC, "O_DSYNC");
	assert_word(open_flag, O_SYNC, "O_SYNC");
	assert_word(open_flag, O_SYNC & ~O_DSYNC, "0x100000");
	assert_word(open_flag, 0100000, "O_LARGEFILE");
	assert_word(open_flag, O_DIRECTORY, "O_DIRECTORY");
	assert_word(open_flag, O_TMPFILE, "O_TMPFILE");
	assert_word(open_flag, O_PATH | O_NOFOLLOW, "O_NOFOLLOW|O_PATH");
	assert_word(open_flag, 0x4000000, "0x4000000");
	assert_int_equal(intro_mask_parse(open_flag, "append,async", 12, &bits), 0);
	assert_int_equal(bits, O_APPEND | O_ASYNC);
	assert_word(INTRO_NAMES_EPOLL_EVENT, 0x80000019, "EPOLLIN|EPOLLERR|EPOLLHUP|EPOLLET");
	assert_word(INTRO_NAMES_EPOLL_EVENT, 0x08000000, "EPOLL_URING_WAKE");
	assert_word(INTRO_NAMES_INOTIFY_EVENT, 0x80000002, "IN_MODIFY|IN_ONESHOT");
	assert_word(INTRO_NAMES_FANOTIFY_EVENT, 0x40100020, "FAN_OPEN|FAN_PRE_ACCESS|FAN_ONDIR");
	assert_word(INTRO_NAMES_SEAL, 0x28, "F_SEAL_WRITE|F_SEAL_EXEC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_own),
		cmocka_unit_test(test_of_the_system),
		cmocka_unit_test(test_sparse),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
