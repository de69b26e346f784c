"""A folded tracker comes back as it was, chunk by chunk, and brings nothing else along."""

import os
import pickle
import pickletools
from dataclasses import replace
from functools import cache

import pytest
from jobnet.engine import Tracker, begin, evolve, step
from jobnet.engine.facts import Fact
from jobnet.engine.inputs import SlotGranted, StartRun
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.ports.store.snapshots import SnapshotRow
from jobnet.services.controller.folding import SnapshotUnfit, folded, unfolded, version

from tests.engine.building import DAY, NOON, bundle, job, network, parallel
from tests.engine.examples import Example
from tests.engine.nights import NIGHTS

RUN = RunId("r-1")
BOB = OperatorName("bob")
WIDE = network(parallel("all", *[(job(f"j{number}"),) for number in range(300)]))


@cache
def played_wide() -> tuple[Tracker, tuple[Fact, ...]]:
    """Return the empty tracker of a wide network, and the facts of its first jobs."""
    empty = begin(bundle(WIDE), {})
    start = StartRun(run=RUN, by=BOB, operating_day=DAY, planned_start=NOON, zone="UTC")
    decision = step(empty, start, NOON)
    facts = list(decision.facts)
    for number in range(5):
        granted = SlotGranted(part=PartKey(f"j{number}"), attempt=1)
        decision = step(decision.tracker, granted, NOON)
        facts.extend(decision.facts)
    return empty, tuple(facts)


def after(count: int | None = None) -> Tracker:
    """Return the tracker of the wide network after some of its facts, or all."""
    tracker, facts = played_wide()
    for fact in facts[:count]:
        tracker = evolve(tracker, fact)
    return tracker


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
def test_every_tracker_of_a_night_comes_back(night: Example) -> None:
    tracker = night.play().tracker

    back = unfolded(folded(RUN, tracker, None), replace_empty(tracker))

    assert back == tracker
    assert back.layout is tracker.layout


def replace_empty(tracker: Tracker) -> Tracker:
    return Tracker(layout=tracker.layout)


def test_only_chunks_that_have_changed_are_folded_again() -> None:
    before = after(-2)
    _, facts = played_wide()
    last = evolve(evolve(before, facts[-2]), facts[-1])

    whole, more = folded(RUN, before, None), folded(RUN, last, before)

    assert 0 < len(more.chunks) < len(whole.chunks)
    joined = replace(more, chunks={**whole.chunks, **more.chunks})
    assert unfolded(joined, played_wide()[0]) == last == after()


def test_an_unfolded_tracker_goes_on_like_the_one_that_never_left() -> None:
    empty, facts = played_wide()
    middle = len(facts) // 2

    tracker = unfolded(folded(RUN, after(middle), None), empty)
    for fact in facts[middle:]:
        tracker = evolve(tracker, fact)

    assert tracker == after()


class Nasty:
    """What a stranger might write into a snapshot."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def spoilt(row: SnapshotRow, how: str) -> SnapshotRow:
    name = next(iter(row.chunks))
    match how:
        case "another version":
            return replace(row, version="0")
        case "a chunk is missing":
            return replace(row, chunks={})
        case "the head is cut off":
            return replace(row, head=row.head[:-5])
        case "another position":
            return replace(row, position=row.position + 1)
        case "the head names a stranger":
            return replace(row, head=pickle.dumps(Nasty()))
        case _:
            return replace(row, chunks={**row.chunks, name: pickle.dumps(Nasty())})


@pytest.mark.parametrize(
    "how",
    [
        "another version",
        "a chunk is missing",
        "the head is cut off",
        "another position",
        "the head names a stranger",
        "a chunk names a stranger",
    ],
)
def test_a_snapshot_that_does_not_fit_is_refused(how: str) -> None:
    empty, _ = played_wide()
    row = spoilt(folded(RUN, after(), None), how)

    with pytest.raises(SnapshotUnfit):
        dict(unfolded(row, empty).parts.items())


def test_the_version_follows_the_shape_of_the_code() -> None:
    assert len(version()) == 16
    assert version() == version()


def test_no_bytes_name_anything_that_a_reader_refuses_on_another_python() -> None:
    row = folded(RUN, after(), None)

    named = {
        str(argument)
        for data in (row.head, *row.chunks.values())
        for code, argument, _ in pickletools.genops(data)
        if code.name in {"GLOBAL", "SHORT_BINUNICODE"}
    }

    assert "getattr" not in named
    assert {"State", "PartRecord"} <= named
