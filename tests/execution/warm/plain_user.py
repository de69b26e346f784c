"""Runs programs of the tests as users without rights, also where Python lies in root's home.

Root starts them in a mount namespace of their own: a folder that others may not enter is
covered by an empty one there, in which only what Python needs is bound again.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[3]
OWNER = 64_001
STRANGER = 64_002


def as_user(uid: int, command: list[str]) -> list[str]:
    """Return the command for this user; without root everybody is who started the tests."""
    if os.geteuid() != 0:
        return command
    user = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--"]
    return [*user, *command]


def started(
    uid: int, program: str, *arguments: str, home: Path, before: str = ""
) -> "subprocess.Popen[str]":
    """Start a program of the tests' own Python as this user, with pipes at both of its ends.

    ``before`` is run by root's shell where what it mounts is seen by the program only.
    """
    command = as_user(uid, [sys.executable, "-c", program, *arguments])
    if os.geteuid() == 0:
        script = "\n".join(["set -eu", *_open_ways(), before, f"exec {shlex.join(command)}"])
        command = ["unshare", "--mount", "--propagation=private", "/bin/sh", "-c", script]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _open_ways() -> list[str]:
    """Return the lines of shell that make Python's folders reachable for everybody."""
    wanted = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix, str(ROOT), *sys.path) if p}
    tops = {path for path in wanted if path.is_dir() and not wanted & set(path.parents)}
    below: dict[Path, list[Path]] = {}
    for path in sorted(tops):
        closed = [parent for parent in reversed(path.parents) if not _may_enter(parent)]
        if closed:
            below.setdefault(closed[0], []).append(path)
    lines = []
    for folder, paths in below.items():
        hidden = shlex.quote(str(folder))
        lines += [f"mount --bind {hidden} /mnt", f"mount -t tmpfs -o mode=755 none {hidden}"]
        for path in paths:
            source = shlex.quote(f"/mnt/{path.relative_to(folder)}")
            target = shlex.quote(str(path))
            lines += [f"mkdir -p {target}", f"mount --bind {source} {target}"]
    return lines


def _may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)


def told(process: "subprocess.Popen[str]") -> str:
    """Return the next line that a program prints; fail with its end if there is none."""
    stream: IO[str] | None = process.stdout
    assert stream is not None
    line = stream.readline()
    assert line, f"the program ended with {process.wait()} and said nothing"
    return line
