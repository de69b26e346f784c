"""Reads and writes what runs have open outside themselves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, bindparam, func, or_, select, update

from jobnet.ids import PartKey, RunId
from jobnet.ports.store import (
    DialogRow,
    Errand,
    ErrandKey,
    ErrandKind,
    FileWaitRow,
    JobRow,
    MessageRow,
    SlotRow,
    TimerRow,
    WaitKind,
    WaitRow,
)
from jobnet.storage.connections import Connection
from jobnet.storage.errands import DIALOGS, FILE_WAITS, JOBS, MESSAGES, SLOTS, TIMERS, WAITS
from jobnet.storage.records import given
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Kind, Statement

R = TypeVar("R")

_SHAPES: Mapping[ErrandKind, Shape[Any]] = {
    ErrandKind.TIMER: TIMERS,
    ErrandKind.SLOT: SLOTS,
    ErrandKind.JOB: JOBS,
    ErrandKind.MESSAGE: MESSAGES,
    ErrandKind.FILE_WAIT: FILE_WAITS,
    ErrandKind.WAIT: WAITS,
    ErrandKind.DIALOG: DIALOGS,
}
_KINDS: Mapping[type, ErrandKind] = {
    TimerRow: ErrandKind.TIMER,
    SlotRow: ErrandKind.SLOT,
    JobRow: ErrandKind.JOB,
    MessageRow: ErrandKind.MESSAGE,
    FileWaitRow: ErrandKind.FILE_WAIT,
    WaitRow: ErrandKind.WAIT,
    DialogRow: ErrandKind.DIALOG,
}
_OF_A_PLACE = ("queue", "priority", "network", "is_job", "placement")
"""What a part that asks again for its slot may change; its place in the line stays."""


def _put_job(kind: Kind) -> Executable:
    """Put a job; what has begun or was to be killed stays so."""
    new = JOBS.insert(kind)
    table, excluded = JOBS.table.c, new.excluded
    return JOBS.upsert(
        kind,
        {
            "job_order": excluded.job_order,
            "ordered_at": excluded.ordered_at,
            "has_begun": or_(table.has_begun, excluded.has_begun),
            "kill_requested": or_(table.kill_requested, excluded.kill_requested),
        },
    )


_PUT: Mapping[ErrandKind, Statement] = {
    kind: Statement(_put_job) if kind is ErrandKind.JOB else shape.put
    for kind, shape in _SHAPES.items()
}
_ASK_AGAIN = Statement(lambda kind: SLOTS.upsert(kind, _OF_A_PLACE))
_KILL = Statement(lambda _: update(JOBS.table).where(*JOBS.key_given()).values(kill_requested=True))


def _ordered(shape: Shape[Any], *by: str, where: Sequence[ColumnElement[bool]] = ()) -> Statement:
    columns = shape.table.c
    return Statement(
        lambda _: shape.selected().where(*where).order_by(*(columns[name] for name in by))
    )


_NEXT_DUE = Statement(lambda _: select(func.min(TIMERS.table.c.due)))
_DUE = Statement(
    lambda _: (
        TIMERS.selected()
        .where(TIMERS.table.c.due <= bindparam("now", type_=TIMERS.table.c.due.type))
        .order_by(TIMERS.table.c.due, TIMERS.table.c.run_id, TIMERS.table.c.part)
        .limit(bindparam("limit", 0))
    )
)
_JOBS = _ordered(JOBS, "id")
_JOB = Statement(lambda _: JOBS.selected().where(*JOBS.key_given()))
_MESSAGES = _ordered(MESSAGES, "id")
_FILE_WAITS = _ordered(FILE_WAITS, "run_id", "part", "attempt")
_SLOTS = _ordered(SLOTS, "asked_at", "id")
_SLOTS_LOCKED = Statement(
    lambda _: SLOTS.selected().order_by(SLOTS.table.c.asked_at, SLOTS.table.c.id).with_for_update()
)
"""SQLite leaves the lock out: there one at a time writes."""
_DIALOGS = _ordered(DIALOGS, "opened_at", "id")
_WAITS = _ordered(
    WAITS,
    "opened_at",
    "run_id",
    "part",
    where=(given(WAITS.table.c.kind), given(WAITS.table.c.name)),
)
_OF_RUN: Mapping[ErrandKind, Statement] = {
    kind: _ordered(shape, "part", "attempt", where=(given(shape.table.c.run_id),))
    for kind, shape in _SHAPES.items()
}


class Errands:
    """What runs have open outside themselves, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        found = self._connection.row(_NEXT_DUE)
        return found[0] if found else None

    def due(self, now: datetime, limit: int) -> Sequence[TimerRow]:
        """Return timers that are due, the earliest first."""
        return TIMERS.all(self._connection.rows(_DUE, {"now": now, "limit": limit}))

    def jobs(self) -> Sequence[JobRow]:
        """Return all jobs that were ordered and have not ended, the oldest first."""
        return JOBS.all(self._connection.rows(_JOBS))

    def job(self, run: RunId, part: PartKey, attempt: int) -> JobRow | None:
        """Return one of them."""
        key = {"run_id": run, "part": part, "attempt": attempt}
        found = self._connection.row(_JOB, key)
        return JOBS.row(found) if found else None

    def messages(self) -> Sequence[MessageRow]:
        """Return all messages that are not answered, the oldest first."""
        return MESSAGES.all(self._connection.rows(_MESSAGES))

    def file_waits(self, run: RunId | None = None) -> Sequence[FileWaitRow]:
        """Return the open file waits."""
        if run is None:
            return FILE_WAITS.all(self._connection.rows(_FILE_WAITS))
        found = self._connection.rows(_OF_RUN[ErrandKind.FILE_WAIT], {"run_id": run})
        return FILE_WAITS.all(found)

    def waits(self, kind: WaitKind, name: str, *, run: RunId | None = None) -> Sequence[WaitRow]:
        """Return the open waits that are matched by a name; of one run if told."""
        found = WAITS.all(self._connection.rows(_WAITS, {"kind": kind, "name": name}))
        return found if run is None else [wait for wait in found if wait.run == run]

    def slots(self, *, for_update: bool = False) -> Sequence[SlotRow]:
        """Return all who stand in line or hold something, by arrival."""
        return SLOTS.all(self._connection.rows(_SLOTS_LOCKED if for_update else _SLOTS))

    def dialogs(self) -> Sequence[DialogRow]:
        """Return the open dialogs, the oldest first."""
        return DIALOGS.all(self._connection.rows(_DIALOGS))

    def of_run(self, run: RunId) -> Sequence[Errand]:
        """Return everything that one run has open."""
        found: list[Errand] = []
        for kind, statement in _OF_RUN.items():
            found += _SHAPES[kind].all(self._connection.rows(statement, {"run_id": run}))
        return found

    def put(self, errands: Collection[Errand]) -> None:
        """Add or replace; a job that has begun or was to be killed stays so."""
        for kind, rows in _by_kind(errands).items():
            shape = _SHAPES[kind]
            self._connection.send_many(_PUT[kind], map(shape.values, rows))

    def put_by_turn(self, errands: Collection[Errand]) -> None:
        """Add or replace as a turn does: who asks again for a slot keeps the place or the slot."""
        for kind, rows in _by_kind(errands).items():
            statement = _ASK_AGAIN if kind is ErrandKind.SLOT else _PUT[kind]
            self._connection.send_many(statement, map(_SHAPES[kind].values, rows))

    def change(self, errands: Collection[Errand]) -> None:
        """Replace what is there; what is not there any more stays away."""
        for kind, rows in _by_kind(errands).items():
            shape = _SHAPES[kind]
            self._connection.send_many(shape.change, map(shape.values, rows))

    def drop(self, errands: Collection[Errand]) -> None:
        """Take away; what is not there is passed over."""
        for kind, rows in _by_kind(errands).items():
            shape = _SHAPES[kind]
            self._connection.send_many(shape.drop, map(shape.values, rows))

    def drop_keys(self, run: RunId, keys: Iterable[ErrandKey]) -> None:
        """Take away what one run has open, by keys."""
        for key in keys:
            values = {
                "run_id": run,
                "part": key.part,
                "attempt": key.attempt,
                "kind": key.timer,
                "generation": key.generation,
            }
            self._connection.send_many(_SHAPES[key.kind].drop, [values])

    def kill(self, run: RunId, jobs: Iterable[tuple[PartKey, int]]) -> None:
        """Ask for the end of jobs that are there."""
        keys = [{"run_id": run, "part": part, "attempt": attempt} for part, attempt in jobs]
        self._connection.send_many(_KILL, keys)


def _by_kind(errands: Collection[Errand]) -> Mapping[ErrandKind, list[Errand]]:
    found: dict[ErrandKind, list[Errand]] = {}
    for errand in errands:
        found.setdefault(_KINDS[type(errand)], []).append(errand)
    return found
