/*
 * System-wide figures from libproc2. It is loaded only when they are asked for: it brings half a
 * dozen libraries along, which would double the start-up time of every tool.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <libproc2/meminfo.h>
#include <libproc2/misc.h>
#include <libproc2/stat.h>

#include <intro/system.h>

#include "base/base.h"

/* The build sets the name that fits the headers; the numbers of items belong to it. */
#ifndef INTRO_LIBPROC2_SONAME
#define INTRO_LIBPROC2_SONAME "libproc2.so.0"
#endif

#define BYTES_PER_KIB 1024u

struct libproc2 {
	__typeof__(procps_loadavg) *loadavg;
	__typeof__(procps_uptime) *uptime;
	__typeof__(procps_stat_new) *stat_new;
	__typeof__(procps_stat_unref) *stat_unref;
	__typeof__(procps_stat_select) *stat_select;
	__typeof__(procps_meminfo_new) *meminfo_new;
	__typeof__(procps_meminfo_unref) *meminfo_unref;
	__typeof__(procps_meminfo_select) *meminfo_select;
};

struct intro_system {
	struct intro *session;
	void *handle;
	struct libproc2 lib;
	struct stat_info *stat;
	struct meminfo_info *meminfo;
};

static bool find_functions(void *handle, struct libproc2 *lib)
{
	const struct {
		const char *name;
		void *slot;
	} functions[] = {
		{"procps_loadavg", &lib->loadavg},
		{"procps_uptime", &lib->uptime},
		{"procps_stat_new", &lib->stat_new},
		{"procps_stat_unref", &lib->stat_unref},
		{"procps_stat_select", &lib->stat_select},
		{"procps_meminfo_new", &lib->meminfo_new},
		{"procps_meminfo_unref", &lib->meminfo_unref},
		{"procps_meminfo_select", &lib->meminfo_select},
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *address = dlsym(handle, functions[i].name);

		if (!address)
			return false;
		*(void **)functions[i].slot = address; /* as dlsym(3) itself advises */
	}
	return true;
}

/* libproc2 reads /proc and no other tree: our session must mean the same. */
static bool reads_proc_itself(const struct intro *session)
{
	struct stat ours, its;

	return session->live && fstat(session->proc_fd, &ours) == 0 &&
	       fstatat(session->sysroot_fd, "proc", &its, 0) == 0 && ours.st_dev == its.st_dev &&
	       ours.st_ino == its.st_ino;
}

static int fail_to_load(struct intro *session, const char *what)
{
	return intro_fail(session, INTRO_E_UNSUPPORTED, 0, 0, NULL, "cannot use %s: %s",
			  INTRO_LIBPROC2_SONAME, what ? what : "it is of another version");
}

int intro_system_open(struct intro *session, struct intro_system **ret)
{
	struct intro_system *system;
	int r;

	if (!reads_proc_itself(session))
		return intro_fail(session, INTRO_E_UNSUPPORTED, 0, 0, NULL,
				  "a captured tree has no system-wide figures");
	system = calloc(1, sizeof(*system));
	if (!system)
		return intro_fail(session, INTRO_E_NOMEM, ENOMEM, 0, NULL, NULL);
	system->session = session;
	system->handle = dlopen(INTRO_LIBPROC2_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!system->handle) {
		intro_system_close(system);
		return fail_to_load(session, dlerror());
	}
	if (!find_functions(system->handle, &system->lib)) {
		intro_system_close(system);
		return fail_to_load(session, NULL);
	}
	r = system->lib.stat_new(&system->stat);
	if (r == 0)
		r = system->lib.meminfo_new(&system->meminfo);
	if (r) {
		intro_system_close(system);
		return intro_fail(session, intro_code_of_errno(-r), -r, 0, "stat", NULL);
	}
	*ret = system;
	return 0;
}

void intro_system_close(struct intro_system *system)
{
	if (!system)
		return;
	if (system->stat)
		system->lib.stat_unref(&system->stat);
	if (system->meminfo)
		system->lib.meminfo_unref(&system->meminfo);
	if (system->handle)
		dlclose(system->handle);
	free(system);
}

static bool read_stat(struct intro_system *system, struct intro_system_figures *ret)
{
	static const enum stat_item wanted[] = {
		STAT_TIC_USER,         STAT_TIC_NICE,         STAT_TIC_SYSTEM,  STAT_TIC_IDLE,
		STAT_TIC_IOWAIT,       STAT_TIC_IRQ,          STAT_TIC_SOFTIRQ, STAT_TIC_STOLEN,
		STAT_SYS_PROC_BLOCKED, STAT_SYS_PROC_RUNNING,
	};
	enum { COUNT = sizeof(wanted) / sizeof(wanted[0]) };
	enum stat_item items[COUNT];
	const struct stat_stack *stack;

	for (int i = 0; i < COUNT; i++)
		items[i] = wanted[i];
	stack = system->lib.stat_select(system->stat, items, COUNT);
	if (!stack)
		return false;
	ret->cpu_user = stack->head[0].result.ull_int;
	ret->cpu_nice = stack->head[1].result.ull_int;
	ret->cpu_system = stack->head[2].result.ull_int;
	ret->cpu_idle = stack->head[3].result.ull_int;
	ret->cpu_iowait = stack->head[4].result.ull_int;
	ret->cpu_irq = stack->head[5].result.ull_int;
	ret->cpu_softirq = stack->head[6].result.ull_int;
	ret->cpu_steal = stack->head[7].result.ull_int;
	ret->procs_blocked = stack->head[8].result.ul_int;
	ret->procs_running = stack->head[9].result.ul_int;
	return true;
}

static bool read_meminfo(struct intro_system *system, struct intro_system_figures *ret)
{
	static const enum meminfo_item wanted[] = {
		MEMINFO_MEM_TOTAL,   MEMINFO_MEM_AVAILABLE,  MEMINFO_MEM_FREE,
		MEMINFO_MEM_BUFFERS, MEMINFO_MEM_CACHED_ALL, MEMINFO_SWAP_TOTAL,
		MEMINFO_SWAP_FREE,
	};
	enum { COUNT = sizeof(wanted) / sizeof(wanted[0]) };
	enum meminfo_item items[COUNT];
	const struct meminfo_stack *stack;

	for (int i = 0; i < COUNT; i++)
		items[i] = wanted[i];
	stack = system->lib.meminfo_select(system->meminfo, items, COUNT);
	if (!stack)
		return false;
	ret->mem_total = stack->head[0].result.ul_int * BYTES_PER_KIB;
	ret->mem_available = stack->head[1].result.ul_int * BYTES_PER_KIB;
	ret->mem_free = stack->head[2].result.ul_int * BYTES_PER_KIB;
	ret->mem_cached =
		(stack->head[3].result.ul_int + stack->head[4].result.ul_int) * BYTES_PER_KIB;
	ret->swap_total = stack->head[5].result.ul_int * BYTES_PER_KIB;
	ret->swap_free = stack->head[6].result.ul_int * BYTES_PER_KIB;
	return true;
}

int intro_system_read(struct intro_system *system, struct intro_system_figures *ret)
{
	struct intro_system_figures figures = {0};
	double idle;

	if (!read_stat(system, &figures) || !read_meminfo(system, &figures) ||
	    system->lib.loadavg(&figures.load[0], &figures.load[1], &figures.load[2]) < 0 ||
	    system->lib.uptime(&figures.uptime_s, &idle) < 0)
		return intro_fail(system->session, INTRO_E_OS, errno, 0, "stat",
				  "libproc2 cannot read the system's figures");
	*ret = figures;
	return 0;
}
