"""What the live tests share: running the tools, starting targets, counting checks, TAP output.

A test file defines functions test_NAME(checks) and ends with support.main(). Each becomes a line
of TAP. A test that compares nothing fails: it would not see anything.
"""

import base64
import collections
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback

BIN = os.environ.get("INTRO_BIN_DIR", "")
TARGETS = os.environ.get("INTRO_TARGETS_DIR", "")
SOURCE = os.environ.get("INTRO_SOURCE_DIR", "")
BUILD = os.environ.get("INTRO_BUILD_DIR", "")
SANITIZED = bool(os.environ.get("INTRO_SANITIZE"))
PS = os.path.join(BIN, "intro-ps")
# How long anything may take before a test gives up waiting for it.
PATIENCE = 60 if SANITIZED else 20
IS_ROOT = os.geteuid() == 0
# Messages and texts do not depend on the user's language, names do on a charset.
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
for variable in ("NO_COLOR", "COLUMNS", "LINES"):
    ENVIRONMENT.pop(variable, None)


class Skip(Exception):
    """Raised with the reason why a test cannot run here."""


class Checks:
    """Counts what is compared, by kind, and keeps what is wrong."""

    def __init__(self):
        self.counts = collections.Counter()
        self.failures = []

    def fail(self, message):
        self.failures.append(message)

    def true(self, kind, condition, message):
        self.counts[kind] += 1
        if not condition:
            self.fail(message)
        return bool(condition)

    def equal(self, kind, what, ours, expected):
        return self.true(kind, ours == expected, f"{what}: {ours!r} in place of {expected!r}")

    def within(self, kind, what, low, ours, high):
        ok = ours is not None and low <= ours <= high
        return self.true(kind, ok, f"{what}: {ours!r} is not between {low!r} and {high!r}")


def main(tests=None):
    """Runs the functions test_* of the program, prints TAP, and ends it."""
    module = sys.modules["__main__"]
    names = tests or [name for name in vars(module) if name.startswith("test_")]
    wanted = sys.argv[1:]
    names = [name for name in names if not wanted or name in wanted]
    failed, reasons = 0, []
    print(f"1..{len(names)}", flush=True)
    for number, name in enumerate(names, 1):
        checks = Checks()
        title = name[len("test_"):].replace("_", " ")
        reason = None
        started = time.monotonic()
        try:
            getattr(module, name)(checks)
        except Skip as skip:
            reason = str(skip)
        except Exception:  # whatever went wrong, the other tests are run
            checks.fail(traceback.format_exc())
        if reason is None and not checks.failures and not sum(checks.counts.values()):
            checks.fail("nothing was compared")
        for failure in checks.failures[:40]:
            print("# " + failure.replace("\n", "\n# "))
        if len(checks.failures) > 40:
            print(f"# and {len(checks.failures) - 40} more")
        for kind, count in checks.counts.items():
            print(f"#   {kind}: {count} compared")
        if os.environ.get("INTRO_TEST_TIMES"):
            print(f"#   {time.monotonic() - started:.1f} s")
        if checks.failures:
            failed += 1
            print(f"not ok {number} {title}", flush=True)
        elif reason is not None:
            reasons.append(reason)
            print(f"ok {number} {title} # skip {reason}", flush=True)
        else:
            print(f"ok {number} {title}", flush=True)
    if failed:
        sys.exit(1)
    if reasons and len(reasons) == len(names):
        print(f"skip: {reasons[0]}")
        sys.exit(77)
    sys.exit(0)


def need_root():
    if not IS_ROOT:
        raise Skip("needs root")


def need_program(name):
    for directory in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/sbin"]:
        if os.access(os.path.join(directory, name), os.X_OK):
            return os.path.join(directory, name)
    raise Skip(f"{name} is not installed")


# ---- running ----

def run(command, **options):
    """Like subprocess.run with captured bytes."""
    options.setdefault("env", ENVIRONMENT)
    options.setdefault("stdin", subprocess.DEVNULL)
    if "stdout" not in options:
        options["stdout"] = subprocess.PIPE
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("timeout", PATIENCE * 3)
    return subprocess.run(command, check=False, **options)


