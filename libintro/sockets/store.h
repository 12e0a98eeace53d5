/* Sockets by inode number, whose addresses stay until the store is emptied. */
#ifndef INTRO_SOCKETS_STORE_H
#define INTRO_SOCKETS_STORE_H

#include "sockets/diag.h"

struct intro_chunk;

struct intro_socket_store {
	struct intro_chunk *chunks;  /* all of them */
	struct intro_chunk *current; /* where the next thing goes */
	struct intro_socket **all;   /* in the order in which they were added */
	size_t count, size;
	uint32_t *slots; /* a hash table: the number in `all` plus 1, 0 for a free one */
	size_t slots_size;
};

/* NULL where it has none of this number. */
struct intro_socket *intro_store_find(const struct intro_socket_store *store, uint64_t ino);

/*
 * Adds a copy, with the texts it points to; one that is there already is kept, or with `replace`
 * overwritten. Sockets without an inode belong to no process and are passed over. 0 or
 * INTRO_E_NOMEM.
 */
int intro_store_add(struct intro_socket_store *store, const struct intro_diag *diag, bool replace);

/* A copy of a name that lives as long as the sockets. */
int intro_store_name(struct intro_socket_store *store, struct intro_bytes *name);

void intro_store_clear(struct intro_socket_store *store); /* keeps the memory for the next round */
void intro_store_free(struct intro_socket_store *store);

#endif
