"""A collection of targets in all known states, for tests that look at everything at once."""

import contextlib

import support

SCHED = [f"other/nice={nice}" for nice in (-20, -7, 0, 7, 19)] + [
    "batch/nice=3", "idle", "fifo/prio=1", "fifo/prio=99/reset", "rr/prio=50/cpu=0",
    "deadline/runtime=1000000/deadline=10000000/period=20000000",
    "other/reset/cpu=1", "other/io=1.3", "other/io=2.6", "batch/io=3.0",
]
# What an ordinary user may do.
SCHED_UNPRIVILEGED = ["other/nice=0", "other/nice=7", "other/nice=19", "batch/nice=3", "idle",
                      "other/reset", "other/io=2.6", "batch/io=3.0"]

STATES = "run sleep disk stop traced seized zombie leader stepchild".split()
JOBS = ("leader group orphan pty daemon daemon_leader daemon_tty daemon_cwd daemon_umask "
        "daemon_fds daemon_closed daemon_parent").split()
THREADS = "futex read poll nanosleep epoll accept sigwait pause plain:odd\xa0name".split(" ")

SIGNALS = [
    [],
    ["block=10", "thread=10"],
    ["block=12", "process=12"],
    ["block=40", "queue=40", "queue=40", "queue=40", "block=64", "queue=64"],
    ["ignore=1", "catch=2", "catch=15", "ignore=34", "catch=63"],
    ["block=1", "block=32", "block=33", "block=10", "thread=10", "process=1", "catch=10"],
]

CREDENTIALS = [
    ["groups=5+1000+100000", "umask=0", "gid=11+12+13", "uid=1001+1002+1003"],
    ["uid=65534+65534+65534", "no_new_privs", "filter"],
    ["fsgid=77", "fsuid=78", "umask=077"],
    ["unbound=16", "keep", "gid=9+9+9", "uid=9+9+9", "caps=3400", "ambient=13"],
    ["caps=0"],
    ["dumpable=0", "umask=02"],
    ["strict"],
]

NAMES = {
    "newline": b"a\nb",
    "parenthesis": b") S 1 1 (x",
    "escape": b"\x1b[31mred\x1b[0m",
    "override": "a\u202eb".encode(),
    "invalid": b"\xff\xfe\xc3",
    "cut character": "abcdefghijklm\u20ac".encode()[:15],
    "empty": b"",
    "spaces": b" x  y ",
    "backslash": b"a\\nb\\",
    "quotes": b"\"';--,",
    "controls": bytes(range(1, 16)),
    "more controls": bytes(range(16, 31)),
    "delete and c1": b"\x7f\xc2\x9b31m\xc2\x85",
    "wide": "\u65e5\u672c\u8a9e\u00e9".encode(),
}


@contextlib.contextmanager
def everything():
    """All targets that this user may start, by name."""
    with contextlib.ExitStack() as stack:
        def start(name, *arguments):
            return stack.enter_context(support.Target(name, *arguments))

        zoo = {
            "state": start("state", *STATES),
            "sched": start("sched", *(SCHED if support.IS_ROOT else SCHED_UNPRIVILEGED)),
            "sched threads": start("sched", "-T",
                                   *(SCHED if support.IS_ROOT else SCHED_UNPRIVILEGED)),
            "jobs": start("jobs", *JOBS),
            "threads": start("threads", *THREADS),
        }
        for number, words in enumerate(SIGNALS):
            zoo[f"signals {number}"] = start("signals", *words)
        for name, text in NAMES.items():
            zoo["name " + name] = stack.enter_context(
                support.names_target(text, [b"names", text, text + b"!", b"", b"\xff" * 3]))
        zoo["name long"] = stack.enter_context(
            support.names_target(b"x" * 15, [b"names", b"y\n" * 2048]))
        zoo["name none"] = stack.enter_context(
            support.names_target(b"none", TARGET_NO_ARGUMENTS="1"))
        if support.IS_ROOT:
            for number, words in enumerate(CREDENTIALS):
                zoo[f"creds {number}"] = start("creds", *words)
            for levels in (1, 3):
                zoo[f"nested {levels}"] = start("nested", str(levels))
        yield zoo
