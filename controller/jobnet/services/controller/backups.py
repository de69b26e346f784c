"""Makes backups of a controller that works, and restores one into an empty state home.

The database of runs is copied first, at one instant, then what belongs to it: what jobs printed,
the spools of the runs that were open, the copies of projects that runs go by. So what lies beside
the runs is as new as they are or newer, never older: a job that had begun has its spool.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from jobnet.errors.storage import (
    BackupDamaged,
    BackupNotWritten,
    DatabaseDamaged,
    DatabaseMissing,
    HomeNotEmpty,
)
from jobnet.ports.backups import Archive, Archives, Databases
from jobnet.ports.server_place import FOLDER, ServerPlace, place_in

BESIDE: Final = ("snapshots", "manifests")
"""Folders of the controller with copies of projects, and with what live projects were."""
UNFINISHED: Final = ".restoring-"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup that lies on the disk."""

    path: Path
    size: int
    open_runs: tuple[str, ...]
    tables: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRestored:
    """What was restored, and when its backup was made."""

    home: Path
    made_at: str
    open_runs: tuple[str, ...]


class Backups:
    """Makes and restores backups; of SQLite files, since a server has its own."""

    def __init__(self, archives: Archives, databases: Databases) -> None:
        self._archives, self._databases = archives, databases

    def make(self, place: ServerPlace, target: Path, *, now: datetime) -> BackupMade:
        """Write a backup; a controller may be at work meanwhile.

        Raises ``DatabaseMissing``, ``BackupNotWritten`` and what keeps a database from being read.
        """
        if not place.database.exists():
            raise DatabaseMissing(str(place.database))
        if target.absolute().is_relative_to(place.folder.absolute()):
            problem = "it would lie in the folder that it is a backup of"
            raise BackupNotWritten(str(target), problem=problem)
        with self._archives.writing(target) as (archive, folder):
            copy = folder / "runs"
            self._databases.copy(place.database, copy)
            tables = self._databases.tables(copy, of_output=False)
            runs = self._databases.open_runs(copy)
            archive.add_file(copy, _name(place, place.database))
            copy.unlink()
            self._add_outputs(place, archive, folder)
            for name in runs.values():
                archive.add_tree(place.jobs / name, f"{_name(place, place.jobs)}/{name}")
            for name in BESIDE:
                archive.add_tree(place.folder / name, f"{FOLDER}/{name}")
            about = {
                "jobnet": version("jobnet"),
                "made_at": now.isoformat(),
                "tables": tables,
                "open_runs": sorted(runs),
            }
            archive.finish(about)
        size = target.stat().st_size
        return BackupMade(path=target, size=size, open_runs=tuple(sorted(runs)), tables=tables)

    def restore(self, source: Path, home: Path) -> BackupRestored:
        """Put a backup into a state home that is empty; it is there as a whole or not at all.

        Raises ``HomeNotEmpty``, ``BackupDamaged`` and ``DatabaseTooNew``.
        """
        with _unfinished(home, source) as folder:
            manifest = self._archives.extract(source, folder)
            place = place_in(folder)
            self._check(source, place)
            place.folder.chmod(0o700)
            place.restored.write_text(_said(manifest, "made_at"), encoding="utf-8")
            place.folder.rename(place_in(home).folder)
        open_runs = tuple(str(run) for run in manifest.get("open_runs", ()))
        return BackupRestored(home=home, made_at=_said(manifest, "made_at"), open_runs=open_runs)

    def _add_outputs(self, place: ServerPlace, archive: Archive, folder: Path) -> None:
        if place.outputs.exists():
            copy = folder / "outputs"
            self._databases.copy(place.outputs, copy)
            archive.add_file(copy, _name(place, place.outputs))
            copy.unlink()

    def _check(self, source: Path, place: ServerPlace) -> None:
        if not place.database.is_file():
            raise BackupDamaged(str(source), problem="there is no database of runs in it")
        try:
            self._databases.tables(place.database, of_output=False)
            if place.outputs.is_file():
                self._databases.tables(place.outputs, of_output=True)
        except DatabaseDamaged as error:
            raise BackupDamaged(str(source), problem=error.problem) from error


@contextmanager
def _unfinished(home: Path, source: Path) -> Iterator[Path]:
    """Yield a folder inside an empty home; whatever is left in it goes."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in home.iterdir():
            if not each.name.startswith(UNFINISHED):
                raise HomeNotEmpty(str(home))
            shutil.rmtree(each)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=home))
    except OSError as error:
        raise BackupDamaged(
            str(source), problem=f"{home} cannot be written: {error.strerror}"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _name(place: ServerPlace, path: Path) -> str:
    return f"{FOLDER}/{path.relative_to(place.folder)}"


def _said(manifest: Mapping[str, Any], name: str) -> str:
    return str(manifest.get(name, ""))[:100]
