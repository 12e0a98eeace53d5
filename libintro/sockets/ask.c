/*
 * What a socket says of itself through a descriptor. Options and addresses only: a copy shares the
 * open file description with its owner, so nothing is read from it and nothing is set.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>

#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "sockets/inet.h"
#include "sockets/sockets.h"

#define OPTION_COOKIE 57  /* SO_COOKIE */
#define OPTION_MEMINFO 55 /* SO_MEMINFO */
#define OPTION_IFINDEX 62 /* SO_BINDTOIFINDEX */

union any_address {
	struct sockaddr generic;
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
	struct sockaddr_un un;
	struct sockaddr_nl netlink;
	struct sockaddr_ll packet;
	struct sockaddr_vm vsock;
	struct sockaddr_storage storage;
};

typedef int get_name(int fd, struct sockaddr *address, socklen_t *len);

static bool get_int(int fd, int level, int option, int *ret)
{
	int value = 0;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, level, option, &value, &len) || len != sizeof(value))
		return false;
	*ret = value;
	return true;
}

static void unix_address(const struct sockaddr_un *un, size_t len, struct intro_socket_address *ret)
{
	const char *name = un->sun_path;

	if (len <= offsetof(struct sockaddr_un, sun_path))
		return;
	len -= offsetof(struct sockaddr_un, sun_path);
	ret->present = true;
	ret->is_abstract = !name[0];
	if (ret->is_abstract)
		ret->path = (struct intro_bytes){name + 1, len - 1};
	else
		ret->path = (struct intro_bytes){name, strnlen(name, len)};
}

/* The name of a UNIX socket then points into *address. */
static void get_address(int fd, get_name *get, union any_address *address, int family,
			struct intro_socket_address *ret)
{
	socklen_t len = sizeof(*address);

	memset(address, 0, sizeof(*address));
	if (get(fd, &address->generic, &len) || address->generic.sa_family != family)
		return;
	if (len > sizeof(*address))
		len = sizeof(*address);
	switch (family) {
	case AF_UNIX:
		unix_address(&address->un, len, ret);
		break;
	case AF_INET:
		intro_inet_address(ret, family, &address->inet.sin_addr,
				   ntohs(address->inet.sin_port));
		break;
	case AF_INET6:
		intro_inet_address(ret, family, &address->inet6.sin6_addr,
				   ntohs(address->inet6.sin6_port));
		break;
	case AF_NETLINK:
		ret->port_id = address->netlink.nl_pid;
		ret->present = ret->port_id;
		break;
	case AF_PACKET:
		ret->interface = (uint32_t)address->packet.sll_ifindex;
		ret->present = ret->interface || address->packet.sll_protocol;
		break;
	case AF_VSOCK:
		ret->cid = address->vsock.svm_cid;
		ret->port_id = address->vsock.svm_port;
		ret->present = true;
		break;
	default:
		break;
	}
}

/* Family, type and protocol. 0, or the errno of what is no socket. */
static int ask_kind(int fd, struct intro_socket *socket)
{
	int value;

	if (!get_int(fd, SOL_SOCKET, SO_DOMAIN, &socket->family))
		return errno;
	get_int(fd, SOL_SOCKET, SO_TYPE, &socket->type);
	get_int(fd, SOL_SOCKET, SO_PROTOCOL, &socket->protocol);
	if (socket->family == AF_PACKET) /* the only one that is in network order */
		socket->protocol = ntohs((uint16_t)socket->protocol);
	if (get_int(fd, SOL_SOCKET, SO_ACCEPTCONN, &value) && value)
		socket->state = INTRO_SOCKET_LISTEN;
	return 0;
}

static void ask_tcp(int fd, struct intro_socket *socket, bool is_new)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return;
	if (is_new) {
		socket->state = info.tcpi_state;
		socket->have |= INTRO_SOCKET_STATE;
	}
	if (info.tcpi_state == INTRO_SOCKET_LISTEN) {
		/* These two tell of a listener what they do not of others. */
		socket->accept_queue = info.tcpi_unacked;
		socket->backlog = info.tcpi_sacked;
		socket->have |= INTRO_SOCKET_LISTENER;
	} else if (info.tcpi_state != INTRO_SOCKET_CLOSE) {
		socket->tcp.rtt_us = info.tcpi_rtt;
		socket->tcp.rttvar_us = info.tcpi_rttvar;
		socket->tcp.mss = info.tcpi_snd_mss;
		socket->tcp.congestion_window = info.tcpi_snd_cwnd;
		socket->tcp.total_retransmits = info.tcpi_total_retrans;
		socket->tcp.bytes_acked = info.tcpi_bytes_acked;
		socket->tcp.bytes_received = info.tcpi_bytes_received;
		socket->have |= INTRO_SOCKET_TCP_INFO;
	}
}

