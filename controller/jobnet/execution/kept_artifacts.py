"""Opens the artifacts of attempts where they lie, and nothing else.

A name and a path come from what a job has left: only the number of the attempt is taken from the
path, and no link is followed on the way from the attempt's folder to the file.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from jobnet.execution.spool import ARTIFACTS, spool_path
from jobnet.ids import PartKey, RunId
from jobnet.ports.artifacts import OpenArtifact

PIECE_BYTES: Final = 256 * 1024
_DIGITS_MAX: Final = 9
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class SpoolArtifacts:
    """The artifacts that lie in the spools below one root."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, run: RunId, part: PartKey, name: str, path: str) -> int | None:
        """Return how many bytes it has; None where it is not there any more."""
        file = self._opened(run, part, name, path)
        if file is None:
            return None
        with file:
            return os.fstat(file.fileno()).st_size

    def open(self, run: RunId, part: PartKey, name: str, path: str) -> OpenArtifact | None:
        """Return it, open; None where it is not there any more."""
        file = self._opened(run, part, name, path)
        if file is None:
            return None
        size = os.fstat(file.fileno()).st_size
        return OpenArtifact(name=PurePosixPath(name).name, size=size, pieces=_pieces(file, size))

    def _opened(self, run: RunId, part: PartKey, name: str, path: str) -> BinaryIO | None:
        folder = self._folder(run, part, name, path)
        steps = name.split("/")
        if folder is None or any(step in {"", ".", ".."} for step in steps):
            return None
        try:
            return _plain_file(folder, steps)
        except (OSError, ValueError):
            return None

    def _folder(self, run: RunId, part: PartKey, name: str, path: str) -> Path | None:
        """Return the artifacts of the attempt that a recorded path leads to.

        The home may have been moved since: what lies above the attempt's folder is not looked at.
        """
        spool, slash, _ = path.removesuffix(f"/{name}").rpartition(f"/{ARTIFACTS}")
        attempt = spool.rpartition(".")[2]
        if not slash or not (attempt.isascii() and attempt.isdecimal()):
            return None
        if len(attempt) > _DIGITS_MAX:
            return None
        meant = spool_path(self._root, run=run, part=part, attempt=int(attempt))
        is_its_own = path == f"{spool}/{ARTIFACTS}/{name}" and Path(spool).name == meant.name
        return meant / ARTIFACTS if is_its_own else None


def _plain_file(folder: Path, steps: list[str]) -> BinaryIO | None:
    """Return a plain file below a folder, open; raise OSError where a link is on the way."""
    here = os.open(folder, _FOLDER)
    try:
        for step in steps[:-1]:
            inner = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        file = os.open(steps[-1], _FILE, dir_fd=here)
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        return None
    return os.fdopen(file, "rb")


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield what was there when it was opened, however much is written meanwhile."""
    with file:
        left = size
        while left and (piece := file.read(min(left, PIECE_BYTES))):
            left -= len(piece)
            yield piece
