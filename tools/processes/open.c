/* Opening the session of a tool. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "present/message.h"
#include "processes/open.h"

/* Which of the two directories it was that could not be opened. */
static const char *culprit(const char *procfs, const char *sysroot)
{
	if (sysroot && access(sysroot, X_OK))
		return sysroot;
	return procfs ? procfs : "the process file system";
}

int processes_open(const char *procfs, const char *sysroot, struct intro **ret)
{
	struct intro_open_options open = {
		.size = sizeof(open),
		.procfs = procfs,
		.sysroot = sysroot,
	};
	int r = intro_open(&open, ret), error = errno;

	if (r == INTRO_E_NOMEM)
		message_out_of_memory();
	if (r) {
		message("cannot open %s: %s", culprit(procfs, sysroot), strerror(error));
		return EXIT_MISSING;
	}
	if (!procfs && !intro_is_live(*ret)) {
		message("the process file system is not mounted");
		message_hint("'mount -t proc proc /proc' mounts it");
		return EXIT_FATAL;
	}
	return 0;
}

void processes_meta(struct intro *session, struct listing_meta *ret)
{
	struct intro_clock clock;

	ret->host = intro_host_name(session);
	ret->boot_id = intro_boot_id(session);
	intro_clock_read(session, &clock);
	ret->time_ns = clock.now_ns;
}
