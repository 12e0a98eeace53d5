#!/usr/bin/env python3
"""Every descriptor of every process against an independent reader of /proc, lsof and lsfd, while
targets have descriptors of all kinds.

Compared is what was the same before and after: read by the reader before the tools run and again
when they have ended. As something may have changed and changed back meanwhile, a difference counts
only if it is there again in each of several rounds. Where a tool differs from us, either a function
below makes the same of both and says why, or the reader has to agree with us, and the reason has to
be one that is known (is_copied).
"""

import collections
import contextlib
import json
import os
import re
import stat

import fd_support
import support

ROUNDS = 4
COLUMNS = ("pid,slot,fd,kind,access,flags,cloexec,offset,dev,ino,size,nlink,name,link,deleted,"
           "mount_id,rdev,socket")


@contextlib.contextmanager
def zoo():
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(fd_support.target_in_directory(name))[0]
               for name in ("fd_files", "fd_anon", "fd_sockets", "fd_share", "fd_peers")]


def has_steady_nlink(seen):
    """The directories of procfs count the processes or threads of the moment."""
    return not (stat.S_ISDIR(seen.mode) and re.match(rb"/proc(/|$)", seen.link))


class Row:
    """A row of ours with texts as the bytes that they are."""

    def __init__(self, row):
        self.row = row
        self.key = (row["pid"], row["fd"] if row["slot"] == "fd" else row["slot"])
        self.link = support.bytes_of(row, "link")
        self.name = support.bytes_of(row, "name")

    def __getitem__(self, key):
        return self.row[key]


def our_rows():
    rows = [Row(row) for row in fd_support.rows_of("--slots", "all", "-o", COLUMNS, stderr=None)
            if row["slot"] in ("fd", *fd_support.SLOTS)]
    table = {row.key: row for row in rows}
    if len(table) != len(rows):
        raise support.Unexpected("two rows of one descriptor")
    return table


def compare_in_rounds(checks, kind, read, compare):
    """compare(ours, seen, theirs of read()) gives what differs as (column, message)."""
    open_differences, compared, steady = None, collections.Counter(), {}
    with zoo() as targets:
        for _ in range(ROUNDS):
            before = fd_support.see_all(fd_support.SLOTS)
            ours, theirs = our_rows(), read()
            after = fd_support.see_all(fd_support.SLOTS)
            steady = {key: seen for key, seen in before.items() if after.get(key) == seen}
            found = {}
            for key, (_, seen) in steady.items():
                if key not in ours:
                    found[key, "row"] = f"{key}: no row of {seen.link!r}"
                    continue
                for column, message in compare(ours[key], seen, theirs.get(key), compared):
                    found[key, column] = f"{key} {column}: {message} ({seen.link!r})"
            open_differences = found if open_differences is None else \
                {key: message for key, message in found.items() if key in open_differences}
            if not open_differences:
                break
        for message in open_differences.values():
            checks.fail(message)
        pids = {target.pid for target in targets}
        checks.true("targets", sum(key[0] in pids for key in steady) > 200,
                    "the targets' descriptors were not compared")
    for column, count in compared.items():
        checks.counts[f"{kind}, {column}"] += count


# ---- the reader ----

def kind_of(key, seen):
    """What it is by its link and mode, and for sockets by the attribute in which the kernel tells
    their protocol."""
    link, mode = seen.link, seen.mode
    if stat.S_ISSOCK(mode):
        path = f"/proc/{key[0]}/fd/{key[1]}"
        try:
            protocol = os.getxattr(path, "system.sockprotoname").rstrip(b"\0").decode()
        except OSError:
            return None
        return kind_of_protocol(protocol)
    if stat.S_ISFIFO(mode):
        return "fifo" if link.startswith(b"/") else "pipe"
    if stat.S_ISREG(mode):
        if re.fullmatch(rb"[a-z_]+:\[\d+\]", link):
            return "ns"
        # All memfds are on a file system of the kernel's own, which cannot be mounted.
        is_memfd = link.startswith(b"/memfd:") and seen.dev.startswith("0:") and seen.nlink == 0
        return "memfd" if is_memfd else "reg"
    for test, kind in ((stat.S_ISDIR, "dir"), (stat.S_ISCHR, "chr"), (stat.S_ISBLK, "blk"),
                       (stat.S_ISLNK, "lnk")):
        if test(mode):
            return kind
    return ANONYMOUS.get(link.removeprefix(b"anon_inode:"), "anon")


ANONYMOUS = {b"[eventpoll]": "epoll", b"[eventfd]": "eventfd", b"[timerfd]": "timerfd",
             b"[signalfd]": "signalfd", b"inotify": "inotify", b"[fanotify]": "fanotify",
             b"[pidfd]": "pidfd", b"[io_uring]": "io_uring", b"[perf_event]": "perf",
             b"[userfaultfd]": "userfaultfd", b"bpf-map": "bpf", b"bpf-prog": "bpf",
             b"bpf_link": "bpf"}


