"""Rule 6: another result for a part whose flow has closed, and what its containers make of it."""

import pytest
from jobnet.engine.facts import RunReopened
from jobnet.engine.orders import ChangeResult, Kill, NewResult, Order
from jobnet.ids import PartKey

from tests.engine.building import any_of, block, branch, call, job, network, parallel
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import takes

A = PartKey("a")
NG, WARN, OK = (
    ChangeResult(part=A, result=each)
    for each in (NewResult.ABNORMAL, NewResult.WARNING, NewResult.NORMAL)
)
LATE: dict[float, list[Order]] = {60: [NG]}

CLOSED = (
    says(
        "a run that has ended is judged anew, in a new round; what followed stays as it is",
        job("a"),
        job("b"),
        orders_at=LATE,
        run="abnormal",
        states={"a": "abnormal", "b": "normal"},
        also=lambda p: p.starts("b") == [0.0] and p.tracker.run.round == 2,
    ),
    says(
        "a warning makes it a warning",
        job("a"),
        job("b"),
        orders_at={60: [WARN]},
        run="warning",
    ),
    says(
        "taken back, everything is as before",
        block("k", job("a"), job("b")),
        orders_at={60: [NG], 90: [OK]},
        states={"k": "normal", "a": "normal"},
    ),
    says(
        "each container around it is judged anew",
        block("k", parallel("p", job("a"), job("c"))),
        job("b"),
        orders_at=LATE,
        run="abnormal",
        states={"p": "abnormal", "k": "abnormal", "b": "normal"},
    ),
    says(
        "a branch of a parallel that is still running: the parallel counts it when it ends",
        parallel("p", job("a"), job("c")),
        job("b"),
        script={"c": takes(100)},
        orders_at=LATE,
        run="abnormal",
        states={"p": "abnormal", "b": "not_run"},
        seconds=100,
    ),
    says(
        "with on_error continue it counts as a warning",
        job("a", on_error="continue"),
        job("b"),
        orders_at=LATE,
        run="warning",
        also=lambda p: p.recovered == ("a",),
    ),
    says(
        "where the next part judges it, it does not count, and the decision stays",
        job("a"),
        branch("d", ("parts.a.exit_code == 1", (job("x"),)), otherwise=(job("y"),)),
        orders_at=LATE,
        states={"x": "bypassed", "y": "normal"},
        also=lambda p: p.recovered == ("a",),
    ),
    says(
        "the rescue of its block runs, and makes it good",
        block("k", job("a"), rescue=(job("r"),)),
        orders_at=LATE,
        states={"k": "normal", "r": "normal"},
        also=lambda p: p.starts("r") == [60.0] and p.recovered == ("a",),
    ),
    says(
        "the winner of an OR branch keeps its place",
        any_of("o", job("a"), job("c")),
        script={"c": takes(5)},
        orders_at=LATE,
        run="normal",
    ),
    says(
        "a called network judges it by its own exit code",
        call("s", "sub"),
        more={
            "networks": (network(job("a"), name="sub", exit_code="3 if parts.a.abnormal else 0"),)
        },
        orders_at={60: [ChangeResult(part=PartKey("s.a"), result=NewResult.ABNORMAL)]},
        run="abnormal",
        also=lambda p: p["s"].exit_code == 3,
    ),
    says(
        "while what follows the container is active it is refused, and nothing changes",
        block("k", job("a")),
        job("b"),
        script={"b": takes(100)},
        orders_at={},
        states={"k": "normal", "b": "normal"},
    ),
    says(
        "a run that was killed stays killed",
        parallel("p", job("a"), job("c")),
        script={"c": takes(100)},
        orders_at={20: [Kill()], 60: [NG]},
        run="killed",
        states={"a": "abnormal"},
    ),
    says(
        "a container itself, after its end",
        block("k", block("l", job("a"))),
        orders_at={60: [ChangeResult(part=PartKey("l"), result=NewResult.ABNORMAL)]},
        run="abnormal",
        states={"l": "abnormal", "k": "abnormal", "a": "normal"},
    ),
    says(
        "the same result with another exit code is only that",
        job("a"),
        orders_at={60: [ChangeResult(part=A, result=NewResult.NORMAL, exit_code=5)]},
        also=lambda p: p["a"].exit_code == 5 and p.of(RunReopened) == [],
    ),
)


@pytest.mark.parametrize("example", CLOSED)
def test_a_result_changed_in_a_closed_flow(example: Example) -> None:
    example.prove()


def test_it_is_refused_while_what_follows_is_active() -> None:
    main = network(block("k", job("a")), job("b"))

    with pytest.raises(Exception, match="still active: b"):
        play(main, {"b": takes(100)}, orders_at=LATE)
