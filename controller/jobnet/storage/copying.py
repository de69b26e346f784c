"""Copies a database file while somebody writes to it, and says which tables a file has.

The copy is what one reader sees at one instant. It is one file without a log beside it, and is on
the disk when this is done.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from jobnet.errors.storage import DatabaseDamaged, DatabaseTooNew
from jobnet.storage.migrations import MAIN, OUTPUT, History, version_of
from jobnet.storage.places import SqlitePlace
from jobnet.storage.sqlite.faults import refusal_of
from jobnet.storage.sqlite.files import open_reader

_PRIVATE = 0o600


def copy_database(source: Path, target: Path) -> None:
    """Copy a database file to one that does not exist yet.

    Raises ``DatabaseAway`` or ``DatabaseDamaged`` where it cannot be read or written.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
    try:
        with (
            closing(open_reader(SqlitePlace(path=source))) as reader,
            closing(sqlite3.connect(target)) as copy,
        ):
            reader.backup(copy)  # all in one step: another one begins anew at each write
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        refusal = refusal_of(error, source)
        if refusal is None:
            raise
        raise refusal from error
    with target.open("rb") as file:
        os.fsync(file.fileno())


def tables_in(path: Path, *, of_output: bool) -> str:
    """Return the last step that the tables of a file have gone through, "" for none.

    Raises ``DatabaseTooNew`` where this version does not know it, and ``DatabaseDamaged`` for a
    file that is no whole database.
    """
    history = OUTPUT if of_output else MAIN
    try:
        with closing(open_reader(SqlitePlace(path=path))) as driver:
            (said,) = driver.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise DatabaseDamaged(str(path), problem=str(said))
            found = _version(driver, history, path)
    except sqlite3.Error as error:
        raise DatabaseDamaged(str(path), problem=str(error)) from error
    if found is None:
        return ""
    from jobnet.storage.migrations.steps import is_known  # noqa: PLC0415 - slow, rare

    if found != history.head and not is_known(history, found):
        raise DatabaseTooNew(str(path), found=found, known=history.head)
    return found


def _version(driver: sqlite3.Connection, history: History, path: Path) -> str | None:
    engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)
    with engine.connect() as connection:
        return version_of(connection, history, place=str(path))
