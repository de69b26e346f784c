"""Keeps runs, their journals and everything around them in a database."""

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock
from typing import TypeVar

from jobnet.ids import RunId
from jobnet.ports.store import RunChange, RunTurn, Transaction
from jobnet.storage.connections import Connection
from jobnet.storage.databases import Database
from jobnet.storage.live_notes import NOTES_KEPT
from jobnet.storage.transactions import OpenTransaction
from jobnet.storage.turns import Seen, look, write

T = TypeVar("T")

_TRIMS_PER_LIFE = 50
"""So often a process looks for old notes while as many are added as are kept."""


class SqlStore:
    """The store over either database; every method may be called from any thread.

    About ``notes_kept`` live notes are kept; the oldest go now and then.
    """

    def __init__(self, database: Database, *, notes_kept: int = NOTES_KEPT) -> None:
        self._database = database
        self._notes_kept = notes_kept
        self._lock = Lock()
        self._notes_added = 0

    def now(self) -> datetime:
        """Return the instant on the database's clock, aware, UTC."""
        return self._database.now()

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do work in one transaction and return what it returns, once that is on the disk."""
        added: list[int] = []

        def done(connection: Connection) -> T:
            tables = OpenTransaction(connection)
            result = work(tables)
            added[:] = [tables.live.added]
            return result

        result = self._database.write(done)
        self._trim_after(added[0])
        return result

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Do work on what is true at one instant; it writes nothing."""
        with self._database.reading() as connection:
            return work(OpenTransaction(connection))

    def turn(
        self, run: RunId, decide: Callable[[RunTurn], RunChange | None], *, inputs_max: int
    ) -> bool:
        """Lock a run, show it with its inputs in order, write what was decided.

        Returns whether anything was written. ``RunNotFound`` for a run that does not exist,
        ``JournalOvertaken`` where somebody else wrote its next entry first.
        """
        notes: list[int] = [0]

        def look_and_decide(connection: Connection) -> tuple[Seen, RunChange | None]:
            seen = look(connection, run, inputs_max=inputs_max)
            return seen, decide(seen.turn)

        def write_change(connection: Connection, seen: Seen, change: RunChange) -> None:
            write(OpenTransaction(connection), seen, change)
            notes[:] = [len(change.notes)]

        has_written = self._database.turn(run, look_and_decide, write_change)
        self._trim_after(notes[0])
        return has_written

    def iterate(self, work: Callable[[Transaction], Iterator[T]]) -> Iterator[T]:
        """Read a long answer piece by piece, in one read transaction."""
        with self._database.reading() as connection:
            yield from work(OpenTransaction(connection))

    def close(self) -> None:
        """Finish what was begun and let go of the database."""
        self._database.close()

    def _trim_after(self, notes: int) -> None:
        """Take old live notes away now and then."""
        if not notes:
            return
        with self._lock:
            self._notes_added += notes
            is_due = self._notes_added * _TRIMS_PER_LIFE >= self._notes_kept
            if is_due:
                self._notes_added = 0
        if is_due:
            kept = self._notes_kept
            self._database.write(lambda connection: OpenTransaction(connection).live.trim(kept))
