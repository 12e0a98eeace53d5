#!/usr/bin/env python3
"""ctest: plain-only
What the shared library exports is what libintro.map lists is what public headers declare with
INTRO_API; and every global symbol of the static library begins with intro_.
"""

import re
import tempfile

import layout


def mapped(text):
    text = re.sub(r"#[^\n]*", "", text)
    body = re.search(r"LIBINTRO_0\s*\{\s*global:(.*?)local:\s*\*;\s*\}", text, re.DOTALL)
    return set(body.group(1).replace(";", " ").split()) if body else set()


def declared(text):
    """(all functions, those with INTRO_API) of a header."""
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", layout.without_comments(text), flags=re.MULTILINE)
    text = re.sub(r"INTRO_(BEGIN|END)_DECLS", "", text)
    text = re.sub(r"\b(enum|struct|union)\s+\w*\s*\{", "{", text)
    while re.search(r"\{[^{}]*\}", text):
        text = re.sub(r"\{[^{}]*\}", " ", text)
    functions, api = set(), set()
    for statement in text.split(";"):
        match = re.search(r"\b(intro_\w+)\s*\(", statement)
        if match and "typedef" not in statement:
            functions.add(match.group(1))
            if re.search(r"\bINTRO_API\b", statement):
                api.add(match.group(1))
    return functions, api


def exported(library):
    """{name: version node} of the functions and objects."""
    names = {}
    for line in layout.output_of("nm", "-D", "--defined-only", str(library)).splitlines():
        kind, name = line.split()[-2:]
        if kind != "A": # the version node itself
            name, _, version = name.partition("@")
            names[name] = version.lstrip("@")
    return names


def check(in_library, in_map, in_headers):
    functions, api = in_headers
    for name in sorted(functions - api):
        yield f"{name}: declared in a public header without INTRO_API"
    for name in sorted(api - in_map):
        yield f"{name}: INTRO_API, but not in libintro.map"
    for name in sorted(in_map - api):
        yield f"{name}: in libintro.map, but no public header has it"
    for name in sorted(in_map - in_library.keys()):
        yield f"{name}: in libintro.map, but the library does not have it"
    for name in sorted(in_library.keys() - in_map):
        yield f"{name}: exported, but not in libintro.map"
    for name, version in sorted(in_library.items()):
        if name in in_map and version != "LIBINTRO_0":
            yield f"{name}: exported with the version {version!r}"


def foreign(archive):
    """Global symbols of a static library that could clash with its user's."""
    for line in layout.output_of("nm", "-g", "--defined-only", str(archive)).splitlines():
        words = line.split()
        if len(words) == 3 and not words[2].startswith("intro_"):
            yield f"{words[2]}: a global symbol of the static library without intro_"


def prove():
    header = """
    /* int intro_not(void); */
    #define intro_macro(x) (x)
    struct intro_s { int (*callback)(void); enum { A, B } kind; };
    INTRO_API INTRO_NODISCARD int intro_a(int x,
        struct intro_s *ret);
    INTRO_API const char *intro_b(void);
    int intro_c(void);
    """
    in_header = declared(header)
    layout.prove("header", in_header[0], ["intro_a", "intro_b", "intro_c"])
    layout.prove("header", in_header[1], ["intro_a", "intro_b"])
    in_map = mapped("# intro_z;\nLIBINTRO_0 {\nglobal:\n\tintro_a;\n\tintro_d;\nlocal:\n\t*;\n};\n")
    library = {"intro_a": "", "intro_e": "LIBINTRO_0"}
    layout.prove("exports", check(library, in_map, in_header), [
        "intro_a: exported with", "intro_b: INTRO_API", "intro_c: declared", "intro_d: in libintro.map, but no",
        "intro_d: in libintro.map, but the", "intro_e: exported, but"])
    with tempfile.TemporaryDirectory() as directory:
        sample = layout.compile_c(directory, "int intro_x; static int y; int z(void) { return y++; }")
        layout.prove("static", foreign(sample), ["z: a global"])


if __name__ == "__main__":
    prove()
    tree = layout.source_dir()
    functions, api = set(), set()
    for path in (tree / "libintro/include/intro").glob("*.h"):
        more = declared(path.read_text())
        functions |= more[0]
        api |= more[1]
    lib = layout.build_dir() / "lib"
    in_map = mapped((tree / "libintro/libintro.map").read_text())
    violations = list(check(exported(lib / "libintro.so"), in_map, (functions, api)))
    violations += foreign(lib / "libintro.a")
    layout.judge(violations, len(in_map))
