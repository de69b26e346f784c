"""Reads the text of a file within a bound, whatever kind of thing the path turns out to be."""

import os
import stat
from pathlib import Path

from jobnet.definition import Position
from jobnet.project.problems import Problem

BYTES_MAX = 4 * 1024 * 1024


def read_text(path: Path) -> str | Problem:
    """Return the text of a UTF-8 file, or what keeps it from being read.

    A pipe or a device is not opened for waiting, and no more than ``BYTES_MAX`` are read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        return _problem(path, "unreadable_file", f"The file cannot be opened: {_reason(error)}")
    kind = os.fstat(handle).st_mode
    if not stat.S_ISREG(kind):
        os.close(handle)
        what = "This is a folder" if stat.S_ISDIR(kind) else "This is no ordinary file"
        return _problem(path, "not_a_file", what, "Name a file")
    with os.fdopen(handle, "rb") as file:
        try:
            content = file.read(BYTES_MAX + 1)
        except OSError as error:
            return _problem(path, "unreadable_file", f"It cannot be read: {_reason(error)}")
    if len(content) > BYTES_MAX:
        what = f"The file is larger than {BYTES_MAX // 1024 // 1024} MiB"
        return _problem(path, "file_too_large", what, "Split it into called networks")
    return _decoded(path, content)


def _decoded(path: Path, content: bytes) -> str | Problem:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        what = f"The byte 0x{content[error.start]:02x} is not UTF-8"
        position = Position(str(path), line, column)
        return Problem(code="not_utf8", position=position, what=what, hint="Save it as UTF-8")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _problem(path: Path, code: str, what: str, hint: str = "") -> Problem:
    return Problem(code=code, position=Position(str(path)), what=what, hint=hint)
