/* Columns: sockets. */
#include <sys/socket.h>

#include "fd_columns.h"

#define NEED_SOCKET (FD_NEED(LINK) | FD_NEED(SOCKET))
#define HAS_SOCKET(socket, part) ((socket) && ((socket)->have & INTRO_SOCKET_##part))

static bool is_ip(const struct intro_socket *socket)
{
	return socket && (socket->family == AF_INET || socket->family == AF_INET6);
}

/* ---- words ---- */

static struct value socket_family(const struct intro_socket *socket, struct arena *arena)
{
	return socket && socket->family >= 0
		       ? fd_value_name(INTRO_NAMES_SOCKET_FAMILY, (uint64_t)socket->family, arena)
		       : value_null();
}

static struct value socket_type(const struct intro_socket *socket, struct arena *arena)
{
	return socket && socket->type >= 0
		       ? fd_value_name(INTRO_NAMES_SOCKET_TYPE, (uint64_t)socket->type, arena)
		       : value_null();
}

struct value fd_socket_protocol(const struct intro_socket *socket, struct arena *arena)
{
	uint64_t protocol;

	if (!socket || socket->protocol < 0)
		return value_null();
	protocol = (uint64_t)socket->protocol;
	switch (socket->family) {
	case AF_INET:
	case AF_INET6:
		return fd_value_name(INTRO_NAMES_IP_PROTOCOL, protocol, arena);
	case AF_NETLINK:
		return fd_value_name(INTRO_NAMES_NETLINK_PROTOCOL, protocol, arena);
	case AF_PACKET:
		return fd_value_name(INTRO_NAMES_ETHERTYPE, protocol, arena);
	default:
		return protocol ? value_uint(protocol) : value_null();
	}
}

struct value fd_socket_state(const struct intro_socket *socket, struct arena *arena)
{
	return HAS_SOCKET(socket, STATE) && socket->state != INTRO_SOCKET_STATE_UNKNOWN
		       ? fd_value_name(INTRO_NAMES_SOCKET_STATE, socket->state, arena)
		       : value_null();
}

struct value fd_socket_address(const struct intro_socket *socket,
			       const struct intro_socket_address *address, struct arena *arena)
{
	char short_text[256], *text = short_text;
	size_t len;

	if (!address->present)
		return value_null();
	len = intro_socket_address_format(socket, address, short_text, sizeof(short_text));
	if (len >= sizeof(short_text)) {
		text = arena_alloc(arena, len + 1);
		len = intro_socket_address_format(socket, address, text, len + 1);
	}
	return len ? value_bytes(arena_copy(arena, text, len), len) : value_null();
}

static struct value port_of(const struct intro_socket *socket,
			    const struct intro_socket_address *address)
{
	return is_ip(socket) && address->present && address->port ? value_uint(address->port)
								  : value_null();
}

#define NUMBER(socket, part, field)                                                                \
	(HAS_SOCKET(socket, part) ? value_uint((socket)->field) : value_null())

/* ---- columns of their own ---- */

FD_FIELD_IF(family, fd->socket, socket_family(fd->socket, arena))
FD_FIELD_IF(socket_type, fd->socket, socket_type(fd->socket, arena))
FD_FIELD_IF(protocol, fd->socket, fd_socket_protocol(fd->socket, arena))
FD_FIELD_IF(state, fd->socket, fd_socket_state(fd->socket, arena))
FD_FIELD_IF(local, fd->socket, fd_socket_address(fd->socket, &fd->socket->local, arena))
FD_FIELD_IF(remote, fd->socket, fd_socket_address(fd->socket, &fd->socket->remote, arena))
FD_FIELD_IF(local_port, fd->socket, port_of(fd->socket, &fd->socket->local))
FD_FIELD_IF(remote_port, fd->socket, port_of(fd->socket, &fd->socket->remote))
FD_FIELD_IF(recv_q, fd->socket, NUMBER(fd->socket, QUEUES, recv_q))
FD_FIELD_IF(send_q, fd->socket, NUMBER(fd->socket, QUEUES, send_q))
FD_FIELD_IF(accept_queue, fd->socket, NUMBER(fd->socket, LISTENER, accept_queue))
FD_FIELD_IF(backlog, fd->socket, NUMBER(fd->socket, LISTENER, backlog))
FD_FIELD_IF(netns, fd->socket && fd->socket->netns, value_uint(fd->socket->netns))

/* ---- the object ---- */

static struct value timer_of(const struct intro_socket *socket, struct arena *arena)
{
	struct fd_object object = fd_object_new(arena, 3);

