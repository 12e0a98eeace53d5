#!/usr/bin/env python3
"""Selection by file, port, kind, process and user, what groups descriptors, and that a listing
touches no file but those of /proc."""

import contextlib
import os
import re
import shutil
import tempfile

import fd_support
import support

SELECTED = "pid,slot,fd,kind,name,deleted"


def numbers(rows, pid):
    return {row["fd"] for row in rows if row["pid"] == pid and row["slot"] == "fd"}


def select(*arguments, **options):
    return fd_support.rows_of("-o", SELECTED, *arguments, **options)


@contextlib.contextmanager
def files():
    with fd_support.target_in_directory("fd_files") as (target, directory):
        yield target, directory, {name: facts.fd
                                  for name, facts in fd_support.descriptors(target).items()}


# ---- files ----

def test_by_file(checks):
    with files() as (target, directory, fds):
        def found(*arguments):
            rows = select(*arguments)
            checks.equal("paths", f"{arguments}: whose", {row["pid"] for row in rows},
                         {target.pid})
            return numbers(rows, target.pid)

        plain = {fds[name] for name in ("append", "read", "write", "ioctl_only", "path")}
        checks.equal("paths", "a file", found(directory + "/plain"), plain)
        checks.equal("paths", "by its link", found(directory + "/link"), plain)
        checks.equal("paths", "by the option", found("--path", directory + "/plain"), plain)
        # An inode is a file by whatever name.
        checks.equal("paths", "another name of it", found(directory + "/second"),
                     {fds["gone_link"], fds["other_link"]})
        checks.equal("paths", "a FIFO", found(directory + "/fifo"), {fds["fifo"]})
        checks.equal("paths", "two files",
                     found(directory + "/fifo", directory + "/big"), {fds["fifo"], fds["big"]})
        checks.equal("paths", "a name with a suffix", found(directory + "/suffix (deleted)"),
                     {fds["suffix"]})
        checks.equal("paths", "like a pipe", found(directory + "/pipe:[1]"), {fds["like_pipe"]})
        checks.equal("paths", "with a newline", found(directory + "/new\nline"), {fds["newline"]})
        checks.equal("paths", "bytes", found(directory.encode() + b"/bytes\xff\xfe"),
                     {fds["invalid"]})
        checks.equal("paths", "one that is mapped and not open",
                     [row["slot"] for row in select(directory + "/mapped")], ["mem"])
        # Deleted files have no name but the one that they had.
        checks.equal("paths", "a deleted one", found(directory + "/gone"), {fds["gone"]})
        checks.equal("paths", "deleted, like a socket", found(directory + "/socket:[2]"),
                     {fds["like_socket"]})


def test_by_directory(checks):
    with files() as (target, directory, fds):
        expected = set()
        for name, number in fds.items():
            link = os.readlink(f"/proc/{target.pid}/fd/{number}")
            if link == directory or link.startswith(directory + "/"):
                expected.add(number)
        checks.true("paths", len(expected) > 20, "the target has few files")
        for path in (directory, directory + "/"):
            rows = select(path)
            checks.equal("paths", f"below {path}", numbers(rows, target.pid), expected)
            checks.equal("paths", "whose", {row["pid"] for row in rows}, {target.pid})
            checks.equal("paths", "other slots", sorted(row["slot"] for row in rows
                                                        if row["slot"] != "fd"),
                         ["cwd", "mem", "mem"])
        # Not what only begins with the same letters.
        os.mkdir(directory + "/empty")
        fd_support.fd(directory + "/empty", status=1, stderr=None)


