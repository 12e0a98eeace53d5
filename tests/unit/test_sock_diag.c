/* Messages of NETLINK_SOCK_DIAG and rows of /proc/PID/net, recorded, cut and broken. */
#include "unit/tree.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "sockets/diag.h"
#include "unit/exact.h"

/* The seeds of the fuzzers are such records; the first byte is not part of them. */
static char *seed(const char *name, size_t *len)
{
	char path[512], buf[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", INTRO_SOURCE_DIR, name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(buf, 1, 1, file), 1);
	*len = fread(buf, 1, sizeof(buf), file);
	fclose(file);
	return exact_copy(buf, *len);
}

static void unix_message(void **state)
{
	size_t len;
	char *data = seed("sock_diag/unix", &len);
	struct intro_diag diag;

	(void)state;
	assert_int_equal(intro_diag_unix(data, len, &diag), 0);
	assert_int_equal(diag.socket.ino, 4242);
	assert_int_equal(diag.socket.state, INTRO_SOCKET_LISTEN);
	assert_int_equal(diag.socket.local.path.len, 8);
	assert_memory_equal(diag.socket.local.path.data, "/run/a\nb", 8);
	assert_int_equal(diag.socket.vfs_ino, 77);
	assert_int_equal(diag.socket.vfs_dev_major, 0xfe);
	assert_int_equal(diag.socket.vfs_dev_minor, 1);
	assert_int_equal(diag.socket.accept_queue, 1);
	assert_int_equal(diag.socket.backlog, 7);
	assert_int_equal(diag.socket.pending_count, 2);
	assert_int_equal(intro_get_u32(diag.pending + 4), 9);
	assert_int_equal(diag.socket.peer_ino, 99);
	assert_int_equal(diag.socket.cookie, UINT64_C(0x200000001));
	for (size_t cut = 0; cut < len; cut++) {
		char *copy = exact_copy(data, cut);

		assert_int_equal(intro_diag_unix(exact_text(copy, cut), cut, &diag),
				 cut < 16 ? INTRO_E_FORMAT : 0);
		free(copy);
	}
	free(data);
}

static void inet_message(void **state)
{
	size_t len;
	char *data = seed("sock_diag/tcp", &len), text[64];
	struct intro_diag diag;

	(void)state;
	assert_int_equal(intro_diag_inet(data, len, IPPROTO_TCP, &diag), 0);
	assert_int_equal(diag.socket.ino, 4711);
	assert_int_equal(diag.socket.uid, 1000);
	assert_int_equal(diag.socket.accept_queue, 1);
	assert_int_equal(diag.socket.backlog, 128);
	assert_int_equal(diag.socket.shutdown, 3);
	assert_true(diag.is_subflow);
	assert_false(diag.socket.remote.present);
	assert_int_equal(intro_socket_address_format(&diag.socket, &diag.socket.local, text, 64),
			 12);
	assert_string_equal(text, "127.0.0.1:80");
	assert_int_equal(intro_diag_inet(data, len, IPPROTO_RAW, &diag), 0);
	assert_int_equal(diag.socket.type, SOCK_RAW);
	assert_int_equal(diag.socket.protocol, 80);
	assert_int_equal(diag.socket.local.port, 0);
	assert_int_equal(intro_diag_inet(data, 71, IPPROTO_TCP, &diag), INTRO_E_FORMAT);
	free(data);
}

static void other_messages(void **state)
{
	size_t len;
	char *data = seed("sock_diag/netlink", &len);
	struct intro_diag diag;

	(void)state;
	assert_int_equal(intro_diag_netlink(data, len, &diag), 0);
	assert_int_equal(diag.socket.local.port_id, 123);
	assert_int_equal(diag.socket.groups, 0x11);
	assert_int_equal(intro_diag_packet(data, len, &diag), INTRO_E_FORMAT);
	free(data);
	data = seed("sock_diag/packet", &len);
	assert_int_equal(intro_diag_packet(data, len, &diag), 0);
	assert_int_equal(diag.socket.protocol, 3);
	assert_int_equal(diag.socket.local.interface, 2);
	free(data);
}

static void captured_files(void **state)
{
	struct tree *tree = *state;
	struct intro_sockets *sockets;
	const struct intro_socket *socket;
	const uint64_t *peers;
	size_t position = 0, count = 0;
	char text[64];

	tree_text(tree, "net/unix",
		  "Num       RefCount Protocol Flags    Type St Inode Path\n"
		  "00000000fa326ae4: 00000003 00000000 00000000 0001 03  1636\n"
		  "000000009735cfba: 00000002 00000000 00010000 0001 01  1637 /run/a\nb: 1\n"
		  "000000009735cfbb: 00000002 00000000 00000000 0002 01  1638 @x\n");
	tree_text(tree, "net/tcp",
		  "  sl  local_address rem_address\n"
		  "   0: 0100007F:1F90 0100007F:0050 01 00000001:00000002 02:00000064 00000003  "
		  "1000        0 12345 2 0 20 4 0 10 -1\n"
		  "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000"
		  "     0        0 22 1\n");
	tree_text(tree, "net/tcp6",
		  "   0: 0000000000000000FFFF00000100007F:0050 "
		  "0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 "
		  "00000000     0        0 12346 1\n");
	tree_text(tree, "net/raw",
		  "   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000 "
		  "    0        0 77 2 0000000000000000 5\n");
	tree_open(tree, NULL);
	assert_int_equal(intro_sockets_open(tree->session, &sockets), 0);
	assert_int_equal(intro_sockets_find(sockets, -1, 1637, &socket), 1);
	assert_int_equal(socket->state, INTRO_SOCKET_LISTEN);
	assert_int_equal(socket->local.path.len, 11);
	assert_memory_equal(socket->local.path.data, "/run/a\nb: 1", 11);
	assert_int_equal(intro_sockets_find(sockets, -1, 1638, &socket), 1);
	assert_true(socket->local.is_abstract);
	assert_int_equal(socket->local.path.len, 1);
	assert_int_equal(intro_sockets_find(sockets, -1, 12345, &socket), 1);
	assert_int_equal(socket->send_q, 1);
	assert_int_equal(socket->recv_q, 2);
	assert_int_equal(socket->timer, INTRO_SOCKET_TIMER_KEEPALIVE);
	assert_int_equal(socket->timer_ms, 1000);
	assert_int_equal(socket->retransmits, 3);
	assert_int_equal(socket->uid, 1000);
	intro_socket_address_format(socket, &socket->local, text, sizeof(text));
	assert_string_equal(text, "127.0.0.1:8080");
	assert_int_equal(intro_sockets_peers(sockets, socket, &peers), 1);
	assert_int_equal(peers[0], 12346);
	assert_int_equal(intro_sockets_find(sockets, -1, 22, &socket), 1);
	intro_socket_address_format(socket, &socket->local, text, sizeof(text));
	assert_string_equal(text, "*:22");
	assert_false(socket->have & INTRO_SOCKET_LISTENER);
	assert_int_equal(intro_sockets_find(sockets, -1, 77, &socket), 1);
	assert_int_equal(socket->protocol, IPPROTO_ICMP);
	assert_int_equal(socket->drops, 5);
	assert_int_equal(intro_sockets_find(sockets, -1, 5, &socket), 0);
	while (intro_sockets_next(sockets, &position, &socket))
		count++;
	assert_int_equal(count, 7);
	intro_sockets_close(sockets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unix_message),
		cmocka_unit_test(inet_message),
		cmocka_unit_test(other_messages),
		TREE_TEST(captured_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
