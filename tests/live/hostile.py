#!/usr/bin/env python3
"""Names with any bytes: what reaches a terminal is harmless, JSON is valid and tells the bytes,
and raw output can be turned back."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata

import support
import terminal
import zoo

ESCAPE = re.compile(rb"\\(n|t|r|e|N|\\|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")


def unescape(cell):
    """The inverse of raw output, as the manual has it. None for null."""
    if cell == b"\\N":
        return None

    def replace(match):
        word = match[1]
        if word[:1] == b"x":
            return bytes([int(word[1:], 16)])
        if word[:1] in (b"u", b"U"):
            return chr(int(word[1:], 16)).encode()
        return {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"\\": b"\\", b"e": b""}[word]

    without = ESCAPE.sub(b"", cell)
    if b"\\" in without:
        raise support.Unexpected(f"a backslash that is no escape: {cell!r}")
    return ESCAPE.sub(replace, cell)


def split_list(cell):
    """Items of a list in raw output: a comma inside an item is escaped."""
    return [unescape(item) for item in cell.split(b",")]


def harmful(text, charset="utf-8"):
    """The first character of a table that may not be there, or None."""
    try:
        decoded = text.decode(charset)
    except UnicodeDecodeError as error:
        return repr(text[error.start:error.end])
    for character in decoded:
        kind = unicodedata.category(character)
        if character != "\n" and (kind in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co") or
                                  character == "\x7f"):
            return repr(character)
    return None


class Zoo:
    """Processes with hostile names: comm, and the arguments that come with it."""

    def __init__(self, stack):
        self.facts = {}  # pid -> (comm, argv)
        arguments = dict(zoo.NAMES)
        for name, text in arguments.items():
            argv = [text or b"", text + b"\xc3", b"", b"--" + text, b"last"]
            self.add(stack, text[:15], argv)
        self.add(stack, b"long", [b"names", b"\x1b]0;\n\t" * 700])
        self.add(stack, b"longer", [b"\xe2\x80\xae" * 1000, b"\\" * 4096])
        self.add(stack, b"large", [b"names"] + [bytes([65 + i % 26]) * 8192 for i in range(100)])
        target = stack.enter_context(support.names_target(b"none", TARGET_NO_ARGUMENTS="1"))
        self.facts[target.pid] = (b"none", None)
        title = b"a title\nof \xff two lines"
        target = stack.enter_context(support.names_target(
            b"title", [b"x" * 40, b"y"], TARGET_TITLE=title.hex()))
        self.facts[target.pid] = (b"title", [title] + [b""] * (43 - len(title) - 1))

    def add(self, stack, comm, argv):
        target = stack.enter_context(support.names_target(comm, argv))
        self.facts[target.pid] = (comm, argv)

    @property
    def pids(self):
        return ",".join(map(str, self.facts))


@contextlib.contextmanager
def hostile_processes():
    with contextlib.ExitStack() as stack:
        yield Zoo(stack)


def arguments_of(argv):
    if argv is None:
        return None
    return b" ".join(argv).rstrip(b" ") if argv[-1] == b"" else b" ".join(argv)


def check_json_row(checks, kind, row, comm, argv):
    checks.equal(kind, f"{comm!r}: comm", support.bytes_of(row, "comm"), comm)
    checks.equal(kind, f"{comm!r}: argv", support.bytes_of(row, "argv"), argv)
    checks.equal(kind, f"{comm!r}: args", support.bytes_of(row, "args"), arguments_of(argv))
    for key in ("comm", "args"):
        if row[key] is not None:
            valid = support.bytes_of(row, key).decode("utf-8", "replace")
            has_bytes = key + "_b64" in row
            checks.equal(kind, f"{comm!r}: {key}_b64", has_bytes,
                         support.bytes_of(row, key).decode("utf-8", "ignore").encode() !=
                         support.bytes_of(row, key))
            if not has_bytes:
                checks.equal(kind, f"{comm!r}: {key}", row[key], valid)
            else:
                checks.true(kind, "\ufffd" in row[key], f"{key} does not show what is invalid")


def test_json_gives_the_bytes_back(checks):
    with hostile_processes() as processes:
        output = support.ps("-J", "-o", "pid,comm,args,argv", "-p", processes.pids)
        rows = json.loads(output.decode("utf-8", "strict"))["rows"]
        checks.equal("json", "rows", [row["pid"] for row in rows], list(processes.facts))
        for row in rows:
            check_json_row(checks, "json", row, *processes.facts[row["pid"]])
        lines = support.ps("-j", "-o", "pid,comm,args,argv", "-p", processes.pids).splitlines()
        checks.equal("ndjson", "rows", len(lines), len(processes.facts))
        for line in lines:
            row = json.loads(line.decode("utf-8", "strict"))
            check_json_row(checks, "ndjson", row, *processes.facts[row["pid"]])


def test_jq_gives_the_bytes_back(checks):
    support.need_program("jq")
    program = '[.pid, (.comm_b64 // (.comm | @base64)), (.args_b64 // ((.args // "") | @base64))]'
    with hostile_processes() as processes:
        options = ["-o", "pid,comm,args", "-p", processes.pids]
        for kind, output, filter_ in (
                ("jq, json", support.ps("-J", *options), ".rows[] | " + program),
                ("jq, ndjson", support.ps("-j", *options), program)):
            result = support.run(["jq", "-c", filter_], input=output, stdin=None)
            checks.equal(kind, "exit status of jq", result.returncode, 0)
            rows = [json.loads(line) for line in result.stdout.splitlines()]
            checks.equal(kind, "rows", len(rows), len(processes.facts))
            for pid, comm, args in rows:
                expected, argv = processes.facts[pid]
                ours = support.bytes_of({"comm": "", "comm_b64": comm}, "comm")
                checks.equal(kind, "comm", ours, expected)
                ours = support.bytes_of({"args": "", "args_b64": args}, "args")
                checks.equal(kind, "args", ours, arguments_of(argv) or b"")


def test_raw_can_be_turned_back(checks):
    with hostile_processes() as processes:
        for charset in ("C.UTF-8", "C"):
            env = {**support.ENVIRONMENT, "LC_ALL": charset}
            output = support.ps("-r", "-o", "pid,comm,args,argv", "-p", processes.pids, env=env)
            checks.equal("raw", "harmful bytes", harmful(
                output.replace(b"\t", b" "), "ascii" if charset == "C" else "utf-8"), None)
            lines = output.split(b"\n")
            checks.equal("raw", "lines", len(lines), len(processes.facts) + 2)
            checks.equal("raw", "heading", len(lines[0].split(b"\t")), 4)
            for line in lines[1:-1]:
                cells = line.split(b"\t")
                comm, argv = processes.facts[int(cells[0])]
                checks.equal("raw", f"{comm!r}: comm", unescape(cells[1]), comm)
                checks.equal("raw", f"{comm!r}: args", unescape(cells[2]), arguments_of(argv))
                if argv is None:
                    checks.equal("raw", "argv", cells[3], b"\\N")
                else:
                    checks.equal("raw", f"{comm!r}: argv", split_list(cells[3]), argv)


def test_tables_are_harmless(checks):
    with hostile_processes() as processes:
        for charset in ("C.UTF-8", "C"):
            env = {**support.ENVIRONMENT, "LC_ALL": charset}
            coding = "ascii" if charset == "C" else "utf-8"
            for options in ((), ("-o", "pid,comm"), ("-o", "pid,args,comm"), ("-t",), ("-T",),
                            ("--view", "full"), ("-o", "argv"), ("--color=always",)):
                command = [*options, "-p", processes.pids]
                output = terminal.COLOUR.sub(b"", support.ps(*command, env=env))
                checks.equal("table", f"{options} {charset}: harmful", harmful(output, coding), None)
                checks.equal("table", f"{options}: lines", output.count(b"\n"),
                             len(processes.facts) + 1)
                shown = terminal.show([support.PS, *command], env=env)
                shown = terminal.COLOUR.sub(b"", shown)
                checks.equal("terminal", f"{options} {charset}: harmful",
                             harmful(shown, coding), None)
                checks.equal("terminal", f"{options}: lines", shown.count(b"\n"),
                             len(processes.facts) + 1)
                if not options:
                    widest = max(terminal.width(line) for line in shown.decode().splitlines())
                    checks.within("terminal", f"{charset}: width", 40, widest, 80)


def test_tables_show_what_is_there(checks):
    """Escapes as the contract has them."""
    shown = {"newline": b"a\\nb", "escape": b"\\x1b[31mred\\x1b[0m", "invalid": b"\\xff\\xfe\\xc3",
             "override": b"a\\u202eb", "parenthesis": b") S 1 1 (x", "wide": "日本語é".encode(),
             "delete and c1": b"\\x7f\\xc2\\x9b31m\\xc2\\x85"}
    with contextlib.ExitStack() as stack:
        for name, expected in shown.items():
            text = zoo.NAMES[name]
            target = stack.enter_context(support.names_target(text, [text]))
            output = support.ps("-n", "-o", "comm", str(target.pid))
            checks.equal("shown", name, output.strip(), expected)
            output = support.ps("-n", "-o", "args", str(target.pid))
            checks.equal("shown", f"args of {name}", output.strip(), expected)
            # The state is right although the name looks like more of the line.
            checks.equal("shown", f"state of {name}",
                         support.row_of(target.pid)["state"], "S")


def test_names_find_their_processes(checks):
    for name, text in zoo.NAMES.items():
        if not text or b"\\" in text:
            continue
        with support.names_target(text, [b"names"]) as target:
            rows = support.ps_json("-o", "pid,comm", text)["rows"]
            # Others may run this test at the same time: all must be called so, ours among them.
            pids = [row["pid"] for row in rows]
            checks.true("operands", target.pid in pids, f"{name}: not in {pids}")
            for row in rows:
                checks.equal("operands", name, support.bytes_of(row, "comm"), text)
    result = support.run([support.PS, b"no\nsuch\x1b[31m\xff"])
    checks.equal("messages", "exit status", result.returncode, 1)
    checks.equal("messages", "harmful", harmful(result.stderr), None)
    checks.equal("messages", "lines", result.stderr.count(b"\n"), 1)
    for options in (["-o", b"\x1b[31m"], ["--view", b"\n"], ["-Q", b"\x1b==\xff"], ["-p", b"\x1b"],
                    [b"--\x1b\n"], ["--procfs", b"/\x1b[31m\n"], ["--state", b"\xff"],
                    ["-u", b"\n\x1b"], ["--sort", b"\x07"]):
        result = support.run([support.PS, *options])
        checks.true("messages", result.returncode in (1, 2), f"{options}: {result.returncode}")
        checks.true("messages", result.stderr, f"{options}: no message")
        checks.equal("messages", f"{options}: harmful", harmful(result.stderr), None)
        checks.equal("messages", f"{options}: output", result.stdout, b"")


def test_filters_see_the_bytes(checks):
    cases = {"newline": "comm == 'a' || char(10) || 'b'", "parenthesis": "comm == ') S 1 1 (x'",
             "override": "comm == 'a' || char(8238) || 'b'", "wide": "comm == '日本語é'",
             "escape": "comm like char(27) || '[31m%'", "quotes": "comm == '\"'';--,'",
             "empty": "comm == ''", "invalid": "hex(comm) == 'FFFEC3'"}
    for name, expression in cases.items():
        text = zoo.NAMES[name]
        with support.names_target(text, [b"names"]) as target:
            rows = support.rows_of("-o", "pid,comm", "-Q", expression)
            pids = [row["pid"] for row in rows]
            checks.true("filter", target.pid in pids, f"{name}: not in {pids}")
            for row in rows:
                checks.equal("filter", name, support.bytes_of(row, "comm"), text)


def test_paths_and_environments(checks):
    """The program, the working directory and the environment can have any bytes, too."""
    hostile = b"a\nb\x1b[31m\xff) S 1"
    with tempfile.TemporaryDirectory() as directory:
        place = os.path.join(directory.encode(), hostile)
        os.mkdir(place)
        program = os.path.join(place, b"names")
        shutil.copy(os.path.join(support.TARGETS, "names").encode(), program)
        environment = {b"HOSTILE": b"\xff\n\x1b"}
        process = subprocess.Popen([program], cwd=place, env=environment,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            process.stdout.readline()
            real = os.path.realpath(place)
            row = support.row_of(process.pid)
            checks.equal("paths", "exe", support.bytes_of(row, "exe"), real + b"/names")
            checks.equal("paths", "cwd", support.bytes_of(row, "cwd"), real)
            checks.equal("paths", "environ", support.bytes_of(row, "environ"),
                         [b"HOSTILE=\xff\n\x1b"])
            output = support.ps("-o", "exe,cwd,environ", str(process.pid))
            checks.equal("paths", "harmful", harmful(output), None)
            os.unlink(program)
            row = support.row_of(process.pid)
            checks.equal("paths", "deleted exe", support.bytes_of(row, "exe"),
                         real + b"/names (deleted)")
            process.stdin.close()


if __name__ == "__main__":
    support.main()
