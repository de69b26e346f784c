"""Rule 1: an abnormal end is judged once."""

import pytest
from jobnet.engine.facts import FlagRaised
from jobnet.engine.orders import Cancel, Release, Rerun, RerunFrom
from jobnet.ids import PartKey

from tests.engine.building import (
    NOON,
    any_of,
    block,
    branch,
    for_each,
    job,
    loop,
    network,
    parallel,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import LOST, takes

A = PartKey("a")


HANDLED = (
    says(
        "the next part is a branch whose expressions name it",
        job("a"),
        branch("b", ("parts.a.exit_code == 3", (job("x"),)), otherwise=(job("y"),)),
        job("c"),
        script={"a": 3},
        states={"a": "abnormal", "x": "normal", "y": "bypassed", "c": "normal"},
        also=lambda p: p["a"].handled == "branch" and p.flags == ("recovered",),
    ),
    says(
        "the next part is a continuity whose until names it",
        job("a"),
        loop("l", "a", until="parts.a.normal", interval=5),
        job("c"),
        script={"a": [1, 1, 0]},
        states={"a": "normal", "l": "normal", "c": "normal"},
        seconds=10,
    ),
    says(
        "the next part has a when that names it",
        job("a"),
        job("b", when="parts.a.abnormal"),
        job("c"),
        script={"a": 1},
        states={"a": "abnormal", "b": "normal", "c": "normal"},
        also=lambda p: p.recovered == (A,),
    ),
    says(
        "the next part has a when that names it and is false: it still decided",
        job("a"),
        job("b", when="parts.a.normal"),
        job("c"),
        script={"a": 1},
        states={"a": "abnormal", "b": "bypassed", "c": "normal"},
    ),
    says(
        "it stands in a block with rescue",
        block("k", job("a"), job("b"), rescue=(job("r"),)),
        job("c"),
        script={"k": 0, "a": 1},
        states={"a": "abnormal", "b": "not_run", "r": "normal", "k": "normal", "c": "normal"},
        also=lambda p: p["a"].handled == "rescue" and p.flags == ("recovered",),
    ),
    says(
        "on_error continue goes on and counts as a warning",
        job("a", on_error="continue"),
        job("c"),
        script={"a": 4},
        run="warning",
        states={"a": "abnormal", "c": "normal"},
        also=lambda p: p.exit_code == 4 and p["a"].handled == "continue",
    ),
)
NOT_HANDLED = (
    says(
        "stop: the later parts of the sequence are NOT_RUN",
        job("a"),
        job("b"),
        job("c"),
        script={"a": 7},
        run="abnormal",
        states={"b": "not_run", "c": "not_run"},
        also=lambda p: p.exit_code == 7 and p.flags == ("has_failed_part",),
    ),
    says(
        "a branch that does not name it does not handle it",
        job("a"),
        branch("b", ("params.x == 1", (job("x"),))),
        script={"a": 1},
        run="abnormal",
        states={"b": "not_run", "x": "not_run"},
    ),
    says(
        "a branch that names it but is not directly behind it does not handle it",
        job("a"),
        job("m"),
        branch("b", ("parts.a.abnormal", (job("x"),))),
        script={"a": 1},
        run="abnormal",
        states={"m": "not_run", "x": "not_run"},
    ),
    says(
        "a block without rescue does not handle it",
        block("k", job("a"), always=(job("z"),)),
        job("c"),
        script={"a": 1},
        run="abnormal",
        states={"k": "abnormal", "z": "normal", "c": "not_run"},
    ),
    says(
        "other parallel branches run to their end",
        parallel("p", job("a"), (job("b"), job("c"))),
        job("d"),
        script={"a": 1, "b": takes(10), "c": takes(5)},
        run="abnormal",
        seconds=15,
        states={"p": "abnormal", "c": "normal", "d": "not_run"},
    ),
    says(
        "branches behind the limit start too",
        parallel("p", job("a"), job("b"), limit=1),
        script={"a": 1},
        run="abnormal",
        states={"a": "abnormal", "b": "normal"},
    ),
    says(
        "other items run too, those behind the limit as well, in item order",
        for_each("f", ["x", "y", "z"], job("a"), limit=1),
        script={"f[x].a": takes(1, exit_code=5), "f[y].a": takes(1)},
        run="abnormal",
        states={"f[x].a": "abnormal", "f[y].a": "normal", "f[z].a": "normal"},
        also=lambda p: (p.starts("f[y].a"), p.starts("f[z].a")) == ([1.0], [2.0]),
    ),
    says(
        "a failing rescue counts",
        block("k", job("a"), rescue=(job("r"),)),
        script={"a": 1, "r": 9},
        run="abnormal",
        states={"k": "abnormal", "r": "abnormal"},
        also=lambda p: p["k"].exit_code == 9 and not p.recovered,
    ),
    says(
        "a failing always counts",
        block("k", job("a"), always=(job("z"),)),
        script={"z": 2},
        run="abnormal",
        states={"k": "abnormal"},
    ),
)
ON_HOLD = (
    says(
        "on_error hold: release goes on and counts as a warning",
        job("a", on_error="hold"),
        job("b"),
        script={"a": 1},
        orders_at={60: [Release(part=A)]},
        run="warning",
        seconds=60,
        states={"a": "abnormal", "b": "normal"},
    ),
    says(
        "on_error hold: cancel judges it as if on_error were not given",
        job("a", on_error="hold"),
        job("b"),
        script={"a": 1},
        orders_at={60: [Cancel(part=A)]},
        run="abnormal",
        states={"a": "abnormal", "b": "not_run"},
    ),
    says(
        "on_error hold: cancel lets the branch behind it decide",
        job("a", on_error="hold"),
        job("b", when="parts.a.abnormal"),
        script={"a": 1},
        orders_at={60: [Cancel(part=A)]},
        states={"b": "normal"},
    ),
    says(
        "on_error hold: rerun takes the part anew",
        job("a", on_error="hold"),
        job("b"),
        script={"a": [1, 0]},
        orders_at={60: [Rerun(start=RerunFrom.PART, parts=(A,))]},
        states={"a": "normal", "b": "normal"},
        seconds=60,
    ),
    says(
        "on_error hold comes before the rescue of the block",
        block("k", job("a", on_error="hold"), job("b"), rescue=(job("r"),)),
        script={"a": 1},
        orders_at={60: [Release(part=A)]},
        run="warning",
        states={"b": "normal", "r": "bypassed", "k": "warning"},
    ),
    says(
        "a lost part waits for the operator as well",
        job("a"),
        job("b"),
        script={"a": LOST},
        orders_at={60: [Release(part=A)]},
        run="warning",
        states={"a": "lost", "b": "normal"},
    ),
)
RESCUES = (
    says(
        "a rescue starts when nothing in its block is active any more",
        block("k", parallel("p", job("a"), job("b")), rescue=(job("r"),)),
        script={"a": 1, "b": takes(30)},
        also=lambda p: p.starts("r") == [30.0],
    ),
    says(
        "a rescue waits for the losers of an OR branch inside the block",
        block("k", any_of("o", job("a"), job("b")), job("c"), rescue=(job("r"),)),
        script={"a": 0, "b": takes(30), "c": 1},
        also=lambda p: p.starts("r") == [30.0],
    ),
    says(
        "it is the nearest enclosing block's rescue that runs",
        block(
            "outer",
            block("inner", job("a"), rescue=(job("near"),)),
            job("b"),
            rescue=(job("far"),),
        ),
        script={"a": 1},
        states={"near": "normal", "far": "bypassed", "b": "normal", "outer": "normal"},
    ),
    says(
        "a rescue that fails is rescued by the block around it",
        block("outer", block("inner", job("a"), rescue=(job("near"),)), rescue=(job("far"),)),
        script={"a": 1, "near": 1},
        states={"near": "abnormal", "far": "normal", "inner": "abnormal", "outer": "normal"},
        also=lambda p: p.flags == ("recovered",),
    ),
    says(
        "two parts rescued together are both in the list of the recovered ones",
        block("k", parallel("p", job("a"), job("b")), rescue=(job("r"),)),
        script={"a": 1, "b": 2},
        also=lambda p: {"a", "b"} <= set(p.recovered),
    ),
    says(
        "when max_times is used up an abnormal end that was looped on counts again",
        job("a"),
        loop("l", "a", until="parts.a.normal", interval=5, max_times=2),
        job("c"),
        script={"a": 8},
        run="abnormal",
        states={"a": "abnormal", "l": "abnormal", "c": "not_run"},
        also=lambda p: p["l"].exit_code == 8 and not p.recovered and p["l"].times == 2,
    ),
    says(
        "when max_times is used up after a good end the run goes on with a warning",
        job("a"),
        loop("l", "a", until="params.never", interval=5, max_times=2),
        job("c"),
        main=None,
        more={"params": {"never": False}},
        run="warning",
        states={"l": "warning", "c": "normal"},
    ),
)


@pytest.mark.parametrize("example", HANDLED)
def test_an_abnormal_end_is_handled(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", NOT_HANDLED)
def test_an_abnormal_end_that_nobody_handles_stops_its_sequence(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", ON_HOLD)
def test_an_end_that_waits_for_the_operator(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", RESCUES)
def test_rescue_and_recovery(example: Example) -> None:
    example.prove()


def test_the_run_is_running_with_a_failed_part_until_the_other_branches_have_ended() -> None:
    main = network(parallel("p", job("a"), job("b")))

    played = play(main, {"a": 1, "b": takes(10)})

    raised = [fact for fact in played.facts if isinstance(fact, FlagRaised)]
    assert [(fact.flag.value, fact.at) for fact in raised] == [("has_failed_part", NOON)]
    assert (played.run, played.seconds) == ("abnormal", 10)


def test_an_end_on_hold_keeps_its_container_running_and_says_whom_it_waits_for() -> None:
    main = network(block("k", job("a", on_error="hold"), job("b")))

    played = play(main, {"a": 1})

    assert played.run == "running"
    assert played["k"].state.value == "running"
    assert (played["a"].state.value, played["a"].reason) == ("abnormal", "operator")
