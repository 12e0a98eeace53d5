"""An independent reader of /proc and of the scheduling system calls, for comparison.

It knows nothing of the tools but the names of their columns. read(pid, tid) gives a dictionary
of what each column has to be at that moment; a snapshot reads all processes and threads.
"""

import collections
import ctypes
import datetime
import errno
import grp
import os
import pwd
import re
import signal
import stat as stat_module
import struct
import time

libc = ctypes.CDLL(None, use_errno=True)
SYS_sched_rr_get_interval, SYS_ioprio_get, SYS_sched_getattr = 148, 252, 315
SYS_accept, SYS_accept4 = 43, 288
HZ = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PF_KTHREAD = 0x00200000

POLICIES = {0: "SCHED_OTHER", 1: "SCHED_FIFO", 2: "SCHED_RR", 3: "SCHED_BATCH", 5: "SCHED_IDLE",
            6: "SCHED_DEADLINE", 7: "SCHED_EXT"}
STATES = {"R": "running", "S": "sleeping", "D": "disk sleep", "T": "stopped", "t": "tracing stop",
          "X": "dead", "Z": "zombie", "P": "parked", "I": "idle"}
IO_CLASSES = ["none", "realtime", "best-effort", "idle"]
SECCOMP = ["disabled", "strict", "filter"]


def header_constants(path, pattern):
    """Numbers and names from one of the system's headers."""
    try:
        with open(path, encoding="utf-8") as file:
            return {int(number): name for name, number in re.findall(pattern, file.read(), re.M)}
    except OSError:
        return {}


CAPABILITIES = header_constants("/usr/include/linux/capability.h",
                                r"^#define (CAP_\w+)\s+(\d+)\s*$")
SYSCALLS = next(filter(None, (header_constants(f"/usr/include/{d}asm/unistd_64.h",
                                               r"^#define __NR_(\w+)\s+(\d+)\s*$")
                              for d in ("x86_64-linux-gnu/", ""))), {})


class Denied:
    """In place of a value: it cannot be read, for this reason."""

    def __init__(self, what, error):
        self.what, self.error = what, error


def signal_names(mask):
    names = []
    for number in range(1, 65):
        if mask >> (number - 1) & 1:
            if number >= 34:
                names.append("SIGRTMIN" + (f"+{number - 34}" if number > 34 else ""))
            elif number >= 32:
                names.append(f"SIG{number}")
            else:
                names.append(signal.Signals(number).name)
    return names


def capability_names(mask):
    return [CAPABILITIES.get(bit, str(bit)) for bit in range(64) if mask >> bit & 1]


def cpu_list(cpus):
    ranges = []
    for cpu in sorted(cpus):
        if ranges and ranges[-1][1] == cpu - 1:
            ranges[-1][1] = cpu
        else:
            ranges.append([cpu, cpu])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in ranges)


