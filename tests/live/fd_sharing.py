#!/usr/bin/env python3
"""Who shares an open file description, and who is at the other end of a channel: against targets
that know it."""

import os

import fd_support
import support


def holders(text, pids):
    """P.3+C.3 as a set of (PID, number)."""
    result = set()
    for word in text.split("+"):
        who, _, number = word.partition(".")
        result.add((pids[who], int(number)))
    return result


def pairs(items):
    """The objects {pid, fd, ...} of a row, which must not tell one twice."""
    result = [(item["pid"], item["fd"]) for item in items]
    if len(result) != len(set(result)):
        raise support.Unexpected(f"one of these is told twice: {result}")
    return set(result)


# ---- sharing ----

def groups_of(target):
    pids = {"P": target.pid, "C": target["c"], "K": target["k"]}
    groups = {name: holders(value, pids) for name, value in target.facts.items()
              if isinstance(value, str) and value[1:2] == "."}
    return pids, groups


def compare_groups(checks, kind, table, pids, groups):
    """The groups must be these, in every row, whichever processes were listed."""
    by_ofd, group_of = {}, {}
    for name, members in groups.items():
        for member in members:
            group_of[member] = name
    for key, row in table.items():
        name = group_of.get(key)
        if name is None:
            continue
        if not checks.true(kind, row["ofd"] is not None, f"{name} {key}: ofd is null"):
            continue
        checks.equal(kind, f"group of {key} by its ofd", by_ofd.setdefault(row["ofd"], name), name)
        checks.equal(kind, f"{name}: shared_with of {key}", pairs(row["shared_with"]),
                     groups[name] - {key})
    for name in groups:
        ofds = {row["ofd"] for key, row in table.items() if group_of.get(key) == name}
        checks.true(kind, len(ofds) <= 1, f"{name} has the ofds {ofds}")


def test_sharing_by_all_ways(checks):
    """fork, dup, dup2, opened twice, SCM_RIGHTS (and on the way), CLONE_FILES."""
    with fd_support.target_in_directory("fd_share") as (target, _):
        pids, groups = groups_of(target)
        checks.true("targets", len(groups) > 30, "the target tells of fewer groups")
        listed = ",".join(map(str, pids.values()))
        table = fd_support.by_number(fd_support.rows_of("-o", "all", "-p", listed))
        members = set().union(*groups.values())
        checks.equal("rows", "descriptors", {key for key in table if key[1] > 2} - members, set())
        checks.equal("rows", "not listed", members - set(table), set())
        compare_groups(checks, "shared by all", table, pids, groups)
        for name, waiting in (("carrier_0", 0), ("carrier_1", 2), ("channel_0", 0)):
            for key in groups[name]:
                checks.equal("on the way", f"{name}: descriptors that wait in it",
                             table[key]["scm_fds"], waiting)
        # Who shares is of the whole system, whoever was selected.
        for pid in pids.values():
            rows = fd_support.rows_of("-o", "all", "-p", pid)
            alone = fd_support.by_number(rows)
            compare_groups(checks, "shared by one", alone, pids, groups)
            for key, row in alone.items():
                if key in members:
                    checks.equal("steady ofd", f"ofd of {key}", row["ofd"], table[key]["ofd"])


def test_sharing_in_a_listing_of_all(checks):
    with fd_support.target_in_directory("fd_share") as (target, _):
        pids, groups = groups_of(target)
        table = fd_support.by_number(fd_support.rows_of("-o", "pid,slot,fd,ofd,shared_with",
                                                        stderr=None))
        compare_groups(checks, "all processes", table, pids, groups)
        # No ofd joins what differs in what all that share it have.
        members = set().union(*groups.values())
        ofds = {table[key]["ofd"] for key in members}
        others = [key for key, row in table.items() if row["ofd"] in ofds and key not in members]
        checks.equal("all processes", "strangers in our groups", others, [])


def test_sharing_without_rights(checks):
    """Where kcmp(2) is denied there is null and no guess; among our own processes it is told."""
    fd_support.need_nobody()
    with fd_support.target_in_directory("fd_share", prefix=fd_support.AS_NOBODY,
                                        user=fd_support.NOBODY) as (target, _):
        pids, groups = groups_of(target)
        listed = ",".join(map(str, pids.values()))
        rows = fd_support.rows_of("-o", "pid,slot,fd,ofd,shared_with", "-p", listed,
                                  prefix=fd_support.AS_NOBODY, status=None, stderr=None)
        compare_groups(checks, "as nobody", fd_support.by_number(rows), pids, groups)


# ---- the other end ----

def test_other_ends(checks):
    with fd_support.target_in_directory("fd_peers") as (target, _):
        ends = fd_support.Ends(target)
        listed = ",".join(map(str, ends.pids.values()))
        table = fd_support.by_number(fd_support.rows_of("-o", "all", "-p", listed))
        checks.true("targets", len(ends.names) > 25, "the target tells of fewer ends")
        for name in ends.names:
            for key in ends.holders(name):
                peers = table[key]["peers"]
                what = f"{name} {key}: peers"
                if not checks.true("peers", peers is not None, f"{what} are null"):
                    continue
                # One that both reads and writes is a peer of others, never of itself.
                checks.equal("peers", what, pairs(peers), ends.others(name) - {key})
                for peer in peers:
                    checks.equal("names of peers", what, peer["comm"], "fd_peers")
        # The same where only one end is listed.
        for pid in ends.pids.values():
            alone = fd_support.by_number(fd_support.rows_of("-o", "pid,slot,fd,peers", "-p", pid))
            for key, row in alone.items():
                if key[1] > 2:
                    checks.equal("peers of one", f"{key}", row["peers"], table[key]["peers"])


