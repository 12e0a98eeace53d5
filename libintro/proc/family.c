/* Who is whose parent, and in which group and session: one reading of all processes. */
#include <errno.h>
#include <stdlib.h>

#include <intro/task.h>

#include "base/base.h"

struct relative {
	pid_t pid, parent, pgrp, session;
	bool ended;
};

struct group {
	pid_t pgrp;
	bool tied;    /* not orphaned */
	bool unknown; /* a parent cannot be seen */
};

struct intro_family {
	struct relative *relatives; /* by PID */
	size_t count, size;
	struct group *groups; /* by number */
	size_t group_count;
	bool initial_namespace; /* PID 1 is the init of the machine */
};

void intro_family_close(struct intro_family *family)
{
	if (!family)
		return;
	free(family->relatives);
	free(family->groups);
	free(family);
}

static int add(struct intro_family *family, const struct intro_task *task)
{
	const struct intro_stat *stat = &task->stat;

	if (family->count == family->size) {
		size_t size = family->size ? family->size * 2 : 512;
		struct relative *relatives = realloc(family->relatives, size * sizeof(*relatives));

		if (!relatives)
			return INTRO_E_NOMEM;
		family->relatives = relatives;
		family->size = size;
	}
	/* kthreadd is there to be seen only where PID 1 is the first of all. */
	if (task->pid == 2 && stat->ppid == 0 && intro_task_is_kthread(task))
		family->initial_namespace = true;
	family->relatives[family->count++] = (struct relative){
		.pid = task->pid,
		.parent = stat->ppid,
		.pgrp = stat->pgrp,
		.session = stat->session,
		/* A zombie leader whose threads live on has not ended. */
		.ended = (stat->state == 'Z' || stat->state == 'X') && stat->num_threads <= 1,
	};
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct relative *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static const struct relative *find(const struct intro_family *family, pid_t pid)
{
	struct relative key = {.pid = pid};

	if (!family->count)
		return NULL;
	return bsearch(&key, family->relatives, family->count, sizeof(key), compare);
}

bool intro_family_is_below(const struct intro_family *family, pid_t pid, pid_t ancestor)
{
	/* Parents can change while they are read, even into a circle: hence the bound. */
	for (size_t steps = 0; steps <= family->count && pid > 0; steps++) {
		const struct relative *relative;

		if (pid == ancestor)
			return true;
		relative = find(family, pid);
		if (!relative)
			return false;
		pid = relative->parent;
	}
	return false;
}

/*
 * What one member says of its group: it ties it to the rest of the session if its parent could
 * resume it. The init of the machine does not count, that of a container does. A parent outside of
 * the PID namespace, or hidden by hidepid, may or may not.
 */
static struct group judge(const struct intro_family *family, const struct relative *member)
{
	struct group group = {.pgrp = member->pgrp};
	const struct relative *parent = find(family, member->parent);
	bool by_init = family->initial_namespace && member->parent <= 1;

	if (member->ended || by_init)
		return group;
	if (!parent)
		group.unknown = true;
	else
		group.tied = parent->pgrp != member->pgrp && parent->session == member->session;
	return group;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->pgrp > y->pgrp) - (x->pgrp < y->pgrp);
}

/* One entry a group: what all of its members say together. */
static int find_groups(struct intro_family *family)
{
	struct group *groups = calloc(family->count ? family->count : 1, sizeof(*groups));
	size_t used = 0;

	if (!groups)
		return INTRO_E_NOMEM;
	for (size_t i = 0; i < family->count; i++)
		groups[i] = judge(family, &family->relatives[i]);
	qsort(groups, family->count, sizeof(*groups), compare_groups);
	for (size_t i = 0; i < family->count; i++) {
		if (used && groups[used - 1].pgrp == groups[i].pgrp) {
			groups[used - 1].tied |= groups[i].tied;
			groups[used - 1].unknown |= groups[i].unknown;
		} else {
			groups[used++] = groups[i];
		}
	}
	family->groups = groups;
	family->group_count = used;
	return 0;
}

static int read_relatives(struct intro *session, struct intro_family *family)
{
	struct intro_tasks_options options = {.size = sizeof(options), .want = INTRO_WANT(STAT)};
	const struct intro_task *task;
	struct intro_tasks *tasks;
	int r = intro_tasks_open(session, &options, &tasks);

	if (r)
		return r;
	while ((r = intro_tasks_next(tasks, &task)) > 0) {
		if ((task->have & INTRO_WANT(STAT)) && (r = add(family, task)))
			break;
	}
	intro_tasks_close(tasks);
	return r;
}

int intro_family_open(struct intro *session, struct intro_family **ret)
{
	struct intro_family *family = calloc(1, sizeof(*family));
	int r = family ? read_relatives(session, family) : INTRO_E_NOMEM;

	if (r == 0)
		r = find_groups(family);
	if (r) {
		intro_family_close(family);
		return r == INTRO_E_NOMEM ? intro_fail(session, r, ENOMEM, 0, NULL, NULL) : r;
	}
	*ret = family;
	return 0;
}

int intro_family_is_orphaned(const struct intro_family *family, pid_t pgrp)
{
	struct group key = {.pgrp = pgrp}, *group = NULL;

	if (family->group_count)
		group = bsearch(&key, family->groups, family->group_count, sizeof(key),
				compare_groups);
	if (!group || (!group->tied && group->unknown))
		return INTRO_E_ABSENT;
	return !group->tied;
}
