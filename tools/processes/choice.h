/*
 * Which processes the user names: by PID, by name, by user. PIDs and names are alternatives; users
 * must hold as well.
 */
#ifndef PROCESSES_CHOICE_H
#define PROCESSES_CHOICE_H

#include <intro/intro.h>

#include "processes/words.h"

struct process_target {
	pid_t pid, tid; /* tid 0: the process */
};

struct process_ids {
	uint32_t *ids;
	size_t count;
};

struct process_choice {
	struct arena arena; /* has all the lists */
	struct process_target *targets;
	size_t target_count;
	struct words names;
	struct words users;
	struct words unknown_users; /* those of `users` that there are not */
	struct process_ids user_ids;
};

/* Whether all of a text is a list of PIDs: "1234", "1234/5678,90". */
bool process_is_target_list(const char *text);

/*
 * Adds the list of -p, an operand (a list of PIDs if all of it is that, else a name as it stands),
 * and a list of users. 0, or an exit status after a message.
 */
int process_choice_add_pids(struct process_choice *choice, const char *list);
void process_choice_add_operand(struct process_choice *choice, const char *operand);
int process_choice_add_users(struct process_choice *choice, const char *list);

/*
 * Looks the users up. Those that there are not are told at the end of the listing: the rows of the
 * others are still wanted. 0, or an exit status after a message.
 */
int process_choice_prepare(struct process_choice *choice, struct intro *session);

/* Whether single threads were asked for. */
bool process_choice_has_threads(const struct process_choice *choice);

/* The sources of a process that must be known to choose it. */
uint64_t process_choice_needs(const struct process_choice *choice);

/* Whether a process is one of the PIDs. */
bool process_choice_has_target(const struct process_choice *choice, const struct intro_task *task);
/* The place of the name that it is called by, or -1. */
int process_choice_name(const struct process_choice *choice, const struct intro_task *task);
/* Whether its user is one of those; true where there are none. */
bool process_choice_has_user(const struct process_choice *choice, const struct intro_task *task);

bool process_ids_have(const struct process_ids *ids, uint32_t id);

void process_choice_free(struct process_choice *choice);

#endif
