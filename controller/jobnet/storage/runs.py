"""Keeps the rows of runs: what lists show, and the lock of each run."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import CheckConstraint, Date, Executable, Index, bindparam, select, text, update
from sqlmodel import Field

from jobnet.engine.states import State, has_ended
from jobnet.ports.store import RunRow
from jobnet.storage.records import Record, bound, given, table_of
from jobnet.storage.shapes import RENAMED, Shape
from jobnet.storage.statements import Kind, Row, Statement
from jobnet.storage.types import JsonText, Member, Name, UtcDateTime, WordList, Words


class RunRecord(Record, table=True):
    """One run as lists show it; everything but its journal can be made from that again.

    The row is the lock of its run. ``revision`` grows with every change and proves that the lock
    did its work; ``is_open`` follows from ``state``, for an index of the few open ones.
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        Index("ix_run_created", "created_at", "id"),
        Index("ix_run_network", "network", "created_at", "id"),
        Index("ix_run_state", "state", "created_at", "id"),
        Index("ix_run_operating_day", "operating_day", "created_at", "id"),
        Index(
            "ix_run_open",
            "planned_start",
            "id",
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_run_open_created",
            "created_at",
            "id",
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
    )

    id: str = Field(sa_type=Name, primary_key=True)
    network: str = Field(sa_type=Name)
    edition_id: int
    state: State = Field(sa_type=cast("Any", Member(State)))
    by_whom: str = Field(sa_type=Name)
    operating_day: date = Field(sa_type=Date)
    planned_start: datetime = Field(sa_type=UtcDateTime)
    zone: str = Field(sa_type=Name)
    created_at: datetime = Field(sa_type=UtcDateTime)
    request: str = Field(sa_type=JsonText)
    params: str = Field(sa_type=JsonText)
    outputs: str = Field(sa_type=JsonText)
    started: datetime | None = Field(sa_type=UtcDateTime)
    ended: datetime | None = Field(sa_type=UtcDateTime)
    exit_code: int | None
    detail: str = Field(sa_type=Words)
    flags: tuple[str, ...] = Field(sa_type=WordList)
    recovered: tuple[str, ...] = Field(sa_type=WordList)
    round: int
    position: int
    parts: int
    open_parts: int
    ended_parts: int
    failed_parts: int
    is_check: bool
    is_suspended: bool
    is_open: bool
    revision: int = 0


RUNS = Shape(RunRow, RunRecord, key=("id",), renamed={**RENAMED, "run": "id"})
RUN = table_of(RunRecord)


def run_values(row: RunRow) -> Mapping[str, object]:
    """Return a run's values by column."""
    return {**RUNS.values(row), "is_open": not has_ended(row.state)}


def _add(kind: Kind) -> Executable:
    more = {"is_open": bindparam("is_open", type_=RUN.c.is_open.type), "revision": 0}
    return RUNS.insert(kind).values(more).on_conflict_do_nothing(index_elements=["id"])


def _update(names: Iterable[str]) -> Any:  # noqa: ANN401 - an Update of no particular table
    new = {name: bound(RUN.c[name]) for name in names}
    return (
        update(RUN).values({**new, "revision": RUN.c.revision + 1}).where(given(RUN.c.id, "of_run"))
    )


@cache
def change_of_run(names: frozenset[str]) -> Statement:
    """Return what changes these columns of a run that is still as it was seen.

    Columns that stay are left out: an index is written anew whenever one of its columns is named.
    """
    return Statement(
        lambda _: _update(sorted(names)).where(
            given(RUN.c.position, "position_before"), given(RUN.c.revision, "revision_before")
        )
    )


ADD_RUN = Statement(_add)
FIND_RUN = Statement(lambda _: RUNS.selected().where(*RUNS.key_given()))
HAS_RUN = Statement(lambda _: select(RUN.c.id).where(*RUNS.key_given()))
LOCK_RUN = Statement(
    lambda _: (
        RUNS.selected()
        .add_columns(RUN.c.revision)
        .where(*RUNS.key_given())
        .with_for_update(key_share=True)
    )
)
"""SQLite leaves the lock out: there a run is locked inside the process."""
REPLACE_UNSTARTED = Statement(
    lambda _: _update([*RUNS.columns, "is_open"]).where(RUN.c.position == 0)
)
OPEN_RUNS = Statement(
    lambda _: RUNS.selected().where(RUN.c.is_open).order_by(RUN.c.planned_start, RUN.c.id)
)
OPEN_RUNS_OF_NETWORK = Statement(
    lambda _: (
        RUNS.selected()
        .where(RUN.c.is_open, given(RUN.c.network))
        .order_by(RUN.c.planned_start, RUN.c.id)
    )
)


def run_of(found: Row) -> RunRow:
    """Return the run of a row that was found."""
    return RUNS.row(found[: len(RUNS.columns)])
