/* Mapped files out of maps. */
#include "unit/exact.h"

#include "fd/maps.h"

static int parse(const char *line, struct intro_fd_map *map)
{
	size_t len = strlen(line);
	char *copy = exact_copy(line, len);
	const char *p = exact_text(copy, len), *end = p + len;
	int r = intro_parse_map(&p, end, map);

	assert_ptr_equal(p, end);
	if (r == 1) /* the path is compared when the copy is gone */
		map->path.data = line + (map->path.data - exact_text(copy, len));
	free(copy);
	return r;
}

static void assert_path(const struct intro_fd_map *map, const char *path)
{
	assert_int_equal(map->path.len, strlen(path));
	assert_memory_equal(map->path.data, path, map->path.len);
}

static void lines(void **state)
{
	struct intro_fd_map map;

	(void)state;
	assert_int_equal(parse("7f3c1a000000-7f3c1a022000 r--p 00001000 fe:0a 264511"
			       "                     /usr/lib/a b (deleted)",
			       &map),
			 1);
	assert_true(map.start == 0x7f3c1a000000 && map.end == 0x7f3c1a022000);
	assert_int_equal(map.dev_major, 0xfe);
	assert_int_equal(map.dev_minor, 0x0a);
	assert_int_equal(map.ino, 264511);
	assert_path(&map, "/usr/lib/a b (deleted)");
	assert_int_equal(
		parse("1-2 rw-s 0 00:01 18446744073709551615 /SYSV00000000 (deleted)\n", &map), 1);
	assert_true(map.ino == UINT64_MAX);
	assert_path(&map, "/SYSV00000000 (deleted)");
	assert_int_equal(parse("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0", &map), 1);
	assert_int_equal(map.ino, 0);
	assert_int_equal(map.path.len, 0);
}

static void other_lines(void **state)
{
	static const char *const wrong[] = {
		"\n",
		"x",
		"1",
		"1-",
		"1-2",
		"1-2 ",
		"1-2 r-x",
		"1-2 r-xp",
		"1-2 r-xp ",
		"1-2 r-xp 0",
		"1-2 r-xp 0 ",
		"1-2 r-xp 0 1",
		"1-2 r-xp 0 1:",
		"1-2 r-xp 0 1:2",
		"1-2 r-xp 0 1:2 ",
		"1-2 r-xp 0 1:2 x",
		"1-2 r-xp 0 100000000:2 1",
		"10000000000000000-2 r-xp 0 1:2 1",
		"1-2 r-xp 0 1:2 18446744073709551616",
	};
	struct intro_fd_map map = {.ino = 77};
	const char *p = "";

	(void)state;
	assert_int_equal(intro_parse_map(&p, p, &map), -1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (parse(wrong[i], &map) != 0)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(map.ino, 77);
	}
}

static void each_file_once(void **state)
{
	static const char text[] = "1000-2000 r--p 0 8:1 5 /b\n"
				   "2000-3000 r-xp 0 8:1 5 /b\n"
				   "3000-4000 rw-p 0 0:0 0 \n"
				   "4000-5000 rw-p 0 0:0 0 [heap]\n"
				   "5000-6000 r--p 0 8:1 4 /a\n"
				   "garbage\n"
				   "6000-7000 r--p 0 8:1 5 /b\n"
				   "7000-8000 r--p 0 8:2 5 /b\n"
				   "8000-9000 r--p 0 8:1 5 /b (deleted)\n"
				   "9000-a000 r--p 0 8:1 4 /a";
	static const struct {
		uint64_t start;
		uint32_t minor;
		const char *path;
	} expected[] = {
		{0x1000, 1, "/b"},
		{0x5000, 1, "/a"},
		{0x7000, 2, "/b"},
		{0x8000, 1, "/b (deleted)"},
	};
	struct intro_fd_maps maps = {0};

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(intro_fd_maps_collect(text, sizeof(text) - 1, &maps), 0);
		assert_int_equal(maps.count, 4);
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(maps.maps[i].start, expected[i].start);
			assert_int_equal(maps.maps[i].dev_minor, expected[i].minor);
			assert_path(&maps.maps[i], expected[i].path);
		}
	}
	assert_int_equal(intro_fd_maps_collect(text, 0, &maps), 0);
	assert_int_equal(maps.count, 0);
	intro_fd_maps_free(&maps);
}

static void assert_unescaped(const char *text, const char *expected)
{
	char to[64];
	size_t len = intro_fd_map_unescape((struct intro_bytes){text, strlen(text)}, to);

	assert_int_equal(len, strlen(expected));
	assert_memory_equal(to, expected, len);
}

static void newlines(void **state)
{
	(void)state;
	assert_unescaped("", "");
	assert_unescaped("/a\\012b", "/a\nb");
	assert_unescaped("\\012\\012", "\n\n");
	assert_unescaped("/a\\01", "/a\\01");
	assert_unescaped("/a\\013\\", "/a\\013\\");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(each_file_once),
		cmocka_unit_test(newlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
