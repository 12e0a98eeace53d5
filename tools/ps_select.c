/* Which processes are asked for: parsing the lists, and testing rows against them. */
#include <fnmatch.h>
#include <string.h>

#include "present/listing.h"
#include "present/message.h"
#include "ps_select.h"

/* ---- lists ---- */

static struct words *words_of(struct ps_selection *selection, int key)
{
	switch (key) {
	case PS_SELECT_SESSION:
		return &selection->sessions;
	case PS_SELECT_TTY:
		return &selection->ttys;
	case PS_SELECT_STATE:
		return &selection->states;
	case PS_SELECT_CGROUP:
		return &selection->cgroups;
	case PS_SELECT_PARENT:
		return &selection->parents;
	default:
		return NULL;
	}
}

int ps_select_add(struct ps_selection *selection, int key, const char *argument)
{
	struct words *words = words_of(selection, key);
	char letter[2] = "";
	uint64_t state;
	size_t before;

	if (!words)
		return process_choice_add_users(&selection->processes, argument);
	/* "disk sleep" is one state, not two. */
	if (key == PS_SELECT_STATE &&
	    intro_name_parse(INTRO_NAMES_STATE, argument, strlen(argument), &state) == 0) {
		letter[0] = (char)state;
		argument = letter;
	}
	before = words->count;
	words_split(&selection->processes.arena, words, argument);
	return words->count > before ? 0 : message_usage("empty list: '%s'", argument);
}

/* ---- numbers and names ---- */

static int resolve_pids(struct arena *arena, const struct words *words, const char *what,
			struct process_ids *ret)
{
	ret->ids = arena_alloc(arena, (words->count + 1) * sizeof(*ret->ids));
	for (size_t i = 0; i < words->count; i++) {
		char *end;
		pid_t pid;

		/* 0 is a session or parent outside of the PID namespace. */
		if (!words_number(words->items[i], &end, 0, &pid) || *end)
			return message_usage("not a %s id: '%s'", what, words->items[i]);
		ret->ids[ret->count++] = (uint32_t)pid;
	}
	return 0;
}

/* "R,S", "RS", "sleeping": single letters, or the kernel's words. */
static int resolve_states(struct ps_selection *selection)
{
	const struct words *words = &selection->states;
	size_t room = 1;
	char *letters;

	for (size_t i = 0; i < words->count; i++)
		room += strlen(words->items[i]);
	letters = arena_alloc(&selection->processes.arena, room);
	letters[0] = '\0';
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		uint64_t state;

		if (strlen(word) > 1 &&
		    intro_name_parse(INTRO_NAMES_STATE, word, strlen(word), &state) == 0) {
			strncat(letters, &(char){(char)state}, 1);
			continue;
		}
		for (const char *p = word; *p; p++) {
			if (!intro_name(INTRO_NAMES_STATE, (unsigned char)*p))
				return message_usage("no such state: '%s'", word);
			strncat(letters, p, 1);
		}
	}
	selection->state_letters = letters;
	return 0;
}

int ps_select_prepare(struct ps_selection *selection, struct intro *session, const char *pids,
		      char **operands, int operand_count)
{
	struct process_choice *processes = &selection->processes;
	int status = pids ? process_choice_add_pids(processes, pids) : 0;

	for (int i = 0; i < operand_count && !status; i++)
		process_choice_add_operand(processes, operands[i]);
	if (!status)
		status = resolve_pids(&processes->arena, &selection->sessions, "session",
				      &selection->session_ids);
	if (!status)
		status = resolve_pids(&processes->arena, &selection->parents, "process",
				      &selection->parent_ids);
	if (!status)
		status = resolve_states(selection);
	return status ? status : process_choice_prepare(processes, session);
}

void ps_select_free(struct ps_selection *selection)
{
	process_choice_free(&selection->processes);
}

/* ---- rows ---- */

uint64_t ps_select_needs(const struct ps_selection *selection)
{
	uint64_t needs = process_choice_needs(&selection->processes);

	if (selection->sessions.count || selection->ttys.count || selection->states.count)
		needs |= INTRO_WANT(STAT);
	if (selection->cgroups.count)
		needs |= INTRO_WANT(CGROUP);
	if (selection->parents.count)
		needs |= PS_NEED_FAMILY;
	return needs;
}

/* "pts/3", "/dev/pts/3"; "none", "?" or "-" for those without a terminal. */
static bool tty_matches(const struct words *ttys, const struct ps_row *row)
{
	const char *name = intro_tty_name(row->session, row->task->stat.tty_nr);

	for (size_t i = 0; i < ttys->count; i++) {
		const char *word = ttys->items[i];

		if (!name && (!strcmp(word, "none") || !strcmp(word, "?") || !strcmp(word, "-")))
			return true;
		if (!strncmp(word, "/dev/", 5))
			word += 5;
		if (name && !strcmp(word, name))
			return true;
	}
	return false;
}

/* The group itself, those below it, and patterns. */
static bool cgroup_matches(const struct words *cgroups, struct intro_bytes cgroup,
			   struct arena *arena)
{
	const char *path = arena_copy(arena, cgroup.data, cgroup.len);

	for (size_t i = 0; i < cgroups->count; i++) {
		const char *word = cgroups->items[i];
		size_t len = strlen(word);

		while (len && word[len - 1] == '/')
			len--;
		if (!strncmp(path, word, len) && (path[len] == '\0' || path[len] == '/'))
			return true;
		if (fnmatch(word, path, 0) == 0)
			return true;
	}
	return false;
}

static bool parent_matches(const struct process_ids *parents, const struct ps_row *row)
{
	for (size_t i = 0; i < parents->count; i++)
		if (row->family &&
		    intro_family_is_below(row->family, row->task->pid, (pid_t)parents->ids[i]))
			return true;
	return false;
}

bool ps_select_matches(const struct ps_selection *selection, const struct ps_row *row)
{
	const struct intro_task *task = row->task;

	if ((selection->sessions.count || selection->ttys.count || selection->states.count) &&
	    !HAS(task, STAT))
		return false;
	if (selection->sessions.count &&
	    !process_ids_have(&selection->session_ids, (uint32_t)task->stat.session))
		return false;
	if (selection->ttys.count && !tty_matches(&selection->ttys, row))
		return false;
	if (selection->states.count && !strchr(selection->state_letters, task->stat.state))
		return false;
	if (selection->cgroups.count) {
		struct arena arena = {0};
		bool matches = HAS(task, CGROUP) &&
			       cgroup_matches(&selection->cgroups, task->cgroup, &arena);

		arena_free(&arena);
		if (!matches)
			return false;
	}
	return !selection->parents.count || parent_matches(&selection->parent_ids, row);
}
