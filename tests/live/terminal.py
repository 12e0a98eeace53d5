"""A pseudo-terminal for tests: what a program shows on a screen, and what keys do to it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata

import support

# What colours look like; everything else that begins with ESC moves or erases.
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")


def width(text):
    """Cells that a text takes."""
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, command, rows=24, columns=80, env=None, stderr=None):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.output = b""
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave,
            stderr=self.slave if stderr is None else stderr,
            env=env or support.ENVIRONMENT, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def settings(self):
        return termios.tcgetattr(self.slave)

    def take(self, seconds=0.0):
        """Reads what there is, waiting for so long for the first bytes."""
        if select.select([self.master], [], [], seconds)[0]:
            data = os.read(self.master, 65536)
            self.output += data
            return data
        return b""

    def wait_for(self, what, condition):
        """Reads until the condition on all output holds."""
        deadline = time.monotonic() + support.PATIENCE
        while not condition(self.output):
            if time.monotonic() > deadline:
                raise support.Unexpected(f"waited in vain for {what}: {self.output[-300:]!r}")
            self.take(0.05)

    def press(self, keys):
        os.write(self.master, keys)

    def finish(self):
        """Waits for the end, reads the rest, and gives the exit status."""
        deadline = time.monotonic() + support.PATIENCE
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                self.process.kill()
                raise support.Unexpected("it does not end")
            self.take(0.01)
        while self.take():
            pass
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def show(command, status=0, **options):
    """What a command that ends by itself writes to a terminal, with plain line ends."""
    with Terminal(command, **options) as terminal:
        ended = terminal.finish()
        if ended != status:
            raise support.Unexpected(f"{command}: exit status {ended}: {terminal.output!r}")
        return terminal.output.replace(b"\r\n", b"\n")
