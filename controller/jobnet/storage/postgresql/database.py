"""Offers transactions on a PostgreSQL server.

A run is locked by its row, so any number of processes may work on the same runs. What the server
asks to be done again, after a deadlock, is done again a few times.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from time import sleep
from typing import Any, TypeVar

import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from jobnet.errors.storage import DatabaseAway, DatabaseClosed
from jobnet.ids import RunId
from jobnet.storage.connections import Connection
from jobnet.storage.places import PostgresPlace
from jobnet.storage.postgresql.faults import is_lost, may_pass, refusal_of
from jobnet.storage.statements import Kind

T = TypeVar("T")
S = TypeVar("S")

TRIES_MAX = 8
_PAUSE_SECONDS = 0.005
_CONNECT_SECONDS_MAX = 5
_LEND_SECONDS_MAX = 30.0
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresDatabase:
    """A database of a server; connections are lent from a pool, each to one thread at a time."""

    def __init__(self, place: PostgresPlace) -> None:
        url = make_url(place.url)
        self.name = url.render_as_string(hide_password=True)
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._is_closed = False
        self._tries_to_lend = 2 * place.connections_max
        self._pool = QueuePool(
            self.connect,
            pool_size=place.connections_max,
            max_overflow=0,
            timeout=_LEND_SECONDS_MAX,
            reset_on_return=None,
        )

    def connect(self, *, is_in_words: bool = True) -> Any:  # noqa: ANN401 - the pool's own type
        """Return a new connection; its transactions are begun and ended in plain words."""
        return psycopg.connect(
            self._dsn,
            autocommit=is_in_words,
            connect_timeout=_CONNECT_SECONDS_MAX,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            application_name="jobnet",
            options="-c timezone=UTC",
        )

    def now(self) -> datetime:
        """Return the server's clock."""
        with self.meaning(), self._transaction("BEGIN READ ONLY") as connection:
            instant: datetime = connection.driver.execute("SELECT clock_timestamp()").fetchone()[0]
        return instant.astimezone(UTC)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction; return its result once that is on the disk."""

        def once() -> T:
            with self._transaction("BEGIN") as connection:
                return work(connection)

        return self._again(once)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that sees one instant."""
        with self.meaning(), self._transaction(_READ) as connection:
            yield connection

    def turn(
        self,
        run: RunId,
        look: Callable[[Connection], tuple[S, T | None]],
        write: Callable[[Connection, S, T], None],
    ) -> bool:
        """Look at a run, which locks its row, and write what follows in the same transaction."""

        def once() -> bool:
            with self._transaction("BEGIN", is_pipelined=True) as connection:
                seen, change = look(connection)
                if change is not None:
                    write(connection, seen, change)
                return change is not None

        return self._again(once)

    def close(self) -> None:
        """Close what is idle; what is lent is closed when it comes back."""
        self._is_closed = True
        self._pool.dispose()

    def _again(self, once: Callable[[], T]) -> T:
        """Do work, a few times where the server asks for it."""
        with self.meaning():
            for tries in range(1, TRIES_MAX):
                try:
                    return once()
                except psycopg.Error as error:
                    if not may_pass(error):
                        raise
                    sleep(_PAUSE_SECONDS * tries)
            return once()

    @contextmanager
    def _transaction(self, begin: str, *, is_pipelined: bool = False) -> Iterator[Connection]:
        """Lend a connection in a transaction, which is committed unless something is raised.

        ``is_pipelined``: statements go out without waiting for the answers to those before.
        """
        lent = self._begun(begin)
        driver = _driver_of(lent)
        try:
            with driver.pipeline() if is_pipelined else nullcontext():
                yield Connection(driver, Kind.POSTGRESQL)
                driver.execute("COMMIT")
        except BaseException:
            _undo(lent)
            raise
        finally:
            lent.close()
            if self._is_closed:
                self._pool.dispose()

    def _begun(self, begin: str) -> PoolProxiedConnection:
        """Return a connection in a transaction; those that were lost while idle are passed over."""
        if self._is_closed:
            raise DatabaseClosed(self.name)
        for _ in range(self._tries_to_lend):
            lent = self._pool.connect()
            try:
                _driver_of(lent).execute(begin)
            except psycopg.Error as error:
                lent.invalidate()
                if not is_lost(error):
                    raise
            else:
                return lent
        raise DatabaseAway(self.name, problem="connections are lost as soon as they are made")

    @contextmanager
    def meaning(self) -> Iterator[None]:
        """Turn the errors of the driver and the pool into what they mean."""
        try:
            yield
        except psycopg.Error as error:
            refusal = refusal_of(error, self.name)
            if refusal is None:
                raise
            raise refusal from error
        except PoolTimeoutError as error:
            raise DatabaseAway(self.name, problem="all connections are in use") from error


def _driver_of(lent: PoolProxiedConnection) -> Any:  # noqa: ANN401 - the pool says no more of it
    return lent.driver_connection


def _undo(lent: PoolProxiedConnection) -> None:
    """Undo a transaction; a connection that cannot do so is given up."""
    try:
        _driver_of(lent).execute("ROLLBACK")
    except psycopg.Error:
        lent.invalidate()
