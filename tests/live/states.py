#!/usr/bin/env python3
"""Each column for targets in known states, against what the target says of itself or was told."""

import os
import resource
import signal
import stat

import procfs
import support
import zoo


def expect(checks, row, **columns):
    who = f"{row['pid']}/{row['tid']} ({row['comm']})"
    for column, value in columns.items():
        checks.equal("columns", f"{who}: {column}", row[column], value)


def rows_by_tid(*arguments):
    return {row["tid"]: row for row in support.rows_of("-o", "all", *arguments)}


def test_states(checks):
    letters = {"run": "R", "sleep": "S", "disk": "D", "disk_child": "S", "stop": "T",
               "traced": "t", "seized": "S", "zombie": "Z", "leader": "Z", "stepchild": "S",
               "stepchild_tracer": "S"}
    words = {"R": "running", "S": "sleeping", "D": "disk sleep", "T": "stopped",
             "t": "tracing stop", "Z": "zombie"}
    with support.Target("state", *zoo.STATES) as target:
        processes, threads = rows_by_tid(), rows_by_tid("-T")
        for role, letter in letters.items():
            for row in (processes[target[role]], threads[target[role]]):
                expect(checks, row, state=letter, state_name=words[letter],
                       comm="state", is_kthread=False, tgid=row["pid"], is_main=True)
        for role in ("traced", "seized"):
            expect(checks, processes[target[role]], tracer_pid=target.pid)
        expect(checks, processes[target["stepchild"]],
               tracer_pid=target["stepchild_tracer"])
        for role in ("run", "sleep", "stop", "stepchild_tracer"):
            expect(checks, processes[target[role]], tracer_pid=None)
        # A program is loaded where there is memory; a zombie has none.
        program = os.path.realpath(os.path.join(support.TARGETS, "state"))
        expect(checks, processes[target["sleep"]], exe=program, ppid=target.pid)
        expect(checks, processes[target["zombie"]], exe=None, args=None, argv=None, wchan=None,
               hwm=None, rss_anon=None, vsize=0, rss=0, threads=1, ppid=target.pid, cwd=None,
               syscall=None, fds=None)
        expect(checks, processes[target["leader"]], threads=2)
        checks.true("columns", target["leader_thread"] not in processes, "a thread as a process")
        expect(checks, threads[target["leader_thread"]], state="S", pid=target["leader"],
               tgid=target["leader"], is_main=False, syscall="pause", tree_parent=target["leader"])
        expect(checks, processes[target["sleep"]], syscall="pause", syscall_number=34)
        expect(checks, processes[target["run"]], syscall=None, syscall_args=None, sp=None, pc=None,
               wchan=None)
        expect(checks, processes[target["disk"]], syscall="vfork")


def parse_spec(spec):
    words = spec.split("/")
    facts = {"policy": "SCHED_" + words[0].upper()}
    for word in words[1:]:
        name, _, value = word.partition("=")
        facts[name] = value
    return facts


def check_spec(checks, row, spec):
    facts = parse_spec(spec)
    policy = facts["policy"]
    nice, prio = int(facts.get("nice", 0)), int(facts.get("prio", 0))
    realtime = policy in ("SCHED_FIFO", "SCHED_RR", "SCHED_DEADLINE")
    priority = 20 + nice
    if realtime:
        priority = -101 if policy == "SCHED_DEADLINE" else -1 - prio
    io_class, _, level = facts.get("io", "0.0").partition(".")
    every = procfs.cpu_list(os.sched_getaffinity(0))
    expect(checks, row,
           policy=policy, priority=priority,
           sched_class={"SCHED_FIFO": "rt", "SCHED_RR": "rt", "SCHED_DEADLINE": "dl"}.get(policy, "fair"),
           static_priority=None if realtime else 120 + nice, rt_priority=prio or None,
           affinity=facts["cpu"].replace("+", ",") if "cpu" in facts else every,
           reset_on_fork="reset" in facts,
           runtime_ns=int(facts["runtime"]) if "runtime" in facts else None,
           deadline_ns=int(facts["deadline"]) if "deadline" in facts else None,
           period_ns=int(facts["period"]) if "period" in facts else None,
           io_class=procfs.IO_CLASSES[int(io_class)], io_level=int(level))
    checks.equal("columns", f"{spec}: the flag", "SCHED_FLAG_RESET_ON_FORK" in row["sched_flags"],
                 "reset" in facts)
    if not realtime:
        expect(checks, row, nice=nice)
    if policy in ("SCHED_FIFO", "SCHED_DEADLINE"):
        expect(checks, row, timeslice_ns=None)  # they run until they give way
    elif policy == "SCHED_RR":
        milliseconds = support.read_bytes("/proc/sys/kernel/sched_rr_timeslice_ms")
        expect(checks, row, timeslice_ns=int(milliseconds) * 10**6)
    elif policy != "SCHED_IDLE" and \
            b"se.slice" in (support.read_bytes(f"/proc/{row['pid']}/sched") or b""):
        # The kernel tells it of normal and batch tasks only.
        checks.within("columns", f"{spec}: slice", 1, row["timeslice_ns"], 10**9)