	if (!HAS_SOCKET(socket, TIMER))
		return value_null();
	fd_object_put(&object, "kind",
		      fd_value_name(INTRO_NAMES_SOCKET_TIMER, socket->timer, arena));
	fd_object_put(&object, "expires_ms",
		      socket->timer == INTRO_SOCKET_TIMER_OFF ? value_null()
							      : value_uint(socket->timer_ms));
	fd_object_put(&object, "retransmits", value_uint(socket->retransmits));
	return fd_object_value(&object);
}

/* Who tells of the queue of a listener tells who is in it, too; files tell neither. */
struct value fd_socket_pending(const struct intro_socket *socket, struct arena *arena)
{
	struct value list, *items;

	if (socket->family != AF_UNIX || !HAS_SOCKET(socket, LISTENER))
		return value_null();
	list = fd_list_new(arena, socket->pending_count, &items);
	for (size_t i = 0; i < socket->pending_count; i++)
		items[i] = value_uint(socket->pending[i]);
	return list;
}

static struct value tcp_of(const struct intro_socket *socket, struct arena *arena)
{
	struct fd_object object = fd_object_new(arena, 7);

	if (!HAS_SOCKET(socket, TCP_INFO))
		return value_null();
	fd_object_put(&object, "rtt_us", value_uint(socket->tcp.rtt_us));
	fd_object_put(&object, "rttvar_us", value_uint(socket->tcp.rttvar_us));
	fd_object_put(&object, "mss", value_uint(socket->tcp.mss));
	fd_object_put(&object, "congestion_window", value_uint(socket->tcp.congestion_window));
	fd_object_put(&object, "retransmits", value_uint(socket->tcp.total_retransmits));
	fd_object_put(&object, "bytes_acked", value_uint(socket->tcp.bytes_acked));
	fd_object_put(&object, "bytes_received", value_uint(socket->tcp.bytes_received));
	return fd_object_value(&object);
}

static struct value shutdown_of(const struct intro_socket *socket)
{
	static const char *const words[] = {"none", "receive", "send", "both"};

	return HAS_SOCKET(socket, SHUTDOWN) ? value_string(words[socket->shutdown & 3])
					    : value_null();
}

static struct value groups_of(const struct intro_socket *socket, struct arena *arena)
{
	struct value list, *items;
	size_t count = 0;

	if (!HAS_SOCKET(socket, GROUPS))
		return value_null();
	list = fd_list_new(arena, 64, &items);
	for (unsigned bit = 0; bit < 64; bit++)
		if (socket->groups >> bit & 1)
			items[count++] = value_uint(bit + 1);
	list.list.count = count;
	return list;
}

static struct value peer_pid(const struct fd_row *row)
{
	const struct intro_fd_holder *peers;
	size_t count;

	if (!row->index || intro_fd_index_peers(row->index, row->fd, &peers, &count) <= 0 ||
	    count == 0)
		return value_null();
	return value_int(peers[0].pid);
}

static struct value interface_of(const struct intro_socket *socket)
{
	return socket->local.interface ? value_uint(socket->local.interface) : value_null();
}

static void get_socket(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_socket *socket = fd_of(row)->socket;
	struct fd_object object;

	*ret = value_null();
	if (!socket)
		return;
	object = fd_object_new(arena, 27);
	fd_object_put(&object, "family", socket_family(socket, arena));
	fd_object_put(&object, "type", socket_type(socket, arena));
	fd_object_put(&object, "protocol", fd_socket_protocol(socket, arena));
	fd_object_put(&object, "state", fd_socket_state(socket, arena));
	fd_object_put(&object, "local", fd_socket_address(socket, &socket->local, arena));
	fd_object_put(&object, "remote", fd_socket_address(socket, &socket->remote, arena));
	fd_object_put(&object, "recv_q", NUMBER(socket, QUEUES, recv_q));
	fd_object_put(&object, "send_q", NUMBER(socket, QUEUES, send_q));
	fd_object_put(&object, "backlog", NUMBER(socket, LISTENER, backlog));
	fd_object_put(&object, "accept_queue", NUMBER(socket, LISTENER, accept_queue));
	fd_object_put(&object, "reuseport",
		      HAS_SOCKET(socket, REUSEPORT) ? value_bool(socket->reuseport) : value_null());
	fd_object_put(&object, "reuseport_group",
		      HAS_SOCKET(socket, REUSEPORT) && socket->reuseport && socket->reuseport_group
			      ? value_uint(socket->reuseport_group)
			      : value_null());
	fd_object_put(&object, "peer_pid", peer_pid(row));
	fd_object_put(&object, "netns", socket->netns ? value_uint(socket->netns) : value_null());
	fd_object_put(&object, "uid", NUMBER(socket, UID, uid));
	fd_object_put(&object, "timer", timer_of(socket, arena));
	fd_object_put(&object, "interface", interface_of(socket));
	fd_object_put(&object, "peer_ino",
		      HAS_SOCKET(socket, PEER_INO) && socket->peer_ino
			      ? value_uint(socket->peer_ino)
			      : value_null());
	fd_object_put(&object, "pending", fd_socket_pending(socket, arena));
	fd_object_put(&object, "vfs_ino", NUMBER(socket, VFS, vfs_ino));
	fd_object_put(&object, "shutdown", shutdown_of(socket));
	fd_object_put(&object, "v6only",
		      HAS_SOCKET(socket, V6ONLY) ? value_bool(socket->v6only) : value_null());
	fd_object_put(&object, "groups", groups_of(socket, arena));
	fd_object_put(&object, "drops", NUMBER(socket, DROPS, drops));
	fd_object_put(&object, "cookie",
		      HAS_SOCKET(socket, COOKIE) ? value_address(socket->cookie) : value_null());
	fd_object_put(&object, "tcp", tcp_of(socket, arena));
	*ret = fd_object_value(&object);
}

