# What intro ps does with its options: selection, columns, order, filters, exit statuses, messages.

bats_require_minimum_version 1.5.0

setup() {
	PATH="$INTRO_BIN_DIR:$PATH"
	export LC_ALL=C.UTF-8
	unset COLUMNS
}

# start NAME ARGUMENTS...: starts a target that ends with the test; $ready is its ready line.
start() {
	coproc TARGET { exec "$INTRO_TARGETS_DIR/$1" "${@:2}" 3>&-; }
	IFS= read -r -t 20 -u "${TARGET[0]}" ready
	[[ $ready == ready\ * ]]
	target_pid=$TARGET_PID
}

# fact KEY: what the ready line says of it.
fact() {
	[[ " $ready " =~ \ $1=([^\ ]*)\  ]] && echo "${BASH_REMATCH[1]}"
}

teardown() {
	if [ -n "${target_pid-}" ]; then
		kill -KILL "$target_pid" 2>/dev/null || :
		wait "$target_pid" 2>/dev/null || :
	fi
}

# cells ARGUMENTS...: the lines of a raw listing, on one line.
cells() {
	intro-ps -r -n "$@" | paste -sd' '
}

@test "PIDs, lists of them, and their order" {
	start state sleep stop zombie
	a=$(fact sleep) b=$(fact stop) c=$(fact zombie)
	[ "$(cells -o pid "$a")" = "$a" ]
	[ "$(cells -o pid "$a" "$b")" = "$a $b" ]
	[ "$(cells -o pid -p "$a,$b $c")" = "$a $b $c" ]
	[ "$(cells -o pid -p "$a" -p "$b")" = "$a $b" ]
	[ "$(cells -o pid "$b,$a")" = "$b $a" ]
	# Twice is once.
	[ "$(cells -o pid -p "$a,$a" "$a")" = "$a" ]
}

@test "threads: all of them, one of them, and a PID that is a thread" {
	start threads futex pause plain:named
	pid=$(fact pid)
	tid=$(fact named) && tid=${tid%%:*}
	[ "$(intro-ps -T -n -r -o tid "$pid" | wc -l)" = 4 ]
	[ "$(cells -o tid "$pid")" = "$pid" ]
	[ "$(cells -o pid,tid,comm,is_main "$pid/$tid")" = "$pid	$tid	named	false" ]
	[ "$(cells -o pid,tid,comm "$tid")" = "$pid	$tid	named" ]
	[ "$(cells -L -o comm "$pid" | tr ' ' '\n' | sort | paste -sd' ')" = "futex named pause threads" ]
	[ "$(intro-ps --threads -n -r "$pid" | wc -l)" = 4 ]
}

@test "what is named and not there: message, exit 1, and the rest all the same" {
	run --separate-stderr intro-ps -n -r -o pid 1 4194304
	[ "$status" = 1 ]
	[ "$output" = 1 ]
	[ "$stderr" = "intro-ps: PID 4194304: no such process" ]
	run --separate-stderr intro-ps -n -r -o pid 1/4194304
	[ "$status" = 1 ]
	[ "$stderr" = "intro-ps: PID 1: thread 4194304: no such thread" ]
	run --separate-stderr intro-ps "no such name"
	[ "$status" = 1 ]
	[ "$stderr" = "intro-ps: no process is called 'no such name'" ]
	run --separate-stderr intro-ps -J -o pid 1 4194304
	[ "$status" = 1 ]
	[ "$(jq -c .errors <<<"$output")" = \
		'[{"pid":4194304,"what":"process","error":"ESRCH","message":"no such process"}]' ]
	# With one column in question and thousands to choose from, no other is asked.
	[ "$stderr" = "intro-ps: PID 4194304: no such process" ]
}

@test "a process that has ended" {
	start state sleep
	pid=$(fact sleep)
	kill -KILL "$target_pid"
	wait "$target_pid" || :
	for ((i = 0; i < 10000; i++)); do
		[ -e "/proc/$pid" ] || break
	done
	run --separate-stderr intro-ps "$pid"
	[ "$status" = 1 ]
	[ "$stderr" = "intro-ps: PID $pid: no such process" ]
}

