# A captured tree of a server with a bit of everything: threads of the kernel, a daemon by the
# book, a shell with jobs, threads of all policies, a traced process, hostile names, a container.
load golden.bash

ps() {
	tree server "$@"
}

@test "the default table" {
	same server.default ps
}

@test "the default table on a terminal of 80 columns, without and with colours" {
	same server.default.80 on_terminal 80 intro-ps --procfs server/proc --sysroot server --color=never
	same server.colours.80 on_terminal 80 intro-ps --procfs server/proc --sysroot server
	same server.default.60 on_terminal 60 intro-ps --procfs server/proc --sysroot server --color=never
}

@test "without UTF-8" {
	LC_ALL=C same server.tree.ascii ps -t -o pid,args
}

@test "views" {
	for view in ids cred sched job sig mem time io ns full; do
		same "server.view.$view" ps --view "$view"
	done
}

@test "the tree" {
	same server.tree ps -t
	same server.tree.threads ps -T -t -o pid,tid,state,policy,comm
	same server.tree.below ps -t -o pid,comm --parent 900
}

@test "threads" {
	same server.threads ps -T 701 920
	same server.thread ps -o pid,tid,is_main,comm,policy,nice,rt_priority,static_priority 920/921 925
	same server.threads.json ps -T -J -o pid,tid,tgid,is_main,tree_parent,comm,state,policy,nice,rt_priority,sig_pending,sig_blocked,sig_deliverable,vol_switches,utime_s 920
}

@test "JSON" {
	same server.json ps -J
	same server.ndjson ps -j
	for pid in 40 612 701 911 1100 1200 1300; do
		same "server.all.$pid.json" ps -J -o all "$pid"
	done
}

@test "raw" {
	same server.raw ps -r
	same server.names.raw ps -r -n -o pid,comm,argv,exe,cwd 1 700 1100
}

@test "job control in JSON: which rules of a daemon are broken" {
	same server.job.ndjson ps -j --view job -o pid,daemon,daemon_broken,orphaned_pgrp,foreground
}

@test "selections" {
	same server.select ps -n -r -o pid -u alice --state S
	same server.select.tty ps -n -r -o pid --tty pts/3
	same server.select.cgroup ps -n -r -o pid --cgroup /system.slice
	same server.select.session ps -n -r -o pid -s 900
	same server.select.name ps -n -r -o pid nginx
	same server.select.missing ps -o pid,comm 1 4711 1/2 nosuch
	same server.select.nothing ps -u app --state Z
	same server.select.nouser ps -u daemon
}

@test "filters and order" {
	same server.filter ps -o pid,nice,state,comm -Q 'state == "D" or nice > 0' --sort -nice,comm
	same server.filter.null ps -o pid,rt_priority,comm -Q 'rt_priority is not null' --sort rt_priority
	same server.filter.bad ps -Q 'nice =< 0'
	same server.sort ps -o pid,rss,comm --sort -rss,pid -Q 'rss >= 10 * 1024 * 1024'
	same server.sort.started ps -o pid,started,elapsed_s --sort -started 1 500 900 1100
}
