"""Keeps what somebody has to do after a commit, until that has been done."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, UniqueConstraint, delete, or_
from sqlmodel import Field

from jobnet.ports.store import Signal, SignalKind
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Kind, Statement
from jobnet.storage.types import Member, Name, Number


class SignalRecord(Record, table=True):
    """One thing to do.

    One that is there already gets a new ``id`` when it is written again, so that whoever is busy
    with the old one does not take it away when that is done.
    """

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("kind", "name", "run_id", name="uq_signal_kind_name_run"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    kind: SignalKind = Field(sa_type=cast("Any", Member(SignalKind)))
    name: str = Field(sa_type=Name)
    run_id: str = Field(sa_type=Name)


SIGNALS = Shape(Signal, SignalRecord, key=("kind", "name", "run_id"))
_SIGNAL = table_of(SignalRecord)
_DONE = Statement(lambda _: delete(_SIGNAL).where(given(_SIGNAL.c.id)))


def _add(kind: Kind) -> Executable:
    if kind is Kind.SQLITE:
        return SIGNALS.insert(kind).prefix_with("OR REPLACE")
    begun = SIGNALS.insert(kind)
    return begun.on_conflict_do_update(
        index_elements=list(SIGNALS.key), set_={"id": begun.excluded.id}
    )


_ADD = Statement(_add)


@cache
def _pending(count: int) -> Statement:
    kinds = [given(_SIGNAL.c.kind, f"kind_{at}") for at in range(count)]
    return Statement(
        lambda _: (
            SIGNALS.selected().add_columns(_SIGNAL.c.id).where(or_(*kinds)).order_by(_SIGNAL.c.id)
        )
    )


class Signals:
    """What has to be done, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pending(self, kinds: Collection[SignalKind]) -> Sequence[tuple[int, Signal]]:
        """Return what waits to be done, with its id, the oldest first."""
        if not kinds:
            return []
        values = {f"kind_{at}": kind for at, kind in enumerate(kinds)}
        found = self._connection.rows(_pending(len(kinds)), values)
        return [(row[-1], SIGNALS.row(row[:-1])) for row in found]

    def add(self, signals: Collection[Signal]) -> None:
        """Add signals; one that waits already is not written twice, and is new again.

        They are locked in one order, whoever writes them.
        """
        ordered = sorted(signals, key=lambda each: (each.kind, each.name, each.run))
        self._connection.send_many(_ADD, map(SIGNALS.values, ordered))

    def done(self, ids: Collection[int]) -> None:
        """Take away what has been done."""
        self._connection.send_many(_DONE, [{"id": each} for each in ids])
