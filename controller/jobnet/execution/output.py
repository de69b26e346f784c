"""Keeps what a job prints: the beginning at once, of the rest the last part, both bounded."""

import errno
import re
from collections import deque
from pathlib import Path
from typing import Final, Protocol

from jobnet.execution.bounds import OUTPUT_HEAD_BYTES_MAX, OUTPUT_TAIL_BYTES_MAX

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Sink(Protocol):
    """Anything that takes text."""

    def write(self, text: str) -> None:
        """Take some more text."""

    def flush(self) -> None:
        """Make it visible to readers."""

    def close(self) -> None:
        """Take no more."""


def is_disk_full(error: OSError) -> bool:
    """Tell whether a write failed because there is no room, by disk, quota or limit."""
    return error.errno in _FULL


class BoundedText:
    """A text file of bounded size, also when a job prints without end.

    A full disk does not stop the job: ``is_disk_full`` is remembered and the attempt's
    end will say so.
    """

    def __init__(
        self,
        path: Path,
        *,
        head_max: int = OUTPUT_HEAD_BYTES_MAX,
        tail_max: int = OUTPUT_TAIL_BYTES_MAX,
    ) -> None:
        self._file = path.open("wb", buffering=0)
        path.chmod(0o600)
        self._head_left = head_max
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._tail_max = tail_max
        self._dropped = 0
        self.is_disk_full = False

    @property
    def dropped_bytes(self) -> int:
        """How much stands neither in the head nor in the tail."""
        return self._dropped

    def write(self, text: str) -> None:
        """Keep the text, without colours and carriage returns."""
        data = _COLOUR.sub("", text).replace("\r\n", "\n").encode("utf-8", "replace")
        head, rest = data[: self._head_left], data[self._head_left :]
        if head:
            self._head_left -= len(head)
            self._put(head)
        if rest:
            self._keep_last(rest)

    def flush(self) -> None:
        """Nothing waits in memory but the tail."""

    def close(self) -> None:
        """Write the tail behind a mark that says how much is missing."""
        if self._file.closed:
            return
        if self._dropped:
            self._put(f"\n[... {self._dropped} bytes were cut here ...]\n".encode())
        for piece in self._tail:
            self._put(piece)
        self._tail.clear()
        self._file.close()

    def _keep_last(self, data: bytes) -> None:
        self._tail.append(data)
        self._tail_size += len(data)
        while self._tail_size - len(self._tail[0]) >= self._tail_max:
            gone = len(self._tail.popleft())
            self._tail_size -= gone
            self._dropped += gone

    def _put(self, data: bytes) -> None:
        if self.is_disk_full:
            return
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError as error:
            if not is_disk_full(error):
                raise
            self.is_disk_full = True
