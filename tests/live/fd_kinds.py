#!/usr/bin/env python3
"""Descriptors of all kinds: every column against what targets say of them, as root and as an
ordinary user; and every column has to be among those that were compared."""

import json
import os
import re

import fd_support
import support
from fd_zoo import SEEN, Zoo, exact, sides

EPOLLWAKEUP = 1 << 29
# Columns for people: the same facts as in other columns, in words.
TEXTS = {"detail", "lock", "peer", "sharers"}


# ---- files ----

def test_files(checks):
    for side in sides():
        with Zoo(checks, "fd_files", *side) as zoo:
            check_files(zoo)
            check_names(zoo)
            check_pipes(zoo)
            check_other_slots(zoo)


def check_files(zoo):
    directory = zoo.directory
    for name, kind, path in (
            ("append", "reg", "plain"), ("read", "reg", "plain"), ("write", "reg", "plain"),
            ("ioctl_only", "reg", "plain"), ("big", "reg", "big"), ("path", "reg", "plain"),
            ("path_link", "lnk", "link"), ("fifo", "fifo", "fifo")):
        zoo.check(name, kind=kind, name=f"{directory}/{path}", deleted=False)
    for name in ("directory", "path_directory"):
        zoo.check(name, kind="dir", name=directory, deleted=False)
    zoo.check("tmpfile", kind="reg", deleted=True)
    zoo.check("proc", kind="reg", name=f"/proc/{zoo.target.pid}/stat", deleted=False)
    for name, path in (("null", "/dev/null"), ("zero", "/dev/zero"), ("pty_master", "/dev/ptmx"),
                       ("pty_slave", f"/dev/pts/{zoo.target['pty_number']}")):
        zoo.check(name, kind="chr", name=path, deleted=False)
    zoo.check("block", kind="blk", name="/dev/loop0", deleted=False)
    zoo.check("pty_master", tty_index=zoo.target["pty_number"])
    zoo.check("null", tty_index=None)
    for name in ("net", "mnt", "user", "pid", "uts", "ipc", "cgroup"):
        number = os.stat(f"/proc/self/ns/{name}").st_ino
        zoo.check("ns_" + name, kind="ns", name=f"{name}:[{number}]", ino=number, deleted=False)
    pid, master, slave = zoo.target.pid, zoo.target["pty_master"], zoo.target["pty_slave"]
    zoo.check("pty_master", peers=[{"pid": pid, "fd": slave, "comm": "fd_files"}])
    zoo.check("pty_slave", peers=[{"pid": pid, "fd": master, "comm": "fd_files"}])
    zoo.check("append", peers=None, locks=[])


def check_names(zoo):
    """Names that look like something else, and bytes that are none of a text."""
    directory = zoo.directory.encode()
    for name, path, deleted in (
            ("gone", b"gone", True), ("gone_link", b"first", True),
            ("other_link", b"second", False), ("suffix", b"suffix (deleted)", False),
            ("suffix_gone", b"twice (deleted)", True), ("like_pipe", b"pipe:[1]", False),
            ("like_socket", b"socket:[2]", True), ("newline", b"new\nline", False),
            ("escape", b"esc\033[31m", False), ("invalid", b"bytes\xff\xfe", False),
            ("backslash", b"back\\012slash", False),
            ("misleading", "a\u202eb".encode(), False)):
        zoo.check(name, kind="reg", name=directory + b"/" + path, deleted=deleted)
    zoo.check("gone", size=12345, nlink=0)
    zoo.check("gone_link", nlink=1)
    # What a terminal is shown has neither control bytes nor what misleads.
    for option in ([], ["-r"]):
        text = fd_support.fd(*option, "-o", "fd,name", "-p", zoo.target.pid, prefix=zoo.prefix)
        zoo.checks.true("texts", b"\033" not in text and b"\nline" not in text,
                        f"control bytes with {option}")
        if not option:
            zoo.checks.true("texts", b"\xff" not in text and "\u202e".encode() not in text,
                            "bytes that mislead")


