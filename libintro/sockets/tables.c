/* The tables of a network namespace, asked of the kernel; where it does not answer, the files. */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>

#include "sockets/netlink.h"
#include "sockets/sockets.h"

#define STATE(state) (1u << INTRO_SOCKET_##state)
#define EXTENSION(extension) (1u << ((extension)-1))

/* Sockets in these states have no inode: no process has them, and there can be very many. */
#define NOBODYS (STATE(TIME_WAIT) | STATE(NEW_SYN_RECV))

#define EVERY_COOKIE UINT32_MAX
#define UNIX_SHOW                                                                                  \
	(UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS |                   \
	 UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID)

struct taker {
	struct intro_sockets *sockets;
	uint64_t netns;
	int family, protocol;
	bool replace;
	bool saw_subflow;
};

static int decode(const struct taker *taker, const void *data, size_t len, struct intro_diag *diag)
{
	switch (taker->family) {
	case AF_UNIX:
		return intro_diag_unix(data, len, diag);
	case AF_NETLINK:
		return intro_diag_netlink(data, len, diag);
	case AF_PACKET:
		return intro_diag_packet(data, len, diag);
	default:
		return intro_diag_inet(data, len, taker->protocol, diag);
	}
}

static int take(void *context, const void *data, size_t len)
{
	struct taker *taker = context;
	struct intro_diag diag;

	if (decode(taker, data, len, &diag))
		return 0; /* not what was asked for */
	diag.socket.netns = taker->netns;
	taker->saw_subflow |= diag.is_subflow;
	return intro_store_add(&taker->sockets->store, &diag, taker->replace) ? -ENOMEM : 0;
}

static int ask(struct taker *taker, const struct intro_netns *netns,
	       const struct intro_diag_question *question)
{
	taker->netns = netns->ino;
	return intro_diag_ask(netns->diag_fd, question, taker->sockets->buffer, take, taker);
}

static int ask_unix(struct intro_sockets *sockets, struct intro_netns *netns, uint32_t ino)
{
	struct taker taker = {.sockets = sockets, .family = AF_UNIX};
	struct unix_diag_req request = {
		.sdiag_family = AF_UNIX,
		.udiag_states = UINT32_MAX,
		.udiag_ino = ino,
		.udiag_show = UNIX_SHOW,
		.udiag_cookie = {EVERY_COOKIE, EVERY_COOKIE},
	};
	struct intro_diag_question question = {
		.type = SOCK_DIAG_BY_FAMILY,
		.request = &request,
		.len = sizeof(request),
		.is_dump = !ino,
	};

	return ask(&taker, netns, &question);
}

static int ask_netlink(struct intro_sockets *sockets, struct intro_netns *netns)
{
	struct taker taker = {.sockets = sockets, .family = AF_NETLINK};
	struct netlink_diag_req request = {
		.sdiag_family = AF_NETLINK,
		.sdiag_protocol = NDIAG_PROTO_ALL,
		.ndiag_show = NDIAG_SHOW_GROUPS | NDIAG_SHOW_MEMINFO,
	};
	struct intro_diag_question question = {
		.type = SOCK_DIAG_BY_FAMILY,
		.request = &request,
		.len = sizeof(request),
		.is_dump = 1,
	};

	return ask(&taker, netns, &question);
}

static int ask_packet(struct intro_sockets *sockets, struct intro_netns *netns)
{
	struct taker taker = {.sockets = sockets, .family = AF_PACKET};
	struct packet_diag_req request = {
		.sdiag_family = AF_PACKET,
		.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO,
	};
	struct intro_diag_question question = {
		.type = SOCK_DIAG_BY_FAMILY,
		.request = &request,
		.len = sizeof(request),
		.is_dump = 1,
	};

	return ask(&taker, netns, &question);
}

/* IPv4, then IPv6. The number of MPTCP is too large for the request: it has an attribute. */
static int ask_inet(struct intro_sockets *sockets, struct intro_netns *netns, int protocol,
		    uint32_t states)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	struct taker taker = {
		.sockets = sockets,
		.protocol = protocol,
		.replace = protocol == IPPROTO_MPTCP,
	};
	struct {
		struct inet_diag_req_v2 request;
		struct nlattr attr;
		uint32_t protocol;
	} message = {
		.request = {.sdiag_protocol = (uint8_t)protocol, .idiag_states = states},
		.attr = {.nla_len = sizeof(struct nlattr) + sizeof(uint32_t),
			 .nla_type = INET_DIAG_REQ_PROTOCOL},
		.protocol = (uint32_t)protocol,
	};
	struct intro_diag_question question = {
		.type = SOCK_DIAG_BY_FAMILY,
		.request = &message,
		.len = protocol > UINT8_MAX ? sizeof(message) : sizeof(message.request),
		.is_dump = 1,
	};
	int result = 0;

	if (protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE)
		message.request.idiag_ext = EXTENSION(INET_DIAG_SKMEMINFO);
	for (size_t i = 0; i < sizeof(families); i++) {
		int r;

		message.request.sdiag_family = families[i];
		r = ask(&taker, netns, &question);
		if (r)
			result = r;
	}
	return result;
}

