/* Holders as people read them: a few words of each process, and how many more there are. */
#include "present/output.h"

#include "fd_group.h"

enum { MOST_PROCESSES = 3, MOST_OF_ONE = 3 };

static void put_slot(struct output *output, const struct fd_holder *holder)
{
	const char *name = intro_name(INTRO_NAMES_SLOT, holder->slot);

	if (holder->fd >= 0)
		output_int(output, holder->fd);
	else
		output_string(output, name ? name : "?");
}

/* ":5,6" of the holders from `i` on that are one process. Returns where the next one begins. */
static size_t put_slots(struct output *output, const struct fd_holders *holders, size_t i,
			size_t *left_out)
{
	pid_t pid = holders->items[i].pid;

	for (size_t of_it = 0; i < holders->count && holders->items[i].pid == pid; i++, of_it++) {
		const struct fd_holder *holder = &holders->items[i];

		if (of_it >= MOST_OF_ONE) {
			++*left_out;
			continue;
		}
		output_char(output, of_it ? ',' : ':');
		put_slot(output, holder);
	}
	return i;
}

static void put_more(struct output *output, size_t left_out)
{
	if (left_out)
		output_printf(output, " +%zu more", left_out);
}

static void put_holders(struct output *output, const struct fd_holders *holders)
{
	size_t left_out = 0, i = 0;

	if (!holders->count)
		output_string(output, holders->partial ? "?" : "nobody");
	for (size_t process = 0; i < holders->count && process < MOST_PROCESSES; process++) {
		const struct fd_holder *holder = &holders->items[i];

		if (process)
			output_string(output, ", ");
		output_int(output, holder->pid);
		if (holder->comm.data) {
			output_char(output, ' ');
			output_bytes(output, holder->comm.data, holder->comm.len);
		}
		i = put_slots(output, holders, i, &left_out);
	}
	put_more(output, left_out + holders->count - i);
}

/* Moves the text into the arena. */
static struct value take_text(struct output *output, struct arena *arena)
{
	struct value text = value_bytes(arena_copy(arena, output->data, output->len), output->len);

	output_free(output);
	return text;
}

struct value fd_holders_text(const struct fd_holders *holders, struct arena *arena)
{
	struct output output;

	output_open_memory(&output);
	put_holders(&output, holders);
	return take_text(&output, arena);
}

static bool is_one_process(const struct fd_holders *holders)
{
	return holders->count && fd_holders_processes(holders) == 1;
}

struct value fd_holders_pair_text(const struct fd_holders *left, const char *arrow,
				  const struct fd_holders *right, struct arena *arena)
{
	struct output output;
	size_t left_out = 0;

	output_open_memory(&output);
	put_holders(&output, left);
	output_printf(&output, " %s ", arrow);
	if (is_one_process(left) && is_one_process(right) &&
	    left->items[0].pid == right->items[0].pid) {
		output_string(&output, "itself");
		put_slots(&output, right, 0, &left_out);
		put_more(&output, left_out);
	} else {
		put_holders(&output, right);
	}
	return take_text(&output, arena);
}