class Unexpected(Exception):
    pass


def ps(*arguments, status=0, stderr=b"", prefix=(), **options):
    """Standard output of intro-ps. `stderr` is what it must say; None: whatever it says."""
    result = run([*prefix, PS, *arguments], **options)
    if result.returncode != status:
        raise Unexpected(f"intro-ps {' '.join(map(repr, arguments))}: exit status "
                         f"{result.returncode} in place of {status}: {result.stderr!r}")
    if stderr is not None and result.stderr != stderr:
        raise Unexpected(f"intro-ps {' '.join(map(repr, arguments))}: says {result.stderr!r} "
                         f"in place of {stderr!r}")
    return result.stdout


def ps_json(*arguments, **options):
    return json.loads(ps("-J", *arguments, **options).decode())


def rows_of(*arguments, **options):
    return ps_json(*arguments, **options)["rows"]


def row_of(pid, *arguments, tid=None, **options):
    """The one row of a process or thread. A named process that cannot be read is no failure."""
    operand = f"{pid}/{tid}" if tid else str(pid)
    options.setdefault("stderr", None)
    result = run([*options.pop("prefix", ()), PS, "-J", "-o", "all", *arguments, operand])
    rows = json.loads(result.stdout.decode())["rows"]
    if len(rows) != 1:
        raise Unexpected(f"{len(rows)} rows for {operand}: {result.stderr!r}")
    return rows[0]


def bytes_of(row, key):
    """The exact bytes of a text, or of the items of a list."""
    value, exact = row[key], row.get(key + "_b64")
    if isinstance(value, list):
        exact = exact or [None] * len(value)
        return [item.encode() if b64 is None else base64.b64decode(b64, validate=True)
                for item, b64 in zip(value, exact, strict=True)]
    if value is None:
        return None
    return value.encode() if exact is None else base64.b64decode(exact, validate=True)


# ---- waiting ----

def wait_for(what, condition, patience=None):
    """Asks until the condition gives something true, and returns that."""
    deadline = time.monotonic() + (patience or PATIENCE)
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise Unexpected(f"waited in vain for {what}")
        time.sleep(0.002)


def read_bytes(path):
    """The contents of a file, or None where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.readall()
    except OSError:
        return None


def state_of(pid, tid=None):
    text = read_bytes(f"/proc/{pid}/task/{tid}/stat" if tid else f"/proc/{pid}/stat")
    return text[text.rindex(b")") + 2:][:1].decode() if text else None


# ---- targets ----

class Target:
    """A target program, from its ready line to the end of its input."""

    def __init__(self, name, *arguments, argv0=None, prefix=(), **options):
        program = os.path.join(TARGETS, name)
        command = [*prefix, program, *arguments]
        if argv0 is not None:
            command = [argv0, *arguments]
            options["executable"] = program
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        **options)
        line = self.read_line()
        words = line.rstrip("\n").split(" ")  # split() would also part words at U+00A0
        if not words or words[0] != "ready":
            self.stop()
            raise Unexpected(f"target {name} says {line!r}")
        self.facts = {}
        for word in words[1:]:
            key, _, value = word.partition("=")
            self.facts[key] = int(value) if value.isdigit() else value
        self.pid = self.facts["pid"]

    def read_line(self):
        deadline = time.monotonic() + PATIENCE
        line = b""
        descriptor = self.process.stdout.fileno()
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise Unexpected(f"target {self.name} says nothing")
            byte = os.read(descriptor, 1)
            if not byte:
                break
            line += byte
        return line.decode()

    def __getitem__(self, key):
        return self.facts[key]

    def stop(self):
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def names_target(comm=None, arguments=(b"names",), **environment):
    """The target `names` with these bytes: its first argument is argv[0]."""
    env = {**ENVIRONMENT, **environment}
    if comm is not None:
        env["TARGET_COMM"] = comm.hex()
    return Target("names", *arguments[1:], argv0=arguments[0], env=env)