@test "names: exact, cut by the kernel, patterns" {
	start threads plain:x
	pid=$(fact pid)
	[[ " $(cells -o pid threads) " == *" $pid "* ]]
	[[ " $(cells -o pid 'thr*ds') " == *" $pid "* ]]
	[[ " $(cells -o pid threads 1) " == *" $pid "* ]]
	# A name is that of the process: not of its other threads.
	run intro-ps -o pid x
	[ "$status" = 1 ]
}

@test "a long name is compared with the arguments" {
	# Others may run this test at the same time: hence the number.
	long=p$$_program_with_a_long_name
	cp "$INTRO_TARGETS_DIR/names" "$BATS_TEST_TMPDIR/$long"
	coproc TARGET { exec "$BATS_TEST_TMPDIR/$long" 3>&-; }
	read -r -t 20 -u "${TARGET[0]}" ready
	target_pid=$TARGET_PID
	[ "$(cells -o pid "$long")" = "$target_pid" ]
	[ "$(cells -o pid "${long:0:15}")" = "$target_pid" ]
	run intro-ps "${long:0:15}another_name"
	[ "$status" = 1 ]
}

@test "selection by state" {
	start state sleep stop zombie traced
	[[ " $(cells -o pid --state T) " == *" $(fact stop) "* ]]
	[[ " $(cells -o pid --state T) " != *" $(fact sleep) "* ]]
	[[ " $(cells -o pid --state t) " == *" $(fact traced) "* ]]
	[[ " $(cells -o pid --state T,t) " == *" $(fact stop) $(fact traced) "* ]]
	[[ " $(cells -o pid --state TZ) " == *" $(fact zombie) "* ]]
	[[ " $(cells -o pid --state zombie) " == *" $(fact zombie) "* ]]
	[[ " $(cells -o pid --state 'stopped,Z') " == *" $(fact stop) "* ]]
	[ "$(intro-ps -r -n -o state --state S | sort -u)" = S ]
	run --separate-stderr intro-ps --state Q
	[ "$status" = 2 ]
	[[ $stderr == "intro-ps: no such state: 'Q'"* ]]
	run intro-ps --state ''
	[ "$status" = 2 ]
}

@test "selection by terminal and session" {
	start jobs leader pty
	tty=$(fact tty)
	[ "$(cells -o pid --tty "$tty")" = "$(fact pty) $(fact pty_fg) $(fact pty_bg)" ]
	[ "$(cells -o pid --tty "/dev/$tty")" = "$(fact pty) $(fact pty_fg) $(fact pty_bg)" ]
	[ "$(cells -o pid -s "$(fact pty)")" = "$(fact pty) $(fact pty_fg) $(fact pty_bg)" ]
	[ "$(cells -o pid --session "$(fact leader)")" = "$(fact leader)" ]
	[ "$(cells -o pid -s "$(fact leader),$(fact pty)" -Q 'pid == sid')" = \
		"$(fact leader) $(fact pty)" ]
	[[ " $(cells -o pid --tty none) " == *" $(fact leader) "* ]]
	[[ " $(cells -o pid --tty none) " != *" $(fact pty) "* ]]
	run --separate-stderr intro-ps -s x
	[ "$status" = 2 ]
	[[ $stderr == "intro-ps: not a session id: 'x'"* ]]
	run intro-ps --tty pts/4000
	[ "$status" = 1 ]
}

@test "selection by user" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	a=$((3000000 + $$ * 3)) b=$((a + 1)) c=$((a + 2)) # nobody else has these
	start creds "uid=$a+$b+$c"
	pid=$(fact pid)
	[ "$(cells -o pid -u "$b")" = "$pid" ]
	[ "$(cells -o pid,user,ruid,euid,suid -u "$b")" = "$pid	$b	$a	$b	$c" ]
	[[ " $(cells -o pid -u "$b,root") " == *" $pid "* ]]
	[[ " $(cells -o pid -u root) " != *" $pid "* ]]
	run intro-ps -u "$a"
	[ "$status" = 1 ]
	[ "$output" = "" ]
	run --separate-stderr intro-ps -u nosuchuser
	[ "$status" = 1 ]
	[ "$stderr" = "intro-ps: no such user: 'nosuchuser'" ]
}

