#!/usr/bin/env python3
"""ctest: timeout=240
Every column of every process and thread against independent readers: our own of /proc and of the
system calls, ps, chrt, taskset, ionice and prlimit, while targets in all known states run.

What is compared was read between two readings of the same facts by the first of these readers.
A task that was not put on a CPU between them cannot have changed itself: all of its values have
to be the same. Of the others, those values are compared that a running task does not change, and
counters have to lie between the two readings. As the rest of the system may change any task at
any time, a difference counts only if it is there again in each of several rounds.
"""

import collections
import os
import re
import shutil
import subprocess

import procfs
import support
import zoo

ROUNDS = 4
# What a task that runs may change, or have changed, without anybody's doing.
RESTLESS = set("""state state_name wchan syscall syscall_number syscall_args sp pc flags_raw cpu
    rss rss_anon rss_file rss_shmem swap vsize data stack text libs page_tables oom_score fds
    threads vruntime_ns sig_pending sig_pending_raw sig_shared_pending sig_shared_pending_raw
    sig_blocked sig_blocked_raw sig_deliverable sig_deliverable_raw sig_queued args argv
    comm foreground tpgid""".split()) | procfs.COUNTERS
# Computed from the clock.
TIMED = {"started", "elapsed_s", "cpu_percent"}
# What ps gets from a source of its own way, or what only names the bits of another column.
NAMES_OF_RAW = {"flags", "sched_flags"}


def is_quiet(before, after, key):
    """Whether this thread was not on a CPU between the two snapshots."""
    a, b = before.threads.get(key), after.threads.get(key)
    if a is None or b is None or before.starts[key] != after.starts[key]:
        return False
    switches = [(row["vol_switches"], row["invol_switches"], row["state"]) for row in (a, b)]
    return switches[0] == switches[1] and a["state"] != b"R"


def quiet_tasks(before, after):
    threads = {key for key in before.threads if is_quiet(before, after, key)}
    by_process = [collections.defaultdict(set), collections.defaultdict(set)]
    for tids, snapshot in zip(by_process, (before, after)):
        for pid, tid in snapshot.threads:
            tids[pid].add(tid)
    processes = {pid for pid, tids in by_process[0].items()
                 if tids == by_process[1][pid] and all((pid, tid) in threads for tid in tids)}
    return processes, threads


def plain(row, column):
    """Our value in the form of the reader: text as bytes."""
    value = row[column]
    if isinstance(value, str):
        return support.bytes_of(row, column)
    if isinstance(value, list) and value and isinstance(value[0], str):
        return support.bytes_of(row, column)
    return value


def same(ours, expected):
    if isinstance(expected, procfs.Denied):
        return ours is None
    if isinstance(expected, float) and ours is not None:
        return abs(ours - expected) < 1e-9
    return ours == expected and isinstance(ours, bool) == isinstance(expected, bool)


def steady(a, b):
    if isinstance(a, procfs.Denied) or isinstance(b, procfs.Denied):
        return isinstance(a, procfs.Denied) and isinstance(b, procfs.Denied)
    return a == b


