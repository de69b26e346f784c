"""States how files of this machine are looked at, and how one learns that it is time to."""

from collections.abc import Callable
from typing import Protocol

from jobnet.engine.waits import FileLook
from jobnet.schedules.file_memory import FolderLook


class FileLooker(Protocol):
    """Looks at paths of this machine; both methods may be called from any thread."""

    def look(self, path: str) -> FileLook:
        """Return what is at the path now; what cannot be said is a look with ``error``."""

    def watch(self, path: str, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed``, from a thread of its own, when the path may have changed.

        A hint only: it may come twice or never, so whoever waits looks by the clock as
        well. Returns what ends the watch, which may be called twice.
        """


class FileFinder(Protocol):
    """Finds the files of this machine that a pattern names."""

    def find(self, pattern: str, *, files_max: int) -> FolderLook:
        """Return the files that match, or why that cannot be said; more than a bound is a problem.

        A file system that hangs keeps whoever asks.
        """
