#!/usr/bin/env python3
"""ctest: serial timeout=300
Listing while ten thousand processes begin and end: no failure, no message, and no row that mixes
two of them. In a PID namespace of its own the PIDs come round every few hundred processes.
"""

import collections
import json
import os
import re
import select
import subprocess
import sys

import support

FIRST_ID, IDS, NICE = 100000, 50000, 19
OPTIONS = [
    ("-J", "-o", "all"),
    ("-J", "-T", "-o", "all"),
    ("-j", "-o", "pid,tid,comm,euid,ruid,nice,args,started"),
    ("-j", "-T", "-o", "pid,tid,comm,euid,nice,started,ppid"),
    ("-J", "-t", "-o", "pid,tid,ppid,comm,euid,egid,nice,started,args"),
    ("-J", "-T", "-t", "-o", "pid,tid,comm,euid,ruid,fsgid,nice"),
    ("-J", "-Q", "comm like '{tag}.%' and nice >= 0", "-o", "pid,tid,comm,euid,nice,daemon,started"),
    ("-J", "--sort", "comm", "-o", "pid,tid,comm,suid,nice,oom_score,timeslice_ns"),
    ("-J", "--parent", "1", "-o", "pid,tid,comm,euid,args,policy"),
    ("-J", "-u", "root,100001", "-o", "pid,tid,comm,euid"),
]
PLAIN = [("-r",), (), ("-t",), ("-T", "--view", "full")]
# Others may run this test at the same time: only children with our tag are looked at.
TAG = f"f{os.getpid() % 10**4}"
NAME = re.compile(TAG + r"\.(\d+)")


class Rows:
    """What has been seen of each child, over all listings."""

    def __init__(self, checks):
        self.checks = checks
        self.of_number = {}
        self.numbers = set()

    def check(self, row):
        match = NAME.fullmatch(row["comm"])
        if not match:
            return
        number = int(match[1])
        self.numbers.add(number)
        # The name comes last: all else of the child is there before it, or still its parent's.
        uid = FIRST_ID + number % IDS
        who = f"{row['pid']} {row['comm']}"
        for key in "ruid euid suid fsuid rgid egid sgid fsgid".split():
            if row.get(key) is not None:
                self.checks.true("ids", row[key] in (uid, os.getuid()),
                                 f"{who}: {key} is {row[key]}, of another process")
        if row.get("nice") is not None:
            self.checks.equal("nice values", who, row["nice"], number % NICE)
        if row.get("args"):
            self.checks.true("arguments", not NAME.fullmatch(row["args"]) or
                             row["args"] == row["comm"], f"{who}: arguments {row['args']}")
        if row.get("started"):
            place = row["pid"], row["started"]
            known = self.of_number.setdefault(number, place)
            self.checks.equal("starts", who, place[0], known[0])
        if row.get("ppid") is not None and row.get("state") != "Z":
            self.checks.true("parents", row["ppid"] in self.parents, f"{who}: child of {row['ppid']}")

    def document(self, output, ndjson):
        if ndjson:
            rows = [json.loads(line) for line in output.splitlines()]
        else:
            rows = json.loads(output)["rows"]
        seen = collections.Counter((row["pid"], row["tid"]) for row in rows if "tid" in row)
        self.checks.true("rows", rows, "no row at all")
        twice = [key for key, count in seen.items() if count > 1]
        self.checks.equal("rows", "tasks in two rows", twice, [])
        for row in rows:
            self.check(row)
        return len(rows)


def line_of(stream, patience):
    if not select.select([stream], [], [], patience)[0]:
        raise support.Unexpected("the target says nothing")
    return stream.readline().decode().split()


def list_once(checks, rows, options):
    command = [option.replace("{tag}", TAG) for option in options]
    what = " ".join(command)
    result = support.run([support.PS, *command])
    # A selection may find nothing at a bad moment.
    allowed = (0, 1) if "-Q" in options or "-u" in options else (0,)
    checks.true("exit statuses", result.returncode in allowed,
                f"{what}: exit status {result.returncode}")
    checks.equal("messages", what, result.stderr, b"")
    if result.returncode == 0 and options in OPTIONS:
        rows.document(result.stdout, options[0] == "-j")


def list_while_forking(checks, forks, threads):
    """Until each kind of listing has been at work, however slow the machine is."""
    command = [os.path.join(support.TARGETS, "forker"), str(forks), "60", str(threads), TAG]
    every = OPTIONS + PLAIN
    rows = Rows(checks)
    listings = 0
    while listings < len(every) or len(rows.numbers) <= 100:
        rows.of_number.clear()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE) as target:
            checks.equal("target", "ready", line_of(target.stdout, support.PATIENCE)[0], "ready")
            rows.parents = {target.pid, 1, os.getpid()}
            while target.poll() is None:
                list_once(checks, rows, every[listings % len(every)])
                listings += 1
            done = target.stdout.read().decode().split()
            checks.equal("target", "done", done, ["done", f"forks={forks}"])
    checks.counts["children"] += len(rows.numbers)
    print(f"#   {listings} listings, {len(rows.numbers)} of {forks} children seen")


def test_ten_thousand_processes(checks):
    support.need_root()
    list_while_forking(checks, 10000, 0)


def test_processes_with_threads(checks):
    support.need_root()
    list_while_forking(checks, 4000, 2)


def test_pids_used_again(checks):
    """This test runs itself in a namespace of few PIDs."""
    support.need_root()
    support.need_program("unshare")
    inside = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    limit = "echo 450 >/proc/sys/kernel/pid_max && exec \"$@\""
    if support.run([*inside, "sh", "-c", limit, "sh", "true"]).returncode:
        raise support.Skip("the kernel has no limit of PIDs for each namespace")
    result = support.run([*inside, "sh", "-c", limit, "sh", sys.executable, __file__, "--inside"],
                         stderr=None)
    for line in result.stdout.decode().splitlines():
        match = re.fullmatch(r"#   (.+): (\d+) compared", line)
        if match:
            checks.counts[match[1]] += int(match[2])
        elif line.startswith("#"):
            print(line)
    checks.equal("target", "exit status inside", result.returncode, 0)


def test_inside(checks):
    list_while_forking(checks, 6000, 1)


if __name__ == "__main__":
    if sys.argv[1:] == ["--inside"]:
        sys.argv[1:] = []
        support.main(["test_inside"])
    support.main(["test_ten_thousand_processes", "test_processes_with_threads",
                  "test_pids_used_again"])
