#!/usr/bin/env python3
"""What intro-fd shows in place of single descriptors: deleted files, open file descriptions that
are shared, channels, listeners, sums; against what targets say."""

import collections
import os

import fd_support
import support


def listed(*pids):
    return "-p", ",".join(map(str, pids))


# ---- --deleted ----

def test_deleted(checks):
    with fd_support.target_in_directory("fd_files") as (target, directory):
        facts = fd_support.descriptors(target)
        pid = target.pid
        every = fd_support.rows_of("--deleted", "-o", "all", *listed(pid))
        rows = {support.bytes_of(row, "name"): row for row in every}
        checks.equal("deleted", "each once", len(rows), len(every))
        prefix = directory.encode() + b"/"
        numbers = {prefix + b"gone": "gone", prefix + b"first": "gone_link",
                   prefix + b"twice (deleted)": "suffix_gone",
                   prefix + b"socket:[2]": "like_socket",
                   prefix + b"#%d" % facts["tmpfile"].ino: "tmpfile"}
        others = {prefix + b"mapped_gone": "mem", prefix + b"gone_directory": "cwd"}
        checks.equal("deleted", "names", set(rows), set(numbers) | set(others))
        for name, key in numbers.items():
            row, fact = rows[name], facts[key]
            blocks = os.stat(f"/proc/{pid}/fd/{fact.fd}").st_blocks
            for column, value in (
                    ("size", fact.size), ("nlink", fact.nlink), ("dev", fact.dev),
                    ("ino", fact.ino), ("kind", "reg"), ("processes", 1), ("count", 1),
                    # Another name keeps it.
                    ("freed", 0 if fact.nlink else blocks * 512),
                    ("holders", [{"pid": pid, "fd": fact.fd, "slot": "fd", "comm": "fd_files"}])):
                checks.equal("deleted", f"{key}: {column}", row[column], value)
        for name, slot in others.items():
            checks.equal("deleted", f"{name}: holders", rows[name]["holders"],
                         [{"pid": pid, "fd": None, "slot": slot, "comm": "fd_files"}])
        freed = [row["freed"] for row in every]
        checks.equal("deleted", "what frees most first", freed, sorted(freed, reverse=True))
        checks.true("deleted", rows[prefix + b"gone"]["freed"] >= 12345, "bytes of a file")
        # In the listing of all it is there, too; as one file with two holders.
        with open(f"/proc/{pid}/fd/{facts['gone'].fd}", "rb") as again:
            row, = [row for row in fd_support.rows_of("--deleted", "-o", "all", stderr=None)
                    if row["ino"] == facts["gone"].ino and row["dev"] == facts["gone"].dev]
            holders = {(holder["pid"], holder["fd"]) for holder in row["holders"]}
            checks.equal("deleted", "two processes", holders,
                         {(pid, facts["gone"].fd), (os.getpid(), again.fileno())})
            checks.equal("deleted", "counts", (row["processes"], row["count"]), (2, 2))


# ---- --shared ----

def test_shared(checks):
    with fd_support.target_in_directory("fd_share") as (target, _):
        pids = {"P": target.pid, "C": target["c"], "K": target["k"]}
        rows = fd_support.rows_of("--shared", "-o", "all", *listed(*pids.values()))
        groups = set()
        for value in target.facts.values():
            if isinstance(value, str) and value[1:2] == ".":
                members = [word.split(".") for word in value.split("+")]
                groups.add(frozenset((pids[who], int(number)) for who, number in members))
        expected = {group for group in groups if len(group) > 1}
        found = {frozenset((holder["pid"], holder["fd"]) for holder in row["holders"])
                 for row in rows}
        standard = {group for group in found if any(number <= 2 for _, number in group)}
        checks.true("shared", len(expected) > 30, "the target shares little")
        checks.equal("shared", "groups", found - standard, expected)
        for row in rows:
            holders = row["holders"]
            checks.equal("shared", "count", row["count"], len(holders))
            checks.equal("shared", "processes", row["processes"],
                         len({holder["pid"] for holder in holders}))
            first = min((holder["pid"], holder["fd"]) for holder in holders)
            checks.equal("shared", "named after the first", row["ofd"], "%d:%d" % first)


