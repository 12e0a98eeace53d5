#!/usr/bin/env python3
"""Standard output that fails, is closed, or has no reader; and which files are opened."""

import collections
import os
import re
import subprocess
import tempfile

import support

FORMATS = [(), ("-J",), ("-j",), ("-r",), ("-t",), ("-H",), ("-J", "-H"), ("--help",), ("-V",),
           ("-J", "-T", "-o", "all")]


def test_a_full_device(checks):
    if not os.path.exists("/dev/full"):
        raise support.Skip("there is no /dev/full")
    for options in FORMATS:
        with open("/dev/full", "wb") as full:
            result = support.run([support.PS, *options], stdout=full)
        checks.equal("full", f"{options}: exit status", result.returncode, 3)
        checks.equal("full", f"{options}: message", result.stderr,
                     b"intro-ps: cannot write output: No space left on device\n")


def test_closed_standard_output(checks):
    for options in FORMATS:
        result = support.run(["sh", "-c", 'exec "$0" "$@" >&-', support.PS, *options])
        checks.equal("closed", f"{options}: exit status", result.returncode, 3)
        checks.equal("closed", f"{options}: message", result.stderr,
                     b"intro-ps: cannot write output: Bad file descriptor\n")
    # Whatever is closed, files that are opened do not take its place.
    with tempfile.NamedTemporaryFile() as file:
        script = f'exec "$0" -r -n -o pid 1 <&- 2>&- >{file.name}'
        result = support.run(["sh", "-c", script, support.PS])
        checks.equal("closed", "exit status", result.returncode, 0)
        checks.equal("closed", "output", file.read(), b"1\n")
        result = support.run(["sh", "-c", 'exec "$0" 4194304 <&- >&- 2>&-', support.PS])
        checks.true("closed", result.returncode in (1, 3), f"{result.returncode} with all closed")


def test_a_reader_that_goes_away(checks):
    """No message: that is how `head` ends. No signal either, as nothing is left half done."""
    for options in (("-J", "-T", "-o", "all"), ("-r", "-T", "-o", "all"), ("-T", "--view", "full")):
        reading, writing = os.pipe()
        with subprocess.Popen([support.PS, *options], stdin=subprocess.DEVNULL, stdout=writing,
                              stderr=subprocess.PIPE, env=support.ENVIRONMENT) as process:
            os.close(writing)
            os.close(reading)
            message = process.stderr.read()
            checks.equal("reader", f"{options}: exit status", process.wait(), 3)
            checks.equal("reader", f"{options}: message", message, b"")


def test_slow_and_small_reads(checks):
    """A pipe that is nearly always full gets the same bytes."""
    with support.Target("state", "stop", "zombie") as target:
        options = ["-J", "-o", "pid,ppid,comm,state,args,sig_blocked", str(target["stop"]),
                   str(target["zombie"])]
        whole = support.ps(*options)
        with subprocess.Popen([support.PS, *options], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, env=support.ENVIRONMENT) as process:
            pieces = []
            while piece := os.read(process.stdout.fileno(), 7):
                pieces.append(piece)
        strip = re.compile(rb'"time":"[^"]*"')
        checks.equal("pipe", "bytes", strip.sub(b"", b"".join(pieces)), strip.sub(b"", whole))


# ---- files ----

def opened(options):
    """How often each file of a process was opened or read as a link, by strace."""
    with tempfile.NamedTemporaryFile() as log:
        result = support.run(["strace", "-f", "-o", log.name, "-e",
                              "trace=openat,readlinkat,sched_getattr,sched_getaffinity,"
                              "sched_rr_get_interval,ioprio_get", support.PS, *options])
        if result.returncode:
            raise support.Unexpected(f"{options}: {result.stderr!r}")
        counts = collections.Counter()
        for line in log.read().decode("utf-8", "replace").splitlines():
            match = re.match(r"\d+ +(\w+)\((.*?)\) += (-?\d+|0x)", line)
            if not match:
                continue
            call, arguments = match[1], match[2]
            if call not in ("openat", "readlinkat"):
                counts[call] += 1
                continue
            path = re.search(r'"([^"]*)"', arguments)[1]
            name = re.sub(r"^(/proc/|\./)?(\d+/)?(task/(\d+/?)?)?", "", path)
            if "O_PATH" in arguments and re.fullmatch(r"(/proc/)?\d+/?", path):
                name = "(pin)"
            counts[name] += 1
    return counts


