/* The rows of /proc/PID/net/{tcp,udp,raw,icmp,netlink,packet}: fields between blanks. */
#include <netinet/in.h>

#include "base/number.h"
#include "proc/text.h"
#include "sockets/diag.h"
#include "sockets/inet.h"

#define MS_PER_TICK 10 /* times are in hundredths of a second */
#define HEX_PER_WORD 8

static bool take_char(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	++*p;
	return true;
}

static bool take_hex32(const char **p, const char *end, uint32_t *ret)
{
	uint64_t value;

	if (!intro_take_hex(p, end, &value) || value > UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	return true;
}

/* A column in decimal, with the blanks before it. */
static bool column(const char **p, const char *end, uint64_t *ret)
{
	intro_skip_blanks(p, end);
	return intro_take_u64(p, end, ret) && (*p == end || **p == ' ');
}

static bool column_hex(const char **p, const char *end, uint64_t *ret)
{
	intro_skip_blanks(p, end);
	return intro_take_hex(p, end, ret) && (*p == end || **p == ' ');
}

/* "0100007F:1F90": words of the address as this machine stores them, and the port in hex. */
static bool take_address(const char **p, const char *end, int family,
			 struct intro_socket_address *ret)
{
	size_t words = family == AF_INET ? 1 : 4;
	uint8_t ip[16];
	uint32_t port;

	intro_skip_blanks(p, end);
	for (size_t i = 0; i < words; i++) {
		const char *word = *p;
		uint32_t value;

		if (end - word < HEX_PER_WORD || !take_hex32(&word, *p + HEX_PER_WORD, &value) ||
		    word != *p + HEX_PER_WORD)
			return false;
		*p = word;
		memcpy(ip + i * 4, &value, sizeof(value));
	}
	if (!take_char(p, end, ':') || !take_hex32(p, end, &port) || port > UINT16_MAX)
		return false;
	intro_inet_address(ret, family, ip, (uint16_t)port);
	return true;
}

/* "00000000:00000000" */
static bool take_pair(const char **p, const char *end, uint32_t *first, uint32_t *second)
{
	intro_skip_blanks(p, end);
	return take_hex32(p, end, first) && take_char(p, end, ':') && take_hex32(p, end, second);
}

static void set_timer(struct intro_socket *socket, uint32_t timer, uint32_t ticks)
{
	/* The file says 4 for the probe of a closed window, as the messages do. */
	if (timer > INTRO_SOCKET_TIMER_PERSIST)
		return;
	socket->timer = timer;
	socket->timer_ms = ticks > UINT32_MAX / MS_PER_TICK ? UINT32_MAX : ticks * MS_PER_TICK;
	socket->have |= INTRO_SOCKET_TIMER;
}

/* After the inode number: "2 ffff888003 0": how often it is used, where it is, and drops. */
static void take_drops(const char *p, const char *end, struct intro_socket *socket)
{
	uint64_t references, where, drops;

	if (!column(&p, end, &references) || !column_hex(&p, end, &where) ||
	    !column(&p, end, &drops))
		return;
	socket->drops = (uint32_t)drops;
	socket->have |= INTRO_SOCKET_DROPS;
}

/*
 * "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   1000        0
 * 12345 ...", all in one line: addresses, state, queues, timer, retransmits, uid, unanswered
 * probes, inode.
 */
static bool take_inet(const char *p, const char *end, const struct intro_procnet_inet *kind,
		      struct intro_diag *ret)
{
	struct intro_socket *socket = &ret->socket;
	uint32_t send, receive, timer, ticks;
	uint64_t number, state, retransmits, uid, probes;

	intro_diag_clear(ret);
	socket->family = kind->family;
	socket->type = kind->type;
	socket->protocol = kind->protocol;
	intro_skip_blanks(&p, end);
	if (!intro_take_u64(&p, end, &number) || !take_char(&p, end, ':') ||
	    !take_address(&p, end, kind->family, &socket->local) ||
	    !take_address(&p, end, kind->family, &socket->remote) || !column_hex(&p, end, &state) ||
	    !take_pair(&p, end, &send, &receive) || !take_pair(&p, end, &timer, &ticks) ||
	    !column_hex(&p, end, &retransmits) || !column(&p, end, &uid) ||
	    !column(&p, end, &probes) || !column(&p, end, &socket->ino) ||
	    state > INTRO_SOCKET_BOUND_INACTIVE)
		return false;
	socket->state = (enum intro_socket_state)state;
	socket->uid = (uint32_t)uid;
	socket->have = INTRO_SOCKET_STATE | INTRO_SOCKET_UID;
	/* Of a listener the file has no backlog: half an answer is none. */
	if (socket->state != INTRO_SOCKET_LISTEN)
		intro_inet_queues(socket, receive, send);
	if (kind->type == SOCK_STREAM) {
		set_timer(socket, timer, ticks);
		socket->retransmits = (uint32_t)retransmits;
	} else {
		take_drops(p, end, socket);
	}
	if (kind->protocol == 0)
		intro_inet_raw(socket);
	return true;
}

int intro_procnet_inet(const char **p, const char *end, const struct intro_procnet_inet *kind,
		       struct intro_diag *ret)
{
	const char *begin, *stop;

	while (intro_take_line(p, end, &begin, &stop)) {
		if (take_inet(begin, stop, kind, ret))
			return 1;
	}
	return 0;
}

/* "0000000005a384ee 0   1234   00000011 0        0        0     2        0        1584" */
static bool take_netlink(const char *p, const char *end, struct intro_diag *ret)
{
	struct intro_socket *socket = &ret->socket;
	uint64_t where, protocol, port, receive, send, dump, references, drops;

	intro_diag_clear(ret);
	if (!column_hex(&p, end, &where) || !column(&p, end, &protocol) ||
	    !column(&p, end, &port) || !column_hex(&p, end, &socket->groups) ||
	    !column(&p, end, &receive) || !column(&p, end, &send) || !column(&p, end, &dump) ||
	    !column(&p, end, &references) || !column(&p, end, &drops) ||
	    !column(&p, end, &socket->ino) || protocol > UINT8_MAX || port > UINT32_MAX)
		return false;
	socket->family = AF_NETLINK;
	socket->protocol = (int)protocol;
	socket->local.port_id = (uint32_t)port;
	socket->local.present = port;
	socket->recv_q = (uint32_t)receive;
	socket->send_q = (uint32_t)send;
	socket->drops = (uint32_t)drops;
	socket->have = INTRO_SOCKET_GROUPS | INTRO_SOCKET_QUEUES | INTRO_SOCKET_DROPS;
	return true;
}

int intro_procnet_netlink(const char **p, const char *end, struct intro_diag *ret)
{
	const char *begin, *stop;

	while (intro_take_line(p, end, &begin, &stop)) {
		if (take_netlink(begin, stop, ret))
			return 1;
	}
	return 0;
}

/* "000000009735cfba 3      3    0003   2     1 0      0      12345" */
static bool take_packet(const char *p, const char *end, struct intro_diag *ret)
{
	struct intro_socket *socket = &ret->socket;
	uint64_t where, references, type, protocol, interface, running, receive, uid;

	intro_diag_clear(ret);
	if (!column_hex(&p, end, &where) || !column(&p, end, &references) ||
	    !column(&p, end, &type) || !column_hex(&p, end, &protocol) ||
	    !column(&p, end, &interface) || !column(&p, end, &running) ||
	    !column(&p, end, &receive) || !column(&p, end, &uid) ||
	    !column(&p, end, &socket->ino) || type > UINT8_MAX || protocol > UINT16_MAX)
		return false;
	socket->family = AF_PACKET;
	socket->type = (int)type;
	socket->protocol = (int)protocol;
	socket->local.interface = (uint32_t)interface;
	socket->local.present = protocol || interface;
	socket->uid = (uint32_t)uid;
	socket->have = INTRO_SOCKET_UID;
	return true;
}

int intro_procnet_packet(const char **p, const char *end, struct intro_diag *ret)
{
	const char *begin, *stop;

	while (intro_take_line(p, end, &begin, &stop)) {
		if (take_packet(begin, stop, ret))
			return 1;
	}
	return 0;
}
