#!/usr/bin/env python3
"""ctest: plain-only timeout=300
Installs into a prefix, moves it elsewhere, and there: programs in C and C++ are built against the
shared and the static library by pkg-config and by find_package, and run; the tools run, too.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import layout

HERE = pathlib.Path(__file__).resolve().parent


def run(*command, **more):
    done = subprocess.run([str(c) for c in command], text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    if done.returncode:
        sys.exit(f"failed: {' '.join(str(c) for c in command)}\n{done.stdout}")
    return done.stdout


def expect_pid(program, **environment):
    process = subprocess.Popen([str(program)], stdout=subprocess.PIPE, text=True,
                               env=os.environ | environment)
    output = process.communicate()[0]
    expected = f"{process.pid} {program.name[:15]}\n"
    if process.returncode or output != expected:
        sys.exit(f"{program}: exit status {process.returncode}, printed {output!r}, not {expected!r}")
    print(f"{program.name}: {output.strip()}")


def main(work):
    run("cmake", "--install", layout.build_dir(), "--prefix", work / "first")
    prefix = work / "second"
    shutil.move(work / "first", prefix)

    found = {p.name: p for p in prefix.rglob("*")}
    libraries = found["libintro.so.0"].parent
    if os.readlink(libraries / "libintro.so") != "libintro.so.0":
        sys.exit("libintro.so is not a link to libintro.so.0")
    for header in (layout.source_dir() / "libintro/include/intro").glob("*.h"):
        if not (prefix / "include/intro" / header.name).exists():
            sys.exit(f"{header.name} is not installed")

    cc, cxx = os.environ.get("INTRO_CC", "cc"), shutil.which("c++")
    os.environ["PKG_CONFIG_PATH"] = str(found["intro.pc"].parent)
    flags = run("pkg-config", "--cflags", "--libs", "intro").split()
    static = run("pkg-config", "--static", "--cflags", "--libs", "intro").replace(
        "-lintro", "-l:libintro.a").split()
    version = run("pkg-config", "--modversion", "intro").strip()
    if version != os.environ.get("INTRO_VERSION", version):
        sys.exit(f"pkg-config says version {version}")
    for compiler, source in ((cc, "consumer.c"), (cxx, "consumer.cpp")):
        for kind, options in (("shared", flags), ("static", static)):
            program = work / f"{source[9:]}-{kind}"
            run(compiler, HERE / "consumer" / source, "-o", program, *options)
            expect_pid(program, LD_LIBRARY_PATH=str(libraries) if kind == "shared" else "")

    run("cmake", "-S", HERE / "consumer", "-B", work / "build", "-G", "Ninja",
        f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}")
    run("cmake", "--build", work / "build")
    for program in ("c_intro", "cxx_intro", "c_intro_static", "cxx_intro_static"):
        expect_pid(work / "build" / program)

    version = run(prefix / "bin/intro", "--version")
    if os.environ.get("INTRO_VERSION", "") not in version:
        sys.exit(f"intro --version: {version}")
    own = run(prefix / "bin/intro", "ps", "-n", "-r", "-o", "pid", str(os.getpid()))
    if own != f"{os.getpid()}\n":
        sys.exit(f"the installed intro ps does not work: {own!r}")
    for name in ("intro", "intro-ps"):
        run("bash", "-n", prefix / "share/bash-completion/completions" / name)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        main(pathlib.Path(directory))