class Round:
    """One comparison: differences by (task, column), and how many values were looked at."""

    def __init__(self):
        self.differences = {}
        self.counts = collections.Counter()

    def compare(self, kind, key, column, ok, message):
        self.counts[kind] += 1
        if not ok:
            self.differences[(kind, key, column)] = message

    def task(self, kind, key, row, before, after, quiet):
        tag = "exact" if quiet else "bounded"
        for column, a in before.items():
            if column.startswith("_"):
                continue
            b, ours = after[column], plain(row, column)
            if steady(a, b) and (quiet or column not in RESTLESS):
                expected = f"denied ({a.what})" if isinstance(a, procfs.Denied) else repr(a)
                self.compare(f"{kind}, {tag}", key, column, same(ours, a),
                             f"{kind} {key}: {column} is {ours!r} in place of {expected}")
            elif column in procfs.COUNTERS and not isinstance(a, (procfs.Denied, type(None))) \
                    and not isinstance(b, (procfs.Denied, type(None))):
                self.compare(f"{kind}, {tag}", key, column,
                             ours is not None and a - 1e-9 <= ours <= b + 1e-9,
                             f"{kind} {key}: {column} is {ours!r}, not from {a!r} to {b!r}")

    def times(self, kind, key, row, before, after, start):
        started = procfs.parse_time(row["started"])
        expected = procfs.time_of_start(start)
        self.compare(f"{kind}, times", key, "started", abs(started - expected) < 30 * 10**6,
                     f"{kind} {key}: started {row['started']}, {started - expected} ns off")
        low = max(0.0, before.uptime / 1e9 - start / procfs.HZ)
        high = max(0.0, after.uptime_after / 1e9 - start / procfs.HZ)
        self.compare(f"{kind}, times", key, "elapsed_s",
                     low - 0.006 <= row["elapsed_s"] <= high + 0.006,
                     f"{kind} {key}: elapsed_s {row['elapsed_s']}, not from {low} to {high}")
        if row["elapsed_s"] > 1:
            expected = 100 * row["time_s"] / row["elapsed_s"]
            self.compare(f"{kind}, times", key, "cpu_percent",
                         abs(row["cpu_percent"] - expected) <= 0.051 + expected / 100,
                         f"{kind} {key}: cpu_percent {row['cpu_percent']}, not {expected}")

    def errors(self, pid, ours, before, after):
        denied = [{value.what for value in row.values() if isinstance(value, procfs.Denied)}
                  for row in (before, after)]
        if denied[0] == denied[1]:
            # The tool reads the descriptors for two purposes and says it once.
            self.compare("errors", pid, "errors", ours == denied[0],
                         f"process {pid}: errors {sorted(ours)} in place of {sorted(denied[0])}")


def all_columns():
    return [row["name"] for row in support.rows_of("-H")]


def repeat(checks, compare):
    """Rounds until nothing differs in all of them; the counts are of the first one."""
    first = None
    persistent = None
    for _ in range(ROUNDS):
        round_ = Round()
        compare(round_)
        first = first or round_
        found = set(round_.differences)
        persistent = found if persistent is None else persistent & found
        if not persistent:
            break
    for kind, count in first.counts.items():
        checks.counts[kind] += count
    for place in sorted(persistent, key=str):
        checks.fail(round_.differences[place])


def test_all_columns_against_our_own_reader(checks):
    columns = all_columns()

    def compare(round_):
        before = procfs.Snapshot()
        document = support.ps_json("-o", "all")
        threads = support.ps_json("-T", "-o", "all")
        after = procfs.Snapshot()
        quiet_processes, quiet_threads = quiet_tasks(before, after)
        errors = collections.defaultdict(set)
        for error in document["errors"]:
            errors[error["pid"]].add(error["what"])
        lists = [("process", document["rows"], before.processes, after.processes, quiet_processes,
                  lambda row: row["pid"]),
                 ("thread", threads["rows"], before.threads, after.threads, quiet_threads,
                  lambda row: (row["pid"], row["tid"]))]
        for kind, rows, old, new, quiet, key_of in lists:
            ours = {key_of(row): row for row in rows}
            round_.compare(f"{kind} rows", 0, "unique", len(ours) == len(rows), f"{kind} twice")
            there = [key for key in old if key in new and before.starts[key] == after.starts[key]]
            for key in there:
                row = ours.get(key)
                round_.compare(f"{kind} rows", key, "row", row is not None, f"no row of {key}")
                if row is None:
                    continue
                round_.task(kind, key, row, old[key], new[key], key in quiet)
                round_.times(kind, key, row, before, after, before.starts[key])
                if kind == "process":
                    round_.errors(key, errors[key], old[key], new[key])
            # Nothing is listed that never was.
            for key in ours:
                round_.compare(f"{kind} rows", key, "origin",
                               key in old or key in new or not os.path.exists(
                                   f"/proc/{key if kind == 'process' else key[0]}"),
                               f"{kind} {key} came from nowhere")
            # Every column has an expectation, so that a new one cannot be forgotten here.
            some = old[there[0]]
            missing = set(columns) - set(some) - TIMED - NAMES_OF_RAW
            round_.compare("columns", kind, "known", not missing, f"not compared: {missing}")

    with zoo.everything() as targets:
        repeat(checks, compare)
        checks.counts["targets"] += len(targets)


# ---- ps ----

def hexadecimal(mask):
    return f"{int(mask, 16):016x}"


def stat_word(row):
    return (row["state"] + ("<" if row["nice"] < 0 else "N" if row["nice"] > 0 else "") +
            ("L" if row["locked"] else "") + ("s" if row["session_leader"] else "") +
            ("l" if row["threads"] > 1 else "") + ("+" if row["foreground"] else ""))


