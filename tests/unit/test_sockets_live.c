/* Sockets of this process, of each family, as the running kernel tells of them. */
#include "unit/exact.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <intro/intro.h>

struct fixture {
	struct intro *session;
	struct intro_sockets *sockets;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture || intro_open(NULL, &fixture->session) ||
	    intro_sockets_open(fixture->session, &fixture->sockets))
		return -1;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	intro_sockets_close(fixture->sockets);
	intro_close(fixture->session);
	free(fixture);
	return 0;
}

static uint64_t ino_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static const struct intro_socket *find(struct fixture *fixture, int fd)
{
	const struct intro_socket *socket = NULL;

	assert_int_equal(intro_sockets_find(fixture->sockets, -1, ino_of(fd), &socket), 1);
	assert_int_equal(socket->ino, ino_of(fd));
	return socket;
}

static const char *text_of(const struct intro_socket *socket,
			   const struct intro_socket_address *address)
{
	static char text[256];

	assert_true(intro_socket_address_format(socket, address, text, sizeof(text)) <
		    sizeof(text));
	return text;
}

static int listen_on(int family, struct sockaddr *address, socklen_t *len, int reuseport)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuseport, sizeof(int)), 0);
	if (bind(fd, address, *len) || listen(fd, 7)) {
		close(fd);
		return -1;
	}
	assert_int_equal(getsockname(fd, address, len), 0);
	return fd;
}

static void assert_peers(struct fixture *fixture, int fd, int other)
{
	const uint64_t *list = NULL;
	size_t count = intro_sockets_peers(fixture->sockets, find(fixture, fd), &list);

	assert_int_equal(count, 1);
	assert_int_equal(list[0], ino_of(other));
}

static void tcp_connection(void **state)
{
	struct fixture *fixture = *state;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);
	int listener = listen_on(AF_INET, (struct sockaddr *)&address, &len, 0);
	int client = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 mapped = {.sin6_family = AF_INET6, .sin6_port = address.sin_port};
	const struct intro_socket *socket;
	char expected[64];
	int server;

	assert_true(listener >= 0);
	if (client < 0)
		skip();
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr);
	assert_int_equal(connect(client, (struct sockaddr *)&mapped, sizeof(mapped)), 0);
	socket = find(fixture, listener);
	snprintf(expected, sizeof(expected), "127.0.0.1:%d", ntohs(address.sin_port));
	assert_string_equal(text_of(socket, &socket->local), expected);
	assert_int_equal(socket->state, INTRO_SOCKET_LISTEN);
	assert_true(socket->have & INTRO_SOCKET_LISTENER);
	assert_int_equal(socket->accept_queue, 1);
	assert_int_equal(socket->backlog, 7);
	assert_int_equal(socket->reuseport_group, 1);
	assert_false(socket->have & INTRO_SOCKET_REUSEPORT);
	assert_int_equal(intro_sockets_ask(fixture->sockets, listener, ino_of(listener), &socket),
			 1);
	assert_true(socket->have & INTRO_SOCKET_REUSEPORT);
	assert_false(socket->reuseport);

	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(server >= 0);
	assert_int_equal(write(client, "hello", 5), 5);
	intro_sockets_rewind(fixture->sockets);
	socket = find(fixture, server);
	assert_int_equal(socket->family, AF_INET);
	assert_int_equal(socket->type, SOCK_STREAM);
	assert_int_equal(socket->state, INTRO_SOCKET_ESTABLISHED);
	assert_int_equal(socket->recv_q, 5);
	assert_peers(fixture, server, client);
	assert_peers(fixture, client, server);
	assert_int_equal(intro_sockets_ask(fixture->sockets, server, ino_of(server), &socket), 1);
	assert_true(socket->have & INTRO_SOCKET_TCP_INFO);
	assert_int_equal(socket->tcp.bytes_received, 5);
	close(server);
	close(client);
	close(listener);
}

static void listeners_that_share_a_port(void **state)
{
	struct fixture *fixture = *state;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);
	int first = listen_on(AF_INET, (struct sockaddr *)&address, &len, 1);
	int second = listen_on(AF_INET, (struct sockaddr *)&address, &len, 1);

	assert_true(first >= 0 && second >= 0);
	assert_int_equal(find(fixture, first)->reuseport_group, 2);
	assert_true(find(fixture, second)->reuseport);
	close(first);
	close(second);
}