def system_call(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def sched_attr(tid):
    buffer = ctypes.create_string_buffer(56)
    system_call(SYS_sched_getattr, tid, buffer, 56, 0)
    names = "size policy flags nice priority runtime deadline period util_min util_max"
    return dict(zip(names.split(), struct.unpack("<IIQiIQQQII", buffer.raw)))


def rr_interval(tid):
    buffer = ctypes.create_string_buffer(16)
    system_call(SYS_sched_rr_get_interval, tid, buffer)
    seconds, nanoseconds = struct.unpack("<qq", buffer.raw)
    return seconds * 10**9 + nanoseconds


def terminals():
    """Names of terminals by device number."""
    names = {}
    for directory in ("/dev", "/dev/pts"):
        try:
            entries = list(os.scandir(directory))
        except OSError:
            continue
        for entry in entries:
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat_module.S_ISCHR(info.st_mode) and entry.name not in ("tty", "ptmx"):
                names.setdefault((os.major(info.st_rdev), os.minor(info.st_rdev)),
                                 entry.path[len("/dev/"):])
    return names


def split_stat(text):
    """Fields by their numbers in proc(5); field 2 is the name, in bytes."""
    start, end = text.index(b"("), text.rindex(b")")
    fields = [None, int(text[:start]), text[start + 1:end]]
    return fields + text[end + 2:].split()


def parse_status(text):
    lines = {}
    for line in text.decode("utf-8", "surrogateescape").split("\n"):
        key, colon, value = line.partition(":")
        if colon and key not in lines:
            lines[key] = value.strip()
    return lines


class Files:
    """The files of one task, each read once."""

    def __init__(self, base):
        self.base = base
        self.cache = {}

    def get(self, name, reader):
        if name not in self.cache:
            try:
                self.cache[name] = reader(f"{self.base}/{name}")
            except OSError as error:
                self.cache[name] = error
        if isinstance(self.cache[name], OSError):
            raise self.cache[name]
        return self.cache[name]

    def text(self, name):
        return self.get(name, read_all)

    def link(self, name):
        return self.get(name, lambda path: os.readlink(path.encode()))


def read_all(path):
    with open(path, "rb", buffering=0) as file:
        return file.readall()


class Reader:
    """Computes the columns of one task. `process`: the record stands for all of its threads."""

    def __init__(self, pid, tid=None):
        self.pid, self.tid = pid, tid or pid
        self.files = Files(f"/proc/{pid}" if tid is None else f"/proc/{pid}/task/{tid}")
        self.stat = split_stat(self.files.text("stat"))
        self.row = {}
        self.slice = None  # exactly, of a normal task
        self.counted = False  # the kernel counted the descriptors

    def put(self, what, columns, compute):
        """Columns that come from one source: all of them are denied together."""
        try:
            values = compute()
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ESRCH):
                values = [None] * len(columns)  # there is nothing to be read
            else:
                values = [Denied(what, error.errno)] * len(columns)
        if values is None:
            values = [None] * len(columns)
        for column, value in zip(columns, values, strict=True):
            self.row[column] = value

    def number(self, field):
        return int(self.stat[field])

    def read(self):
        self.put("stat", STAT_COLUMNS, self.of_stat)
        self.put("statm", ["rss"], lambda: [int(self.files.text("statm").split()[1]) * PAGE])
        self.put("owner", ["user", "egroup", "euid", "egid"], self.of_owner)
        self.put("status", STATUS_COLUMNS, self.of_status)
        self.put("cmdline", ["args", "argv"], self.of_cmdline)
        self.put("environ", ["environ"], self.of_environ)
        for name in ("exe", "cwd", "root"):
            self.put(name, [name], lambda name=name: [self.files.link(name)])
        self.put("wchan", ["wchan"], self.of_wchan)
        self.put("syscall", ["syscall", "syscall_number", "syscall_args", "sp", "pc"],
                 self.of_syscall)
        self.put("io", IO_COLUMNS, self.of_io)
        self.put("schedstat", ["run_ns", "wait_ns", "timeslices"],
                 lambda: [int(word) for word in self.files.text("schedstat").split()])
        self.put("sched", ["migrations", "vruntime_ns"], self.of_sched)
        self.put("cgroup", ["cgroup"], self.of_cgroup)
        self.put("limits", ["fd_limit"], self.of_limits)
        for name in ("loginuid", "sessionid"):
            self.put(name, [name], lambda name=name: [self.of_login(name)])
        for name in ("oom_score", "oom_score_adj"):
            self.put(name, [name], lambda name=name: [int(self.files.text(name))])
        self.put("autogroup", ["autogroup", "autogroup_nice"], self.of_autogroup)
        self.put("attr/current", ["label"], self.of_label)
        self.put("ns", NS_COLUMNS, self.of_namespaces)
        self.put("fd", ["fds"], self.of_directory)
        self.put("fd", ["_on_null"], self.of_descriptors)
        self.put("sched_getattr", ATTR_COLUMNS, self.of_attr)
        self.put("sched_getaffinity", ["affinity"],
                 lambda: [cpu_list(os.sched_getaffinity(self.tid)).encode()])
        self.put("sched_rr_get_interval", ["timeslice_ns"],
                 lambda: [self.slice or rr_interval(self.tid) or None])
        self.put("ioprio_get", ["io_class", "io_level"], self.of_ioprio)
        self.row["_counted"] = self.counted
        return self.row

    def of_stat(self):
        s, policy = self.stat, self.number(41)
        is_kthread = bool(self.number(9) & PF_KTHREAD)
        tty, terminal = self.number(7) & 0xffffffff, None
        if tty:
            device = (tty >> 8 & 0xfff, tty & 0xff | tty >> 12 & 0xfff00)
            terminal = terminals().get(device, "%d:%d" % device).encode()
        realtime = policy in (1, 2, 6)
        if policy == 6:
            sched_class = "dl"
        elif realtime:
            stopper = is_kthread and s[2].startswith(b"migration/") and self.number(40) == 99
            sched_class = "stop" if stopper else "rt"
        else:
            sched_class = "fair"
        has_terminal = tty != 0
        return [
            self.pid, self.tid, self.pid, self.pid == self.tid, self.number(4),
            self.number(4) if self.pid == self.tid else self.pid,
            s[2], s[3], STATES[s[3].decode()].encode(), is_kthread, hex(self.number(9)).encode(),
            self.number(5), self.number(6), terminal,
            self.number(8) if has_terminal and self.number(8) > 0 else None,
            has_terminal and self.number(8) == self.number(5),
            self.number(6) == self.pid,
            POLICIES[policy].encode(), sched_class.encode(), self.number(19), self.number(18),
            None if realtime else 120 + self.number(19), self.number(40) or None,
            self.number(39), self.number(20), self.number(23),
            self.number(10), self.number(12),
            self.number(14) / HZ, self.number(15) / HZ, (self.number(14) + self.number(15)) / HZ,
        ]

    def of_owner(self):
        status = parse_status(self.files.text("status"))
        euid, egid = int(status["Uid"].split()[1]), int(status["Gid"].split()[1])
        try:
            user = pwd.getpwuid(euid).pw_name
        except KeyError:
            user = str(euid)
        try:
            group = grp.getgrgid(egid).gr_name
        except KeyError:
            group = str(egid)
        return [user.encode(), group.encode(), euid, egid]

    def of_status(self):
        status = parse_status(self.files.text("status"))

        def optional(key, convert):
            return convert(status[key]) if key in status else None

        def kilobytes(value):
            number, unit = value.split()
            assert unit == "kB"
            return int(number) * 1024

        uid, gid = (list(map(int, status[key].split())) for key in ("Uid", "Gid"))
        masks = {key: int(status[key], 16) for key in
                 ("SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt")}
        deliverable = (masks["SigPnd"] | masks["ShdPnd"]) & ~masks["SigBlk"]
        queued, limit = map(int, status["SigQ"].split("/"))
        values = [uid[0], uid[2], uid[3], gid[0], gid[2], gid[3],
                  list(map(int, status["Groups"].split())),
                  optional("Umask", lambda text: text.encode()),
                  status["NoNewPrivs"] == "1", SECCOMP[int(status["Seccomp"])].encode(),
                  list(map(int, status["NSpid"].split())),
                  int(status["TracerPid"]) or None, queued, limit,
                  int(status["voluntary_ctxt_switches"]),
                  int(status["nonvoluntary_ctxt_switches"])]
        for mask in [*masks.values(), deliverable]:
            values += [[name.encode() for name in signal_names(mask)], hex(mask).encode()]
        for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            mask = int(status[key], 16)
            values += [[name.encode() for name in capability_names(mask)], hex(mask).encode()]
        for key in ("RssAnon", "RssFile", "RssShmem", "VmSwap", "VmHWM", "VmPeak", "VmLck",
                    "VmPin", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE"):
            values.append(optional(key, kilobytes))
        return values

    def of_cmdline(self):
        text = self.files.text("cmdline")
        if not text:
            return None
        argv = text.split(b"\0")
        if not argv[-1]:
            argv.pop()
        return [text.rstrip(b"\0").replace(b"\0", b" "), argv]

    def of_environ(self):
        text = self.files.text("environ")
        words = text.split(b"\0")
        if not words[-1]:
            words.pop()
        return [words]

    def of_wchan(self):
        text = self.files.text("wchan")
        return [None if text in (b"", b"0") else text]

    def of_syscall(self):
        words = self.files.text("syscall").split()
        if words == [b"running"]:
            return None
        sp, pc = int(words[-2], 16), int(words[-1], 16)
        pointers = [hex(sp).encode() if sp else None, hex(pc).encode() if pc else None]
        if int(words[0]) < 0 or not sp:  # outside of a call, or a thread of the kernel
            return [None, None, None, *pointers]
        number = int(words[0])
        return [SYSCALLS.get(number, str(number)).encode(), number,
                [hex(int(word, 16)).encode() for word in words[1:7]], *pointers]

    def of_io(self):
        lines = parse_status(self.files.text("io"))
        return [int(lines[key]) for key in
                ("rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes")]

    def of_sched(self):
        lines = {}
        for line in self.files.text("sched").decode("utf-8", "replace").splitlines()[2:]:
            key, colon, value = line.partition(":")
            if colon:
                lines[key.strip()] = value.strip()
        vruntime = lines.get("se.vruntime")
        if vruntime is not None:
            whole, _, part = vruntime.partition(".")
            sign = -1 if whole.startswith("-") else 1
            vruntime = int(whole) * 10**6 + sign * int(part)
        if self.row["sched_class"] == b"fair" and "se.slice" in lines:
            self.slice = int(lines["se.slice"])
        migrations = lines.get("se.nr_migrations")
        return [int(migrations) if migrations is not None else None, vruntime]

    def of_directory(self):
        """The number of descriptors, which since Linux 6.2 everybody may know."""
        directory = f"{self.files.base}/fd"
        if self.stat[3] == b"Z":
            return None
        try:
            return [len(os.listdir(directory))]
        except PermissionError:
            self.counted = True
            return [os.stat(directory).st_size]

    def of_descriptors(self):
        """Whether standard input, output and error are on /dev/null; a zombie has no table."""
        for number in range(3):
            try:
                if self.files.link(f"fd/{number}") != b"/dev/null":
                    return [False]
            except FileNotFoundError:
                return None if self.stat[3] == b"Z" else [False]
        return [True]

    def of_cgroup(self):
        lines = [line.split(b":", 2) for line in self.files.text("cgroup").splitlines()]
        if not lines:
            return None
        unified = [line for line in lines if line[0] == b"0"]
        return [(unified or lines)[0][2]]

    def of_limits(self):
        match = re.search(rb"^Max open files\s+(\S+)", self.files.text("limits"), re.M)
        return [None if match[1] == b"unlimited" else int(match[1])]

    def of_login(self, name):
        number = int(self.files.text(name))
        return None if number == 2**32 - 1 else number

    def of_autogroup(self):
        text = read_all(f"/proc/{self.pid}/autogroup")  # threads have no file of their own
        if not text:
            return None
        group, _, nice = text.strip().partition(b" nice ")
        return [group, int(nice)]

    def of_label(self):
        try:
            return [self.files.text("attr/current").strip(b"\n\0") or None]
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.EOPNOTSUPP):
                return None
            raise

    def of_namespaces(self):
        values = []
        for name in NS_COLUMNS:
            try:
                link = self.files.link("ns/" + name[len("ns_"):])
                values.append(int(re.fullmatch(rb"\w+:\[(\d+)\]", link)[1]))
            except FileNotFoundError:
                values.append(None)
        return values

    def of_attr(self):
        attr = sched_attr(self.tid)
        deadline = attr["policy"] == 6
        clamps = attr["size"] > 48 and attr["util_max"] > 0
        return [attr["runtime"] if deadline else None, attr["deadline"] if deadline else None,
                attr["period"] if deadline else None, bool(attr["flags"] & 1),
                hex(attr["flags"]).encode(), attr["util_min"] if clamps else None,
                attr["util_max"] if clamps else None]

    def of_ioprio(self):
        value = system_call(SYS_ioprio_get, 1, self.tid)
        return [IO_CLASSES[value >> 13 & 7].encode(), value & 7]


