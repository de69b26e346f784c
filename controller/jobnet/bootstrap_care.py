"""Puts together what takes care of a controller's database: backups, checks, upgrades.

None of it needs a controller that works; what writes needs that none does.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from jobnet.errors import ControllerError
from jobnet.errors.storage import BackupByServer, DatabaseMissing
from jobnet.execution.spool import run_path
from jobnet.machine import archives
from jobnet.machine.clock import MachineClock
from jobnet.ports.findings import Finding, Grade
from jobnet.ports.server_place import ServerPlace
from jobnet.services.controller.backups import BackupMade, BackupRestored, Backups
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.checking import Checking
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.rebuilding import Rebuilding
from jobnet.services.controller.trackers import Trackers
from jobnet.settings import Settings
from jobnet.storage import (
    PostgresPlace,
    SqlitePlace,
    copy_database,
    open_outputs,
    open_store,
    tables_in,
)

RUNS_EXAMINED = 20


class _Files:
    """Files of databases, as ``ports.backups`` states them."""

    def copy(self, source: Path, target: Path) -> None:
        """Copy a database that somebody may be writing to."""
        copy_database(source, target)

    def tables(self, path: Path, *, of_output: bool) -> str:
        """Return which tables a file has."""
        return tables_in(path, of_output=of_output)

    def open_runs(self, path: Path) -> Mapping[str, str]:
        """Return the open runs of a copy, each with the name of the folder of its jobs."""
        with closing(open_store(SqlitePlace(path=path, is_read_only=True))) as store:
            rows = store.read(lambda tx: tx.runs.unended())
        return {row.run: run_path(Path(), row.run).name for row in rows}


class _Archives:
    """Backups as files of this machine."""

    writing = staticmethod(archives.writing)
    extract = staticmethod(archives.extract)


def back_up(settings: Settings, place: ServerPlace, target: Path) -> BackupMade:
    """Write a backup of the controller of a place; it may be at work."""
    if settings.database:
        raise BackupByServer(_pg_dump(settings.database, target))
    now = datetime.fromtimestamp(MachineClock().wall_seconds(), UTC)
    return Backups(_Archives(), _Files()).make(place, target, now=now)


def restore(source: Path, home: Path) -> BackupRestored:
    """Put a backup into an empty state home."""
    return Backups(_Archives(), _Files()).restore(source, home)


def upgrade(settings: Settings, place: ServerPlace) -> tuple[str, str]:
    """Bring the tables up to date; return what they were before and are now ("" on a server)."""
    before = "" if settings.database else tables_before(place)
    if settings.database:
        kept = PostgresPlace(url=settings.database)
        open_store(kept).close()
        open_outputs(kept).close()
        return before, ""
    open_store(SqlitePlace(path=place.database)).close()
    open_outputs(SqlitePlace(path=place.outputs, is_synced=False)).close()
    return before, tables_in(place.database, of_output=False)


def tables_before(place: ServerPlace) -> str:
    """Return which tables a controller's database has, "" where it has none yet."""
    return tables_in(place.database, of_output=False) if place.database.exists() else ""


@contextmanager
def checking(settings: Settings, place: ServerPlace, *, writes: bool) -> Iterator[Checking]:
    """Yield what looks at the database of a place; ``writes`` needs that no controller does."""
    require_database(settings, place)
    where = (
        PostgresPlace(url=settings.database)
        if settings.database
        else SqlitePlace(path=place.database, is_read_only=not writes)
    )
    with closing(open_store(where)) as store:
        bells = Bells()
        definitions = Definitions(store, bells=bells, projects=None, home=place.folder)
        yield Checking(store, Rebuilding(store, Trackers(definitions), bells))


def examine_database(settings: Settings, place: ServerPlace) -> Iterator[Finding]:
    """Yield what is found about the database of a controller; nothing where there is none."""
    if settings.database or not place.database.exists():
        return
    name = "database"
    try:
        with checking(settings, place, writes=False) as check:
            found = check.look(runs=RUNS_EXAMINED)
    except ControllerError as refused:
        yield Finding(name=name, grade=Grade.BAD, text=str(refused))
        return
    if found.problems:
        text = f"{len(found.problems)} problems, such as {found.problems[0]}"
        yield Finding(name=name, grade=Grade.BAD, text=text, advice="jobnet db check tells all")
        return
    text = f"sound; {found.replayed} of the latest runs were replayed"
    yield Finding(name=name, grade=Grade.OK, text=text)


def require_database(settings: Settings, place: ServerPlace) -> None:
    """Raise ``DatabaseMissing`` where no controller was ever started."""
    if not settings.database and not place.database.exists():
        raise DatabaseMissing(str(place.database))


def _pg_dump(url: str, target: Path) -> str:
    """Return the command that makes a backup on a server; it asks for the password itself."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    address = f"postgresql://{user}{parts.hostname or ''}{port}{parts.path}"
    return f"pg_dump --format=custom --file={target} {address}"
