"""Keeps triggers and what has come for them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Index, bindparam, delete, func, select, update
from sqlmodel import Field

from jobnet.ids import RunId
from jobnet.ports.store.triggers import SeenRow, TriggerRow
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, bound, given, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name, NameOrNothing, UtcDateTime, Words


class TriggerRecord(Record, table=True):
    """One trigger and what it remembers."""

    __tablename__ = "trigger_state"

    trigger: str = Field(sa_type=Name, primary_key=True)
    condition: str = Field(sa_type=Name)
    since: datetime = Field(sa_type=UtcDateTime)
    memory: str = Field(sa_type=JsonText)
    problem: str = Field(sa_type=Words)


class SeenRecord(Record, table=True):
    """One thing that came for a leaf of a trigger; its run stays here when that is removed."""

    __tablename__ = "trigger_seen"
    __table_args__ = (
        Index("ix_trigger_seen_run", "trigger", "run_id", "at"),
        Index("ix_trigger_seen_at", "at"),
    )

    trigger: str = Field(sa_type=Name, primary_key=True)
    leaf: str = Field(sa_type=Name, primary_key=True)
    key: str = Field(sa_type=Name, primary_key=True)
    operating_day: date
    at: datetime = Field(sa_type=UtcDateTime)
    what: str = Field(sa_type=JsonText)
    run_id: str = Field(sa_type=NameOrNothing)


TRIGGERS = Shape(TriggerRow, TriggerRecord, key=("trigger",))
SEEN = Shape(SeenRow, SeenRecord, key=("trigger", "leaf", "key"))
_TRIGGER, _SEEN = table_of(TriggerRecord), table_of(SeenRecord)
_IS_UNUSED = _SEEN.c.run_id == ""
_ALL = Statement(lambda _: TRIGGERS.selected().order_by(_TRIGGER.c.trigger))
_DROP_SEEN = Statement(lambda _: delete(_SEEN).where(given(_SEEN.c.trigger)))
_UNUSED = Statement(
    lambda _: (
        SEEN.selected()
        .where(given(_SEEN.c.trigger), _IS_UNUSED)
        .order_by(_SEEN.c.at, _SEEN.c.leaf, _SEEN.c.key)
        .limit(bindparam("limit", 0))
    )
)
_WAITING = Statement(
    lambda _: select(_SEEN.c.trigger).distinct().where(_IS_UNUSED).order_by(_SEEN.c.trigger)
)
_COUNT = Statement(
    lambda _: (
        select(func.count())
        .select_from(_SEEN)
        .where(given(_SEEN.c.trigger), given(_SEEN.c.leaf), _IS_UNUSED)
    )
)
_STARTED = Statement(
    lambda _: (
        select(_SEEN.c.operating_day)
        .distinct()
        .where(given(_SEEN.c.trigger), _SEEN.c.run_id != "")
        .order_by(_SEEN.c.operating_day)
    )
)
_USE = Statement(
    lambda _: (
        update(_SEEN)
        .where(
            given(_SEEN.c.trigger, "of_trigger"),
            given(_SEEN.c.leaf, "of_leaf"),
            given(_SEEN.c.key, "of_key"),
            _IS_UNUSED,
        )
        .values(run_id=bound(_SEEN.c.run_id, "by_run"))
    )
)
_FORGET = Statement(lambda _: delete(_SEEN).where(_SEEN.c.at < bound(_SEEN.c.at, "older_than")))


class Triggers:
    """Triggers and what has come for them, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[TriggerRow]:
        """Return all triggers by name."""
        return TRIGGERS.all(self._connection.rows(_ALL))

    def put(self, row: TriggerRow) -> None:
        """Add a trigger or replace it; what came for it stays."""
        self._connection.change(TRIGGERS.put, TRIGGERS.values(row))

    def drop(self, trigger: str) -> None:
        """Remove a trigger and all that came for it."""
        self._connection.change(_DROP_SEEN, {"trigger": trigger})
        self._connection.change(TRIGGERS.drop, {"trigger": trigger})

    def add_seen(self, rows: Collection[SeenRow]) -> int:
        """Add what came; what is known already stays as it is. Return how much was new."""
        return self._connection.change_many(SEEN.add, map(SEEN.values, rows))

    def waiting(self) -> Sequence[str]:
        """Return the triggers for which something has come that was not used up yet."""
        return [trigger for (trigger,) in self._connection.rows(_WAITING)]

    def unused(self, trigger: str, limit: int) -> Sequence[SeenRow]:
        """Return what was not used up yet, the oldest first."""
        return SEEN.all(self._connection.rows(_UNUSED, {"trigger": trigger, "limit": limit}))

    def count_unused(self, trigger: str, leaf: str) -> int:
        """Return how much of a leaf was not used up yet."""
        found = self._connection.row(_COUNT, {"trigger": trigger, "leaf": leaf})
        return 0 if found is None else int(found[0])

    def started_days(self, trigger: str) -> Sequence[date]:
        """Return the operating days on which the trigger has started something."""
        return [day for (day,) in self._connection.rows(_STARTED, {"trigger": trigger})]

    def use(self, rows: Collection[SeenRow], run: RunId) -> int:
        """Use things up for a run; return how many were still there to be used."""
        values = [
            {"of_trigger": row.trigger, "of_leaf": row.leaf, "of_key": row.key, "by_run": run}
            for row in rows
        ]
        return self._connection.change_many(_USE, values)

    def forget(self, *, older_than: datetime) -> int:
        """Remove what came before an instant; return how much."""
        return self._connection.change(_FORGET, {"older_than": older_than})
