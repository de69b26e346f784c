"""Keeps the journal of one run as a file of lines; what was kept survives a crash."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from jobnet.errors.play import JournalNotWritten
from jobnet.errors.reruns import RunStillPlays

_CHUNK = 64 * 1024


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
            self._good = self._cut_half_line() if is_again else 0
        except BlockingIOError as error:
            os.close(self._file)
            raise RunStillPlays(path.parent.name) from error
        except OSError as error:
            os.close(self._file)
            raise JournalNotWritten(str(path), problem=str(error.strerror)) from error

    def _cut_half_line(self) -> int:
        """Take away a last line that a crash has cut off; return where the next one begins."""
        good = os.fstat(self._file).st_size
        while good and os.pread(self._file, 1, good - 1) != b"\n":
            start = max(0, good - _CHUNK)
            good = start + os.pread(self._file, good - start, start).rfind(b"\n") + 1
        os.ftruncate(self._file, good)
        return good

    def keep(self, lines: Sequence[str]) -> None:
        """Write all lines and sync them.

        A batch that does not fit leaves no half of itself behind: the file goes back to the
        last batch that was kept.
        """
        data = memoryview("".join(f"{line}\n" for line in lines).encode())
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
