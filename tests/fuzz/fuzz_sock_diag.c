/* Messages of NETLINK_SOCK_DIAG: the first byte says of which family. */
#include "fuzz/fuzz.h"

#include <netinet/in.h>

#include "sockets/diag.h"

static int decode(const uint8_t *data, size_t size, unsigned which, struct intro_diag *ret)
{
	switch (which % 5) {
	case 0:
		return intro_diag_unix(data, size, ret);
	case 1:
		return intro_diag_netlink(data, size, ret);
	case 2:
		return intro_diag_packet(data, size, ret);
	case 3:
		return intro_diag_inet(data, size, IPPROTO_RAW, ret);
	default:
		return intro_diag_inet(data, size, IPPROTO_TCP, ret);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_diag, diag);
	char text[300];
	int r;

	if (!size)
		return 0;
	r = decode(data + 1, size - 1, data[0], &diag);
	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(diag);
		return 0;
	}
	require_inside(diag.socket.local.path, data, size);
	require_inside(
		(struct intro_bytes){(const char *)diag.pending, diag.socket.pending_count * 4},
		data, size);
	intro_socket_address_format(&diag.socket, &diag.socket.local, text, sizeof(text));
	intro_socket_address_format(&diag.socket, &diag.socket.remote, text, 3);
	return 0;
}