def test_by_mount(checks):
    """A mount point: all that is below it, by whatever path, and nothing else."""
    support.need_root()
    mount, umount = support.need_program("mount"), support.need_program("umount")
    directory = tempfile.mkdtemp(prefix="fdmount", dir="/tmp")
    try:
        if support.run([mount, "-t", "tmpfs", "-o", "mode=755", "none", directory]).returncode:
            raise support.Skip("a tmpfs cannot be mounted")
        inside = os.path.join(directory, "inside")
        os.mkdir(inside)
        try:
            with support.Target("fd_files", inside) as target, files() as (other, _, _):
                facts = fd_support.descriptors(target)
                device = fd_support.device(os.stat(directory).st_dev)
                rows = select(directory)
                expected = {item.fd for item in facts.values() if item.dev == device}
                checks.true("paths", len(expected) > 20, "the target has few files there")
                checks.equal("paths", "on the mount", numbers(rows, target.pid), expected)
                checks.equal("paths", "elsewhere", numbers(rows, other.pid), set())
                rows = select("--kind", "fifo", directory)
                checks.equal("paths", "of one kind", numbers(rows, target.pid),
                             {facts["fifo"].fd})
        finally:
            support.run([umount, "-l", directory])
    finally:
        os.rmdir(directory)


def test_by_device(checks):
    with files() as (target, _, fds):
        for path, name in (("/dev/zero", "zero"), ("/dev/loop0", "block"),
                           (f"/dev/pts/{target['pty_number']}", "pty_slave")):
            if name in fds:
                rows = select(path)
                checks.equal("devices", path, numbers(rows, target.pid), {fds[name]})
                checks.equal("devices", f"{path}: names", {row["name"] for row in rows}, {path})


def test_by_unix_socket(checks):
    with fd_support.target_in_directory("fd_sockets") as (target, directory):
        rows = select(directory + "/stream")
        checks.equal("sockets", "the path of a socket", numbers(rows, target.pid),
                     {target["stream_listener"], target["stream_server"]})
        rows = select(directory.encode() + b"/new\n\xffline")
        checks.equal("sockets", "odd bytes", numbers(rows, target.pid),
                     {target["odd_listener"], target["odd_server"]})
        rows = select(directory + "/dgram")
        checks.equal("sockets", "datagrams", numbers(rows, target.pid), {target["dgram_server"]})


def test_what_nobody_has(checks):
    with files() as (target, directory, _):
        path = os.path.join(directory, "nobody")
        for create in (False, True):
            if create:
                with open(path, "w", encoding="ascii"):
                    pass
            result = support.run([fd_support.FD, "-n", path])
            checks.equal("nothing", "exit status", (result.returncode, result.stdout), (1, b""))
            lines = result.stderr.decode().splitlines()
            checks.true("nothing", lines and path in lines[0] and lines[0].startswith("intro-fd:"),
                        f"says {lines}")
        # What is found is printed all the same.
        result = support.run([fd_support.FD, "-n", "-o", "pid", path, directory + "/big"])
        checks.equal("nothing", "one of two", (result.returncode, result.stdout.split()),
                     (1, [str(target.pid).encode()]))


# ---- ports ----

def test_by_port(checks):
    with fd_support.target_in_directory("fd_sockets") as (target, _):
        def found(*ports):
            rows = select(*[word for port in ports for word in ("--port", port)])
            return numbers(rows, target.pid)

        def numbers_of(*names):
            return {target[name] for name in names}

        tcp, udp = target["tcp4_listener.port"], target["udp4_bound.port"]
        pending = {row["fd"] for row in fd_support.rows_of(
            "-o", "pid,slot,fd,remote", "-p", target.pid)
            if row["remote"] == f"127.0.0.1:{tcp}"}
        checks.equal("ports", "connections", len(pending), 4)
        all_tcp = numbers_of("tcp4_listener", "tcp4_server") | pending
        both = numbers_of("udp4_bound", "udp4_connected")
        for port in (tcp, f"tcp:{tcp}", f"{tcp}-{tcp}", f"tcp:{tcp}-{tcp}"):
            checks.equal("ports", str(port), found(port) >= all_tcp, True)
        checks.equal("ports", "tcp", found(f"tcp:{tcp}"), all_tcp)
        checks.equal("ports", "udp", found(f"udp:{udp}"), both)
        checks.equal("ports", "two", found(f"tcp:{tcp}", f"udp:{udp}"), all_tcp | both)
        checks.equal("ports", "a list", found(f"tcp:{tcp},udp:{udp}"), all_tcp | both)
        checks.equal("ports", "of IPv6", found(f"tcp:{target['tcp6_client.port']}"),
                     numbers_of("tcp6_client", "tcp6_server"))
        checks.equal("ports", "mapped", found(f"tcp:{target['mapped_client.port']}"),
                     numbers_of("mapped_client", "mapped_server"))
        every = found("1-65535")
        checks.true("ports", every >= all_tcp | both | numbers_of("udp6_bound", "reuse_0"),
                    "not all in the range of all")
        checks.equal("ports", "without one", every & numbers_of(
            "tcp4_new", "udp4_new", "stream_listener", "netlink"), set())
        result = support.run([fd_support.FD, "--port", f"tcp:{udp}", "-p", str(target.pid)])
        if udp not in (target[key] for key in target.facts if key.endswith(".port")
                       and key.startswith(("tcp", "mapped", "reuse"))):
            checks.equal("ports", "of the other protocol", result.returncode, 1)
        for wrong in ("0", "65536", "x", "tcp:", "8-7", "ftp:21", ""):
            result = support.run([fd_support.FD, "--port", wrong])
            checks.equal("ports", f"'{wrong}'", (result.returncode, bool(result.stderr)),
                         (2, True))


