#!/usr/bin/env python3
"""Descriptors as an ordinary user and under hidepid: what may be read is complete; what may not is
no row and explained; and only what the user named is a failure."""

import json
import os

import fd_support
import support

COLUMNS = "pid,slot,fd,kind,name,ino"
ALL = ("--slots", "all")


def errors_of(document, pid):
    return [error for error in document["errors"] if error["pid"] == pid]


def check_whole_listing(checks, document, own, other):
    rows = document["rows"]
    checks.equal("rows", "of another", [row for row in rows if row["pid"] == other.pid], [])
    numbers = {int(number) for number in os.listdir(f"/proc/{own.pid}/fd")}
    mine = {row["fd"] for row in rows if row["pid"] == own.pid and row["slot"] == "fd"}
    checks.equal("rows", "descriptors of our own", mine, numbers)
    slots = {row["slot"] for row in rows if row["pid"] == own.pid}
    checks.equal("rows", "slots of our own", slots, {"fd", "cwd", "root", "exe", "mem"})
    checks.equal("rows", "errors of our own", errors_of(document, own.pid), [])
    errors = errors_of(document, other.pid)
    checks.true("errors", errors, "nothing is said of what is denied")
    for error in errors:
        checks.equal("errors", "errno", error["error"], "EACCES")
        checks.true("errors", error["message"].startswith("cannot read "), error["message"])
    checks.true("errors", any("descriptors" in error["message"] for error in errors),
                f"errors {errors}")


def test_a_listing_of_all(checks):
    """What was not named is no failure."""
    fd_support.need_nobody()
    with support.Target("names") as other, \
            support.Target("names", prefix=fd_support.AS_NOBODY) as own:
        document = fd_support.document_of(*ALL, "-o", COLUMNS, prefix=fd_support.AS_NOBODY)
        check_whole_listing(checks, document, own, other)
        fd_support.fd(prefix=fd_support.AS_NOBODY)
        # With every column, and thereby everything that is read.
        document = fd_support.document_of(*ALL, "-o", "all", prefix=fd_support.AS_NOBODY)
        check_whole_listing(checks, document, own, other)


def test_a_named_process_of_another_user(checks):
    fd_support.need_nobody()
    with support.Target("names") as other, \
            support.Target("names", prefix=fd_support.AS_NOBODY) as own:
        for operand in (str(other.pid), f"{own.pid},{other.pid}"):
            result = support.run([*fd_support.AS_NOBODY, fd_support.FD, "-J", "-o", COLUMNS, "-p",
                                  operand])
            document = json.loads(result.stdout)
            checks.equal("named", f"{operand}: exit status", result.returncode, 1)
            lines = result.stderr.decode().splitlines()
            checks.equal("named", f"{operand}: message", lines[0],
                         f"intro-fd: PID {other.pid}: cannot read descriptors: Permission denied")
            checks.equal("named", f"{operand}: hint", lines[1],
                         "intro-fd: it belongs to root: try as that user or as root")
            checks.true("named", len(lines) <= 3, f"says {lines}")
            checks.true("named", errors_of(document, other.pid), "errors of what was named")
            # The rest is there all the same.
            checks.equal("named", f"{operand}: rows", {row["pid"] for row in document["rows"]},
                         {own.pid} if "," in operand else set())
        result = support.run([*fd_support.AS_NOBODY, fd_support.FD, "-p", str(own.pid)])
        checks.equal("named", "own", (result.returncode, result.stderr), (0, b""))


def test_by_user(checks):
    fd_support.need_nobody()
    with support.Target("names") as other, \
            support.Target("names", prefix=fd_support.AS_NOBODY) as own:
        for prefix in ((), fd_support.AS_NOBODY):
            rows = fd_support.rows_of("-o", "pid,user,uid,slot,fd", "-u", "nobody", prefix=prefix)
            pids = {row["pid"] for row in rows}
            checks.true("users", own.pid in pids and other.pid not in pids, f"pids {pids}")
            checks.equal("users", "users", {(row["user"], row["uid"]) for row in rows},
                         {("nobody", fd_support.NOBODY)})
        by_number = fd_support.rows_of("-o", "pid", "-u", fd_support.NOBODY)
        checks.true("users", own.pid in {row["pid"] for row in by_number}, "by number")
        pids = {row["pid"] for row in fd_support.rows_of("-o", "pid", "-u", "root", stderr=None)}
        checks.true("users", other.pid in pids and own.pid not in pids, "of root")


