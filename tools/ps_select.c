/* Which processes are asked for: parsing the lists, and testing rows against them. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "present/listing.h"
#include "present/message.h"
#include "ps_select.h"

#define COMM_MOST 15 /* bytes that the kernel keeps of a name */
#define SEPARATORS ", \t\n"

/* ---- lists ---- */

/* Splits a list at commas and white space, and adds it to what is there. */
static void add_words(struct arena *arena, struct ps_words *words, const char *argument)
{
	size_t most = words->count + strlen(argument) / 2 + 1;
	const char **items = arena_alloc(arena, most * sizeof(*items));
	const char *p = argument;

	if (words->count)
		memcpy(items, words->items, words->count * sizeof(*items));
	words->items = items;
	while (*(p += strspn(p, SEPARATORS))) {
		size_t len = strcspn(p, SEPARATORS);

		items[words->count++] = arena_copy(arena, p, len);
		p += len;
	}
}

static struct ps_words *words_of(struct ps_selection *selection, int key)
{
	switch (key) {
	case PS_SELECT_USER:
		return &selection->users;
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
	struct ps_words *words = words_of(selection, key);
	size_t before = words->count;
	char letter[2] = "";
	uint64_t state;

	/* "disk sleep" is one state, not two. */
	if (key == PS_SELECT_STATE &&
	    intro_name_parse(INTRO_NAMES_STATE, argument, strlen(argument), &state) == 0) {
		letter[0] = (char)state;
		argument = letter;
	}
	add_words(&selection->arena, words, argument);
	return words->count > before ? 0 : message_usage("empty list: '%s'", argument);
}

/* ---- numbers and names ---- */

/* "1234" */
static bool parse_number(const char *text, char **end, long least, pid_t *ret)
{
	long number;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtol(text, end, 10);
	if (errno || number < least || number > INT32_MAX)
		return false;
	*ret = (pid_t)number;
	return true;
}

static bool parse_pid(const char *text, char **end, pid_t *ret)
{
	return parse_number(text, end, 1, ret);
}

/* "1234" or "1234/5678" */
static bool parse_target(const char *text, struct ps_target *ret)
{
	char *end;

	ret->tid = 0;
	if (!parse_pid(text, &end, &ret->pid))
		return false;
	if (*end == '/' && !parse_pid(end + 1, &end, &ret->tid))
		return false;
	return *end == '\0';
}

static bool is_listed(const struct ps_selection *selection, const struct ps_target *target)
{
	for (size_t i = 0; i < selection->target_count; i++)
		if (selection->targets[i].pid == target->pid &&
		    selection->targets[i].tid == target->tid)
			return true;
	return false;
}

static void add_target(struct ps_selection *selection, const struct ps_target *target)
{
	if (!is_listed(selection, target))
		selection->targets[selection->target_count++] = *target;
}

static int add_pids(struct ps_selection *selection, const struct ps_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		struct ps_target target;

		if (!parse_target(words->items[i], &target))
			return message_usage("not a process id: '%s'", words->items[i]);
		add_target(selection, &target);
	}
	return 0;
}

/* An operand is a list of PIDs if all of it is that; else it is a name as it stands. */
static void add_operand(struct ps_selection *selection, const char *operand)
{
	struct ps_words words = {0};
	struct ps_target target;
	const char **names;

	add_words(&selection->arena, &words, operand);
	for (size_t i = 0; i < words.count; i++) {
		if (!parse_target(words.items[i], &target)) {
			words.count = 0;
			break;
		}
	}
	if (words.count) {
		for (size_t i = 0; i < words.count; i++)
			if (parse_target(words.items[i], &target))
				add_target(selection, &target);
		return;
	}
	names = arena_alloc(&selection->arena, (selection->names.count + 1) * sizeof(*names));
	if (selection->names.count)
		memcpy(names, selection->names.items, selection->names.count * sizeof(*names));
	names[selection->names.count++] = operand;
	selection->names.items = names;
}

static int resolve_pids(struct arena *arena, const struct ps_words *words, const char *what,
			struct ps_ids *ret)
{
	ret->ids = arena_alloc(arena, (words->count + 1) * sizeof(*ret->ids));
	for (size_t i = 0; i < words->count; i++) {
		char *end;
		pid_t pid;

		/* 0 is a session or parent outside of the PID namespace. */
		if (!parse_number(words->items[i], &end, 0, &pid) || *end)
			return message_usage("not a %s id: '%s'", what, words->items[i]);
		ret->ids[ret->count++] = (uint32_t)pid;
	}
	return 0;
}

/* Users that there are not are told at the end: the rows of the others are still wanted. */
static int resolve_users(struct ps_selection *selection, struct intro *session)
{
	const struct ps_words *words = &selection->users;
	struct ps_words *unknown = &selection->unknown_users;
	struct ps_ids *ids = &selection->user_ids;

	ids->ids = arena_alloc(&selection->arena, (words->count + 1) * sizeof(*ids->ids));
	unknown->items = arena_alloc(&selection->arena, (words->count + 1) * sizeof(char *));
	for (size_t i = 0; i < words->count; i++) {
		uid_t uid;
		int r = intro_user_id(session, words->items[i], &uid);

		if (r == 0) {
			ids->ids[ids->count++] = uid;
		} else if (r == INTRO_E_ABSENT) {
			unknown->items[unknown->count++] = words->items[i];
		} else {
			message("user '%s': %s", words->items[i], intro_last_error(session)->text);
			return EXIT_MISSING;
		}
	}
	return 0;
}

