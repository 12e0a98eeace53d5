/*
 * What the groupings of intro fd share: a round that finds groups by key and keeps them in an
 * arena, and those who hold what a group is about.
 */
#ifndef FD_GROUP_H
#define FD_GROUP_H

#include "fd_columns.h"
#include "fd_mode.h"

/* Room for one more item behind `count` of them: returns the array, which may have moved. */
void *fd_grow(struct arena *arena, void *items, size_t count, size_t *size, size_t item_size);

/* ---- rounds ---- */

struct fd_group_slot {
	uint64_t hash;
	const char *key; /* NULL: free */
	size_t key_len;
	void *group;
};

/* The first member of what a mode's `open` gives. */
struct fd_round {
	struct intro *session;
	struct arena arena;
	void **groups; /* in the order in which they were found, until they are sorted */
	size_t count, size, next;
	struct fd_group_slot *slots; /* a hash table; its size is a power of two */
	size_t slot_count, slots_used;
};

/* The functions of a mode: `open` where there is nothing to add, `next` and `close`. */
void *fd_round_open(struct intro *session, const char *argument);
const void *fd_round_next(void *round);
void fd_round_close(void *round);

/* A round of `size` bytes, the first of them a struct fd_round; the others are zero. */
void *fd_round_new(struct intro *session, size_t size);

/* A new group of `size` bytes of zero. */
void *fd_round_add(struct fd_round *round, size_t size);
/* The group of a key; NULL: there is none. */
void *fd_round_find(const struct fd_round *round, const void *key, size_t key_len);
/* Gives a key to a group, which may have several. One that is taken stays as it is. */
void fd_round_name(struct fd_round *round, const void *key, size_t key_len, void *group);
/* The group of a key, or a new one; *is_new tells. */
void *fd_round_group(struct fd_round *round, const void *key, size_t key_len, size_t size,
		     bool *is_new);
/* By a function that gets two `void *const *`, and finds no two groups equal. */
void fd_round_sort(struct fd_round *round, int (*compare)(const void *, const void *));

/* ---- holders ---- */

struct fd_holder {
	pid_t pid;
	int fd; /* -1: another slot */
	enum intro_slot slot;
	struct intro_bytes comm; /* data NULL: not known */
};

struct fd_holders {
	struct fd_holder *items;
	size_t count, size;
	bool partial; /* some processes could not be looked into: there may be more */
};

void fd_holders_add_row(struct fd_holders *holders, const struct fd_row *row, struct arena *arena);
void fd_holders_add(struct fd_holders *holders, const struct intro_fd_holder *holder,
		    struct arena *arena);
/* By PID, slot and number, each once. */
void fd_holders_sort(struct fd_holders *holders);
/* Of sorted ones: how many processes they are. */
size_t fd_holders_processes(const struct fd_holders *holders);

/* [{"pid":812,"fd":5,"comm":"nginx"}], with "slot" behind fd where that is wanted; null where
 * none was found but there may be some. */
struct value fd_holders_value(const struct fd_holders *holders, bool with_slot,
			      struct arena *arena);

/* Of sorted ones, for people: "812 nginx:5,6, 813 nginx:5 +4 more". */
struct value fd_holders_text(const struct fd_holders *holders, struct arena *arena);
/* The same of two sides: "812 nginx:5 -> 900 cat:0"; where both are one process, "-> itself:6". */
struct value fd_holders_pair_text(const struct fd_holders *left, const char *arrow,
				  const struct fd_holders *right, struct arena *arena);

/* ---- getters ---- */

/* A getter that gives `expression` (over `group`) where `condition` holds, else null. */
#define GROUP_FIELD_IF(type, name, condition, expression)                                          \
	static void get_##name(const void *row, struct arena *arena, struct value *ret)            \
	{                                                                                          \
		const struct type *group = row;                                                    \
                                                                                                   \
		(void)arena;                                                                       \
		*ret = (condition) ? (expression) : value_null();                                  \
	}

#define GROUP_FIELD(type, name, expression) GROUP_FIELD_IF(type, name, true, expression)

/* Bytes that outlive the row they are from. */
static inline struct intro_bytes fd_keep_bytes(struct arena *arena, struct intro_bytes bytes)
{
	if (bytes.data)
		bytes.data = arena_copy(arena, bytes.data, bytes.len);
	return bytes;
}

static inline int fd_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Shorter ones first where one begins with the other; none at all go last. */
int fd_compare_bytes(struct intro_bytes a, struct intro_bytes b);

#endif