static const struct column table[] = {
	{"family", NULL, COLUMN_TEXT, UNIT_NONE, 0, NEED_SOCKET, get_family, NULL, 0, NULL,
	 "of a socket: unix, inet, inet6, netlink, packet, vsock, ..."},
	{"socket_type", "TYPE", COLUMN_TEXT, UNIT_NONE, 0, NEED_SOCKET, get_socket_type, NULL, 0,
	 NULL, "of a socket: stream, dgram, seqpacket, raw"},
	{"protocol", "PROTO", COLUMN_TEXT, UNIT_NONE, 0, NEED_SOCKET, get_protocol, NULL, 0, NULL,
	 "of a socket: tcp, udp, ...; of netlink route, audit, ...; of packet ip, arp, ..."},
	{"state", NULL, COLUMN_TEXT, UNIT_NONE, 0, NEED_SOCKET, get_state, NULL, 0, NULL,
	 "of a socket: ESTABLISHED, LISTEN, ..."},
	{"local", NULL, COLUMN_TEXT, UNIT_NONE, 0, NEED_SOCKET, get_local, NULL, 0, NULL,
	 "address of a socket: 127.0.0.1:80, [::1]:443, *:53, /run/x.sock, @abstract"},
	{"remote", NULL, COLUMN_TEXT, UNIT_NONE, 0, NEED_SOCKET, get_remote, NULL, 0, NULL,
	 "address of its other end"},
	{"local_port", "LPORT", COLUMN_INTEGER, UNIT_NONE, 0, NEED_SOCKET, get_local_port, NULL, 0,
	 NULL, "port of its address"},
	{"remote_port", "RPORT", COLUMN_INTEGER, UNIT_NONE, 0, NEED_SOCKET, get_remote_port, NULL,
	 0, NULL, "port of its other end"},
	{"recv_q", NULL, COLUMN_INTEGER, UNIT_BYTES, COLUMN_VOLATILE, NEED_SOCKET, get_recv_q, NULL,
	 0, NULL, "bytes received that nobody has read yet"},
	{"send_q", NULL, COLUMN_INTEGER, UNIT_BYTES, COLUMN_VOLATILE, NEED_SOCKET, get_send_q, NULL,
	 0, NULL, "bytes sent that the other end has not acknowledged or read yet"},
	{"accept_queue", "ACCEPT_Q", COLUMN_INTEGER, UNIT_NONE, COLUMN_VOLATILE, NEED_SOCKET,
	 get_accept_queue, NULL, 0, NULL, "of a listener: connections that wait to be accepted"},
	{"backlog", NULL, COLUMN_INTEGER, UNIT_NONE, 0, NEED_SOCKET, get_backlog, NULL, 0, NULL,
	 "of a listener: how many may wait"},
	{"netns", NULL, COLUMN_INTEGER, UNIT_NONE, 0, NEED_SOCKET, get_netns, NULL, 0, NULL,
	 "network namespace of a socket"},
	{"socket", NULL, COLUMN_OBJECT, UNIT_NONE, 0,
	 NEED_SOCKET | FD_NEED(ACCESS) | FD_NEED(STAT) | FD_NEED(COPY) | FD_NEED_INDEX, get_socket,
	 NULL, 0, NULL, "all that is known of a socket"},
};

FD_GROUP(socket, table);
