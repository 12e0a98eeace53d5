/* --listen: sockets that take whoever comes, with their queues. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "fd_group.h"

struct listener {
	struct intro_socket socket; /* its texts and lists are the arena's */
	const char *protocol;
	struct intro_bytes local;
	struct fd_holders holders;
	struct intro *session;
};

static bool is_ip(const struct intro_socket *socket)
{
	return socket->family == AF_INET || socket->family == AF_INET6;
}

/* UDP has no state for it: a socket that has a port and no other end receives from all. */
static bool listens(const struct intro_socket *socket)
{
	if (socket->have & INTRO_SOCKET_STATE && socket->state == INTRO_SOCKET_LISTEN)
		return true;
	return is_ip(socket) && socket->type == SOCK_DGRAM && socket->local.present &&
	       socket->local.port && !socket->remote.present &&
	       (socket->protocol == IPPROTO_UDP || socket->protocol == IPPROTO_UDPLITE);
}

/* "tcp", "udp"; of sockets that have one protocol, their family: "unix". */
static const char *protocol_of(const struct intro_socket *socket, struct arena *arena)
{
	struct value name = is_ip(socket) ? fd_socket_protocol(socket, arena)
					  : fd_value_name(INTRO_NAMES_SOCKET_FAMILY,
							  (uint64_t)socket->family, arena);

	return name.kind == VALUE_TEXT ? name.text.data : "unknown";
}

static struct intro_bytes local_of(const struct intro_socket *socket, struct arena *arena)
{
	struct value text = fd_socket_address(socket, &socket->local, arena);

	return text.kind == VALUE_TEXT ? (struct intro_bytes){text.text.data, text.text.len}
				       : (struct intro_bytes){NULL, 0};
}

static void take_socket(struct listener *listener, const struct intro_socket *socket,
			struct arena *arena)
{
	uint64_t *pending = arena_alloc(arena, (socket->pending_count + 1) * sizeof(*pending));

	if (socket->pending_count)
		memcpy(pending, socket->pending, socket->pending_count * sizeof(*pending));
	listener->socket = *socket;
	listener->socket.pending = pending;
	listener->socket.local.path = fd_keep_bytes(arena, socket->local.path);
	listener->socket.remote.path = (struct intro_bytes){NULL, 0};
	listener->protocol = protocol_of(socket, arena);
	listener->local = local_of(socket, arena);
}

static void add(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;
	const struct intro_socket *socket = row->fd->socket;
	struct listener *listener;
	bool is_new;

	if (!socket || !listens(socket))
		return;
	listener = fd_round_group(round, &socket->ino, sizeof(socket->ino), sizeof(*listener),
				  &is_new);
	if (is_new) {
		take_socket(listener, socket, &round->arena);
		listener->session = round->session;
	}
	fd_holders_add_row(&listener->holders, row, &round->arena);
}

/* By number: 9 comes before 10, and what shares an address stands together. */
static int compare_addresses(const struct intro_socket *a, const struct intro_socket *b)
{
	int order = memcmp(a->local.ip, b->local.ip, sizeof(a->local.ip));

	if (!order)
		order = fd_compare(a->local.port, b->local.port);
	if (!order)
		order = fd_compare(a->local.interface, b->local.interface);
	if (!order)
		order = fd_compare_bytes(a->local.path, b->local.path);
	if (!order)
		order = fd_compare(a->local.cid, b->local.cid);
	return order ? order : fd_compare(a->local.port_id, b->local.port_id);
}

static int compare(const void *a, const void *b)
{
	const struct listener *left = *(void *const *)a, *right = *(void *const *)b;
	int order = strcmp(left->protocol, right->protocol);

	if (!order)
		order = fd_compare((uint64_t)left->socket.family, (uint64_t)right->socket.family);
	if (!order)
		order = compare_addresses(&left->socket, &right->socket);
	if (!order)
		order = fd_compare(left->socket.netns, right->socket.netns);
	return order ? order : fd_compare(left->socket.ino, right->socket.ino);
}