/* What the tables may have told already is asked as well: it is one call, and newer. */
static void ask_options(int fd, struct intro_socket *socket)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);
	uint32_t memory[SK_MEMINFO_VARS];
	int value;

	if (getsockopt(fd, SOL_SOCKET, OPTION_COOKIE, &cookie, &len) == 0) {
		socket->cookie = cookie;
		socket->have |= INTRO_SOCKET_COOKIE;
	}
	if ((socket->family == AF_INET || socket->family == AF_INET6) &&
	    get_int(fd, SOL_SOCKET, SO_REUSEPORT, &value)) {
		socket->reuseport = value;
		socket->have |= INTRO_SOCKET_REUSEPORT;
	}
	if (socket->family == AF_INET6 && get_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value)) {
		socket->v6only = value;
		socket->have |= INTRO_SOCKET_V6ONLY;
	}
	len = sizeof(memory);
	if (getsockopt(fd, SOL_SOCKET, OPTION_MEMINFO, memory, &len) == 0 &&
	    len > SK_MEMINFO_DROPS * sizeof(*memory)) {
		socket->drops = memory[SK_MEMINFO_DROPS];
		socket->have |= INTRO_SOCKET_DROPS;
	}
}

static void ask_groups(int fd, struct intro_socket *socket)
{
	uint32_t groups[2] = {0};
	socklen_t len = sizeof(groups);

	if (getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, groups, &len))
		return;
	socket->groups = (uint64_t)groups[1] << 32 | groups[0];
	socket->have |= INTRO_SOCKET_GROUPS;
}

static void ask_queues(int fd, struct intro_socket *socket)
{
	int receive, send;

	if (ioctl(fd, SIOCINQ, &receive) || ioctl(fd, SIOCOUTQ, &send))
		return;
	socket->recv_q = (uint32_t)receive;
	socket->send_q = (uint32_t)send;
	socket->have |= INTRO_SOCKET_QUEUES;
}

/* Of a socket that no table has. */
static void ask_rest(int fd, struct intro_socket *socket)
{
	struct stat st;
	int value;

	if (fstat(fd, &st) == 0) {
		socket->uid = st.st_uid;
		socket->have |= INTRO_SOCKET_UID;
	}
	if (get_int(fd, SOL_SOCKET, OPTION_IFINDEX, &value) && socket->family != AF_PACKET)
		socket->local.interface = (uint32_t)value;
	if (socket->family == AF_NETLINK)
		ask_groups(fd, socket);
	if (!(socket->have & INTRO_SOCKET_STATE) && socket->family != AF_NETLINK &&
	    socket->family != AF_PACKET) {
		if (socket->state != INTRO_SOCKET_LISTEN)
			socket->state = socket->remote.present ? INTRO_SOCKET_ESTABLISHED
							       : INTRO_SOCKET_CLOSE;
		socket->have |= INTRO_SOCKET_STATE;
	}
	if (socket->state != INTRO_SOCKET_LISTEN)
		ask_queues(fd, socket);
}

static int ask_new(struct intro_sockets *sockets, int fd, uint64_t ino)
{
	struct intro_diag diag;
	struct intro_socket *socket = &diag.socket;
	union any_address local, remote;
	int error;

	intro_diag_clear(&diag);
	socket->ino = ino;
	error = ask_kind(fd, socket);
	if (error)
		return intro_fail(sockets->session,
				  error == ENOTSOCK ? INTRO_E_INVALID : intro_code_of_errno(error),
				  error, 0, NULL, NULL);
	get_address(fd, getsockname, &local, socket->family, &socket->local);
	get_address(fd, getpeername, &remote, socket->family, &socket->remote);
	if (socket->type == SOCK_RAW && (socket->family == AF_INET || socket->family == AF_INET6)) {
		int protocol = socket->protocol;

		intro_inet_raw(socket);
		socket->protocol = protocol;
	}
	if (socket->protocol == IPPROTO_TCP || socket->protocol == IPPROTO_MPTCP)
		ask_tcp(fd, socket, true);
	ask_options(fd, socket);
	ask_rest(fd, socket);
	if (intro_store_add(&sockets->store, &diag, false))
		return intro_fail(sockets->session, INTRO_E_NOMEM, 0, 0, NULL, NULL);
	return 0;
}

int intro_sockets_ask(struct intro_sockets *sockets, int socket_fd, uint64_t ino,
		      const struct intro_socket **ret)
{
	struct intro_socket *socket = intro_store_find(&sockets->store, ino);
	int r;

	if (!ino)
		return intro_fail(sockets->session, INTRO_E_INVALID, 0, 0, NULL, NULL);
	if (socket) {
		if (socket->family == AF_INET || socket->family == AF_INET6) {
			if (socket->type == SOCK_STREAM)
				ask_tcp(socket_fd, socket, false);
			ask_options(socket_fd, socket);
		}
		if (socket->type < 0)
			get_int(socket_fd, SOL_SOCKET, SO_TYPE, &socket->type);
	} else {
		r = ask_new(sockets, socket_fd, ino);
		if (r)
			return r;
		socket = intro_store_find(&sockets->store, ino);
	}
	*ret = socket;
	return 1;
}
