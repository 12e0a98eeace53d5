/*
 * All sets of names. To add one: a .def file, its word in enum intro_names, a paragraph here, a row
 * in `sets`; and where the system's headers have the constants, a line in a file that checks them.
 */
#include <intro/fd.h>

#include "names/set.h"

#define SET signal
#define SET_FILE "names/signal.def"
#include "names/expand.h"

#define SET state
#define SET_FILE "names/state.def"
#include "names/expand.h"

#define SET policy
#define SET_FILE "names/policy.def"
#include "names/expand.h"

#define SET sched_class
#define SET_FILE "names/sched_class.def"
#include "names/expand.h"

#define SET sched_flag
#define SET_IS_FLAGS
#define SET_FILE "names/sched_flag.def"
#include "names/expand.h"

#define SET capability
#define SET_FILE "names/capability.def"
#include "names/expand.h"

#define SET seccomp
#define SET_FILE "names/seccomp.def"
#include "names/expand.h"

#define SET ioprio_class
#define SET_FILE "names/ioprio_class.def"
#include "names/expand.h"

#define SET task_flag
#define SET_IS_FLAGS
#define SET_FILE "names/task_flag.def"
#include "names/expand.h"

#define SET namespace
#define SET_IS_FLAGS
#define SET_FILE "names/namespace.def"
#include "names/expand.h"

#define SET rlimit
#define SET_FILE "names/rlimit.def"
#include "names/expand.h"

#define SET errno_name
#define SET_FILE "names/errno.def"
#include "names/expand.h"

#define SET syscall_x86_64
#define SET_FILE "names/syscall_x86_64.def"
#include "names/expand.h"

#define SET syscall_i386
#define SET_FILE "names/syscall_i386.def"
#include "names/expand.h"

#define SET slot
#define SET_FILE "names/slot.def"
#include "names/expand.h"

#define SET fd_kind
#define SET_FILE "names/fd_kind.def"
#include "names/expand.h"

#define SET fd_access
#define SET_FILE "names/fd_access.def"
#include "names/expand.h"

#define SET open_flag
#define SET_IS_FLAGS
#define SET_FILE "names/open_flag.def"
#include "names/expand.h"

#define SET lock_type
#define SET_FILE "names/lock_type.def"
#include "names/expand.h"

#define SET lock_mode
#define SET_FILE "names/lock_mode.def"
#include "names/expand.h"

#define SET epoll_event
#define SET_IS_FLAGS
#define SET_FILE "names/epoll_event.def"
#include "names/expand.h"

#define SET inotify_event
#define SET_IS_FLAGS
#define SET_FILE "names/inotify_event.def"
#include "names/expand.h"

#define SET fanotify_event
#define SET_IS_FLAGS
#define SET_FILE "names/fanotify_event.def"
#include "names/expand.h"

#define SET seal
#define SET_IS_FLAGS
#define SET_FILE "names/seal.def"
#include "names/expand.h"

#define SET clock
#define SET_FILE "names/clock.def"
#include "names/expand.h"

#define SET socket_family
#define SET_FILE "names/socket_family.def"
#include "names/expand.h"

#define SET socket_type
#define SET_FILE "names/socket_type.def"
#include "names/expand.h"

#define SET socket_state
#define SET_FILE "names/socket_state.def"
#include "names/expand.h"

#define SET socket_timer
#define SET_FILE "names/socket_timer.def"
#include "names/expand.h"

#define SET ip_protocol
#define SET_FILE "names/ip_protocol.def"
#include "names/expand.h"

#define SET netlink_protocol
#define SET_FILE "names/netlink_protocol.def"
#include "names/expand.h"

#define SET ethertype
#define SET_IS_SPARSE
#define SET_FILE "names/ethertype.def"
#include "names/expand.h"

#define SET bpf_map_type
#define SET_FILE "names/bpf_map_type.def"
#include "names/expand.h"

