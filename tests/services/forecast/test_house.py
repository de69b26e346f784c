"""Nights made by hand, with answers that anybody can check: who waits for whom, and how long."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from jobnet.definition import Bundle, Queue
from jobnet.engine import begin, step
from jobnet.engine import inputs as i
from jobnet.engine.states import State
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId
from jobnet.services.forecast import house
from jobnet.services.forecast.asked import OpenRun, Situation
from jobnet.services.forecast.course import Cause, PartCourse
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.passing import Predicted, play

from tests.engine.building import (
    bundle,
    job,
    network,
    parallel,
    pause,
    send,
    wait_event,
    wait_file,
    wait_network,
    wait_part,
)
from tests.services.forecast.situations import DAY, NOON, situation, start, times


def played(asked: Situation, rate: Rate = Rate.P50) -> dict[str, Predicted]:
    """Return the runs by the name of their network, the last one where there are several."""
    return {str(run.network): run for run in play(asked, rate).runs}


def minutes(at: datetime | None) -> float | None:
    return None if at is None else (at - NOON).total_seconds() / 60


def span(run: Predicted) -> tuple[float | None, float | None]:
    return minutes(run.began), minutes(run.ended)


def part(run: Predicted, key: str) -> PartCourse:
    return next(each for each in run.course.parts if each.key == key)


def three_in_a_queue(**queue: object) -> list[Bundle]:
    narrow = Queue(name="sap", limit=1, **queue)  # type: ignore[arg-type]
    made = [network(job("work", queue="sap"), name=name) for name in ("a", "b", "c")]
    return [bundle(each, queues=(narrow,)) for each in made]


def test_three_networks_take_turns_in_a_queue_that_runs_one() -> None:
    lasts = times(a__work=30, b__work=20, c__work=10)
    asked = situation(three_in_a_queue(), [start("a"), start("b", 5), start("c", 6)], times=lasts)

    runs = played(asked)

    assert [span(runs[name]) for name in "abc"] == [(0, 30), (5, 50), (6, 60)]
    (wait,) = part(runs["c"], "work").waits
    assert (wait.state, wait.reason) == (State.QUEUED, "queue_limit")
    assert (wait.start, wait.end) == (timedelta(0), timedelta(minutes=44))
    assert wait.behind == (Cause(run="a-2026-05-29-1200", part="work"),)
    assert wait.cause == Cause(run="b-2026-05-29-1205", part="work")


def test_whoever_has_priority_comes_first() -> None:
    sap = Queue(name="sap", limit=1)
    urgent = bundle(network(job("work", queue="sap", priority=90), name="c"), queues=(sap,))
    asked = situation(
        [*three_in_a_queue()[:2], urgent],
        [start("a"), start("b", 5), start("c", 6)],
        times=times(a__work=30, b__work=20, c__work=10),
    )

    runs = played(asked)

    assert [span(runs[name])[1] for name in "abc"] == [30, 60, 40]


def test_starts_in_a_queue_keep_their_distance() -> None:
    made = [bundle(network(job("work", queue="sap"), name=name)) for name in "ab"]
    spaced = Queue(name="sap", start_spacing=timedelta(minutes=7))
    made = [replace(each, queues={"sap": spaced}) for each in made]
    asked = situation(made, [start("a"), start("b")], times=times(a__work=1, b__work=1))

    runs = played(asked)

    assert [span(runs[name])[1] for name in "ab"] == [1, 8]


def test_a_queue_that_is_opened_later_holds_its_jobs_until_then() -> None:
    made = three_in_a_queue(is_held=True)[:1]
    asked = situation(made, [start("a")], times=times(a__work=10))
    (at, held), later = asked.limits[0], NOON + timedelta(minutes=30)
    opened = replace(held, queues={"sap": Queue(name="sap", limit=1)})

    runs = played(replace(asked, limits=((at, held), (later, opened))))

    assert span(runs["a"]) == (0, 40)


def test_a_lock_and_a_resource_let_one_after_the_other_in() -> None:
    made = [
        bundle(network(job("work", locks={"ledger": "exclusive"}), name="a")),
        bundle(network(job("work", locks={"ledger": "shared"}), name="b")),
        bundle(network(job("work", locks={"ledger": "shared"}, resources={"tape": 2}), name="c")),
        bundle(network(job("work", resources={"tape": 2}), name="d")),
    ]
    lasts = times(a__work=10, b__work=10, c__work=10, d__work=10)
    asked = situation(made, [start(name) for name in "abcd"], times=lasts)
    limits = replace(asked.limits[0][1], resources={"tape": 3})

    runs = played(replace(asked, limits=((NOON, limits),)))

    assert {name: span(run)[1] for name, run in runs.items()} == {
        "a": 10,
        "b": 20,
        "c": 20,
        "d": 10,
    }


@pytest.mark.parametrize(
    ("overlap", "ends"),
    [("queue", [60, 120]), ("skip", [60, 10]), ("cancel_previous", [30, 90])],
)
def test_a_network_that_executes_once_at_a_time_does_what_its_overlap_says(
    overlap: str, ends: Sequence[float]
) -> None:
    once = bundle(network(job("work"), job("more"), name="a", limit=1, overlap=overlap))
    starts, lasts = [start("a"), start("a", 10)], times(a__work=30, a__more=30)

    first, second = play(situation([once], starts, times=lasts), Rate.P50).runs

    assert [minutes(first.ended), minutes(second.ended)] == list(ends)
    assert (second.course.state is State.MISSED) is (overlap == "skip")


def test_a_run_that_waits_for_its_network_says_behind_whom() -> None:
    once = bundle(network(job("work"), name="a", limit=1, overlap="queue"))
    asked = situation([once], [start("a"), start("a", 10)], times=times(a__work=30))

    _, second = play(asked, Rate.P50).runs

    (wait,) = second.course.waits
    assert wait.reason == "network_limit"
    assert wait.behind == (Cause(run="a-2026-05-29-1200"),)
    assert wait.cause == Cause(run="a-2026-05-29-1200")
    assert span(second) == (30, 60)


def test_a_network_waits_for_another_of_its_day() -> None:
    made = [
        bundle(network(job("work"), name="extract")),
        bundle(network(wait_network("wait", "extract"), job("work"), name="load")),
    ]
    lasts = times(extract__work=45, load__work=5)

    runs = played(situation(made, [start("load"), start("extract", 10)], times=lasts))

    assert span(runs["load"]) == (0, 60)
    (wait,) = part(runs["load"], "wait").waits
    assert wait.cause == Cause(run="extract-2026-05-29-1210")


def test_a_network_waits_for_a_part_and_for_an_event_of_others() -> None:
    made = [
        bundle(network(job("first"), send("tell", "ready"), job("second"), name="extract")),
        bundle(network(wait_part("wait", "first", "extract"), job("work"), name="by_part")),
        bundle(network(wait_event("wait", "ready"), job("work"), name="by_event")),
    ]
    lasts = times(extract__first=20, extract__second=20, by_part__work=1, by_event__work=2)
    starts = [start("by_part"), start("by_event"), start("extract", 5)]

    runs = played(situation(made, starts, times=lasts))

    assert [minutes(runs[name].ended) for name in ("by_part", "by_event")] == [26, 27]
    (wait,) = part(runs["by_event"], "wait").waits
    assert wait.cause == Cause(run="extract-2026-05-29-1205", part="tell")


def test_what_nobody_brings_about_is_waited_for_for_ever_unless_somebody_says_when() -> None:
    made = [
        bundle(network(wait_file("wait"), job("work"), name="by_file")),
        bundle(network(wait_network("wait", "nobody"), job("work"), name="by_network")),
    ]
    starts = [start("by_file"), start("by_network")]

    for_ever = played(situation(made, starts, times=times(by_file__work=1, by_network__work=1)))
    given = times(by_file__work=1, by_network__work=1, by_file__wait=10, by_network__wait=20)
    in_time = played(situation(made, starts, times=given))

    assert [run.ended for run in for_ever.values()] == [None, None]
    assert all(run.course.endless for run in for_ever.values())
    assert [minutes(in_time[name].ended) for name in ("by_file", "by_network")] == [11, 21]


def test_a_repetition_is_counted_from_the_end_of_the_run_before() -> None:
    often = bundle(network(job("work"), name="a", limit=1))
    repeated = start(
        "a", repeat_after=timedelta(minutes=10), repeat_until=NOON + timedelta(minutes=70)
    )
    asked = situation([often], [repeated], times=times(a__work=25))

    runs = play(asked, Rate.P50).runs

    assert [span(run) for run in runs] == [(0, 25), (35, 60), (70, 95)]
    assert [run.key.rpartition("|")[2] for run in runs] == ["12:00", "12:00+1", "12:00+2"]


def test_a_start_whose_time_has_passed_begins_now() -> None:
    late = replace(start("a", -90), operating_day=DAY)
    asked = situation([bundle(network(job("work"), name="a"))], [late], times=times(a__work=5))

    (run,) = play(asked, Rate.P50).runs

    assert span(run) == (0, 5)


def test_an_open_run_goes_on_with_what_is_left_and_holds_its_slot() -> None:
    narrow = Queue(name="sap", limit=1)
    made = bundle(network(job("work", queue="sap"), job("tidy"), name="a"), queues=(narrow,))
    begun = NOON - timedelta(minutes=20)
    tracker = begin(made, {})
    given = (
        i.StartRun(
            run=RunId("a-open"),
            by=OperatorName("ann"),
            operating_day=DAY,
            planned_start=begun,
            zone="UTC",
        ),
        i.SlotGranted(part=PartKey("work"), attempt=1),
        i.AttemptBegan(part=PartKey("work"), attempt=1),
    )
    for each in given:
        tracker = step(tracker, each, begun).tracker
    other = three_in_a_queue()[1]
    asked = situation(
        [made, other],
        [start("b")],
        times=times(a__work=30, a__tidy=2, b__work=5),
        open_runs=(OpenRun(tracker=tracker),),
    )

    runs = played(asked)

    assert span(runs["a"]) == (-20, 12)
    assert span(runs["b"]) == (0, 15)
    assert runs["a"].planned is None


def test_an_open_job_that_has_lasted_longer_than_usual_goes_on_for_a_tenth_of_it() -> None:
    lasts = times(a__work=30)

    left = lasts.left(NetworkName("a"), "work", Rate.P50, elapsed=timedelta(hours=2))

    assert left == timedelta(minutes=3)


def test_all_jobs_together_stay_within_the_bound_of_the_controller() -> None:
    wide = [
        bundle(network(parallel("both", job("one"), job("two")), name=name)) for name in ("a", "b")
    ]
    asked = situation(wide, [start("a"), start("b")], times=times(a__one=10, b__one=10))
    limits = asked.limits[0][1]

    free = played(replace(asked, limits=((NOON, replace(limits, jobs_max=4)),)))
    bound = played(replace(asked, limits=((NOON, replace(limits, jobs_max=2)),)))

    assert [minutes(run.ended) for run in free.values()] == [10, 10]
    assert sum(minutes(run.ended) or 0 for run in bound.values()) > 20


def test_a_forecast_that_has_too_much_to_play_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = bundle(network(job("work"), name="a", limit=1))
    repeated = start("a", repeat_after=timedelta(minutes=1))
    monkeypatch.setattr(house, "RUNS_MAX", 50)

    found = play(situation([endless], [repeated]), Rate.P50)

    assert found.is_cut
    assert len(found.runs) == 50


def test_a_pause_is_no_wait_for_others() -> None:
    made = bundle(network(pause("rest", 600), job("work"), name="a"))

    (run,) = play(situation([made], [start("a")], times=times(a__work=1)), Rate.P50).runs

    assert span(run) == (0, 11)
    assert [wait.reason for wait in part(run, "rest").waits] == ["time"]
