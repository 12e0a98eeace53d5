/* Why something of a process cannot be read, in words that help. */
#include <errno.h>
#include <unistd.h>

#include "processes/explain.h"

#define HAS(task, source) (((task)->have & INTRO_WANT(source)) != 0)
#define HIDEPID "procfs is mounted with the option hidepid: only its owner and root may look"

static const char *name_of(struct intro *session, uid_t uid, struct arena *arena)
{
	const char *name = intro_user_name(session, uid);

	return name ? name : arena_printf(arena, "user %u", uid);
}

/* What anybody may read of any process, unless procfs is mounted with hidepid. */
static bool is_public(enum intro_task_source source)
{
	const uint64_t public_ = INTRO_WANT(STAT) | INTRO_WANT(USAGE) | INTRO_WANT(STATUS) |
				 INTRO_WANT(CMDLINE) | INTRO_WANT(SCHEDSTAT) |
				 INTRO_WANT(SCHED_FILE) | INTRO_WANT(CGROUP) | INTRO_WANT(LIMITS) |
				 INTRO_WANT(LOGINUID) | INTRO_WANT(SESSIONID) |
				 INTRO_WANT(OOM_SCORE) | INTRO_WANT(OOM_ADJ) | INTRO_WANT(WCHAN) |
				 INTRO_WANT(AUTOGROUP);

	return (public_ & UINT64_C(1) << source) != 0;
}

/*
 * The kernel lets one look into a process that has the same user ids, may be dumped, and has no
 * capability that we lack; or with CAP_SYS_PTRACE. The errno is the same whatever is missing.
 */
const char *process_explain(struct intro *session, const struct intro_task *task,
			    struct arena *arena)
{
	if (!intro_is_live(session))
		return NULL;
	if (task->error[INTRO_SOURCE_STAT])
		return HIDEPID;
	if (!HAS(task, OWNER))
		return "only its owner and root may look";
	if (task->owner_uid != geteuid() && geteuid() != 0)
		return arena_printf(arena, "it belongs to %s: try as that user or as root",
				    name_of(session, task->owner_uid, arena));
	if (geteuid() == 0)
		return "even root may not: it has capabilities or a user namespace that we lack, "
		       "or a security module protects it";
	return "it is not dumpable, as after a change of its ids, or of another user namespace: "
	       "try as root";
}

const char *process_explain_source(struct intro *session, const struct intro_task *task,
				   enum intro_task_source source, struct arena *arena)
{
	int error = task->error[source];

	if ((error != EACCES && error != EPERM) || !intro_is_live(session))
		return NULL;
	return is_public(source) ? HIDEPID : process_explain(session, task, arena);
}
