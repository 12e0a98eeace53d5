#!/usr/bin/env python3
"""summary.py BUILD=JUNIT...: adds up what ctest has run and ends with "N passed, N failed, N skipped".

Counted are cases where a test tells them one by one (TAP of bats, the lines of cmocka), else whole
tests. Every skip is printed with its reason. Fails if anything failed or nothing ran.
"""

import re
import sys
import xml.etree.ElementTree as ET

TAP = re.compile(r"^(not )?ok \d+ (.*?)(?: # skip ?(.*))?$", re.MULTILINE | re.IGNORECASE)
CMOCKA = re.compile(r"^\[\s+(OK|FAILED|SKIPPED|ERROR)\s+\] (\S+)$", re.MULTILINE)
# What a test in Python or shell prints for a case that it leaves out.
SKIP_LINE = re.compile(r"^(?:# )?skip(?:ped)?:? (.*)$", re.MULTILINE | re.IGNORECASE)


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


class Sum:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def add(self, name, status, output):
        cases = 0
        failed_before = len(self.failed)
        for match in TAP.finditer(output):
            negated, case, reason = match.groups()
            cases += 1
            if reason is not None:
                self.skipped.append((f"{name}: {case}", reason))
            elif negated:
                self.failed.append(f"{name}: {case}")
            else:
                self.passed += 1
        if not cases:
            for what, case in CMOCKA.findall(output):
                if what == "OK":
                    self.passed += 1
                elif what == "SKIPPED":
                    # cmocka prints the reason, if the test did, on the line before
                    before = output[: output.find(f"[  SKIPPED ] {case}")]
                    self.skipped.append((f"{name}: {case}", last_line(before)))
                elif f"{name}: {case}" not in self.failed:
                    self.failed.append(f"{name}: {case}")
                else:
                    continue  # cmocka names the failed ones again at the end
                cases += 1
        if status == "fail":
            if len(self.failed) == failed_before:
                self.failed.append(name)
            return
        if status in ("notrun", "disabled"):
            self.skipped.append((name, SKIP_LINE.sub(r"\1", last_line(output))))
            return
        if not cases:
            self.passed += 1
            for reason in SKIP_LINE.findall(output):
                self.skipped.append((name, reason))


def self_test():
    total = Sum()
    total.add("a", "run", "1..3\nok 1 one\nok 2 two # skip no tty\nok 3 three\n")
    total.add("b", "fail", "1..2\nok 1 one\nnot ok 2 two\n# (in test file)\n")
    total.add("c", "run", "[ RUN      ] x\n[       OK ] x\n[ RUN      ] y\nno root\n[  SKIPPED ] y\n")
    total.add("d", "fail", "Segmentation fault\n")
    total.add("e", "notrun", "skip: not root\n")
    total.add("f", "run", "fine\n")
    total.add("g", "fail", "[  FAILED  ] x\n[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] x\n")
    assert total.passed == 5, total.passed
    assert total.failed == ["b: two", "d", "g: x"], total.failed
    assert total.skipped == [("a: two", "no tty"), ("c: y", "no root"), ("e", "not root")], total.skipped


def main():
    total = Sum()
    for argument in sys.argv[1:]:
        build, _, path = argument.partition("=")
        try:
            suite = ET.parse(path).getroot()
        except (OSError, ET.ParseError) as e:
            total.failed.append(f"{build}: no result: {e}")
            continue
        for case in suite.iter("testcase"):
            output = case.findtext("system-out") or ""
            total.add(f"{build} {case.get('name')}", case.get("status"), output)
    print()
    if total.skipped:
        print(f"{len(total.skipped)} skipped:")
        for name, reason in total.skipped:
            print(f"  {name}: {reason or 'no reason given'}")
    if total.failed:
        print(f"{len(total.failed)} failed:")
        for name in total.failed:
            print(f"  {name}")
    ran = total.passed + len(total.failed)
    if not ran:
        print("no test ran")
    print(f"{total.passed} passed, {len(total.failed)} failed, {len(total.skipped)} skipped")
    return 1 if total.failed or not ran else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    else:
        sys.exit(main())
