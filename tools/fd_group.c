/* Groups in an arena, found by key, and those who hold what they are about. */
#include "fd_group.h"

#include <stdlib.h>
#include <string.h>

#include "present/message.h"

void *fd_grow(struct arena *arena, void *items, size_t count, size_t *size, size_t item_size)
{
	void *grown;

	if (count < *size)
		return items;
	*size = *size ? *size * 2 : 4;
	grown = arena_alloc(arena, *size * item_size);
	if (count)
		memcpy(grown, items, count * item_size);
	return grown;
}

int fd_compare_bytes(struct intro_bytes a, struct intro_bytes b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order;

	if (!a.data || !b.data)
		return !a.data - !b.data;
	order = common ? memcmp(a.data, b.data, common) : 0;
	return order ? order : fd_compare(a.len, b.len);
}

/* ---- rounds ---- */

void *fd_round_new(struct intro *session, size_t size)
{
	struct fd_round *round = calloc(1, size);

	if (!round)
		message_out_of_memory();
	round->session = session;
	return round;
}

void *fd_round_open(struct intro *session, const char *argument)
{
	(void)argument;
	return fd_round_new(session, sizeof(struct fd_round));
}

const void *fd_round_next(void *state)
{
	struct fd_round *round = state;

	return round->next < round->count ? round->groups[round->next++] : NULL;
}

void fd_round_close(void *state)
{
	struct fd_round *round = state;

	if (!round)
		return;
	arena_free(&round->arena);
	free(round);
}

/* FNV-1a */
static uint64_t hash_of(const char *key, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)key[i]) * UINT64_C(1099511628211);
	return hash ^ hash >> 32;
}

/* Where a key is or, if it is not there, where it belongs. */
static struct fd_group_slot *find_slot(const struct fd_round *round, uint64_t hash, const char *key,
				       size_t len)
{
	size_t mask = round->slot_count - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct fd_group_slot *slot = &round->slots[i];

		if (!slot->key || (slot->hash == hash && slot->key_len == len &&
				   memcmp(slot->key, key, len) == 0))
			return slot;
	}
}

static void grow_slots(struct fd_round *round)
{
	struct fd_group_slot *before = round->slots;
	size_t count = round->slot_count;

	round->slot_count = count ? count * 2 : 64;
	round->slots = arena_alloc(&round->arena, round->slot_count * sizeof(*round->slots));
	memset(round->slots, 0, round->slot_count * sizeof(*round->slots));
	for (size_t i = 0; i < count; i++)
		if (before[i].key)
			*find_slot(round, before[i].hash, before[i].key, before[i].key_len) =
				before[i];
}

void *fd_round_add(struct fd_round *round, size_t size)
{
	void *group = arena_alloc(&round->arena, size);

	memset(group, 0, size);
	round->groups = fd_grow(&round->arena, round->groups, round->count, &round->size,
				sizeof(*round->groups));
	round->groups[round->count++] = group;
	return group;
}

void *fd_round_find(const struct fd_round *round, const void *key, size_t key_len)
{
	if (!round->slot_count)
		return NULL;
	return find_slot(round, hash_of(key, key_len), key, key_len)->group;
}

void fd_round_name(struct fd_round *round, const void *key, size_t key_len, void *group)
{
	uint64_t hash = hash_of(key, key_len);
	struct fd_group_slot *slot;

	if (round->slots_used * 2 >= round->slot_count)
		grow_slots(round);
	slot = find_slot(round, hash, key, key_len);
	if (slot->key)
		return;
	*slot = (struct fd_group_slot){hash, arena_copy(&round->arena, key, key_len), key_len,
				       group};
	round->slots_used++;
}

void *fd_round_group(struct fd_round *round, const void *key, size_t key_len, size_t size,
		     bool *is_new)
{
	void *group = fd_round_find(round, key, key_len);

	*is_new = !group;
	if (!group) {
		group = fd_round_add(round, size);
		fd_round_name(round, key, key_len, group);
	}
	return group;
}

void fd_round_sort(struct fd_round *round, int (*compare)(const void *, const void *))
{
	if (round->count > 1)
		qsort(round->groups, round->count, sizeof(*round->groups), compare);
}

/* ---- holders ---- */

/* The next holder, without its comm. One process mostly has many in a row: they share the text. */
static void add_holder(struct fd_holders *holders, struct fd_holder holder, struct arena *arena)
{
	const struct fd_holder *last;

	holders->items = fd_grow(arena, holders->items, holders->count, &holders->size,
				 sizeof(*holders->items));
	last = holders->count ? &holders->items[holders->count - 1] : NULL;
	if (last && last->pid == holder.pid && last->comm.data)
		holder.comm = last->comm;
	else
		holder.comm = fd_keep_bytes(arena, holder.comm);
	holders->items[holders->count++] = holder;
}

void fd_holders_add_row(struct fd_holders *holders, const struct fd_row *row, struct arena *arena)
{
	const struct intro_task *task = row->task;
	struct fd_holder holder = {row->fd->pid, row->fd->fd, row->fd->slot, {NULL, 0}};

	if (task && (task->have & INTRO_WANT(STAT)))
		holder.comm = (struct intro_bytes){task->stat.comm, task->stat.comm_len};
	add_holder(holders, holder, arena);
}

void fd_holders_add(struct fd_holders *holders, const struct intro_fd_holder *holder,
		    struct arena *arena)
{
	add_holder(holders,
		   (struct fd_holder){holder->pid, holder->fd, INTRO_SLOT_FD, holder->comm}, arena);
}

static int compare_holders(const void *a, const void *b)
{
	const struct fd_holder *left = a, *right = b;

	if (left->pid != right->pid)
		return left->pid < right->pid ? -1 : 1;
	if (left->slot != right->slot)
		return left->slot < right->slot ? -1 : 1;
	return (left->fd > right->fd) - (left->fd < right->fd);
}

void fd_holders_sort(struct fd_holders *holders)
{
	size_t kept = 0;

	if (holders->count < 2)
		return;
	qsort(holders->items, holders->count, sizeof(*holders->items), compare_holders);
	for (size_t i = 1; i < holders->count; i++) {
		struct fd_holder *last = &holders->items[kept], *item = &holders->items[i];

		if (compare_holders(last, item) != 0)
			holders->items[++kept] = *item;
		else if (!last->comm.data)
			last->comm = item->comm;
	}
	holders->count = kept + 1;
}

size_t fd_holders_processes(const struct fd_holders *holders)
{
	size_t count = 0;

	for (size_t i = 0; i < holders->count; i++)
		count += i == 0 || holders->items[i].pid != holders->items[i - 1].pid;
	return count;
}

struct value fd_holders_value(const struct fd_holders *holders, bool with_slot, struct arena *arena)
{
	struct value *items, list;

	if (!holders->count && holders->partial)
		return value_null();
	list = fd_objects_new(arena, holders->count, &items);
	for (size_t i = 0; i < holders->count; i++) {
		const struct fd_holder *holder = &holders->items[i];
		struct fd_object object = fd_object_new(arena, 4);

		fd_object_put(&object, "pid", value_int(holder->pid));
		fd_object_put(&object, "fd",
			      holder->fd >= 0 ? value_int(holder->fd) : value_null());
		if (with_slot)
			fd_object_put(&object, "slot",
				      fd_value_name(INTRO_NAMES_SLOT, holder->slot, arena));
		fd_object_put(&object, "comm", fd_value_bytes(holder->comm));
		items[i] = fd_object_value(&object);
	}
	return list;
}
