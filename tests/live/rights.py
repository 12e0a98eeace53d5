#!/usr/bin/env python3
"""ctest: timeout=240
As an ordinary user, under hidepid, and in PID namespaces: what may be read is complete, what may
not be is null and explained."""

import json
import os
import re
import shutil
import stat
import sys
import tempfile

import support

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
# What the kernel shows only to who may trace the process.
PRIVATE = {"environ": ["environ"], "exe": ["exe"], "cwd": ["cwd"], "root": ["root"],
           "io": ["read_chars", "write_chars", "read_bytes"], "ns": ["ns_pid", "ns_net"],
           "syscall": ["syscall", "pc", "sp"], "fd": []}
PUBLIC = """pid tid ppid user egroup comm args argv state policy nice priority affinity ruid euid
    umask cap_eff sig_caught threads vsize rss hwm cgroup oom_score fd_limit timeslices started
    io_class reset_on_fork ns_pids sid pgid""".split()


def need_nobody():
    """Another user than root who may run the tools."""
    support.need_root()
    support.need_program("setpriv")
    if support.run([*AS_NOBODY, support.PS, "-V"]).returncode:
        raise support.Skip("the build directory is not open to other users")


def python_for_nobody():
    for program in (sys.executable, "/usr/bin/python3"):
        if support.run([*AS_NOBODY, program, "-c", "0"]).returncode == 0:
            return program
    raise support.Skip("no Python that other users may run")


def errors_by_pid(document):
    errors = {}
    for error in document["errors"]:
        errors.setdefault(error["pid"], {})[error["what"]] = error["error"]
    return errors


def test_own_and_other_processes(checks):
    need_nobody()
    with support.Target("names") as other, \
            support.Target("names", prefix=AS_NOBODY) as own:
        document = support.ps_json("-o", "all", prefix=AS_NOBODY)
        rows = {row["pid"]: row for row in document["rows"]}
        errors = errors_by_pid(document)
        checks.equal("rows", "errors of our own", errors.get(own.pid), None)
        checks.equal("rows", "what is denied of another", set(errors[other.pid]), set(PRIVATE))
        for what, columns in PRIVATE.items():
            checks.true("rows", errors[other.pid][what] in ("EACCES", "EPERM"),
                        f"{what}: {errors[other.pid][what]}")
            for column in columns:
                checks.equal("rows", f"{column} of another", rows[other.pid][column], None)
                if column not in ("pc", "sp"):
                    checks.true("rows", rows[own.pid][column] is not None, f"own {column} is null")
        for column in PUBLIC:
            for pid in (own.pid, other.pid):
                checks.true("rows", rows[pid][column] is not None, f"{column} of {pid} is null")
        checks.equal("rows", "user", rows[own.pid]["euid"], NOBODY)
        # All processes are there: as many as root sees.
        mine = {row["pid"] for row in support.rows_of("-o", "pid")}
        checks.true("rows", len(mine - set(rows)) < len(mine) / 10, "processes are missing")


def test_a_named_process_of_another_user(checks):
    need_nobody()
    with support.Target("names") as other:
        command = [*AS_NOBODY, support.PS, "-o", "pid,comm,exe,cwd", str(other.pid)]
        result = support.run(command)
        checks.equal("named", "exit status", result.returncode, 1)
        lines = result.stderr.decode().splitlines()
        checks.equal("named", "messages", lines, [
            f"intro-ps: PID {other.pid}: cannot read exe: Permission denied",
            "intro-ps: it belongs to root: try as that user or as root",
            f"intro-ps: PID {other.pid}: cannot read cwd: Permission denied"])
        checks.equal("named", "the row", result.stdout.split()[-4:],
                     [str(other.pid).encode(), b"names", b"-", b"-"])
        # By name it is named, too; what needs no rights is no failure; nor is what was not named.
        result = support.run([*AS_NOBODY, support.PS, "-o", "exe", "names"])
        checks.equal("named", "by name", result.returncode, 1)
        support.ps("-o", "pid,comm,state", str(other.pid), prefix=AS_NOBODY)
        support.ps("-o", "pid,exe", prefix=AS_NOBODY)
        support.ps("-o", "pid,exe", "-u", "root", prefix=AS_NOBODY)
        checks.counts["named"] += 3
        # JSON says it in the document, too.
        result = support.run([*AS_NOBODY, support.PS, "-J", "-o", "exe", str(other.pid)])
        checks.equal("named", "exit status with JSON", result.returncode, 1)
        checks.equal("named", "errors", json.loads(result.stdout)["errors"], [
            {"pid": other.pid, "what": "exe", "error": "EACCES",
             "message": "cannot read exe: Permission denied"}])


