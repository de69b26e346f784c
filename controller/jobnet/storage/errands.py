"""Keeps what runs have open outside themselves: one table for each kind of errand."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from jobnet.engine.timers import TimerKind
from jobnet.ports.store import (
    DialogRow,
    FileWaitRow,
    JobRow,
    MessageRow,
    SlotRow,
    SlotState,
    TimerRow,
    WaitKind,
    WaitRow,
)
from jobnet.storage.records import Record, run_reference
from jobnet.storage.shapes import Shape
from jobnet.storage.types import JsonText, Member, Name, Number, UtcDateTime, Words

_KEY = ("run_id", "part", "attempt")


class TimerRecord(Record, table=True):
    """An armed timer of a run."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "due"),)

    run_id: str = run_reference()
    part: str = Field(sa_type=Name, primary_key=True)
    attempt: int = Field(primary_key=True)
    kind: TimerKind = Field(sa_type=cast("Any", Member(TimerKind)), primary_key=True)
    generation: int = Field(primary_key=True)
    due: datetime = Field(sa_type=UtcDateTime)


class SlotRecord(Record, table=True):
    """One who asks for or holds a slot; ``id`` counts in the order of arrival."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint(*_KEY, name="uq_slot_run_part"),)

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    run_id: str = run_reference(primary_key=False)
    part: str = Field(sa_type=Name)
    attempt: int
    state: SlotState = Field(sa_type=cast("Any", Member(SlotState)))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    queue: str | None = Field(sa_type=Name)
    priority: int | None
    network: str | None = Field(sa_type=Name)
    is_job: bool
    placement: str = Field(sa_type=JsonText)
    told: str = Field(sa_type=JsonText)
    granted_at: datetime | None = Field(sa_type=UtcDateTime)


class JobRecord(Record, table=True):
    """One attempt of a unit job that was ordered and has not ended."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint(*_KEY, name="uq_job_run_part"),)

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    run_id: str = run_reference(primary_key=False)
    part: str = Field(sa_type=Name)
    attempt: int
    job_order: str = Field(sa_type=JsonText)
    ordered_at: datetime = Field(sa_type=UtcDateTime)
    has_begun: bool
    kill_requested: bool


class MessageRecord(Record, table=True):
    """The message of a notify part that was not answered yet."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint(*_KEY, name="uq_message_run_part"),)

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    run_id: str = run_reference(primary_key=False)
    part: str = Field(sa_type=Name)
    attempt: int
    payload: str = Field(sa_type=JsonText)
    is_sending: bool


class FileWaitRecord(Record, table=True):
    """An open file wait."""

    __tablename__ = "file_wait"

    run_id: str = run_reference()
    part: str = Field(sa_type=Name, primary_key=True)
    attempt: int = Field(primary_key=True)
    payload: str = Field(sa_type=JsonText)


class WaitRecord(Record, table=True):
    """An open wait for an event or an end."""

    __tablename__ = "wait"
    __table_args__ = (Index("ix_wait_name", "kind", "name"),)

    run_id: str = run_reference()
    part: str = Field(sa_type=Name, primary_key=True)
    attempt: int = Field(primary_key=True)
    kind: WaitKind = Field(sa_type=cast("Any", Member(WaitKind)))
    name: str = Field(sa_type=Name)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    told: str = Field(sa_type=JsonText)


class DialogRecord(Record, table=True):
    """An open dialog."""

    __tablename__ = "dialog"
    __table_args__ = (UniqueConstraint(*_KEY, name="uq_dialog_run_part"),)

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    run_id: str = run_reference(primary_key=False)
    part: str = Field(sa_type=Name)
    attempt: int
    network: str = Field(sa_type=Name)
    message: str = Field(sa_type=Words)
    payload: str = Field(sa_type=JsonText)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    due: datetime | None = Field(sa_type=UtcDateTime)


TIMERS = Shape(TimerRow, TimerRecord, key=(*_KEY, "kind", "generation"))
SLOTS = Shape(SlotRow, SlotRecord, key=_KEY)
JOBS = Shape(JobRow, JobRecord, key=_KEY)
MESSAGES = Shape(MessageRow, MessageRecord, key=_KEY)
FILE_WAITS = Shape(FileWaitRow, FileWaitRecord, key=_KEY)
WAITS = Shape(WaitRow, WaitRecord, key=_KEY)
DIALOGS = Shape(DialogRow, DialogRecord, key=_KEY)
