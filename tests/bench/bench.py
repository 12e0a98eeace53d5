#!/usr/bin/env python3
"""The benchmark of the listing tools: prints one table, and judges nothing but itself.

A row compares a command of ours with another program that does the same, or with a limit loop: the
barest C program that could do it (limit_*.c). All programs of a row run in turn, one after the
other, round by round, so that whatever else the machine does meets all of them; the figures are
medians. Ratios can be compared between machines, times cannot.

The exit status is 0 whatever the ratios are, and 1 if something could not be run.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HOME = pathlib.Path(__file__).resolve().parents[2]
SOURCE = pathlib.Path(os.environ.get("INTRO_SOURCE_DIR", HOME))
BUILD = pathlib.Path(os.environ.get("INTRO_BUILD_DIR", SOURCE / "build/release"))
BIN = pathlib.Path(os.environ.get("INTRO_BIN_DIR", BUILD / "bin"))
HERE = BUILD / "tests/bench"

FASTER = "faster"      # ours is to be at least `wanted` times as fast
WITHIN = "within"      # ours is to take at most `wanted` times as long

# The columns that lsof prints of each descriptor, and its flags.
LSOF = "comm,pid,user,fd,access,kind,flags,dev,offset,size,ino,name,detail"

AUX = "user,pid,cpu_percent,vsize,rss,tty,state,nice,session_leader,threads,started,time_s,args"


class Contender:
    """One program with its arguments; `loop` means that it prints nothing."""

    def __init__(self, name, argv, loop=False):
        self.name, self.argv, self.loop = name, argv, loop

    def of(self, pids):
        """The same with {big} and the like replaced by the PIDs of the workload."""
        return Contender(self.name, [argument.format(**pids) for argument in self.argv], self.loop)


def intro(arguments):
    return Contender(f"intro {arguments}", [str(BIN / "intro"), *arguments.split()])


def intro_filter(arguments, expression):
    return Contender(f"intro {arguments} -Q '{expression}'",
                     [str(BIN / "intro"), *arguments.split(), "-Q", expression])


def other(command):
    return Contender(re.sub(r"{\w+}", "PID", command), command.split())


def loop(program, what):
    return Contender(what, [str(HERE / program)], loop=True)


# What runs together, first ours; then what it is compared with: kind and ratio, None: only shown.
# `per` says what system calls are counted for.
ROWS = [
    {"ours": intro("ps -r -o pid,ppid,state,comm"), "per": "process", "against": [
        (other("ps -e -o pid,ppid,state,comm"), FASTER, 3.5),
        (loop("limit_stat", "limit: stat"), WITHIN, 1.3),
        (loop("libproc2_pids", "libproc2, no output"), None, None)]},
    {"ours": intro(f"ps -j -o {AUX}"), "label": "intro ps -j -o (columns of ps aux)",
     "per": "process", "against": [
        (other("ps aux"), FASTER, 2.3),
        (loop("limit_aux", "limit: stat, owner, statm, cmdline"), None, None)]},
    {"ours": intro("ps -T -r -o pid,tid,ppid,state,comm"), "per": "thread", "against": [
        (other("ps -eL -o pid,lwp,ppid,state,comm"), FASTER, 4.0),
        (loop("limit_threads", "limit: stat, task/ if threads > 1"), None, None)]},
    {"ours": intro("ps"), "per": "process", "against": [
        (other("ps aux"), FASTER, 1.7),
        (loop("limit_aux", "limit: stat, owner, statm, cmdline"), None, None)]},
    {"ours": intro("ps -p 1"), "per": "run", "against": [
        (other("ps -p 1"), FASTER, 20.0),
        (loop("limit_one", "limit: start, read one stat"), None, None)]},
    {"ours": intro_filter("ps -r -o pid,ppid,state,comm", 'state=="D"'), "per": "process",
     "against": [
        (other("ps -e -o pid,ppid,state,comm"), None, None),
        (loop("limit_stat", "limit: stat"), None, None)]},
    {"ours": intro_filter("ps", 'state=="D"'), "per": "process", "against": [
        (other("ps aux"), None, None)]},
    {"ours": intro("ps --json"), "per": "process", "against": [
        (other("ps aux"), None, None),
        (loop("limit_aux", "limit: stat, owner, statm, cmdline"), None, None)]},
    {"ours": intro("fd -r -o pid,fd,name,kind,access,dev,ino"), "per": "descriptor", "against": [
        (other("lsof -nPw -d 0-99999"), FASTER, 3.5),
        (other("lsfd -Q FD>=0"), FASTER, 5.0),
        (loop("limit_fds", "limit: readlink, lstat, stat of paths"), WITHIN, 1.5)]},
    {"ours": intro(f"fd -r -o {LSOF}"), "label": "intro fd -r -o (with offset, flags, sockets)",
     "per": "descriptor", "against": [
        (other("lsof -nPw"), FASTER, 3.0),
        (loop("limit_fdinfo", "limit: the same and fdinfo"), None, None)]},
    {"ours": intro(f"fd -r --slots all -o {LSOF}"), "label": "the same with --slots all",
     "per": "descriptor", "against": [(other("lsof -nPw"), None, None)]},
    {"ours": intro(f"fd -r -p {{big}} -o {LSOF}"), "label": "intro fd -r, one PID of 2,000",
     "per": "run", "against": [(other("lsof -nPw -p {big}"), FASTER, 4.0)]},
    {"ours": intro("fd --json -p {big}"), "label": "intro fd --json, the same, and other ends",
     "per": "run", "against": [(other("lsof -nPw -p {big}"), None, None),
                               (other("lsof +E -nPw -p {big}"), None, None)]},
    {"ours": intro("fd -p {small}"), "label": "intro fd, one PID of 3", "per": "run", "against": [
        (other("lsof -nPw -p {small}"), FASTER, 20.0)]},
    {"ours": intro("fd"), "label": "intro fd, with other ends", "per": "descriptor", "against": [
        (other("lsof -nPw -d 0-99999"), None, None), (other("lsfd -Q FD>=0"), None, None)]},
]


class Failure(Exception):
    pass


def count_tasks():
    processes = threads = descriptors = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                threads += len(os.listdir(f"/proc/{entry.name}/task"))
                processes += 1
                descriptors += len(os.listdir(f"/proc/{entry.name}/fd"))
    return {"process": processes, "thread": threads, "descriptor": descriptors, "run": 1}


@contextlib.contextmanager
def workload(program):
    """What is listed, for as long as the block runs. Gives what it says: "ready big=812"."""
    with subprocess.Popen([HERE / program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as process:
        try:
            ready, *facts = process.stdout.readline().split() or [""]
            if ready != "ready":
                raise Failure(f"{program} could not be made")
            yield dict(fact.split("=") for fact in facts)
        finally:
            process.stdin.close()
            process.wait()


@contextlib.contextmanager
def workloads(wanted):
    """All of them. Where they are not wanted, we are the process with descriptors."""
    if not wanted:
        yield {"big": str(os.getpid()), "small": str(os.getpid())}
        return
    with workload("workload") as processes, workload("workload_fds") as descriptors:
        yield {**processes, **descriptors}


def measure(argv, output):
    """Runs a command once: wall and CPU time in ms, peak memory in KiB."""
    done = subprocess.run([HERE / "measure", output, *argv], stdout=subprocess.PIPE, text=True,
                          check=False)
    facts = dict(item.split("=") for item in done.stdout.split())
    # 1 is "nothing matched": a filter may well say that, and nothing else.
    good = ("0", "1") if "-Q" in argv else ("0",)
    if done.returncode or facts.get("status") not in good:
        raise Failure(f"{' '.join(argv)}: status {facts.get('status', done.returncode)}")
    return {"ms": int(facts["ns"]) / 1e6, "cpu_ms": int(facts["cpu_ns"]) / 1e6,
            "peak_kib": int(facts["maxrss_kib"])}


def summary(samples):
    ms = [sample["ms"] for sample in samples]
    return {"median_ms": statistics.median(ms), "min_ms": min(ms),
            "cpu_ms": statistics.median(sample["cpu_ms"] for sample in samples),
            "peak_kib": statistics.median(sample["peak_kib"] for sample in samples)}


def system_calls(argv):
    with tempfile.NamedTemporaryFile("r") as counts:
        subprocess.run(["strace", "-f", "-c", "-o", counts.name, *argv], check=False,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        # "100.00    0.000000           0       168        32 total"
        total = re.search(r"^100\.00 .*?(\d+)(?: +\d+)? total$", counts.read(), re.MULTILINE)
    return int(total[1]) if total else None


def instructions(argv):
    with tempfile.NamedTemporaryFile("r") as counts:
        subprocess.run(["valgrind", "--tool=callgrind", "--trace-children=yes", "-q",
                        f"--callgrind-out-file={counts.name}.%p", *argv], check=False,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        totals = []
        for path in pathlib.Path(counts.name).parent.glob(f"{pathlib.Path(counts.name).name}.*"):
            match = re.search(r"^(?:totals|summary): (\d+)", path.read_text(), re.MULTILINE)
            totals += [int(match[1])] if match else []
            path.unlink()
    return sum(totals) or None


def run_row(row, pids, options, tools):
    contenders = [row["ours"], *(against[0] for against in row["against"])]
    contenders = [contender.of(pids) for contender in contenders]
    samples = {contender.name: [] for contender in contenders}
    for number in range(options.rounds + 1):
        for contender in contenders:
            sample = measure(contender.argv, options.output)
            if number > 0:  # the first round only warms up
                samples[contender.name].append(sample)
    tasks = count_tasks()[row["per"]]
    results = []
    for contender in contenders:
        result = {"name": contender.name, "loop": contender.loop,
                  **summary(samples[contender.name])}
        calls = system_calls(contender.argv) if "strace" in tools else None
        result["calls"] = None if calls is None else calls / tasks
        if "valgrind" in tools:
            result["instructions"] = instructions(contender.argv)
        results.append(result)
    return results


def ratios(ours, theirs, kind):
    ratio = theirs["median_ms"] / ours["median_ms"]
    cpu = theirs["cpu_ms"] / ours["cpu_ms"] if ours["cpu_ms"] else 0
    return (1 / ratio, 1 / cpu if cpu else 0) if kind == WITHIN else (ratio, cpu)


def compare(row, results):
    ours = results[0]
    lines = []
    for (contender, kind, wanted), theirs in zip(row["against"], results[1:]):
        ratio, cpu_ratio = ratios(ours, theirs, kind or (WITHIN if contender.loop else FASTER))
        met = None
        if kind == FASTER:
            met = ratio >= wanted
        elif kind == WITHIN:
            met = ratio <= wanted
        memory_met = None if contender.loop else ours["peak_kib"] <= theirs["peak_kib"]
        lines.append({"command": row.get("label", ours["name"]), "against": contender.name,
                      "kind": kind, "wanted": wanted, "ratio": ratio, "cpu_ratio": cpu_ratio,
                      "met": met, "memory_met": memory_met, "per": row["per"],
                      "ours": ours, "theirs": theirs})
    return lines


def verdict(met):
    return "" if met is None else "ok" if met else "below"


def number(value, form):
    return "-" if value is None else format(value, form)


def line_cells(line, first, with_instructions):
    ours, theirs, kind, wanted = line["ours"], line["theirs"], line["kind"], line["wanted"]
    slower = kind == WITHIN or (kind is None and theirs["loop"])
    cells = [line["command"] if first else "", line["against"],
             number(ours["median_ms"], ".2f") if first else "", number(theirs["median_ms"], ".2f"),
             ("takes " if slower else "") + number(line["ratio"], ".2f") + "x",
             number(line["cpu_ratio"], ".2f") + "x",
             "" if kind is None else ("<= " if kind == WITHIN else ">= ") + f"{wanted}x",
             verdict(line["met"]),
             number(ours["calls"], ".2f") if first else "", number(theirs["calls"], ".2f"),
             number(ours["peak_kib"] / 1024, ".1f") if first else "",
             number(theirs["peak_kib"] / 1024, ".1f"),
             {True: "ok", False: "above", None: ""}[line["memory_met"]]]
    if with_instructions:
        for side, shown in ((ours, first), (theirs, True)):
            count = side.get("instructions")
            cells.append("" if not shown else number(count and count / 1e6, ".1f"))
    return cells


def print_table(groups, with_instructions):
    heading = ["COMMAND", "AGAINST", "MS", "MS", "RATIO", "OF CPU", "WANTED", "",
               "CALLS", "CALLS", "MIB", "MIB", ""]
    heading += ["MINSN", "MINSN"] if with_instructions else []
    left = {0, 1, 6, 7, 12}
    table = [heading]
    for lines in groups:
        table += [line_cells(line, i == 0, with_instructions) for i, line in enumerate(lines)]
    widths = [max(len(row[i]) for row in table) for i in range(len(heading))]
    for row in table:
        print("  ".join(cell.ljust(width) if i in left else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text[:78]}", end="", file=sys.stderr, flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0], prog="./dev bench")
    parser.add_argument("--rounds", type=int, default=31, help="runs of each program (31)")
    parser.add_argument("--quick", action="store_true", help="7 rounds, no system calls counted")
    parser.add_argument("--pipe", dest="output", action="store_const", const="pipe", default="null",
                        help="output through a pipe in place of /dev/null")
    parser.add_argument("--only", metavar="TEXT", help="rows whose command has this in it")
    parser.add_argument("--instructions", action="store_true",
                        help="count user-space instructions too (valgrind; takes minutes)")
    parser.add_argument("--no-workload", action="store_true", help="what runs anyway is enough")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    if options.quick:
        options.rounds = min(options.rounds, 7)
    if options.rounds < 1:
        parser.error("at least one round")
    return options


def find_tools(options):
    tools = set()
    for tool, wanted in (("strace", not options.quick), ("valgrind", options.instructions)):
        if wanted and shutil.which(tool):
            tools.add(tool)
        elif wanted:
            print(f"{tool} is not installed: what it counts is left out")
    return tools


def print_report(groups, tasks, options, tools):
    where = "a pipe" if options.output == "pipe" else "/dev/null"
    print(f"{tasks['process']} processes, {tasks['thread']} threads, "
          f"{tasks['descriptor']} descriptors; medians of {options.rounds} "
          f"interleaved runs, output to {where}.\n"
          "Of two columns with one name the left is ours, the right theirs. OF CPU: the ratio of "
          "CPU times, which\na busy machine disturbs less. CALLS: system calls per process, "
          "thread (-T) or\ndescriptor (fd), in all with -p.\nMIB: peak memory.\n")
    print_table(groups, "valgrind" in tools)
    if options.json:
        report = {"processes": tasks["process"], "threads": tasks["thread"],
                  "rounds": options.rounds, "output": options.output,
                  "lines": [line for lines in groups for line in lines]}
        pathlib.Path(options.json).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def main():
    options = parse_options()
    tools = find_tools(options)
    rows = [row for row in ROWS if not options.only or options.only in row["ours"].name]
    groups = []
    with workloads(not options.no_workload) as pids:
        tasks = count_tasks()
        for row in rows:
            progress(f"{row['ours'].name} ...")
            groups.append(compare(row, run_row(row, pids, options, tools)))
    progress("")
    print_report(groups, tasks, options, tools)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"bench: {failure}")
    except OSError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
