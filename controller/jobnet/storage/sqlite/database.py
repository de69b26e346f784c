"""Offers transactions on a database file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from time import time_ns
from typing import TypeVar

from jobnet.errors.storage import DatabaseAway, DatabaseClosed, DatabaseReadOnly
from jobnet.ids import RunId
from jobnet.storage.connections import Connection
from jobnet.storage.places import SqlitePlace
from jobnet.storage.sqlite.faults import refusal_of
from jobnet.storage.sqlite.files import open_reader, open_writer
from jobnet.storage.sqlite.lock_file import LockFile
from jobnet.storage.sqlite.readers import Readers
from jobnet.storage.sqlite.run_locks import RunLocks
from jobnet.storage.sqlite.writer import Writer
from jobnet.storage.statements import Kind

T = TypeVar("T")
S = TypeVar("S")


class SqliteDatabase:
    """A database file: one writer for all threads, and readers beside it.

    ``is_alone`` locks its folder against other processes.
    """

    def __init__(
        self,
        place: SqlitePlace,
        *,
        prepare: Callable[[sqlite3.Connection], None],
        is_alone: bool = True,
    ) -> None:
        self._place = place
        self._locks = RunLocks()
        self._readers = Readers(place)
        self._writer: Writer | None = None
        self._lock_file: LockFile | None = None
        if place.is_read_only:
            with self._meaning(), closing(open_reader(place)) as connection:
                prepare(connection)
        else:
            self._lock_file = LockFile(place.path) if is_alone else None
            self._open_for_writing(prepare)

    def _open_for_writing(self, prepare: Callable[[sqlite3.Connection], None]) -> None:
        try:
            with self._meaning():
                connection = self._prepared_writer(prepare)
        except OSError as error:
            self._unlock()
            raise DatabaseAway(str(self._place.path), problem=str(error.strerror)) from error
        except BaseException:
            self._unlock()
            raise
        self._write_connection = Connection(connection, Kind.SQLITE)
        self._writer = Writer(connection, closed=self._closed)

    def _prepared_writer(self, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
        connection = open_writer(self._place)
        try:
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _closed(self) -> Exception:
        return DatabaseClosed(str(self._place.path))

    def now(self) -> datetime:
        """Return this process's clock."""
        return datetime.fromtimestamp(time_ns() / 1e9, UTC)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction; return its result once that is on the disk."""
        if self._writer is None:
            raise DatabaseReadOnly(str(self._place.path))
        with self._meaning():
            return self._writer.write(lambda: work(self._write_connection))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that sees one instant."""
        with self._meaning(), self._readers.reading() as connection:
            yield Connection(connection, Kind.SQLITE)

    def turn(
        self,
        run: RunId,
        look: Callable[[Connection], tuple[S, T | None]],
        write: Callable[[Connection, S, T], None],
    ) -> bool:
        """Look at a run and write what follows, while nobody else in this process does so.

        The looking and deciding stand outside the writer, so that others write meanwhile.
        """
        with self._locks.holding(run):
            with self.reading() as connection:
                seen, change = look(connection)
            if change is None:
                return False
            self.write(lambda connection: write(connection, seen, change))
            return True

    def close(self) -> None:
        """Finish what was begun; the writer is the last, so that it can tidy the file up."""
        self._readers.close()
        if self._writer is not None:
            self._writer.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    @contextmanager
    def _meaning(self) -> Iterator[None]:
        """Turn SQLite's own errors into what they mean."""
        try:
            yield
        except sqlite3.Error as error:
            refusal = refusal_of(error, self._place.path)
            if refusal is None:
                raise
            raise refusal from error