def kind_of_protocol(protocol):
    if protocol.startswith("UNIX"):
        return "unix"
    if protocol in ("NETLINK", "PACKET"):
        return protocol.lower()
    if protocol == "AF_VSOCK":
        return "vsock"
    if protocol in ("TCP", "UDP", "RAW", "PING", "MPTCP", "UDP-Lite"):
        return "inet"
    return "inet6" if protocol.endswith("v6") else "socket"


def is_deleted(key, seen):
    """Whether the name is gone, by looking whether it is there: from the process's own root."""
    if not seen.link.endswith(b" (deleted)"):
        return False
    if not seen.link.startswith(b"/"):
        return False
    try:
        st = os.lstat(b"/proc/%d/root%s" % (key[0], seen.link))
    except OSError:
        return True
    return (st.st_ino, fd_support.device(st.st_dev)) != (seen.ino, seen.dev)


def compare_with_reader(ours, seen, _, compared):
    key = ours.key
    kind, deleted = kind_of(key, seen), is_deleted(key, seen)
    # A memfd never had a name in a directory; the kernel says that it is deleted all the same.
    is_marked, deleted = deleted, deleted and kind != "memfd"
    expected = {"link": seen.link, "dev": seen.dev, "ino": seen.ino, "deleted": deleted,
                "name": seen.link.removesuffix(b" (deleted)") if is_marked else seen.link}
    if has_steady_nlink(seen):
        expected["nlink"] = seen.nlink
    if stat.S_ISREG(seen.mode) or stat.S_ISDIR(seen.mode):
        expected["size"] = seen.size
    if stat.S_ISCHR(seen.mode) or stat.S_ISBLK(seen.mode):
        expected["rdev"] = seen.rdev
    if kind:
        expected["kind"] = kind
    if ours["slot"] == "fd":
        expected.update(access=seen.access, offset=seen.offset, cloexec=seen.cloexec,
                        mount_id=seen.mount_id)
        compared["flags"] += 1
        flags = ours["flags"] and fd_support.words_of_flags(ours["flags"])
        if flags is None or set(flags) != fd_support.words_of_bits(seen.flags):
            yield "flags", f"{ours['flags']} in place of {seen.flags:o}"
    for column, value in expected.items():
        compared[column] += 1
        mine = getattr(ours, column) if column in ("link", "name") else ours[column]
        if mine != value:
            yield column, f"{mine!r} in place of {value!r}"


def test_all_descriptors_against_our_own_reader(checks):
    compare_in_rounds(checks, "reader", dict, compare_with_reader)


# ---- lsof ----

def read_lsof():
    """(PID, number or slot) -> fields by letter. With -F0 a row is the texts up to a newline."""
    lsof = support.need_program("lsof")
    result = support.run([lsof, "-nPw", "-o", "-o0", "+fg", "-FpftaDioGknrT0",
                          "-d", "cwd,rtd,txt,0-999999"], stderr=None,
                         env={**support.ENVIRONMENT, "LC_ALL": "C"})
    slots = {"cwd": "cwd", "rtd": "root", "txt": "exe"}
    table, pid = {}, None
    for line in result.stdout.split(b"\0\n"):
        fields = collections.defaultdict(list)
        for field in line.split(b"\0"):
            fields[field[:1].decode()].append(field[1:])
        if "p" in fields:
            pid = int(fields["p"][0])
        if "f" in fields:
            number = fields["f"][0].decode()
            table[pid, slots.get(number) or int(number)] = fields
    return table


def lsof_text(raw):
    """A name as lsof makes it safe in the locale C."""
    words = {0x08: "\\b", 0x09: "\\t", 0x0a: "\\n", 0x0c: "\\f", 0x0d: "\\r", 0x5c: "\\\\",
             0x7f: "^?"}

    def safe(byte):
        if byte in words:
            return words[byte]
        if byte < 0x20:
            return "^" + chr(byte + 0x40)
        return chr(byte) if byte < 0x80 else f"\\x{byte:02x}"
    return "".join(map(safe, raw))


LSOF_TYPES = {"reg": "REG", "memfd": "REG", "ns": "REG", "dir": "DIR", "chr": "CHR", "blk": "BLK",
              "lnk": "LINK", "fifo": "FIFO", "pipe": "FIFO", "unix": "unix", "inet": "IPv4",
              "inet6": "IPv6", "netlink": "netlink", "packet": "pack", "vsock": "sock"}


def lsof_type(ours):
    socket = ours["socket"]
    if socket and socket["type"] == "raw" and ours["kind"] in ("inet", "inet6"):
        return {"inet": "raw", "inet6": "raw6"}[ours["kind"]]
    return LSOF_TYPES.get(ours["kind"], "a_inode")