# ---- kinds, processes, slots ----

def test_by_kind(checks):
    with fd_support.target_in_directory("fd_anon") as (target, _), \
            fd_support.target_in_directory("fd_sockets") as (sockets, _):
        listed = f"{target.pid},{sockets.pid}"
        rows = select("-p", listed)
        kinds = {row["kind"] for row in rows}
        checks.true("kinds", len(kinds) > 15, f"kinds {kinds}")
        for kind in kinds - {"socket"}:
            expected = [row for row in rows if row["kind"] == kind]
            checks.equal("kinds", kind, select("-p", listed, "--kind", kind), expected)
        expected = [row for row in rows if row["kind"] in ("epoll", "eventfd")]
        checks.equal("kinds", "two", select("-p", listed, "--kind", "epoll,eventfd"), expected)
        families = {"unix", "inet", "inet6", "netlink", "packet", "vsock", "socket"}
        expected = [row for row in rows if row["kind"] in families]
        checks.equal("kinds", "sockets", select("-p", listed, "--kind", "socket"), expected)
        for slots in ("fd", "cwd,exe", "mem"):
            expected = [row for row in rows if row["slot"] in slots.split(",")]
            checks.true("slots", expected, f"no rows of {slots}")
            checks.equal("slots", slots, select("-p", listed, "--slots", slots), expected)
        for option, wrong in (("--kind", "pipes"), ("--slots", "fds"), ("--kind", "")):
            result = support.run([fd_support.FD, option, wrong])
            checks.equal("kinds", f"{option} '{wrong}'", (result.returncode, bool(result.stderr)),
                         (2, True))


def test_by_process(checks):
    with fd_support.target_in_directory("fd_anon") as (target, _):
        expected = select("-p", target.pid)
        checks.equal("processes", "an operand", select(target.pid), expected)
        rows = [row for row in select("fd_anon") if row["pid"] == target.pid]
        checks.equal("processes", "by name", rows, expected)
        rows = [row for row in select("--slots", "all") if row["pid"] == target.pid]
        checks.equal("processes", "in the whole listing", rows, expected)
        rows = [row for row in select() if row["pid"] == target.pid]
        checks.equal("processes", "of the whole system: descriptors", rows,
                     [row for row in expected if row["slot"] == "fd"])
        rows = select("-Q", f"pid == {target.pid} and kind == 'eventfd'")
        checks.equal("processes", "by a filter", rows,
                     [row for row in expected if row["kind"] == "eventfd"])
        result = support.run([fd_support.FD, "4194303"])
        checks.equal("processes", "no such process", (result.returncode, result.stderr),
                     (1, b"intro-fd: PID 4194303: no such process\n"))