#define SET bpf_prog_type
#define SET_FILE "names/bpf_prog_type.def"
#include "names/expand.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* `greatest`: up to where a number passes for a value. Most of them are ints in the kernel. */
#define ENUMERATION(set, common, greatest)                                                         \
	.kind = INTRO_SET_ENUMERATION, .most = (greatest), .prefix = (common),                     \
	.texts = (const char *)&set##_texts, .by_value = set##_by_value,                           \
	.by_value_count = COUNT(set##_by_value), .rows = set##_rows
#define SPARSE(set, common, greatest)                                                              \
	.kind = INTRO_SET_ENUMERATION, .most = (greatest), .prefix = (common),                     \
	.texts = (const char *)&set##_texts, .rows = set##_rows
#define FLAGS(set, common)                                                                         \
	.kind = INTRO_SET_FLAGS, .most = UINT64_MAX, .prefix = (common),                           \
	.texts = (const char *)&set##_texts, .rows = set##_rows

static const struct intro_name_set sets[INTRO_NAMES_COUNT] = {
	[INTRO_NAMES_SIGNAL] = {ENUMERATION(signal, "SIG", 64), .base = 1, .least = 1},
	[INTRO_NAMES_STATE] = {ENUMERATION(state, "", 127), .has_letters = true},
	[INTRO_NAMES_POLICY] = {ENUMERATION(policy, "SCHED_", INT32_MAX)},
	[INTRO_NAMES_SCHED_CLASS] = {ENUMERATION(sched_class, "", INT32_MAX)},
	[INTRO_NAMES_SCHED_FLAG] = {FLAGS(sched_flag, "SCHED_FLAG_")},
	[INTRO_NAMES_CAPABILITY] = {ENUMERATION(capability, "CAP_", 63)},
	[INTRO_NAMES_SECCOMP] = {ENUMERATION(seccomp, "", INT32_MAX)},
	[INTRO_NAMES_IOPRIO_CLASS] = {ENUMERATION(ioprio_class, "", INT32_MAX)},
	[INTRO_NAMES_TASK_FLAG] = {FLAGS(task_flag, "PF_")},
	[INTRO_NAMES_NAMESPACE] = {FLAGS(namespace, "CLONE_NEW")},
	[INTRO_NAMES_RLIMIT] = {ENUMERATION(rlimit, "RLIMIT_", INT32_MAX)},
	[INTRO_NAMES_ERRNO] = {ENUMERATION(errno_name, "", 4095)},
	[INTRO_NAMES_SYSCALL_X86_64] = {ENUMERATION(syscall_x86_64, "", INT32_MAX)},
	[INTRO_NAMES_SYSCALL_I386] = {ENUMERATION(syscall_i386, "", INT32_MAX)},
	[INTRO_NAMES_SLOT] = {ENUMERATION(slot, "", INT32_MAX)},
	[INTRO_NAMES_FD_KIND] = {ENUMERATION(fd_kind, "", INT32_MAX)},
	[INTRO_NAMES_FD_ACCESS] = {ENUMERATION(fd_access, "", INT32_MAX)},
	[INTRO_NAMES_OPEN_FLAG] = {FLAGS(open_flag, "O_")},
	[INTRO_NAMES_LOCK_TYPE] = {ENUMERATION(lock_type, "", INT32_MAX)},
	[INTRO_NAMES_LOCK_MODE] = {ENUMERATION(lock_mode, "", INT32_MAX)},
	[INTRO_NAMES_EPOLL_EVENT] = {FLAGS(epoll_event, "EPOLL")},
	[INTRO_NAMES_INOTIFY_EVENT] = {FLAGS(inotify_event, "IN_")},
	[INTRO_NAMES_FANOTIFY_EVENT] = {FLAGS(fanotify_event, "FAN_")},
	[INTRO_NAMES_SEAL] = {FLAGS(seal, "F_SEAL_")},
	[INTRO_NAMES_CLOCK] = {ENUMERATION(clock, "CLOCK_", INT32_MAX)},
	[INTRO_NAMES_SOCKET_FAMILY] = {ENUMERATION(socket_family, "", INT32_MAX)},
	[INTRO_NAMES_SOCKET_TYPE] = {ENUMERATION(socket_type, "", INT32_MAX)},
	[INTRO_NAMES_SOCKET_STATE] = {ENUMERATION(socket_state, "", INT32_MAX)},
	[INTRO_NAMES_SOCKET_TIMER] = {ENUMERATION(socket_timer, "", INT32_MAX)},
	[INTRO_NAMES_IP_PROTOCOL] = {ENUMERATION(ip_protocol, "", INT32_MAX)},
	[INTRO_NAMES_NETLINK_PROTOCOL] = {ENUMERATION(netlink_protocol, "", INT32_MAX)},
	[INTRO_NAMES_ETHERTYPE] = {SPARSE(ethertype, "", UINT16_MAX)},
	[INTRO_NAMES_BPF_MAP_TYPE] = {ENUMERATION(bpf_map_type, "", INT32_MAX)},
	[INTRO_NAMES_BPF_PROG_TYPE] = {ENUMERATION(bpf_prog_type, "", INT32_MAX)},
};

const struct intro_name_set *intro_set_find(enum intro_names which)
{
	return (unsigned)which < INTRO_NAMES_COUNT ? &sets[which] : NULL;
}
