/*
 * Sockets of all families in known states: fd_sockets DIR (empty, of a short name). Prints: ready
 * pid=PID, the descriptors as fd.h says, ports, and queue lengths that only the target knows.
 */
#include "targets/fd.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

enum { BACKLOG = 7 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t loopback(union address *ret, int family, uint16_t port)
{
	memset(ret, 0, sizeof(*ret));
	if (family == AF_INET) {
		ret->v4.sin_family = AF_INET;
		ret->v4.sin_port = htons(port);
		ret->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(ret->v4);
	}
	ret->v6.sin6_family = AF_INET6;
	ret->v6.sin6_port = htons(port);
	ret->v6.sin6_addr = in6addr_loopback;
	return sizeof(ret->v6);
}

static uint16_t port_of(int fd)
{
	union address address;
	socklen_t len = sizeof(address);

	if (getsockname(fd, &address.any, &len))
		target_die("getsockname");
	return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

/* Says the port of a socket, as KEY.port. */
static int say_port(const char *key, int fd)
{
	char port[64];

	fd_say(key, fd);
	snprintf(port, sizeof(port), "%s.port", key);
	fd_fact(port, port_of(fd));
	return fd;
}

/* Bound to a port of the loopback device; 0: one that is free. */
static int bound(int family, int type, uint16_t port, bool any, bool reuse)
{
	union address address;
	socklen_t len = loopback(&address, family, port);
	int fd = socket(family, type, 0), on = 1, off = 0;

	if (fd < 0)
		target_die("socket");
	if (any && family == AF_INET6) {
		address.v6.sin6_addr = in6addr_any;
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)))
			target_die("IPV6_V6ONLY");
	} else if (family == AF_INET6 &&
		   setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) {
		target_die("IPV6_V6ONLY");
	}
	if (reuse && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)))
		target_die("SO_REUSEPORT");
	if (bind(fd, &address.any, len))
		target_die("bind");
	return fd;
}

static int listening(int family, uint16_t port, bool any, bool reuse)
{
	int fd = bound(family, SOCK_STREAM, port, any, reuse);

	if (listen(fd, BACKLOG))
		target_die("listen");
	return fd;
}

static int connected(int family, int type, uint16_t port)
{
	union address address;
	socklen_t len = loopback(&address, family, port);
	int fd = socket(family, type, 0);

	if (fd < 0 || connect(fd, &address.any, len))
		target_die("connect");
	return fd;
}

static int accepted(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		target_die("accept");
	return fd;
}

/* A pair over a listener that stays, each side with bytes that the other has sent. */
static void tcp_pair(const char *name, int listener, int family, size_t to_server, size_t to_client)
{
	int client = connected(family, SOCK_STREAM, port_of(listener)), server = accepted(listener);
	char key[64];

	fd_write(client, to_server);
	fd_write(server, to_client);
	snprintf(key, sizeof(key), "%s_client", name);
	say_port(key, client);
	snprintf(key, sizeof(key), "%s_server", name);
	fd_say(key, server);
}

