/*
 * The tree: parents are looked up by a hash of their ids, children are linked lists, and the walk
 * goes up again by the parents, so that neither depth nor circles can hurt.
 */
#include "present/tree.h"

#include <stdbool.h>
#include <stdlib.h>

#include "present/message.h"

#define NOBODY SIZE_MAX

struct node {
	size_t parent, first_child, next_sibling;
	size_t place;       /* in the new order */
	size_t drawn_below; /* a place */
	unsigned depth;     /* as drawn */
	bool visited;
};

struct tree {
	const struct store *store;
	size_t id_slot, parent_slot;
	struct node *nodes; /* one a row */
	size_t *buckets;    /* rows by the hash of their ids, with open addressing */
	size_t bucket_mask;
	size_t *order; /* the new order as far as it is known */
	size_t *parents;
	size_t placed;
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size);

	if (memory == NULL)
		message_out_of_memory();
	return memory;
}

static bool id_of(const struct tree *tree, size_t row, size_t slot, uint64_t *id)
{
	const struct value *value = &store_row(tree->store, row)[slot];

	if (value->kind == VALUE_INT)
		*id = (uint64_t)value->number;
	else if (value->kind == VALUE_UINT)
		*id = value->natural;
	else
		return false;
	return true;
}

static size_t first_bucket(const struct tree *tree, uint64_t id)
{
	/* Fibonacci hashing: consecutive ids spread over the table. */
	return (size_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & tree->bucket_mask;
}

/* The bucket of the row with this id, or the free one where it belongs. */
static size_t find_bucket(const struct tree *tree, uint64_t id)
{
	size_t bucket = first_bucket(tree, id);
	uint64_t other;

	while (tree->buckets[bucket] != NOBODY &&
	       !(id_of(tree, tree->buckets[bucket], tree->id_slot, &other) && other == id))
		bucket = (bucket + 1) & tree->bucket_mask;
	return bucket;
}

static void hash_rows(struct tree *tree)
{
	size_t count = tree->store->count, size = 16;

	while (size < count * 2)
		size *= 2;
	tree->bucket_mask = size - 1;
	tree->buckets = allocate(size, sizeof(*tree->buckets));
	for (size_t i = 0; i < size; i++)
		tree->buckets[i] = NOBODY;
	for (size_t i = 0; i < count; i++) {
		uint64_t id;

		if (!id_of(tree, tree->order[i], tree->id_slot, &id))
			continue;
		size_t bucket = find_bucket(tree, id);

		if (tree->buckets[bucket] == NOBODY)
			tree->buckets[bucket] = tree->order[i];
	}
}

static size_t parent_of(const struct tree *tree, size_t row)
{
	uint64_t id;
	size_t parent = NOBODY;

	if (id_of(tree, row, tree->parent_slot, &id))
		parent = tree->buckets[find_bucket(tree, id)];
	return parent == row ? NOBODY : parent;
}

/* From the last to the first, so that the lists come out in order. Returns the first root. */
static size_t link_children(struct tree *tree)
{
	size_t first_root = NOBODY;

	for (size_t i = 0; i < tree->store->count; i++)
		tree->nodes[i].first_child = NOBODY;
	for (size_t i = tree->store->count; i-- > 0;) {
		size_t row = tree->order[i];
		struct node *node = &tree->nodes[row];

		node->parent = parent_of(tree, row);
		size_t *list = node->parent == NOBODY ? &first_root
						      : &tree->nodes[node->parent].first_child;

		node->next_sibling = *list;
		*list = row;
	}
	return first_root;
}

static void place(struct tree *tree, size_t row)
{
	struct node *node = &tree->nodes[row];

	node->visited = true;
	node->place = tree->placed;
	node->drawn_below = NOBODY;
	if (node->parent != NOBODY) {
		const struct node *parent = &tree->nodes[node->parent];
		bool too_deep = parent->depth >= TREE_DEEPEST;

		node->drawn_below = too_deep ? parent->drawn_below : parent->place;
		node->depth = too_deep ? parent->depth : parent->depth + 1;
	}
	tree->order[tree->placed] = row;
	tree->parents[tree->placed++] = node->drawn_below;
}

/* The next sibling, of the row or of the nearest ancestor below `root` that has one. */
static size_t next_beside(const struct tree *tree, size_t row, size_t root)
{
	while (row != root) {
		if (tree->nodes[row].next_sibling != NOBODY)
			return tree->nodes[row].next_sibling;
		row = tree->nodes[row].parent;
	}
	return NOBODY;
}

static void walk(struct tree *tree, size_t root)
{
	size_t row = root;

	while (row != NOBODY) {
		place(tree, row);
		if (tree->nodes[row].first_child != NOBODY)
			row = tree->nodes[row].first_child;
		else
			row = next_beside(tree, row, root);
	}
}

/* Going up from a row that hangs below no root ends in a circle: a row of it. */
static size_t find_circle(struct tree *tree, size_t row)
{
	while (!tree->nodes[row].visited) {
		tree->nodes[row].visited = true;
		row = tree->nodes[row].parent;
	}
	return row;
}

static void make_root(struct tree *tree, size_t row)
{
	struct node *node = &tree->nodes[row];
	size_t *link = &tree->nodes[node->parent].first_child;

	while (*link != row)
		link = &tree->nodes[*link].next_sibling;
	*link = node->next_sibling;
	node->parent = NOBODY;
}

void tree_order(const struct store *store, size_t id_slot, size_t parent_slot, size_t *order,
		size_t *parents)
{
	size_t *before = allocate(store->count, sizeof(*before));
	struct tree tree = {
		.store = store,
		.id_slot = id_slot,
		.parent_slot = parent_slot,
		.nodes = allocate(store->count, sizeof(struct node)),
		.order = before,
		.parents = parents,
	};

	for (size_t i = 0; i < store->count; i++)
		before[i] = order[i];
	hash_rows(&tree);
	size_t root = link_children(&tree);

	tree.order = order;
	for (; root != NOBODY; root = tree.nodes[root].next_sibling)
		walk(&tree, root);
	for (size_t i = 0; i < store->count; i++) {
		if (tree.nodes[before[i]].visited)
			continue;
		root = find_circle(&tree, before[i]);
		make_root(&tree, root);
		walk(&tree, root);
	}
	free(tree.buckets);
	free(tree.nodes);
	free(before);
}
