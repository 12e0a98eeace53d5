/* What the kernel tells of a socket of TCP, UDP and their like. */
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <intro/error.h>

#include "sockets/diag.h"
#include "sockets/inet.h"

/* INET_DIAG_SKMEMINFO is an array: SK_MEMINFO_* are its indices. */
#define DROPS_AT (SK_MEMINFO_DROPS * sizeof(uint32_t))

int intro_inet_type(int protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_MPTCP:
		return SOCK_STREAM;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return SOCK_DGRAM;
	case IPPROTO_DCCP:
		return SOCK_DCCP;
	default: /* SCTP has two */
		return -1;
	}
}

/* { INET_ULP_INFO_NAME: "mptcp", ... } */
static bool is_subflow(const struct intro_attr *ulp)
{
	const unsigned char *p = ulp->data, *end = p + ulp->len;
	struct intro_attr attr;

	while (intro_attr_take(&p, end, &attr)) {
		if (attr.type == INET_ULP_INFO_NAME)
			return attr.len == sizeof("mptcp") && !memcmp(attr.data, "mptcp", 6);
	}
	return false;
}

static void decode_attrs(const unsigned char *p, const unsigned char *end, struct intro_diag *ret)
{
	struct intro_socket *socket = &ret->socket;
	struct intro_attr attr;

	while (intro_attr_take(&p, end, &attr)) {
		switch (attr.type) {
		case INET_DIAG_SHUTDOWN:
			if (attr.len < 1)
				break;
			socket->shutdown = attr.data[0] & 3;
			socket->have |= INTRO_SOCKET_SHUTDOWN;
			break;
		case INET_DIAG_SKV6ONLY:
			if (attr.len < 1)
				break;
			socket->v6only = attr.data[0];
			socket->have |= INTRO_SOCKET_V6ONLY;
			break;
		case INET_DIAG_SKMEMINFO:
			if (attr.len < DROPS_AT + sizeof(uint32_t))
				break;
			socket->drops = intro_get_u32(attr.data + DROPS_AT);
			socket->have |= INTRO_SOCKET_DROPS;
			break;
		case INET_DIAG_ULP_INFO:
			ret->is_subflow = is_subflow(&attr);
			break;
		default:
			break;
		}
	}
}

static bool is_some(const void *ip, size_t size)
{
	static const uint8_t any[16];

	return memcmp(ip, any, size) != 0;
}

void intro_inet_address(struct intro_socket_address *address, int family, const void *ip,
			uint16_t port)
{
	size_t size = family == AF_INET ? 4 : 16;

	memcpy(address->ip, ip, size);
	address->port = port;
	address->present = port || is_some(ip, size);
}

void intro_inet_queues(struct intro_socket *socket, uint32_t receive, uint32_t send)
{
	if (socket->state == INTRO_SOCKET_LISTEN && socket->type != SOCK_DGRAM) {
		socket->accept_queue = receive;
		socket->backlog = send;
		socket->have |= INTRO_SOCKET_LISTENER;
	} else {
		socket->recv_q = receive;
		socket->send_q = send;
		socket->have |= INTRO_SOCKET_QUEUES;
	}
}

void intro_inet_raw(struct intro_socket *socket)
{
	socket->type = SOCK_RAW;
	socket->protocol = socket->local.port;
	socket->local.port = 0;
	socket->local.present = is_some(socket->local.ip, socket->family == AF_INET ? 4 : 16);
}

int intro_diag_inet(const void *data, size_t len, int protocol, struct intro_diag *ret)
{
	struct inet_diag_msg msg;
	struct intro_diag diag;
	struct intro_socket *socket = &diag.socket;
	uint64_t high;

	if (len < sizeof(msg))
		return INTRO_E_FORMAT;
	memcpy(&msg, data, sizeof(msg));
	if (msg.idiag_family != AF_INET && msg.idiag_family != AF_INET6)
		return INTRO_E_FORMAT;
	intro_diag_clear(&diag);
	socket->family = msg.idiag_family;
	socket->protocol = protocol;
	socket->type = intro_inet_type(protocol);
	socket->state = msg.idiag_state;
	socket->ino = msg.idiag_inode;
	socket->uid = msg.idiag_uid;
	intro_inet_address(&socket->local, socket->family, msg.id.idiag_src,
			   ntohs(msg.id.idiag_sport));
	intro_inet_address(&socket->remote, socket->family, msg.id.idiag_dst,
			   ntohs(msg.id.idiag_dport));
	socket->local.interface = msg.id.idiag_if;
	high = msg.id.idiag_cookie[1];
	socket->cookie = high << 32 | msg.id.idiag_cookie[0];
	socket->have = INTRO_SOCKET_STATE | INTRO_SOCKET_UID | INTRO_SOCKET_COOKIE;
	intro_inet_queues(socket, msg.idiag_rqueue, msg.idiag_wqueue);
	if (msg.idiag_timer <= INTRO_SOCKET_TIMER_PERSIST) {
		socket->timer = msg.idiag_timer;
		socket->timer_ms = msg.idiag_expires;
		socket->retransmits = msg.idiag_retrans;
		socket->have |= INTRO_SOCKET_TIMER;
	}
	if (protocol == IPPROTO_RAW)
		intro_inet_raw(socket);
	decode_attrs((const unsigned char *)data + sizeof(msg), (const unsigned char *)data + len,
		     &diag);
	*ret = diag;
	return 0;
}
