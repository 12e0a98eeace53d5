/* The store: chunks of memory that never move, a list, and a hash table by inode number. */
#include "sockets/store.h"

#include <stdlib.h>

#include <intro/error.h>

#define CHUNK_SIZE (64 * 1024)
#define FIRST_SLOTS 1024 /* a power of two */

struct intro_chunk {
	struct intro_chunk *next;
	size_t used, size;
	_Alignas(max_align_t) unsigned char data[];
};

static struct intro_chunk *chunk_with_room(struct intro_socket_store *store, size_t need)
{
	struct intro_chunk *chunk = store->current;
	size_t size = need > CHUNK_SIZE ? need : CHUNK_SIZE;

	if (chunk && chunk->size - chunk->used >= need)
		return chunk;
	/* Those behind the current one are left over from an earlier round. */
	chunk = chunk ? chunk->next : store->chunks;
	if (!chunk || chunk->size < need) {
		struct intro_chunk *fresh = malloc(sizeof(*fresh) + size);

		if (!fresh)
			return NULL;
		fresh->next = chunk;
		fresh->size = size;
		if (store->current)
			store->current->next = fresh;
		else
			store->chunks = fresh;
		chunk = fresh;
	}
	chunk->used = 0;
	store->current = chunk;
	return chunk;
}

static void *take(struct intro_socket_store *store, size_t size)
{
	size_t need =
		(size + _Alignof(struct intro_socket) - 1) & ~(_Alignof(struct intro_socket) - 1);
	struct intro_chunk *chunk = chunk_with_room(store, need);
	void *result;

	if (!chunk)
		return NULL;
	result = chunk->data + chunk->used;
	chunk->used += need;
	return result;
}

/* Inode numbers are counted up: their low bits differ most, and the high ones hardly. */
static size_t slot_of(const struct intro_socket_store *store, uint64_t ino)
{
	uint64_t hash = ino * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 32) & (store->slots_size - 1);
}

static void put(struct intro_socket_store *store, size_t number)
{
	size_t slot = slot_of(store, store->all[number]->ino);

	while (store->slots[slot])
		slot = (slot + 1) & (store->slots_size - 1);
	store->slots[slot] = (uint32_t)number + 1;
}

/* Room for one more in both; at most half of the slots are taken. */
static int grow(struct intro_socket_store *store)
{
	if (store->count == store->size) {
		size_t size = store->size ? store->size * 2 : FIRST_SLOTS / 2;
		struct intro_socket **all =
			realloc(store->all, size * sizeof(struct intro_socket *));

		if (!all)
			return INTRO_E_NOMEM;
		store->all = all;
		store->size = size;
	}
	if (store->count * 2 >= store->slots_size) {
		size_t size = store->slots_size ? store->slots_size * 2 : FIRST_SLOTS;
		uint32_t *slots = calloc(size, sizeof(*slots));

		if (!slots)
			return INTRO_E_NOMEM;
		free(store->slots);
		store->slots = slots;
		store->slots_size = size;
		for (size_t i = 0; i < store->count; i++)
			put(store, i);
	}
	return 0;
}

struct intro_socket *intro_store_find(const struct intro_socket_store *store, uint64_t ino)
{
	size_t slot;

	if (!store->count)
		return NULL;
	for (slot = slot_of(store, ino); store->slots[slot];
	     slot = (slot + 1) & (store->slots_size - 1)) {
		struct intro_socket *socket = store->all[store->slots[slot] - 1];

		if (socket->ino == ino)
			return socket;
	}
	return NULL;
}

int intro_store_name(struct intro_socket_store *store, struct intro_bytes *name)
{
	char *copy;

	if (!name->len)
		return 0;
	copy = take(store, name->len);
	if (!copy)
		return INTRO_E_NOMEM;
	memcpy(copy, name->data, name->len);
	name->data = copy;
	return 0;
}

static int copy_lists(struct intro_socket_store *store, const struct intro_diag *diag,
		      struct intro_socket *socket)
{
	uint64_t *pending;

	if (intro_store_name(store, &socket->local.path) ||
	    intro_store_name(store, &socket->remote.path))
		return INTRO_E_NOMEM;
	if (!socket->pending_count)
		return 0;
	pending = take(store, socket->pending_count * sizeof(*pending));
	if (!pending)
		return INTRO_E_NOMEM;
	for (size_t i = 0; i < socket->pending_count; i++)
		pending[i] = intro_get_u32(diag->pending + i * 4);
	socket->pending = pending;
	return 0;
}

int intro_store_add(struct intro_socket_store *store, const struct intro_diag *diag, bool replace)
{
	struct intro_socket *socket, copy = diag->socket;

	if (!copy.ino)
		return 0;
	socket = intro_store_find(store, copy.ino);
	if (socket && !replace)
		return 0;
	if (!socket && grow(store))
		return INTRO_E_NOMEM;
	if (copy_lists(store, diag, &copy))
		return INTRO_E_NOMEM;
	if (socket) {
		*socket = copy;
		return 0;
	}
	socket = take(store, sizeof(*socket));
	if (!socket)
		return INTRO_E_NOMEM;
	*socket = copy;
	store->all[store->count] = socket;
	put(store, store->count++);
	return 0;
}

void intro_store_clear(struct intro_socket_store *store)
{
	if (store->slots)
		memset(store->slots, 0, store->slots_size * sizeof(*store->slots));
	store->count = 0;
	store->current = NULL;
}

void intro_store_free(struct intro_socket_store *store)
{
	while (store->chunks) {
		struct intro_chunk *next = store->chunks->next;

		free(store->chunks);
		store->chunks = next;
	}
	free(store->all);
	free(store->slots);
	*store = (struct intro_socket_store){0};
}
