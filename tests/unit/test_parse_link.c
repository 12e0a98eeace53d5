/* Where a link of a descriptor points. */
#include "unit/exact.h"

#include "fd/link.h"

static struct intro_link parse_bytes(const char *text, size_t len)
{
	char *copy = exact_copy(text, len);
	struct intro_link link;

	memset(&link, 0x55, sizeof(link));
	intro_parse_link(exact_text(copy, len), len, &link);
	free(copy);
	return link;
}

static struct intro_link parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void assert_kind(const char *text, enum intro_fd_kind kind)
{
	struct intro_link link = parse(text);

	if (link.kind != kind)
		fail_msg("%s is %d", text, link.kind);
	assert_false(link.is_path || link.may_be_memfd || link.has_suffix);
}

static void assert_number(const char *text, enum intro_fd_kind kind, uint64_t ino)
{
	struct intro_link link = parse(text);

	assert_kind(text, kind);
	assert_true(link.has_ino);
	assert_true(link.ino == ino);
}

static void test_numbered(void **state)
{
	(void)state;
	assert_number("pipe:[81952564]", INTRO_FD_KIND_PIPE, 81952564);
	assert_number("socket:[0]", INTRO_FD_KIND_SOCKET, 0);
	assert_number("socket:[18446744073709551615]", INTRO_FD_KIND_SOCKET, UINT64_MAX);
	assert_number("net:[4026531833]", INTRO_FD_KIND_NS, 4026531833);
	assert_number("mnt:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("pid:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("user:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("uts:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("ipc:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("cgroup:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("time:[1]", INTRO_FD_KIND_NS, 1);
	assert_number("pidfd:[7]", INTRO_FD_KIND_PIDFD, 7);
}

static void test_anonymous(void **state)
{
	(void)state;
	assert_kind("anon_inode:[eventfd]", INTRO_FD_KIND_EVENTFD);
	assert_kind("anon_inode:[eventpoll]", INTRO_FD_KIND_EPOLL);
	assert_kind("anon_inode:[timerfd]", INTRO_FD_KIND_TIMERFD);
	assert_kind("anon_inode:[signalfd]", INTRO_FD_KIND_SIGNALFD);
	assert_kind("anon_inode:inotify", INTRO_FD_KIND_INOTIFY);
	assert_kind("anon_inode:[fanotify]", INTRO_FD_KIND_FANOTIFY);
	assert_kind("anon_inode:[pidfd]", INTRO_FD_KIND_PIDFD);
	assert_kind("anon_inode:[io_uring]", INTRO_FD_KIND_IO_URING);
	assert_kind("anon_inode:[perf_event]", INTRO_FD_KIND_PERF);
	assert_kind("anon_inode:[userfaultfd]", INTRO_FD_KIND_USERFAULTFD);
	assert_kind("anon_inode:bpf-map", INTRO_FD_KIND_BPF);
	assert_kind("anon_inode:bpf-prog", INTRO_FD_KIND_BPF);
	assert_kind("anon_inode:bpf_link", INTRO_FD_KIND_BPF);
	assert_kind("anon_inode:[landlock-ruleset]", INTRO_FD_KIND_ANON);
	assert_kind("anon_inode:kvm-vm", INTRO_FD_KIND_ANON);
	assert_kind("anon_inode:", INTRO_FD_KIND_ANON);
	assert_kind("anon_inode:[]", INTRO_FD_KIND_ANON);
	assert_kind("anon_inode:[", INTRO_FD_KIND_ANON);
	assert_kind("anon_inode:[eventfd", INTRO_FD_KIND_ANON);
	assert_false(parse("anon_inode:[eventfd]").has_ino);
}

static void test_not_quite(void **state)
{
	static const char *const unknown[] = {
		"",           "p",         "pipe",      "pipe:",
		"pipe:[",     "pipe:[]",   "pipe:[1",   "pipe:[x]",
		"pipe:[-1]",  "pipe:[1]x", "pipe:[1]]", " pipe:[1]",
		"pipes:[1]",  "pip:[1]",   ":[1]",      "pipe:[18446744073709551616]",
		"anon_inode", "tmp/x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		assert_kind(unknown[i], INTRO_FD_KIND_UNKNOWN);
		assert_false(parse(unknown[i]).has_ino);
	}
}

static void test_paths(void **state)
{
	static const char with_nul[] = "/a\0b (deleted)";

	(void)state;
	assert_true(parse("/").is_path);
	assert_true(parse("/dir/pipe:[1]").is_path);
	assert_false(parse("/dir/pipe:[1]").has_ino);
	assert_int_equal(parse("/pipe:[1]").kind, INTRO_FD_KIND_UNKNOWN);
	assert_int_equal(parse("/anon_inode:[eventfd]").kind, INTRO_FD_KIND_UNKNOWN);
	assert_true(parse("/a (deleted)").has_suffix);
	assert_true(parse("/ (deleted)").has_suffix);
	assert_true(parse("/a (deleted) (deleted)").has_suffix);
	assert_true(parse_bytes(with_nul, sizeof(with_nul) - 1).has_suffix);
	assert_false(parse("/a(deleted)").has_suffix);
	assert_false(parse("/a (deleted").has_suffix);
	assert_false(parse("/a (deleted) ").has_suffix);
	assert_true(parse("/memfd:").may_be_memfd);
	assert_true(parse("/memfd:x (deleted)").may_be_memfd);
	assert_true(parse("/memfd:x (deleted)").has_suffix);
	assert_false(parse("/tmp/memfd:x").may_be_memfd);
	assert_false(parse("/memfd").may_be_memfd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbered),
		cmocka_unit_test(test_anonymous),
		cmocka_unit_test(test_not_quite),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
