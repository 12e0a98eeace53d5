/*
 * Compiles only if the names have the values that the system's headers give them. Holds no code.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define TEXT(value, text)
#define ALIAS_TEXT(value, text)

/* The headers of every system that this builds on have all of these. */
#define NAME(value, name) _Static_assert((name) == (value), #name);
#define ALIAS(value, name) NAME(value, name)
#define BIT(value, name) NAME(value, name)
#include "names/capability.def"
#include "names/errno.def"
#include "names/inotify_event.def"
#include "names/namespace.def"
#include "names/rlimit.def"
#include "names/sched_flag.def"
#include "names/signal.def"
#undef NAME
#undef ALIAS

_Static_assert(CAP_LAST_CAP <= 63, "a capability set is one word");

/* Of sets whose names are not those of the headers, or that the headers lack in part: the ends. */
_Static_assert(O_APPEND == 02000 && O_NONBLOCK == 04000 && O_SYNC == 04010000, "open_flag");
_Static_assert(O_DIRECT == 040000 && O_TMPFILE == 020200000 && O_PATH == 010000000, "open_flag");
_Static_assert(EPOLLRDHUP == 0x2000 && EPOLLEXCLUSIVE == 1u << 28 && EPOLLET == 1u << 31, "epoll");
_Static_assert(CLOCK_BOOTTIME == 7 && CLOCK_TAI == 11, "clock");
_Static_assert(F_SEAL_SEAL == 1 && F_SEAL_FUTURE_WRITE == 0x10, "seal");
_Static_assert(AF_NETLINK == 16 && AF_VSOCK == 40 && AF_XDP == 44, "socket_family");
_Static_assert(SOCK_STREAM == 1 && SOCK_SEQPACKET == 5, "socket_type");
_Static_assert(NETLINK_AUDIT == 9 && NETLINK_CRYPTO == 21, "netlink_protocol");
_Static_assert(BPF_MAP_TYPE_RINGBUF == 27 && BPF_MAP_TYPE_BLOOM_FILTER == 30, "bpf_map_type");
_Static_assert(BPF_PROG_TYPE_SK_LOOKUP == 30 && BPF_PROG_TYPE_SYSCALL == 31, "bpf_prog_type");

/*
 * Some headers lack the newest of these. A name that is no macro there stays a name when it is
 * pasted below, and is declared with our own value; one that is a macro becomes its number, and
 * the numbers are declared as themselves.
 */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#define NAME(value, name) policy_is_##value = (value), policy_is_##name = (value),
#define ALIAS(value, name) policy_is_##name = (value),
enum {
#include "names/policy.def"
};
#undef NAME
#undef ALIAS

#define NAME(value, name) _Static_assert(PASTE(policy_is_, name) == (value), #name);
#define ALIAS(value, name) NAME(value, name)
#include "names/policy.def"
