/* --summary: how many descriptors there are, by kind, user and process, and against the limits. */
#include <string.h>
#include <sys/resource.h>

#include "fd_group.h"
#include "present/message.h"
#include "present/suggest.h"

/* In the order in which they are listed. */
enum part { PART_SYSTEM, PART_KIND, PART_USER, PART_PROCESS, PART_COUNT };

static const char *const part_names[] = {
	[PART_SYSTEM] = "system",
	[PART_KIND] = "kind",
	[PART_USER] = "user",
	[PART_PROCESS] = "process",
};

struct summary {
	struct fd_round round;
	unsigned parts; /* 1 << PART_x: those wanted */
};

struct tally {
	enum part part;
	struct intro_bytes name; /* data NULL: not known */
	pid_t pid;               /* of a process */
	pid_t last_pid;          /* that was counted: descriptors come process by process */
	uint64_t descriptors, processes;
	bool has_limit, has_files;
	uint64_t limit;
	uint64_t files; /* open file descriptions in the system */
};

static bool find_part(const char *word, size_t len, enum part *ret)
{
	for (int i = 0; i < PART_COUNT; i++) {
		if (strlen(part_names[i]) == len && strncmp(part_names[i], word, len) == 0) {
			*ret = (enum part)i;
			return true;
		}
	}
	return false;
}

static void tell_unknown(const char *word, size_t len)
{
	struct suggestion suggestion = suggest_for(word, len);

	for (int i = 0; i < PART_COUNT; i++)
		suggest_offer(&suggestion, part_names[i]);
	if (suggestion.best)
		message_usage("--summary: '%.*s' is none of kind, process, user, system (did you "
			      "mean '%s'?)",
			      (int)len, word, suggestion.best);
	else
		message_usage("--summary: '%.*s' is none of kind, process, user, system", (int)len,
			      word);
}

/* "kind,user"; NULL is all. 0: it is no such list, after a message. */
static unsigned parse_parts(const char *list)
{
	unsigned parts = 0;

	if (!list)
		return (1u << PART_COUNT) - 1;
	for (;;) {
		size_t len = strcspn(list += strspn(list, ", \t\n"), ", \t\n");
		enum part part;

		if (len == 0)
			break;
		if (!find_part(list, len, &part)) {
			tell_unknown(list, len);
			return 0;
		}
		parts |= 1u << part;
		list += len;
	}
	if (!parts)
		message_usage("--summary: the list is empty");
	return parts;
}

static void *open_round(struct intro *session, const char *argument)
{
	unsigned parts = parse_parts(argument);
	struct summary *summary;

	if (!parts)
		return NULL;
	summary = fd_round_new(session, sizeof(*summary));
	summary->parts = parts;
	return summary;
}

/* Two numbers find a group: the part, and a kind, user or process. */
static struct tally *find(struct summary *summary, enum part part, uint64_t id, bool *is_new)
{
	const uint64_t key[] = {part, id};
	struct tally *tally =
		fd_round_group(&summary->round, key, sizeof(key), sizeof(*tally), is_new);

	tally->part = part;
	return tally;
}

static void count(struct tally *tally, const struct fd_row *row)
{
	tally->descriptors++;
	if (tally->last_pid != row->fd->pid) {
		tally->processes++;
		tally->last_pid = row->fd->pid;
	}
}

static void add_user(struct summary *summary, const struct fd_row *row)
{
	bool is_known = row->task && (row->task->have & INTRO_WANT(OWNER)), is_new;
	struct arena *arena = &summary->round.arena;
	struct tally *tally =
		find(summary, PART_USER, is_known ? row->task->owner_uid : UINT64_MAX, &is_new);

	if (is_new && is_known) {
		const char *name = intro_user_name(summary->round.session, row->task->owner_uid);

		name = name ? arena_copy(arena, name, strlen(name))
			    : arena_printf(arena, "%u", row->task->owner_uid);
		tally->name = (struct intro_bytes){name, strlen(name)};
	}
	count(tally, row);
}

static void take_process(struct tally *tally, const struct fd_row *row, struct arena *arena)
{
	const struct intro_task *task = row->task;

	tally->pid = row->fd->pid;
	if (!task)
		return;
	if (task->have & INTRO_WANT(STAT))
		tally->name = fd_keep_bytes(
			arena, (struct intro_bytes){task->stat.comm, task->stat.comm_len});
	if ((task->have & INTRO_WANT(LIMITS)) && (task->limits.have & 1u << RLIMIT_NOFILE) &&
	    task->limits.limit[RLIMIT_NOFILE].soft != INTRO_UNLIMITED) {
		tally->has_limit = true;
		tally->limit = task->limits.limit[RLIMIT_NOFILE].soft;
	}
}