static void finish(void *state, const struct fd_row *row)
{
	struct fd_round *round = state;

	(void)row;
	for (size_t i = 0; i < round->count; i++)
		fd_holders_sort(&((struct listener *)round->groups[i])->holders);
	fd_round_sort(round, compare);
}

/* ---- columns ---- */

#define HAS_SOCKET(group, part) (((group)->socket.have & INTRO_SOCKET_##part) != 0)
#define SOCKET_FIELD(name, part, expression)                                                       \
	GROUP_FIELD_IF(listener, name, HAS_SOCKET(group, part), expression)

GROUP_FIELD(listener, protocol, value_string(group->protocol))
GROUP_FIELD_IF(listener, type, group->socket.type >= 0,
	       fd_value_name(INTRO_NAMES_SOCKET_TYPE, (uint64_t)group->socket.type, arena))
GROUP_FIELD(listener, family,
	    fd_value_name(INTRO_NAMES_SOCKET_FAMILY, (uint64_t)group->socket.family, arena))
GROUP_FIELD(listener, state, fd_socket_state(&group->socket, arena))
GROUP_FIELD(listener, local, fd_value_bytes(group->local))
GROUP_FIELD_IF(listener, port, is_ip(&group->socket) && group->socket.local.present,
	       value_uint(group->socket.local.port))
GROUP_FIELD_IF(listener, path,
	       group->socket.family == AF_UNIX && group->socket.local.present &&
		       !group->socket.local.is_abstract,
	       fd_value_bytes(group->socket.local.path))
SOCKET_FIELD(accept_queue, LISTENER, value_uint(group->socket.accept_queue))
SOCKET_FIELD(backlog, LISTENER, value_uint(group->socket.backlog))
GROUP_FIELD_IF(listener, full, HAS_SOCKET(group, LISTENER) && group->socket.backlog,
	       value_real(100.0 * group->socket.accept_queue / group->socket.backlog))
GROUP_FIELD_IF(listener, recv_q,
	       HAS_SOCKET(group, QUEUES) && group->socket.state != INTRO_SOCKET_LISTEN,
	       value_uint(group->socket.recv_q))
GROUP_FIELD(listener, pending, fd_socket_pending(&group->socket, arena))
SOCKET_FIELD(drops, DROPS, value_uint(group->socket.drops))
SOCKET_FIELD(reuseport, REUSEPORT, value_bool(group->socket.reuseport))
GROUP_FIELD_IF(listener, reuseport_group, HAS_SOCKET(group, REUSEPORT) && group->socket.reuseport,
	       value_uint(group->socket.reuseport_group))
GROUP_FIELD_IF(listener, netns, group->socket.netns, value_uint(group->socket.netns))
SOCKET_FIELD(uid, UID, value_uint(group->socket.uid))
GROUP_FIELD_IF(listener, ino, group->socket.ino, value_uint(group->socket.ino))
GROUP_FIELD(listener, processes, value_uint(fd_holders_processes(&group->holders)))
GROUP_FIELD(listener, holders, fd_holders_value(&group->holders, false, arena))
GROUP_FIELD(listener, held_by, fd_holders_text(&group->holders, arena))

static void get_user(const void *row, struct arena *arena, struct value *ret)
{
	const struct listener *listener = row;
	const char *name;

	*ret = value_null();
	if (!HAS_SOCKET(listener, UID))
		return;
	name = intro_user_name(listener->session, listener->socket.uid);
	*ret = value_string(name ? name : arena_printf(arena, "%u", listener->socket.uid));
}

