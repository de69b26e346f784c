"""Rule 2: joins of parallels, OR branches, and their losers."""

import pytest
from jobnet.engine.facts import FlagRaised, FlowOpened, RunEnded
from jobnet.engine.orders import Kill
from jobnet.ids import PartKey

from tests.engine.building import (
    any_of,
    block,
    call,
    for_each,
    job,
    loop,
    network,
    parallel,
    pause,
    send,
    wait_event,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import takes

JOINS = (
    says(
        "parallel ends when all branches have ended",
        parallel("p", job("a"), job("b")),
        job("c"),
        script={"a": takes(10), "b": takes(20)},
        also=lambda p: p.starts("c") == [20.0],
    ),
    says(
        "the class of a parallel is the worst, its exit code that of the first with this class",
        parallel("p", job("a"), job("b"), job("c")),
        script={"a": takes(9, 5), "b": takes(1, 6), "c": 0},
        run="abnormal",
        states={"p": "abnormal"},
        also=lambda p: (p["p"].exit_code, p["p"].culprit, p.exit_code) == (5, "a", 5),
    ),
    says(
        "a warning is worse than fine and better than abnormal",
        parallel("p", job("a", on_error="continue"), job("b")),
        script={"a": 3},
        run="warning",
        states={"p": "warning"},
        also=lambda p: p.exit_code == 3,
    ),
    says(
        "at most limit branches run at a time",
        parallel("p", job("a"), job("b"), job("c"), limit=2),
        script={"a": takes(10), "b": takes(4), "c": takes(1)},
        also=lambda p: p.starts("c") == [4.0],
        seconds=10,
    ),
    says("a parallel without branches ends at once", parallel("p"), states={"p": "normal"}),
    says(
        "a parallel with an empty branch joins the others",
        parallel("p", (), job("a")),
        states={"p": "normal", "a": "normal"},
    ),
)
OR_BRANCHES = (
    says(
        "an OR branch goes on when its first branch has ended fine",
        any_of("o", job("a"), job("b")),
        job("c"),
        script={"a": takes(30), "b": takes(5)},
        also=lambda p: p.starts("c") == [5.0],
    ),
    says(
        "a branch that ended with a warning wins too",
        any_of("o", job("a", on_error="continue"), job("b")),
        job("c"),
        script={"a": 1, "b": takes(5)},
        run="warning",
        states={"o": "warning"},
        also=lambda p: p.starts("c") == [0.0],
    ),
    says(
        "an abnormal branch does not win; the next good one does",
        any_of("o", job("a"), job("b")),
        script={"a": 1, "b": takes(5)},
        states={"a": "abnormal", "o": "normal"},
        also=lambda p: [flag.value for flag in p["o"].flags] == ["loser_failed"],
    ),
    says(
        "all abnormal: it ends with the worst",
        any_of("o", job("a"), job("b")),
        job("c"),
        script={"a": takes(2, 7), "b": takes(1, 8)},
        run="abnormal",
        states={"o": "abnormal", "c": "not_run"},
        also=lambda p: p["o"].exit_code == 7,
    ),
    says(
        "losers do not count",
        any_of("o", job("a"), (job("b"), job("x"))),
        script={"b": takes(5, 1)},
        states={"b": "abnormal", "x": "not_run", "o": "normal"},
        also=lambda p: [flag.value for flag in p["o"].flags] == ["loser_failed"],
    ),
    says(
        "all branches start, also behind one that ends at once",
        any_of("o", send("e"), job("b")),
        script={"b": takes(5)},
        states={"b": "normal"},
        seconds=5,
    ),
    says(
        "the join does not wait for losers, the end of the run does",
        any_of("o", job("a"), job("b")),
        job("c"),
        script={"b": takes(50)},
        seconds=50,
        also=lambda p: p.at("o") == (0.0, 0.0) and p.starts("c") == [0.0],
    ),
    says(
        "containers around an OR branch do not wait for its losers either",
        parallel("p", block("k", any_of("o", job("a"), job("b")))),
        job("c"),
        script={"b": takes(50)},
        also=lambda p: p.starts("c") == [0.0],
    ),
    says(
        "losers cancel: active ones are killed",
        any_of("o", job("a"), job("b"), losers="cancel"),
        job("c"),
        script={"a": takes(5), "b": takes(50)},
        seconds=5,
        states={"b": "killed", "o": "normal"},
        also=lambda p: not p["o"].flags,
    ),
    says(
        "losers cancel: what waits ends CANCELLED, and so does what had not begun",
        any_of("o", job("a"), (pause("w"), job("b")), losers="cancel"),
        script={"a": takes(5)},
        states={"w": "cancelled", "b": "cancelled"},
        seconds=5,
    ),
    says(
        "losers cancel: always of a loser runs",
        any_of("o", job("a"), block("k", pause("w"), always=(job("z"),)), losers="cancel"),
        script={"a": takes(5)},
        states={"w": "cancelled", "z": "normal"},
    ),
    says(
        "an iteration waits until the losers in its range have ended",
        any_of("o", job("a"), job("b")),
        loop("l", "o", max_times=1, interval=1),
        script={"b": takes(50)},
        also=lambda p: p.starts("b") == [0.0, 50.0],
    ),
    says(
        "an enclosing always waits until the losers have ended",
        block("k", any_of("o", job("a"), job("b")), always=(job("z"),)),
        script={"b": takes(50)},
        also=lambda p: p.starts("z") == [50.0],
    ),
    says(
        "a called network has not ended while its losers are active",
        call("s", "sub"),
        job("c"),
        script={"s.b": takes(50)},
        more={"networks": (network(any_of("o", job("a"), job("b")), name="sub"),)},
        also=lambda p: p.starts("c") == [50.0],
    ),
    says(
        "an OR branch without branches ends at once",
        any_of("o"),
        states={"o": "normal"},
    ),
    says(
        "an OR branch inside each item joins on its own",
        for_each("f", ["x", "y"], any_of("o", job("a"), wait_event("w"), losers="cancel")),
        states={"f[x].o": "normal", "f[y].w": "cancelled"},
    ),
)


@pytest.mark.parametrize("example", JOINS)
def test_a_parallel(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", OR_BRANCHES)
def test_an_or_branch(example: Example) -> None:
    example.prove()


def test_a_loser_that_fails_is_shown_once_and_leaves_the_run_normal() -> None:
    main = network(any_of("o", job("a"), job("b")), job("c"))

    played = play(main, {"b": takes(5, 1), "c": takes(60)})

    failed = [fact for fact in played.facts if isinstance(fact, FlagRaised) and fact.part == "o"]
    assert [fact.flag.value for fact in failed] == ["loser_failed"]
    assert (played.run, played.flags) == ("normal", ())


def test_a_kill_of_a_container_reaches_the_losers_inside_it() -> None:
    main = network(block("k", any_of("o", job("a"), job("b")), job("c")), job("d"))

    played = play(
        main,
        {"b": takes(500), "c": takes(500)},
        orders_at={60: [Kill(part=PartKey("k"))]},
    )

    assert (played.states["b"], played.states["c"], played.seconds) == ("killed", "killed", 60)


def test_the_run_ends_once_and_after_everything() -> None:
    main = network(any_of("o", job("a"), job("b")))

    played = play(main, {"b": takes(5)})

    assert isinstance(played.facts[-1], RunEnded)
    assert len(played.of(RunEnded)) == 1
    assert len(played.of(FlowOpened)) == 3
