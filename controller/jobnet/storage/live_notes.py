"""Keeps the latest of what screens may show at once, under cursors that lose nothing.

On PostgreSQL a counter is no cursor: a transaction that has counted first may commit last, and
who has read on past it never sees it. So a note's cursor is its transaction's number and its
place in that transaction, and readers take only those below the oldest transaction that still
goes on.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    Text,
    bindparam,
    delete,
    func,
    literal,
    null,
    select,
)
from sqlmodel import Field

from jobnet.ports.store import LiveNote
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, bound, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Kind, Statement
from jobnet.storage.types import JsonText, Name, Number, UtcDateTime

NOTES_KEPT = 100_000
_IN_TRANSACTION = literal(2**20, BigInteger)
"""A cursor is so many times its transaction's number, and a place in it."""


class LiveNoteRecord(Record, table=True):
    """One note; the oldest are taken away beyond ``NOTES_KEPT``."""

    __tablename__ = "live_note"

    id: int = Field(sa_type=Number, primary_key=True, sa_column_kwargs={"autoincrement": False})
    run_id: str = Field(sa_type=Name)
    kind: str = Field(sa_type=Name)
    payload: str = Field(sa_type=JsonText)
    at: datetime = Field(sa_type=UtcDateTime)


NOTES = Shape(LiveNote, LiveNoteRecord, key=("id",))
_NOTE = table_of(LiveNoteRecord)


def _transaction() -> Any:  # noqa: ANN401 - an expression of PostgreSQL alone
    number = func.pg_current_xact_id().cast(Text).cast(BigInteger)
    return number * _IN_TRANSACTION


def _add(kind: Kind) -> Executable:
    begun = NOTES.insert(kind)
    if kind is Kind.SQLITE:
        return begun.values(id=null())
    return begun.values(id=_transaction() + bindparam("place", type_=BigInteger))


def _safe_before() -> Any:  # noqa: ANN401
    """Return the cursor below which nothing can appear any more."""
    oldest = func.pg_snapshot_xmin(func.pg_current_snapshot()).cast(Text).cast(BigInteger)
    return oldest * _IN_TRANSACTION


def _is_future() -> ColumnElement[bool]:
    following = func.pg_snapshot_xmax(func.pg_current_snapshot()).cast(Text).cast(BigInteger)
    return _NOTE.c.id >= following * _IN_TRANSACTION


def _after(kind: Kind) -> Executable:
    found = NOTES.selected().add_columns(_NOTE.c.id).where(_NOTE.c.id > bound(_NOTE.c.id, "after"))
    if kind is Kind.POSTGRESQL:
        found = found.where(_NOTE.c.id < _safe_before())
    return found.order_by(_NOTE.c.id).limit(bindparam("limit", 0))


def _bounds(kind: Kind) -> Executable:
    found = select(func.min(_NOTE.c.id), func.max(_NOTE.c.id))
    return found.where(_NOTE.c.id < _safe_before()) if kind is Kind.POSTGRESQL else found


_ADD, _AFTER, _BOUNDS = Statement(_add), Statement(_after), Statement(_bounds)
_OLDEST_KEPT = (
    select(_NOTE.c.id).order_by(_NOTE.c.id.desc()).offset(bindparam("kept", 0)).limit(1)
).scalar_subquery()
_TRIM = Statement(lambda _: delete(_NOTE).where(_NOTE.c.id <= _OLDEST_KEPT))


_FORGET = Statement(
    lambda _: delete(_NOTE).where(
        _NOTE.c.at < bindparam("older_than", type_=_NOTE.c.at.type),
        _NOTE.c.id < select(func.max(_NOTE.c.id)).scalar_subquery(),
    )
)
"""The newest stays: cursors count on from it."""
_FORGET_FUTURE = Statement(lambda _: delete(_NOTE).where(_is_future()))


class LiveNotes:
    """Live notes, in one transaction; ``added`` counts those that it has written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.added = 0

    def add(self, notes: Collection[LiveNote]) -> None:
        """Add notes in this order."""
        values = [{**NOTES.values(note), "place": self.added + at} for at, note in enumerate(notes)]
        self._connection.send_many(_ADD, values)
        self.added += len(values)

    def after(self, cursor: int, limit: int) -> Sequence[tuple[int, LiveNote]]:
        """Return notes after a cursor in order; never one that a later one may precede."""
        found = self._connection.rows(_AFTER, {"after": cursor, "limit": limit})
        return [(row[-1], NOTES.row(row[:-1])) for row in found]

    def bounds(self) -> tuple[int, int]:
        """Return the cursors before the oldest kept note and of the newest; (0, 0) if none."""
        found = self._connection.row(_BOUNDS)
        return (0, 0) if found is None or found[0] is None else (found[0] - 1, found[1])

    def forget_future(self) -> int:
        """Take away notes of transactions that are still to come on this PostgreSQL server.

        They were restored from another server, which had counted further, and would keep readers
        from seeing what is new. Return how many.
        """
        return self._connection.change(_FORGET_FUTURE)

    def trim(self, kept: int) -> int:
        """Take away all but the newest notes; return how many."""
        return self._connection.change(_TRIM, {"kept": kept})

    def forget(self, *, older_than: datetime) -> int:
        """Remove notes of before an instant, the newest note excepted; return how many."""
        return self._connection.change(_FORGET, {"older_than": older_than})
