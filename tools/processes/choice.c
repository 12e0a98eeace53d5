/* Which processes the user names: parsing the lists, and testing processes against them. */
#include <fnmatch.h>
#include <string.h>

#include "present/listing.h"
#include "present/message.h"
#include "processes/choice.h"

#define COMM_MOST 15 /* bytes that the kernel keeps of a name */
#define HAS(task, source) (((task)->have & INTRO_WANT(source)) != 0)

/* ---- lists ---- */

/* "1234" or "1234/5678" */
static bool parse_target(const char *text, struct process_target *ret)
{
	char *end;

	ret->tid = 0;
	if (!words_number(text, &end, 1, &ret->pid))
		return false;
	if (*end == '/' && !words_number(end + 1, &end, 1, &ret->tid))
		return false;
	return *end == '\0';
}

static bool is_listed(const struct process_choice *choice, const struct process_target *target)
{
	for (size_t i = 0; i < choice->target_count; i++)
		if (choice->targets[i].pid == target->pid && choice->targets[i].tid == target->tid)
			return true;
	return false;
}

/* Adds the PIDs of a list. The word that is none, or NULL. */
static const char *add_targets(struct process_choice *choice, const struct words *words)
{
	size_t most = choice->target_count + words->count;
	struct process_target *targets = arena_alloc(&choice->arena, (most + 1) * sizeof(*targets));

	if (choice->target_count)
		memcpy(targets, choice->targets, choice->target_count * sizeof(*targets));
	choice->targets = targets;
	for (size_t i = 0; i < words->count; i++) {
		struct process_target target;

		if (!parse_target(words->items[i], &target))
			return words->items[i];
		if (!is_listed(choice, &target))
			targets[choice->target_count++] = target;
	}
	return NULL;
}

static bool are_targets(const struct words *words)
{
	struct process_target target;

	for (size_t i = 0; i < words->count; i++)
		if (!parse_target(words->items[i], &target))
			return false;
	return words->count > 0;
}

bool process_is_target_list(const char *text)
{
	struct arena arena = {0};
	struct words words = {0};
	bool all;

	words_split(&arena, &words, text);
	all = are_targets(&words);
	arena_free(&arena);
	return all;
}

int process_choice_add_pids(struct process_choice *choice, const char *list)
{
	struct words words = {0};
	const char *wrong;

	words_split(&choice->arena, &words, list);
	if (!words.count)
		return message_usage("empty list of process ids: '%s'", list);
	wrong = add_targets(choice, &words);
	return wrong ? message_usage("not a process id: '%s'", wrong) : 0;
}

void process_choice_add_operand(struct process_choice *choice, const char *operand)
{
	struct words words = {0};

	words_split(&choice->arena, &words, operand);
	if (are_targets(&words))
		(void)add_targets(choice, &words);
	else
		words_add(&choice->arena, &choice->names, operand);
}

int process_choice_add_users(struct process_choice *choice, const char *list)
{
	size_t before = choice->users.count;

	words_split(&choice->arena, &choice->users, list);
	return choice->users.count > before ? 0 : message_usage("empty list: '%s'", list);
}

int process_choice_prepare(struct process_choice *choice, struct intro *session)
{
	const struct words *words = &choice->users;
	struct process_ids *ids = &choice->user_ids;

	ids->ids = arena_alloc(&choice->arena, (words->count + 1) * sizeof(*ids->ids));
	for (size_t i = 0; i < words->count; i++) {
		uid_t uid;
		int r = intro_user_id(session, words->items[i], &uid);

		if (r == 0) {
			ids->ids[ids->count++] = uid;
		} else if (r == INTRO_E_ABSENT) {
			words_add(&choice->arena, &choice->unknown_users, words->items[i]);
		} else {
			message("user '%s': %s", words->items[i], intro_last_error(session)->text);
			return EXIT_MISSING;
		}
	}
	return 0;
}

bool process_choice_has_threads(const struct process_choice *choice)
{
	for (size_t i = 0; i < choice->target_count; i++)
		if (choice->targets[i].tid)
			return true;
	return false;
}

void process_choice_free(struct process_choice *choice)
{
	arena_free(&choice->arena);
}

/* ---- processes ---- */

uint64_t process_choice_needs(const struct process_choice *choice)
{
	uint64_t needs = choice->users.count ? INTRO_WANT(OWNER) : 0;

	for (size_t i = 0; i < choice->names.count; i++) {
		needs |= INTRO_WANT(STAT);
		if (strlen(choice->names.items[i]) > COMM_MOST)
			needs |= INTRO_WANT(CMDLINE);
	}
	return needs;
}

bool process_ids_have(const struct process_ids *ids, uint32_t id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (ids->ids[i] == id)
			return true;
	return false;
}

bool process_choice_has_user(const struct process_choice *choice, const struct intro_task *task)
{
	return !choice->users.count ||
	       (HAS(task, OWNER) && process_ids_have(&choice->user_ids, task->owner_uid));
}

bool process_choice_has_target(const struct process_choice *choice, const struct intro_task *task)
{
	for (size_t i = 0; i < choice->target_count; i++) {
		const struct process_target *target = &choice->targets[i];

		if (target->pid == task->pid && (!target->tid || target->tid == task->tid))
			return true;
	}
	return false;
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

int process_choice_name(const struct process_choice *choice, const struct intro_task *task)
{
	if (!HAS(task, STAT))
		return -1;
	for (size_t i = 0; i < choice->names.count; i++)
		if (name_matches(choice->names.items[i], task))
			return (int)i;
	return -1;
}
