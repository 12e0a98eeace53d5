#!/usr/bin/env python3
"""ctest: plain-only
Texts: the /proc literal is in exactly one file of libintro, no file names a path of the machine it
was written on, and no C file grows beyond what one can read (tables may).
"""

import re
import tempfile

import layout

STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"')
LINES = 600
# Tables: one row a line.
TABLE = re.compile(r"_(columns|table|names)(_\w+)?\.c$|\.def$")
# Homes of people. Captured trees and tests of hostile names may well hold some.
HOME = re.compile(r"/(?:home|Users)/(?!user\b|USER\b|me\b|you\b)[A-Za-z]\w*")


def proc_literal(root):
    having = []
    for path in layout.c_files(root, "libintro"):
        text = layout.without_comments(path.read_text(errors="replace"))
        if any("/proc" in s for s in STRING.findall(text)):
            having.append(str(path.relative_to(root)))
    if len(having) != 1:
        yield f"/proc is in the strings of {len(having)} files and not of one: {' '.join(having)}"


def machine_paths(root, here=None):
    here = str(here or root)
    patterns = [HOME]
    if here.count("/") > 1:
        patterns.append(re.compile(re.escape(here) + r"\b"))
    for path in layout.all_files(root):
        where = path.relative_to(root)
        if where.parts[:2] == ("tests", "fixtures") or where.parts[:3] == ("tests", "fuzz", "corpus"):
            continue
        try:
            text = path.read_text()
        except (UnicodeDecodeError, OSError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for pattern in patterns:
                if pattern.search(line):
                    yield f"{where}:{number}: a path of one machine: {line.strip()[:80]}"


def sizes(root):
    for path in layout.c_files(root, "libintro", "tools", "tests"):
        if not TABLE.search(path.name):
            lines = path.read_bytes().count(b"\n")
            if lines > LINES:
                yield f"{path.relative_to(root)}: {lines} lines, more than {LINES}"


def check(root):
    yield from proc_literal(root)
    yield from machine_paths(root)
    yield from sizes(root)


if __name__ == "__main__":
    somebody = "/ho" + "me/jane"
    layout.prove_trees(check, {
        "libintro/a.c": 'char *p = "/proc";\n',
        "libintro/b.c": "/* reads \"/proc\" */\nchar *s = \"proc\"; // /proc\n",
        "tools/a_columns.c": "\n" * (LINES + 1),
        "docs/a.md": "Below /proc and /ho" "me/USER/x.\n",
        "tests/fixtures/x/environ": f"HOME={somebody}\n",
    }, [
        ({"libintro/b.c": 'char *s = "/proc/self";\n'}, ["/proc is in the strings of 2 files"]),
        ({"libintro/a.c": ""}, ["/proc is in the strings of 0 files"]),
        ({"tools/b.c": "\n" * (LINES + 1)}, ["tools/b.c: 601 lines"]),
        ({"docs/b.md": f"\nsee {somebody}/notes\n"}, ["docs/b.md:2: a path"]),
    ])
    with tempfile.TemporaryDirectory() as directory:
        tree = layout.write_tree(directory, {"a": "x\n/some/where/x\n", "b": "/some/wherever\n"})
        layout.prove("checkout", machine_paths(tree, "/some/where"), ["a:2: a path"])
    tree = layout.source_dir()
    layout.judge(check(tree), len(list(layout.c_files(tree, "libintro", "tools", "tests"))))
