/* Which descriptors share an open file description, by an order that a function answers. */
#include "unit/exact.h"

#include "fd/ofd.h"

#define MOST 4096

struct world {
	uint32_t object[MOST]; /* what each is; their order is that of the numbers, scrambled */
	bool gone[MOST];
	size_t calls;
	size_t change_after; /* from this call on ... */
	uint32_t changed;    /* ... this one is ... */
	uint32_t becomes;    /* ... another object */
	uint64_t random;     /* not 0: answers are any */
	size_t no_order_after;
};

static uint32_t scramble(uint32_t x)
{
	return x * 2654435761u;
}

static int compare(void *context, uint32_t a, uint32_t b)
{
	struct world *world = context;
	uint32_t x, y;

	world->calls++;
	if (world->random)
		return (int)(next_random(&world->random) % 5) - 1;
	if (world->no_order_after && world->calls > world->no_order_after)
		return INTRO_OFD_NO_ORDER;
	if (world->change_after && world->calls == world->change_after)
		world->object[world->changed] = world->becomes;
	if (world->gone[a])
		return INTRO_OFD_FIRST_GONE;
	if (world->gone[b])
		return INTRO_OFD_SECOND_GONE;
	x = scramble(world->object[a]);
	y = scramble(world->object[b]);
	return (x > y) - (x < y);
}

static size_t log2_above(size_t n)
{
	size_t log = 0;

	while (((size_t)1 << log) < n)
		log++;
	return log;
}

static struct intro_ofd_node *make_nodes(size_t count)
{
	struct intro_ofd_node *nodes = calloc(count, sizeof(*nodes));

	assert_non_null(nodes);
	for (size_t i = 0; i < count; i++)
		nodes[i].id = (uint32_t)i;
	return nodes;
}

/* Each class is a list by id from its leader, and has what is the same, all of it. */
static void assert_classes(const struct world *world, const struct intro_ofd_node *nodes,
			   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t next = UINT32_MAX, first = UINT32_MAX;

		if (world->gone[i]) {
			assert_false(nodes[i].known);
			continue;
		}
		for (size_t j = count; j-- > 0;) {
			if (world->gone[j] || world->object[j] != world->object[i])
				continue;
			first = (uint32_t)j;
			if (j > i)
				next = (uint32_t)j;
		}
		assert_true(nodes[i].known);
		assert_int_equal(nodes[i].leader->id, first);
		assert_int_equal(nodes[i].next ? nodes[i].next->id : UINT32_MAX, next);
	}
}

/* `objects` different ones among `count`. */
static void check(size_t count, size_t objects, uint64_t seed)
{
	struct world *world = calloc(1, sizeof(*world));
	struct intro_ofd_node *nodes = make_nodes(count);

	assert_non_null(world);
	for (size_t i = 0; i < count; i++)
		world->object[i] = (uint32_t)(next_random(&seed) % objects);
	intro_ofd_sort(nodes, count, compare, world);
	assert_classes(world, nodes, count);
	assert_true(world->calls <= count * log2_above(count) + count);
	free(nodes);
	free(world);
}

static void sharing_is_found(void **state)
{
	(void)state;
	for (size_t count = 0; count < 40; count++)
		for (size_t objects = 1; objects <= count; objects++)
			check(count, objects, count * 100 + objects);
	check(1000, 1000000, 1);
	check(1000, 10, 2);
	check(1000, 500, 3);
}

/* A thousand copies of one descriptor: no logarithm, each is compared twice. */
static void copies_are_cheap(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct intro_ofd_node *nodes = make_nodes(1000);

	(void)state;
	assert_non_null(world);
	intro_ofd_sort(nodes, 1000, compare, world);
	assert_classes(world, nodes, 1000);
	assert_int_equal(world->calls, 2 * 999);
	free(nodes);
	free(world);
}

static void what_is_gone_drops_out(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct world *world = calloc(1, sizeof(*world));
		size_t count = 2 + next_random(&seed) % 60;
		struct intro_ofd_node *nodes = make_nodes(count);

		assert_non_null(world);
		for (size_t i = 0; i < count; i++) {
			world->object[i] = (uint32_t)(next_random(&seed) % 7);
			world->gone[i] = next_random(&seed) % 3 == 0;
		}
		intro_ofd_sort(nodes, count, compare, world);
		assert_classes(world, nodes, count);
		free(nodes);
		free(world);
	}
}

/*
 * A number that is closed and used again in the midst of it never becomes one with another, not
 * even with those that it was the first of: they are compared with it in the end.
 */
static void one_that_changes_is_equal_to_none(void **state)
{
	const size_t count = 32, objects = 8, first = 3;
	size_t sorting = SIZE_MAX, calls = SIZE_MAX;

	(void)state;
	for (size_t when = 0; when <= sorting + 1; when++) {
		struct world *world = calloc(1, sizeof(*world));
		struct intro_ofd_node *nodes = make_nodes(count);

		assert_non_null(world);
		for (size_t i = 0; i < count; i++)
			world->object[i] = (uint32_t)(i % objects);
		world->change_after = when;
		world->changed = (uint32_t)first;
		world->becomes = 100;
		intro_ofd_sort(nodes, count, compare, world);
		if (when == 0) { /* never: what it takes */
			calls = world->calls;
			sorting = calls - (count - objects);
		}
		for (size_t i = 0; i < count; i++) {
			const struct intro_ofd_node *leader = nodes[i].leader;

			if (!nodes[i].known || leader == &nodes[i])
				continue;
			assert_int_equal(world->object[leader->id], world->object[i]);
			assert_true(when == 0 || leader->id != first);
		}
		free(nodes);
		free(world);
	}
	assert_true(sorting > count && sorting < calls);
}

/* Whatever the answers: it ends in time, and lists are lists. */
static void nonsense_ends(void **state)
{
	const size_t count = 300;

	(void)state;
	for (uint64_t seed = 1; seed < 200; seed++) {
		struct world *world = calloc(1, sizeof(*world));
		struct intro_ofd_node *nodes = make_nodes(count);

		assert_non_null(world);
		world->random = seed;
		intro_ofd_sort(nodes, count, compare, world);
		assert_true(world->calls <= count * log2_above(count) + count);
		for (size_t i = 0; i < count; i++) {
			if (!nodes[i].known)
				continue;
			assert_true(nodes[i].leader->known);
			assert_ptr_equal(nodes[i].leader->leader, nodes[i].leader);
			assert_true(nodes[i].leader->id <= i);
			if (nodes[i].next) {
				assert_true(nodes[i].next->known && nodes[i].next->id > i);
				assert_ptr_equal(nodes[i].next->leader, nodes[i].leader);
			}
		}
		free(nodes);
		free(world);
	}
}

static void without_an_order_nothing_is_known(void **state)
{
	(void)state;
	for (size_t after = 1; after < 100; after += 7) {
		struct world *world = calloc(1, sizeof(*world));
		struct intro_ofd_node *nodes = make_nodes(64);

		assert_non_null(world);
		for (uint32_t i = 0; i < 64; i++)
			world->object[i] = i;
		world->no_order_after = after;
		intro_ofd_sort(nodes, 64, compare, world);
		assert_int_equal(world->calls, after + 1);
		for (size_t i = 0; i < 64; i++)
			assert_false(nodes[i].known);
		free(nodes);
		free(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sharing_is_found),
		cmocka_unit_test(copies_are_cheap),
		cmocka_unit_test(what_is_gone_drops_out),
		cmocka_unit_test(one_that_changes_is_equal_to_none),
		cmocka_unit_test(nonsense_ends),
		cmocka_unit_test(without_an_order_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