def test_scheduling(checks):
    specs = zoo.SCHED if support.IS_ROOT else zoo.SCHED_UNPRIVILEGED
    refused = 0
    for arguments in ([], ["-T"]):
        with support.Target("sched", *arguments, *specs) as target:
            rows = rows_by_tid("-T", "-p", str(target.pid), *(
                str(target[str(i)]) for i in range(len(specs)) if target[str(i)]))
            for number, spec in enumerate(specs):
                tid = target[str(number)]
                if not tid:
                    refused += 1
                    continue
                expect(checks, rows[tid], is_main=not arguments,
                       pid=target.pid if arguments else tid)
                check_spec(checks, rows[tid], spec)
    if refused:
        print(f"# the kernel refused {refused} of {2 * len(specs)} specifications")
        checks.true("columns", refused < len(specs), "nearly all were refused")


def names_of(*numbers):
    return procfs.signal_names(sum(1 << (number - 1) for number in set(numbers)))


def test_signals(checks):
    for words in zoo.SIGNALS:
        with support.Target("signals", *words) as target:
            row = support.row_of(target.pid)
            given = {key: [int(word.partition("=")[2]) for word in words
                           if word.startswith(key + "=")]
                     for key in ("block", "ignore", "catch", "thread", "process", "queue")}
            shared = given["process"] + given["queue"]
            blocked = given["block"]
            expect(checks, row, sig_blocked=names_of(*blocked),
                   sig_pending=names_of(*given["thread"]),
                   sig_shared_pending=names_of(*shared), sig_deliverable=[],
                   sig_blocked_raw=hex(int(str(target["blocked"]), 16)))
            pending = int(row["sig_pending_raw"], 16) | int(row["sig_shared_pending_raw"], 16)
            checks.equal("columns", f"{words}: pending", pending, int(str(target["pending"]), 16))
            for column, numbers in (("sig_ignored", given["ignore"]),
                                    ("sig_caught", given["catch"])):
                checks.true("columns", set(names_of(*numbers)) <= set(row[column]),
                            f"{words}: {column} is {row[column]}")
            others = set(row["sig_caught"]) - set(names_of(*given["catch"]))
            checks.equal("columns", f"{words}: caught besides", others, set())


def test_a_deliverable_signal(checks):
    """A stopped process cannot take a signal that it does not block."""
    with support.Target("state", "stop") as target:
        pid = target["stop"]
        os.kill(pid, signal.SIGUSR1)
        row = support.row_of(pid)
        expect(checks, row, sig_shared_pending=["SIGUSR1"], sig_deliverable=["SIGUSR1"],
               sig_pending=[], state="T", sig_deliverable_raw="0x200")
        expect(checks, row, sig_queue_limit=os_limit(pid))
        checks.true("columns", row["sig_queued"] >= 1, "nothing queued")


def os_limit(pid):
    soft, _ = resource.prlimit(pid, resource.RLIMIT_SIGPENDING)
    return soft


def test_jobs(checks):
    with support.Target("jobs", "leader", "group", "orphan", "pty") as target:
        rows = rows_by_tid()
        leader, group, orphan = (target[key] for key in ("leader", "group", "orphan"))
        expect(checks, rows[leader], sid=leader, pgid=leader, session_leader=True, tty=None,
               tpgid=None, foreground=False, orphaned_pgrp=True)
        expect(checks, rows[group], pgid=group, session_leader=False, orphaned_pgrp=False,
               sid=rows[group]["ppid"], tty=None)
        expect(checks, rows[orphan], pgid=orphan, session_leader=False, orphaned_pgrp=True)
        tty = dict(tty=target["tty"], sid=target["pty"], tpgid=target["pty_fg"])
        expect(checks, rows[target["pty"]], session_leader=True, foreground=False, **tty)
        expect(checks, rows[target["pty_fg"]], session_leader=False, foreground=True,
               pgid=target["pty_fg"], orphaned_pgrp=False, **tty)
        expect(checks, rows[target["pty_bg"]], session_leader=False, foreground=False,
               pgid=target["pty_bg"], orphaned_pgrp=False, **tty)
        checks.equal("columns", "on that terminal",
                     sorted(row["pid"] for row in rows.values() if row["tty"] == target["tty"]),
                     sorted(target[key] for key in ("pty", "pty_fg", "pty_bg")))


