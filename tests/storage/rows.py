"""Builders of rows that the tests of storage share; they read like the domain."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

from jobnet.engine.states import State
from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.ids import EditionId, EventId, EventName, NetworkName, OperatorName, PartKey, RunId
from jobnet.ports.store import Entry, JobRow, NewInput, PartRow, RunChange, RunRow, RunTurn, Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PAY = NetworkName("payroll/pay")
RUN = RunId("pay-20261123-1200")


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def run_row(run: str = RUN, *, network: str = PAY, created: float = 0, **more: object) -> RunRow:
    row = RunRow(
        run=RunId(run),
        network=NetworkName(network),
        edition=EditionId(1),
        state=State.FIXED,
        by=OperatorName("ann"),
        operating_day=TODAY,
        planned_start=later(created),
        zone="Europe/Berlin",
        created_at=later(created),
    )
    return dataclasses.replace(row, **more)  # type: ignore[arg-type]


def entry(position: int, payload: str = "{}") -> Entry:
    return Entry(position=position, kind="PartStarted", version=1, at=NOON, payload=payload)


def new_input(key: str, *, run: str = RUN, payload: str = "{}") -> NewInput:
    return NewInput(run=RunId(run), key=key, kind="timer", payload=payload, at=NOON)


def part_row(part: str, *, run: str = RUN, state: State = State.RUNNING) -> PartRow:
    return PartRow(
        run=RunId(run),
        part=PartKey(part),
        network=PAY,
        name=part,
        kind="command",
        state=state,
        since=NOON,
        flags=("late_start",),
    )


def job_row(part: str, *, run: str = RUN, attempt: int = 1) -> JobRow:
    return JobRow(run=RunId(run), part=PartKey(part), attempt=attempt, order="{}", ordered_at=NOON)


def event(event_id: str, *, sent: float = 0, keep: float | None = None) -> SentEvent:
    return SentEvent(
        id=EventId(event_id),
        name=EventName("paid"),
        data={"sums": (1, 2), "day": TODAY},
        sender="ann",
        sent_at=later(sent),
        operating_day=TODAY,
        keep_until=None if keep is None else later(keep),
    )


def end(
    execution: str, *, part: str | None = None, ended: float = 0, own: bool = False
) -> ExecutionEnd:
    return ExecutionEnd(
        network=PAY,
        execution=execution,
        part=part,
        run=RunId(execution),
        state="normal",
        is_fine_or_warning=True,
        operating_day=TODAY,
        planned_start=NOON,
        ended_at=later(ended),
        outputs={"total": (1, None)},
        is_own_key=own,
    )


def add_run(store: Store, row: RunRow | None = None) -> RunRow:
    new = row or run_row()
    assert store.write(lambda tx: tx.runs.add(new))
    return new


def journaled(turn: RunTurn, *payloads: str, **more: object) -> RunChange:
    """Return the change that adds entries, takes all inputs and moves the row on."""
    last = turn.row.position
    entries = tuple(entry(last + at, payload) for at, payload in enumerate(payloads, 1))
    row = dataclasses.replace(turn.row, position=last + len(entries), state=State.RUNNING)
    taken = tuple(each.id for each in turn.inputs)
    return RunChange(row=row, entries=entries, taken=taken, **more)  # type: ignore[arg-type]


def advance(store: Store, *payloads: str, run: str = RUN, **more: object) -> bool:
    """Take one turn of a run that adds these entries."""
    return store.turn(RunId(run), lambda turn: journaled(turn, *payloads, **more), inputs_max=100)


def put_inputs(store: Store, *inputs: NewInput) -> int:
    """Put inputs into inboxes; return how many were new."""
    return store.write(lambda tx: tx.runs.put_inputs(inputs))
