#!/usr/bin/env python3
"""ctest: plain-only
Documents: links lead somewhere, every room has its line in docs/ARCHITECTURE.md, and decisions
(docs/adr) are numbered without a gap and say context, decision and consequences.
"""

import re

import layout

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def documents(root):
    yield from sorted(p for p in [root / "README.md", root / "CONTRIBUTING.md"] if p.exists())
    yield from sorted((root / "docs").rglob("*.md"))


def anchors(text):
    for heading in re.findall(r"^#+ +(.*)$", CODE.sub(lambda m: m.group(0).strip("`"), text), re.MULTILINE):
        heading = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
        yield heading.replace(" ", "-")


def links(root):
    for path in documents(root):
        for link in LINK.findall(CODE.sub("", path.read_text())):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / name) if name else path
            if not target.exists():
                yield f"{path.relative_to(root)}: {link} leads nowhere"
            elif anchor and anchor not in anchors(target.read_text()):
                yield f"{path.relative_to(root)}: {link}: no such heading"


def rooms(root):
    text = (root / "docs/ARCHITECTURE.md").read_text()
    here = [p.name for p in (root / "libintro").iterdir() if p.is_dir()]
    here += [p.name for p in (root / "tools").iterdir() if p.is_dir()]
    here += [p.name for p in (root / "tests").iterdir() if p.is_dir() and p.name != "__pycache__"]
    for room in sorted(here):
        if not re.search(rf"^[^\n]*\b{re.escape(room)}/", text, re.MULTILINE):
            yield f"docs/ARCHITECTURE.md: no word of {room}/"


def decisions(root):
    paths = sorted((root / "docs/adr").glob("*.md"))
    for number, path in enumerate(paths, 1):
        where = path.relative_to(root)
        if not path.name.startswith(f"{number:04}-"):
            yield f"{where}: should have the number {number:04}"
        for heading in ("Context", "Decision", "Consequences"):
            if not re.search(rf"^## {heading}$", path.read_text(), re.MULTILINE):
                yield f"{where}: has no heading {heading}"


def check(root):
    yield from links(root)
    yield from rooms(root)
    yield from decisions(root)


ADR = "# A\n## Context\n## Decision\n## Consequences\n"

if __name__ == "__main__":
    layout.prove_trees(check, {
        "README.md": "[a](docs/ARCHITECTURE.md) [b](docs/ARCHITECTURE.md#the-rooms-of-it) `[c](no)`\n",
        "docs/ARCHITECTURE.md": "# The rooms (of it)\n    base/  x\n present/ y\n unit/ z\n",
        "docs/adr/0001-a.md": ADR,
        "libintro/base/a.c": "", "tools/present/a.c": "", "tests/unit/a.c": "",
    }, [
        ({"docs/x.md": "[a](gone.md)\n"}, ["docs/x.md: gone.md leads"]),
        ({"README.md": "[a](docs/ARCHITECTURE.md#no)\n"}, ["README.md: docs/ARCHITECTURE.md#no: no such"]),
        ({"libintro/elf/a.c": ""}, ["docs/ARCHITECTURE.md: no word of elf/"]),
        ({"docs/adr/0003-b.md": ADR}, ["docs/adr/0003-b.md: should"]),
        ({"docs/adr/0002-b.md": "# B\n## Context\n## Decision\n"}, ["docs/adr/0002-b.md: has no"]),
    ])
    tree = layout.source_dir()
    layout.judge(check(tree), len(list(documents(tree))))
