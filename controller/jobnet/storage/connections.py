"""Runs statements on a driver's connection, inside a transaction that somebody else has begun."""

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any, Protocol

from jobnet.storage.statements import Kind, Row, Statement, Values

_NONE: Values = MappingProxyType(dict[str, object]())


class Driver(Protocol):
    """What connections of ``sqlite3`` and ``psycopg`` have in common."""

    def execute(self, sql: Any, parameters: Any = ..., /) -> Any:  # noqa: ANN401 - two drivers
        """Run one statement."""

    def cursor(self) -> Any:  # noqa: ANN401
        """Return a cursor."""


class Connection:
    """One transaction's way to the database."""

    __slots__ = ("driver", "kind")

    def __init__(self, driver: Driver, kind: Kind) -> None:
        self.driver = driver
        self.kind = kind

    def ask(self, statement: Statement, values: Values = _NONE) -> Callable[[], list[Row]]:
        """Send a question; what is returned waits for its answer and returns all rows."""
        compiled = statement.compiled(self.kind)
        cursor = self.driver.execute(compiled.sql, compiled.bound(values))
        return lambda: compiled.read(cursor.fetchall())

    def rows(self, statement: Statement, values: Values = _NONE) -> list[Row]:
        """Return all rows of an answer."""
        return self.ask(statement, values)()

    def row(self, statement: Statement, values: Values = _NONE) -> Row | None:
        """Return the only row of an answer, or None."""
        found = self.rows(statement, values)
        return found[0] if found else None

    def change(self, statement: Statement, values: Values = _NONE) -> int:
        """Return how many rows were changed."""
        compiled = statement.compiled(self.kind)
        return int(self.driver.execute(compiled.sql, compiled.bound(values)).rowcount)

    def send_many(self, statement: Statement, values: Iterable[Values]) -> None:
        """Run a change once for each of some values, without waiting for what becomes of them.

        An error may only come up with a later statement, the commit at the latest.
        """
        compiled = statement.compiled(self.kind)
        bound = [compiled.bound(each) for each in values]
        if len(bound) == 1:
            self.driver.execute(compiled.sql, bound[0])
        elif bound:
            self.driver.cursor().executemany(compiled.sql, bound)

    def change_many(self, statement: Statement, values: Iterable[Values]) -> int:
        """Run a change once for each of some values; return how many rows were changed."""
        compiled = statement.compiled(self.kind)
        bound = [compiled.bound(each) for each in values]
        if not bound:
            return 0
        if len(bound) == 1:
            return int(self.driver.execute(compiled.sql, bound[0]).rowcount)
        cursor = self.driver.cursor()
        cursor.executemany(compiled.sql, bound)
        return int(cursor.rowcount)
