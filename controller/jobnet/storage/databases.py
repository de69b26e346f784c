"""States what the store needs of a kind of database: transactions, and turns of one run."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from jobnet.ids import RunId
from jobnet.storage.connections import Connection

S = TypeVar("S")
T = TypeVar("T")


class Database(Protocol):
    """A database; every method may be called from any thread."""

    def now(self) -> datetime:
        """Return the instant on its clock, aware, UTC."""

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction; return its result once that is on the disk."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Lend a connection that sees one instant and writes nothing."""

    def turn(
        self,
        run: RunId,
        look: Callable[[Connection], tuple[S, T | None]],
        write: Callable[[Connection, S, T], None],
    ) -> bool:
        """Look at a run and write what follows, while nobody else does so; None writes nothing."""

    def close(self) -> None:
        """Finish what was begun."""