def test_ends_of_pipes_are_counted(checks):
    with fd_support.target_in_directory("fd_peers") as (target, _):
        ends = fd_support.Ends(target)
        table = fd_support.by_number(fd_support.rows_of("-o", "all", "-p", target.pid))
        for name, readers, writers in (("pipe_r", 1, 3), ("own_r", 1, 1), ("own_w", 1, 1),
                                       ("fifo_r", 1, 1), ("both_rw", 1, 2)):
            pipe = table[target.pid, target[name]]["pipe"]
            checks.equal("ends", f"{name}: readers", pipe["readers"], readers)
            checks.equal("ends", f"{name}: writers", pipe["writers"], writers)
        row = fd_support.by_number(fd_support.rows_of("-o", "all", "-p", ends.pids["A"]))
        pipe = row[ends.pids["A"], target["lonely_w"]]["pipe"]
        checks.equal("ends", "a pipe that nobody reads", (pipe["readers"], pipe["writers"]), (0, 1))


# ---- across network namespaces ----

class Wire:
    """Two network namespaces, and a pair of connected devices with an address in each."""

    def __init__(self):
        support.need_root()
        self.ip = support.need_program("ip")
        self.unshare = support.need_program("unshare")
        self.nsenter = support.need_program("nsenter")
        self.spaces = []

    def __enter__(self):
        try:
            self.spaces = [support.Target("names", prefix=[self.unshare, "-n"]) for _ in range(2)]
        except support.Unexpected as error:
            raise support.Skip(f"no network namespaces: {error}") from error
        try:
            a, b = self.spaces
            self.call("link", "add", "fda", "netns", a.pid, "type", "veth", "peer", "name", "fdb",
                      "netns", b.pid, skip=True)
            for space, name, number in ((a, "fda", 1), (b, "fdb", 2)):
                self.call("addr", "add", f"198.51.100.{number}/24", "dev", name, space=space)
                self.call("addr", "add", f"2001:db8::{number}/64", "dev", name, "nodad",
                          space=space)
                self.call("link", "set", name, "up", space=space)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for space in self.spaces:
            space.stop()

    def inside(self, space):
        return [self.nsenter, f"--net=/proc/{space.pid}/ns/net"]

    def call(self, *arguments, space=None, skip=False):
        prefix = self.inside(space) if space else []
        result = support.run([*prefix, self.ip, *map(str, arguments)])
        if result.returncode:
            error = support.Skip if skip else support.Unexpected
            raise error(f"ip {arguments}: {result.stderr.decode().strip()}")


def accepted_by(target, before):
    """The number of the descriptor that the target has made since."""
    found = set(os.listdir(f"/proc/{target.pid}/fd")) - before
    return int(found.pop()) if found else None


def test_across_network_namespaces(checks):
    with Wire() as wire:
        a, b = wire.spaces
        for family, address in (("inet", "198.51.100.2"), ("inet6", "2001:db8::2")):
            with support.Target("fd_end", "listen", address, prefix=wire.inside(b)) as server:
                before = set(os.listdir(f"/proc/{server.pid}/fd"))
                with support.Target("fd_end", "connect", address, str(server["port"]),
                                    prefix=wire.inside(a)) as client:
                    number = support.wait_for("the connection to be accepted",
                                              lambda: accepted_by(server, before))
                    check_connection(checks, family, address, client, server, number)


def check_connection(checks, family, address, client, server, number):
    listed = f"{client.pid},{server.pid}"
    rows = fd_support.by_number(fd_support.rows_of("-o", "all", "-p", listed))
    ours = rows[client.pid, client["socket"]]
    theirs = rows[server.pid, number]
    host = f"[{address}]" if ":" in address else address
    checks.equal("across", "kind", (ours["kind"], theirs["kind"]), (family, family))
    checks.equal("across", "remote of the client", ours["socket"]["remote"],
                 f"{host}:{server['port']}")
    checks.equal("across", "local of the server", theirs["socket"]["local"],
                 f"{host}:{server['port']}")
    checks.equal("across", "addresses", ours["socket"]["local"], theirs["socket"]["remote"])
    checks.equal("across", "peers of the client", pairs(ours["peers"]), {(server.pid, number)})
    checks.equal("across", "peers of the server", pairs(theirs["peers"]),
                 {(client.pid, client["socket"])})
    # The listener has the same addresses as nobody: it has no peer.
    checks.equal("across", "peers of the listener", rows[server.pid, server["socket"]]["peers"], [])
    # Each of them alone: the other's namespace has to be looked up.
    alone = fd_support.rows_of("-o", "pid,slot,fd,peers", "-p", client.pid)
    checks.equal("across", "peers where one is listed",
                 pairs(fd_support.by_number(alone)[client.pid, client["socket"]]["peers"]),
                 {(server.pid, number)})


support.main()