def check_pipes(zoo):
    pid = zoo.target.pid
    for pipe, buffered, capacity in (("pipe_empty", 0, 65536), ("pipe_full", 1234, 16384)):
        for end, other in (("r", "w"), ("w", "r")):
            name = f"{pipe}_{end}"
            ino = zoo.facts[name].ino
            zoo.check(name, kind="pipe", name=f"pipe:[{ino}]", deleted=False,
                      peers=[{"pid": pid, "fd": zoo.target[f"{pipe}_{other}"],
                              "comm": "fd_files"}])
            zoo.check_object(name, "pipe", ino=ino, readers=1, writers=1, buffered=buffered,
                             capacity=capacity)
    zoo.check("fifo", peers=[])
    zoo.check_object("fifo", "pipe", ino=zoo.facts["fifo"].ino, readers=1, writers=1, buffered=5,
                     capacity=65536)


def mapped_files(pid):
    """(device, inode) of mapped files: the lowest address and what maps says."""
    found = {}
    for line in support.read_bytes(f"/proc/{pid}/maps").decode().splitlines():
        words = line.split(None, 5)
        if len(words) == 6 and words[4] != "0":
            major, minor = (int(word, 16) for word in words[3].split(":"))
            key = (f"{major}:{minor}", int(words[4]))
            found.setdefault(key, ("0x" + words[0].split("-")[0].lstrip("0"), words[5]))
    return found


def check_other_slots(zoo):
    checks, pid = zoo.checks, zoo.target.pid
    by_slot = {}
    for row in zoo.all:
        by_slot.setdefault(row["slot"], []).append(row)
    program = os.path.realpath(os.path.join(support.TARGETS, "fd_files"))
    for slot, name, ino, deleted in (
            ("cwd", zoo.directory + "/gone_directory", zoo.target["cwd_ino"], True),
            ("root", "/", os.stat("/").st_ino, False),
            ("exe", program, os.stat(program).st_ino, False)):
        checks.equal("slots", f"rows of {slot}", len(by_slot[slot]), 1)
        SEEN.row(checks, "slots", slot, by_slot[slot][0], pid=pid, fd=None, name=name, ino=ino,
                 deleted=deleted, kind="reg" if slot == "exe" else "dir", access=None, flags=None,
                 offset=None, cloexec=None, ofd=None, shared_with=None, peers=None, pipe=None)
    expected = mapped_files(pid)
    checks.true("slots", len(expected) >= 5, f"few mapped files: {expected}")
    # The program is a slot of its own.
    del expected[by_slot["exe"][0]["dev"], by_slot["exe"][0]["ino"]]
    mine = {row["map_start"]: row for row in by_slot["mem"]}
    checks.equal("slots", "mapped files, each once", sorted(mine),
                 sorted(start for start, _ in expected.values()))
    for (device, ino), (start, path) in expected.items():
        deleted = path.endswith(" (deleted)")
        SEEN.row(checks, "slots", path, mine[start], map_start=start, fd=None,
                 name=path.removesuffix(" (deleted)"), deleted=deleted)
        if not (deleted and zoo.prefix):
            SEEN.row(checks, "slots", path, mine[start], kind="reg", dev=device, ino=ino)
    inodes = {ino: deleted_path.endswith(" (deleted)")
              for (_, ino), (_, deleted_path) in expected.items()}
    checks.equal("slots", "mapped", inodes.get(zoo.target["mapped_ino"]), False)
    checks.equal("slots", "mapped, deleted", inodes.get(zoo.target["mapped_gone_ino"]), True)


# ---- without a file ----

def test_anonymous(checks):
    for side in sides():
        with Zoo(checks, "fd_anon", *side) as zoo:
            check_epoll(zoo)
            check_counters(zoo)
            check_watches(zoo)
            check_others(zoo)


