/* The text files of /proc/PID/net: the first byte says which. */
#include "fuzz/fuzz.h"

#include <netinet/in.h>

#include "sockets/diag.h"

static int take(const char **p, const char *end, unsigned which, struct intro_diag *ret)
{
	static const struct intro_procnet_inet kinds[] = {
		{AF_INET, SOCK_STREAM, IPPROTO_TCP},
		{AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
		{AF_INET, SOCK_RAW, 0},
	};

	switch (which % 6) {
	case 0:
		return intro_procnet_unix(p, end, ret);
	case 1:
		return intro_procnet_netlink(p, end, ret);
	case 2:
		return intro_procnet_packet(p, end, ret);
	default:
		return intro_procnet_inet(p, end, &kinds[which % 6 - 3], ret);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p, *end, *before;
	struct intro_diag diag;

	if (!size)
		return 0;
	p = before = (const char *)data + 1;
	end = p + size - 1;
	while (take(&p, end, data[0], &diag)) {
		REQUIRE(p > before && p <= end);
		before = p;
		require_inside(diag.socket.local.path, data, size);
		REQUIRE(diag.socket.family >= 0);
	}
	REQUIRE(p == end);
	return 0;
}
