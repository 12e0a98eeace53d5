/*
 * What a descriptor points to, as the kernel says it:
 *   /var/log/syslog   /tmp/x (deleted)   /memfd:name (deleted)
 *   pipe:[81952564]   socket:[81952566]   net:[4026531833]
 *   anon_inode:[eventfd]   anon_inode:inotify
 */
#include "fd/link.h"

#include <string.h>

#include "base/number.h"
#include "proc/text.h"

struct word {
	const char *text;
	unsigned char len;
	unsigned char kind;
};

#define WORD(text, kind)                                                                           \
	{                                                                                          \
		text, sizeof(text) - 1, INTRO_FD_KIND_##kind                                       \
	}

/* Those with a number: "pipe:[81952564]". */
static const struct word numbered[] = {
	WORD("pipe", PIPE), WORD("socket", SOCKET), WORD("net", NS),      WORD("mnt", NS),
	WORD("pid", NS),    WORD("user", NS),       WORD("uts", NS),      WORD("ipc", NS),
	WORD("cgroup", NS), WORD("time", NS),       WORD("pidfd", PIDFD), /* Linux 6.9 */
};

/* Those behind "anon_inode:", in brackets or not. */
static const struct word anonymous[] = {
	WORD("eventfd", EVENTFD), WORD("eventpoll", EPOLL),
	WORD("timerfd", TIMERFD), WORD("signalfd", SIGNALFD),
	WORD("inotify", INOTIFY), WORD("fanotify", FANOTIFY),
	WORD("pidfd", PIDFD),     WORD("io_uring", IO_URING),
	WORD("perf_event", PERF), WORD("userfaultfd", USERFAULTFD),
	WORD("bpf-map", BPF),     WORD("bpf-prog", BPF),
	WORD("bpf_link", BPF),    WORD("bpf-link", BPF),
	WORD("bpf_iter", BPF),    WORD("bpf-token", BPF),
	WORD("btf", BPF),
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static enum intro_fd_kind find(const struct word *words, size_t count, const char *text, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].len == len && memcmp(words[i].text, text, len) == 0)
			return words[i].kind;
	return INTRO_FD_KIND_UNKNOWN;
}

static void parse_numbered(const char *p, const char *end, struct intro_link *ret)
{
	const char *colon = memchr(p, ':', (size_t)(end - p));
	enum intro_fd_kind kind;
	uint64_t ino;

	if (!colon)
		return;
	kind = find(numbered, COUNT(numbered), p, (size_t)(colon - p));
	p = colon;
	if (kind == INTRO_FD_KIND_UNKNOWN || !INTRO_TAKE_LITERAL(&p, end, ":[") ||
	    !intro_take_u64(&p, end, &ino) || end - p != 1 || *p != ']')
		return;
	ret->kind = kind;
	ret->has_ino = true;
	ret->ino = ino;
}

static void parse_anonymous(const char *p, const char *end, struct intro_link *ret)
{
	if (end - p >= 2 && *p == '[' && end[-1] == ']') {
		p++;
		end--;
	}
	ret->kind = find(anonymous, COUNT(anonymous), p, (size_t)(end - p));
	if (ret->kind == INTRO_FD_KIND_UNKNOWN)
		ret->kind = INTRO_FD_KIND_ANON;
}

void intro_parse_link(const char *text, size_t len, struct intro_link *ret)
{
	static const size_t suffix = sizeof(INTRO_LINK_SUFFIX) - 1;
	const char *p = text, *end = text + len;

	*ret = (struct intro_link){.kind = INTRO_FD_KIND_UNKNOWN};
	if (len == 0)
		return;
	if (*p == '/') {
		ret->is_path = true;
		ret->may_be_memfd = INTRO_TAKE_LITERAL(&p, end, "/memfd:");
		ret->has_suffix =
			len > suffix && memcmp(end - suffix, INTRO_LINK_SUFFIX, suffix) == 0;
	} else if (INTRO_TAKE_LITERAL(&p, end, "anon_inode:")) {
		parse_anonymous(p, end, ret);
	} else {
		parse_numbered(p, end, ret);
	}
}
