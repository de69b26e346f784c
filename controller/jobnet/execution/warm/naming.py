"""Shows in /proc which job a forked process works for.

A process that was forked without ``exec`` keeps the command line and the environment of its
parent there. Both are plain memory of the process (proc(5): ``arg_start`` to ``env_end`` in
``/proc/self/stat``), so a fork can overwrite them; the room for the mark is made when
the server is started, by a variable that is long enough.
"""

import ctypes
import os
from pathlib import Path
from typing import Final

from jobnet.execution.environment import MARK_VARIABLE

_MARK_LENGTH_MAX: Final = 4200
_TITLE_LENGTH_MAX: Final = 1000
_ARG_START: Final = 47  # fields of proc(5), counted from 0
_ARG_END: Final = 48
_ENV_START: Final = 49
_ENV_END: Final = 50
_PR_SET_NAME: Final = 15
_NAME_LENGTH_MAX: Final = 15


def room_for_mark() -> dict[str, str]:
    """Return the variable with which a server has to be started."""
    return {MARK_VARIABLE: "-" * _MARK_LENGTH_MAX}


def room_for_title() -> str:
    """Return a last argument with which a server has to be started."""
    return "-" * _TITLE_LENGTH_MAX


def show_mark(mark: str) -> None:
    """Let ``/proc/PID/environ`` say which attempt this process belongs to."""
    start, end = _region(_ENV_START, _ENV_END)
    text = ctypes.string_at(start, end - start)
    room = f"{MARK_VARIABLE}={'-' * _MARK_LENGTH_MAX}".encode()
    place = text.find(room)
    if place < 0:
        return  # it has been shown before, or the server was started without room
    wanted = f"{MARK_VARIABLE}={mark}".encode()[:_MARK_LENGTH_MAX]
    ctypes.memmove(start + place, wanted.ljust(len(room), b"\0"), len(room))


def show_title(title: str) -> None:
    """Let ``ps`` say what this process does, as far as there is room."""
    start, end = _region(_ARG_START, _ARG_END)
    text = title.encode("utf-8", "surrogateescape")[: end - start - 1]
    ctypes.memmove(start, text.ljust(end - start, b"\0"), end - start)
    name = os.fsencode(title.split(maxsplit=1)[0].rpartition("/")[2])[:_NAME_LENGTH_MAX]
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name, 0, 0, 0)


def _region(first: int, last: int) -> tuple[int, int]:
    text = Path("/proc/self/stat").read_bytes()
    # The name stands in parentheses and may hold spaces itself; two fields lie before its end.
    fields = text[text.rindex(b")") + 2 :].split()
    return int(fields[first - 2]), int(fields[last - 2])