@test "selection by parent" {
	start state sleep stepchild
	pid=$(fact pid)
	expected="$pid $(fact sleep) $(fact stepchild) $(fact stepchild_tracer)"
	[ "$(cells -o pid --parent "$pid" | tr ' ' '\n' | sort -n | paste -sd' ')" = \
		"$(tr ' ' '\n' <<<"$expected" | sort -n | paste -sd' ')" ]
	[ "$(cells -o pid --parent "$(fact sleep)")" = "$(fact sleep)" ]
	[ "$(cells -o pid --parent "$(fact sleep),$(fact stepchild)" --state S -Q 'tracer_pid is null')" = \
		"$(fact sleep) $(fact stepchild_tracer)" ]
}

@test "selection by control group" {
	start state sleep
	pid=$(fact sleep)
	group=$(cells -o cgroup "$pid")
	[[ " $(cells -o pid --cgroup "$group") " == *" $pid "* ]]
	[[ " $(cells -o pid --cgroup /) " == *" $pid "* ]]
	[[ " $(cells -o pid --cgroup '/*') " == *" $pid "* ]]
	run intro-ps --cgroup /no/such/group
	[ "$status" = 1 ]
}

@test "different selections must all hold" {
	start state sleep stop
	run intro-ps -r -n -o pid --state T "$(fact sleep)"
	[ "$status" = 1 ]
	[ "$output" = "" ]
	[ "$(cells -o pid --state T --parent "$(fact pid)" -Q "pid > 0")" = "$(fact stop)" ]
}

@test "columns: chosen, added, all, unknown" {
	[ "$(intro-ps -r -o pid,comm 1 | head -1)" = "$(printf 'pid\tcomm')" ]
	[ "$(intro-ps -j -o pid,nice 1 | jq -c 'keys_unsorted')" = '["pid","nice"]' ]
	[ "$(intro-ps -j -o pid -o nice 1 | jq -c 'keys_unsorted')" = '["pid","nice"]' ]
	default=$(intro-ps -j 1 | jq -c 'keys_unsorted')
	[ "$(intro-ps -j -o +nice,+rt_priority 1 2>/dev/null | jq -c '.rt_priority,keys_unsorted' | wc -l)" = 2 ]
	[ "$(intro-ps -j -o +rt_priority 1 | jq -c 'keys_unsorted - ["rt_priority"]')" = "$default" ]
	listed=$(intro-ps -H -J | jq '.rows | length')
	[ "$(intro-ps -j -o all $$ | jq '[keys_unsorted[] | select(test("_(raw|b64)$") | not)] | length')" = "$listed" ]
	[ "$listed" -gt 100 ]
	run --separate-stderr intro-ps -o pid,nosuchcolumn
	[ "$status" = 2 ]
	[ "$output" = "" ]
	[[ $stderr == *"nosuchcolumn"* ]]
}

@test "columns that the contract names" {
	wanted="pid tid tgid ppid is_main user comm args exe state state_name wchan syscall pgid sid tty
		tpgid foreground session_leader orphaned_pgrp daemon ruid euid suid fsuid rgid egid sgid
		fsgid groups umask cap_eff no_new_privs seccomp policy nice priority static_priority
		rt_priority cpu affinity autogroup timeslice_ns sched_class sig_pending
		sig_shared_pending sig_blocked sig_ignored sig_caught sig_deliverable sig_queued
		sig_queue_limit threads vsize rss rss_anon rss_file rss_shmem swap hwm minflt majflt
		oom_score utime_s stime_s cpu_percent started elapsed_s vol_switches invol_switches fds
		fd_limit cgroup ns_pid ns_net ns_mnt ns_user ns_pids tracer_pid is_kthread"
	there=$(intro-ps -H -J | jq -r '.rows[].name')
	for column in $wanted; do
		grep -qx "$column" <<<"$there"
	done
}

@test "the list of columns" {
	run --separate-stderr intro-ps -H
	[ "$status" = 0 ]
	[ "$stderr" = "" ]
	[[ ${lines[0]} == NAME* ]]
	run intro-ps -J -H
	[ "$(jq -r '.rows[] | select(.name == "pid") | .type' <<<"$output")" = integer ]
	[ "$(jq -r '[.rows[] | .name] | length == (unique | length)' <<<"$output")" = true ]
	[ "$(jq -r '[.rows[] | select(.description == "" or .description == null)] | length' <<<"$output")" = 0 ]
}

