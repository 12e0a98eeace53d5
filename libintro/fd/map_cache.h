/*
 * What stat says of mapped files, kept from process to process: most of them map the same few
 * libraries. A key is the file as maps tells it, and the mount namespace, since a mount is of one.
 * The path is part of it: the subvolumes of btrfs have one device there, and number their files alike.
 */
#ifndef INTRO_FD_MAP_CACHE_H
#define INTRO_FD_MAP_CACHE_H

#include "fd/maps.h"

struct intro_fd_map_key {
	uint64_t namespace; /* 0: not known, and nothing is kept */
	uint64_t ino;
	uint32_t dev_major, dev_minor;
	uint64_t path; /* a hash of it: intro_fd_map_path_hash */
};

uint64_t intro_fd_map_path_hash(struct intro_bytes path);

/* Zero-initialized is empty. */
struct intro_fd_map_cache {
	struct intro_fd_map_kept {
		struct intro_fd_map_key key; /* namespace 0: a free place */
		struct intro_fd_stat stat;
	} * places;
	size_t count, size; /* size: a power of two, or 0 */
};

/* NULL: it is not there. */
const struct intro_fd_stat *intro_fd_map_cache_find(const struct intro_fd_map_cache *cache,
						    const struct intro_fd_map_key *key);

/* Keeps a copy; where there is no memory for it, nothing is kept. */
void intro_fd_map_cache_add(struct intro_fd_map_cache *cache, const struct intro_fd_map_key *key,
			    const struct intro_fd_stat *stat);

/* Forgets all, not the memory. */
void intro_fd_map_cache_clear(struct intro_fd_map_cache *cache);
void intro_fd_map_cache_free(struct intro_fd_map_cache *cache);

#endif
