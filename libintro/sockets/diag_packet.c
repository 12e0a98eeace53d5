/* What the kernel tells of a packet socket. */
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>

#include <intro/error.h>

#include "sockets/diag.h"

static void decode_attr(struct intro_socket *socket, const struct intro_attr *attr)
{
	struct packet_diag_info info;

	switch (attr->type) {
	case PACKET_DIAG_INFO:
		if (attr->len < sizeof(info))
			break;
		memcpy(&info, attr->data, sizeof(info));
		socket->local.interface = info.pdi_index;
		break;
	case PACKET_DIAG_UID:
		if (attr->len < 4)
			break;
		socket->uid = intro_get_u32(attr->data);
		socket->have |= INTRO_SOCKET_UID;
		break;
	case PACKET_DIAG_MEMINFO:
		if (attr->len < (SK_MEMINFO_DROPS + 1) * 4)
			break;
		socket->recv_q = intro_get_u32(attr->data + SK_MEMINFO_RMEM_ALLOC * 4);
		socket->send_q = intro_get_u32(attr->data + SK_MEMINFO_WMEM_ALLOC * 4);
		socket->drops = intro_get_u32(attr->data + SK_MEMINFO_DROPS * sizeof(uint32_t));
		socket->have |= INTRO_SOCKET_QUEUES | INTRO_SOCKET_DROPS;
		break;
	default:
		break;
	}
}

int intro_diag_packet(const void *data, size_t len, struct intro_diag *ret)
{
	const unsigned char *p = data, *end = p + len;
	struct packet_diag_msg msg;
	struct intro_diag diag;
	struct intro_socket *socket = &diag.socket;
	struct intro_attr attr;
	uint64_t high;

	if (len < sizeof(msg))
		return INTRO_E_FORMAT;
	memcpy(&msg, data, sizeof(msg));
	if (msg.pdiag_family != AF_PACKET)
		return INTRO_E_FORMAT;
	intro_diag_clear(&diag);
	socket->family = AF_PACKET;
	socket->type = msg.pdiag_type;
	socket->protocol = msg.pdiag_num; /* in host order */
	socket->ino = msg.pdiag_ino;
	high = msg.pdiag_cookie[1];
	socket->cookie = high << 32 | msg.pdiag_cookie[0];
	socket->have = INTRO_SOCKET_COOKIE;
	p += sizeof(msg);
	while (intro_attr_take(&p, end, &attr))
		decode_attr(socket, &attr);
	/* It receives as soon as it has a protocol; the interface 0 is any. */
	socket->local.present = socket->protocol || socket->local.interface;
	*ret = diag;
	return 0;
}
