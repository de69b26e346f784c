"""Keeps the journal of one run as a file of lines; what was kept survives a crash."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from jobnet.errors.play import JournalNotWritten
from jobnet.errors.reruns import RunStillPlays

_CHUNK = 64 * 1024
_BETWEEN, _LAST = " \n", "\n"
"""How a line ends inside a batch, and the last one. Readers of JSON pass over the space."""


class JournalFile:
    """Appends to a new file, or ``is_again`` to that of an earlier run, which is kept.

    The file is locked as long as it is open, so that no two processes play one run.
    """

    def __init__(self, path: Path, *, is_again: bool = False) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
        flags |= 0 if is_again else os.O_CREAT | os.O_EXCL
        try:
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise JournalNotWritten(str(path), problem=str(error.strerror)) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._good = self._cut_half_batch() if is_again else 0
        except BlockingIOError as error:
            os.close(self._file)
            raise RunStillPlays(path.parent.name) from error
        except OSError as error:
            os.close(self._file)
            raise JournalNotWritten(str(path), problem=str(error.strerror)) from error

    def _cut_half_batch(self) -> int:
        """Take away a last batch that a crash has cut off; return where the next one begins.

        Nothing has acted on such a batch, and half of what one step decided means nothing.
        """
        good = os.fstat(self._file).st_size
        while good and not self._is_last_of_batch(good):
            good = self._line_before(good - 1)
        os.ftruncate(self._file, good)
        return good

    def _is_last_of_batch(self, end: int) -> bool:
        before = os.pread(self._file, min(2, end), max(0, end - 2))
        return before.endswith(b"\n") and before != _BETWEEN.encode()

    def _line_before(self, position: int) -> int:
        """Return where the line ends that is before the one of this position, or 0."""
        while position:
            start = max(0, position - _CHUNK)
            found = os.pread(self._file, position - start, start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            position = start
        return 0

    def keep(self, lines: Sequence[str]) -> None:
        """Write all lines and sync them.

        A batch that does not fit leaves no half of itself behind: the file goes back to the
        last batch that was kept.
        """
        if not lines:
            return
        data = memoryview((_BETWEEN.join(lines) + _LAST).encode())
        try:
            written = 0
            while written < len(data):
                written += os.write(self._file, data[written:])
            os.fdatasync(self._file)
        except OSError as error:
            os.ftruncate(self._file, self._good)
            raise JournalNotWritten(str(self.path), problem=str(error.strerror)) from error
        self._good += len(data)

    def close(self) -> None:
        """Close the file; nothing can be kept any more."""
        os.close(self._file)
