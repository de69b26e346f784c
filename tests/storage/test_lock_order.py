"""Whoever meets whom in the database, nobody waits for somebody who waits for them.

Every pair of the transactions that the controller makes goes over the same two runs in opposite
orders, on a server that looks for deadlocks soon. What it undoes would be done again (see
``test_postgresql``); here it must never come to that.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations_with_replacement, count

import psycopg
import pytest
from jobnet.definition import Placement
from jobnet.engine.timers import TimerKind
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.ports.store import (
    ErrandKey,
    ErrandKind,
    Signal,
    SignalKind,
    SlotRow,
    SlotState,
    TimerRow,
    Transaction,
)
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.queues import SettingRow
from jobnet.services.controller.payloads import placement_payload
from jobnet.storage import PostgresPlace, SqlStore, open_store
from jobnet.storage.postgresql import database, faults

from tests.storage.rows import NOON, PAY, add_run, end, event, journaled, new_input, run_row

pytestmark = pytest.mark.parts

RUNS = (RunId("a"), RunId("b"))
ROUNDS = 12
WAIT_SECONDS_MAX = 120
PART = PartKey("load")
OF_PART = (
    ErrandKey(kind=ErrandKind.SLOT, part=PART, attempt=1),
    ErrandKey(kind=ErrandKind.TIMER, part=PART, attempt=1, timer=TimerKind.TIMEOUT, generation=0),
)
_NUMBERS = count()
Doing = Callable[[SqlStore, Sequence[RunId]], object]


def slot(run: RunId, state: SlotState = SlotState.ASKING) -> SlotRow:
    return SlotRow(
        run=run,
        part=PART,
        attempt=1,
        state=state,
        asked_at=NOON,
        queue="backup",
        priority=None,
        network=None,
        is_job=True,
        placement=placement_payload(Placement()),
    )


def timer(run: RunId) -> TimerRow:
    return TimerRow(run=run, part=PART, attempt=1, kind=TimerKind.TIMEOUT, generation=0, due=NOON)


def admit(run: RunId) -> Signal:
    return Signal(kind=SignalKind.ADMIT, name="", run=run)


def fresh(run: RunId) -> str:
    return f"{run}:{next(_NUMBERS)}"


def take_turns(store: SqlStore, runs: Sequence[RunId]) -> None:
    """Step: a journal entry, a slot asked for, a timer armed, an end, an event, signals."""
    for run in runs:
        store.turn(
            run,
            lambda turn: journaled(
                turn,
                "{}",
                puts=(slot(turn.row.run), timer(turn.row.run)),
                ends=(end(turn.row.run),),
                events=(event(fresh(turn.row.run)),),
                signals=tuple(map(admit, runs)),
                inputs=(new_input(fresh(turn.row.run), run=turn.row.run),),
            ),
            inputs_max=100,
        )


def end_turns(store: SqlStore, runs: Sequence[RunId]) -> None:
    """Step: slots and timers are given back."""
    for run in runs:
        store.turn(run, lambda turn: journaled(turn, "{}", drops=OF_PART), inputs_max=100)


def grant(store: SqlStore, runs: Sequence[RunId]) -> None:
    """Admissions: lock the line, change it, tell the runs."""

    def work(tx: Transaction) -> None:
        tx.queues.settings()
        tx.errands.slots(for_update=True)
        tx.errands.change([slot(run, SlotState.HOLDING) for run in runs])
        tx.runs.put_inputs([new_input(fresh(run), run=run) for run in runs])
        tx.signals.done([number for number, _ in tx.signals.pending([SignalKind.ADMIT])])

    store.write(work)


def fire(store: SqlStore, runs: Sequence[RunId]) -> None:
    """The timekeeper: timers become inputs."""

    def work(tx: Transaction) -> None:
        rows = tx.errands.due(NOON, 100)
        tx.runs.put_inputs([new_input(fresh(run), run=run) for run in runs])
        tx.errands.drop(rows)

    store.write(work)


def match(store: SqlStore, runs: Sequence[RunId]) -> None:
    """The matchmaker: inputs for those who wait."""

    def work(tx: Transaction) -> None:
        found = tx.signals.pending([SignalKind.MATCH_END, SignalKind.MATCH_EVENT])
        tx.runs.put_inputs([new_input(fresh(run), run=run) for run in runs])
        tx.signals.done([number for number, _ in found])

    store.write(work)


def order(store: SqlStore, runs: Sequence[RunId]) -> None:
    """An operator's order, and what is written of it."""
    for run in runs:

        def work(tx: Transaction, run: RunId = run) -> None:
            tx.runs.put_inputs([new_input(fresh(run), run=run)])
            tx.audits.add(AuditRow(at=NOON, by=OperatorName("ann"), act="hold", subject=run))

        store.write(work)


def change_limits(store: SqlStore, runs: Sequence[RunId]) -> None:
    """Limits that are changed at run time, one after the other."""
    for name in runs:
        row = SettingRow(
            kind="queue", name=name, field="limit", value="1", by=OperatorName("ann"), at=NOON
        )

        def work(tx: Transaction, row: SettingRow = row) -> None:
            tx.queues.set(row)
            tx.signals.add([admit(RunId(""))])

        store.write(work)


def withdraw(store: SqlStore, runs: Sequence[RunId]) -> None:
    """A run that waits for its network is taken away, or told why it waits."""
    for run in runs:

        def work(tx: Transaction, run: RunId = run) -> None:
            tx.errands.slots(for_update=True)
            found = tx.runs.find(run)
            assert found is not None
            tx.runs.replace_unstarted(replace(found, detail="waits"))
            tx.errands.drop([slot(run)])
            tx.signals.add([admit(run)])

        store.write(work)


def refuse(store: SqlStore, runs: Sequence[RunId]) -> None:
    """Admissions: rows of runs that wait for their network."""

    def work(tx: Transaction) -> None:
        tx.errands.slots(for_update=True)
        for run in runs:
            tx.runs.replace_unstarted(run_row(run, network=PAY, detail="limit"))
        tx.errands.put([slot(run) for run in runs])
        tx.signals.add([admit(run) for run in runs])

    store.write(work)


DOINGS: tuple[Doing, ...] = (
    take_turns,
    end_turns,
    grant,
    fire,
    match,
    order,
    change_limits,
    withdraw,
    refuse,
)


@pytest.fixture
def store(postgresql_place: PostgresPlace) -> Iterator[SqlStore]:
    opened = open_store(postgresql_place)
    for run in RUNS:
        add_run(opened, run_row(run))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("one", "other"),
    list(combinations_with_replacement(DOINGS, 2)),
    ids=lambda doing: doing.__name__,
)
def test_no_two_transactions_wait_for_each_other(
    store: SqlStore, one: Doing, other: Doing, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone: list[BaseException] = []
    stock = faults.may_pass

    def counted(error: BaseException) -> bool:
        undone.append(error)
        return stock(error)

    monkeypatch.setattr(database, "may_pass", counted)
    together = threading.Barrier(2)

    def go(doing: Doing, runs: Sequence[RunId]) -> None:
        try:
            for _ in range(ROUNDS):
                together.wait(WAIT_SECONDS_MAX)
                doing(store, runs)
        except BaseException:
            together.abort()
            raise

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(go, one, RUNS), pool.submit(go, other, RUNS[::-1])]
        for each in both:
            each.result(WAIT_SECONDS_MAX)

    assert [error for error in undone if isinstance(error, psycopg.errors.DeadlockDetected)] == []