def test_a_process_that_may_not_be_dumped(checks):
    """Its owner is told the real cause."""
    need_nobody()
    ids = "+".join([str(NOBODY)] * 3)
    with support.Target("creds", f"gid={ids}", f"uid={ids}", "dumpable=0") as target:
        result = support.run([*AS_NOBODY, support.PS, "-o", "pid,user,exe", str(target.pid)])
        checks.equal("named", "exit status", result.returncode, 1)
        checks.equal("named", "row", result.stdout.split()[-3:],
                     [str(target.pid).encode(), b"nobody", b"-"])
        checks.true("named", b"not dumpable" in result.stderr, f"says {result.stderr!r}")


def test_all_columns_as_an_ordinary_user(checks):
    """The comparison with our own reader, both without rights."""
    need_nobody()
    python = python_for_nobody()
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "equality.py")
    result = support.run([*AS_NOBODY, python, program, "test_all_columns_against_our_own_reader"],
                         stderr=None)
    for line in result.stdout.decode().splitlines():
        match = re.fullmatch(r"#   (.+): (\d+) compared", line)
        if match:
            checks.counts[match[1]] += int(match[2])
        elif line.startswith("#"):
            print(line)
    checks.equal("exit", "exit status", result.returncode, 0)


# ---- hidepid ----

def under_hidepid(value, command, who=()):
    """Runs a command with /proc mounted anew in a mount namespace of its own."""
    script = f"mount -t proc -o hidepid={value} proc /proc && exec \"$@\""
    return support.run(["unshare", "--mount", "sh", "-c", script, "sh", *who, *command])


def need_hidepid():
    need_nobody()
    support.need_program("unshare")
    if under_hidepid(2, ["true"]).returncode:
        raise support.Skip("procfs cannot be mounted")


def test_hidepid_1(checks):
    need_hidepid()
    with support.Target("names") as other, support.Target("names", prefix=AS_NOBODY) as own:
        result = under_hidepid(1, [support.PS, "-J", "-o", "all"], AS_NOBODY)
        checks.equal("hidepid=1", "exit status", (result.returncode, result.stderr), (0, b""))
        document = json.loads(result.stdout)
        rows = {row["pid"]: row for row in document["rows"]}
        errors = errors_by_pid(document)
        # Of our own all is told but whether its parent, which is hidden, is an init.
        checks.equal("hidepid=1", "own", (rows[own.pid]["comm"], errors.get(own.pid)),
                     ("names", {"parent": "EPERM"}))
        for column in "comm args state ppid exe nice euid".split():
            expected = 0 if column == "euid" else None  # the directory's owner can be seen
            checks.equal("hidepid=1", f"{column} of another", rows[other.pid][column], expected)
        checks.true("hidepid=1", {"stat", "status", "cmdline"} <= set(errors[other.pid]),
                    f"errors {errors[other.pid]}")
        result = under_hidepid(1, [support.PS, "-o", "pid,args", str(other.pid)], AS_NOBODY)
        checks.equal("hidepid=1", "named", result.returncode, 1)
        lines = result.stderr.decode().splitlines()
        checks.equal("hidepid=1", "hint", [line for line in lines if "cannot read" not in line],
                     ["intro-ps: procfs is mounted with the option hidepid: only its owner and "
                      "root may look"])
        # Threads cannot be listed: the process is there all the same.
        result = under_hidepid(1, [support.PS, "-J", "-T", "-o", "pid,tid,state"], AS_NOBODY)
        threads = {row["tid"]: row for row in json.loads(result.stdout)["rows"]}
        checks.equal("hidepid=1", "as threads", threads[other.pid],
                     {"pid": other.pid, "tid": other.pid, "state": None})


