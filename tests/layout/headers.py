#!/usr/bin/env python3
"""ctest: plain-only
Every public header compiles alone, and twice, as C11, C17 and C++17, without a warning.
"""

import os
import shutil
import subprocess
import tempfile

import layout

WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]


def compilers():
    c = os.environ.get("INTRO_CC", "cc")
    cxx = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if not cxx:
        print("skip: there is no C++ compiler")
        raise SystemExit(77)
    return [([c, "-x", "c", f"-std={std}"], std) for std in ("c11", "c17")] + [
        ([cxx, "-x", "c++", "-std=c++17"], "c++17")]


def check(include):
    for header in sorted((include / "intro").glob("*.h")):
        text = f"#include <intro/{header.name}>\n" * 2 + "extern int not_empty;\n"
        for command, std in compilers():
            run = subprocess.run(command + WARNINGS + ["-I", str(include), "-"], input=text,
                                 text=True, stderr=subprocess.PIPE, check=False)
            if run.returncode:
                yield f"{header.name} as {std}:\n{run.stderr}"


if __name__ == "__main__":
    everywhere = ["b.h as c++17", "b.h as c11", "b.h as c17"]
    layout.prove_trees(check, {"intro/a.h": "#ifndef A\n#define A\n#include <stdint.h>\n"
                                            "extern uint64_t a;\n#endif\n"}, [
        ({"intro/b.h": "extern uint64_t b;\n"}, everywhere),
        ({"intro/b.h": "enum e { A };\n"}, everywhere),
        ({"intro/b.h": "extern int new;\n"}, ["b.h as c++17"]),
        ({"intro/b.h": "extern typeof(1) b;\n"}, everywhere),
    ])
    public = layout.source_dir() / "libintro/include"
    layout.judge(check(public), len(list((public / "intro").glob("*.h"))))
