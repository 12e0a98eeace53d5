/*
 * The other end. Of UNIX sockets the kernel says it; who is connected to a datagram socket, and who
 * waits to be accepted, follows from an index the other way. IP sockets are joined by their
 * addresses.
 */
#include <netinet/in.h>
#include <stdlib.h>

#include "sockets/sockets.h"

struct entry {
	uint64_t hash;
	uint32_t socket;
	uint32_t next; /* of the same bucket, plus 1; 0: none */
};

struct intro_peers {
	size_t indexed; /* so many sockets of the store are in it */
	struct entry *entries;
	size_t count;
	uint32_t *buckets;
	size_t buckets_size; /* a power of two */
	uint64_t *list;
	size_t list_count, list_size;
};

/* One end of a connection in the form that both families share: IPv4 as ::ffff:a.b.c.d. */
struct end {
	uint8_t ip[16];
	uint16_t port;
};

static struct end end_of(const struct intro_socket *socket,
			 const struct intro_socket_address *address)
{
	struct end end = {.port = address->port};

	if (socket->family == AF_INET) {
		memset(end.ip + 10, 0xff, 2);
		memcpy(end.ip + 12, address->ip, 4);
	} else {
		memcpy(end.ip, address->ip, 16);
	}
	return end;
}

static bool same_end(const struct end *a, const struct end *b)
{
	return a->port == b->port && !memcmp(a->ip, b->ip, sizeof(a->ip));
}

/* A socket of MPTCP may be connected to one of TCP. */
static int protocol_of(const struct intro_socket *socket)
{
	return socket->protocol == IPPROTO_MPTCP ? IPPROTO_TCP : socket->protocol;
}

