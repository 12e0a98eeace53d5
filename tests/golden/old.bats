# A captured tree of a kernel of long ago, with fewer fields and lines, and with files that are
# broken or missing; and one that has nothing but a single stat file.
load golden.bash

@test "what old kernels do not tell is null, and broken files cost no row" {
	same old.default tree old
	same old.json tree old -J
	same old.cred.ndjson tree old -j --view cred
	same old.sched tree old --view sched
	same old.mem tree old --view mem
	same old.ns tree old -o pid,ns_net,ns_pids,cgroup,fd_limit,oom_score,syscall,read_chars,run_ns
	same old.errors.json tree old -J -o pid,ns_net,cgroup,fd_limit,oom_score,syscall,read_chars,run_ns 106
}

@test "broken processes that are named are errors" {
	same old.named tree old 1 101 102 107
	same old.all.50.json tree old -J -o all 50
}

@test "a tree with a single file" {
	same bare.default tree bare
	same bare.json tree bare -J -o all
	same bare.threads tree bare -T
	same bare.sort tree bare --sort -cpu_percent -Q 'cpu_percent is null' -o pid,cpu_percent,started
}