def unmapped(address):
    """lsof shows an IPv4 address that is mapped into IPv6 as the former."""
    return re.sub(r"^\[::ffff:([0-9.]+)\]", r"\1", address)


def lsof_name(ours, theirs):
    """Our name in the form of lsof; None where it has one of its own that says less."""
    kind, socket = ours["kind"], ours["socket"]
    if kind == "pipe":
        return "pipe"
    if kind == "ns":
        return ours.link.split(b":")[0].decode()
    if ours.link.startswith(b"anon_inode:"):
        return ours.link.removeprefix(b"anon_inode:").decode()
    if kind == "unix":
        # lsof reads /proc/net/unix, whose lines a newline in a name breaks, and marks an abstract
        # name by "@", too; the type follows.
        local = (socket["local"] or "").split("\n")[0]
        return " ".join(filter(None, [local, "type=" + socket["type"].upper()]))
    if kind in ("inet", "inet6") and socket["type"] in ("stream", "dgram"):
        local, remote = unmapped(socket["local"] or ""), socket["remote"]
        return f"{local}->{unmapped(remote)}" if remote else local
    if kind == "netlink":
        return socket["protocol"].upper()
    if kind == "packet":
        return "type=SOCK_" + socket["type"].upper()
    if ours.link.startswith(b"socket:"):
        return None  # "protocol: TCP", or the addresses of a raw socket as the kernel's hexadecimal
    return lsof_text(ours.link)


def their_lsof_name(text):
    """Without what lsof adds of its own to the names of anonymous inodes: [eventfd:12]."""
    return re.sub(r"^\[(eventfd|pidfd|eventpoll):.*\]$", r"[\1]", text)


def compare_with_lsof(ours, seen, theirs, compared):
    if theirs is None:
        compared["not shown by lsof"] += 1
        # Threads of the kernel have no program, and its own processes come and go.
        return
    if stat.S_ISSOCK(seen.mode) and ours["socket"] is None:
        yield "socket", f"null, and lsof says {theirs['n']}"
        return
    theirs = {letter: [text.decode() for text in texts] for letter, texts in theirs.items()}
    in_no_table = theirs["t"] == ["sock"]
    pairs = []
    if in_no_table:
        # Not bound, or of a family that /proc/net has no table of: lsof knows the protocol only.
        compared["sockets in no table"] += 1
        if not stat.S_ISSOCK(seen.mode):
            yield "kind", f"{ours['kind']} is a socket for lsof"
    else:
        pairs.append(("kind", lsof_type(ours), theirs["t"][0]))
        name = lsof_name(ours, theirs)
        if name is not None:
            pairs.append(("name", name, their_lsof_name(theirs["n"][0])))
    if ours["slot"] == "fd":
        # Of O_PATH and of access mode 3 the link has no permissions; lsof takes that for both.
        access = {"r": "r", "w": "w"}.get(ours["access"], "u")
        pairs.append(("access", access, theirs["a"][0]))
        pairs.append(("offset", f"0t{ours['offset']}", theirs["o"][0]))
        flags = int(theirs["G"][0].split(";")[0], 16)
        pairs.append(("cloexec", ours["cloexec"], bool(flags & os.O_CLOEXEC)))
        pairs.append(("flags", fd_support.words_of_flags(ours["flags"]),
                      fd_support.words_of_bits(flags)))
    if "i" in theirs:
        pairs.append(("inode", str(ours["ino"]), theirs["i"][0]))
    if "D" in theirs:
        pairs.append(("device", ours["dev"], fd_support.device(int(theirs["D"][0], 16))))
    if "k" in theirs and has_steady_nlink(seen):
        pairs.append(("nlink", str(ours["nlink"]), theirs["k"][0]))
    if "r" in theirs:
        pairs.append(("rdev", ours["rdev"], fd_support.device(int(theirs["r"][0], 16))))
    socket = ours["socket"]
    if ours["kind"] in ("inet", "inet6") and not in_no_table:
        told = dict(text.split("=", 1) for text in theirs.get("T", ()))
        if "ST" in told:
            pairs.append(("state", socket["state"], told["ST"]))
        if "QR" in told and socket["state"] == "LISTEN":
            pairs.append(("accept queue", str(socket["accept_queue"]), told["QR"]))
        elif "QR" in told:
            pairs.append(("receive queue", str(socket["recv_q"]), told["QR"]))
            pairs.append(("send queue", str(socket["send_q"]), told["QS"]))
    for column, mine, other in pairs:
        compared[column] += 1
        if mine != other:
            yield column, f"{mine!r} in place of lsof's {other!r}"


