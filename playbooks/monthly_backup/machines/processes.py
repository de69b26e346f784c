"""Starts processes that outlive the command, finds them again and ends them by their own pid.

A pid in a file proves nothing after a crash, because the kernel gives numbers out again. So
each process holds a lock on its file for as long as it lives: lock held means alive.
"""

# ruff: noqa: S603 -- the programs started here are this folder's own
import fcntl
import os
import select
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil

from .places import Place

MARK = "JOBNET_DEMO_HOST"
"""Every process of a host carries this variable with the folder of its host as value."""
READY_SECONDS_MAX = 30
PACKAGE = Path(__file__).resolve().parent


class DemoRefused(Exception):
    """What stands in the way of the demo, said to the person who typed the command."""


def running_pid(place: Place, name: str) -> int | None:
    """Return the pid of process ``name``; None if it does not live, whatever its file says."""
    path = place.running / f"{name}.pid"
    try:
        with path.open("r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        text = path.read_text("ascii").strip()
        return int(text) if text.isdigit() else None
    except FileNotFoundError:
        return None
    return None


def spawn(place: Place, name: str) -> None:
    """Start process ``name`` in a session of its own and return when it listens.

    The child says so through a pipe. A pipe that closes without a word means that it died;
    its log says why.
    """
    place.logs.mkdir(parents=True, exist_ok=True)
    log = place.logs / f"{name}.log"
    listening, said = os.pipe()
    with log.open("ab") as output:
        subprocess.run(
            [sys.executable, "-m", "machines", str(place.folder), name, str(said)],
            cwd=PACKAGE.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(said,),
            start_new_session=True,
            timeout=READY_SECONDS_MAX,
            check=False,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
        )
    os.close(said)
    with os.fdopen(listening, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], READY_SECONDS_MAX)
        word = pipe.readline() if ready else b""
    if word != b"ready\n":
        raise DemoRefused(f"The demo's {name} did not start; its log says why: {log}")


def marked(folder: Path) -> list[psutil.Process]:
    """Return the living processes of the host in ``folder``, however they were detached."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


def end(processes: Iterable[psutil.Process], *, grace_seconds: float = 5) -> None:
    """End ``processes``: ask, wait, then kill. Those that are gone already are no error."""
    asked = list(processes)
    for process in asked:
        _send(process, terminate=True)
    _, left = psutil.wait_procs(asked, timeout=grace_seconds)
    for process in left:
        _send(process, terminate=False)
    psutil.wait_procs(left, timeout=grace_seconds)


def _send(process: psutil.Process, *, terminate: bool) -> None:
    try:
        if terminate:
            process.terminate()
        else:
            process.kill()
    except psutil.NoSuchProcess:
        return
