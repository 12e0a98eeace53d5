"""A target, its descriptors as intro-fd tells them, and what all of them have in common."""

import json
import os
import re
import stat

import fd_support
import support

# Objects and lists that only one kind has, and the kinds that have them.
DETAILS = {"pipe": {"pipe", "fifo"}, "epoll": {"epoll"}, "eventfd": {"eventfd"},
           "timerfd": {"timerfd"}, "signalfd": {"signalfd"}, "inotify": {"inotify"},
           "fanotify": {"fanotify"}, "pidfd": {"pidfd"}, "memfd": {"memfd"},
           "io_uring": {"io_uring"}, "bpf": {"bpf"}, "userfaultfd": {"userfaultfd"},
           "socket": {"unix", "inet", "inet6", "netlink", "packet", "vsock"}}


class Compared:
    """Which columns were compared with a value, and which objects' members."""

    def __init__(self):
        self.columns = set()

    def also(self, *columns):
        self.columns.update(columns)

    def row(self, checks, kind, what, row, /, **expected):
        for column, value in expected.items():
            self.columns.add(column)
            mine = support.bytes_of(row, column) if isinstance(value, bytes) else row[column]
            checks.equal(kind, f"{what}: {column}", mine, value)


SEEN = Compared()


def exact(container, key):
    """The bytes of a text that is a member of an object."""
    return support.bytes_of(container, key)


def drivers():
    """The names of drivers by sort and major number, from /proc/devices."""
    found, sort = {}, None
    for line in support.read_bytes("/proc/devices").decode().splitlines():
        if line.endswith(":"):
            sort = line.split()[0].lower()
        elif line:
            number, name = line.split()
            found.setdefault((sort, int(number)), name)
    return found


DRIVERS = drivers()


def check_generic(checks, target, name, row, facts, user):
    """What every descriptor has, by what fstat and fcntl told the target."""
    path = f"/proc/{target.pid}/fd/{facts.fd}"
    st = os.stat(path)
    is_path, mode = bool(facts.flags & os.O_PATH), facts.mode
    link = os.readlink(os.fsencode(path))
    is_file = stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)
    is_device = stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
    major, minor = map(int, facts.dev.split(":"))
    access = "path" if is_path else fd_support.ACCESS[facts.flags & os.O_ACCMODE]
    mount = int(fd_support.fdinfo_of(target.pid, facts.fd)[b"mnt_id"])
    bits = facts.flags & ~(os.O_ACCMODE | os.O_CLOEXEC)
    # A directory grows with what is made in it later: on tmpfs at once.
    size = st.st_size if stat.S_ISDIR(facts.mode) else facts.size
    SEEN.row(checks, "generic", name, row, pid=target.pid, tid=target.pid, comm=target.name,
             user=user[1], uid=user[0], slot="fd", fd=facts.fd, access=access, link=link,
             cloexec=facts.cloexec, dev=facts.dev, dev_major=major, dev_minor=minor,
             ino=facts.ino, nlink=facts.nlink, mount_id=mount, map_start=None, shared_with=[],
             rdev=facts.rdev if is_device else None, flags_raw=f"0x{bits:x}",
             size=size if is_file else None,
             disk_bytes=st.st_blocks * 512 if is_file else None)
    SEEN.also("flags")
    checks.equal("generic", f"{name}: flags", fd_support.words_of_flags(row["flags"]),
                 fd_support.words_of_bits(bits))
    checks.equal("generic", f"{name}: words of flags", len(row["flags"]), len(set(row["flags"])))
    # A device may have an offset that lseek(2) denies; it counts what was written.
    if not stat.S_ISCHR(mode):
        SEEN.row(checks, "generic", name, row, offset=facts.offset or 0)
    if is_file or is_device:
        SEEN.row(checks, "generic", name, row, mode=f"{mode & 0o7777:04o}", owner_uid=st.st_uid,
                 owner_gid=st.st_gid)
        if st.st_uid in (0, fd_support.NOBODY):
            SEEN.row(checks, "generic", name, row, owner={0: "root"}.get(st.st_uid, "nobody"))
    sort = "block" if stat.S_ISBLK(mode) else "character"
    number = int(facts.rdev.split(":")[0])
    SEEN.row(checks, "generic", name, row,
             driver=DRIVERS.get((sort, number)) if is_device else None)
    SEEN.also("ofd")
    checks.true("generic", row["ofd"] is not None, f"{name}: ofd is null")
    SEEN.also("fd_count", "fd_limit")
    checks.equal("generic", "fd_count", row["fd_count"], len(os.listdir(f"/proc/{target.pid}/fd")))
    limits = support.read_bytes(f"/proc/{target.pid}/limits").decode()
    soft = re.search(r"^Max open files +(\d+)", limits, re.MULTILINE)
    checks.equal("generic", "fd_limit", row["fd_limit"], int(soft[1]) if soft else None)
    for column, kinds in DETAILS.items():
        checks.equal("generic", f"{name}: whether {column} is there", row[column] is not None,
                     row["kind"] in kinds)


