"""Rule 8: a wait for a part of its own run says at once that this part will not begin."""

import pytest
from jobnet.engine import begin, step
from jobnet.engine.bounds import FACTS_PER_STEP_MAX
from jobnet.engine.facts import ExecutionsAwaited
from jobnet.engine.inputs import GoOn, StartRun
from jobnet.engine.orders import Cancel, Rerun, RerunFrom
from jobnet.ids import OperatorName, PartKey, RunId

from tests.engine.building import (
    DAY,
    NOON,
    block,
    branch,
    bundle,
    call,
    for_each,
    job,
    loop,
    network,
    parallel,
    pause,
    wait_part,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import takes

OTHER_CASE = branch("b", ("false", (job("x"),)))
SUB = network(job("i"), OTHER_CASE, wait_part("w", "x"), name="sub")


def said(played: Played) -> list[str]:
    """What the waits said of what they wait for, one after the other."""
    return [fact.detail for fact in played.facts if isinstance(fact, ExecutionsAwaited)]


def waits_in_vain(key: str = "w") -> dict[str, object]:
    """What an example says of a run that waits on for what does not come."""
    return {"run": "running", "states": {key: "waiting"}}


NOT_PLANNED = (
    says(
        "its branch was not taken",
        OTHER_CASE,
        wait_part("w", "x"),
        also=lambda p: (
            said(p) == ["x is not planned: its branch was not taken"]
            and p["w"].detail == said(p)[0]
            and not p["w"].is_planned
        ),
        **waits_in_vain(),
    ),
    says(
        "its branch is not taken while the wait goes on",
        parallel("p", (pause("z", 60), OTHER_CASE), wait_part("w", "x")),
        also=lambda p: said(p) == ["x is not planned: its branch was not taken"],
        **waits_in_vain(),
    ),
    says(
        "the one before it ended abnormally",
        parallel("p", (job("a"), job("x")), wait_part("w", "x")),
        script={"a": takes(30, 1)},
        also=lambda p: said(p) == ["x is not planned: the one before it ended abnormally"],
        **waits_in_vain(),
    ),
    says(
        "it stands inside a block that is not run",
        parallel("p", (job("a"), block("k", job("x"))), wait_part("w", "x")),
        script={"a": 1},
        also=lambda p: said(p) == ["x is not planned: the one before it ended abnormally"],
        **waits_in_vain(),
    ),
    says(
        "it was cancelled",
        parallel("p", parallel("q", (job("a"), job("x"))), wait_part("w", "x")),
        script={"a": takes(30)},
        orders_at={10: [Cancel(part=PartKey("q"))]},
        also=lambda p: said(p) == ["x is not planned: it was cancelled"],
        **waits_in_vain(),
    ),
    says(
        "in its own item of a for-each",
        for_each("f", ["u", "v"], branch("b", ("item == 'u'", (job("x"),))), wait_part("w", "x")),
        run="running",
        states={"f[u].w": "normal", "f[v].w": "waiting"},
        also=lambda p: said(p) == ["x is not planned: its branch was not taken"],
    ),
    says(
        "in its own called network",
        call("s", "sub"),
        more={"networks": (SUB,)},
        also=lambda p: said(p) == ["x is not planned: its branch was not taken"],
        **waits_in_vain("s.w"),
    ),
    says(
        "its time is up all the same",
        OTHER_CASE,
        wait_part("w", "x", give_up=60),
        run="abnormal",
        states={"w": "abnormal"},
        seconds=60,
    ),
)
PLANNED = (
    says(
        "one that is still to come",
        parallel("p", (pause("z", 60), job("x")), wait_part("w", "x")),
        seconds=60,
        also=lambda p: said(p) == [],
    ),
    says(
        "one whose own condition is false has ended and counts",
        job("x", when="false"),
        wait_part("w", "x"),
        states={"x": "bypassed", "w": "normal"},
        also=lambda p: said(p) == [],
    ),
    says(
        "a rerun begins it after all",
        parallel("p", (job("a"), job("x")), wait_part("w", "x")),
        script={"a": [1, 0]},
        orders_at={60: [Rerun(start=RerunFrom.PART, parts=(PartKey("a"),))]},
        seconds=60,
        also=lambda p: (
            said(p)[0] == "x is not planned: the one before it ended abnormally"
            and p["w"].is_planned
        ),
    ),
    says(
        "a loop may still begin it",
        parallel(
            "p",
            (
                pause("z", 60),
                branch("b", ("parts.z.iterations == 2", (job("x"),))),
                pause("y", 60),
                loop("l", "z", max_times=1),
            ),
            wait_part("w", "x"),
        ),
        states={"w": "normal"},
        also=lambda p: said(p) == ["x is not planned: its branch was not taken", "x"],
    ),
)


@pytest.mark.parametrize("example", NOT_PLANNED)
def test_a_wait_says_at_once_that_its_part_does_not_begin(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", PLANNED)
def test_a_wait_goes_on_for_what_is_still_to_come(example: Example) -> None:
    example.prove()


def test_many_waits_say_it_within_the_bound_of_a_step() -> None:
    many = 1_200
    waits = [wait_part(f"w{number}", "x") for number in range(many)]
    tracker = begin(bundle(network(OTHER_CASE, parallel("p", *waits))), {})
    given = StartRun(
        run=RunId("r"), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
    )

    steps = [step(tracker, given, NOON)]
    while not steps[-1].is_complete:
        steps.append(step(steps[-1].tracker, GoOn(), NOON))

    told = [fact for each in steps for fact in each.facts if isinstance(fact, ExecutionsAwaited)]
    assert len({fact.part for fact in told}) == len(told) == many
    assert max(len(each.facts) for each in steps) <= FACTS_PER_STEP_MAX + 20


def test_an_answer_that_decides_nothing_says_nothing_again() -> None:
    played = play(network(parallel("p", (OTHER_CASE, job("a"), job("c")), wait_part("w", "x"))))

    assert len(said(played)) == 1