static bool is_connected(const struct intro_socket *socket)
{
	return (socket->family == AF_INET || socket->family == AF_INET6) &&
	       socket->remote.present && socket->local.present && socket->local.port &&
	       socket->remote.port;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t hash_end(uint64_t hash, const struct end *end)
{
	uint64_t half[2];

	memcpy(half, end->ip, sizeof(half));
	return mix(mix(mix(hash, half[0]), half[1]), end->port);
}

/* The same from both sides where the second is given its addresses the other way round. */
static uint64_t hash_inet(const struct intro_socket *socket, const struct end *local,
			  const struct end *remote)
{
	return hash_end(hash_end((uint64_t)protocol_of(socket), local), remote);
}

static uint64_t hash_ino(uint64_t ino)
{
	return mix(AF_UNIX, ino);
}

static void add(struct intro_peers *peers, uint64_t hash, size_t socket)
{
	uint32_t *bucket = &peers->buckets[hash & (peers->buckets_size - 1)];

	peers->entries[peers->count] =
		(struct entry){.hash = hash, .socket = (uint32_t)socket, .next = *bucket};
	*bucket = (uint32_t)++peers->count;
}

static void add_socket(struct intro_peers *peers, const struct intro_socket *socket, size_t number)
{
	if (is_connected(socket)) {
		struct end local = end_of(socket, &socket->local);
		struct end remote = end_of(socket, &socket->remote);

		add(peers, hash_inet(socket, &local, &remote), number);
	} else if (socket->family == AF_UNIX) {
		if (socket->peer_ino)
			add(peers, hash_ino(socket->peer_ino), number);
		for (size_t i = 0; i < socket->pending_count; i++)
			add(peers, hash_ino(socket->pending[i]), number);
	}
}

/* Makes the index anew if sockets were read since. */
static int update(struct intro_peers *peers, const struct intro_socket_store *store)
{
	size_t most = store->count, size = 256;

	if (peers->indexed == store->count)
		return 0;
	for (size_t i = 0; i < store->count; i++)
		most += store->all[i]->pending_count;
	while (size < most)
		size *= 2;
	free(peers->entries);
	free(peers->buckets);
	peers->count = peers->indexed = 0;
	peers->entries = malloc(most * sizeof(*peers->entries));
	peers->buckets = calloc(size, sizeof(*peers->buckets));
	peers->buckets_size = size;
	if (!peers->entries || !peers->buckets)
		return INTRO_E_NOMEM;
	for (size_t i = 0; i < store->count; i++)
		add_socket(peers, store->all[i], i);
	peers->indexed = store->count;
	return 0;
}

static void found(struct intro_peers *peers, const struct intro_socket *socket, uint64_t ino)
{
	if (ino == socket->ino)
		return;
	if (peers->list_count == peers->list_size) {
		size_t size = peers->list_size ? peers->list_size * 2 : 16;
		uint64_t *list = realloc(peers->list, size * sizeof(*list));

		if (!list)
			return;
		peers->list = list;
		peers->list_size = size;
	}
	peers->list[peers->list_count++] = ino;
}

static int compare_inodes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* A peer may have been found in two ways. A server of datagrams may have thousands of them. */
static void leave_out_doubles(struct intro_peers *peers)
{
	size_t kept = 0;

	if (peers->list_count < 2)
		return;
	qsort(peers->list, peers->list_count, sizeof(*peers->list), compare_inodes);
	for (size_t i = 0; i < peers->list_count; i++)
		if (!kept || peers->list[kept - 1] != peers->list[i])
			peers->list[kept++] = peers->list[i];
	peers->list_count = kept;
}

static bool is_other_end(const struct intro_socket *socket, const struct intro_socket *other)
{
	struct end local, remote, other_local, other_remote;

	if (!is_connected(other) || protocol_of(socket) != protocol_of(other))
		return false;
	local = end_of(socket, &socket->local);
	remote = end_of(socket, &socket->remote);
	other_local = end_of(other, &other->local);
	other_remote = end_of(other, &other->remote);
	return same_end(&local, &other_remote) && same_end(&remote, &other_local);
}

static bool points_at(const struct intro_socket *other, uint64_t ino)
{
	if (other->family != AF_UNIX)
		return false;
	if (other->peer_ino == ino)
		return true;
	for (size_t i = 0; i < other->pending_count; i++) {
		if (other->pending[i] == ino)
			return true;
	}
	return false;
}

static void look_up(struct intro_peers *peers, const struct intro_socket_store *store,
		    const struct intro_socket *socket, uint64_t hash)
{
	uint32_t at = peers->buckets[hash & (peers->buckets_size - 1)];

	while (at) {
		const struct entry *entry = &peers->entries[at - 1];
		const struct intro_socket *other = store->all[entry->socket];

		at = entry->next;
		if (entry->hash != hash)
			continue;
		if (socket->family == AF_UNIX ? points_at(other, socket->ino)
					      : is_other_end(socket, other))
			found(peers, socket, other->ino);
	}
}

/* The tables that can have the other end, in all namespaces that are known. */
static int read_tables(struct intro_sockets *sockets, const struct intro_socket *socket)
{
	enum intro_table table;

	if (socket->family == AF_UNIX)
		table = INTRO_TABLE_UNIX;
	else if (protocol_of(socket) == IPPROTO_TCP)
		table = INTRO_TABLE_TCP;
	else if (socket->protocol == IPPROTO_UDP)
		table = INTRO_TABLE_UDP;
	else
		return 0;
	for (size_t i = 0; i < sockets->netns_count; i++) {
		if (intro_table_read(sockets, &sockets->netns[i], table))
			return INTRO_E_NOMEM;
	}
	return 0;
}

size_t intro_sockets_peers(struct intro_sockets *sockets, const struct intro_socket *socket,
			   const uint64_t **ret)
{
	struct intro_peers *peers = sockets->peers;

	if (!peers)
		peers = sockets->peers = calloc(1, sizeof(*peers));
	if (!peers)
		return 0;
	peers->list_count = 0;
	if (read_tables(sockets, socket) || update(peers, &sockets->store) || !peers->indexed)
		return 0;
	if (socket->family == AF_UNIX) {
		if (socket->peer_ino)
			found(peers, socket, socket->peer_ino);
		for (size_t i = 0; i < socket->pending_count; i++) {
			if (socket->pending[i])
				found(peers, socket, socket->pending[i]);
		}
		look_up(peers, &sockets->store, socket, hash_ino(socket->ino));
	} else if (is_connected(socket)) {
		struct end local = end_of(socket, &socket->local);
		struct end remote = end_of(socket, &socket->remote);

		look_up(peers, &sockets->store, socket, hash_inet(socket, &remote, &local));
	}
	leave_out_doubles(peers);
	*ret = peers->list;
	return peers->list_count;
}

void intro_peers_free(struct intro_peers *peers)
{
	if (!peers)
		return;
	free(peers->entries);
	free(peers->buckets);
	free(peers->list);
	free(peers);
}