static void what_no_table_has(void **state)
{
	struct fixture *fixture = *state;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct intro_socket *socket = NULL;

	assert_int_equal(intro_sockets_find(fixture->sockets, -1, ino_of(fd), &socket), 0);
	assert_null(socket);
	assert_int_equal(intro_sockets_ask(fixture->sockets, fd, ino_of(fd), &socket), 1);
	assert_int_equal(socket->family, AF_INET);
	assert_int_equal(socket->protocol, IPPROTO_TCP);
	assert_int_equal(socket->state, INTRO_SOCKET_CLOSE);
	assert_int_equal(socket->uid, geteuid());
	assert_false(socket->local.present);
	close(fd);
	assert_int_equal(intro_sockets_ask(fixture->sockets, STDIN_FILENO, 1, &socket),
			 INTRO_E_INVALID);
}

static void unix_sockets(void **state)
{
	static const char abstract[] = "\0intro\0a\nb";
	struct fixture *fixture = *state;
	struct sockaddr_un path = {.sun_family = AF_UNIX}, name = {.sun_family = AF_UNIX};
	socklen_t name_len = offsetof(struct sockaddr_un, sun_path) + sizeof(abstract) - 1;
	int pair[2], listener, server, client;
	const struct intro_socket *found;
	struct stat file;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(find(fixture, pair[0])->peer_ino, ino_of(pair[1]));
	assert_int_equal(find(fixture, pair[0])->type, SOCK_SEQPACKET);
	assert_peers(fixture, pair[0], pair[1]);

	snprintf(path.sun_path, sizeof(path.sun_path), "/tmp/intro-%d\nx", (int)getpid());
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&path, sizeof(path)), 0);
	assert_int_equal(listen(listener, 3), 0);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&path, sizeof(path)), 0);
	assert_int_equal(stat(path.sun_path, &file), 0);
	unlink(path.sun_path);
	found = find(fixture, listener);
	assert_string_equal(text_of(found, &found->local), path.sun_path);
	assert_int_equal(found->state, INTRO_SOCKET_LISTEN);
	assert_int_equal(found->accept_queue, 1);
	assert_int_equal(found->backlog, 3);
	assert_int_equal(found->uid, geteuid());
	assert_int_equal(found->vfs_ino, file.st_ino);
	assert_int_equal(found->vfs_dev_major, major(file.st_dev));
	assert_int_equal(found->vfs_dev_minor, minor(file.st_dev));
	assert_int_equal(found->pending_count, 1);
	assert_int_equal(found->pending[0], ino_of(client));
	assert_peers(fixture, client, listener);

	memcpy(name.sun_path, abstract, sizeof(abstract) - 1);
	server = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(server, (struct sockaddr *)&name, name_len), 0);
	close(client);
	client = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&name, name_len), 0);
	intro_sockets_rewind(fixture->sockets);
	found = find(fixture, server);
	assert_true(found->local.is_abstract);
	assert_int_equal(found->local.path.len, sizeof(abstract) - 2);
	assert_memory_equal(found->local.path.data, abstract + 1, sizeof(abstract) - 2);
	assert_peers(fixture, server, client);
	close(client);
	close(server);
	close(listener);
	close(pair[0]);
	close(pair[1]);
}

/* The kernel does not tell where a client is connected to: that is the name of its peer. */
static void names_of_unix_peers(void **state)
{
	enum { CLIENTS = 20 };
	static const char name[] = "\0intro-peers";
	struct fixture *fixture = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len = offsetof(struct sockaddr_un, sun_path) + sizeof(name) - 1;
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), clients[CLIENTS], accepted[CLIENTS];
	const struct intro_socket *found;

	memcpy(address.sun_path, name, sizeof(name) - 1);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, CLIENTS), 0);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM, 0);
		assert_int_equal(connect(clients[i], (struct sockaddr *)&address, len), 0);
		accepted[i] = accept(listener, NULL, NULL);
	}
	intro_sockets_rewind(fixture->sockets);
	for (int i = 0; i < CLIENTS; i++) { /* some are asked about, others come from the table */
		found = find(fixture, clients[i]);
		assert_string_equal(text_of(found, &found->remote), "@intro-peers");
		found = find(fixture, accepted[i]);
		assert_string_equal(text_of(found, &found->local), "@intro-peers");
		assert_false(found->remote.present);
	}
	for (int i = 0; i < CLIENTS; i++) {
		close(clients[i]);
		close(accepted[i]);
	}
	close(listener);
}

/* More of them than are asked about one by one: the last ones come after the table was read. */
static void many_unix_sockets(void **state)
{
	struct fixture *fixture = *state;
	int pairs[20][2];

	for (int i = 0; i < 20; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
		assert_int_equal(find(fixture, pairs[i][0])->peer_ino, ino_of(pairs[i][1]));
	}
	for (int i = 0; i < 20; i++) {
		close(pairs[i][0]);
		close(pairs[i][1]);
	}
}