STAT_COLUMNS = """pid tid tgid is_main ppid tree_parent comm state state_name is_kthread flags_raw
    pgid sid tty tpgid foreground session_leader policy sched_class nice priority static_priority
    rt_priority cpu threads vsize minflt majflt utime_s stime_s time_s""".split()
STATUS_COLUMNS = """ruid suid fsuid rgid sgid fsgid groups umask no_new_privs seccomp ns_pids
    tracer_pid sig_queued sig_queue_limit vol_switches invol_switches
    sig_pending sig_pending_raw sig_shared_pending sig_shared_pending_raw sig_blocked
    sig_blocked_raw sig_ignored sig_ignored_raw sig_caught sig_caught_raw sig_deliverable
    sig_deliverable_raw cap_inh cap_inh_raw cap_prm cap_prm_raw cap_eff cap_eff_raw cap_bnd
    cap_bnd_raw cap_amb cap_amb_raw rss_anon rss_file rss_shmem swap hwm vm_peak locked pinned
    data stack text libs page_tables""".split()
IO_COLUMNS = "read_chars write_chars read_calls write_calls read_bytes write_bytes".split()
NS_COLUMNS = "ns_cgroup ns_ipc ns_mnt ns_net ns_pid ns_time ns_user ns_uts".split()
ATTR_COLUMNS = """runtime_ns deadline_ns period_ns reset_on_fork sched_flags_raw util_min
    util_max""".split()