@test "every view" {
	for view in default ids cred sched job sig mem time io ns full; do
		run --separate-stderr intro-ps --view "$view" $$
		[ "$status" = 0 ]
		[ "$stderr" = "" ]
		[ "${#lines[@]}" = 2 ]
		[ "$(intro-ps -j --view "$view" $$ | jq '. | length > 5')" = true ]
	done
	[ "$(intro-ps -j $$ | jq -c keys_unsorted)" = \
		"$(intro-ps -j --view default $$ | jq -c keys_unsorted)" ]
	run --separate-stderr intro-ps --view nosuchview
	[ "$status" = 2 ]
	[[ $stderr == *nosuchview* ]]
}

@test "order" {
	start state sleep stop zombie
	pids="$(fact sleep),$(fact stop),$(fact zombie)"
	[ "$(cells -o state -p "$pids" --sort state)" = "S T Z" ]
	[ "$(cells -o state -p "$pids" --sort -state)" = "Z T S" ]
	[ "$(cells -o state -p "$pids" --sort comm,-pid)" = "Z T S" ]
	[ "$(intro-ps -r -n -o pid --sort pid | sort -n -c && echo sorted)" = sorted ]
	[ "$(intro-ps -r -n -o vsize --sort -vsize | sort -rn -c && echo sorted)" = sorted ]
	# The column need not be shown; nulls are last.
	[ "$(intro-ps -r -n -o rt_priority --sort rt_priority | tail -1)" = '\N' ]
	run --separate-stderr intro-ps --sort nosuchcolumn
	[ "$status" = 2 ]
	[[ $stderr == *nosuchcolumn* ]]
}

