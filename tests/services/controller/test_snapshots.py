"""Snapshots are taken now and then, spare the replay, and are never needed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from jobnet.engine import begin
from jobnet.engine import inputs as i
from jobnet.engine.tracker import PartRecord, Tracker
from jobnet.ids import FlowKey, OperatorName, PartKey, RunId
from jobnet.ports.store import Entry, Store
from jobnet.ports.store.snapshots import SnapshotRow
from jobnet.services.controller import snapshots, trackers
from jobnet.services.controller.folding import folded
from jobnet.services.controller.snapshots import entries_between
from jobnet.storage import SqlitePlace, open_store

from tests.engine.building import DAY, NOON, bundle, job, network, parallel
from tests.services.controller.durable import DurableRun

RUN = RunId("r-1")
WIDE = bundle(network(parallel("all", *[(job(f"j{number}"),) for number in range(30)])))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(SqlitePlace(path=tmp_path / "jobnet.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "ENTRIES_MIN", 5)
    monkeypatch.setattr(trackers, "ENTRIES_MIN", 5)


def begun(store: Store) -> DurableRun:
    """Return a run of which some jobs have started."""
    run = DurableRun(WIDE, {}, store, RUN)
    start = i.StartRun(
        run=RUN, by=OperatorName("bob"), operating_day=DAY, planned_start=NOON, zone="UTC"
    )
    run.take(start, NOON)
    for number in range(10):
        run.take(i.SlotGranted(part=PartKey(f"j{number}"), attempt=1), NOON)
    return run


def found(store: Store) -> SnapshotRow:
    row = store.read(lambda tx: tx.snapshots.find(RUN))
    assert row is not None, "no snapshot was taken"
    return row


def test_what_a_snapshot_holds_is_not_replayed(store: Store) -> None:
    run = begun(store)
    position = found(store).position
    asked: list[int] = []
    run.forget()

    def entries(after: int) -> Sequence[Entry]:
        asked.append(after)
        return store.read(lambda tx: tx.runs.entries(RUN, after))

    tracker = run.trackers.caught_up(run.row(), entries, lambda: found(store))

    assert position > 5
    assert asked in ([], [position])
    assert tracker == run.tracker


def spoil(store: Store, chunks: Mapping[str, bytes]) -> None:
    row = found(store)
    spoilt = replace(row, chunks={**row.chunks, **chunks})
    assert store.write(lambda tx: tx.snapshots.save(spoilt, since=None))


def test_a_run_goes_on_by_its_journal_where_its_snapshot_is_damaged(store: Store) -> None:
    run = begun(store)
    spoil(store, dict.fromkeys(found(store).chunks, b"no pickle"))
    run.forget()

    run.turns.take(RUN)  # nothing in the inbox: nothing is read
    put = i.SlotGranted(part=PartKey("j20"), attempt=1)
    run.take_only(put, NOON)

    assert run.row().position > run.tracker.facts


def test_a_snapshot_that_cannot_be_written_stops_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("cannot pickle")

    monkeypatch.setattr(snapshots, "folded", broken)

    run = begun(store)

    assert run.row().position > 5
    assert store.read(lambda tx: tx.snapshots.find(RUN)) is None


def test_a_larger_run_is_kept_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PARTS_PER_ENTRY", 1)
    small, large = begin(WIDE, {}), begin(WIDE, {})
    record = PartRecord(key=PartKey("p"), flow=FlowKey("/flow"), since=NOON)
    for number in range(40):
        large = replace(large, parts=large.parts.put(f"p{number}", record))

    assert (entries_between(small), entries_between(large)) == (5, 40)


def test_only_what_has_changed_is_written_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    since: list[Tracker | None] = []

    def noted(run: RunId, tracker: Tracker, last: Tracker | None) -> SnapshotRow:
        since.append(last)
        return folded(run, tracker, last)

    monkeypatch.setattr(snapshots, "folded", noted)

    begun(store)

    assert since[0] is None
    assert len(since) > 1
    assert all(each is not None for each in since[1:])