static void add(void *state, const struct fd_row *row)
{
	struct summary *summary = state;
	struct tally *tally;
	bool is_new;

	if (row->fd->slot != INTRO_SLOT_FD)
		return;
	count(find(summary, PART_SYSTEM, 0, &is_new), row);
	tally = find(summary, PART_KIND, row->fd->kind, &is_new);
	if (is_new) {
		const char *name = intro_name(INTRO_NAMES_FD_KIND, row->fd->kind);

		tally->name = (struct intro_bytes){name, name ? strlen(name) : 0};
	}
	count(tally, row);
	add_user(summary, row);
	tally = find(summary, PART_PROCESS, (uint64_t)row->fd->pid, &is_new);
	if (is_new)
		take_process(tally, row, &summary->round.arena);
	count(tally, row);
}

static int compare(const void *a, const void *b)
{
	const struct tally *left = *(void *const *)a, *right = *(void *const *)b;

	if (left->part != right->part)
		return left->part < right->part ? -1 : 1;
	if (left->descriptors != right->descriptors)
		return left->descriptors > right->descriptors ? -1 : 1;
	if (left->pid != right->pid)
		return left->pid < right->pid ? -1 : 1;
	return fd_compare_bytes(left->name, right->name);
}

static void finish(void *state, const struct fd_row *row)
{
	struct summary *summary = state;
	struct fd_round *round = &summary->round;
	struct intro_file_counts counts;
	struct tally *system;
	size_t kept = 0;
	bool is_new;

	if (round->count) {
		system = find(summary, PART_SYSTEM, 0, &is_new);
		if (intro_file_counts_read(row->session, &counts) == 0) {
			/* file-max is by default the largest number there is: no limit. */
			system->has_limit = counts.most < INT64_MAX;
			system->limit = counts.most;
			system->has_files = true;
			system->files = counts.open;
		}
	}
	for (size_t i = 0; i < round->count; i++)
		if (summary->parts & 1u << ((struct tally *)round->groups[i])->part)
			round->groups[kept++] = round->groups[i];
	round->count = kept;
	fd_round_sort(round, compare);
}

/* ---- columns ---- */

/* Of the system what counts is not the descriptors, of which several may share a description. */
static double percent(const struct tally *tally)
{
	uint64_t used = tally->part == PART_SYSTEM ? tally->files : tally->descriptors;

	return 100.0 * (double)used / (double)tally->limit;
}

GROUP_FIELD(tally, by, value_string(part_names[group->part]))
GROUP_FIELD(tally, name, fd_value_bytes(group->name))
GROUP_FIELD_IF(tally, pid, group->part == PART_PROCESS, value_int(group->pid))
GROUP_FIELD(tally, descriptors, value_uint(group->descriptors))
GROUP_FIELD(tally, processes, value_uint(group->processes))
GROUP_FIELD_IF(tally, files, group->has_files, value_uint(group->files))
GROUP_FIELD_IF(tally, limit, group->has_limit, value_uint(group->limit))
GROUP_FIELD_IF(tally, percent, group->has_limit && group->limit, value_real(percent(group)))

static const struct column columns[] = {
	{"by", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY, 0, get_by, NULL, 0, NULL,
	 "what is counted: system kind user process"},
	{"name", NULL, COLUMN_TEXT, UNIT_NONE, COLUMN_KEY, 0, get_name, NULL, 0, NULL,
	 "kind, user, or name of the process"},
	{"pid", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_KEY, 0, get_pid, NULL, 0, NULL,
	 "process id of a process"},
	{"descriptors", "FDS", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_descriptors, NULL, 0, NULL,
	 "how many descriptors"},
	{"processes", "PROCS", COLUMN_INTEGER, UNIT_NONE, 0, 0, get_processes, NULL, 0, NULL,
	 "how many processes have them"},
	{"files", NULL, COLUMN_INTEGER, UNIT_NONE, COLUMN_VOLATILE, 0, get_files, NULL, 0, NULL,
	 "of the system: open file descriptions, also those of other users"},
	{"limit", NULL, COLUMN_INTEGER, UNIT_NONE, 0, 0, get_limit, NULL, 0, NULL,
	 "RLIMIT_NOFILE of a process, the soft one; file-max of the system, null where that is "
	 "none"},
	{"percent", "USED%", COLUMN_REAL, UNIT_PERCENT, 0, 0, get_percent, NULL, 0, NULL,
	 "descriptors of a process, or files of the system, against the limit"},
};

static const struct view views[] = {
	{"default", "by,name,pid,descriptors,processes,files,limit,percent", "all of it", NULL},
};

const struct fd_mode fd_mode_summary = {
	.name = "summary",
	.schema = "intro.fd.summary/1",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(columns[0]),
	.views = views,
	.view_count = sizeof(views) / sizeof(views[0]),
	.needs = FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED(SOCKET) | FD_NEED_TASK(STAT) |
		 FD_NEED_TASK(OWNER) | FD_NEED_TASK(LIMITS),
	.slots = INTRO_SLOT_BIT(FD),
	.open = open_round,
	.add = add,
	.finish = finish,
	.next = fd_round_next,
	.close = fd_round_close,
};
