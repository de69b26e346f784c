"""Keeps the rows of parts: what lists show of each part that something has happened to."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index
from sqlmodel import Field

from jobnet.engine.states import State
from jobnet.ports.store import PartRow
from jobnet.storage.records import Record, given, run_reference, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import Member, Name, UtcDateTime, WordList, Words


class PartRecord(Record, table=True):
    """One part of a run in its latest attempt; it can be made from the journal again."""

    __tablename__ = "part"
    __table_args__ = (Index("ix_part_state", "state", "run_id", "part"),)

    run_id: str = run_reference()
    part: str = Field(sa_type=Name, primary_key=True)
    network: str = Field(sa_type=Name)
    name: str = Field(sa_type=Words)
    kind: str = Field(sa_type=Name)
    state: State = Field(sa_type=cast("Any", Member(State)))
    since: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(sa_type=Words)
    detail: str = Field(sa_type=Words)
    attempt: int
    iteration: int
    started: datetime | None = Field(sa_type=UtcDateTime)
    ended: datetime | None = Field(sa_type=UtcDateTime)
    exit_code: int | None
    message: str = Field(sa_type=Words)
    flags: tuple[str, ...] = Field(sa_type=WordList)


PARTS = Shape(PartRow, PartRecord, key=("run_id", "part"))
PART = table_of(PartRecord)
PARTS_OF_RUN = Statement(
    lambda _: PARTS.selected().where(given(PART.c.run_id)).order_by(PART.c.part)
)
