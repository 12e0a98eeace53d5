/* What the kernel tells of a UNIX socket. */
#include <linux/unix_diag.h>

#include <intro/error.h>

#include "sockets/diag.h"

#define MINOR_BITS 20 /* of a device number inside the kernel */

/* A name in a file system ends with a NUL; an abstract one begins with it, and may have more. */
static void decode_name(struct intro_socket_address *local, const struct intro_attr *attr)
{
	const char *name = (const char *)attr->data;
	size_t len = attr->len;

	if (!len)
		return;
	local->present = true;
	local->is_abstract = !name[0];
	if (local->is_abstract) {
		name++;
		len--;
	} else {
		len = strnlen(name, len);
	}
	local->path = (struct intro_bytes){name, len};
}

static void decode_queues(struct intro_socket *socket, const struct intro_attr *attr)
{
	uint32_t receive = intro_get_u32(attr->data), send = intro_get_u32(attr->data + 4);

	if (socket->state == INTRO_SOCKET_LISTEN) {
		socket->accept_queue = receive;
		socket->backlog = send;
		socket->have |= INTRO_SOCKET_LISTENER;
	} else {
		socket->recv_q = receive;
		socket->send_q = send;
		socket->have |= INTRO_SOCKET_QUEUES;
	}
}

static void decode_vfs(struct intro_socket *socket, const struct intro_attr *attr)
{
	uint32_t dev = intro_get_u32(attr->data + 4);

	socket->vfs_ino = intro_get_u32(attr->data);
	socket->vfs_dev_major = dev >> MINOR_BITS;
	socket->vfs_dev_minor = dev & ((1u << MINOR_BITS) - 1);
	socket->have |= INTRO_SOCKET_VFS;
}

static void decode_attr(struct intro_diag *ret, const struct intro_attr *attr)
{
	struct intro_socket *socket = &ret->socket;

	switch (attr->type) {
	case UNIX_DIAG_NAME:
		decode_name(&socket->local, attr);
		break;
	case UNIX_DIAG_VFS:
		if (attr->len >= sizeof(struct unix_diag_vfs))
			decode_vfs(socket, attr);
		break;
	case UNIX_DIAG_PEER:
		if (attr->len >= 4)
			socket->peer_ino = intro_get_u32(attr->data);
		break;
	case UNIX_DIAG_ICONS:
		ret->pending = attr->data;
		socket->pending_count = attr->len / 4;
		break;
	case UNIX_DIAG_RQLEN:
		if (attr->len >= sizeof(struct unix_diag_rqlen))
			decode_queues(socket, attr);
		break;
	case UNIX_DIAG_SHUTDOWN:
		if (attr->len >= 1) {
			socket->shutdown = attr->data[0] & 3;
			socket->have |= INTRO_SOCKET_SHUTDOWN;
		}
		break;
	case UNIX_DIAG_UID:
		if (attr->len >= 4) {
			socket->uid = intro_get_u32(attr->data);
			socket->have |= INTRO_SOCKET_UID;
		}
		break;
	default:
		break;
	}
}

int intro_diag_unix(const void *data, size_t len, struct intro_diag *ret)
{
	const unsigned char *p = data, *end = p + len;
	struct unix_diag_msg msg;
	struct intro_diag diag;
	struct intro_attr attr;
	uint64_t high;

	if (len < sizeof(msg))
		return INTRO_E_FORMAT;
	memcpy(&msg, data, sizeof(msg));
	if (msg.udiag_family != AF_UNIX)
		return INTRO_E_FORMAT;
	intro_diag_clear(&diag);
	diag.socket.family = AF_UNIX;
	diag.socket.type = msg.udiag_type;
	diag.socket.protocol = 0;
	diag.socket.state = msg.udiag_state;
	diag.socket.ino = msg.udiag_ino;
	high = msg.udiag_cookie[1];
	diag.socket.cookie = high << 32 | msg.udiag_cookie[0];
	/* Without a peer the attribute is not there: that is known, too. */
	diag.socket.have = INTRO_SOCKET_STATE | INTRO_SOCKET_COOKIE | INTRO_SOCKET_PEER_INO;
	p += sizeof(msg);
	while (intro_attr_take(&p, end, &attr))
		decode_attr(&diag, &attr);
	*ret = diag;
	return 0;
}
