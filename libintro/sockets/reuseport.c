/*
 * Listeners, and datagram sockets without a peer, that share an address. Two listeners of TCP can
 * do so only with SO_REUSEPORT; datagram sockets may have it from SO_REUSEADDR.
 */
#include <netinet/in.h>
#include <stdlib.h>

#include <intro/error.h>

#include "sockets/sockets.h"

static bool may_share(const struct intro_socket *socket)
{
	if (socket->family != AF_INET && socket->family != AF_INET6)
		return false;
	if (socket->type == SOCK_STREAM)
		return socket->state == INTRO_SOCKET_LISTEN;
	return socket->type == SOCK_DGRAM && socket->local.port && !socket->remote.present;
}

#define COMPARE(a, b)                                                                              \
	do {                                                                                       \
		if ((a) != (b))                                                                    \
			return (a) < (b) ? -1 : 1;                                                 \
	} while (0)

static int compare(const void *a, const void *b)
{
	const struct intro_socket *x = *(struct intro_socket *const *)a;
	const struct intro_socket *y = *(struct intro_socket *const *)b;

	COMPARE(x->netns, y->netns);
	COMPARE(x->family, y->family);
	COMPARE(x->protocol, y->protocol);
	COMPARE(x->local.port, y->local.port);
	COMPARE(x->local.interface, y->local.interface);
	return memcmp(x->local.ip, y->local.ip, sizeof(x->local.ip));
}

static void mark(struct intro_socket **sockets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sockets[i]->reuseport_group = (uint32_t)count;
		if (count > 1 && sockets[i]->type == SOCK_STREAM) {
			sockets[i]->reuseport = true;
			sockets[i]->have |= INTRO_SOCKET_REUSEPORT;
		}
	}
}

int intro_reuseport_count(struct intro_socket_store *store, size_t first)
{
	struct intro_socket **sorted;
	size_t count = 0, begin = 0;

	if (first == store->count)
		return 0;
	sorted = malloc((store->count - first) * sizeof(struct intro_socket *));
	if (!sorted)
		return INTRO_E_NOMEM;
	for (size_t i = first; i < store->count; i++) {
		if (may_share(store->all[i]))
			sorted[count++] = store->all[i];
	}
	if (count)
		qsort(sorted, count, sizeof(struct intro_socket *), compare);
	for (size_t i = 1; i <= count; i++) {
		if (i == count || compare(&sorted[begin], &sorted[i])) {
			mark(sorted + begin, i - begin);
			begin = i;
		}
	}
	free(sorted);
	return 0;
}
