"""Opens the store of a place, with tables as this version needs them."""

import sqlite3

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from jobnet.storage.places import Place, SqlitePlace
from jobnet.storage.records import CATALOGUE
from jobnet.storage.sqlite import SqliteDatabase
from jobnet.storage.store import SqlStore


def open_store(place: Place) -> SqlStore:
    """Return the store of a place."""
    assert isinstance(place, SqlitePlace)
    return SqlStore(SqliteDatabase(place, prepare=_prepare))


def _prepare(connection: sqlite3.Connection) -> None:
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    CATALOGUE.create_all(engine)
