/*
 * Which processes are asked for. Lists of the same kind are alternatives; different kinds must
 * all hold: `-u root,bin --state D` is every process of root or bin that is in state D.
 */
#ifndef PS_SELECT_H
#define PS_SELECT_H

#include "processes/choice.h"
#include "ps_columns.h"

/* Keys of the options. */
enum ps_select_key {
	PS_SELECT_USER = 'u',
	PS_SELECT_SESSION = 's',
	PS_SELECT_TTY = 512,
	PS_SELECT_STATE,
	PS_SELECT_CGROUP,
	PS_SELECT_PARENT,
};

struct ps_selection {
	struct process_choice processes;
	struct words ttys, sessions, states, cgroups, parents;
	struct process_ids session_ids, parent_ids;
	const char *state_letters;
};

/* Adds the argument of an option. 0, or an exit status after a message. */
int ps_select_add(struct ps_selection *selection, int key, const char *argument);

/* Resolves names and numbers, those of -p and the operands too. As above. */
int ps_select_prepare(struct ps_selection *selection, struct intro *session, const char *pids,
		      char **operands, int operand_count);

/* What must be known of a row to select it. */
uint64_t ps_select_needs(const struct ps_selection *selection);

/* Whether a row is selected by what is not in `processes`. */
bool ps_select_matches(const struct ps_selection *selection, const struct ps_row *row);

void ps_select_free(struct ps_selection *selection);

#endif
