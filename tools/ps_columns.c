/* All columns of intro ps in one table, and the views that choose among them. */
#include <string.h>

#include "ps_columns.h"

enum { MOST_COLUMNS = 192 };

const struct column *ps_columns(size_t *count)
{
	static const struct ps_column_group *const groups[] = {
		&ps_columns_identity, &ps_columns_jobs,        &ps_columns_credentials,
		&ps_columns_sched,    &ps_columns_signals,     &ps_columns_memory,
		&ps_columns_time,     &ps_columns_environment,
	};
	static struct column all[MOST_COLUMNS];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (n + groups[i]->count > MOST_COLUMNS)
			break; /* a test counts them */
		memcpy(all + n, groups[i]->columns, groups[i]->count * sizeof(all[0]));
		n += groups[i]->count;
	}
	*count = n;
	return all;
}

struct value ps_value_name(enum intro_names names, uint64_t number, struct arena *arena)
{
	const char *name = intro_name(names, number);

	if (!name)
		name = arena_printf(arena, "%llu", (unsigned long long)number);
	return value_string(name);
}

const struct view ps_views[] = {
	{"default", "pid,ppid,user,state,nice,threads,rss,cpu_percent,elapsed_s,tty,args",
	 "what ps aux shows, and parent, nice value and threads", NULL},
	{"threads", "pid,tid,user,state,policy,nice,rt_priority,cpu,cpu_percent,elapsed_s,comm",
	 "the default with -T", NULL},
	{"ids", "pid,tid,tgid,ppid,is_main,pgid,sid,user,comm", "ids of processes and threads",
	 NULL},
	{"cred",
	 "pid,user,ruid,euid,suid,fsuid,rgid,egid,sgid,fsgid,groups,umask,no_new_privs,seccomp,"
	 "cap_eff,comm",
	 "credentials", NULL},
	{"sched",
	 "pid,tid,state,policy,sched_class,nice,priority,static_priority,rt_priority,cpu,affinity,"
	 "timeslice_ns,autogroup,comm",
	 "scheduling", NULL},
	{"job",
	 "pid,ppid,pgid,sid,tty,tpgid,foreground,session_leader,orphaned_pgrp,daemon,state,args",
	 "job control: groups, sessions, terminals, daemons", NULL},
	{"sig",
	 "pid,sig_pending,sig_shared_pending,sig_blocked,sig_ignored,sig_caught,sig_deliverable,"
	 "sig_queued,comm",
	 "signals", NULL},
	{"mem",
	 "pid,user,vsize,rss,rss_anon,rss_file,rss_shmem,swap,hwm,minflt,majflt,oom_score,comm",
	 "memory", NULL},
	{"time",
	 "pid,user,state,utime_s,stime_s,cpu_percent,started,elapsed_s,vol_switches,"
	 "invol_switches,run_ns,wait_ns,comm",
	 "times and switches", NULL},
	{"io",
	 "pid,user,io_class,io_level,read_bytes,write_bytes,read_chars,write_chars,read_calls,"
	 "write_calls,fds,fd_limit,comm",
	 "input and output", NULL},
	{"ns", "pid,user,ns_pids,ns_pid,ns_net,ns_mnt,ns_user,ns_ipc,ns_uts,ns_cgroup,cgroup,comm",
	 "namespaces and control groups", NULL},
	{"full",
	 "pid,ppid,user,state,wchan,syscall,policy,nice,cpu,threads,rss,swap,cpu_percent,time_s,"
	 "started,fds,tty,cgroup,exe,args",
	 "most of what one asks for, on a wide terminal", NULL},
};
const size_t ps_view_count = sizeof(ps_views) / sizeof(ps_views[0]);
