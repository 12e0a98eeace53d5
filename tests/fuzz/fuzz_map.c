/* Mapped files out of maps: each once, in order, and nothing that is not in the text. */
#include "fuzz/fuzz.h"

#include "fd/maps.h"

static bool is_same_file(const struct intro_fd_map *a, const struct intro_fd_map *b)
{
	return a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
	       a->path.len == b->path.len && !memcmp(a->path.data, b->path.data, a->path.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intro_fd_maps maps = {0};
	char *path = malloc(size + 1);

	REQUIRE(path);
	REQUIRE(!intro_fd_maps_collect((const char *)data, size, &maps));
	for (size_t i = 0; i < maps.count; i++) {
		const struct intro_fd_map *map = &maps.maps[i];

		require_inside(map->path, data, size);
		REQUIRE(map->ino);
		REQUIRE(!map->path.len || !memchr(map->path.data, '\n', map->path.len));
		REQUIRE(intro_fd_map_unescape(map->path, path) <= map->path.len);
		REQUIRE(!i || map[-1].start <= map->start);
		for (size_t j = 0; j < i && j < 100; j++)
			REQUIRE(!is_same_file(&maps.maps[j], map));
	}
	intro_fd_maps_free(&maps);
	free(path);
	return 0;
}
