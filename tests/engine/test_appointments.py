"""Rules 9 and 11: end_by, lateness and the timers that are armed for them."""

from datetime import timedelta

import pytest
from jobnet.definition import Retry
from jobnet.engine.commands import ArmTimer
from jobnet.engine.facts import FlagRaised, TimerOver
from jobnet.engine.orders import Answer, Release, Rerun, RerunFrom
from jobnet.engine.timers import TimerKind
from jobnet.ids import PartKey

from tests.engine.building import (
    NOON,
    block,
    branch,
    call,
    dialog,
    job,
    network,
    parallel,
    wait_event,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import takes


def key(text: str) -> PartKey:
    return PartKey(text)


def flags_of(played: Played, part: str | None) -> list[tuple[str, float]]:
    """The flags raised for a part (None: the run), with their seconds."""
    return [
        (fact.flag.value, (fact.at - NOON).total_seconds())
        for fact in played.facts
        if isinstance(fact, FlagRaised) and fact.part == part
    ]


SLOW = {"a": takes(500)}


END_BY = (
    says(
        "a deadline that had passed when its flow opened counts at once",
        job("a"),
        job("b", late_start="11:00"),
        script={"a": takes(5)},
        also=lambda p: flags_of(p, "b") == [("late_start", 0.0)],
    ),
    says(
        "a deadline that had passed when a rerun began is left alone",
        job("a"),
        job("b", late_start=50),
        job("c", end_by=60),
        script={"a": [0, takes(5)]},
        orders_at={100: [Rerun(start=RerunFrom.PART, parts=(key("a"),))]},
        states={"b": "normal", "c": "normal"},
        also=lambda p: len(p.starts("b")) == 2 and flags_of(p, "b") == [],
    ),
    says(
        "deadlines of a run that had passed when its rerun began are left alone",
        main=network(job("a"), late_start=5, late_end=50, end_by=60),
        script={"a": [0, takes(5)]},
        orders_at={100: [Rerun(start=RerunFrom.PART, parts=(key("a"),))]},
        seconds=105,
        also=lambda p: flags_of(p, None) == [],
    ),
    says(
        "a deadline of a run that is still to come when its rerun begins is watched",
        main=network(job("a"), end_by=150),
        script={"a": [0, takes(500)]},
        orders_at={100: [Rerun(start=RerunFrom.PART, parts=(key("a"),))]},
        run="abnormal",
        seconds=150,
    ),
    says(
        "a deadline that is still to come when a rerun begins is watched",
        job("a"),
        job("b", late_end=150),
        script={"b": [0, takes(100)]},
        orders_at={100: [Rerun(start=RerunFrom.PART, parts=(key("b"),))]},
        also=lambda p: flags_of(p, "b") == [("late_end", 150.0)],
    ),
    says(
        "a timer that is not needed any more is dropped and has not fired",
        job("a", timeout=50),
        script={"a": takes(10)},
        also=lambda p: [fact.has_fired for fact in p.of(TimerOver)] == [False],
    ),
    says(
        "a running job is killed and ends ABNORMAL with reason end_by",
        job("a", end_by="12:01"),
        job("b"),
        script=SLOW,
        run="abnormal",
        seconds=60,
        states={"a": "abnormal", "b": "not_run"},
        also=lambda p: p["a"].end_reason == "end_by",
    ),
    says(
        "a part that has not begun is not run, and is judged when its turn comes",
        job("a"),
        job("b", end_by="12:01"),
        job("c"),
        script={"a": takes(100)},
        run="abnormal",
        seconds=100,
        states={"a": "normal", "b": "abnormal", "c": "not_run"},
        also=lambda p: p.starts("b") == [] and p["b"].end_reason == "end_by",
    ),
    says(
        "the rescue of its block runs",
        block("k", job("a", end_by="12:01"), job("b"), rescue=(job("r"),)),
        script=SLOW,
        states={"r": "normal", "k": "normal"},
    ),
    says(
        "a container",
        parallel("p", job("a"), job("b"), end_by="12:01"),
        script={"a": takes(500)},
        run="abnormal",
        seconds=60,
        states={"p": "abnormal", "a": "abnormal", "b": "normal"},
    ),
    says(
        "a wait",
        wait_event("w", end_by="12:01"),
        run="abnormal",
        seconds=60,
    ),
    says("a dialog", dialog("d", end_by="12:01"), run="abnormal", seconds=60),
    says(
        "a held part",
        job("a", hold=True, end_by="12:01"),
        run="abnormal",
        states={"a": "abnormal"},
    ),
    says(
        "in time: nothing happens",
        job("a", end_by="12:01"),
        job("b"),
        script={"a": takes(59), "b": takes(100)},
        states={"b": "normal"},
    ),
    says(
        "after the planned start, whenever the run really started",
        job("a", end_by=100),
        script=SLOW,
        more={"planned_start": NOON - timedelta(seconds=40)},
        run="abnormal",
        seconds=60,
    ),
    says(
        "end_by is not tried again",
        job("a", end_by="12:01", retry=Retry(count=3)),
        script=SLOW,
        run="abnormal",
        also=lambda p: len(p.starts("a")) == 1,
    ),
    says(
        "a part that was bypassed or never had a turn has no deadline any more",
        branch("b", ("false", (job("x", end_by="12:01"),))),
        job("a"),
        job("c", end_by="12:01"),
        script={"a": 1},
        run="abnormal",
        seconds=0,
        states={"c": "not_run", "x": "bypassed"},
    ),
    says(
        "a run",
        main=network(job("a"), end_by="12:01"),
        script=SLOW,
        run="abnormal",
        seconds=60,
    ),
    says(
        "an end_by of a called network's own document",
        call("s", "sub"),
        more={"networks": (network(job("i"), name="sub", end_by="12:01"),)},
        script={"s.i": takes(500)},
        run="abnormal",
        seconds=60,
    ),
)


LATENESS = (
    says(
        "late_start of a part that has not begun",
        job("a"),
        job("b", late_start="12:01"),
        script={"a": takes(100)},
        also=lambda p: flags_of(p, "b") == [("late_start", 60.0)],
    ),
    says(
        "late_end of a part that runs",
        job("a", late_end="12:01"),
        script={"a": takes(100)},
        also=lambda p: flags_of(p, "a") == [("late_end", 60.0)] and p.run == "normal",
    ),
    says(
        "late_end of the run",
        main=network(job("a"), late_end="12:01"),
        script={"a": takes(100)},
        also=lambda p: p.flags == ("late_end",),
    ),
    says(
        "late_start of the run",
        main=network(job("a"), late_start="11:59"),
        also=lambda p: p.flags == ("late_start",),
    ),
    says(
        "overrun of a job counts from its start, not while it is held",
        job("a", hold=True, overrun=60),
        script={"a": takes(59)},
        orders_at={500: [Release(part=key("a"))]},
        also=lambda p: flags_of(p, "a") == [],
    ),
    says(
        "overrun",
        job("a", overrun=60),
        script={"a": takes(61)},
        also=lambda p: flags_of(p, "a") == [("overrun", 60.0)],
    ),
    says(
        "overrun of a container",
        block("k", job("a"), overrun=60),
        script={"a": takes(61)},
        also=lambda p: flags_of(p, "k") == [("overrun", 60.0)],
    ),
    says(
        "time in PROMPTING counts for late_end, not for overrun",
        dialog("d", late_end="12:01", overrun=60),
        orders_at={100: [Answer(part=key("d"), choice="yes")]},
        also=lambda p: flags_of(p, "d") == [("late_end", 60.0)],
    ),
    says(
        "underrun",
        job("a", underrun=60),
        script={"a": takes(59)},
        also=lambda p: flags_of(p, "a") == [("underrun", 59.0)],
    ),
    says(
        "latest_start skip",
        job("a"),
        job("b", latest_start=("12:01", "skip")),
        job("c"),
        script={"a": takes(100)},
        states={"b": "skipped", "c": "normal"},
    ),
    says(
        "latest_start abnormal: MISSED",
        job("a"),
        job("b", latest_start=("12:01", "abnormal")),
        script={"a": takes(100)},
        run="abnormal",
        states={"b": "missed"},
    ),
    says(
        "latest_start hold: released it may start late",
        job("a"),
        job("b", latest_start=("12:01", "hold")),
        script={"a": takes(100)},
        orders_at={200: [Release(part=key("b"))]},
        also=lambda p: p.starts("b") == [200.0],
    ),
)


@pytest.mark.parametrize("example", END_BY)
def test_an_end_by(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", LATENESS)
def test_lateness(example: Example) -> None:
    example.prove()


def test_the_shell_is_told_to_arm_what_the_tracker_holds() -> None:
    main = network(job("a", timeout=60, end_by="13:00"))

    played = play(main, SLOW)

    armed = {each.timer.timer.kind for each in played.commands if isinstance(each, ArmTimer)}
    assert armed == {TimerKind.TIMEOUT, TimerKind.END_BY}