RULES = {"daemon": [], "daemon_leader": ["session_leader"], "daemon_tty": ["controlling_terminal"],
         "daemon_cwd": ["cwd"], "daemon_umask": ["umask"], "daemon_fds": ["descriptors"],
         "daemon_closed": ["descriptors"], "daemon_parent": ["parent"]}


def check_daemons(checks, target, rows, extra=()):
    for role, broken in RULES.items():
        row = rows[target[role]]
        broken = [rule for rule in "session_leader controlling_terminal cwd umask descriptors "
                  "parent".split() if rule in broken or rule in extra]
        expect(checks, row, daemon=not broken, daemon_broken=broken)


def test_daemons(checks):
    with support.Target("jobs", *RULES) as target:
        rows = rows_by_tid()
        # Where a subreaper is in the way, orphans are not children of init.
        reaper = rows[rows[target["daemon"]]["ppid"]]
        extra = () if reaper["ns_pids"][-1] == 1 else ("parent",)
        check_daemons(checks, target, rows, extra)
        # The threads of the kernel are not asked.
        for row in rows.values():
            if row["is_kthread"]:
                expect(checks, row, daemon=None, daemon_broken=None, args=None, exe=None)


def test_daemons_of_a_namespace(checks):
    """Their parent is the init of their PID namespace, and not process 1 of ours."""
    support.need_root()
    support.need_program("unshare")
    prefix = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if support.run([*prefix, "true"]).returncode:
        raise support.Skip("no PID namespace can be made")
    with support.Target("jobs", *RULES, prefix=prefix) as target:
        rows = support.rows_of("-o", "all")
        # Inside, the target saw other numbers than we do.
        namespace = next(row["ns_pid"] for row in rows if row["ppid"] == target.process.pid)
        outside = {row["ns_pids"][-1]: row for row in rows if row["ns_pid"] == namespace}
        inner = {role: outside[target[role]] for role in RULES}
        for role, broken in RULES.items():
            expect(checks, inner[role], daemon=not broken, daemon_broken=broken)
            checks.true("columns", inner[role]["pid"] != target[role], "the same number inside")


def user_of(uid):
    rows = support.run(["id", "-nu", str(uid)])
    return rows.stdout.decode().strip() if rows.returncode == 0 else str(uid)


def test_credentials(checks):
    support.need_root()
    expectations = [
        dict(groups=[5, 1000, 100000], umask="0000", rgid=11, egid=12, sgid=13, fsgid=12,
             ruid=1001, euid=1002, suid=1003, fsuid=1002, cap_eff=[], no_new_privs=False),
        dict(ruid=65534, euid=65534, suid=65534, fsuid=65534, no_new_privs=True, seccomp="filter"),
        dict(fsgid=77, fsuid=78, egid=0, euid=0, ruid=0, umask="0077", seccomp="disabled"),
        dict(ruid=9, euid=9, rgid=9, cap_eff=["CAP_NET_BIND_SERVICE", "CAP_NET_ADMIN",
                                              "CAP_NET_RAW"], cap_eff_raw="0x3400",
             cap_inh_raw="0x3400", cap_amb=["CAP_NET_RAW"], cap_amb_raw="0x2000"),
        dict(cap_eff=[], cap_eff_raw="0x0", euid=0),
        dict(umask="0002", euid=0),
        dict(seccomp="strict", euid=0),
    ]
    for words, expected in zip(zoo.CREDENTIALS, expectations, strict=True):
        with support.Target("creds", *words) as target:
            row = support.row_of(target.pid)
            expect(checks, row, **expected)
            checks.equal("columns", f"{words}: user", row["user"], user_of(row["euid"]))
            if "unbound=16" in words:
                checks.true("columns", "CAP_SYS_MODULE" not in row["cap_bnd"], "not dropped")
            # A program that may not be dumped belongs to root in /proc, but not its directory.
            checks.equal("columns", f"{words}: owner", os.stat(f"/proc/{target.pid}").st_uid,
                         row["euid"])