def test_hidepid_2(checks):
    need_hidepid()
    with support.Target("names") as other, support.Target("names", prefix=AS_NOBODY) as own:
        result = under_hidepid(2, [support.PS, "-J", "-o", "pid,comm,exe"], AS_NOBODY)
        checks.equal("hidepid=2", "exit status", (result.returncode, result.stderr), (0, b""))
        document = json.loads(result.stdout)
        pids = {row["pid"] for row in document["rows"]}
        checks.equal("hidepid=2", "own and other", (own.pid in pids, other.pid in pids),
                     (True, False))
        checks.equal("hidepid=2", "errors", document["errors"], [])
        result = under_hidepid(2, [support.PS, str(other.pid)], AS_NOBODY)
        checks.equal("hidepid=2", "named", (result.returncode, result.stderr.splitlines()[0]),
                     (1, b"intro-ps: PID %d: hidden by the mount option hidepid" % other.pid))
        result = under_hidepid(2, [support.PS, "4194303"], AS_NOBODY)
        checks.equal("hidepid=2", "no such process", (result.returncode, result.stderr),
                     (1, b"intro-ps: PID 4194303: no such process\n"))
        result = under_hidepid(2, [support.PS, "-n", "-o", "pid", str(own.pid)], AS_NOBODY)
        checks.equal("hidepid=2", "own named", (result.returncode, result.stdout.strip()),
                     (0, str(own.pid).encode()))


# ---- PID namespaces ----

def test_inside_a_pid_namespace(checks):
    support.need_root()
    support.need_program("unshare")
    inside = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if support.run([*inside, "true"]).returncode:
        raise support.Skip("no PID namespace can be made")
    rows = support.rows_of("-o", "all", prefix=inside)
    checks.equal("inside", "processes", [row["pid"] for row in rows], [1])
    for column, value in dict(ppid=0, ns_pids=[1], comm="intro-ps", policy="SCHED_OTHER",
                              reset_on_fork=False, io_class="none").items():
        checks.equal("inside", column, rows[0][column], value)
    # With a child beside it.
    script = f"{support.TARGETS}/names </dev/zero >/dev/null & exec {support.PS} -J -o pid,ppid,comm"
    result = support.run([*inside, "sh", "-c", script])
    rows = json.loads(result.stdout)["rows"]
    checks.equal("inside", "pids", [row["pid"] for row in rows][:2], [1, 2])
    checks.equal("inside", "parents", [row["ppid"] for row in rows][:2], [0, 1])


def test_proc_of_another_pid_namespace(checks):
    """PIDs in /proc are then not ours: no system call may be asked by them."""
    support.need_root()
    support.need_program("unshare")
    without_mount = ["unshare", "--pid", "--fork", "--kill-child"]
    if support.run([*without_mount, "true"]).returncode:
        raise support.Skip("no PID namespace can be made")
    specs = ["other/nice=5/io=2.3", "fifo/prio=7", "batch/nice=9/cpu=0"]
    with support.Target("sched", *specs) as target:
        pids = ",".join(str(target[str(i)]) for i in range(3))
        options = ["-o", "all", "-p", pids]
        ours = support.rows_of(*options)
        theirs = support.rows_of(*options, prefix=without_mount)
        # Of the clock, and of all processes together.
        clocked = {"elapsed_s", "cpu_percent", "started", "sig_queued", "oom_score"}
        for a, b in zip(ours, theirs, strict=True):
            for column, value in a.items():
                if column in clocked:
                    continue
                if column in ("io_class", "io_level", "reset_on_fork", "sched_flags",
                              "sched_flags_raw"):
                    checks.equal("outside", f"{column} cannot be asked", b[column], None)
                else:
                    checks.equal("outside", column, b[column], value)


# ---- a captured tree ----

def test_a_captured_tree_as_another_user(checks):
    need_nobody()
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        with support.Target("names") as target:
            for pid in ("1", str(target.pid)):
                os.mkdir(f"{directory}/{pid}")
                for name in ("stat", "status", "cmdline"):
                    shutil.copyfile(f"/proc/{target.pid}/{name}", f"{directory}/{pid}/{name}")
        os.chmod(f"{directory}/1/status", 0)
        for name in ("uptime", "stat"):
            shutil.copyfile(f"/proc/{name}", f"{directory}/{name}")
        checks.true("captured", not os.path.exists(f"/proc/{target.pid}"), "it is still there")
        document = support.ps_json("--procfs", directory, "-o", "pid,comm,user,ruid,args,started,exe",
                                   prefix=AS_NOBODY)
        first, second = document["rows"]
        checks.equal("captured", "denied", (first["comm"], first["ruid"]), ("names", None))
        checks.equal("captured", "read", (second["comm"], second["ruid"], second["exe"]),
                     ("names", 0, None))
        checks.equal("captured", "errors", {(e["pid"], e["what"], e["error"])
                                            for e in document["errors"]} -
                     {(1, "owner", "EACCES")}, {(1, "status", "EACCES")})
        checks.true("captured", stat.S_ISDIR(os.stat(directory).st_mode), "the tree is gone")


if __name__ == "__main__":
    support.main()
