"""Lends connections that read; each sees one instant, whatever is written meanwhile."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from jobnet.errors.storage import DatabaseClosed
from jobnet.storage.places import SqlitePlace
from jobnet.storage.sqlite.files import open_reader

IDLE_MAX = 8
"""So many connections wait for the next reader; more are opened as needed, and closed again."""


class Readers:
    """Connections that read, each lent to one reader at a time."""

    def __init__(self, place: SqlitePlace) -> None:
        self._place = place
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection in a transaction that sees one instant, that of its first look."""
        connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
        except BaseException:
            connection.close()
            raise
        connection.execute("COMMIT")
        self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_closed:
                raise DatabaseClosed(str(self._place.path))
            if self._idle:
                return self._idle.pop()
        return open_reader(self._place)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if len(self._idle) < IDLE_MAX and not self._is_closed:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close what is idle; what is lent is closed when it comes back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
