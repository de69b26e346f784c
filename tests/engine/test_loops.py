"""Rule 3: continuity."""

import pytest
from jobnet.engine.facts import IterationStarted, PartWaited

from tests.engine.building import (
    block,
    branch,
    call,
    for_each,
    job,
    loop,
    network,
    parallel,
    pause,
    until,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import takes

UNTIL_A = "parts.a.normal"

LOOPS = (
    says(
        "the deadlines of what begins anew inside a block are watched again",
        block("k", job("a", late_end=30), job("b"), loop("l", "a", max_times=1, interval=5)),
        script={"a": [0, takes(100)]},
        also=lambda p: "late_end" in [flag.value for flag in p["a"].flags],
    ),
    says(
        "each jump is an attempt of the loop, and tells its number and its target",
        job("a"),
        loop("l", "a", until="parts.a.iterations >= 3", interval=5),
        also=lambda p: (
            [(fact.attempt, fact.detail) for fact in p.of(PartWaited)]
            == [(1, "jump 1 to a"), (2, "jump 2 to a")]
            and p["l"].message == "after 2 jumps back"
        ),
    ),
    says(
        "it starts a new iteration of the parts between its target and itself",
        job("before"),
        job("a"),
        job("b"),
        loop("l", "a", until="parts.a.iterations >= 3"),
        job("after"),
        also=lambda p: (
            [len(p.starts(key)) for key in ("before", "a", "b", "after")] == [1, 3, 3, 1]
        ),
    ),
    says(
        "until true at once: no jump",
        job("a"),
        loop("l", "a", until=UNTIL_A),
        also=lambda p: p.starts("a") == [0.0] and p["l"].times == 0,
    ),
    says(
        "without until it goes on after max_times",
        job("a"),
        loop("l", "a", max_times=2),
        states={"l": "normal"},
        also=lambda p: len(p.starts("a")) == 3,
    ),
    says(
        "it may jump out of a branch to an earlier part of an enclosing sequence",
        job("a"),
        branch("b", ("parts.a.abnormal", (job("x"), loop("l", "a", max_times=5)))),
        job("c"),
        script={"a": [1, 1, 0]},
        states={"a": "normal", "b": "normal", "x": "bypassed", "l": "bypassed", "c": "normal"},
        also=lambda p: len(p.starts("a")) == 3 and len(p.starts("x")) == 2,
    ),
    says(
        "max_times counts the jumps of a loop in a branch that it jumps out of",
        job("a"),
        branch("b", ("parts.a.abnormal", (loop("l", "a", max_times=2),))),
        script={"a": 1},
        also=lambda p: len(p.starts("a")) == 3,
        run="normal",
    ),
    says(
        "it may jump out of a block",
        job("a"),
        block("k", job("b"), loop("l", "a", max_times=1)),
        also=lambda p: len(p.starts("a")) == 2 and len(p.starts("b")) == 2,
    ),
    says(
        "interval is the pause before the jump",
        job("a"),
        loop("l", "a", until=UNTIL_A, interval=60),
        script={"a": [1, 1, 0]},
        also=lambda p: p.starts("a") == [0.0, 60.0, 120.0],
    ),
    says(
        "a range in which nothing takes time pauses for a second at least",
        branch("b", ("false", ())),
        loop("l", "b", max_times=3),
        seconds=3,
    ),
    says(
        "a range that holds a job needs no interval",
        job("a"),
        loop("l", "a", max_times=3),
        script={"a": takes(2)},
        seconds=8,
    ),
    says(
        "a range whose parts all end at once without executing never runs away",
        until("w", "01:00"),
        loop("l", "w", max_times=3),
        seconds=2,
    ),
    says(
        "an inner loop counts anew in each iteration of the outer one",
        job("a"),
        job("b"),
        loop("inner", "b", max_times=2, interval=1),
        loop("outer", "a", max_times=1, interval=1),
        also=lambda p: len(p.starts("a")) == 2 and len(p.starts("b")) == 6,
    ),
    says(
        "a whole parallel is in the range",
        parallel("p", job("a"), job("b")),
        loop("l", "p", max_times=1),
        also=lambda p: len(p.starts("a")) == 2 and p["a"].iteration == 2,
    ),
    says(
        "a for-each in the range takes its items anew",
        for_each("f", "{{ [parts.l.iterations, 'x'] }}", job("a")),
        loop("l", "f", max_times=1),
        also=lambda p: [key for key, _ in p["f"].items] == ["1", "x"],
    ),
    says(
        "a called network in the range is executed anew",
        call("s", "sub"),
        loop("l", "s", max_times=1, interval=5),
        more={"networks": (network(job("a"), name="sub"),)},
        also=lambda p: p.starts("s.a") == [0.0, 5.0],
    ),
    says(
        "the counter is visible to expressions: the jumps back so far",
        job("a"),
        loop("l", "a", until="parts.l.iterations >= 4"),
        also=lambda p: len(p.starts("a")) == 5,
    ),
    says(
        "an until that has no value ends it abnormally and says why",
        job("a"),
        loop("l", "a", until="parts.a.outputs.missing"),
        run="abnormal",
        states={"l": "abnormal"},
        also=lambda p: "missing" in p["l"].message,
    ),
    says(
        "a failed part behind the loop's range stops it: the loop does not come about",
        job("a"),
        job("b"),
        loop("l", "a", until=UNTIL_A),
        script={"a": 1},
        run="abnormal",
        states={"b": "not_run", "l": "not_run"},
    ),
    says(
        "time waits in the range count from their own start in each iteration",
        pause("w", 10),
        loop("l", "w", max_times=2),
        seconds=30,
    ),
)


@pytest.mark.parametrize("example", LOOPS)
def test_a_continuity(example: Example) -> None:
    example.prove()


def test_old_iterations_leave_the_tracker_but_for_the_latest_twenty() -> None:
    main = network(job("a"), loop("l", "a", max_times=50))

    played = play(main)

    earlier = played["a"].earlier
    assert (len(earlier), earlier[-1].iteration, played["a"].iteration) == (20, 50, 51)
    assert len(played.of(IterationStarted)) == 50
    assert len(played.tracker.parts) == 2


def test_attempts_go_on_counting_over_iterations() -> None:
    main = network(job("a"), loop("l", "a", max_times=2))

    played = play(main)

    assert played["a"].attempt == 3
