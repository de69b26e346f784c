"""Keeps the journal of one run as a file of lines; what was kept survives a crash."""

import os
from collections.abc import Sequence
from pathlib import Path

from jobnet.errors.play import JournalNotWritten


class JournalFile:
    """Appends to a new file; a file that exists already is never touched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._good = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        try:
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise JournalNotWritten(str(path), problem=str(error.strerror)) from error

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
