"""Looks at files of this machine, and is told by inotify when to look again."""

import os
import stat
import threading
from collections.abc import Callable
from glob import iglob
from pathlib import Path

from watchfiles import watch

from jobnet.engine.waits import FileLook
from jobnet.schedules.file_memory import FolderLook, Mark

_HINT_PAUSE_MS = 50


class MachineFiles:
    """The real ``FileLooker``. Watches the folder of a path, since the file may not exist."""

    def look(self, path: str) -> FileLook:
        """Return what is there, following links; a dangling link is not there."""
        try:
            found = os.stat(path)  # noqa: PTH116 - a hostile text is no error here, but is in Path
        except (FileNotFoundError, NotADirectoryError):
            return FileLook(exists=False)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            return FileLook(error=f"{path!r} cannot be looked at: {reason}")
        size = found.st_size if stat.S_ISREG(found.st_mode) else 0
        return FileLook(exists=True, size=size, mtime=found.st_mtime, inode=found.st_ino)

    def watch(self, path: str, changed: Callable[[], None]) -> Callable[[], None]:
        """Watch until the returned function is called; a folder that is not there gives no hint."""
        folder = Path(path).parent
        stop = threading.Event()
        if folder.is_dir():
            thread = threading.Thread(
                target=_watch, args=(folder, changed, stop), name="jobnet-watch", daemon=True
            )
            thread.start()
        return stop.set


class MachineFolders:
    """The real ``FileFinder``: patterns are those of a shell; ``**`` means the same as ``*``."""

    def find(self, pattern: str, *, files_max: int) -> FolderLook:
        """Return the files that match; what went away meanwhile is left out."""
        found: dict[str, Mark] = {}
        try:
            for path in iglob(pattern):  # noqa: PTH207 - of any folder
                mark = _mark(path)
                if mark is not None:
                    found[path] = mark
                if len(found) > files_max:
                    return FolderLook(problem=f"more than {files_max:,} files match {pattern!r}")
        except (OSError, ValueError, RecursionError) as error:
            return FolderLook(problem=f"{pattern!r} cannot be looked at: {error}")
        return FolderLook(files=found)


def _mark(path: str) -> Mark | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - a hostile text is no error here, but is in Path
    except FileNotFoundError:
        return None
    return (found.st_size if stat.S_ISREG(found.st_mode) else 0, found.st_mtime, found.st_ino)


def _watch(folder: Path, changed: Callable[[], None], stop: threading.Event) -> None:
    try:
        hints = watch(
            folder,
            stop_event=stop,
            recursive=False,
            step=_HINT_PAUSE_MS,
            rust_timeout=500,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        for _ in hints:
            changed()
    except (OSError, RuntimeError):
        return  # no inotify left: the look each poll is always made