def test_a_hint_stands_with_its_name(checks):
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "core.log"), "w", encoding="utf-8"):
            pass
        result = support.run([fd_support.FD, "core.log", "nosuch-name", "-u", "nosuch-user"],
                             cwd=directory)
        checks.equal("hints", "messages", (result.returncode, result.stderr.decode()), (1, (
            "intro-fd: no process is called 'core.log'\n"
            "intro-fd: there is such a file: './core.log' asks who has it open\n"
            "intro-fd: no process is called 'nosuch-name'\n"
            "intro-fd: no such user: 'nosuch-user'\n")))


# ---- what a listing touches ----

OPEN_CALLS = ("open", "openat", "openat2")
STAT_CALLS = ("stat", "lstat", "fstat", "newfstatat", "statx")
FILE_CALLS = ",".join([*OPEN_CALLS, *STAT_CALLS, "readlink", "readlinkat", "access", "faccessat",
                       "faccessat2", "name_to_handle_at", "open_by_handle_at", "getxattr",
                       "lgetxattr", "statfs"])


def trace(arguments):
    strace = support.need_program("strace")
    if support.SANITIZED:
        raise support.Skip("the leak check does not work under strace")
    with tempfile.NamedTemporaryFile(prefix="fd-strace-") as log:
        result = support.run([strace, "-f", "-y", "-s", "4096", "-e", "trace=" + FILE_CALLS, "-o",
                              log.name, fd_support.FD, *arguments], stderr=None)
        if result.returncode:
            raise support.Skip("strace cannot trace here")
        log.seek(0)
        return log.read().decode("utf-8", "replace").splitlines()


def test_a_listing_never_waits_for_a_file_server(checks):
    """A call that looks at a file asks for what the kernel knows already, and no file is opened:
    a mount whose server is gone stops nothing. Read from the calls, as such a mount cannot be had
    here."""
    directory = tempfile.mkdtemp(prefix="fdlisted", dir="/tmp")
    try:
        with support.Target("fd_files", directory):
            for arguments in ([], ["-J", "-o", "pid,fd,kind,access,flags,offset,dev,ino,size,"
                                                "nlink,name,deleted,mount_id,locks,socket"]):
                check_calls(checks, trace(arguments), directory)
    finally:
        shutil.rmtree(directory)


def check_calls(checks, lines, directory):
    looked = 0
    for line in lines:
        call = re.match(r"\d+ +(\w+)\(", line)
        if not call:
            continue
        name = call[1]
        quick = name == "statx" and "AT_STATX_DONT_SYNC" in line and "AT_NO_AUTOMOUNT" in line
        # Of a path that leads through a link of /proc/PID: "3" below the directory "/proc/1/fd".
        below = re.search(r'<(/proc/\d+(?:/task/\d+)?(?:/fd|/map_files)?)>, "([^"]*)"', line)
        through = below and re.fullmatch(r"(?:fd/)?\d+|cwd|root|exe|[0-9a-f]+-[0-9a-f]+",
                                         below[2])
        if name in STAT_CALLS and through:
            looked += 1
            # The link itself is one of /proc, whichever file it leads to.
            checks.true("calls", quick or "AT_SYMLINK_NOFOLLOW" in line, f"may wait: {line}")
        elif name in OPEN_CALLS and through:
            # As a place, which asks no file server either.
            checks.true("calls", "O_PATH" in line, f"opens the file itself: {line}")
        elif directory in line and "readlink" not in name:
            # Whether "x (deleted)" is a name or a mark is seen by looking for such a file, as far
            # as the kernel remembers the way; a descriptor is a place that needs no path.
            cached = name == "openat2" and "RESOLVE_CACHED" in line and " (deleted)" in line
            checks.true("calls", cached or quick and "AT_EMPTY_PATH" in line,
                        f"goes to the file by its path: {line}")
        checks.true("calls", name not in ("open_by_handle_at", "getxattr", "lgetxattr", "statfs"),
                    f"may wait: {line}")
    checks.true("calls", looked > 20, f"{looked} calls that look at files were seen")


support.main()
