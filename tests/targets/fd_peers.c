/*
 * Channels between processes: fd_peers DIR (empty). The target P has children A, B and C. Prints:
 * ready pid=PID a=PID b=PID c=PID and for each end of a channel
 *   NAME=FD NAME.who=LETTERS (who has it) NAME.other=NAME (the end at its other side; or empty)
 * All processes have an end at the same number.
 */
#include "targets/fd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

enum { MOST = 48, P = 1, A = 2, B = 4, C = 8, CHILDREN = 3 };

struct end {
	const char *name, *other;
	int fd;
	unsigned who;
};

static struct end ends[MOST];
static size_t count;

static void add(const char *name, unsigned who, int fd, const char *other)
{
	if (fd < 0 || count == MOST)
		target_die("%s", name);
	ends[count++] = (struct end){.name = name, .other = other, .fd = fd, .who = who};
}

/* Two ends, each the other of the other. */
static void add_pair(const char *name, unsigned who, int fd, const char *other, unsigned other_who,
		     int other_fd)
{
	add(name, who, fd, other);
	add(other, other_who, other_fd, name);
}

static void pipes(void)
{
	int pair[2], fd;

	if (pipe(pair))
		target_die("pipe");
	add_pair("pipe_r", P, pair[0], "pipe_w", A | B | C, pair[1]);
	if (pipe(pair))
		target_die("pipe");
	add_pair("own_r", P, pair[0], "own_w", P, pair[1]);
	if (pipe(pair))
		target_die("pipe");
	close(pair[0]);
	add("lonely_w", A, pair[1], "");
	if (mkfifo("fifo", 0600) || mkfifo("both", 0600))
		target_die("mkfifo");
	fd = fd_open("fifo", O_RDONLY | O_NONBLOCK);
	add_pair("fifo_r", P, fd, "fifo_w", B, fd_open("fifo", O_WRONLY));
	fd = fd_open("both", O_RDWR);
	add_pair("both_rw", P, fd, "both_w", C, fd_open("both", O_WRONLY));
}

static void terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) || unlockpt(master))
		target_die("ptmx");
	add_pair("pty_master", P, master, "pty_slave", A | B,
		 ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY));
	master = posix_openpt(O_RDWR | O_NOCTTY);
	add("pty_lonely", C, master, "");
}

static void unix_sockets(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		target_die("socketpair");
	add_pair("stream_0", P, pair[0], "stream_1", A, pair[1]);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		target_die("socketpair");
	add_pair("seqpacket_0", B, pair[0], "seqpacket_1", C, pair[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		target_die("socketpair");
	add_pair("many_0", P | A, pair[0], "many_1", B | C, pair[1]);
	/* A server of datagrams, and its clients: each of these has it at its other end. */
	add("dgram_server", P, fd_unix_bound("dgram", SOCK_DGRAM, -1), "dgram_clients");
	add("dgram_client_0", A, fd_unix_connected("dgram", SOCK_DGRAM), "dgram_server");
	add("dgram_client_1", B, fd_unix_connected("dgram", SOCK_DGRAM), "dgram_server");
}

static int ip_listener(int family, struct sockaddr_in6 *address, socklen_t *len)
{
	int fd = socket(family, SOCK_STREAM, 0), off = 0;

	memset(address, 0, sizeof(*address));
	address->sin6_family = (sa_family_t)family;
	*len = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(*address);
	if (family == AF_INET)
		((struct sockaddr_in *)(void *)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 ||
	    (family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off))) ||
	    bind(fd, (struct sockaddr *)address, *len) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)address, len))
		target_die("listener");
	return fd;
}

/* A connection over the loopback device; v4 to a listener of IPv6: the server's end is mapped. */
static void connection(int family, bool mapped, const char *server, const char *client,
		       unsigned client_who)
{
	struct sockaddr_in6 address;
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len;
	int listener = ip_listener(family, &address, &len);
	int fd = socket(mapped ? AF_INET : family, SOCK_STREAM, 0);

	if (family == AF_INET6)
		address.sin6_addr = in6addr_loopback;
	v4.sin_port = address.sin6_port;
	if (fd < 0 || (mapped ? connect(fd, (struct sockaddr *)&v4, sizeof(v4))
			      : connect(fd, (struct sockaddr *)&address, len)))
		target_die("connect");
	add_pair(server, P, accept(listener, NULL, NULL), client, client_who, fd);
	close(listener);
}

static void datagrams(void)
{
	struct sockaddr_in addresses[2];
	socklen_t len = sizeof(*addresses);
	int fds[2];

	for (int i = 0; i < 2; i++) {
		addresses[i] = (struct sockaddr_in){.sin_family = AF_INET,
						    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		fds[i] = socket(AF_INET, SOCK_DGRAM, 0);
		if (fds[i] < 0 || bind(fds[i], (struct sockaddr *)&addresses[i], len) ||
		    getsockname(fds[i], (struct sockaddr *)&addresses[i], &len))
			target_die("udp");
	}
	for (int i = 0; i < 2; i++)
		if (connect(fds[i], (struct sockaddr *)&addresses[!i], len))
			target_die("udp");
	add_pair("udp_0", P, fds[0], "udp_1", A, fds[1]);
}

static void keep_only(unsigned who)
{
	for (size_t i = 0; i < count; i++)
		if (!(ends[i].who & who))
			close(ends[i].fd);
}

int main(int argc, char **argv)
{
	static const char letters[] = "PABC";
	pid_t children[CHILDREN];

	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_peers DIR");
	fd_close_inherited();
	target_board_open();
	pipes();
	terminal();
	unix_sockets();
	connection(AF_INET, false, "tcp4_server", "tcp4_client", A);
	connection(AF_INET6, false, "tcp6_server", "tcp6_client", B);
	connection(AF_INET6, true, "mapped_server", "mapped_client", C);
	datagrams();
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = target_fork();
		if (!children[i]) {
			keep_only(A << i);
			target_board[i] = 1;
			target_pause();
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		target_board_await(i);
	keep_only(P);
	printf("ready pid=%d a=%d b=%d c=%d", getpid(), children[0], children[1], children[2]);
	for (size_t i = 0; i < count; i++) {
		printf(" %s=%d %s.who=", ends[i].name, ends[i].fd, ends[i].name);
		for (int j = 0; j <= CHILDREN; j++)
			if (ends[i].who & 1u << j)
				putchar(letters[j]);
		printf(" %s.other=%s", ends[i].name, ends[i].other);
	}
	target_ready();
	target_wait();
	return 0;
}
