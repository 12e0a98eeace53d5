#!/usr/bin/env python3
"""--watch on a terminal (keys, signals, size, the terminal afterwards) and into a pipe."""

import fcntl
import json
import os
import re
import signal
import struct
import subprocess
import termios

import support
import terminal

ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
FRAME = b"\x1b[H"
NEVER = "1000"  # seconds: what happens before is the key's doing


def frames(output):
    """The whole screens drawn so far, as lists of lines without colours."""
    screens = []
    for screen in output.split(FRAME)[1:]:
        screen, complete, _ = screen.partition(b"\x1b[J")
        if complete:
            text = terminal.COLOUR.sub(b"", screen.replace(b"\x1b[K", b"")).decode()
            screens.append(text.replace("\r\n", "\n").split("\n"))
    return screens


def watch(*options, rows=24, columns=80, interval=NEVER):
    return terminal.Terminal([support.PS, f"--watch={interval}", *options], rows=rows,
                             columns=columns)


def wait_for_frame(screen, number):
    screen.wait_for(f"frame {number}", lambda output: len(frames(output)) >= number)
    return frames(screen.output)[number - 1]


def check_restored(checks, kind, screen):
    checks.equal(kind, "settings afterwards", screen.settings(), screen.before)
    checks.true(kind, LEAVE in screen.output, "the screen was not left")
    checks.true(kind, screen.output.rindex(LEAVE) > screen.output.rindex(ENTER),
                "the screen was entered again")
    checks.true(kind, b"\x1b[?25h" in screen.output, "no cursor afterwards")


def test_keys(checks):
    with watch() as screen:
        first = wait_for_frame(screen, 1)
        checks.true("keys", not screen.settings()[3] & termios.ECHO, "keys are echoed")
        screen.press(b" ")
        wait_for_frame(screen, 2)
        screen.press(b"x")  # no key of ours
        screen.press(b"\x1b[A")
        screen.press(b" ")
        wait_for_frame(screen, 3)
        screen.press(b"q")
        checks.equal("keys", "exit status", screen.finish(), 0)
        checks.equal("keys", "frames", len(frames(screen.output)), 3)
        check_restored(checks, "keys", screen)
        checks.true("screen", len(first) <= 24, f"{len(first)} lines on a screen of 24")


def test_the_first_screen(checks):
    with support.Target("state", "run", "stop", "zombie"), watch(rows=40) as screen:
        lines = wait_for_frame(screen, 1)
        screen.press(b"q")
        screen.finish()
    for line in lines:
        # With processes in all states at once their count is longer: the terminal cuts it.
        if not line.startswith("tasks"):
            checks.within("screen", f"width of {line!r}", 0, terminal.width(line), 80)
    text = "\n".join(lines)
    load = os.getloadavg()
    match = re.search(r"load (\d+\.\d+) (\d+\.\d+) (\d+\.\d+)", text)
    checks.true("screen", match, f"no load in {lines[:5]}")
    for ours, theirs in zip(match.groups(), load):
        checks.within("screen", "load", theirs - 1, float(ours), theirs + 1)
    match = re.search(r"^tasks +(\d+)((?: +\d+ [a-z ]+?)*)$", text, re.M)
    checks.true("screen", match, f"no tasks in {lines[:5]}")
    states = re.findall(r"(\d+) ([a-z ]+?)(?=  |$)", match[2])
    checks.equal("screen", "sum of states", sum(int(n) for n, _ in states), int(match[1]))
    names = {name for _, name in states}
    checks.true("screen", {"running", "sleeping", "stopped", "zombie"} <= names, f"states {names}")
    processes = sum(name.isdigit() for name in os.listdir("/proc"))
    checks.within("screen", "tasks", processes * 0.8 - 10, int(match[1]), processes * 1.2 + 10)
    with open("/proc/meminfo", encoding="ascii") as file:
        total = int(re.search(r"MemTotal: +(\d+)", file.read())[1]) / 2**20
    match = re.search(r"mem +([\d.]+)([KMGT]) total", text)
    factor = {"K": 2**-20, "M": 2**-10, "G": 1, "T": 2**10}[match[2]]
    checks.within("screen", "memory in GiB", total * 0.9, float(match[1]) * factor, total * 1.1)
    checks.true("screen", re.search(r"^cpu%? +[\d.]+%? user .*[\d.]+%? idle$", text, re.M), f"no CPU line in {lines[:5]}")
    heading = [number for number, line in enumerate(lines) if "PID" in line.split()]
    checks.equal("screen", "place of the heading", heading, [5])
    checks.true("screen", len(lines) > 20, f"only {len(lines)} lines")


def end_by(checks, number, send):
    with watch() as screen:
        wait_for_frame(screen, 1)
        send(screen)
        checks.equal("signals", f"end by {number.name}", screen.finish(), -number)
        check_restored(checks, "signals", screen)


def test_signals(checks):
    end_by(checks, signal.SIGINT, lambda screen: screen.press(b"\x03"))
    end_by(checks, signal.SIGQUIT, lambda screen: screen.press(b"\x1c"))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
        end_by(checks, number, lambda screen, n=number: screen.process.send_signal(n))