@test "the tree" {
	start state sleep stepchild
	pid=$(fact pid)
	run intro-ps -n -t -o pid,args --parent "$pid"
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 4 ]
	# Parents stand above their children, and the target has two of them.
	[[ ${lines[0]} == *"$pid"* ]]
	[[ $output == *"$(fact stepchild)"*"$(fact stepchild_tracer)"* ]]
	[[ ${lines[1]} =~ [├\|] ]]
	[[ ${lines[2]} =~ [└\`] ]]
	run env LC_ALL=C intro-ps -n -t -o pid,args --parent "$pid"
	[ "$status" = 0 ]
	[[ $output != *[![:print:][:space:]]* ]]
	# JSON has the same rows, flat; the parent tells the tree.
	[ "$(intro-ps -J -t -o pid,ppid --parent "$pid" | jq '.rows | length')" = 4 ]
	[ "$(intro-ps -t -r -n -o pid --parent "$pid" | paste -sd' ')" = \
		"$pid $(fact sleep) $(fact stepchild) $(fact stepchild_tracer)" ]
}

@test "the tree with threads below their process" {
	start threads futex pause
	pid=$(fact pid)
	run intro-ps -n -T -t -o tid,comm "$pid"
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 3 ]
	[[ ${lines[0]} == *"$pid"* ]]
}

@test "filters" {
	start state sleep stop zombie
	pid=$(fact pid)
	[ "$(cells -o pid -Q "ppid == $pid and state == 'T'")" = "$(fact stop)" ]
	[ "$(cells -o pid -Q "ppid == $pid and state in ('T', 'Z')")" = "$(fact stop) $(fact zombie)" ]
	[ "$(cells -o pid -Q "ppid == $pid" -Q 'state == "Z"')" = "$(fact zombie)" ]
	[ "$(cells -o pid -Q "comm like 'sta%' and ppid == $pid and args is null")" = "$(fact zombie)" ]
	[ "$(cells -o pid -Q "comm regexp '^st.te\$' and ppid == $pid and state == 'S'")" = "$(fact sleep)" ]
	[ "$(cells -o pid -Q "is_main and ppid == $pid and state = 'S'")" = "$(fact sleep)" ]
	run intro-ps -Q 'pid < 0'
	[ "$status" = 1 ]
}

@test "bad filters: exit 2, and a caret at the place" {
	run --separate-stderr intro-ps -Q 'nice <'
	[ "$status" = 2 ]
	[ "$output" = "" ]
	[ "${stderr_lines[1]}" = "intro-ps:   nice <" ]
	[ "${stderr_lines[2]}" = "intro-ps:         ^" ]
	run --separate-stderr intro-ps -Q 'pid == 1 and nosuch == 2'
	[ "$status" = 2 ]
	[ "${stderr_lines[1]}" = "intro-ps:   pid == 1 and nosuch == 2" ]
	[ "${stderr_lines[2]}" = "intro-ps:                ^" ]
	run --separate-stderr intro-ps -Q 'pid = 1; drop table x'
	[ "$status" = 2 ]
	run --separate-stderr intro-ps -Q ''
	[ "$status" = 2 ]
	run --separate-stderr intro-ps -Q 'comm regexp "("'
	[ "$status" = 2 ]
	[[ $stderr == *"("* ]]
	run --separate-stderr intro-ps -Q 'nosuchfunction(pid)'
	[ "$status" = 2 ]
	# Nothing but the rows can be reached from there.
	run intro-ps -Q "pid in (select pid from sqlite_master)"
	[ "$status" = 2 ]
	run intro-ps -Q "load_extension('x')"
	[ "$status" = 2 ]
	run intro-ps -Q "writefile('$BATS_TEST_TMPDIR/x', 'x')"
	[ "$status" = 2 ]
	[ ! -e "$BATS_TEST_TMPDIR/x" ]
}

@test "mistakes of usage: exit 2, nothing on standard output" {
	for options in --nosuch -x '-p x' '-p 0' '-p -1' '-p 1/' '-p 1/x' '--color=perhaps' '-J -r' '-o' \
		'-W=x' '--watch=-1' '--view' '--sort -' '-p 99999999999'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr intro-ps $options
		echo "# $options: $status $stderr"
		[ "$status" = 2 ]
		[ "$output" = "" ]
		[[ $stderr == intro-ps:* ]]
	done
	run --separate-stderr intro-ps --procfs /no/such/directory
	[ "$status" = 1 ]
	[[ $stderr == "intro-ps: cannot open /no/such/directory: No such file or directory" ]]
}

@test "help and version" {
	run --separate-stderr intro-ps --help
	[ "$status" = 0 ]
	[ "$stderr" = "" ]
	[[ $output == *"--filter"* && $output == *"--threads"* ]]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 100 ]
	done
	run intro-ps --version
	[ "$status" = 0 ]
	[[ $output == *"$INTRO_VERSION"* ]]
}

@test "the dispatcher runs the tools" {
	[ "$(intro ps -r -n -o pid 1)" = 1 ]
	[ "$(intro ps -r -n -o pid,state $$)" = "$(intro-ps -r -n -o pid,state $$)" ]
	run --separate-stderr intro ps -p x
	[ "$status" = 2 ]
	run --separate-stderr intro nosuchtool
	[ "$status" = 2 ]
	[[ $stderr == *nosuchtool* ]]
	run intro --version
	[ "$status" = 0 ]
	run intro --help
	[ "$status" = 0 ]
	[[ $output == *ps* ]]
	run intro
	[[ $output == *ps* ]]
}

@test "headings: there, and not" {
	[ "$(intro-ps -o pid 1 | wc -l)" = 2 ]
	[ "$(intro-ps -n -o pid 1 | tr -d ' ')" = 1 ]
	[ "$(intro-ps -r -o pid,comm 1 | wc -l)" = 2 ]
	[ "$(intro-ps -r -n -o pid 1)" = 1 ]
}

@test "colours: only on a terminal, or when asked for" {
	escape=$'\033['
	[[ $(intro-ps $$) != *"$escape"* ]]
	[[ $(intro-ps --color=always) == *"$escape"* ]]
	[[ $(intro-ps --color=never) != *"$escape"* ]]
	[[ $(NO_COLOR=1 intro-ps --color=auto) != *"$escape"* ]]
	[[ $(intro-ps -J --color=always $$) != *"$escape"* ]]
	[[ $(intro-ps -r --color=always $$) != *"$escape"* ]]
}

@test "one row in every format" {
	start state sleep
	pid=$(fact sleep)
	[ "$(intro-ps -o pid,state,nice "$pid" | tail -1 | tr -s ' ' | sed 's/^ //')" = "$pid S 0" ]
	[ "$(intro-ps -r -n -o pid,state,nice,rt_priority "$pid")" = "$pid	S	0	\\N" ]
	[ "$(intro-ps -j -o pid,state,rt_priority,is_main "$pid")" = \
		"{\"pid\":$pid,\"state\":\"S\",\"rt_priority\":null,\"is_main\":true}" ]
	run intro-ps -J -o pid "$pid"
	[ "$(jq -r .schema <<<"$output")" = intro.ps/1 ]
	[ "$(jq -r .host <<<"$output")" = "$(uname -n)" ]
	[ "$(jq -r .boot_id <<<"$output")" = "$(cat /proc/sys/kernel/random/boot_id)" ]
	[[ $(jq -r .time <<<"$output") =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z$ ]]
	[ "$(jq -c '[.rows, .errors]' <<<"$output")" = "[[{\"pid\":$pid}],[]]" ]
	[ "$(jq -c keys_unsorted <<<"$output")" = '["schema","host","boot_id","time","rows","errors"]' ]
}

@test "nothing matched: exit 1, and JSON is still whole" {
	run --separate-stderr intro-ps -J -Q 'pid < 0'
	[ "$status" = 1 ]
	[ "$(jq -c '[.rows, .errors]' <<<"$output")" = '[[],[]]' ]
	[ "$stderr" = "" ]
	run --separate-stderr intro-ps -j -Q 'pid < 0'
	[ "$status" = 1 ]
	[ "$output" = "" ]
}

@test "out of descriptors is no fact about processes" {
	run --separate-stderr bash -c 'for fd in /proc/$$/fd/*; do
			fd=${fd##*/}
			((fd <= 2)) || eval "exec $fd>&-"
		done
		ulimit -n 5
		exec intro-ps -r -o pid,state'
	[ "$status" = 3 ]
	[ "$stderr" = "intro-ps: cannot read processes: Too many open files" ]
	[[ "$output" != *'\N'* ]]
}

@test "an unknown user does not hide the others" {
	run --separate-stderr intro-ps -n -o pid -u "$(id -un),nosuchuser" $$
	[ "$status" = 1 ]
	[ "$(tr -d ' ' <<<"$output")" = $$ ]
	[ "$stderr" = "intro-ps: no such user: 'nosuchuser'" ]
}

@test "a state of two words is one state" {
	start state stop
	pid=$(fact stop)
	[ "$(intro-ps -n -r -o pid --state stopped "$pid")" = "$pid" ]
	run --separate-stderr intro-ps --state 'disk sleep' "$pid"
	[ "$status" = 1 ]
	[ "$stderr" = "" ]
}

@test "times compare with those of SQL" {
	[ "$(intro-ps -n -r -o pid -Q "started > datetime('now', '-1 day')" $$)" = $$ ]
	run intro-ps -Q "started > datetime('now', '+1 minute')" $$
	[ "$status" = 1 ]
	[ "$output" = "" ]
}

@test "a row of nothing but an empty text is a row" {
	bash -c 'exec -a "" sleep 60' 3>&- &
	pid=$!
	until [ "$(cat "/proc/$pid/comm")" = sleep ]; do :; done
	[ "$(intro-ps -n -o argv "$pid" | wc -l)" = 1 ]
	[ "$(intro-ps -n -o args "$pid" | wc -l)" = 1 ]
	kill "$pid"
}

@test "no process file system" {
	[ -z "${INTRO_SANITIZE-}" ] || skip "the sanitizers themselves need it"
	[ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null || skip "may not make a mount namespace"
	run --separate-stderr unshare -m bash -c 'lib=$(ldd "$(command -v intro-ps)" | sed -n "s/.*libintro[^ ]* => \([^ ]*\)\/[^ ]* .*/\1/p")
		mount -t tmpfs none /proc && LD_LIBRARY_PATH=$lib exec intro-ps'
	[ "$status" = 3 ]
	[ "${stderr_lines[0]}" = "intro-ps: the process file system is not mounted" ]
}
