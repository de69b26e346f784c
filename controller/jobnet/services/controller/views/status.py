"""Shows the night on one page: what wants attention, what runs, what waits, what comes next."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.engine.states import State
from jobnet.ports.store import (
    DialogRow,
    PartRow,
    RunRow,
    SlotRow,
    SlotState,
    Transaction,
)
from jobnet.ports.store.lists import RunFilter
from jobnet.ports.store.plan import PlanState
from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.views.attention import attention
from jobnet.services.controller.views.concerns import AttentionView
from jobnet.services.controller.views.deviations import DeviationView, deviations
from jobnet.services.controller.views.waiting import WaitingOn

AHEAD = timedelta(hours=2)
WAITING_SHOWN_MAX = 200
NEXT_SHOWN_MAX = 50
COUNTED_MAX = 10_000
NO_QUEUE = "(no queue)"
PLANNED_START = "planned_start"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningView:
    """A run that has not ended; ``expected_end`` is when runs like it usually end."""

    row: RunRow
    usual_seconds: float | None
    expected_end: datetime | None
    is_over_usual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogView:
    """A dialog that is open. ``choices`` are with their exit codes; ``form`` are its fields."""

    run: str
    part: str
    attempt: int
    network: str
    message: str
    choices: Mapping[str, int]
    form: Mapping[str, object]
    who_may: Mapping[str, object]
    on_timeout: str | None
    opened_at: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """How many jobs hold a slot of a queue, and how many stand in its line."""

    queue: str
    holding: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """Something that is due soon, such as the end of a time wait; part "" is the run itself.

    A planned start has no run yet: ``network`` is what it starts, ``start`` its key.
    """

    run: str
    part: str
    kind: str
    due: datetime
    network: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """The whole page; lists are bounded, ``open_runs`` counts all."""

    now: datetime
    open_runs: int
    suspended: tuple[WaitingOn, ...]
    attention: tuple[AttentionView, ...]
    running: tuple[RunningView, ...]
    waiting: tuple[PartRow, ...]
    dialogs: tuple[DialogView, ...]
    queues: tuple[LineView, ...]
    next: tuple[AppointmentView, ...]
    deviations: tuple[DeviationView, ...]


def status(
    tx: Transaction,
    trackers: Trackers,
    now: datetime,
    suspensions: Mapping[str, WaitingOn],
    plan: PlanHealth,
) -> StatusView:
    """Return the page as it is now."""
    unended = tuple(tx.runs.unended())
    waiting = (State.WAITING, State.QUEUED)
    return StatusView(
        now=now,
        open_runs=tx.lists.count_runs(RunFilter(is_open=True), count_max=COUNTED_MAX),
        suspended=tuple(suspensions.values()),
        attention=attention(tx, trackers, now, unended, plan),
        running=tuple(_running(tx, unended, now))[:WAITING_SHOWN_MAX],
        waiting=tuple(tx.lists.parts(states=waiting, after=None, limit=WAITING_SHOWN_MAX)),
        dialogs=tuple(dialog_view(row) for row in tx.errands.dialogs())[:WAITING_SHOWN_MAX],
        queues=lines(tx.errands.slots()),
        next=_next(tx, now),
        deviations=deviations(tx, now),
    )


def _running(tx: Transaction, rows: Sequence[RunRow], now: datetime) -> Iterator[RunningView]:
    usual: dict[str, float | None] = {}
    for row in rows:
        if row.network not in usual:
            usual[row.network] = tx.durations.usual(row.network).get("")
        seconds = usual[row.network]
        is_told = seconds is not None and row.started is not None and row.round == 1
        end = None
        if is_told and seconds is not None and row.started is not None:
            end = row.started + timedelta(seconds=seconds)
        yield RunningView(
            row=row,
            usual_seconds=seconds,
            expected_end=end,
            is_over_usual=end is not None and end < now,
        )


def dialog_view(row: DialogRow) -> DialogView:
    """Return an open dialog with what people need to answer it."""
    asked = json.loads(row.payload)
    return DialogView(
        run=row.run,
        part=row.part,
        attempt=row.attempt,
        network=row.network,
        message=row.message,
        choices=asked["choices"],
        form=asked["form"],
        who_may=asked["answer"],
        on_timeout=asked["on_timeout"],
        opened_at=row.opened_at,
        due=row.due,
    )


def lines(slots: Sequence[SlotRow]) -> tuple[LineView, ...]:
    """Return how many jobs hold and wait, by queue."""
    counts: dict[str, list[int]] = {}
    for row in slots:
        if row.is_job:
            counts.setdefault(row.queue or NO_QUEUE, [0, 0])[row.state is SlotState.ASKING] += 1
    return tuple(
        LineView(queue=name, holding=holding, waiting=waiting)
        for name, (holding, waiting) in sorted(counts.items())
    )


def _next(tx: Transaction, now: datetime) -> tuple[AppointmentView, ...]:
    """Return timers of runs and planned starts of the next hours, the earliest first."""
    until = now + AHEAD
    timers = tx.errands.due(until, NEXT_SHOWN_MAX)
    starts = tx.plan.between(now, until, states=(PlanState.FIXED,), limit=NEXT_SHOWN_MAX)
    found = [
        AppointmentView(run=row.run, part=row.part, kind=row.kind.value, due=row.due)
        for row in timers
        if row.due >= now
    ]
    found += [
        AppointmentView(
            run="",
            part="",
            kind=PLANNED_START,
            due=row.start,
            network=row.key.network,
            start=str(row.key),
        )
        for row in starts
    ]
    return tuple(sorted(found, key=lambda each: each.due)[:NEXT_SHOWN_MAX])
