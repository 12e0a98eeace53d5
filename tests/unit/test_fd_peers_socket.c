/* The other ends of sockets: pairs, servers and clients, loopback connections. */
#include "unit/fd_record.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fd/index.h"

struct world {
	struct intro *session;
	struct intro_sockets *sockets;
	struct intro_fd_index *index;
	pid_t self;
	int process_fd;
	int first_fd; /* what is open above this one is closed in the end */
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	*state = world;
	if (!world || intro_open(NULL, &world->session) ||
	    intro_sockets_open(world->session, &world->sockets) ||
	    intro_fd_index_open(world->session, world->sockets, &world->index))
		return -1;
	world->self = getpid();
	world->process_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	world->first_fd = dup(0);
	return world->process_fd < 0 || world->first_fd < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	close_range((unsigned)world->first_fd, ~0u, 0);
	intro_fd_index_close(world->index);
	intro_sockets_close(world->sockets);
	intro_close(world->session);
	close(world->process_fd);
	free(world);
	return 0;
}

struct place {
	pid_t pid;
	int fd;
};

/* Pid 0 ends the expected ones. */
static void assert_peers(struct world *world, struct place of, const struct place *expected)
{
	const struct intro_fd_holder *holders;
	struct record record;
	size_t count, i;

	record_of(&record, of.pid, of.fd);
	assert_int_equal(record.fd.kind, INTRO_FD_KIND_SOCKET);
	assert_int_equal(intro_sockets_find(world->sockets, world->process_fd, record.stat.ino,
					    &record.fd.socket),
			 1);
	record.fd.have |= INTRO_FD_WANT(SOCKET);
	assert_int_equal(intro_fd_index_peers(world->index, &record.fd, &holders, &count), 1);
	for (i = 0; i < count; i++) {
		if (!expected[i].pid)
			fail_msg("%d:%d too many", holders[i].pid, holders[i].fd);
		assert_int_equal(holders[i].pid, expected[i].pid);
		assert_int_equal(holders[i].fd, expected[i].fd);
	}
	assert_int_equal(expected[i].pid, 0);
}

#define ASSERT_PEERS(world, pid, fd, ...)                                                          \
	do {                                                                                       \
		const struct place of_ = {pid, fd};                                                \
		const struct place expected_[] = {__VA_ARGS__, {0, 0}};                            \
                                                                                                   \
		assert_peers(world, of_, expected_);                                               \
	} while (0)

#define ASSERT_NO_PEERS(world, pid, fd)                                                            \
	assert_peers(world, (struct place){pid, fd}, (const struct place[]){{0, 0}})

static void close_one(void *context)
{
	close(*(int *)context);
}

static void a_pair(void **state)
{
	struct world *world = *state;
	pid_t self = world->self, child;
	int pair[2], copy, place;
	char path[64];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	child = holder_start(close_one, &pair[0]);
	copy = dup(pair[1]);
	/* A place is at no end. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pair[1]);
	place = open(path, O_PATH | O_CLOEXEC);
	assert_true(copy >= 0 && place >= 0);
	ASSERT_PEERS(world, self, pair[0], {self, pair[1]}, {self, copy}, {child, pair[1]});
	ASSERT_PEERS(world, child, pair[1], {self, pair[0]});
	ASSERT_PEERS(world, self, copy, {self, pair[0]});
	assert_int_equal(world->index->level, INTRO_FD_LEVEL_LINKS);
	holder_end(child);
}

static socklen_t abstract(struct sockaddr_un *address, const char *name)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "intro-%s-%d", name,
		 (int)getpid());
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(address->sun_path + 1));
}

static void an_abstract_server(void **state)
{
	struct world *world = *state;
	pid_t self = world->self;
	struct sockaddr_un address;
	socklen_t len = abstract(&address, "stream");
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), server;

	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, len), 0);
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(server >= 0);
	ASSERT_PEERS(world, self, client, {self, server});
	ASSERT_PEERS(world, self, server, {self, client});
	ASSERT_NO_PEERS(world, self, listener);
}

static void a_datagram_server(void **state)
{
	struct world *world = *state;
	pid_t self = world->self;
	struct sockaddr_un address;
	socklen_t len = abstract(&address, "dgram");
	int server = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), clients[3];

	assert_int_equal(bind(server, (struct sockaddr *)&address, len), 0);
	for (int i = 0; i < 3; i++) {
		clients[i] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		assert_int_equal(connect(clients[i], (struct sockaddr *)&address, len), 0);
	}
	ASSERT_PEERS(world, self, server, {self, clients[0]}, {self, clients[1]},
		     {self, clients[2]});
	ASSERT_PEERS(world, self, clients[1], {self, server});
}

union any_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static union any_address loopback(int family)
{
	union any_address address = {.any.sa_family = (sa_family_t)family};

	if (family == AF_INET)
		address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		address.in6.sin6_addr = in6addr_loopback;
	return address;
}

/* Makes a listener; false where the machine has no such addresses. */
static bool listen_at(union any_address *address, int *listener)
{
	socklen_t len = sizeof(*address);

	*listener = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*listener < 0 || bind(*listener, &address->any, len))
		return false;
	assert_int_equal(listen(*listener, 4), 0);
	assert_int_equal(getsockname(*listener, &address->any, &len), 0);
	return true;
}