def sides():
    """As root, and as an ordinary user whose own processes these are."""
    if not support.IS_ROOT:
        yield (), None, (os.geteuid(), None)
        return
    yield (), None, (0, "root")
    try:
        fd_support.need_nobody()
    except support.Skip as skip:
        print(f"# as root only: {skip}")
        return
    yield fd_support.AS_NOBODY, fd_support.NOBODY, (fd_support.NOBODY, "nobody")


class Zoo:
    """A target, its rows with all columns, and the checks of those that it could make."""

    def __init__(self, checks, name, prefix, user, owner):
        self.checks, self.prefix = checks, prefix
        self.context = fd_support.target_in_directory(name, prefix=prefix, user=user)
        self.owner = owner

    def __enter__(self):
        self.target, self.directory = self.context.__enter__()
        try:
            self.facts = fd_support.descriptors(self.target)
            document = self.read()
            self.all = [row for row in document["rows"] if row["pid"] == self.target.pid]
            self.rows = fd_support.by_number(self.all)
            numbers = {int(number) for number in os.listdir(f"/proc/{self.target.pid}/fd")}
            self.checks.equal("rows", "numbers", {key[1] for key in self.rows}, numbers)
            for name, facts in self.facts.items():
                owner = self.owner
                if owner[1] is None:
                    owner = (owner[0], self.row(name)["user"])
                check_generic(self.checks, self.target, name, self.row(name), facts, owner)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def read(self):
        """All columns. A mapped file that is deleted can only be reached through map_files, which
        takes a capability: its owner is told so."""
        result = support.run([*self.prefix, fd_support.FD, "-J", "-o", "all", "-p",
                              str(self.target.pid)])
        document = json.loads(result.stdout.decode())
        has_unreachable = self.prefix and self.target.name == "fd_files"
        self.checks.equal("rows", "errors", [error["error"] for error in document["errors"]],
                          ["EPERM"] if has_unreachable else [])
        self.checks.equal("rows", f"exit status ({result.stderr})", result.returncode,
                          1 if has_unreachable else 0)
        self.checks.true("rows", b"not dumpable" not in result.stderr,
                         f"a hint that is not true: {result.stderr}")
        return document

    def __exit__(self, *exception):
        self.context.__exit__(*exception)

    def row(self, name):
        return self.rows[self.target.pid, self.target[name]]

    def has(self, name):
        """Whether the target could make it: if not, it says why."""
        if name in self.facts:
            return True
        self.checks.true("made", str(self.target[name]).startswith("-"), f"{name} is missing")
        print(f"# {name} could not be made here: error {self.target[name]}")
        return False

    def check(self, name, /, **expected):
        if self.has(name):
            SEEN.row(self.checks, "by kind", name, self.row(name), **expected)

    def check_object(self, name, column, /, **expected):
        """Members of an object."""
        if not self.has(name):
            return
        SEEN.also(column)
        members = self.row(name)[column]
        if not self.checks.true("by kind", members is not None, f"{name}: {column} is null"):
            return
        for key, value in expected.items():
            mine = exact(members, key) if isinstance(value, bytes) else members[key]
            self.checks.equal("members", f"{name}: {column}.{key}", mine, value)
