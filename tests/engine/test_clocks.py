"""Rule 11: a wall clock that has jumped stops timers and starts until the readings agree."""

from datetime import timedelta

import pytest
from jobnet.definition import Queue, Retry
from jobnet.engine import open_commands
from jobnet.engine.clocks import jump_text
from jobnet.engine.commands import AskSlot
from jobnet.engine.facts import ClockDoubted, ClockTrusted, PartStarted, StartPaused
from jobnet.engine.inputs import ClockAgreed, ClockJumped
from jobnet.engine.orders import ClearWait, Hold, Kill, Release, Resume, Suspend
from jobnet.ids import PartKey

from tests.engine.building import job, network, notify, parallel, pause, until
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import takes

A = PartKey("a")
JUMP, AGREED = ClockJumped(seconds=3600), ClockAgreed()

DOUBTS = (
    says(
        "a timer whose time comes while the clock is doubted fires when the readings agree",
        pause("x", 60),
        arrivals_at={10: [JUMP], 200: [AGREED]},
        seconds=200,
    ),
    says(
        "one whose time has not come then fires at its time",
        pause("x", 300),
        arrivals_at={10: [JUMP], 200: [AGREED]},
        seconds=300,
    ),
    says(
        "an operator may say that the clock is right: resume of the run",
        pause("x", 60),
        arrivals_at={10: [JUMP]},
        orders_at={150: [Resume()]},
        seconds=150,
        also=lambda p: [fact.by for fact in p.of(ClockTrusted)] == ["ann"],
    ),
    says(
        "a resume takes a suspension back as well",
        pause("x", 60),
        job("a"),
        arrivals_at={10: [JUMP]},
        orders_at={20: [Suspend()], 150: [Resume()]},
        states={"a": "normal"},
        seconds=150,
    ),
    says(
        "no attempt starts; it stays in line and says why",
        pause("x", 5),
        parallel("p", job("a"), (pause("y", 30), job("b"))),
        script={"a": takes(100)},
        arrivals_at={7: [JUMP], 500: [AGREED]},
        states={"a": "normal", "b": "normal"},
        also=lambda p: p.starts("a") == [5.0] and p.starts("b") == [500.0],
    ),
    says(
        "running jobs go on, and what follows them stands in line, PAUSED",
        job("a"),
        job("b"),
        script={"a": takes(50)},
        arrivals_at={10: [JUMP]},
        run="running",
        states={"a": "normal", "b": "queued"},
        also=lambda p: (
            p["b"].reason is not None
            and p["b"].reason.value == "paused"
            and p["b"].detail == jump_text(3600)
        ),
    ),
    says(
        "its slot is given back and asked for once more",
        job("a", queue="q"),
        job("b", queue="q"),
        script={"a": takes(50), "b": takes(10)},
        arrivals_at={10: [JUMP], 100: [AGREED]},
        more={"queues": (Queue(name="q", limit=1),)},
        seconds=110,
        also=lambda p: len(p.of(StartPaused)) == 1 and p["b"].attempt == 1,
    ),
    says(
        "a paused part can be held, and released when the clock is right",
        job("a"),
        job("b"),
        script={"a": takes(50)},
        arrivals_at={10: [JUMP], 100: [AGREED]},
        orders_at={60: [Hold(part=PartKey("b"))], 120: [Release(part=PartKey("b"))]},
        seconds=120,
    ),
    says(
        "a timeout does not kill while the clock is doubted",
        job("a", timeout=60),
        script={"a": takes(90)},
        arrivals_at={10: [JUMP], 100: [AGREED]},
        states={"a": "normal"},
        seconds=90,
    ),
    says(
        "a retry waits",
        job("a", retry=Retry(count=1, delay=timedelta(seconds=5))),
        script={"a": [1, 0]},
        arrivals_at={2: [JUMP], 100: [AGREED]},
        seconds=100,
    ),
    says(
        "a clock time that seems to have passed is not believed",
        job("a"),
        until("u", "11:00"),
        script={"a": takes(50)},
        arrivals_at={10: [JUMP], 100: [AGREED]},
        seconds=100,
    ),
    says(
        "a latest start is not judged by a clock that is doubted",
        job("a"),
        job("b", latest_start=("12:00:30", "abnormal")),
        script={"a": takes(50)},
        arrivals_at={10: [JUMP]},
        run="running",
        states={"b": "queued"},
    ),
    says(
        "messages go out, and an operator's orders count",
        pause("x", 60),
        notify("n"),
        arrivals_at={10: [JUMP]},
        orders_at={20: [ClearWait(part=PartKey("x"))]},
        seconds=20,
    ),
    says(
        "the run can be killed",
        pause("x", 60),
        arrivals_at={10: [JUMP]},
        orders_at={20: [Kill()]},
        run="killed",
        seconds=20,
    ),
    says(
        "a minute is no jump, and an agreement without doubt is nothing",
        pause("x", 60),
        arrivals_at={10: [ClockJumped(seconds=60), ClockJumped(seconds=-60), AGREED]},
        seconds=60,
        also=lambda p: p.of(ClockDoubted) == p.of(ClockTrusted) == [],
    ),
    says(
        "the same jump told twice is one fact, another one is another",
        pause("x", 60),
        arrivals_at={10: [JUMP, JUMP, ClockJumped(seconds=-90)], 30: [AGREED, AGREED]},
        seconds=60,
        also=lambda p: len(p.of(ClockDoubted)) == 2 and len(p.of(ClockTrusted)) == 1,
    ),
    says(
        "a jump after the end of the run is nothing",
        job("a"),
        arrivals_at={10: [JUMP]},
        also=lambda p: p.of(ClockDoubted) == [],
    ),
)


@pytest.mark.parametrize("example", DOUBTS)
def test_a_clock_that_has_jumped(example: Example) -> None:
    example.prove()


def test_a_shell_that_starts_anew_in_doubt_does_not_ask_for_what_is_paused() -> None:
    played = play(network(job("a"), job("b")), {"a": takes(50)}, arrivals_at={10: [JUMP]})

    asked = [each for each in open_commands(played.tracker) if isinstance(each, AskSlot)]

    assert asked == []
    assert [fact.part for fact in played.of(PartStarted) if isinstance(fact, PartStarted)] == ["a"]
