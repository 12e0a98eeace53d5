/* Finding a socket by its inode number: what was read, then table after table. */
#include "sockets/sockets.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "sockets/netlink.h"

int intro_sockets_open(struct intro *session, struct intro_sockets **ret)
{
	struct intro_sockets *sockets = calloc(1, sizeof(*sockets));
	unsigned char *buffer = malloc(INTRO_DIAG_BUFFER);

	if (!sockets || !buffer) {
		free(sockets);
		free(buffer);
		return intro_fail(session, INTRO_E_NOMEM, 0, 0, NULL, NULL);
	}
	sockets->session = session;
	sockets->buffer = buffer;
	*ret = sockets;
	return 0;
}

/* An open socket of a namespace keeps it alive: none stays behind. */
static void close_namespaces(struct intro_sockets *sockets)
{
	for (size_t i = 0; i < sockets->netns_count; i++)
		intro_netns_close(&sockets->netns[i]);
	sockets->netns_count = 0;
}

void intro_sockets_close(struct intro_sockets *sockets)
{
	if (!sockets)
		return;
	close_namespaces(sockets);
	intro_peers_free(sockets->peers);
	intro_store_free(&sockets->store);
	intro_buf_free(&sockets->text);
	free(sockets->netns);
	free(sockets->buffer);
	free(sockets);
}

void intro_sockets_rewind(struct intro_sockets *sockets)
{
	close_namespaces(sockets);
	intro_peers_free(sockets->peers);
	sockets->peers = NULL;
	intro_store_clear(&sockets->store);
}

/* 1: found; 0: not in this namespace; INTRO_E_NOMEM. */
static int look_in(struct intro_sockets *sockets, struct intro_netns *netns, uint64_t ino,
		   const struct intro_socket **ret)
{
	for (enum intro_table table = 0; table < INTRO_TABLE_COUNT; table++) {
		if (netns->done & 1u << table)
			continue;
		if (table == INTRO_TABLE_UNIX) {
			if (intro_table_ask_unix(sockets, netns, ino))
				return INTRO_E_NOMEM;
			*ret = intro_store_find(&sockets->store, ino);
			if (*ret)
				return 1;
			if (netns->diag_fd >= 0 &&
			    netns->asks_early) /* it was asked about and is none */
				continue;
		}
		if (intro_table_read(sockets, netns, table))
			return INTRO_E_NOMEM;
		*ret = intro_store_find(&sockets->store, ino);
		if (*ret)
			return 1;
	}
	/* It may be newer than the table, or have been moved while that was read. */
	if (netns->done & 1u << INTRO_TABLE_UNIX && intro_table_ask_unix(sockets, netns, ino))
		return INTRO_E_NOMEM;
	*ret = intro_store_find(&sockets->store, ino);
	return *ret ? 1 : 0;
}

static struct intro_netns *netns_of_socket(struct intro_sockets *sockets,
					   const struct intro_socket *socket)
{
	for (size_t i = 0; socket->netns && i < sockets->netns_count; i++)
		if (sockets->netns[i].ino == socket->netns)
			return &sockets->netns[i];
	return NULL;
}

/*
 * The kernel tells of a UNIX socket only its own name: that of a client is mostly none, and where it
 * is connected to is the name of its peer. 0 or INTRO_E_NOMEM.
 */
static int tell_remote(struct intro_sockets *sockets, uint64_t ino)
{
	struct intro_socket *socket = intro_store_find(&sockets->store, ino), *peer;
	struct intro_netns *netns;

	if (!socket || socket->family != AF_UNIX || socket->remote.present ||
	    !(socket->have & INTRO_SOCKET_PEER_INO) || socket->peer_ino == 0)
		return 0;
	peer = intro_store_find(&sockets->store, socket->peer_ino);
	netns = netns_of_socket(sockets, socket);
	if (!peer && netns && !(netns->done & 1u << INTRO_TABLE_UNIX)) {
		bool is_one = netns->asks_early > 0;

		if (is_one ? intro_table_ask_unix(sockets, netns, socket->peer_ino)
			   : intro_table_read(sockets, netns, INTRO_TABLE_UNIX))
			return INTRO_E_NOMEM;
		peer = intro_store_find(&sockets->store, socket->peer_ino);
	}
	if (peer)
		socket->remote = peer->local;
	return 0;
}

int intro_sockets_find(struct intro_sockets *sockets, int process_fd, uint64_t ino,
		       const struct intro_socket **ret)
{
	const struct intro_socket *socket = intro_store_find(&sockets->store, ino);
	struct intro_netns *netns;
	int r = 1;

	if (!socket) {
		r = intro_netns_of(sockets, process_fd, &netns);
		if (r)
			return r;
		r = look_in(sockets, netns, ino, &socket);
		if (r < 0)
			return intro_fail(sockets->session, r, 0, 0, NULL, NULL);
		if (r == 0 && netns->denied)
			return intro_fail(sockets->session, INTRO_E_DENIED, netns->denied, 0, "net",
					  NULL);
	}
	if (r && tell_remote(sockets, ino))
		return intro_fail(sockets->session, INTRO_E_NOMEM, 0, 0, NULL, NULL);
	if (r)
		*ret = socket;
	return r;
}

int intro_sockets_next(struct intro_sockets *sockets, size_t *position,
		       const struct intro_socket **ret)
{
	if (*position >= sockets->store.count)
		return 0;
	*ret = sockets->store.all[(*position)++];
	return 1;
}