static void udp_netlink_packet(void **state)
{
	struct fixture *fixture = *state;
	struct sockaddr_in any = {.sin_family = AF_INET};
	struct sockaddr_nl port = {.nl_family = AF_NETLINK, .nl_groups = 0x11};
	socklen_t len = sizeof(any);
	const struct intro_socket *found;
	char expected[32];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
	intro_sockets_rewind(fixture->sockets);
	found = find(fixture, fd);
	snprintf(expected, sizeof(expected), "*:%d", ntohs(any.sin_port));
	assert_string_equal(text_of(found, &found->local), expected);
	assert_int_equal(found->protocol, IPPROTO_UDP);
	assert_true(found->have & INTRO_SOCKET_DROPS);
	close(fd);

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	assert_int_equal(bind(fd, (struct sockaddr *)&port, sizeof(port)), 0);
	len = sizeof(port);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&port, &len), 0);
	intro_sockets_rewind(fixture->sockets);
	found = find(fixture, fd);
	assert_int_equal(found->protocol, NETLINK_ROUTE);
	assert_int_equal(found->local.port_id, port.nl_pid);
	assert_int_equal(found->groups, 0x11);
	close(fd);

	fd = socket(AF_PACKET, SOCK_DGRAM, htons(0x0806));
	if (fd < 0)
		return; /* only root may */
	intro_sockets_rewind(fixture->sockets);
	found = find(fixture, fd);
	assert_int_equal(found->family, AF_PACKET);
	assert_int_equal(found->type, SOCK_DGRAM);
	assert_int_equal(found->protocol, 0x0806);
	close(fd);
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	intro_sockets_rewind(fixture->sockets);
	found = find(fixture, fd);
	assert_int_equal(found->type, SOCK_RAW);
	assert_int_equal(found->protocol, IPPROTO_ICMP);
	close(fd);
}

/* A child in a network namespace of its own listens there, and says what its socket is. */
static void child(int out)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(4242)};
	socklen_t len = sizeof(address);
	uint64_t ino = 0;
	struct stat st;

	if (unshare(CLONE_NEWNET) == 0) {
		int fd = listen_on(AF_INET6, (struct sockaddr *)&address, &len, 0);

		if (fd >= 0 && fstat(fd, &st) == 0)
			ino = st.st_ino;
	}
	if (write(out, &ino, sizeof(ino)) == sizeof(ino))
		pause();
	_exit(0);
}

static void another_namespace(void **state)
{
	struct fixture *fixture = *state;
	const struct intro_socket *found = NULL;
	struct stat before, after, theirs;
	struct intro_process *process;
	uint64_t ino = 0;
	int pipes[2];
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (pid == 0)
		child(pipes[1]);
	assert_int_equal(read(pipes[0], &ino, sizeof(ino)), sizeof(ino));
	close(pipes[0]);
	close(pipes[1]);
	if (ino) {
		assert_int_equal(intro_process_open(fixture->session, pid, &process), 0);
		assert_int_equal(stat("/proc/thread-self/ns/net", &before), 0);
		assert_int_equal(intro_sockets_find(fixture->sockets, -1, ino, &found), 0);
		assert_int_equal(intro_sockets_find(fixture->sockets, intro_process_dirfd(process),
						    ino, &found),
				 1);
		assert_string_equal(text_of(found, &found->local), "*:4242");
		assert_int_equal(found->state, INTRO_SOCKET_LISTEN);
		assert_int_equal(found->backlog, 7);
		assert_int_equal(fstatat(intro_process_dirfd(process), "ns/net", &theirs, 0), 0);
		assert_int_equal(found->netns, theirs.st_ino);
		assert_int_equal(stat("/proc/thread-self/ns/net", &after), 0);
		assert_int_equal(before.st_ino, after.st_ino);
		intro_process_close(process);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (!ino) {
		print_message("skip: a network namespace cannot be made\n");
		skip();
	}
}

/* Without a free descriptor nothing can be asked: that is no answer, and later there is one. */
static void no_descriptor_is_free(void **state)
{
	struct fixture *fixture = *state;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), next = dup(fd);
	uint64_t ino = ino_of(fd);
	const struct intro_socket *found = NULL;
	struct rlimit before, low;

	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	low = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	assert_int_equal(intro_sockets_find(fixture->sockets, -1, ino, &found), INTRO_E_OS);
	assert_int_equal(intro_last_error(fixture->session)->os_errno, EMFILE);
	assert_null(found);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(intro_sockets_find(fixture->sockets, -1, ino, &found), 1);
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tcp_connection),        TEST(listeners_that_share_a_port),
		TEST(what_no_table_has),     TEST(unix_sockets),
		TEST(many_unix_sockets),     TEST(names_of_unix_peers),
		TEST(udp_netlink_packet),    TEST(another_namespace),
		TEST(no_descriptor_is_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