def test_threads_and_their_system_calls(checks):
    names = {"futex": "futex", "read": "read", "poll": "poll", "nanosleep": "nanosleep",
             "epoll": "epoll_wait", "accept": "accept", "sigwait": "rt_sigtimedwait",
             "pause": "pause"}
    with support.Target("threads", *names, "plain:odd\xa0name") as target:
        if support.row_of(target.pid)["syscall"] is None:
            raise support.Skip("the kernel does not tell system calls")
        rows = rows_by_tid("-T", "-p", str(target.pid))
        checks.equal("columns", "threads", len(rows), len(names) + 2)
        for kind, call in names.items():
            tid, number, arguments = target[kind].split(":")
            arguments = ["0x" + word for word in arguments.split(",")]
            expect(checks, rows[int(tid)], comm=kind, syscall=call, syscall_number=int(number, 16),
                   syscall_args=arguments, state="S", pid=target.pid, is_main=False,
                   threads=len(rows), ppid=rows[target.pid]["ppid"], tree_parent=target.pid)
        expect(checks, rows[target.pid], syscall="read", is_main=True, comm="threads")
        checks.equal("columns", "standard input", rows[target.pid]["syscall_args"][0], "0x0")
        odd = int(target["odd\xa0name"].split(":")[0])
        expect(checks, rows[odd], comm="odd\xa0name")
        # As one row: the process.
        row = support.row_of(target.pid)
        expect(checks, row, threads=len(rows), is_main=True, tid=target.pid)


def test_nested_namespaces(checks):
    support.need_root()
    for levels in (1, 2, 4):
        try:
            target = support.Target("nested", str(levels))
        except support.Unexpected as error:
            raise support.Skip("no PID namespace can be made") from error
        with target:
            ids = [int(word) for word in str(target["ids"]).split("+")]
            row = support.row_of(target["inner"])
            expect(checks, row, ns_pids=ids, pid=ids[0])
            ours = support.row_of(os.getpid())
            expect(checks, ours, ns_pids=[os.getpid()])
            for name in ("ns_pid", "ns_net", "ns_uts", "ns_ipc", "ns_mnt"):
                checks.true("columns", row[name] != ours[name], f"the {name} of outside")
                link = os.readlink(f"/proc/{target['inner']}/ns/{name[3:]}")
                expect(checks, row, **{name: int(link.split("[")[1].rstrip("]"))})
            expect(checks, row, ns_user=ours["ns_user"])


def test_ourselves(checks):
    """What this very program knows of itself, from other places than /proc."""
    row = support.row_of(os.getpid())
    expect(checks, row, ppid=os.getppid(), pgid=os.getpgrp(), sid=os.getsid(0),
           ruid=os.getuid(), euid=os.geteuid(), rgid=os.getgid(), egid=os.getegid(),
           nice=os.nice(0), cwd=os.getcwd(), root="/",
           fd_limit=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
           policy="SCHED_OTHER", is_kthread=False, tracer_pid=None)
    checks.equal("columns", "groups", sorted(row["groups"]), sorted(os.getgroups()))
    mask = os.umask(0o022)
    os.umask(mask)
    expect(checks, row, umask=f"{mask:04o}")
    environ = {item.partition("=")[0] for item in row["environ"]}
    checks.true("columns", "INTRO_BIN_DIR" in environ, "the environment lacks INTRO_BIN_DIR")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    checks.within("columns", "utime_s", 0, row["utime_s"], usage.ru_utime + 0.011)
    checks.within("columns", "minflt", 1, row["minflt"], usage.ru_minflt)
    # The kernel raises it now and then, and not by the same count in both places.
    checks.within("columns", "hwm", 1, row["hwm"], usage.ru_maxrss * 1024 * 1.1)
    old = support.row_of(os.getpid())
    with open("/dev/null", "rb"):
        new = support.row_of(os.getpid())
    checks.equal("columns", "one descriptor more", new["fds"], old["fds"] + 1)


def test_descriptors_and_io(checks):
    with support.Target("creds", "umask=027") as target:
        row = support.row_of(target.pid)
        expect(checks, row, umask="0027", fds=len(os.listdir(f"/proc/{target.pid}/fd")))
        before = row["read_chars"], row["read_calls"]
        os.write(target.process.stdin.fileno(), b"x" * 100)
        support.wait_for("the target to read", lambda: support.row_of(target.pid)["read_calls"]
                         != before[1])
        row = support.row_of(target.pid)
        expect(checks, row, read_chars=before[0] + 100, read_calls=before[1] + 1)
        checks.true("columns", stat.S_ISDIR(os.stat(row["cwd"]).st_mode), "cwd is no directory")


if __name__ == "__main__":
    support.main()
