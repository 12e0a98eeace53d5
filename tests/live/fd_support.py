"""What the live tests of intro-fd share: running it, what targets tell of their descriptors, and a
reader of /proc that is independent of ours."""

import collections
import contextlib
import json
import os
import shutil
import sys
import tempfile

import support

FD = os.path.join(support.BIN, "intro-fd")
NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
O_LARGEFILE = 0o100000  # Python's is 0 where long files are the rule
# Every status flag that a target sets. O_SYNC is O_DSYNC and a bit of its own.
STATUS_FLAGS = {"O_APPEND": os.O_APPEND, "O_NONBLOCK": os.O_NONBLOCK, "O_DSYNC": os.O_DSYNC,
                "O_LARGEFILE": O_LARGEFILE, "O_DIRECTORY": os.O_DIRECTORY,
                "O_NOFOLLOW": os.O_NOFOLLOW, "O_NOATIME": os.O_NOATIME, "O_PATH": os.O_PATH,
                "O_DIRECT": os.O_DIRECT}
PERMISSIONS = {0: "none", 0o400: "r", 0o200: "w", 0o600: "rw"}  # of the link
ACCESS = {os.O_RDONLY: "r", os.O_WRONLY: "w", os.O_RDWR: "rw", os.O_ACCMODE: "none"}


def words_of_flags(words):
    """Those among the words of a row that are known here. O_SYNC and O_TMPFILE have the bits of
    another flag in theirs."""
    words = set(words)
    if "O_SYNC" in words:
        words.add("O_DSYNC")
    if "O_TMPFILE" in words:
        words.add("O_DIRECTORY")
    return words & set(STATUS_FLAGS)


def words_of_bits(bits):
    return {word for word, bit in STATUS_FLAGS.items() if bits & bit == bit}


# ---- running ----

def fd(*arguments, status=0, stderr=b"", prefix=(), **options):
    """Standard output of intro-fd. `stderr` is what it must say; None: whatever it says, and for
    `status` as it ends."""
    words = [word if isinstance(word, bytes) else str(word) for word in arguments]
    result = support.run([*prefix, FD, *words], **options)
    command = " ".join(map(repr, words))
    if status is not None and result.returncode != status:
        raise support.Unexpected(f"intro-fd {command}: exit status {result.returncode} in place "
                                 f"of {status}: {result.stderr!r}")
    if stderr is not None and result.stderr != stderr:
        raise support.Unexpected(f"intro-fd {command}: says {result.stderr!r} in place of "
                                 f"{stderr!r}")
    return result.stdout


def document_of(*arguments, **options):
    return json.loads(fd("-J", *arguments, **options).decode())


def rows_of(*arguments, **options):
    return document_of(*arguments, **options)["rows"]


def by_number(rows):
    """The descriptors among rows, by process and number."""
    table = {(row["pid"], row["fd"]): row for row in rows if row["slot"] == "fd"}
    if len(table) != sum(row["slot"] == "fd" for row in rows):
        raise support.Unexpected("two rows of one descriptor")
    return table


# ---- as another user ----

def need_nobody():
    """Another user than root who may run the tools."""
    support.need_root()
    support.need_program("setpriv")
    if support.run([*AS_NOBODY, FD, "-V"]).returncode:
        raise support.Skip("the build directory is not open to other users")


def python_for_nobody():
    for program in (sys.executable, "/usr/bin/python3"):
        if support.run([*AS_NOBODY, program, "-c", "0"]).returncode == 0:
            return program
    raise support.Skip("no Python that other users may run")


# ---- targets ----

Facts = collections.namedtuple("Facts", "fd ino dev mode size nlink rdev flags cloexec offset")


def descriptors(target):
    """What a target says of its descriptors, by their names: see tests/targets/fd.h."""
    found = {}
    for key, value in target.facts.items():
        name, _, what = key.rpartition(".")
        if what != "facts":
            continue
        ino, dev, mode, size, nlink, rdev, flags, cloexec, offset = value.split(",")
        found[name] = Facts(target[name], int(ino), dev, int(mode), int(size), int(nlink), rdev,
                            int(flags), cloexec == "1", int(offset) if offset else None)
    return found


@contextlib.contextmanager
def target_in_directory(name, *arguments, prefix=(), user=None):
    """A target with an empty directory, which is its first argument: gives both. The directory's
    name is short, as those of sockets have to be."""
    directory = tempfile.mkdtemp(prefix="fd", dir="/tmp")
    try:
        os.chmod(directory, 0o755)
        if user is not None:
            os.chown(directory, user, user)
        with support.Target(name, directory, *arguments, prefix=prefix) as target:
            yield target, directory
    finally:
        shutil.rmtree(directory)


END_LETTERS = {"P": "pid", "A": "a", "B": "b", "C": "c"}


class Ends:
    """What the target fd_peers says."""

    def __init__(self, target):
        self.target = target
        self.pids = {letter: target[key] for letter, key in END_LETTERS.items()}
        self.names = [key[:-len(".who")] for key in target.facts if key.endswith(".who")]

    def holders(self, name):
        number = self.target[name]
        return frozenset((self.pids[letter], number) for letter in self.target[name + ".who"])

    def others(self, name):
        other = self.target[name + ".other"]
        if not other:
            return frozenset()
        if other == "dgram_clients":
            return self.holders("dgram_client_0") | self.holders("dgram_client_1")
        return self.holders(other)


# ---- an independent reader ----

Seen = collections.namedtuple("Seen", "link ino dev mode size nlink rdev access offset flags "
                                      "cloexec mount_id")


def device(number):
    return f"{os.major(number)}:{os.minor(number)}"


def fdinfo_of(pid, number):
    """The fields of fdinfo that all descriptors have."""
    fields = {}
    text = support.read_bytes(f"/proc/{pid}/fdinfo/{number}")
    if text is None:
        return None
    for line in text.split(b"\n")[:4]:
        key, _, value = line.partition(b":\t")
        fields[key] = value
    return fields


SLOTS = ("cwd", "root", "exe")


def see(pid, number):
    """One descriptor, or one of the other slots, or None where it is not there (any more) or is
    denied."""
    path = f"/proc/{pid}/{number}" if number in SLOTS else f"/proc/{pid}/fd/{number}"
    try:
        link = os.readlink(os.fsencode(path))
        permissions = os.lstat(path).st_mode
        st = os.stat(path)
    except OSError:
        return None
    access = offset = flags = cloexec = mount_id = None
    if number not in SLOTS:
        info = fdinfo_of(pid, number)
        if not info:
            return None
        words = int(info[b"flags"], 8)
        access = "path" if words & os.O_PATH else PERMISSIONS[permissions & 0o600]
        offset, mount_id = int(info[b"pos"]), int(info[b"mnt_id"])
        flags, cloexec = words & ~(os.O_CLOEXEC | os.O_ACCMODE), bool(words & os.O_CLOEXEC)
    return Seen(link, st.st_ino, device(st.st_dev), st.st_mode, st.st_size, st.st_nlink,
                device(st.st_rdev), access, offset, flags, cloexec, mount_id)


def start_of(pid):
    """When a process was started: with its PID that tells it from all others."""
    text = support.read_bytes(f"/proc/{pid}/stat")
    return text[text.rindex(b")") + 2:].split()[19] if text else None


def see_all(slots=()):
    """Every descriptor of the system that may be read: (PID, number or slot) -> (start, Seen)."""
    table = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        pid, start = int(entry), start_of(entry)
        try:
            numbers = [int(number) for number in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
        for number in [*slots, *numbers]:
            seen = see(pid, number)
            if seen:
                table[pid, number] = (start, seen)
    return table
