#!/usr/bin/env python3
"""The commands that the README shows are run, and say what it shows of their form."""

import json
import os
import re
import subprocess

import support

README = os.path.join(support.SOURCE, "README.md")
# A filter may find nothing on this machine.
MAY_BE_EMPTY = re.compile(r"-Q|--filter")


def commands_with_output():
    """[(command, the lines shown below it)] of all code blocks."""
    found = []
    with open(README, encoding="utf-8") as file:
        text = file.read()
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found and block.startswith("$ "):
                found[-1][1].append(line)
    return found


def run_in_shell(command):
    env = {**support.ENVIRONMENT, "PATH": support.BIN + ":" + os.environ["PATH"]}
    return support.run(["bash", "-o", "pipefail", "-c", command], env=env)


def is_heading(line):
    words = line.split()
    return bool(words) and all(re.fullmatch(r"[A-Z%#]+", word) for word in words)


def test_commands_of_the_readme(checks):
    if not os.path.exists(README):
        raise support.Skip("there is no README yet")
    found = commands_with_output()
    checks.true("commands", len(found) >= 5, f"only {len(found)} commands found")
    # A shell, as any user of a README has one; and a real-time process, where that is allowed.
    with subprocess.Popen(["bash", "-c", "read -r"], stdin=subprocess.PIPE) as shell, \
            support.Target("sched", "fifo/prio=3"):
        support.wait_for("bash", lambda: support.read_bytes(f"/proc/{shell.pid}/comm") == b"bash\n")
        for command, shown in found:
            result = run_in_shell(command)
            allowed = (0, 1) if MAY_BE_EMPTY.search(command) else (0,)
            checks.true("commands", result.returncode in allowed,
                        f"{command}: exit status {result.returncode}: {result.stderr!r}")
            # Root may be kept from reading somebody's, too, and is told so where it named him.
            complaints = [line for line in result.stderr.decode().splitlines()
                          if "cannot read" not in line and "may not" not in line]
            checks.equal("commands", f"{command}: messages", complaints, [])
            output = result.stdout.decode()
            if shown and is_heading(shown[0]) and output:
                checks.equal("headings", command, output.splitlines()[0].split(), shown[0].split())
            elif shown and shown[0].startswith("{"):
                document = json.loads(output)
                example = json.loads("".join(shown))
                checks.equal("documents", f"{command}: keys", list(document), list(example))
                if "rows" in example:
                    checks.equal("documents", f"{command}: keys of a row",
                                 list(document["rows"][0]), list(example["rows"][0]))
        shell.stdin.close()
    checks.true("headings", checks.counts["headings"] >= 2, "no output was compared")


def test_links_of_the_readme(checks):
    if not os.path.exists(README):
        raise support.Skip("there is no README yet")
    with open(README, encoding="utf-8") as file:
        for link in re.findall(r"\]\(([^)#]+)", file.read()):
            if "://" not in link:
                checks.true("links", os.path.exists(os.path.join(support.SOURCE, link)),
                            f"{link} is not there")


if __name__ == "__main__":
    support.main()
