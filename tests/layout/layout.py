"""What the checks of the layout share.

A check is a function of a tree that yields violations. Each comes with samples, small trees that
break the rule in one way each, and proves on them that it can fail before it judges the real tree.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\\n])*")', re.DOTALL)
SKIPPED_DIRECTORIES = {".git", "build", "out", "__pycache__"}


def source_dir():
    return pathlib.Path(os.environ.get("INTRO_SOURCE_DIR") or pathlib.Path(__file__).parents[2])


def build_dir():
    return pathlib.Path(os.environ.get("INTRO_BUILD_DIR") or source_dir() / "build/release")


def without_comments(text):
    """C text with its comments blanked; lines keep their numbers, strings stay."""
    return COMMENT.sub(lambda m: m.group(1) or "\n" * m.group(0).count("\n") or " ", text)


def c_files(root, *below):
    for directory in below:
        for path in sorted((root / directory).rglob("*")):
            if path.suffix in (".c", ".h", ".def"):
                yield path


def all_files(root):
    for directory, names, files in os.walk(root):
        names[:] = [n for n in names if n not in SKIPPED_DIRECTORIES]
        for name in sorted(files):
            path = pathlib.Path(directory, name)
            if not path.is_symlink():
                yield path


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compile_c(directory, text, name="sample"):
    source = pathlib.Path(directory, f"{name}.c")
    source.write_text(text)
    result = source.with_suffix(".o")
    subprocess.run([os.environ.get("INTRO_CC", "cc"), "-O2", "-fPIC", "-c", source, "-o", result],
                   check=True)
    return result


def write_tree(directory, files):
    for name, text in files.items():
        path = pathlib.Path(directory, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pathlib.Path(directory)


def prove(what, violations, expected):
    """A sample must give exactly the violations whose beginnings are expected."""
    violations = sorted(violations)
    if len(violations) != len(expected) or not all(
            v.startswith(e) for v, e in zip(violations, sorted(expected))):
        sys.exit(f"this check does not work: {what}: found {violations}, expected {expected}")


def prove_trees(check, good, samples):
    """`good` is a tree that keeps the rule; samples: (changes to it, violations expected)."""
    with tempfile.TemporaryDirectory() as directory:
        prove("good tree", check(write_tree(directory, good)), [])
    for changes, expected in samples:
        with tempfile.TemporaryDirectory() as directory:
            prove(str(list(changes)), check(write_tree(directory, good | changes)), expected)


def judge(violations, checked):
    """Ends the program."""
    violations = list(violations)
    for violation in violations:
        print(violation)
    if not checked:
        violations.append("nothing")
        print("nothing was checked: has a directory moved?")
    print(f"{checked} checked, {len(violations)} violations")
    sys.exit(1 if violations else 0)