/*
 * TCP by the older form of the request, which leaves the family open: the large table is walked
 * once and not twice.
 */
static int ask_tcp(struct intro_sockets *sockets, struct intro_netns *netns, uint32_t states)
{
	struct taker taker = {.sockets = sockets, .protocol = IPPROTO_TCP};
	struct inet_diag_req request = {.idiag_states = states};
	struct intro_diag_question question = {
		.type = TCPDIAG_GETSOCK,
		.request = &request,
		.len = sizeof(request),
		.is_dump = 1,
	};
	int r = ask(&taker, netns, &question);

	if (r && r != -ENOMEM)
		r = ask_inet(sockets, netns, IPPROTO_TCP, states);
	/* Its table is slow to walk: only if there are sockets that must be in it. */
	if (r == 0 && taker.saw_subflow)
		ask_inet(sockets, netns, IPPROTO_MPTCP, states);
	return r;
}

static int ask_table(struct intro_sockets *sockets, struct intro_netns *netns,
		     enum intro_table table)
{
	switch (table) {
	case INTRO_TABLE_UNIX:
		return ask_unix(sockets, netns, 0);
	case INTRO_TABLE_NETLINK:
		return ask_netlink(sockets, netns);
	case INTRO_TABLE_PACKET:
		return ask_packet(sockets, netns);
	case INTRO_TABLE_UDP:
		return ask_inet(sockets, netns, IPPROTO_UDP, ~NOBODYS);
	case INTRO_TABLE_UDPLITE:
		return ask_inet(sockets, netns, IPPROTO_UDPLITE, ~NOBODYS);
	case INTRO_TABLE_LISTENERS:
		return ask_tcp(sockets, netns, STATE(LISTEN));
	case INTRO_TABLE_TCP:
		return ask_tcp(sockets, netns, ~(NOBODYS | STATE(LISTEN)));
	case INTRO_TABLE_RAW:
		return ask_inet(sockets, netns, IPPROTO_RAW, ~NOBODYS);
	case INTRO_TABLE_OTHER:
		ask_inet(sockets, netns, IPPROTO_SCTP, ~NOBODYS);
		ask_inet(sockets, netns, IPPROTO_DCCP, ~NOBODYS);
		return 0; /* there are no files of them that we know */
	default:
		return -ENOENT; /* the kernel tells of it in files alone */
	}
}

static void mark_done(struct intro_netns *netns, enum intro_table table)
{
	netns->done |= 1u << table;
	/* An open socket keeps a namespace alive; our own lives anyway. */
	if (netns->done == INTRO_TABLES_ALL && !netns->is_own)
		intro_netns_close(netns);
}

int intro_table_read(struct intro_sockets *sockets, struct intro_netns *netns,
		     enum intro_table table)
{
	size_t first = sockets->store.count;
	int r = -ENOENT;

	if (netns->done & 1u << table)
		return 0;
	if (netns->diag_fd >= 0)
		r = ask_table(sockets, netns, table);
	if (r == -ENOMEM)
		return INTRO_E_NOMEM;
	if (r && intro_files_read(sockets, netns, table))
		return INTRO_E_NOMEM;
	mark_done(netns, table);
	switch (table) {
	case INTRO_TABLE_LISTENERS:
	case INTRO_TABLE_TCP: /* the files have both in one */
	case INTRO_TABLE_UDP:
	case INTRO_TABLE_UDPLITE:
		return intro_reuseport_count(&sockets->store, first);
	default:
		return 0;
	}
}

int intro_table_ask_unix(struct intro_sockets *sockets, struct intro_netns *netns, uint64_t ino)
{
	bool is_read = netns->done & 1u << INTRO_TABLE_UNIX;
	int *asks = is_read ? &netns->asks_late : &netns->asks_early;

	if (netns->diag_fd < 0 || *asks == 0 || ino == 0 || ino > UINT32_MAX)
		return 0;
	--*asks;
	return ask_unix(sockets, netns, (uint32_t)ino) == -ENOMEM ? INTRO_E_NOMEM : 0;
}
