/*
 * The same as constants_check.c, for the names of what descriptors are. Holds no code. Rows without
 * a macro (TEXT, FIELD_TEXT) are newer than the headers of some systems that this builds on.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <time.h>

#define TEXT(value, text)
#define ALIAS_TEXT(value, text)
#define FIELD_TEXT(mask, value, text)

#define NAME(value, name) _Static_assert((name) == (value), #name);
#define WORD(value, text, name) NAME(value, name)
#define BIT(value, name) NAME(value, name)
#define FIELD(mask, value, name)                                                                   \
	NAME(value, name) _Static_assert(((mask) & (value)) == (value), #name);
#include "names/bpf_map_type.def"
#include "names/bpf_prog_type.def"
#include "names/clock.def"
#include "names/epoll_event.def"
#include "names/ethertype.def"
#include "names/fanotify_event.def"
#include "names/inotify_event.def"
#include "names/ip_protocol.def"
#include "names/netlink_protocol.def"
#include "names/seal.def"
#include "names/socket_family.def"
#include "names/socket_type.def"

/* open(2) has other numbers for some of its flags on other machines. */
#ifdef __x86_64__
#include "names/open_flag.def"
#endif