def await_keys(shell):
    """Until the tool that a shell started waits for a key."""
    def waits():
        rows = support.rows_of("-o", "pid,state,syscall,comm", "--parent", str(shell.process.pid))
        return any(row["comm"] == "intro-ps" and row["state"] == "S" and
                   row["syscall"] in ("ppoll", None) for row in rows)
    support.wait_for("the tool to wait for a key", waits)


def test_stop_and_go_on(checks):
    """Ctrl-Z below a shell with job control, which then continues it."""
    script = f"set -m; {support.PS} --watch={NEVER}; echo halted $?; fg >/dev/null; echo ended $?"
    with terminal.Terminal(["bash", "-c", script]) as screen:
        wait_for_frame(screen, 1)
        await_keys(screen)
        screen.press(b"\x1a")
        screen.wait_for("the shell", lambda output: b"halted" in output)
        halted = screen.output.index(b"halted")
        checks.true("stop", LEAVE in screen.output[:halted], "the screen was not left")
        checks.true("stop", b"halted %d" % (128 + signal.SIGTSTP) in screen.output,
                    f"{screen.output[halted:halted + 20]!r}")
        wait_for_frame(screen, 2)
        checks.true("stop", ENTER in screen.output[halted:], "the screen was not entered again")
        screen.press(b"q")
        screen.wait_for("the end", lambda output: b"ended 0" in output)
        screen.finish()
        check_restored(checks, "stop", screen)


def test_another_size(checks):
    with watch(rows=30, columns=100) as screen:
        first = wait_for_frame(screen, 1)
        fcntl.ioctl(screen.master, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 60, 0, 0))
        second = wait_for_frame(screen, 2)
        screen.press(b"q")
        screen.finish()
    checks.within("size", "lines before", 13, len(first), 30)
    checks.within("size", "lines after", 7, len(second), 12)
    checks.within("size", "widest before", 61, max(map(terminal.width, first)), 100)
    for line in second[5:]:
        checks.within("size", f"width of {line!r}", 0, terminal.width(line), 60)


def test_changed_rows_stand_out(checks):
    with support.Target("state", "sleep", "seized") as target:
        changing, quiet = target["sleep"], target["seized"]
        with watch("-o", "pid,state,comm", "-p", f"{changing},{quiet}") as screen:
            wait_for_frame(screen, 1)
            os.kill(changing, signal.SIGSTOP)
            support.wait_for("the stop", lambda: support.state_of(changing) == "T")
            screen.press(b" ")
            second = wait_for_frame(screen, 2)
            raw = screen.output.split(FRAME)[2].split(b"\n")
            screen.press(b"q")
            screen.finish()
    lines = {pid: next(line for line in raw
                       if re.search(rb"\b%d\b" % pid, terminal.COLOUR.sub(b" ", line)))
             for pid in (changing, quiet)}
    checks.true("changes", any(re.search(rf"\b{changing} T\b", line) for line in second),
                f"the new state is not shown: {second}")
    colours = {pid: terminal.COLOUR.findall(line) for pid, line in lines.items()}
    checks.true("changes", colours[changing] and len(colours[changing]) > len(colours[quiet]),
                f"colours {colours}")


def read_lines(process, count):
    return [json.loads(process.stdout.readline()) for _ in range(count)]


def test_a_stream_of_json_lines(checks):
    with support.Target("state", "run", "sleep") as target:
        spinning, sleeping = target["run"], target["sleep"]
        command = [support.PS, "-W0.3", "-j", "-o", "pid,state,cpu_percent", "-p",
                   f"{spinning},{sleeping}"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            rows = read_lines(process, 8)
            process.stdout.close()
            # Without a reader it ends, and says nothing.
            checks.equal("stream", "message", process.stderr.read(), b"")
            checks.true("stream", process.wait() in (0, 3), f"ends with {process.returncode}")
    checks.equal("stream", "pids", [row["pid"] for row in rows], [spinning, sleeping] * 4)
    for row in rows[2:]:
        if row["pid"] == sleeping:
            checks.equal("stream", "CPU of a sleeping process", row["cpu_percent"], 0)
        else:
            checks.within("stream", "CPU of a spinning process", 0.1, row["cpu_percent"], 140)


def test_tables_in_a_pipe(checks):
    command = [support.PS, "-W0.1", "-o", "pid,comm", "-p", str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          env=support.ENVIRONMENT) as process:
        output = b""
        while output.count(b"PID COMM") < 3:
            output += process.stdout.readline()
        process.terminate()
        process.wait()
    checks.true("pipe", b"\x1b" not in output, f"escapes in a pipe: {output!r}")
    checks.true("pipe", b"load" in output, "no header")


def test_processes_come_and_go(checks):
    """What was named may end; the watch goes on."""
    with support.Target("state", "sleep") as target:
        pid = target["sleep"]
        command = [support.PS, "-W0.1", "-j", "-o", "pid,state", "-p", f"{pid},{os.getpid()}"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        checks.equal("ends", "first", {row["pid"] for row in read_lines(process, 2)},
                     {pid, os.getpid()})
    support.wait_for("the end of the process", lambda: not os.path.exists(f"/proc/{pid}"))
    alone = 0
    for _ in range(1000):
        row = read_lines(process, 1)[0]
        alone = alone + 1 if row["pid"] == os.getpid() else 0
        if alone == 3:
            break
    checks.equal("ends", "rounds with the other alone", alone, 3)
    process.stdout.close()
    process.wait()
    process.stderr.close()


if __name__ == "__main__":
    support.main()