CLASSES = {"SCHED_OTHER": "TS", "SCHED_FIFO": "FF", "SCHED_RR": "RR", "SCHED_BATCH": "B",
           "SCHED_IDLE": "IDL", "SCHED_DEADLINE": "DLN"}


def dash(value):
    return "-" if value is None else str(value)


# Fields of ps (whose words hold no spaces), and how our row says the same; the columns that it
# is made of decide whether it may be compared.
PS_FIELDS = [
    ("pid", ["pid"], lambda row: row["pid"]),
    ("ppid", ["ppid"], lambda row: row["ppid"]),
    ("tgid", ["tgid"], lambda row: row["tgid"]),
    ("pgid", ["pgid"], lambda row: row["pgid"]),
    ("sid", ["sid"], lambda row: row["sid"]),
    ("tty", ["tty"], lambda row: row["tty"] or "?"),
    ("tpgid", ["tpgid"], lambda row: -1 if row["tpgid"] is None else row["tpgid"]),
    ("s", ["state"], lambda row: row["state"]),
    ("stat", ["state", "nice", "locked", "session_leader", "threads", "foreground"], stat_word),
    ("ni", ["nice", "policy"],
     lambda row: row["nice"] if row["policy"] in ("SCHED_OTHER", "SCHED_BATCH") else "-"),
    ("pri", ["priority"], lambda row: 39 - row["priority"]),
    ("priority", ["priority"], lambda row: row["priority"]),
    ("cls", ["policy"], lambda row: CLASSES[row["policy"]]),
    ("rtprio", ["rt_priority", "policy"],
     lambda row: "-" if row["policy"] == "SCHED_OTHER" else row["rt_priority"] or 0),
    ("psr", ["cpu"], lambda row: row["cpu"]),
    ("nlwp", ["threads"], lambda row: row["threads"]),
    ("vsz", ["vsize"], lambda row: row["vsize"] // 1024),
    ("euser:40", ["user"], lambda row: row["user"]),
    ("egroup:40", ["egroup"], lambda row: row["egroup"]),
    ("ruid", ["ruid"], lambda row: row["ruid"]),
    ("euid", ["euid"], lambda row: row["euid"]),
    ("suid", ["suid"], lambda row: row["suid"]),
    ("fsuid", ["fsuid"], lambda row: row["fsuid"]),
    ("rgid", ["rgid"], lambda row: row["rgid"]),
    ("egid", ["egid"], lambda row: row["egid"]),
    ("sgid", ["sgid"], lambda row: row["sgid"]),
    ("fsgid", ["fsgid"], lambda row: row["fsgid"]),
    ("supgid:200", ["groups"], lambda row: ",".join(map(str, row["groups"])) or "-"),
    ("pending", ["sig_shared_pending"], lambda row: hexadecimal(row["sig_shared_pending_raw"])),
    ("tsig", ["sig_pending"], lambda row: hexadecimal(row["sig_pending_raw"])),
    ("blocked", ["sig_blocked"], lambda row: hexadecimal(row["sig_blocked_raw"])),
    ("ignored", ["sig_ignored"], lambda row: hexadecimal(row["sig_ignored_raw"])),
    ("caught", ["sig_caught"], lambda row: hexadecimal(row["sig_caught_raw"])),
    ("oom", ["oom_score"], lambda row: row["oom_score"]),
    ("oomadj", ["oom_score_adj"], lambda row: row["oom_score_adj"]),
    ("luid", ["loginuid"], lambda row: dash(row["loginuid"])),
    ("netns", ["ns_net"], lambda row: dash(row["ns_net"])),
    ("pidns", ["ns_pid"], lambda row: dash(row["ns_pid"])),
    ("mntns", ["ns_mnt"], lambda row: dash(row["ns_mnt"])),
    ("userns", ["ns_user"], lambda row: dash(row["ns_user"])),
    ("ipcns", ["ns_ipc"], lambda row: dash(row["ns_ipc"])),
    ("utsns", ["ns_uts"], lambda row: dash(row["ns_uts"])),
    ("cgroupns", ["ns_cgroup"], lambda row: dash(row["ns_cgroup"])),
    ("timens", ["ns_time"], lambda row: dash(row["ns_time"])),
    ("wchan:60", ["wchan"], lambda row: (row["wchan"] or "-").lstrip("_.")),
    ("rss", ["rss"], lambda row: row["rss"] // 1024),
    ("min_flt", ["minflt"], lambda row: row["minflt"]),
    ("maj_flt", ["majflt"], lambda row: row["majflt"]),
    ("cputimes", ["time_s"], lambda row: int(row["time_s"] + 1e-6)),
    ("rchars", ["read_chars"], lambda row: dash(row["read_chars"])),
    ("wchars", ["write_chars"], lambda row: dash(row["write_chars"])),
    ("rops", ["read_calls"], lambda row: dash(row["read_calls"])),
    ("wops", ["write_calls"], lambda row: dash(row["write_calls"])),
]

# In the line of a main thread ps shows these of the whole process.
TOTALS_OF_PS = {"cputimes", "min_flt", "maj_flt", "rchars", "wchars", "rops", "wops"}


def known_to_ps():
    fields = {line.split()[0] for line in
              subprocess.run(["ps", "L"], stdout=subprocess.PIPE, text=True, check=True)
              .stdout.splitlines() if line.strip()}
    return [field for field in PS_FIELDS if field[0].partition(":")[0] in fields]


def read_ps(fields, threads):
    """{key: {field: word}} of all processes or threads, or None where a line cannot be split."""
    command = ["ps", "-eLww" if threads else "-eww", "-o", "lwp=", "-o", "etimes="]
    for name, _, _ in fields:
        command += ["-o", name + "="]
    result = support.run(command)
    rows = {}
    for line in result.stdout.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) != len(fields) + 2:
            continue  # ps leaves fields empty of a task that ends while it is read
        values = dict(zip([name for name, _, _ in fields], words[2:]))
        values["etimes"] = int(words[1])
        key = (int(values["pid"]), int(words[0])) if threads else int(values["pid"])
        rows[key] = values
    if len(rows) < 3:
        raise support.Unexpected(f"ps printed too little: {result.stdout[:300]}")
    return rows


def compare_with_ps(round_, kind, theirs, ours, old, new, quiet, fields, duration):
    for key, row in ours.items():
        if key not in theirs or key not in old or key not in new:
            continue
        for name, columns, convert in fields:
            if not all(steady(old[key][c], new[key][c]) for c in columns):
                continue
            if key not in quiet and any(c in RESTLESS for c in columns):
                continue
            # Where something is denied, ps has all kinds of words for it.
            if any(isinstance(old[key][c], procfs.Denied) for c in columns):
                continue
            if kind == "thread" and key[0] == key[1] and name in TOTALS_OF_PS:
                continue
            mine = str(convert(row))
            round_.compare(f"{kind} fields of ps", key, name, mine == theirs[key][name],
                           f"{kind} {key}: {name} is {mine!r}, but to ps {theirs[key][name]!r}")
        elapsed = theirs[key]["etimes"]
        round_.compare(f"{kind} fields of ps", key, "etimes",
                       row["elapsed_s"] - 1.1 <= elapsed <= row["elapsed_s"] + duration + 1.1,
                       f"{kind} {key}: elapsed {row['elapsed_s']}, but to ps {elapsed}")


def test_ps_says_the_same(checks):
    support.need_program("ps")
    fields = known_to_ps()

    def compare(round_):
        before = procfs.Snapshot()
        rows = support.rows_of("-o", "all")
        threads = support.rows_of("-T", "-o", "all")
        ps_rows, ps_threads = read_ps(fields, False), read_ps(fields, True)
        after = procfs.Snapshot()
        quiet_processes, quiet_threads = quiet_tasks(before, after)
        duration = (after.uptime_after - before.uptime) / 1e9
        compare_with_ps(round_, "process", ps_rows, {row["pid"]: row for row in rows},
                        before.processes, after.processes, quiet_processes, fields, duration)
        compare_with_ps(round_, "thread", ps_threads,
                        {(row["pid"], row["tid"]): row for row in threads},
                        before.threads, after.threads, quiet_threads, fields, duration)

    with zoo.everything():
        repeat(checks, compare)
    checks.equal("fields of ps", "number of fields", len(fields) > 40, True)


def test_names_are_those_of_ps(checks):
    """comm and arguments, where ps does not change their bytes."""
    harmless = re.compile(r"[!-~]+( [!-~]+)*")

    def compare(round_):
        rows = support.rows_of("-o", "pid,comm,args")
        text = {}
        for field in ("comm", "args"):
            lines = support.run(["ps", "-eww", "-o", f"pid=,{field}="]).stdout
            for line in lines.decode("utf-8", "replace").splitlines():
                pid, _, value = line.strip().partition(" ")
                if pid.isdigit():
                    text[(int(pid), field)] = value
        # A worker of the kernel shows in its name what it is at.
        later = {row["pid"]: row for row in support.rows_of("-o", "pid,comm,args")}
        for row in rows:
            if later.get(row["pid"]) != row:
                continue
            for field in ("comm", "args"):
                value, theirs = row[field], text.get((row["pid"], field))
                if value is None or theirs is None or not harmless.fullmatch(value):
                    continue
                theirs = theirs.removesuffix(" <defunct>")
                round_.compare("names", row["pid"], field, value == theirs,
                               f"{row['pid']}: {field} is {value!r}, but to ps {theirs!r}")

    with zoo.everything():
        repeat(checks, compare)


# ---- chrt, taskset, ionice, prlimit ----

def tool_output(*command):
    result = support.run(list(command))
    return result.stdout.decode() if result.returncode == 0 else None


def of_chrt(tid):
    text = tool_output("chrt", "-p", str(tid))
    if text is None:
        return None
    policy, _, reset = re.search(r"policy: (\w+)(\|(\w+))?", text).groups()
    numbers = re.search(r"runtime/deadline/period parameters: (\d+)/(\d+)/(\d+)", text)
    priority = int(re.search(r"priority: (\d+)", text)[1])
    return {"policy": policy, "reset_on_fork": reset is not None,
            "rt_priority": priority or None,
            "runtime_ns": int(numbers[1]) if numbers else None,
            "deadline_ns": int(numbers[2]) if numbers else None,
            "period_ns": int(numbers[3]) if numbers else None}


def of_taskset(tid):
    text = tool_output("taskset", "-cp", str(tid))
    if text is None:
        return None
    cpus = set()
    for part in text.split(":")[1].strip().split(","):
        first, _, last = part.partition("-")
        cpus |= set(range(int(first), int(last or first) + 1))
    return {"affinity": procfs.cpu_list(cpus)}


def of_ionice(tid):
    text = tool_output("ionice", "-p", str(tid))
    if text is None:
        return None
    word, _, level = text.strip().partition(": prio ")
    # ionice prints no level for the class idle.
    return {"io_class": word, **({"io_level": int(level)} if level else {})}


def of_prlimit(pid):
    text = tool_output("prlimit", "-p", str(pid), "--nofile", "--noheadings", "-o", "SOFT")
    if text is None:
        return None
    return {"fd_limit": None if text.strip() == "unlimited" else int(text)}


def test_chrt_taskset_ionice_prlimit_say_the_same(checks):
    sources = [(name, ask) for name, ask in
               (("chrt", of_chrt), ("taskset", of_taskset), ("ionice", of_ionice),
                ("prlimit", of_prlimit)) if shutil.which(name)]
    if not sources:
        raise support.Skip("none of chrt, taskset, ionice, prlimit is installed")

    def compare(round_, targets):
        """The targets, their children, and some others: each answer is a process of its own."""
        of_targets = {target.pid for target in targets.values()}
        rows = support.rows_of("-T", "-o", "all")
        ours = [row for row in rows if of_targets & {row["pid"], row["ppid"]}]
        rows = ours + [row for row in rows if row["is_main"] and row not in ours][:60]
        answers = [(row, name, ask(row["tid"])) for row in rows for name, ask in sources]
        again = {row["tid"]: row for row in support.rows_of("-T", "-o", "all")}
        for row, name, answer in answers:
            later = again.get(row["tid"])
            if answer is None or later is None or later["started"] != row["started"]:
                continue
            for column, theirs in answer.items():
                if row[column] != later[column]:
                    continue
                if name == "prlimit" and row["fd_limit"] is None:
                    continue  # not ours to read
                round_.compare(name, row["tid"], column, row[column] == theirs,
                               f"{row['tid']}: {column} is {row[column]!r}, but to {name} {theirs!r}")

    with zoo.everything() as targets:
        repeat(checks, lambda round_: compare(round_, targets))
    for name, _ in sources:
        checks.true("tools", checks.counts[name] > 20, f"{name} compared only {checks.counts[name]}")


if __name__ == "__main__":
    support.main()
