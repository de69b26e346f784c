"""Runs that are over are found and removed, and none that anybody needs."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from jobnet.engine.states import State
from jobnet.ids import NetworkName, RunId
from jobnet.ports.store import (
    LiveNote,
    OrderOutcome,
    RunChange,
    RunRow,
    RunTurn,
    Signal,
    SignalKind,
    Store,
    Transaction,
)
from jobnet.ports.store.lists import Cursor
from jobnet.ports.store.retention import Expiry
from jobnet.ports.store.snapshots import SnapshotRow

from tests.storage.rows import (
    NOON,
    PAY,
    RUN,
    TODAY,
    end,
    job_row,
    journaled,
    later,
    new_input,
    part_row,
    run_row,
)

OLD = Expiry(ended_before=later(60))


def ended(run: str = RUN, *, minutes: float = 0, **more: Any) -> RunRow:  # noqa: ANN401
    return run_row(run, created=minutes, state=State.NORMAL, ended=later(minutes + 1), **more)


def add(store: Store, *rows: RunRow) -> None:
    for row in rows:
        assert store.write(lambda tx, row=row: tx.runs.add(row))  # type: ignore[misc]


def expired(store: Store, meant: Expiry = OLD) -> list[str]:
    found = store.read(lambda tx: tx.retention.expired(meant, after=None, limit=100))
    return [row.run for row in found]


def remove(store: Store, run: str = RUN, meant: Expiry = OLD) -> bool:
    return store.write(lambda tx: tx.retention.remove(RunId(run), meant))


def test_runs_that_ended_long_ago_are_found_the_first_created_first(store: Store) -> None:
    add(store, ended("b", minutes=2), ended("a", minutes=1), ended("young", minutes=70))

    assert expired(store) == ["a", "b"]


def test_runs_are_found_page_by_page(store: Store) -> None:
    add(store, *(ended(f"r{at}", minutes=at) for at in range(5)))

    first = store.read(lambda tx: tx.retention.expired(OLD, after=None, limit=2))
    place = Cursor(at=first[-1].created_at, id=first[-1].run)
    second = store.read(lambda tx: tx.retention.expired(OLD, after=place, limit=9))

    assert [row.run for row in first] == ["r0", "r1"]
    assert [row.run for row in second] == ["r2", "r3", "r4"]


def test_runs_of_one_network_are_found_alone(store: Store) -> None:
    add(store, ended("a"), ended("other", network="x"))

    assert expired(store, dataclasses.replace(OLD, network=PAY)) == ["a"]
    assert expired(store, dataclasses.replace(OLD, network=NetworkName("x"))) == ["other"]


def test_runs_beyond_a_number_are_old_whenever_they_ended(store: Store) -> None:
    add(store, *(ended(f"r{at}", minutes=at) for at in range(5)))

    since = store.read(lambda tx: tx.retention.created_before_latest(2))

    assert since == later(3)
    beyond = Expiry(ended_before=NOON, created_before=since)
    assert expired(store, beyond) == ["r0", "r1", "r2"]
    assert store.read(lambda tx: tx.retention.created_before_latest(6)) is None


NEEDED: dict[str, Callable[[Transaction], object]] = {
    "it has an input": lambda tx: tx.runs.put_inputs([new_input("order:1")]),
    "it has a job": lambda tx: tx.errands.put([job_row("a")]),
    "something has to be done for it": lambda tx: tx.signals.add(
        [Signal(kind=SignalKind.MESSAGE, name="notify:1", run=RUN)]
    ),
    "another run of its day is open": lambda tx: tx.runs.add(run_row("open", network="other")),
}


@pytest.mark.parametrize("need", NEEDED.values(), ids=NEEDED)
def test_a_run_that_is_needed_is_neither_found_nor_removed(
    store: Store, need: Callable[[Transaction], object]
) -> None:
    add(store, ended())
    assert expired(store) == [RUN]

    store.write(need)

    assert expired(store) == []
    assert not remove(store)
    assert store.read(lambda tx: tx.runs.find(RUN)) is not None


def test_an_open_run_of_another_day_keeps_nothing(store: Store) -> None:
    other = run_row("open", operating_day=TODAY + timedelta(days=1))
    add(store, ended(), other)

    assert expired(store) == [RUN]
    assert remove(store)


def test_an_open_run_is_never_removed(store: Store) -> None:
    add(store, run_row(state=State.RUNNING))

    assert expired(store) == []
    assert not remove(store)


def test_a_run_goes_with_everything_that_belongs_to_it_and_no_other_does(store: Store) -> None:
    ever = later(-10_000)
    for run in (RUN, RunId("other")):
        add(store, run_row(run))
        _let_run(store, run)

    assert remove(store)

    def left(tx: Transaction, run: RunId) -> list[object]:
        return [
            tx.runs.find(run),
            tx.runs.entries(run, 0),
            tx.runs.parts(run),
            tx.runs.outcome(run, "order:1"),
            tx.snapshots.find(run),
        ]

    assert not any(store.read(lambda tx: left(tx, RUN)))
    assert all(store.read(lambda tx: left(tx, RunId("other"))))
    ends = store.read(lambda tx: tx.board.ends(PAY, None, run=None, since=ever))
    assert [each.run for each in ends] == ["other"]


def test_a_run_is_removed_once(store: Store) -> None:
    add(store, ended())

    assert [remove(store), remove(store)] == [True, False]


def test_the_size_of_a_run_counts_its_journal_and_its_snapshot(store: Store) -> None:
    add(store, run_row())
    _let_run(store, RUN)

    size = store.read(lambda tx: tx.retention.size(RUN))

    assert (size.entries, size.bytes) == (2, 2 * len('{"a": 1}') + len(b"chunk"))


def test_since_when_the_oldest_wait_waits_is_known(store: Store) -> None:
    assert store.read(lambda tx: tx.retention.oldest_wait()) is None


def test_old_live_notes_go_but_the_newest(store: Store) -> None:
    notes = [LiveNote(run=RUN, kind="run", payload="{}", at=later(at)) for at in range(4)]
    store.write(lambda tx: tx.live.add(notes))
    before = store.read(lambda tx: tx.lists.live_bounds())

    gone = store.write(lambda tx: tx.live.forget(older_than=later(2)))
    rest = store.write(lambda tx: tx.live.forget(older_than=later(99)))

    assert (gone, rest) == (2, 1)
    assert store.read(lambda tx: tx.lists.live_bounds())[1] == before[1]


def _let_run(store: Store, run: RunId) -> None:
    def decide(turn: RunTurn) -> RunChange:
        change = journaled(turn, '{"a": 1}', '{"a": 1}')
        over = dataclasses.replace(change.row, state=State.NORMAL, ended=later(1))
        return dataclasses.replace(
            change,
            row=over,
            parts=(part_row("a", run=run, state=State.NORMAL),),
            ends=(end(run),),
            outcomes=(OrderOutcome(key="order:1", refusal="", at=NOON),),
        )

    store.turn(run, decide, inputs_max=1)
    kept = SnapshotRow(run=run, position=2, version="1", head=b"head", chunks={"parts/0": b"chunk"})
    store.write(lambda tx: tx.snapshots.save(kept, since=None))
