"""A forecast tells P50 and P90 of every run, the deadlines at risk, and what nobody knows."""

from datetime import timedelta
from typing import Any

from jobnet.definition import Queue
from jobnet.engine.timers import TimerKind
from jobnet.ids import NetworkName
from jobnet.ports.store import Spread
from jobnet.services.forecast.course import Cause
from jobnet.services.forecast.expected_times import ExpectedTimes, Rate
from jobnet.services.forecast.forecast import conflicts, forecast

from tests.engine.building import bundle, job, network, until, wait_file
from tests.services.forecast.situations import NOON, situation, start, times

NIGHT = NetworkName("night")


def spread(p50: float, p90: float) -> ExpectedTimes:
    """Return what the history says of the part ``load``, in minutes."""
    one = Spread(p50=p50 * 60, p90=p90 * 60, count=20)
    return ExpectedTimes(spreads={NIGHT: {"load": one}})


def test_a_deadline_may_be_at_risk_only_if_things_go_slowly() -> None:
    made = bundle(network(job("load"), late_end="13:00"))
    asked = situation([made], [start("night")], times=spread(45, 75))

    (run,) = forecast(asked).runs

    (risk,) = run.risks
    assert (risk.kind, risk.part, risk.rate) == (TimerKind.LATE_END, "", Rate.P90)
    assert risk.due == NOON + timedelta(hours=1)
    assert risk.usual == NOON + timedelta(minutes=45)
    assert risk.slow == NOON + timedelta(minutes=75)


def test_a_deadline_that_is_missed_at_p50_is_expected_to_be_missed() -> None:
    made = bundle(network(job("load", late_start="12:10"), job("more", end_by="12:30")))
    asked = situation([made], [start("night", 15)], times=spread(45, 75))

    (run,) = forecast(asked).runs

    assert [(each.kind, each.part, each.rate) for each in run.risks] == [
        (TimerKind.LATE_START, "load", Rate.P50),
        (TimerKind.END_BY, "more", Rate.P50),
    ]


def test_a_latest_start_in_a_queue_is_at_risk() -> None:
    sap = Queue(name="sap", limit=1)
    made = [
        bundle(network(job("work", queue="sap"), name="a"), queues=(sap,)),
        bundle(
            network(job("work", queue="sap", latest_start=("12:20", "skip")), name="b"),
            queues=(sap,),
        ),
    ]
    asked = situation(made, [start("a"), start("b", 5)], times=times(a__work=30))

    risks = forecast(asked).runs[1].risks

    assert [(each.kind, each.part, each.rate) for each in risks] == [
        (TimerKind.LATEST_START, "work", Rate.P50)
    ]


def test_what_never_ends_misses_its_deadline() -> None:
    made = bundle(network(wait_file("wait"), late_end="13:00"))

    (run,) = forecast(situation([made], [start("night")])).runs

    (risk,) = run.risks
    assert (risk.rate, risk.usual, risk.slow) == (Rate.P50, None, None)
    assert run.either.course.endless


def test_deadlines_that_are_kept_are_no_risk() -> None:
    deadlines: dict[str, Any] = {"late_start": "12:10", "late_end": "23:00", "end_by": 86_400}
    made = bundle(network(job("load", latest_start=("12:10", "skip")), **deadlines))

    (run,) = forecast(situation([made], [start("night")], times=spread(45, 75))).runs

    assert run.risks == ()


def test_jobs_of_which_nobody_knows_how_long_they_take_are_named() -> None:
    made = bundle(network(job("load"), job("unknown")))

    found = forecast(situation([made], [start("night")], times=spread(1, 1)))

    assert found.assumed == ("night/unknown",)
    assert found.runs[0].either.ended == NOON + timedelta(minutes=2)


def test_who_waits_for_whom_is_told() -> None:
    sap = Queue(name="sap", limit=1)
    made = [
        bundle(network(job("work", queue="sap"), name=name), queues=(sap,)) for name in ("a", "b")
    ]
    asked = situation(made, [start("a"), start("b", 10)], times=times(a__work=30))

    (conflict,) = conflicts(forecast(asked))

    assert (conflict.run, conflict.part) == ("b-2026-05-29-1210", "work")
    assert conflict.wait.behind == (Cause(run="a-2026-05-29-1200", part="work"),)
    assert conflict.since == NOON + timedelta(minutes=10)
    assert conflict.until == NOON + timedelta(minutes=30)


def test_a_repetition_that_comes_at_one_rate_only_is_told_with_that_rate() -> None:
    made = bundle(network(job("load")))
    often = start(
        "night", repeat_after=timedelta(minutes=10), repeat_until=NOON + timedelta(minutes=60)
    )

    runs = forecast(situation([made], [often], times=spread(45, 75))).runs

    assert [(run.usual is not None, run.slow is not None) for run in runs] == [
        (True, True),
        (True, False),
    ]


def test_a_wait_for_a_clock_time_is_the_same_at_every_rate() -> None:
    made = bundle(network(until("wait", "14:00"), job("load")))

    (run,) = forecast(situation([made], [start("night")], times=spread(45, 75))).runs

    assert run.usual is not None
    assert run.slow is not None
    assert run.usual.ended == NOON + timedelta(hours=2, minutes=45)
    assert run.slow.ended == NOON + timedelta(hours=2, minutes=75)
