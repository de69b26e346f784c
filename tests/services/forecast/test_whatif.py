"""A what-if compares two forecasts: who ends later, which deadlines are newly missed or kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from jobnet.definition import Bundle, Placement, Queue
from jobnet.engine.timers import TimerKind
from jobnet.errors.forecast import WhatIfRefused
from jobnet.ids import NetworkName
from jobnet.services.forecast.asked import PlannedStart, Situation
from jobnet.services.forecast.changes import (
    Add,
    Capacity,
    Change,
    Delay,
    Lose,
    Move,
    NetworkLimit,
    QueueLimit,
    Scale,
    Skip,
    changed,
)
from jobnet.services.forecast.forecast import forecast
from jobnet.services.forecast.whatif import Comparison, compare

from tests.engine.building import block, bundle, job, network, parallel, wait_network
from tests.services.forecast.situations import DAY, NOON, situation, start, times

A, B = NetworkName("a"), NetworkName("b")
SAP = Queue(name="sap", limit=2)


def night() -> Situation:
    """Return two networks that share a queue, and one that waits for the second of them."""
    made = [
        bundle(network(job("work", queue="sap"), name="a"), queues=(SAP,)),
        bundle(network(job("work", queue="sap"), name="b", late_end="12:45"), queues=(SAP,)),
        bundle(network(wait_network("wait", "b"), job("work"), name="c")),
    ]
    lasts = times(a__work=30, b__work=20, c__work=5)
    return situation(made, [start("a"), start("b", 10), start("c", 15)], times=lasts)


def added(change: Add) -> PlannedStart:
    return replace(start(str(change.network)), key="added", start=change.start)


def whatif(asked: Situation, *changes: Change) -> Comparison:
    return compare(forecast(asked), forecast(changed(asked, changes, added)))


def later(one: Comparison) -> dict[str, float | None]:
    return {
        str(each.network): None if each.later is None else each.later.total_seconds() / 60
        for each in one.differences
    }


def test_nothing_changes_nothing() -> None:
    found = whatif(night())

    assert found.differences == ()
    assert found.unchanged == 3


def test_a_smaller_queue_delays_whoever_waits_and_whoever_waits_for_him() -> None:
    found = whatif(night(), QueueLimit(queue="sap", limit=1))

    assert later(found) == {"b": 20, "c": 20}
    assert found.unchanged == 1
    assert found.later_total == timedelta(minutes=40)
    assert found.over_before == NOON + timedelta(minutes=35)
    assert found.over_after == NOON + timedelta(minutes=55)
    first = found.differences[0]
    assert [(each.kind, each.part) for each in first.newly_missed] == [(TimerKind.LATE_END, "")]
    assert found.missed_count == 1


def test_the_way_back_keeps_the_deadline_again() -> None:
    narrow = changed(night(), [QueueLimit(queue="sap", limit=1)], added)

    found = whatif(narrow, QueueLimit(queue="sap", limit=2))

    assert found.kept_count == 1
    assert later(found) == {"b": -20, "c": -20}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Delay(network=A, part="work", by=timedelta(minutes=7)), {"a": 7}),
        (Delay(network=B, by=timedelta(minutes=7)), {"b": 7, "c": 7}),
        (Scale(network=B, factor=0.5), {"b": -10, "c": -10}),
        (Scale(network=B, part="work", factor=2), {"b": 20, "c": 20}),
        (Move(key=f"night|b|{DAY}|12:10", to=NOON), {"b": -10, "c": -10}),
        (Skip(key=f"night|a|{DAY}|12:00"), {"a": None}),
        (Skip(key=f"night|b|{DAY}|12:10"), {"b": None, "c": None}),
        (Add(network=A, start=NOON + timedelta(hours=1)), {"a": None}),
        (QueueLimit(queue="sap", limit=0), {"a": None, "b": None, "c": None}),
    ],
)
def test_each_change_does_what_it_says(change: Change, expected: dict[str, float | None]) -> None:
    assert later(whatif(night(), change)) == expected


def test_a_limit_of_a_network_and_the_capacity_of_a_resource_count() -> None:
    made = bundle(network(job("work", resources={"tape": 1}), name="a"))
    asked = situation([made], [start("a"), start("a", 1)], times=times(a__work=10))

    limited = whatif(asked, NetworkLimit(network=A, limit=1))
    scarce = whatif(asked, Capacity(resource="tape", capacity=1))

    assert later(limited) == later(scarce) == {"a": 9}


def test_a_skipped_run_keeps_no_deadline() -> None:
    narrow = changed(night(), [QueueLimit(queue="sap", limit=1)], added)

    found = whatif(narrow, Skip(key=f"night|b|{DAY}|12:10"))

    assert found.kept_count == 0


def placed(made: Bundle, *nodes: str) -> Bundle:
    """Return a bundle whose network names nodes."""
    main = replace(made.network, placement=Placement(nodes=nodes))
    return replace(made, networks={made.main: main})


def test_what_runs_only_on_a_lost_node_waits_for_it() -> None:
    flow = block("all", parallel("both", job("one"), job("two")))
    made = [
        placed(bundle(network(flow, name="a")), "east"),
        placed(bundle(network(flow, name="b")), "east", "west"),
    ]
    asked = situation(made, [start("a"), start("b")])

    found = whatif(asked, Lose(node="east"))

    assert [each.network for each in found.differences] == [A]
    assert found.differences[0].never_ends_now


def test_the_queues_of_a_lost_node_let_nobody_in() -> None:
    sap = Queue(name="sap", nodes=("east",))
    made = bundle(network(job("work", queue="sap"), name="a"), queues=(sap,))

    found = whatif(situation([made], [start("a")]), Lose(node="east"))

    assert found.differences[0].never_ends_now


@pytest.mark.parametrize(
    "change",
    [
        Delay(network=A, part="nothing", by=timedelta(1)),
        Delay(network=NetworkName("nobody"), by=timedelta(1)),
        Delay(network=A, by=timedelta.max),
        Scale(network=A, factor=float("nan")),
        Scale(network=A, factor=-1),
        Scale(network=NetworkName("nobody"), factor=1),
        QueueLimit(queue="nothing", limit=1),
        NetworkLimit(network=NetworkName("nobody"), limit=1),
        Lose(node="nowhere"),
        Move(key="nothing", to=NOON),
        Skip(key="nothing"),
        Add(network=NetworkName("nobody"), start=NOON),
    ],
)
def test_a_change_that_names_nothing_is_refused(change: Change) -> None:
    with pytest.raises(WhatIfRefused):
        changed(night(), [change], added)