def test_all_descriptors_against_lsof(checks):
    support.need_root()
    compare_in_rounds(checks, "lsof", read_lsof, compare_with_lsof)


# ---- lsfd ----

LSFD = ("ASSOC", "PID", "TYPE", "MODE", "NAME", "INODE", "POS", "DEV", "SIZE", "NLINK", "FLAGS",
        "MNTID", "DELETED")


def read_lsfd():
    """(PID, number or slot) -> row, each with what it may have been copied from."""
    lsfd = support.need_program("lsfd")
    result = support.run([lsfd, "--json", "-o", ",".join(LSFD)], stderr=None)
    # Its JSON has names as they are, whether valid UTF-8 or not.
    rows = json.loads(result.stdout.decode("utf-8", "surrogateescape"), strict=False)["lsfd"]
    table, last = {}, None
    slots = {"cwd": "cwd", "rtd": "root", "exe": "exe"}
    for row in rows:
        row = {key.upper(): value for key, value in row.items()}
        association = row["ASSOC"]
        row["last"] = last
        last = row
        if association in slots:
            table[row["PID"], slots[association]] = row
        elif association.isdigit():
            table[row["PID"], int(association)] = row
    return table


LSFD_TYPES = {"reg": "REG", "memfd": "REG", "ns": "REG", "dir": "DIR", "chr": "CHR", "blk": "BLK",
              "lnk": "LINK", "fifo": "FIFO", "pipe": "FIFO"}
# It has no word for O_NOFOLLOW.
LSFD_FLAGS = {"append": "O_APPEND", "nonblock": "O_NONBLOCK", "dsync": "O_DSYNC",
              "directory": "O_DIRECTORY", "noatime": "O_NOATIME", "path": "O_PATH",
              "direct": "O_DIRECT"}


def compare_with_lsfd(ours, seen, theirs, compared):
    if theirs is None:
        compared["not shown by lsfd"] += 1
        return
    pairs = [("device", ours["dev"], theirs["DEV"]), ("inode", ours["ino"], theirs["INODE"]),
             # For lsfd a file is deleted if it has no name at all, for us if this name is gone.
             ("deleted", seen.nlink == 0 and not stat.S_ISSOCK(seen.mode), theirs["DELETED"])]
    if stat.S_ISSOCK(seen.mode):
        # The protocol in place of "socket": the name of the file system's own attribute.
        protocol, _, number = theirs["NAME"].partition(":")
        pairs += [("kind", "SOCK", theirs["TYPE"]),
                  ("kind of socket", ours["kind"], kind_of_protocol(protocol)),
                  ("name", ours.link.decode(), f"socket:{number}")]
    else:
        pairs += [("kind", LSFD_TYPES.get(ours["kind"], "UNKN"), theirs["TYPE"]),
                  ("name", ours.link, theirs["NAME"].encode("utf-8", "surrogateescape"))]
    if has_steady_nlink(seen):
        pairs.append(("nlink", ours["nlink"], theirs["NLINK"]))
    if ours["size"] is not None:
        pairs.append(("size", ours["size"], theirs["SIZE"]))
    if ours["slot"] == "fd":
        words = set((theirs["FLAGS"] or "").split(","))
        access = {"r": "r--", "w": "-w-", "rw": "rw-"}.get(ours["access"], "---")
        pairs += [("access", access, theirs["MODE"]), ("offset", ours["offset"], theirs["POS"]),
                  ("mount", ours["mount_id"], theirs["MNTID"]),
                  ("cloexec", ours["cloexec"], "cloexec" in words),
                  ("flags", fd_support.words_of_flags(ours["flags"]) & set(LSFD_FLAGS.values()),
                   {LSFD_FLAGS[word] for word in words if word in LSFD_FLAGS})]
    for column, mine, other in pairs:
        compared[column] += 1
        if mine == other:
            continue
        if is_copied(column, theirs) and getattr(seen, SEEN_COLUMN[column]) == mine:
            compared["copied by lsfd from the row before"] += 1
            continue
        yield column, f"{mine!r} in place of lsfd's {other!r}"


SEEN_COLUMN = {"device": "dev", "inode": "ino", "nlink": "nlink", "size": "size"}


def is_copied(column, theirs):
    """lsfd looks at a file once if the link before has the same text. Of anonymous inodes with an
    inode of their own (pidfd, io_uring) and of deleted files of one name that is not true."""
    last = theirs["last"]
    key = {"device": "DEV", "inode": "INODE", "nlink": "NLINK", "size": "SIZE"}.get(column)
    return (key is not None and last is not None and last["PID"] == theirs["PID"] and
            last["NAME"] == theirs["NAME"] and last[key] == theirs[key])


def test_all_descriptors_against_lsfd(checks):
    support.need_root()
    compare_in_rounds(checks, "lsfd", read_lsfd, compare_with_lsfd)


support.main()
