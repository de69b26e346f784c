"""Opens what is kept at a place, with tables as this version needs them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from jobnet.storage.databases import Database
from jobnet.storage.live_notes import LiveNotes
from jobnet.storage.migrations import MAIN, OUTPUT, History, check, upgrade
from jobnet.storage.outputs import BEGINNING_KEPT, END_KEPT, SqlOutputs
from jobnet.storage.places import Place, SqlitePlace
from jobnet.storage.sqlite import SqliteDatabase
from jobnet.storage.store import SqlStore

if TYPE_CHECKING:
    from jobnet.storage.postgresql import PostgresDatabase

_UPGRADE_LOCK = 0x6A6F626E6574
"""The key of the lock that lets one process at a time upgrade a PostgreSQL database."""


def open_store(place: Place) -> SqlStore:
    """Return the store of a place; its tables are made or brought up to date first.

    Raises errors of ``errors.storage``, such as ``DatabaseInUse`` and ``DatabaseTooNew``.
    """
    return SqlStore(_open(place, MAIN, is_alone=True))


def open_outputs(
    place: Place, *, beginning_kept: int = BEGINNING_KEPT, end_kept: int = END_KEPT
) -> SqlOutputs:
    """Return what jobs printed at a place: a file of its own beside the store's, or its server.

    Of each attempt so many characters of its beginning and its end are kept.
    """
    database = _open(place, OUTPUT, is_alone=False)
    return SqlOutputs(database, beginning_kept=beginning_kept, end_kept=end_kept)


def _open(place: Place, history: History, *, is_alone: bool) -> Database:
    if isinstance(place, SqlitePlace):
        return SqliteDatabase(
            place,
            prepare=lambda connection: _prepare_file(connection, history, place),
            is_alone=is_alone,
        )
    from jobnet.storage.postgresql import PostgresDatabase  # noqa: PLC0415 - its driver is slow

    database = PostgresDatabase(place)
    with database.meaning():
        _prepare_server(database, history)
    if history is MAIN:
        database.write(lambda connection: LiveNotes(connection).forget_future())
    return database


def _prepare_file(driver: sqlite3.Connection, history: History, place: SqlitePlace) -> None:
    engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)
    with _errors_of_the_driver(), engine.connect() as connection:
        if place.is_read_only:
            check(connection, history, place=str(place.path))
            return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        upgrade(connection, history, place=str(place.path))
        connection.commit()


def _prepare_server(database: "PostgresDatabase", history: History) -> None:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: database.connect(is_in_words=False),
        poolclass=NullPool,
    )
    with _errors_of_the_driver(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        upgrade(connection, history, place=database.name)


@contextmanager
def _errors_of_the_driver() -> Iterator[None]:
    """Raise what the driver itself has raised, without SQLAlchemy's wrapping."""
    try:
        yield
    except DBAPIError as error:
        if error.orig is None:
            raise
        raise error.orig from None
