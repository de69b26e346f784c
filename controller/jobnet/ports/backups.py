"""States what the services need to make backups: copies of databases, and one file of many."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol


class Archive(Protocol):
    """A backup that is being written."""

    def add_file(self, path: Path, name: str) -> bool:
        """Add a file as it is at this instant; False where it is gone."""

    def add_tree(self, folder: Path, name: str) -> None:
        """Add what is in a folder; what vanishes meanwhile is passed over."""

    def finish(self, about: Mapping[str, object]) -> None:
        """Say what it is a backup of; nothing can be added any more."""


class Archives(Protocol):
    """Writes backups and takes them apart."""

    def writing(self, target: Path) -> AbstractContextManager[tuple[Archive, Path]]:
        """Yield an archive that is at a place afterwards, and a private folder to work in."""

    def extract(self, source: Path, folder: Path) -> Mapping[str, Any]:
        """Take a backup apart into an empty folder; return what was said of it."""


class Databases(Protocol):
    """Files of databases."""

    def copy(self, source: Path, target: Path) -> None:
        """Copy a database that somebody may be writing to."""

    def tables(self, path: Path, *, of_output: bool) -> str:
        """Return which tables a file has; raises ``DatabaseTooNew`` and ``DatabaseDamaged``."""

    def open_runs(self, path: Path) -> Mapping[str, str]:
        """Return the open runs of a copy, each with the name of the folder of its jobs."""
