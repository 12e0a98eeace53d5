/* A hash table with open addressing, never more than half full. */
#include "fd/map_cache.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 256

static bool is_same(const struct intro_fd_map_key *a, const struct intro_fd_map_key *b)
{
	return a->ino == b->ino && a->namespace == b->namespace && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor && a->path == b->path;
}

/* FNV-1a */
uint64_t intro_fd_map_path_hash(struct intro_bytes path)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < path.len; i++)
		hash = (hash ^ (unsigned char)path.data[i]) * UINT64_C(1099511628211);
	return hash;
}

/* Where the key is, or the free place for it. The table has room. */
static struct intro_fd_map_kept *find_place(const struct intro_fd_map_cache *cache,
					    const struct intro_fd_map_key *key)
{
	uint64_t hash = (key->ino ^ key->namespace << 32 ^ (uint64_t)key->dev_minor << 20 ^
			 key->dev_major ^ key->path) *
			UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(hash >> 32) & (cache->size - 1);

	while (cache->places[i].key.namespace && !is_same(&cache->places[i].key, key))
		i = (i + 1) & (cache->size - 1);
	return &cache->places[i];
}

const struct intro_fd_stat *intro_fd_map_cache_find(const struct intro_fd_map_cache *cache,
						    const struct intro_fd_map_key *key)
{
	const struct intro_fd_map_kept *place;

	if (!key->namespace || !cache->count)
		return NULL;
	place = find_place(cache, key);
	return place->key.namespace ? &place->stat : NULL;
}

static bool grow(struct intro_fd_map_cache *cache)
{
	struct intro_fd_map_cache larger = {.size = cache->size ? cache->size * 2 : FIRST_SIZE};

	larger.places = calloc(larger.size, sizeof(*larger.places));
	if (!larger.places)
		return false;
	for (size_t i = 0; i < cache->size; i++)
		if (cache->places[i].key.namespace)
			*find_place(&larger, &cache->places[i].key) = cache->places[i];
	larger.count = cache->count;
	free(cache->places);
	*cache = larger;
	return true;
}

void intro_fd_map_cache_add(struct intro_fd_map_cache *cache, const struct intro_fd_map_key *key,
			    const struct intro_fd_stat *stat)
{
	struct intro_fd_map_kept *place;

	if (!key->namespace || (cache->count * 2 >= cache->size && !grow(cache)))
		return;
	place = find_place(cache, key);
	cache->count += !place->key.namespace;
	*place = (struct intro_fd_map_kept){*key, *stat};
}

void intro_fd_map_cache_clear(struct intro_fd_map_cache *cache)
{
	if (cache->count)
		memset(cache->places, 0, cache->size * sizeof(*cache->places));
	cache->count = 0;
}

void intro_fd_map_cache_free(struct intro_fd_map_cache *cache)
{
	free(cache->places);
	*cache = (struct intro_fd_map_cache){0};
}
