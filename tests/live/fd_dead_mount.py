#!/usr/bin/env python3
"""A file server that does not answer: nothing waits for it."""

import os
import subprocess
import sys
import tempfile

import fd_support
import support

# Holds a file whose name is gone but not the file, and mounts a file system of which nobody answers
# the questions where the name was. Its own open of /dev/fuse ends that, with this process.
HOLDER = """
import ctypes, os, subprocess, sys
directory, command = sys.argv[1], sys.argv[2:]
point = os.path.join(directory, "mount")
os.mkdir(point)
held = os.open(os.path.join(point, "file"), os.O_CREAT | os.O_RDWR)
os.link(os.path.join(point, "file"), os.path.join(directory, "other"))
os.unlink(os.path.join(point, "file"))
try:
    server = os.open("/dev/fuse", os.O_RDWR)
except OSError as error:
    sys.exit(f"skip: no /dev/fuse: {error}")
options = f"fd={server},rootmode=40000,user_id=0,group_id=0"
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"dead", point.encode(), b"fuse", 0, options.encode()):
    sys.exit(f"skip: cannot mount: {os.strerror(ctypes.get_errno())}")
subprocess.run([*command, "-p", str(os.getpid()), "-Q", f"fd == {held}"], timeout=PATIENCE,
               check=True)
"""


def test_a_name_below_a_dead_mount(checks):
    support.need_root()
    support.need_program("unshare")
    script = HOLDER.replace("PATIENCE", str(support.PATIENCE))
    with tempfile.TemporaryDirectory() as directory:
        directory = os.path.realpath(directory)
        result = subprocess.run(
            ["unshare", "--mount", sys.executable, "-c", script, directory, fd_support.FD, "-r", "-n",
             "-o", "name,deleted,nlink"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=support.ENVIRONMENT, check=False)
        message = result.stderr.decode()
        if message.startswith("skip: "):
            raise support.Skip(message[len("skip: "):].strip())
        if message.startswith("unshare: "):  # the root of a chroot is no mount point
            raise support.Skip(message.strip())
        checks.equal("dead mount", "ends", (result.returncode, message), (0, ""))
        checks.equal("dead mount", "the row", result.stdout.decode(),
                     f"{directory}/mount/file\ttrue\t1\n")


support.main()
