#!/usr/bin/env python3
"""Descriptors that open and close at full speed while they are listed: what is told of one is of
one and the same file, and nothing that ends is an error."""

import json
import re

import fd_support
import support

LISTINGS = 10 if support.SANITIZED else 50
COLUMNS = ("pid,slot,fd,kind,access,flags,cloexec,offset,dev,ino,size,nlink,name,link,deleted,"
           "socket,eventfd")


def check_row(checks, row, directory, files):
    """What a name tells must be true of everything else in its row; null is no claim."""
    name, kind, what = row["name"], row["kind"], f"{row['fd']} {row['name']}"

    def told(column, expected):
        if row[column] is not None:
            checks.equal("values", f"{what}: {column}", row[column], expected)

    checks.true("rows", name is not None and row["kind"] != "unknown",
                f"a row that says nothing: {row}")
    numbered = re.fullmatch(r"(pipe|socket):\[(\d+)\]", name or "")
    if numbered:
        told("ino", int(numbered[2]))
        told("offset", 0)
        told("nlink", 1)
        checks.true("kinds", kind == ("pipe" if numbered[1] == "pipe" else "unix"),
                    f"{what} is of kind {kind}")
        if row["flags"] is not None:
            checks.equal("values", f"{what}: flags", row["flags"],
                         ["O_NONBLOCK"] if numbered[1] == "pipe" else [])
        if row["socket"] is not None:
            checks.equal("values", f"{what}: family", row["socket"]["family"], "unix")
            checks.equal("kinds", f"{what}: a socket", numbered[1], "socket")
    elif (name or "").startswith(directory + "/file"):
        number = int(name[len(directory + "/file"):])
        checks.equal("kinds", f"{what}: kind", kind, "reg")
        told("ino", files[number])
        told("size", (number + 1) * 1024)
        told("access", "rw")
        if row["offset"] is not None:  # between open(2) and lseek(2) it is 0
            checks.true("values", row["offset"] in (0, number + 1),
                        f"{what}: offset {row['offset']}")
        if row["flags"] is not None:
            checks.true("values", "O_APPEND" in row["flags"], f"{what}: flags {row['flags']}")
    elif name == "anon_inode:[eventfd]":
        checks.equal("kinds", f"{what}: kind", kind, "eventfd")
        told("access", "rw")
    else:
        checks.fail(f"a descriptor that the target does not make: {row}")
    checks.true("kinds", (row["eventfd"] is None) or kind == "eventfd",
                f"{what}: a count of an eventfd")
    told("deleted", False)


def test_descriptors_that_change_while_listed(checks):
    seen = set()
    with fd_support.target_in_directory("fd_churn") as (target, directory):
        files = {number: target[f"file{number}"] for number in range(target["files"])}
        for _ in range(LISTINGS):
            document = fd_support.document_of("-o", COLUMNS, "-p", target.pid)
            checks.equal("errors", "errors", document["errors"], [])
            for row in document["rows"]:
                if row["slot"] == "fd" and row["fd"] > 2:
                    seen.add(row["kind"])
                    check_row(checks, row, directory, files)
    checks.equal("kinds", "kinds that were seen", seen, {"reg", "pipe", "unix", "eventfd"})


def test_everything_of_what_changes(checks):
    """All columns, and thereby copies, targets and the index."""
    with fd_support.target_in_directory("fd_churn") as (target, directory):
        files = {number: target[f"file{number}"] for number in range(target["files"])}
        for _ in range(LISTINGS // 5):
            document = fd_support.document_of("-o", "all", "-p", target.pid)
            checks.equal("errors", "errors", document["errors"], [])
            by_ofd = {}
            for row in document["rows"]:
                if row["slot"] != "fd" or row["fd"] <= 2:
                    continue
                check_row(checks, row, directory, files)
                # The target keeps no two descriptors of one open file description for long: those
                # that are told to share one are of one file at least.
                if row["ofd"] is not None:
                    other = by_ofd.setdefault(row["ofd"], row)
                    checks.equal("shared", f"kinds of {row['ofd']}", row["kind"], other["kind"])
                if row["kind"] in ("reg", "eventfd"):
                    checks.equal("peers", f"{row['fd']} {row['name']}", row["peers"], None)


def test_a_listing_of_all_while_processes_end(checks):
    with fd_support.target_in_directory("fd_churn") as (target, _), \
            fd_support.target_in_directory("fd_churn") as (other, _):
        for _ in range(LISTINGS // 10):
            text = fd_support.fd("-j", "-o", COLUMNS, stderr=None)
            rows = [json.loads(line) for line in text.decode().splitlines()]
            mine = [row for row in rows if row.get("pid") in (target.pid, other.pid)]
            checks.equal("all", "targets", {row["pid"] for row in mine}, {target.pid, other.pid})
            checks.true("all", all(row["name"] is not None for row in mine),
                        "a row without a name")


support.main()