# ---- --pairs ----

def holders_of(items):
    """None: nobody has that end."""
    return frozenset((item["pid"], item["fd"]) for item in items or ())


def sides(row):
    return (row["writers"] or []) + (row["readers"] or [])


def channel(row):
    """Of a connection from IPv4 to a socket of IPv6 either may be told first."""
    kind = "inet" if row["kind"] == "inet6" else row["kind"]
    return kind, frozenset((holders_of(row["writers"]), holders_of(row["readers"])))


def pids_of(row):
    return {holder["pid"] for holder in sides(row)}


def is_standard(row):
    """Standard input, output or error of a target."""
    return any(holder["fd"] <= 2 for holder in sides(row))


def sees_all():
    """Whether there is no process that we may not look into: even root may not into all."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for number in os.listdir(f"/proc/{pid}/fd"):
                os.readlink(f"/proc/{pid}/fd/{number}")
        except PermissionError:
            return False
        except OSError:
            pass
    return True


def test_pairs(checks):
    """Each channel once; of what has a direction, from who writes to who reads."""
    with fd_support.target_in_directory("fd_peers") as (target, directory):
        ends = fd_support.Ends(target)
        rows = fd_support.rows_of("--pairs", "-o", "all", *listed(*ends.pids.values()))
        rows = [row for row in rows if not is_standard(row)]
        both = ends.holders("both_rw")
        one_way = {("pipe", ends.holders("pipe_w"), ends.holders("pipe_r")),
                   ("pipe", ends.holders("own_w"), ends.holders("own_r")),
                   ("pipe", ends.holders("lonely_w"), frozenset()),
                   ("fifo", ends.holders("fifo_w"), ends.holders("fifo_r")),
                   ("fifo", ends.holders("both_w") | both, both),
                   ("unix", ends.holders("dgram_client_0"), ends.holders("dgram_server")),
                   ("unix", ends.holders("dgram_client_1"), ends.holders("dgram_server"))}
        found = {(row["kind"], holders_of(row["writers"]), holders_of(row["readers"]))
                 for row in rows if row["direction"] == "->"}
        checks.equal("pairs", "with a direction", found, one_way)
        connections = {frozenset((ends.holders(one), ends.holders(other))) for one, other in (
            ("stream_0", "stream_1"), ("seqpacket_0", "seqpacket_1"), ("many_0", "many_1"),
            ("tcp4_server", "tcp4_client"), ("tcp6_server", "tcp6_client"),
            ("mapped_server", "mapped_client"), ("udp_0", "udp_1"),
            ("pty_master", "pty_slave"))} | {frozenset((ends.holders("pty_lonely"), frozenset()))}
        mutual = [frozenset((holders_of(row["writers"]), holders_of(row["readers"])))
                  for row in rows if row["direction"] == "<->"]
        checks.equal("pairs", "without a direction", set(mutual), connections)
        checks.equal("pairs", "each once", len(rows), len(one_way) + len(connections))
        broken = {row["kind"]: row["broken"] for row in rows if row["broken"]}
        # Of a pipe the kernel tells; of a terminal only who sees all processes can say so.
        checks.equal("pairs", "without another end", broken,
                     {"pipe": "no reader", **({"pty": "no peer"} if sees_all() else {})})
        names = {row["name"] for row in rows}
        checks.true("pairs", {directory + "/fifo", directory + "/both"} <= names,
                    f"names {names}")
        # From one of them its channels are found, with all that have them.
        alone = fd_support.rows_of("--pairs", "-o", "all", *listed(ends.pids["C"]))
        checks.equal("pairs", "from one process",
                     {channel(row) for row in alone if not is_standard(row)},
                     {channel(row) for row in rows if ends.pids["C"] in pids_of(row)})


# ---- --listen ----

def test_listen(checks):
    with fd_support.target_in_directory("fd_sockets") as (target, _):
        facts = fd_support.descriptors(target)
        rows = fd_support.rows_of("--listen", "-o", "all", *listed(target.pid))
        by_ino = {row["ino"]: row for row in rows}
        checks.equal("listen", "each once", len(by_ino), len(rows))
        tcp = {name: (target["backlog"], queue, f"{host}:{target[name + '.port']}", group)
               for name, queue, host, group in (
                   ("tcp4_listener", 3, "127.0.0.1", None), ("tcp6_listener", 0, "[::1]", None),
                   ("mapped_listener", 0, "*", None), ("reuse_0", 0, "127.0.0.1", 3),
                   ("reuse_1", 0, "127.0.0.1", 3), ("reuse_2", 0, "127.0.0.1", 3))}
        abstract = bytes.fromhex(target["abstract_name"]).decode()
        unix = {"stream_listener": (5, 2, "stream", None), "abstract_listener": (4, 0, abstract,
                                                                                 None)}
        udp = {"udp4_bound", "udp6_bound"}
        expected = {facts[name].ino for name in [*tcp, *unix, *udp, "odd_listener"]}
        vsock = {facts["vsock"].ino} if "vsock" in facts else set()
        checks.equal("listen", "sockets", set(by_ino) - vsock, expected)
        for name, (backlog, queue, local, group) in {**tcp, **unix}.items():
            row = by_ino[facts[name].ino]
            for column, value in (("backlog", backlog), ("accept_queue", queue), ("local", local),
                                  ("reuseport_group", group), ("state", "LISTEN"),
                                  ("full", 100.0 * queue / backlog), ("processes", 1)):
                if column == "full":
                    checks.within("listen", f"{name}: full", value - 0.01, row[column],
                                  value + 0.01)
                else:
                    checks.equal("listen", f"{name}: {column}", row[column], value)
            checks.equal("listen", f"{name}: holders", row["holders"],
                         [{"pid": target.pid, "fd": facts[name].fd, "comm": "fd_sockets"}])
            checks.equal("listen", f"{name}: protocol", row["protocol"],
                         "tcp" if name in tcp else "unix")
        checks.equal("listen", "bytes of a path",
                     support.bytes_of(by_ino[facts["odd_listener"].ino], "path"),
                     b"new\n\xffline")


# ---- --summary ----

def test_summary(checks):
    with fd_support.target_in_directory("fd_anon") as (target, _), \
            fd_support.target_in_directory("fd_sockets") as (other, _):
        rows = fd_support.rows_of("--summary", "-o", "all", *listed(target.pid, other.pid))
        single = [row for row in fd_support.rows_of("-o", "pid,slot,fd,kind,user",
                                                    *listed(target.pid, other.pid))
                  if row["slot"] == "fd"]
        by = collections.defaultdict(dict)
        for row in rows:
            by[row["by"]][row["pid"] or row["name"]] = row
        for part, key in (("kind", "kind"), ("user", "user"), ("process", "pid")):
            counts = collections.Counter(row[key] for row in single)
            checks.equal("summary", f"by {part}",
                         {name: row["descriptors"] for name, row in by[part].items()}, counts)
            for name, row in by[part].items():
                pids = {item["pid"] for item in single if item[key] == name}
                checks.equal("summary", f"processes of {name}", row["processes"], len(pids))
        limits = support.read_bytes(f"/proc/{target.pid}/limits").decode()
        soft = int(limits[limits.index("Max open files"):].split()[3])
        row = by["process"][target.pid]
        checks.equal("summary", "limit", row["limit"], soft)
        checks.within("summary", "percent", 100 * row["descriptors"] / soft - 0.01, row["percent"],
                      100 * row["descriptors"] / soft + 0.01)
        system, = by["system"].values()
        words = support.read_bytes("/proc/sys/fs/file-nr").split()
        checks.within("summary", "files of the system", 1, system["files"], int(words[0]) * 10)
        checks.true("summary", system["limit"] in (int(words[2]), None), "file-max")


support.main()
