"""Finds and ends the processes of a job, all of them, by reading /proc.

The supervisor is a child subreaper: a process whose parent has died, also one that made a
session of its own, becomes its child again. So the tree below the supervisor is complete.
Where the supervisor itself was killed, the mark in the environment finds what it left.
"""

import ctypes
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jobnet.execution.environment import MARK_VARIABLE

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_LIBC = ctypes.CDLL(None, use_errno=True)
_LOOK_AGAIN_SECONDS: Final = 0.1
UNKILLABLE_AFTER_SECONDS: Final = 5.0


def become_subreaper() -> None:
    """Make every orphan among the descendants a child of this process."""
    if _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot become the reaper of the job's processes")


def die_with_parent() -> None:
    """Be killed when the thread that forked this process ends; called between fork and exec."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """Ask for SIGTERM when the thread that started this process is gone, or send it now."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def has_children() -> bool:
    """Tell whether anything is below this process; of a reaper that is true of its whole tree."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def descendants(of: int) -> list[int]:
    """Return the living processes below ``of``, zombies left out."""
    children: dict[int, list[int]] = {}
    zombies = set()
    for pid, parent, state in _processes():
        children.setdefault(parent, []).append(pid)
        if state in "ZX":
            zombies.add(pid)
    found: list[int] = []
    waiting = [of]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return [pid for pid in found if pid not in zombies]


def marked(mark: str) -> list[int]:
    """Return the living processes whose environment carries this attempt's mark."""
    wanted = f"{MARK_VARIABLE}={mark}".encode()
    found = []
    for pid, _, state in _processes():
        if state in "ZX" or pid == os.getpid():
            continue
        try:
            variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in variables:
            found.append(pid)
    return found


def given(argument: str) -> list[int]:
    """Return the living processes that have this argument on their command line.

    A fork of a warm server shows its whole command line as one argument, with this at its end.
    """
    wanted = os.fsencode(argument)
    found = []
    for pid, _, state in _processes():
        if state in "ZX" or pid == os.getpid():
            continue
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(each == wanted or each.endswith(b" " + wanted) for each in arguments):
            found.append(pid)
    return found


def every_process() -> list[int]:
    """Return all living processes of this machine."""
    return [pid for pid, _, state in _processes() if state not in "ZX"]


def end_all(
    find: Callable[[], list[int]], *, grace_seconds: float, after_look: Callable[[], None]
) -> list[int]:
    """SIGTERM what ``find`` finds, after the grace SIGKILL, until it finds nothing.

    Return what could not be ended, such as processes of another user. ``after_look`` is
    called after each look, to reap.
    """
    deadline = time.monotonic() + grace_seconds
    asked: set[int] = set()
    while left := find():
        after_look()
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        _send({pid for pid in left if pid not in asked}, signal.SIGTERM)
        asked |= set(left)
        _wait_for_any(left, min(remaining, _LOOK_AGAIN_SECONDS))
    deadline = time.monotonic() + UNKILLABLE_AFTER_SECONDS
    while (left := find()) and time.monotonic() < deadline:
        _send(set(left), signal.SIGKILL)
        _wait_for_any(left, _LOOK_AGAIN_SECONDS)
        after_look()
    after_look()
    return find()


def reap_orphans(*, but: int | None) -> None:
    """Take the exit status of dead children, except of the one somebody else waits for."""
    me = os.getpid()
    for pid, parent, state in _processes():
        if parent == me and state == "Z" and pid != but:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue


def program_of(pid: int) -> str:
    """Return the command line of a process, as far as it can be read."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode("utf-8", "replace")
        )
    except OSError:
        return ""


def _send(pids: set[int], number: signal.Signals) -> None:
    for pid in sorted(pids):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _wait_for_any(pids: list[int], seconds: float) -> None:
    """Return when one of the processes has ended, or after ``seconds``."""
    poll = select.poll()
    descriptors = []
    for pid in pids:
        try:
            descriptors.append(os.pidfd_open(pid))
        except OSError:
            continue
        poll.register(descriptors[-1], select.POLLIN)
    try:
        if descriptors:
            poll.poll(max(1, int(seconds * 1000)))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _processes() -> list[tuple[int, int, str]]:
    """Return (pid, parent's pid, state) of each process."""
    found = []
    for entry in os.listdir("/proc"):  # noqa: PTH208 - thousands of names, no Path for each
        if not entry.isdigit():
            continue
        try:
            text = Path(f"/proc/{entry}/stat").read_bytes()
        except OSError:
            continue
        # The name stands in parentheses and may hold spaces and parentheses itself.
        state, parent = text[text.rindex(b")") + 2 :].split()[:2]
        found.append((int(entry), int(parent), state.decode()))
    return found
