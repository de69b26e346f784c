"""Keeps the journals of runs: entries are added and never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, bindparam
from sqlmodel import Field

from jobnet.ports.store import Entry
from jobnet.storage.records import Record, bound, given, run_reference, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name, UtcDateTime


class JournalEntry(Record, table=True):
    """One recorded fact of one run. Rows are added, never changed.

    ``position`` counts from 1 inside a run. The run's row is locked while it is written; the
    primary key proves that the lock did its work.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (CheckConstraint("position >= 1", name="position"),)

    run_id: str = run_reference()
    position: int = Field(primary_key=True)
    kind: str = Field(sa_type=Name)
    version: int
    at: datetime = Field(sa_type=UtcDateTime)
    payload: str = Field(sa_type=JsonText)


ENTRIES = Shape(Entry, JournalEntry, key=("run_id", "position"))
_ENTRY = table_of(JournalEntry)

ADD_ENTRY = Statement(
    lambda kind: ENTRIES.insert(kind).values(run_id=bindparam("run_id", type_=_ENTRY.c.run_id.type))
)
ENTRIES_BETWEEN = Statement(
    lambda _: (
        ENTRIES.selected()
        .where(
            given(_ENTRY.c.run_id),
            _ENTRY.c.position > bound(_ENTRY.c.position, "after"),
            _ENTRY.c.position <= bound(_ENTRY.c.position, "last"),
        )
        .order_by(_ENTRY.c.position)
    )
)
ENTRIES_AFTER = Statement(
    lambda _: (
        ENTRIES.selected()
        .where(
            given(_ENTRY.c.run_id),
            _ENTRY.c.position > bound(_ENTRY.c.position, "after"),
        )
        .order_by(_ENTRY.c.position)
    )
)