static void connect_and_check(struct world *world, int listener, const union any_address *to)
{
	pid_t self = world->self, child;
	int client = socket(to->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), server;

	assert_int_equal(connect(client, &to->any, sizeof(*to)), 0);
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(server >= 0);
	child = holder_start(close_one, &client);
	ASSERT_PEERS(world, self, client, {self, server}, {child, server});
	ASSERT_PEERS(world, child, server, {self, client});
	ASSERT_NO_PEERS(world, self, listener);
	holder_end(child);
}

static void tcp(void **state)
{
	struct world *world = *state;
	union any_address address = loopback(AF_INET);
	int listener;

	assert_true(listen_at(&address, &listener));
	connect_and_check(world, listener, &address);
}

static void tcp6(void **state)
{
	struct world *world = *state;
	union any_address address = loopback(AF_INET6);
	int listener;

	if (!listen_at(&address, &listener)) {
		print_message("skip: no IPv6\n");
		skip();
	}
	connect_and_check(world, listener, &address);
}

/* An IPv4 client of an IPv6 server: each has the address of the other in its own form. */
static void tcp_mapped(void **state)
{
	struct world *world = *state;
	union any_address any = {.any.sa_family = AF_INET6}, to = loopback(AF_INET);
	int listener;

	if (!listen_at(&any, &listener)) {
		print_message("skip: no IPv6\n");
		skip();
	}
	to.in.sin_port = any.in6.sin6_port;
	connect_and_check(world, listener, &to);
}

static void connected_udp(void **state)
{
	struct world *world = *state;
	pid_t self = world->self;
	int ends[2], lone;
	union any_address address[2];
	socklen_t len = sizeof(address[0]);

	for (int i = 0; i < 2; i++) {
		ends[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		address[i] = loopback(AF_INET);
		assert_int_equal(bind(ends[i], &address[i].any, len), 0);
		assert_int_equal(getsockname(ends[i], &address[i].any, &len), 0);
	}
	for (int i = 0; i < 2; i++)
		assert_int_equal(connect(ends[i], &address[!i].any, len), 0);
	lone = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	address[0] = loopback(AF_INET);
	assert_int_equal(bind(lone, &address[0].any, len), 0);
	ASSERT_PEERS(world, self, ends[0], {self, ends[1]});
	ASSERT_PEERS(world, self, ends[1], {self, ends[0]});
	ASSERT_NO_PEERS(world, self, lone);
}

/* Of what the tables do not tell, nothing is said. */
static void not_told(void **state)
{
	struct world *world = *state;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct intro_fd_holder *holders;
	struct record record;
	size_t count;

	record_of(&record, world->self, fd);
	assert_int_equal(intro_fd_index_peers(world->index, &record.fd, &holders, &count), 0);
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE_TEST(a_pair),
		LIVE_TEST(an_abstract_server),
		LIVE_TEST(a_datagram_server),
		LIVE_TEST(tcp),
		LIVE_TEST(tcp6),
		LIVE_TEST(tcp_mapped),
		LIVE_TEST(connected_udp),
		LIVE_TEST(not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
