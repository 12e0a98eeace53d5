/* What the kernel tells of a netlink socket. */
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>

#include <intro/error.h>

#include "sockets/diag.h"

/* A bit map of as many bytes as it takes, in words of the machine: the first 64 groups count. */
static void decode_groups(struct intro_socket *socket, const struct intro_attr *attr)
{
	uint64_t groups = 0;

	if (attr->len >= sizeof(groups))
		memcpy(&groups, attr->data, sizeof(groups));
	else if (attr->len >= sizeof(uint32_t))
		groups = intro_get_u32(attr->data);
	socket->groups = groups;
}

static void decode_memory(struct intro_socket *socket, const struct intro_attr *attr)
{
	const unsigned char *data = attr->data;

	if (attr->len >= (SK_MEMINFO_WMEM_ALLOC + 1) * 4) {
		socket->recv_q = intro_get_u32(data + SK_MEMINFO_RMEM_ALLOC * sizeof(uint32_t));
		socket->send_q = intro_get_u32(data + SK_MEMINFO_WMEM_ALLOC * sizeof(uint32_t));
		socket->have |= INTRO_SOCKET_QUEUES;
	}
	if (attr->len >= (SK_MEMINFO_DROPS + 1) * 4) {
		socket->drops = intro_get_u32(data + SK_MEMINFO_DROPS * sizeof(uint32_t));
		socket->have |= INTRO_SOCKET_DROPS;
	}
}

int intro_diag_netlink(const void *data, size_t len, struct intro_diag *ret)
{
	const unsigned char *p = data, *end = p + len;
	struct netlink_diag_msg msg;
	struct intro_diag diag;
	struct intro_socket *socket = &diag.socket;
	struct intro_attr attr;
	uint64_t high;

	if (len < sizeof(msg))
		return INTRO_E_FORMAT;
	memcpy(&msg, data, sizeof(msg));
	if (msg.ndiag_family != AF_NETLINK)
		return INTRO_E_FORMAT;
	intro_diag_clear(&diag);
	socket->family = AF_NETLINK;
	socket->type = msg.ndiag_type;
	socket->protocol = msg.ndiag_protocol;
	socket->ino = msg.ndiag_ino;
	socket->local.port_id = msg.ndiag_portid;
	socket->local.present = msg.ndiag_portid;
	socket->remote.port_id = msg.ndiag_dst_portid;
	socket->remote.present = msg.ndiag_dst_portid;
	high = msg.ndiag_cookie[1];
	socket->cookie = high << 32 | msg.ndiag_cookie[0];
	/* Without a group the attribute is not there. Its state is the kernel's own affair. */
	socket->have = INTRO_SOCKET_COOKIE | INTRO_SOCKET_GROUPS;
	p += sizeof(msg);
	while (intro_attr_take(&p, end, &attr)) {
		if (attr.type == NETLINK_DIAG_GROUPS)
			decode_groups(socket, &attr);
		else if (attr.type == NETLINK_DIAG_MEMINFO)
			decode_memory(socket, &attr);
	}
	*ret = diag;
	return 0;
}
