#!/usr/bin/env python3
"""ctest: plain-only
No object file of libintro has data that can change: no .data, .bss or thread-local storage, and no
constructors. Tables with addresses in them (.data.rel.ro) are read-only once loaded.
"""

import re
import tempfile

import layout

SECTION = re.compile(
    r"^\s*\[\s*(\d+)\]\s+(\S+)\s+\S+\s+[0-9a-f]+\s+[0-9a-f]+\s+([0-9a-f]+)\s+[0-9a-f]+\s+([A-Zolxp]*)\s")
SYMBOL = re.compile(r"^\s*\d+:\s+[0-9a-f]+\s+(\d+|0x[0-9a-f]+)\s+(OBJECT|TLS)\s+\S+\s+\S+\s+(\S+)\s+(\S+)$")


def check(archive):
    member, writable = str(archive), {}
    for line in layout.output_of("readelf", "-SsW", str(archive)).splitlines():
        if line.startswith("File: "):
            member, writable = re.sub(r".*\((.*)\)", r"\1", line), {}
        match = SECTION.match(line)
        if match:
            number, name, size, flags = match.groups()
            if "W" in flags and int(size, 16) and not name.startswith(".data.rel.ro"):
                writable[number] = name
                yield f"{member}: section {name} is writable and holds {int(size, 16)} bytes"
        match = SYMBOL.match(line)
        if match and (match.group(3) in writable or match.group(3) == "COM"):
            section = writable.get(match.group(3), "COMMON")
            yield f"{member}: {match.group(4)} in {section} can change"


def prove():
    samples = {
        "good": ("static const char *const t[] = {\"a\"}; const char *f(int i) { return t[i]; }", 0),
        "data": ("static int n = 1; int f(void) { return n++; }", 2),
        "bss": ("int f(void) { static int n; return n++; }", 2),
        "pointer": ("static const char *t[] = {\"a\"}; void f(const char *p) { t[0] = p; }"
                    "const char *g(void) { return t[0]; }", 2),
        "common": ("__attribute__((common)) int n;", 1),
        "tls": ("static _Thread_local int n; int f(void) { return n++; }", 2),
        "constructor": ("__attribute__((constructor)) static void f(void) { __asm__(\"\"); }", 1),
    }
    with tempfile.TemporaryDirectory() as directory:
        for name, (text, count) in samples.items():
            found = list(check(layout.compile_c(directory, text, name)))
            layout.prove(name, found, found if len(found) == count else [""] * count)


if __name__ == "__main__":
    prove()
    library = layout.build_dir() / "lib/libintro.a"
    members = layout.output_of("ar", "t", str(library)).split()
    layout.judge(check(library), len(members))