def epoll_events(pid, number):
    """What the kernel made of the events: EPOLLWAKEUP takes a capability and power management."""
    text = support.read_bytes(f"/proc/{pid}/fdinfo/{number}").decode()
    return {int(fd): int(events, 16)
            for fd, events in re.findall(r"^tfd: +(\d+) events: +([0-9a-f]+)", text, re.MULTILINE)}


def check_epoll(zoo):
    target = zoo.target
    kernel = epoll_events(target.pid, target["epoll"])
    rows = zoo.row("epoll")["epoll"]
    SEEN.also("epoll")
    by_fd = {item["fd"]: item for item in rows}
    eventfd, always = "anon_inode:[eventfd]", {"EPOLLERR", "EPOLLHUP"}  # asked for or not
    pipe = f"pipe:[{zoo.facts['epoll_edge'].ino}]"
    expected = {
        target["epoll_level"]: ({"EPOLLIN", "EPOLLPRI"}, 1, eventfd),
        target["epoll_edge"]: ({"EPOLLIN", "EPOLLRDHUP", "EPOLLET"}, 0xfedcba9876543210, pipe),
        target["epoll_oneshot"]: ({"EPOLLIN", "EPOLLOUT", "EPOLLONESHOT", "EPOLLWAKEUP"}, 2,
                                  eventfd),
        target["epoll_exclusive"]: ({"EPOLLOUT", "EPOLLEXCLUSIVE"}, 3, pipe),
        target["epoll_inner"]: ({"EPOLLIN"}, 4, "anon_inode:[eventpoll]"),
        target["epoll_stale"]: ({"EPOLLIN"}, 5, None),
        target["epoll_reused"]: ({"EPOLLIN"}, 6, None)}
    zoo.checks.equal("epoll", "what is watched", set(by_fd), set(expected))
    zoo.checks.equal("epoll", "rows", len(rows), len(expected))
    for number, (events, data, name) in expected.items():
        item = by_fd[number]
        if not kernel[number] & EPOLLWAKEUP:
            events = events - {"EPOLLWAKEUP"}
        words = {"events": events | always, "edge": "EPOLLET" in events,
                 "oneshot": "EPOLLONESHOT" in events, "exclusive": "EPOLLEXCLUSIVE" in events,
                 "wakeup": "EPOLLWAKEUP" in events, "data": f"0x{data:x}", "target": name,
                 "stale": name is None}
        for key, value in words.items():
            mine = set(item[key]) if key == "events" else item[key]
            zoo.checks.equal("epoll", f"{number}: {key}", mine, value)
    zoo.check("epoll", kind="epoll", name="anon_inode:[eventpoll]")
    zoo.check("epoll_empty", kind="epoll", epoll=[])


