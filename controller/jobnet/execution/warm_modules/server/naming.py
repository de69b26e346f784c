"""Writes a job's mark where /proc/PID/environ shows it, in a process that was not exec'd for it.

The server starts with a long placeholder as the value of ``JOBNET_JOB``; its place in memory
is found once, while the server may still read its own /proc files.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH123

from __future__ import annotations

import ctypes
import os

MARK_VARIABLE = "JOBNET_JOB"
MARK_LENGTH_MAX = 4200
_ENV_START = 50 - 3  # field 50 of /proc/PID/stat, counted from the state
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)


class MarkPlace:
    """Where in this process's memory the value of the mark's variable stands."""

    def __init__(self) -> None:
        with open("/proc/self/stat", "rb") as file:
            text = file.read()
        start = int(text[text.rindex(b")") + 2 :].split()[_ENV_START])
        with open("/proc/self/environ", "rb") as file:
            environment = file.read()
        name = MARK_VARIABLE.encode() + b"="
        offset = 0 if environment.startswith(name) else environment.index(b"\0" + name) + 1
        self._address = start + offset + len(name)

    def write(self, mark: str) -> None:
        """Show the mark; ValueError if it has no room."""
        value = os.fsencode(mark)
        if len(value) > MARK_LENGTH_MAX or b"\0" in value:
            raise ValueError(mark)
        ctypes.memmove(self._address, value.ljust(MARK_LENGTH_MAX, b"\0"), MARK_LENGTH_MAX)


def set_dumpable(*, allowed: bool) -> None:
    """Let other processes of this user look into this one, or not."""
    _control(_PR_SET_DUMPABLE, int(allowed))


def become_subreaper() -> None:
    """Make every orphan among the descendants a child of this process."""
    _control(_PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent(signal_number: int) -> None:
    """Be sent this signal when the parent is gone."""
    _control(_PR_SET_PDEATHSIG, signal_number)


def _control(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
