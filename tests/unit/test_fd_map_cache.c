/* What is kept of mapped files: found again by every part of the key, through growth and clearing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fd/map_cache.h"

static struct intro_fd_map_key key_of(uint64_t number)
{
	return (struct intro_fd_map_key){
		.namespace = 4026531841, .ino = number, .dev_major = 8, .dev_minor = 1};
}

static void add(struct intro_fd_map_cache *cache, struct intro_fd_map_key key, uint64_t size)
{
	intro_fd_map_cache_add(cache, &key, &(struct intro_fd_stat){.size = size});
}

static void assert_kept(const struct intro_fd_map_cache *cache, struct intro_fd_map_key key,
			uint64_t size)
{
	const struct intro_fd_stat *stat = intro_fd_map_cache_find(cache, &key);

	assert_non_null(stat);
	assert_int_equal(stat->size, size);
}

static void test_many(void **state)
{
	enum { MANY = 5000 };
	struct intro_fd_map_cache cache = {0};
	struct intro_fd_map_key absent = key_of(MANY);

	(void)state;
	assert_null(intro_fd_map_cache_find(&cache, &absent));
	for (uint64_t i = 0; i < MANY; i++)
		add(&cache, key_of(i), i * 3);
	assert_int_equal(cache.count, MANY);
	for (uint64_t i = 0; i < MANY; i++)
		assert_kept(&cache, key_of(i), i * 3);
	assert_null(intro_fd_map_cache_find(&cache, &absent));
	add(&cache, key_of(7), 1);
	assert_int_equal(cache.count, MANY);
	assert_kept(&cache, key_of(7), 1);
	intro_fd_map_cache_clear(&cache);
	for (uint64_t i = 0; i < MANY; i++) {
		struct intro_fd_map_key key = key_of(i);

		assert_null(intro_fd_map_cache_find(&cache, &key));
	}
	add(&cache, key_of(7), 2);
	assert_kept(&cache, key_of(7), 2);
	intro_fd_map_cache_free(&cache);
}

/* The same number on another device, by another path or from another mount namespace is another. */
static void test_key(void **state)
{
	struct intro_fd_map_cache cache = {0};
	struct intro_fd_map_key key = key_of(1);

	(void)state;
	add(&cache, key, 1);
	key.dev_minor = 2;
	assert_null(intro_fd_map_cache_find(&cache, &key));
	add(&cache, key, 2);
	key.dev_major = 9;
	assert_null(intro_fd_map_cache_find(&cache, &key));
	add(&cache, key, 3);
	key.namespace ++;
	assert_null(intro_fd_map_cache_find(&cache, &key));
	add(&cache, key, 4);
	assert_kept(&cache, key, 4);
	assert_kept(&cache, key_of(1), 1);
	key.path = 1;
	assert_null(intro_fd_map_cache_find(&cache, &key));
	add(&cache, key, 5);
	assert_kept(&cache, key, 5);
	key.namespace = 0; /* not known: it may be any */
	add(&cache, key, 6);
	assert_null(intro_fd_map_cache_find(&cache, &key));
	assert_int_equal(cache.count, 5);
	intro_fd_map_cache_free(&cache);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