def check_counters(zoo):
    for name, count, semaphore in (("eventfd", 42, False), ("eventfd_semaphore", 3, True),
                                   ("eventfd_zero", 0, False)):
        zoo.check(name, kind="eventfd", name="anon_inode:[eventfd]", deleted=False, peers=None)
        zoo.check_object(name, "eventfd", count=count, semaphore=semaphore)
    second = 10 ** 9
    for name, clock, value_s, interval in (
            ("timer_monotonic", "CLOCK_MONOTONIC", 1000, second // 4),
            ("timer_realtime", "CLOCK_REALTIME", 5000, 0),
            ("timer_boottime", "CLOCK_BOOTTIME", 70000, 0)):
        zoo.check(name, kind="timerfd", name="anon_inode:[timerfd]")
        zoo.check_object(name, "timerfd", clock=clock, interval_ns=interval, ticks=0)
        zoo.checks.within("members", f"{name}: value_ns", (value_s - 200) * second,
                          zoo.row(name)["timerfd"]["value_ns"], value_s * second)
    zoo.check_object("timer_off", "timerfd", clock="CLOCK_MONOTONIC", value_ns=0, interval_ns=0)
    zoo.check("signalfd", kind="signalfd", name="anon_inode:[signalfd]")
    signals = {"SIGINT", "SIGUSR2", "SIGRTMIN+5", "SIGRTMAX"}
    mine = set(zoo.row("signalfd")["signalfd"]["signals"])
    zoo.checks.equal("members", "signalfd: signals", mine - {"SIGRTMIN+30"} | {"SIGRTMAX"}, signals)
    zoo.checks.true("members", mine & {"SIGRTMIN+30", "SIGRTMAX"}, f"signal 64: {mine}")
    zoo.check_object("signalfd_none", "signalfd", signals=[])


def check_watches(zoo):
    target, directory = zoo.target, zoo.directory.encode()
    zoo.check("inotify", kind="inotify", name="anon_inode:inotify")
    zoo.check("inotify_empty", inotify=[])
    watches = {item["wd"]: item for item in zoo.row("inotify")["inotify"]}
    paths = {"directory": directory, "file": directory + b"/watched",
             "newline": directory + b"/new\nline"}
    masks = {"directory": {"IN_CREATE", "IN_DELETE"}, "file": {"IN_MODIFY", "IN_CLOSE_WRITE"},
             "newline": {"IN_ATTRIB", "IN_ONESHOT"}}
    zoo.checks.equal("watches", "inotify", set(watches), {target["watch_" + key] for key in paths})
    found = 0
    for key, path in paths.items():
        item = watches[target["watch_" + key]]
        st = os.stat(path)
        zoo.checks.equal("watches", f"{key}: mask", set(item["mask"]), masks[key])
        zoo.checks.equal("watches", f"{key}: inode", (item["ino"], item["dev"]),
                         (st.st_ino, fd_support.device(st.st_dev)))
        found += item["path"] is not None
        # A path is found by the file's handle, which takes rights; a wrong one is never told.
        if item["path"] is not None or not zoo.prefix:
            zoo.checks.equal("watches", f"{key}: path", exact(item, "path"), path)
    print(f"# paths of {found} of {len(paths)} watches were found"
          f"{' without rights' if zoo.prefix else ''}")
    if zoo.has("fanotify"):
        check_fanotify(zoo, directory)


def check_fanotify(zoo, directory):
    zoo.check("fanotify", kind="fanotify", name="anon_inode:[fanotify]")
    zoo.check("fanotify_fid", fanotify=[])
    marks = zoo.row("fanotify")["fanotify"]
    by_what = {}
    for mark in marks:
        by_what.setdefault(mark["what"], []).append(mark)
    inodes = {exact(mark, "path"): mark for mark in by_what["inode"]}
    expected = {directory + b"/watched": ({"FAN_OPEN", "FAN_CLOSE_WRITE"}, set()),
                directory: ({"FAN_MODIFY", "FAN_EVENT_ON_CHILD"}, set()),
                directory + b"/new\nline": (set(), {"FAN_OPEN"})}
    zoo.checks.equal("watches", "inodes of fanotify", set(inodes), set(expected))
    for path, (mask, ignored) in expected.items():
        mark = inodes[path]
        zoo.checks.equal("watches", f"{path}: mask", set(mark["mask"]), mask)
        zoo.checks.equal("watches", f"{path}: ignored", set(mark["ignored"]), ignored)
        zoo.checks.equal("watches", f"{path}: inode", mark["ino"], os.stat(path).st_ino)
    device = fd_support.device(os.stat("/dev/shm").st_dev)
    for what, fact, mask in (("mount", "fanotify_mount", {"FAN_CLOSE_NOWRITE"}),
                             ("filesystem", "fanotify_filesystem", {"FAN_ACCESS"})):
        if not zoo.target[fact]:
            print(f"# no mark of a {what} could be made")
            continue
        mark, = by_what[what]
        zoo.checks.equal("watches", f"{what}: mask", set(mark["mask"]), mask)
        zoo.checks.equal("watches", f"{what}: path", mark["path"], "/dev/shm")
        if what == "filesystem":
            zoo.checks.equal("watches", "device of the file system", mark["dev"], device)


def check_others(zoo):
    target = zoo.target
    zoo.check("pidfd_live", kind="pidfd")
    zoo.check_object("pidfd_live", "pidfd", pid=target["pidfd_live_pid"], ended=False)
    zoo.check("pidfd_ended", kind="pidfd")
    zoo.check_object("pidfd_ended", "pidfd", pid=None, ended=True)
    name = bytes.fromhex(target["memfd_name"])
    zoo.check("memfd", kind="memfd", name=b"/memfd:" + name)
    zoo.check_object("memfd", "memfd", name=name, seals=["F_SEAL_SHRINK", "F_SEAL_GROW"])
    zoo.check_object("memfd_plain", "memfd", name=b"plain", seals=["F_SEAL_SEAL"])
    zoo.check("io_uring", kind="io_uring", name="anon_inode:[io_uring]")
    if zoo.has("io_uring"):
        zoo.check_object("io_uring", "io_uring", sq_entries=target["io_uring_sq"],
                         cq_entries=target["io_uring_cq"], sq_pending=0, cq_pending=0,
                         registered_files=3, registered_buffers=0, sq_thread=None, sq_cpu=None)
    zoo.check("bpf_map", kind="bpf")
    if zoo.has("bpf_map"):
        zoo.check_object("bpf_map", "bpf", what="map", id=target["bpf_map_id"], type="array",
                         key_size=4, value_size=16, max_entries=7, map_flags="0x0")
    zoo.check("bpf_program", kind="bpf")
    zoo.check_object("bpf_program", "bpf", what="prog", type="socket_filter")
    zoo.check("perf", kind="perf", name="anon_inode:[perf_event]")
    zoo.check("userfaultfd", kind="userfaultfd", name="anon_inode:[userfaultfd]")
    zoo.check_object("userfaultfd", "userfaultfd", pending=0, total=0)


# ---- sockets ----

def test_sockets(checks):
    for side in sides():
        with Zoo(checks, "fd_sockets", *side) as zoo:
            zoo.is_root = side[1] is None and support.IS_ROOT
            check_tcp(zoo)
            check_udp(zoo)
            check_unix(zoo)
            check_other_families(zoo)


def ends(zoo, *names):
    return [{"pid": zoo.target.pid, "fd": zoo.target[name], "comm": "fd_sockets"}
            for name in names]


COLUMNS_OF_SOCKET = {"family": "family", "socket_type": "type", "protocol": "protocol",
                     "state": "state", "local": "local", "remote": "remote", "recv_q": "recv_q",
                     "send_q": "send_q", "accept_queue": "accept_queue", "backlog": "backlog",
                     "netns": "netns"}


def check_socket(zoo, name, kind, /, peers=(), **expected):
    if not zoo.has(name):
        return
    row = zoo.row(name)
    ino = zoo.facts[name].ino
    zoo.check(name, kind=kind, name=f"socket:[{ino}]", deleted=False,
              scm_fds=0 if kind == "unix" else None)
    zoo.check_object(name, "socket", family=kind, **expected)
    for column, member in COLUMNS_OF_SOCKET.items():
        SEEN.row(zoo.checks, "columns of sockets", name, row, **{column: row["socket"][member]})
    zoo.checks.equal("peers", f"{name}: peers", row["peers"], ends(zoo, *peers))
    zoo.checks.equal("peers", f"{name}: peer_pid", row["socket"]["peer_pid"],
                     zoo.target.pid if peers else None)
    port = expected.get("local")
    if kind in ("inet", "inet6"):
        found = re.search(r":(\d+)$", port or "")
        SEEN.row(zoo.checks, "columns of sockets", name, row,
                 local_port=int(found[1]) if found else None)
        found = re.search(r":(\d+)$", expected.get("remote") or "")
        SEEN.row(zoo.checks, "columns of sockets", name, row,
                 remote_port=int(found[1]) if found else None)


def check_tcp(zoo):
    target = zoo.target
    netns = os.stat(f"/proc/{target.pid}/ns/net").st_ino
    common = {"type": "stream", "protocol": "tcp", "netns": netns}
    for name, kind, host, queue, to_server, to_client in (
            ("tcp4", "inet", "127.0.0.1", 3, 5, 9), ("tcp6", "inet6", "[::1]", 0, 0, 11)):
        listener, client = target[f"{name}_listener.port"], target[f"{name}_client.port"]
        check_socket(zoo, f"{name}_listener", kind, state="LISTEN", local=f"{host}:{listener}",
                     remote=None, accept_queue=queue, backlog=target["backlog"], recv_q=None,
                     send_q=None, reuseport=False, reuseport_group=None, **common)
        check_socket(zoo, f"{name}_client", kind, peers=[f"{name}_server"], state="ESTABLISHED",
                     local=f"{host}:{client}", remote=f"{host}:{listener}", recv_q=to_client,
                     send_q=0, accept_queue=None, backlog=None, shutdown="none", **common)
        check_socket(zoo, f"{name}_server", kind, peers=[f"{name}_client"], state="ESTABLISHED",
                     local=f"{host}:{listener}", remote=f"{host}:{client}", recv_q=to_server,
                     send_q=0, **common)
    zoo.check_object("tcp6_listener", "socket", v6only=True)
    zoo.check_object("mapped_listener", "socket", v6only=False)
    listener, client = target["mapped_listener.port"], target["mapped_client.port"]
    check_socket(zoo, "mapped_listener", "inet6", state="LISTEN", local=f"*:{listener}",
                 remote=None, accept_queue=0, **common)
    check_socket(zoo, "mapped_client", "inet", peers=["mapped_server"], state="ESTABLISHED",
                 local=f"127.0.0.1:{client}", remote=f"127.0.0.1:{listener}", recv_q=0, **common)
    check_socket(zoo, "mapped_server", "inet6", peers=["mapped_client"], state="ESTABLISHED",
                 local=f"[::ffff:127.0.0.1]:{listener}", remote=f"[::ffff:127.0.0.1]:{client}",
                 recv_q=3, **common)
    for number in range(3):
        check_socket(zoo, f"reuse_{number}", "inet", state="LISTEN", reuseport=True,
                     reuseport_group=3, local=f"127.0.0.1:{target['reuse_0.port']}", **common)
    zoo.checks.equal("members", "state", zoo.row("fin_wait2")["socket"]["state"], "FIN_WAIT2")
    zoo.checks.equal("members", "state", zoo.row("close_wait")["socket"]["state"], "CLOSE_WAIT")
    zoo.checks.equal("peers", "of one that has shut its side", zoo.row("fin_wait2")["peers"],
                     ends(zoo, "close_wait"))
    check_socket(zoo, "tcp4_new", "inet", local=None, remote=None, type="stream", protocol="tcp")
    check_socket(zoo, "tcp4_bound", "inet", local=f"127.0.0.1:{target['tcp4_bound.port']}",
                 remote=None, type="stream", protocol="tcp")


def check_udp(zoo):
    target = zoo.target
    common = {"type": "dgram", "protocol": "udp"}
    for name, kind, host in (("udp4", "inet", "127.0.0.1"), ("udp6", "inet6", "[::1]")):
        bound, connected = target[f"{name}_bound.port"], target[f"{name}_connected.port"]
        # The one that is not connected has no other end, even while somebody sends to it.
        check_socket(zoo, f"{name}_bound", kind, local=f"{host}:{bound}", remote=None, **common)
        check_socket(zoo, f"{name}_connected", kind, local=f"{host}:{connected}",
                     remote=f"{host}:{bound}", recv_q=0, send_q=0,
                     peers=zoo.row(f"{name}_connected")["peers"] and [f"{name}_bound"], **common)
    # The kernel counts the memory that a datagram takes.
    zoo.checks.within("members", "udp4_bound: recv_q", 100,
                      zoo.row("udp4_bound")["socket"]["recv_q"], 10000)
    check_socket(zoo, "udp4_new", "inet", local=None, remote=None, **common)
    for name, kind, protocol in (("raw4", "inet", "icmp"), ("raw6", "inet6", "icmpv6")):
        if zoo.has(name):
            zoo.check(name, kind=kind)
            zoo.check_object(name, "socket", family=kind, type="raw", protocol=protocol)


def check_unix(zoo):
    path = "stream"
    stream = {"type": "stream", "protocol": None}
    waiting = [f"stream_pending_{number}" for number in range(2)]
    # Until somebody accepts it, the other end of a connection is the listener.
    check_socket(zoo, "stream_listener", "unix", peers=waiting, state="LISTEN", local=path,
                 remote=None, accept_queue=2, backlog=5, **stream)
    pending = sorted(zoo.facts[name].ino for name in waiting)
    zoo.checks.equal("members", "pending", sorted(zoo.row("stream_listener")["socket"]["pending"]),
                     pending)
    check_socket(zoo, "stream_client", "unix", peers=["stream_server"], state="ESTABLISHED",
                 local=None, recv_q=13, peer_ino=zoo.facts["stream_server"].ino,
                 **stream)
    check_socket(zoo, "stream_server", "unix", peers=["stream_client"], state="ESTABLISHED",
                 local=path, recv_q=21, peer_ino=zoo.facts["stream_client"].ino, **stream)
    for name in waiting:
        check_socket(zoo, name, "unix", peers=["stream_listener"], state="ESTABLISHED", local=None,
                     **stream)
    odd = b"new\n\xffline"
    for name in ("odd_listener", "odd_server"):
        zoo.check(name, local=odd)
        zoo.checks.equal("members", f"{name}: local", exact(zoo.row(name)["socket"], "local"), odd)
    check_socket(zoo, "pair_stream_0", "unix", peers=["pair_stream_1"], state="ESTABLISHED",
                 local=None, remote=None, recv_q=0, send_q=0, **stream)
    check_socket(zoo, "pair_stream_1", "unix", peers=["pair_stream_0"], **stream)
    check_socket(zoo, "pair_half", "unix", **stream)
    check_socket(zoo, "unix_new", "unix", local=None, remote=None, state="CLOSE", **stream)
    abstract = bytes.fromhex(zoo.target["abstract_name"]).decode()
    check_socket(zoo, "abstract_listener", "unix", type="seqpacket", state="LISTEN",
                 local=abstract, accept_queue=0, backlog=4)
    check_socket(zoo, "abstract_client", "unix", peers=["abstract_server"], type="seqpacket",
                 local=None)
    check_socket(zoo, "abstract_server", "unix", peers=["abstract_client"], type="seqpacket",
                 local=abstract)
    clients = [f"dgram_client_{number}" for number in range(3)]
    check_socket(zoo, "dgram_server", "unix", peers=clients, type="dgram", local="dgram",
                 recv_q=33)
    for name in clients:
        check_socket(zoo, name, "unix", peers=["dgram_server"], type="dgram", local=None)
    for sort in ("dgram", "seqpacket"):
        for one, other in ((0, 1), (1, 0)):
            check_socket(zoo, f"pair_{sort}_{one}", "unix", peers=[f"pair_{sort}_{other}"],
                         type=sort, local=None)
    inode = os.stat(os.path.join(zoo.directory, "stream")).st_ino
    zoo.check_object("stream_listener", "socket", vfs_ino=inode)


def check_other_families(zoo):
    target = zoo.target
    # Link, IPv4 addresses, and one beyond the 32 that bind(2) can name: bits of groups 1, 5, 28.
    check_socket(zoo, "netlink", "netlink", type="raw", protocol="route", groups=[1, 5, 28])
    zoo.checks.true("members", str(target["netlink.port_id"]) in
                    (zoo.row("netlink")["socket"]["local"] or ""), "address of a netlink socket")
    zoo.check("netlink_new", kind="netlink")
    zoo.check_object("netlink_new", "socket", family="netlink")
    if zoo.has("packet"):
        zoo.check("packet", kind="packet")
        zoo.check_object("packet", "socket", family="packet", type="raw", protocol="arp",
                         interface=target["packet.interface"])
        zoo.check("packet_dgram", kind="packet")
        zoo.check_object("packet_dgram", "socket", family="packet", type="dgram", protocol="all",
                         interface=None)
    if zoo.has("vsock"):
        zoo.check("vsock", kind="vsock")
        zoo.check_object("vsock", "socket", family="vsock")
        local = zoo.row("vsock")["socket"]["local"]
        if local is not None:  # the kernel may have no tables of this family
            zoo.checks.true("members", local.endswith(f":{target['vsock.port']}"),
                            f"vsock: local {local}")


# ---- locks ----

def waiters_in_place(pids):
    """Whether all of these wait: those of OFD locks have no PID there, but one of them is asked
    for by its mark."""
    lines = support.read_bytes("/proc/locks").decode().splitlines()
    blocked = [line.split() for line in lines if "->" in line]
    found = {int(words[5]) for words in blocked}
    states = all(support.state_of(pid) in ("S", "D") for pid in pids)
    return states and (-1 in found or pids[1] in found) and {pids[0], pids[2]} <= found


def test_locks(checks):
    with fd_support.target_in_directory("fd_locks") as (target, _):
        waiters = {name: target[f"{name}.waiter"] for name in ("posix", "ofd", "flock", "lease")}
        support.wait_for("those who wait for locks",
                         lambda: waiters_in_place(list(waiters.values())))
        rows = fd_support.by_number(fd_support.rows_of("-o", "all", "-p", target.pid))
        SEEN.also("locks")

        def locks(name):
            found = rows[target.pid, target[name]]["locks"]
            return sorted(found, key=lambda lock: lock["start"])

        def waiting(name):
            return [{"pid": waiters[name], "comm": "fd_locks"}]

        def lock(sort, mode, start, end, **more):
            return {"type": sort, "mode": mode, "start": start, "end": end, "mandatory": False,
                    "pid": target.pid, "waiters": [], **more}

        first, second = locks("posix")
        checks.equal("locks", "POSIX, read", first,
                     lock("posix", "read", 10, 19, waiters=waiting("posix")))
        checks.equal("locks", "POSIX, to the end", second, lock("posix", "write", 100, None))
        ofd, = locks("ofd")
        checks.equal("locks", "waiters for OFD", len(ofd["waiters"]), 1)
        checks.equal("locks", "OFD", {**ofd, "waiters": []},
                     lock("ofd", "write", 0, 99, pid=None))
        whole, = locks("flock")
        checks.equal("locks", "flock", whole,
                     lock("flock", "write", 0, None, waiters=waiting("flock")))
        lease, = locks("write_lease")
        checks.equal("locks", "lease", lease, lock("lease", "write", 0, None))
        breaking, = locks("lease")
        checks.equal("locks", "lease that is given back", breaking["type"], "lease")
        checks.equal("locks", "not locked", locks("unlocked"), [])


def test_every_column_was_compared(checks):
    """To be the last: what the tests above have looked at."""
    columns = json.loads(fd_support.fd("-H", "--json").decode())
    names = {column["name"] for column in columns["rows"]}
    missing = names - SEEN.columns - TEXTS
    checks.equal("columns", "columns that no test compares", missing, set())
    checks.true("columns", len(names) > 50, f"{len(names)} columns")


support.main()
