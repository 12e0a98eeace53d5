/* Addresses as text. */
#include <arpa/inet.h>
#include <linux/vm_sockets.h>
#include <sys/socket.h>

#include "base/bounded.h"
#include "sockets/diag.h"

static void number_or_any(struct intro_bounded *out, uint32_t value, uint32_t any)
{
	if (value == any)
		intro_bounded_char(out, '*');
	else
		intro_bounded_number(out, value, 10);
}

static void format_inet(struct intro_bounded *out, int family,
			const struct intro_socket_address *address)
{
	static const uint8_t any[16];
	char text[INET6_ADDRSTRLEN];

	if (!memcmp(address->ip, any, family == AF_INET ? 4 : 16)) {
		intro_bounded_char(out, '*');
	} else {
		inet_ntop(family, address->ip, text, sizeof(text));
		if (family == AF_INET6)
			intro_bounded_char(out, '[');
		intro_bounded_text(out, text);
		if (family == AF_INET6)
			intro_bounded_char(out, ']');
	}
	intro_bounded_char(out, ':');
	number_or_any(out, address->port, 0);
}

size_t intro_socket_address_format(const struct intro_socket *socket,
				   const struct intro_socket_address *address, char *buf,
				   size_t size)
{
	struct intro_bounded out = {.buf = buf, .size = size};

	if (!address->present)
		return intro_bounded_end(&out);
	switch (socket->family) {
	case AF_INET:
	case AF_INET6:
		format_inet(&out, socket->family, address);
		break;
	case AF_UNIX:
		if (address->is_abstract)
			intro_bounded_char(&out, '@');
		for (size_t i = 0; i < address->path.len; i++)
			intro_bounded_char(&out, address->path.data[i]);
		break;
	case AF_NETLINK:
		intro_bounded_number(&out, address->port_id, 10);
		break;
	case AF_PACKET:
		number_or_any(&out, address->interface, 0);
		break;
	case AF_VSOCK:
		number_or_any(&out, address->cid, VMADDR_CID_ANY);
		intro_bounded_char(&out, ':');
		number_or_any(&out, address->port_id, VMADDR_PORT_ANY);
		break;
	default:
		break;
	}
	return intro_bounded_end(&out);
}