FILES = set("""stat statm status cmdline environ schedstat sched io cgroup limits loginuid sessionid
    oom_score oom_score_adj wchan syscall autogroup attr/current exe cwd root ns/pid ns/net fd/0
    sched_getattr sched_getaffinity sched_rr_get_interval ioprio_get""".split())


def test_only_the_files_that_are_needed(checks):
    support.need_program("strace")
    if support.run(["strace", "-o", "/dev/null", "true"]).returncode:
        raise support.Skip("strace may not trace here")
    if support.SANITIZED:
        raise support.Skip("with sanitizers the leak check traces, too")
    cases = [
        (["-o", "pid"], set()),
        (["-o", "pid,user"], set()),
        (["-o", "pid,ppid,state,comm"], {"stat"}),
        (["-o", "pid,nice,rt_priority,cpu,vsize,tty"], {"stat"}),
        (["-o", "ruid,groups,sig_caught,cap_eff,hwm"], {"status"}),
        (["-J", "-o", "pid,args"], {"cmdline"}),
        (["-o", "exe"], {"exe"}),
        (["-o", "state,fds"], {"stat"}),
        (["-o", "affinity"], {"sched_getaffinity"}),
        (["-o", "reset_on_fork"], {"sched_getattr"}),
        (["-o", "io_class,io_level"], {"ioprio_get"}),
        (["-o", "cgroup,oom_score"], {"cgroup", "oom_score"}),
        (["-o", "ns_pid"], {"ns/pid", "ns/net"}),
        (["-o", "wchan,syscall"], {"wchan", "syscall"}),
        (["-o", "pid", "--sort", "rss"], {"statm"}),
        (["-o", "pid", "--state", "S"], {"stat"}),
        (["-T", "-o", "pid,tid,comm"], {"stat"}),
    ]
    for options, expected in cases:
        counts = opened(options)
        ours = set(counts) & FILES
        checks.equal("sources", f"{options}", ours, expected)
        for name in expected:
            # The kernel's and other rows may come and go; nobody reads anything twice.
            processes = len(support.rows_of("-o", "pid", *(["-T"] if "-T" in options else [])))
            # Of namespaces the first link that is denied tells enough.
            least = processes * 0.5 if support.IS_ROOT or not name.startswith("ns/") else 1
            checks.within("sources", f"{options}: {name}", least, counts[name],
                          processes * (2 if "-T" in options else 1) * 1.3 + 10)


def test_a_filter_reads_the_rest_for_its_rows_only(checks):
    support.need_program("strace")
    if support.run(["strace", "-o", "/dev/null", "true"]).returncode:
        raise support.Skip("strace may not trace here")
    if support.SANITIZED:
        raise support.Skip("with sanitizers the leak check traces, too")
    with support.Target("state", "stop") as target:
        counts = opened(["-o", "pid,exe,sig_caught", "-Q", f"ppid == {target.pid}"])
        checks.equal("filter", "status", counts["status"], 1)
        checks.equal("filter", "exe", counts["exe"], 1)
        checks.true("filter", counts["stat"] > 5, f"{counts['stat']} of stat")
        # A named process costs nothing of the others.
        counts = opened(["-o", "pid,comm,ruid", str(target["stop"])])
        checks.within("named", "stat", 1, counts["stat"], 2)
        checks.within("named", "status", 1, counts["status"], 2)
        counts = opened(["-p", "1", "-o", "pid,comm"])
        checks.within("named", "stat of 1", 1, counts["stat"], 2)


if __name__ == "__main__":
    support.main()