/* "R,S", "RS", "sleeping": single letters, or the kernel's words. */
static int resolve_states(struct ps_selection *selection)
{
	const struct ps_words *words = &selection->states;
	size_t room = 1;
	char *letters;

	for (size_t i = 0; i < words->count; i++)
		room += strlen(words->items[i]);
	letters = arena_alloc(&selection->arena, room);
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
	struct ps_words words = {0};
	size_t most = 0;
	int status;

	if (pids) {
		add_words(&selection->arena, &words, pids);
		if (!words.count)
			return message_usage("empty list of process ids: '%s'", pids);
		most = words.count;
	}
	for (int i = 0; i < operand_count; i++)
		most += strlen(operands[i]) / 2 + 1;
	selection->targets = arena_alloc(&selection->arena, (most + 1) * sizeof(struct ps_target));
	status = add_pids(selection, &words);
	for (int i = 0; i < operand_count && !status; i++)
		add_operand(selection, operands[i]);
	if (!status)
		status = resolve_pids(&selection->arena, &selection->sessions, "session",
				      &selection->session_ids);
	if (!status)
		status = resolve_pids(&selection->arena, &selection->parents, "process",
				      &selection->parent_ids);
	if (!status)
		status = resolve_states(selection);
	return status ? status : resolve_users(selection, session);
}

bool ps_select_has_threads(const struct ps_selection *selection)
{
	for (size_t i = 0; i < selection->target_count; i++)
		if (selection->targets[i].tid)
			return true;
	return false;
}

void ps_select_free(struct ps_selection *selection)
{
	arena_free(&selection->arena);
}

/* ---- rows ---- */

uint64_t ps_select_needs(const struct ps_selection *selection)
{
	uint64_t needs = 0;

	if (selection->users.count)
		needs |= INTRO_WANT(OWNER);
	if (selection->sessions.count || selection->ttys.count || selection->states.count)
		needs |= INTRO_WANT(STAT);
	if (selection->cgroups.count)
		needs |= INTRO_WANT(CGROUP);
	if (selection->parents.count)
		needs |= PS_NEED_FAMILY;
	for (size_t i = 0; i < selection->names.count; i++) {
		needs |= INTRO_WANT(STAT);
		if (strlen(selection->names.items[i]) > COMM_MOST)
			needs |= INTRO_WANT(CMDLINE);
	}
	return needs;
}

static bool has_id(const struct ps_ids *ids, uint32_t id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (ids->ids[i] == id)
			return true;
	return false;
}

/* "pts/3", "/dev/pts/3"; "none", "?" or "-" for those without a terminal. */
static bool tty_matches(const struct ps_words *ttys, const struct ps_row *row)
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
static bool cgroup_matches(const struct ps_words *cgroups, struct intro_bytes cgroup,
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

static bool parent_matches(const struct ps_ids *parents, const struct ps_row *row)
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

	if (selection->users.count &&
	    (!HAS(task, OWNER) || !has_id(&selection->user_ids, task->owner_uid)))
		return false;
	if ((selection->sessions.count || selection->ttys.count || selection->states.count) &&
	    !HAS(task, STAT))
		return false;
	if (selection->sessions.count &&
	    !has_id(&selection->session_ids, (uint32_t)task->stat.session))
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

/* Whether the program was called by this name: the last part of its first argument. */
static bool is_called(const struct intro_task *task, const char *name)
{
	struct intro_bytes argument;
	const char *slash;
	size_t position = 0;

	if (!HAS(task, CMDLINE) || intro_argv_next(task->cmdline, &position, &argument) <= 0)
		return false;
	slash = memrchr(argument.data, '/', argument.len);
	if (slash) {
		argument.len -= (size_t)(slash + 1 - argument.data);
		argument.data = slash + 1;
	}
	return argument.len == strlen(name) && !memcmp(argument.data, name, argument.len);
}

/*
 * The kernel keeps 15 bytes of a name: a longer one is right if those agree and the program was
 * called so. Patterns are taken as patterns unless they are names as they stand.
 */
static bool name_matches(const char *name, const struct intro_task *task)
{
	const char *comm = task->stat.comm;

	if (!strcmp(comm, name) || fnmatch(name, comm, 0) == 0)
		return true;
	return strlen(name) > COMM_MOST && task->stat.comm_len == COMM_MOST &&
	       !strncmp(comm, name, COMM_MOST) && is_called(task, name);
}

int ps_select_name(const struct ps_selection *selection, const struct intro_task *task)
{
	if (!HAS(task, STAT))
		return -1;
	for (size_t i = 0; i < selection->names.count; i++)
		if (name_matches(selection->names.items[i], task))
			return (int)i;
	return -1;
}