# Not from one reading of one task: computed below, or by the test.
DERIVED = "orphaned_pgrp daemon daemon_broken started elapsed_s cpu_percent".split()
# That only grow.
COUNTERS = {"minflt", "majflt", "utime_s", "stime_s", "time_s", "vol_switches", "invol_switches",
            "run_ns", "wait_ns", "timeslices", "migrations", *IO_COLUMNS, "hwm", "vm_peak"}


class Snapshot:
    """All processes and threads at a moment, with the clocks around the reading."""

    def __init__(self):
        self.processes = {}  # pid -> row
        self.threads = {}    # (pid, tid) -> row
        self.starts = {}     # the same keys -> ticks since boot
        self.uptime = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        for name in os.listdir("/proc"):
            if name.isdigit():
                self.read_process(int(name))
        self.derive()
        self.uptime_after = time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def read_one(self, rows, key, pid, tid):
        try:
            reader = Reader(pid, tid)
            row = reader.read()
            if not os.path.exists(reader.files.base + "/stat"):
                return
        except (OSError, ValueError, KeyError):
            return  # it has ended
        rows[key] = row
        self.starts[key] = reader.number(22)

    def read_process(self, pid):
        try:
            tids = sorted(map(int, os.listdir(f"/proc/{pid}/task")))
        except OSError:
            return
        for tid in tids:
            self.read_one(self.threads, (pid, tid), pid, tid)
        self.read_one(self.processes, pid, pid, None)

    def derive(self):
        # A thread that waits in accept(2) has a descriptor already that is not to be seen yet.
        accepting = collections.Counter(row["pid"] for row in self.threads.values()
                                        if row["syscall_number"] in (SYS_accept, SYS_accept4))
        tied = collections.defaultdict(bool)
        for row in self.processes.values():
            parent = self.processes.get(row["ppid"])
            ended = row["state"] in (b"Z", b"X") and row["threads"] <= 1
            tied[row["pgid"]] |= (not ended and parent is not None and parent["pid"] > 1 and
                                  parent["pgid"] != row["pgid"] and parent["sid"] == row["sid"])
        for rows in (self.processes, self.threads):
            for row in rows.values():
                row["orphaned_pgrp"] = not tied[row["pgid"]] if row["pgid"] > 0 else None
                row["daemon"], row["daemon_broken"] = self.judge(row)
                if isinstance(row["fds"], int) and not row["_counted"]:
                    row["fds"] += accepting[row["pid"]]

    def judge(self, row):
        """The classic rules; None where one of them cannot be tested and none is broken."""
        if row["is_kthread"]:
            return None, None
        broken, unknown = [], False
        if row["session_leader"]:
            broken.append(b"session_leader")
        if row["tty"] is not None:
            broken.append(b"controlling_terminal")
        if isinstance(row["cwd"], Denied) or row["cwd"] is None:
            unknown = True
        elif row["cwd"] != b"/":
            broken.append(b"cwd")
        if row["umask"] is None:
            unknown = True
        elif row["umask"] != b"0000":
            broken.append(b"umask")
        if isinstance(row["_on_null"], Denied) or row["_on_null"] is None:
            unknown = True
        elif not row["_on_null"]:
            broken.append(b"descriptors")
        parent = self.processes.get(row["ppid"])
        if row["ppid"] > 1 and not (parent and parent["ns_pids"][-1] == 1):
            broken.append(b"parent")
        if broken:
            return False, broken
        return (None, None) if unknown else (True, [])


def time_of_start(ticks):
    """Nanoseconds since 1970."""
    boot = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return boot + ticks * 10**9 // HZ


def parse_time(text):
    when = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    return int(when.timestamp() * 10**9)
