"""Measures and removes the spool folders of a run, unless something is at work in one of them.

A folder goes in two steps: it is renamed first, so that nobody ever finds half of a spool.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from jobnet.execution.spool import Spool, is_locked, run_path
from jobnet.ids import RunId

GOING = ".going-"


class SpoolRemains:
    """What jobs have left behind below one root."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, run: RunId) -> int:
        """Return how many bytes the folders of a run take up."""
        return sum(_sizes(run_path(self._root, run)))

    def remove(self, run: RunId) -> bool:
        """Remove them; False where something of the run is still at work there: nothing goes."""
        folder = run_path(self._root, run)
        going = folder.with_name(GOING + folder.name)
        if folder.is_dir():
            if any(is_locked(Spool(folder=spool)) for spool in _folders(folder)):
                return False
            shutil.rmtree(going, ignore_errors=True)
            with suppress(FileNotFoundError):
                folder.rename(going)
        shutil.rmtree(going, ignore_errors=True)
        return not going.exists()


def _folders(folder: Path) -> Iterator[Path]:
    return (each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the sizes of files; what vanishes meanwhile counts for nothing."""
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield (Path(where) / name).lstat().st_size