static void tcp(void)
{
	int listener = listening(AF_INET, 0, false, false), group, client, server;

	tcp_pair("tcp4", listener, AF_INET, 5, 9);
	for (int i = 0; i < 3; i++)
		connected(AF_INET, SOCK_STREAM, port_of(listener));
	say_port("tcp4_listener", listener);
	listener = listening(AF_INET6, 0, false, false);
	tcp_pair("tcp6", listener, AF_INET6, 0, 11);
	say_port("tcp6_listener", listener);
	listener = listening(AF_INET6, 0, true, false);
	tcp_pair("mapped", listener, AF_INET, 3, 0);
	say_port("mapped_listener", listener);

	group = listening(AF_INET, 0, false, true);
	say_port("reuse_0", group);
	say_port("reuse_1", listening(AF_INET, port_of(group), false, true));
	say_port("reuse_2", listening(AF_INET, port_of(group), false, true));

	listener = listening(AF_INET, 0, false, false);
	client = connected(AF_INET, SOCK_STREAM, port_of(listener));
	server = accepted(listener);
	close(listener);
	if (shutdown(client, SHUT_WR) || read(server, &(char){0}, 1) != 0)
		target_die("shutdown");
	fd_say("fin_wait2", client); /* once the other side has said that it knows */
	fd_say("close_wait", server);
	fd_say("tcp4_new", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	say_port("tcp4_bound", bound(AF_INET, SOCK_STREAM, 0, false, false));
}

static void udp(void)
{
	int server = say_port("udp4_bound", bound(AF_INET, SOCK_DGRAM, 0, false, false));
	int client = say_port("udp4_connected", connected(AF_INET, SOCK_DGRAM, port_of(server)));

	fd_write(client, 100);
	fd_say("udp4_new", socket(AF_INET, SOCK_DGRAM, 0));
	server = say_port("udp6_bound", bound(AF_INET6, SOCK_DGRAM, 0, false, false));
	say_port("udp6_connected", connected(AF_INET6, SOCK_DGRAM, port_of(server)));
	fd_say_if("raw4", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	fd_say_if("raw6", socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
}

static void unix_streams(void)
{
	int listener = fd_unix_bound("stream", SOCK_STREAM, 5), pair[2], client, server;

	client = fd_unix_connected("stream", SOCK_STREAM);
	server = accepted(listener);
	fd_write(client, 21);
	fd_write(server, 13);
	fd_say("stream_listener", listener);
	fd_say("stream_client", client);
	fd_say("stream_server", server);
	fd_say("stream_pending_0", fd_unix_connected("stream", SOCK_STREAM));
	fd_say("stream_pending_1", fd_unix_connected("stream", SOCK_STREAM));

	listener = fd_unix_bound("new\n\xffline", SOCK_STREAM, 3);
	fd_say("odd_listener", listener);
	fd_say("odd_client", fd_unix_connected("new\n\xffline", SOCK_STREAM));
	fd_say("odd_server", accepted(listener));

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		target_die("socketpair");
	fd_say("pair_stream_0", pair[0]);
	fd_say("pair_stream_1", pair[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		target_die("socketpair");
	fd_say("pair_half", pair[0]); /* the other end is closed */
	close(pair[1]);
	fd_say("unix_new", socket(AF_UNIX, SOCK_STREAM, 0));
}

static void unix_others(void)
{
	char abstract[64];
	int pair[2], listener, len;

	len = snprintf(abstract, sizeof(abstract), "@intro-fd-%d", getpid());
	fd_fact_bytes("abstract_name", abstract, (size_t)len);
	listener = fd_unix_bound(abstract, SOCK_SEQPACKET, 4);
	fd_say("abstract_listener", listener);
	fd_say("abstract_client", fd_unix_connected(abstract, SOCK_SEQPACKET));
	fd_say("abstract_server", accepted(listener));

	fd_say("dgram_server", fd_unix_bound("dgram", SOCK_DGRAM, -1));
	fd_write(fd_say("dgram_client_0", fd_unix_connected("dgram", SOCK_DGRAM)), 33);
	fd_say("dgram_client_1", fd_unix_connected("dgram", SOCK_DGRAM));
	fd_say("dgram_client_2", fd_unix_connected("dgram", SOCK_DGRAM));
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		target_die("socketpair");
	fd_say("pair_dgram_0", pair[0]);
	fd_say("pair_dgram_1", pair[1]);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		target_die("socketpair");
	fd_say("pair_seqpacket_0", pair[0]);
	fd_say("pair_seqpacket_1", pair[1]);
}

static void others(void)
{
	struct sockaddr_nl netlink = {.nl_family = AF_NETLINK,
				      .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR};
	struct sockaddr_ll packet = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP)};
	struct sockaddr_vm vsock = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = VMADDR_PORT_ANY};
	socklen_t len = sizeof(netlink);
	int group = RTNLGRP_NSID; /* 28 */
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (struct sockaddr *)&netlink, sizeof(netlink)) ||
	    getsockname(fd, (struct sockaddr *)&netlink, &len) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		target_die("netlink");
	fd_say("netlink", fd);
	fd_fact("netlink.port_id", netlink.nl_pid);
	fd_say("netlink_new", socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT));
	fd = fd_say_if("packet", socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ARP)));
	packet.sll_ifindex = (int)if_nametoindex("lo");
	if (fd >= 0 && bind(fd, (struct sockaddr *)&packet, sizeof(packet)))
		target_die("packet");
	fd_fact("packet.interface", (uintmax_t)packet.sll_ifindex);
	fd_say_if("packet_dgram", socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL)));
	fd = socket(AF_VSOCK, SOCK_STREAM, 0);
	len = sizeof(vsock);
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&vsock, sizeof(vsock)) || listen(fd, 2) ||
			getsockname(fd, (struct sockaddr *)&vsock, &len))) {
		close(fd);
		fd = -1;
	}
	if (fd_say_if("vsock", fd) >= 0)
		fd_fact("vsock.port", vsock.svm_port);
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_sockets DIR");
	fd_close_inherited();
	printf("ready pid=%d backlog=%d", getpid(), BACKLOG);
	tcp();
	udp();
	unix_streams();
	unix_others();
	others();
	target_ready();
	target_wait();
	return 0;
}
