"""Keeps the near plan and the changes on the day: the tables, and what a row of them is.

The key of a start stands in four columns, so that those of a network and a day are found quickly.
A start does not refer to its run or its edition: it outlives the first and needs no more of the
second than its number.
"""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from jobnet.ports.store.plan import ChangeKind, PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey
from jobnet.storage.records import Record, table_of
from jobnet.storage.statements import Row
from jobnet.storage.types import JsonText, Member, Name, UtcDateTime, Words


class PlannedStartRecord(Record, table=True):
    """One start of the near plan or of the past."""

    __tablename__ = "planned_start"
    __table_args__ = (
        CheckConstraint("merged >= 0", name="merged"),
        Index("ix_planned_start_due", "state", "start"),
        Index("ix_planned_start_start", "start"),
        Index("ix_planned_start_day", "network", "operating_day"),
        Index("ix_planned_start_repeat", "repeat_seconds"),
        Index("ix_planned_start_run", "run_id"),
        Index("ix_planned_start_settled", "settled_at"),
    )

    schedule: str = Field(sa_type=Name, primary_key=True)
    network: str = Field(sa_type=Name, primary_key=True)
    operating_day: date = Field(primary_key=True)
    nominal: str = Field(sa_type=Name, primary_key=True)
    start: datetime = Field(sa_type=UtcDateTime)
    nominal_start: datetime = Field(sa_type=UtcDateTime)
    state: PlanState = Field(sa_type=cast("Any", Member(PlanState)))
    zone: str = Field(sa_type=Name)
    edition_id: int
    params: str = Field(sa_type=JsonText)
    steps: str = Field(sa_type=JsonText)
    merged: int
    misfire: str = Field(sa_type=JsonText)
    repeat_seconds: float | None
    repeat_until: datetime | None = Field(sa_type=UtcDateTime)
    run_id: str | None = Field(sa_type=Name)
    detail: str = Field(sa_type=Words)
    is_changed: bool
    settled_at: datetime | None = Field(sa_type=UtcDateTime)


class PlanChangeRecord(Record, table=True):
    """One change on the day; of each kind there is one for a start."""

    __tablename__ = "plan_change"
    __table_args__ = (
        UniqueConstraint(
            "schedule",
            "network",
            "operating_day",
            "nominal",
            "kind",
            name="uq_plan_change_start_kind",
        ),
        Index("ix_plan_change_at", "at", "id"),
    )

    id: str = Field(sa_type=Name, primary_key=True)
    schedule: str = Field(sa_type=Name)
    network: str = Field(sa_type=Name)
    operating_day: date
    nominal: str = Field(sa_type=Name)
    kind: ChangeKind = Field(sa_type=cast("Any", Member(ChangeKind)))
    value: str = Field(sa_type=JsonText)
    by_whom: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(sa_type=Words)
    is_lost: bool


START = table_of(PlannedStartRecord)
CHANGE = table_of(PlanChangeRecord)
KEY = ("schedule", "network", "operating_day", "nominal")

_START_FIELDS = tuple(each.name for each in START.c if each.name not in KEY)
_CHANGE_FIELDS = tuple(each.name for each in CHANGE.c if each.name not in KEY)
_RENAMED = {"edition_id": "edition", "run_id": "run", "by_whom": "by"}


def key_values(key: OccurrenceKey) -> dict[str, object]:
    """Return a key's values by column."""
    return {name: getattr(key, name) for name in KEY}


def start_values(row: PlanRow) -> dict[str, object]:
    """Return a start's values by column."""
    return _values(row, _START_FIELDS)


def change_values(row: PlanChange) -> dict[str, object]:
    """Return a change's values by column."""
    return _values(row, _CHANGE_FIELDS)


def start_row(found: Row) -> PlanRow:
    """Return the row of all columns of a start."""
    key, others = _read(found, tuple(each.name for each in START.c))
    return PlanRow(key=key, **others)


def change_row(found: Row) -> PlanChange:
    """Return the row of all columns of a change."""
    key, others = _read(found, tuple(each.name for each in CHANGE.c))
    return PlanChange(key=key, **others)


def _values(row: PlanRow | PlanChange, names: tuple[str, ...]) -> dict[str, object]:
    others = {name: getattr(row, _RENAMED.get(name, name)) for name in names}
    return {**key_values(row.key), **others}


def _read(found: Row, names: tuple[str, ...]) -> tuple[OccurrenceKey, dict[str, Any]]:
    values = dict(zip(names, found, strict=True))
    key = OccurrenceKey(**{name: values.pop(name) for name in KEY})
    return key, {_RENAMED.get(name, name): value for name, value in values.items()}