def test_what_is_denied_of_our_own(checks):
    """A process that may not be dumped: its owner is told the real cause."""
    fd_support.need_nobody()
    ids = "+".join([str(fd_support.NOBODY)] * 3)
    with support.Target("creds", f"gid={ids}", f"uid={ids}", "dumpable=0") as target:
        result = support.run([*fd_support.AS_NOBODY, fd_support.FD, str(target.pid)])
        checks.equal("named", "exit status", result.returncode, 1)
        checks.true("named", b"not dumpable" in result.stderr, f"says {result.stderr!r}")
        checks.true("named", b"Permission denied" in result.stderr, f"says {result.stderr!r}")


def test_a_mapped_file_that_has_lost_its_name(checks):
    """Its owner may look into the process, but not at the file: that is no reason to doubt the
    process. Whoever asks for nothing of the file is told nothing."""
    fd_support.need_nobody()
    with fd_support.target_in_directory("fd_files", prefix=fd_support.AS_NOBODY,
                                        user=fd_support.NOBODY) as (target, directory):
        result = support.run([*fd_support.AS_NOBODY, fd_support.FD, "-J", "-o", "slot,name,ino",
                              "-p", str(target.pid)])
        checks.equal("mapped", "exit status", result.returncode, 1)
        lines = result.stderr.decode().splitlines()
        checks.true("mapped", lines[0].startswith(f"intro-fd: PID {target.pid}: cannot read "),
                    f"says {lines}")
        checks.equal("mapped", "hint", lines[1:], [
            "intro-fd: a mapped file that has lost its name can be reached with "
            "CAP_CHECKPOINT_RESTORE only: try as root"])
        row, = [row for row in json.loads(result.stdout)["rows"]
                if row["name"] == directory + "/mapped_gone"]
        checks.equal("mapped", "what is not known", (row["slot"], row["ino"]), ("mem", None))
        fd_support.fd("-o", "fd,slot,name", "-p", target.pid, prefix=fd_support.AS_NOBODY)
        checks.counts["mapped"] += 1


def test_a_path_that_others_have_open(checks):
    """Who asks who has a file open is told that not all could be asked."""
    fd_support.need_nobody()
    with fd_support.target_in_directory("fd_files") as (_, directory):
        path = os.path.join(directory, "plain")
        found = fd_support.fd("-o", "pid", path)
        checks.true("paths", found, "root finds it")
        result = support.run([*fd_support.AS_NOBODY, fd_support.FD, path])
        checks.equal("paths", "exit status", result.returncode, 1)
        checks.true("paths", b"could not be looked into" in result.stderr,
                    f"says {result.stderr!r}")


# ---- hidepid ----

def under_hidepid(value, command):
    """Runs a command as nobody with /proc mounted anew in a mount namespace of its own."""
    script = f"mount -t proc -o hidepid={value} proc /proc && exec \"$@\""
    return support.run(["unshare", "--mount", "sh", "-c", script, "sh", *fd_support.AS_NOBODY,
                        *map(str, command)])


def need_hidepid():
    fd_support.need_nobody()
    support.need_program("unshare")
    if under_hidepid(2, ["true"]).returncode:
        raise support.Skip("procfs cannot be mounted")


def test_hidepid(checks):
    need_hidepid()
    with support.Target("names") as other, \
            support.Target("names", prefix=fd_support.AS_NOBODY) as own:
        for value in (1, 2):
            result = under_hidepid(value, [fd_support.FD, "-J", "-o", COLUMNS])
            checks.equal("hidepid", f"{value}: exit status", (result.returncode, result.stderr),
                         (0, b""))
            document = json.loads(result.stdout)
            pids = {row["pid"] for row in document["rows"]}
            checks.true("hidepid", own.pid in pids and other.pid not in pids, f"{value}: {pids}")
            numbers = {int(number) for number in os.listdir(f"/proc/{own.pid}/fd")}
            mine = {row["fd"] for row in document["rows"]
                    if row["pid"] == own.pid and row["slot"] == "fd"}
            checks.equal("hidepid", f"{value}: descriptors", mine, numbers)
            checks.equal("hidepid", f"{value}: whether errors are told",
                         bool(errors_of(document, other.pid)), value == 1)
            result = under_hidepid(value, [fd_support.FD, other.pid])
            checks.equal("hidepid", f"{value}: named", result.returncode, 1)
            checks.true("hidepid", b"hidepid" in result.stderr, f"says {result.stderr!r}")


support.main()
