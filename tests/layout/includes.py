#!/usr/bin/env python3
"""ctest: plain-only
Which file includes which: rooms of libintro as libintro/LAYERS says, tools see public headers only,
present/ knows no domain, processes/ no tool.
"""

import re

import layout

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"\n]+)[>"]', re.MULTILINE)
PRESENT_MAY = {"intro/names.h", "intro/error.h", "intro/macros.h"}


def layers(root):
    allowed = {}
    for line in (root / "libintro/LAYERS").read_text().splitlines():
        line = line.split("#")[0]
        if ":" in line:
            room, others = line.split(":")
            allowed[room.strip()] = set(others.split()) | {room.strip()}
    return allowed


def includes(path):
    text = layout.without_comments(path.read_text(errors="replace"))
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1) == '"', match.group(2)


def check(root):
    lib, tools = root / "libintro", root / "tools"
    public = lib / "include"
    allowed = layers(root)
    for room, others in allowed.items():
        for other in sorted(others - allowed.keys()):
            yield f"LAYERS: {room}: there is no room {other}"
    for directory in sorted(p.name for p in lib.iterdir() if p.is_dir() and p != public):
        if directory not in allowed:
            yield f"libintro/{directory}: no line in LAYERS"

    for path in layout.c_files(root, "libintro", "tools"):
        where = path.relative_to(root)
        for line, quoted, name in includes(path):
            at = f"{where}:{line}: {name}:"
            if name.startswith("intro/"):
                if quoted:
                    yield f"{at} public headers are included in angle brackets"
                elif not (public / name).exists():
                    yield f"{at} there is no such public header"
                elif path.parent == tools / "present" and name not in PRESENT_MAY:
                    yield f"{at} present/ knows no domain"
            elif not quoted:
                if (lib / name).exists() or (tools / name).exists():
                    yield f"{at} private headers are included in quotes"
            elif public in path.parents:
                yield f"{at} a public header includes private ones"
            elif lib in path.parents:
                room = path.relative_to(lib).parts[0]
                target = name.split("/")[0]
                if "/" not in name or not (lib / name).exists():
                    yield f"{at} is not ROOM/FILE of libintro"
                elif target not in allowed.get(room, set()):
                    yield f"{at} {room} may not include {target}"
            elif not (tools / name).exists():
                yield f"{at} tools see public headers and those of tools/ only"
            elif path.parent == tools / "present" and not name.startswith("present/"):
                yield f"{at} present/ includes no tool"
            elif path.parent == tools / "processes" and "/" not in name:
                yield f"{at} processes/ includes no tool"


GOOD = {
    "libintro/LAYERS": "base:\nnames: base\n",
    "libintro/include/intro/a.h": "#include <stdio.h>\n",
    "libintro/include/intro/names.h": "#include <intro/a.h>\n",
    "libintro/base/b.h": "#include <intro/a.h>\n",
    "libintro/names/n.h": "/* #include <none> */\n",
    "libintro/names/n.c": '#include "names/n.h"\n#include "base/b.h"\n',
    "tools/present/p.h": "#include <intro/names.h>\n",
    "tools/processes/q.h": '#include "present/p.h"\n#include <intro/a.h>\n',
    "tools/t.c": '#include "present/p.h"\n#include <intro/a.h>\n#include "t.h"\n',
    "tools/t.h": "",
}
SAMPLES = [
    ({"libintro/base/b.c": '\n#include "names/n.h"\n'},
     ["libintro/base/b.c:2: names/n.h: base may not"]),
    ({"libintro/base/b.c": '#include "b.h"\n'}, ["libintro/base/b.c:1: b.h: is not ROOM/FILE"]),
    ({"libintro/base/b.c": '#include "../names/n.h"\n'}, ["libintro/base/b.c:1: ../names"]),
    ({"libintro/base/b.c": "#include <names/n.h>\n"}, ["libintro/base/b.c:1: names/n.h: private"]),
    ({"libintro/base/b.c": "#include <intro/z.h>\n"}, ["libintro/base/b.c:1: intro/z.h: there is"]),
    ({"libintro/include/intro/x.h": '#include "base/b.h"\n'},
     ["libintro/include/intro/x.h:1: base/b.h: a public"]),
    ({"libintro/new/x.c": ""}, ["libintro/new: no line"]),
    ({"libintro/LAYERS": "base: nowhere\nnames: base\n"}, ["LAYERS: base: there is no room"]),
    ({"tools/present/p.c": "#include <intro/a.h>\n"}, ["tools/present/p.c:1: intro/a.h: present/"]),
    ({"tools/present/p.c": '#include "t.h"\n'}, ["tools/present/p.c:1: t.h: present/ includes no"]),
    ({"tools/processes/q.c": '#include "processes/q.h"\n#include "t.h"\n'},
     ["tools/processes/q.c:2: t.h: processes/ includes no"]),
    ({"tools/u.c": '#include "base/b.h"\n'}, ["tools/u.c:1: base/b.h: tools see"]),
    ({"tools/u.c": '#include "intro/a.h"\n'}, ["tools/u.c:1: intro/a.h: public headers"]),
]

if __name__ == "__main__":
    layout.prove_trees(check, GOOD, SAMPLES)
    tree = layout.source_dir()
    layout.judge(check(tree), len(list(layout.c_files(tree, "libintro", "tools"))))