static const struct column columns[] = {
	{"protocol", "PROTO", COLUMN_TEXT, UNIT_NONE, 0, 0, get_protocol, NULL, 0, NULL,
	 "tcp udp unix ..."},
	{"type", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_type, NULL, 0, NULL,
	 "stream dgram seqpacket"},
	{"family", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_family, NULL, 0, NULL,
	 "inet inet6 unix ..."},
	{"state", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_state, NULL, 0, NULL,
	 "LISTEN; of UDP, which is not connected but receives from all, CLOSE"},
	{"local", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, 0, get_local, NULL, 0, NULL,
	 "address: 127.0.0.1:80, [::1]:443, *:53, /run/x.sock, @abstract"},
	{"port", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_port, NULL, 0, NULL,
	 "port of the address"},
	{"path", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_STRETCH, 0, get_path, NULL, 0, NULL,
	 "path that a UNIX socket is bound to"},
	{"accept_queue", "QUEUE", COLUMN_INTEGER, UNIT_NONE, COLUMN_VOLATILE, 0, get_accept_queue,
	 NULL, 0, NULL, "connections that wait to be accepted"},
	{"backlog", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_backlog, NULL, 0, NULL,
	 "how many may wait"},
	{"full", "FULL%", COLUMN_REAL, UNIT_PERCENT, COLUMN_VOLATILE, 0, get_full, NULL, 0, NULL,
	 "the queue against the backlog, percent"},
	{"pending", NULL, COLUMN_LIST, UNIT_NONE, COLUMN_VOLATILE, 0, get_pending, NULL, 0, NULL,
	 "of a UNIX socket: inode numbers of the sockets that wait to be accepted"},
	{"recv_q", NULL, COLUMN_INTEGER, UNIT_BYTES, COLUMN_VOLATILE, 0, get_recv_q, NULL, 0, NULL,
	 "of UDP: bytes received that nobody has read yet"},
	{"drops", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_VOLATILE, 0, get_drops, NULL, 0, NULL,
	 "datagrams that found the queue full"},
	{"reuseport", NULL, COLUMN_BOOL, UNIT_NONE, 0, 0, get_reuseport, NULL, 0, NULL,
	 "whether it may share its address (SO_REUSEPORT)"},
	{"reuseport_group", "REUSE", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_reuseport_group, NULL, 0,
	 NULL, "how many sockets share the address, this one included; null: none may"},
	{"netns", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_netns, NULL, 0, NULL,
	 "network namespace"},
	{"uid", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_uid, NULL, 0, NULL,
	 "user id of who made it"},
	{"user", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_user, NULL, 0, NULL,
	 "name of who made it, the number where it has no name"},
	{"ino", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_ino, NULL, 0, NULL,
	 "inode number"},
	{"processes", "PROCS", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_processes, NULL, 0, NULL,
	 "how many processes have it"},
	{"holders", NULL, COLUMN_LIST, UNIT_NONE, 0, 0, get_holders, NULL, 0, NULL,
	 "descriptors that have it: pid, fd, comm"},
	{"held_by", NULL, COLUMN_TEXT, UNIT_NONE, 0, 0, get_held_by, NULL, 0, NULL,
	 "the same as one text: PID COMM:FD"},
};

static const struct view views[] = {
	{"default", "protocol,local,accept_queue,backlog,full,reuseport_group,user,held_by",
	 "who listens where, and how full the queues are",
	 "protocol,type,family,state,local,port,path,accept_queue,backlog,full,pending,recv_q,"
	 "drops,reuseport,reuseport_group,netns,uid,user,ino,processes,holders"},
	{"queues",
	 "protocol,type,state,local,accept_queue,backlog,full,recv_q,drops,reuseport_group,held_by",
	 "all that is known of the queues", NULL},
};

const struct fd_mode fd_mode_listen = {
	.name = "listen",
	.schema = "intro.fd.listen/1",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(columns[0]),
	.views = views,
	.view_count = sizeof(views) / sizeof(views[0]),
	.needs = FD_NEED(LINK) | FD_NEED(SOCKET) | FD_NEED_TASK(STAT),
	.slots = INTRO_SLOT_BIT(FD),
	.open = fd_round_open,
	.add = add,
	.finish = finish,
	.next = fd_round_next,
	.close = fd_round_close,
};
