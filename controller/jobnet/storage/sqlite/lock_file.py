"""Lets one process write to a database: whoever comes second hears who was first."""

import fcntl
import os
from pathlib import Path

from jobnet.errors.storage import DatabaseAway, DatabaseInUse

NAME = "lock"
_PID_DIGITS_MAX = 20


class LockFile:
    """A locked file beside the database; it is let go of with the process, however that ends."""

    def __init__(self, database: Path) -> None:
        path = database.parent / NAME
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DatabaseAway(str(database), problem=str(error.strerror)) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = _pid_in(self._file)
            os.close(self._file)
            raise DatabaseInUse(str(database), pid=pid) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        """Let the next process in."""
        os.close(self._file)


def _pid_in(file: int) -> int | None:
    text = os.pread(file, _PID_DIGITS_MAX, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdecimal() else None
