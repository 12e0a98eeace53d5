/* The sockets of a list of descriptors: their kind, with and without a table that has them. */
#include "unit/fds.h"

#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static void assert_socket(struct own *own, int number, enum intro_fd_kind kind, int family)
{
	const struct intro_fd *fd;
	struct intro_fds *fds;

	assert_true(number >= 0);
	fds = fds_open(own->session, LEAN | INTRO_FD_WANT(SOCKET), INTRO_FD_WANT(COPY),
		       INTRO_SLOT_BIT(FD));
	fd = fds_find(fds, getpid(), number);
	assert_non_null(fd);
	assert_int_equal(fd->kind, kind);
	assert_stat(fd, number);
	if (fd->error[INTRO_FD_SOURCE_SOCKET] == EPERM) { /* neither a table nor a copy */
		intro_fds_close(fds);
		close(number);
		return;
	}
	assert_true(fd->have & INTRO_FD_WANT(SOCKET));
	assert_int_equal(fd->socket->ino, fd->stat->ino);
	assert_int_equal(fd->socket->family, family);
	assert_int_equal(intro_fds_read(fds, INTRO_FD_WANT(COPY)), 0);
	assert_int_equal(fd->kind, kind);
	assert_int_equal(fd->socket->family, family);
	intro_fds_close(fds);
	close(number);
}

static void families(void **state)
{
	struct own *own = *state;
	int pair[2], listener = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_socket(own, pair[0], INTRO_FD_KIND_UNIX, AF_UNIX);
	close(pair[1]);
	assert_int_equal(listen(listener, 1), 0);
	assert_socket(own, listener, INTRO_FD_KIND_INET, AF_INET);
	assert_socket(own, socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), INTRO_FD_KIND_NETLINK,
		      AF_NETLINK);
}

/* No table has those that are neither bound nor connected. */
static void unbound(void **state)
{
	struct own *own = *state;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	assert_socket(own, socket(AF_INET, SOCK_STREAM, 0), INTRO_FD_KIND_INET, AF_INET);
	assert_socket(own, socket(AF_INET, SOCK_DGRAM, 0), INTRO_FD_KIND_INET, AF_INET);
	if (fd >= 0)
		assert_socket(own, fd, INTRO_FD_KIND_INET6, AF_INET6);
}

/* What is no socket has none, and that is no error. */
static void not_sockets(void **state)
{
	struct own *own = *state;
	struct intro_fds *fds =
		fds_open(own->session, INTRO_FD_WANT(SOCKET), 0, INTRO_SLOT_BIT(FD));
	int pipes[2];
	const struct intro_fd *fd;

	assert_int_equal(pipe(pipes), 0);
	fd = fds_find(fds, getpid(), pipes[0]);
	assert_non_null(fd);
	assert_null(fd->socket);
	assert_false(fd->have & INTRO_FD_WANT(SOCKET));
	assert_int_equal(fd->error[INTRO_FD_SOURCE_SOCKET], 0);
	close(pipes[0]);
	close(pipes[1]);
	intro_fds_close(fds);
}

/* A list with sockets of its own tells of them as they are now whenever it begins anew. */
static void in_each_round(void **state)
{
	struct own *own = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct intro_fds *fds =
		fds_open(own->session, INTRO_FD_WANT(SOCKET), 0, INTRO_SLOT_BIT(FD));
	const struct intro_fd *fd = fds_find(fds, getpid(), number);

	assert_non_null(fd->socket);
	assert_int_equal(fd->socket->state, INTRO_SOCKET_CLOSE);
	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "intro-fds-%d", getpid());
	assert_int_equal(bind(number, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(number, 1), 0);
	fd = fds_find(fds, getpid(), number);
	assert_non_null(fd->socket);
	assert_int_equal(fd->socket->state, INTRO_SOCKET_LISTEN);
	intro_fds_close(fds);
	close(number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OWN_TEST(families),
		OWN_TEST(unbound),
		OWN_TEST(not_sockets),
		OWN_TEST(in_each_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
