"""Rule 8: a wait also knows what has not ended, and says at once if nothing is to come."""

from dataclasses import replace
from datetime import timedelta

import pytest
from jobnet.definition import Match
from jobnet.engine import begin, match, open_executions, step
from jobnet.engine.facts import ExecutionsAwaited
from jobnet.engine.inputs import EndDelivered, StartRun
from jobnet.engine.orders import Rerun, RerunFrom
from jobnet.engine.waits import OpenExecution, Outlook
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId

from tests.engine.building import (
    DAY,
    NOON,
    branch,
    bundle,
    call,
    job,
    network,
    parallel,
    pause,
    wait_network,
    wait_part,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import NEVER, takes
from tests.engine.test_matching import end_wait, ended

SUB = {"networks": (network(job("i"), name="sub"),)}


def is_open(
    run: str = "r-open", *, planned: float = -3600, outlook: str = "running", days: int = 0
) -> OpenExecution:
    """An execution of ``pre`` that has not ended; ``planned`` in seconds from noon."""
    return OpenExecution(
        network=NetworkName("pre"),
        execution=run,
        run=RunId(run),
        outlook=Outlook(outlook),
        operating_day=DAY + timedelta(days=days),
        planned_start=NOON + timedelta(seconds=planned),
    )


def details(played: Played) -> list[str]:
    """What the wait said, one after the other."""
    return [fact.detail for fact in played.facts if isinstance(fact, ExecutionsAwaited)]


AWAITED = (
    says(
        "the first end does not satisfy while a second execution is still running",
        wait_network("w", "pre"),
        arrivals_at={0: [is_open("r-2"), ended(run="r-1")], 90: [ended(run="r-2", at=90)]},
        seconds=90,
        also=lambda p: details(p)[-1] == "pre: r-2 not ended",
    ),
    says(
        "three that have not ended are named, and how many more there are",
        wait_network("w", "pre"),
        arrivals_at={0: [is_open(f"r-{number}") for number in range(2, 7)]},
        run="running",
        also=lambda p: details(p)[-1] == "pre: r-2, r-3, r-4 and 2 more not ended",
    ),
    says(
        "one that is planned and has not begun holds it back too",
        wait_network("w", "pre"),
        arrivals_at={0: [is_open("r-2", outlook="planned"), ended(run="r-1")]},
        run="running",
        states={"w": "waiting"},
    ),
    says(
        "one that is planned after the waiting run does not",
        wait_network("w", "pre"),
        arrivals_at={0: [is_open("r-2", planned=60), ended(run="r-1")]},
        states={"w": "normal"},
    ),
    says(
        "the first of the day is awaited if none is planned before",
        wait_network("w", "pre"),
        arrivals_at={
            0: [is_open("r-2", planned=30), ended(run="r-3", planned=60)],
            50: [ended(run="r-2", planned=30, at=50)],
        },
        seconds=50,
    ),
    says(
        "one of another day does not hold it back",
        wait_network("w", "pre"),
        arrivals_at={0: [is_open("r-2", days=-1), ended(run="r-1")]},
        states={"w": "normal"},
    ),
    says(
        "latest: one that runs is the latest, whatever ended before",
        wait_network("w", "pre", match="latest"),
        arrivals_at={
            0: [is_open("r-2"), ended(run="r-1", planned=-9000)],
            70: [ended(run="r-2", at=70)],
        },
        seconds=70,
    ),
    says(
        "latest: what is only planned is not waited for",
        wait_network("w", "pre", match="latest"),
        arrivals_at={0: [is_open("r-2", outlook="planned"), ended(run="r-1", planned=-9000)]},
        seconds=0,
    ),
    says(
        "a part that has ended satisfies though its run goes on",
        wait_part("w", "load", "pre"),
        arrivals_at={0: [is_open("r-1"), ended(run="r-1", part="load")]},
        seconds=0,
    ),
    says(
        "a part is awaited in each execution",
        wait_part("w", "load", "pre"),
        arrivals_at={
            0: [is_open("r-1"), is_open("r-2"), ended(run="r-1", part="load")],
            30: [ended(run="r-2", part="load", at=30)],
        },
        seconds=30,
    ),
    says(
        "an end that is none of those awaited is said with its time",
        wait_network("w", "pre"),
        arrivals_at={10: [ended("abnormal", at=10)]},
        run="running",
        also=lambda p: details(p)[-1] == "pre ended abnormal 12:00, rerun awaited",
    ),
    says(
        "on_other acts on another end, and never because an execution is still open",
        wait_network("w", "pre", on_other="abnormal"),
        arrivals_at={0: [is_open("r-2"), ended(run="r-1")], 80: [ended(run="r-2", at=80)]},
        seconds=80,
        states={"w": "normal"},
    ),
    says(
        "a bad end of one planned later does not decide while an earlier one is open",
        wait_network("w", "pre", on_other="abnormal"),
        arrivals_at={
            0: [is_open("r-1"), ended("abnormal", run="r-2", planned=60)],
            80: [ended(run="r-1", at=80)],
        },
        seconds=80,
        states={"w": "normal"},
    ),
    says(
        "two calls in the same run are both awaited",
        parallel(
            "p", (pause("x", 1), wait_network("w", "sub")), call("s", "sub"), call("t", "sub")
        ),
        more=SUB,
        script={"s.i": takes(30), "t.i": takes(90)},
        seconds=90,
    ),
    says(
        "a call that a branch never comes to holds nobody back",
        parallel(
            "p",
            (pause("x", 1), wait_network("w", "sub")),
            call("s", "sub"),
            branch("b", ("false", (call("t", "sub"),))),
        ),
        more=SUB,
        states={"w": "normal"},
        seconds=1,
    ),
)
NOT_PLANNED = (
    says(
        "not planned that day: the wait says so at once, and waits on",
        wait_network("w", "pre"),
        run="running",
        states={"w": "waiting"},
        also=lambda p: (
            details(p) == ["pre is not planned for 2026-05-29"]
            and not p["w"].is_planned
            and p["w"].detail == details(p)[0]
        ),
    ),
    says(
        "when it comes all the same, the wait goes on",
        wait_network("w", "pre"),
        arrivals_at={60: [is_open("r-1")], 90: [ended(run="r-1", at=90)]},
        seconds=90,
        also=lambda p: details(p)[-1] == "pre: r-1 not ended",
    ),
    says(
        "one that was MISSED counts as not planned",
        wait_network("w", "pre"),
        arrivals_at={0: [ended("missed", run="r-1")]},
        run="running",
        also=lambda p: not p["w"].is_planned,
    ),
    says(
        "a part of a network that is not planned",
        wait_part("w", "load", "pre"),
        run="running",
        also=lambda p: details(p) == ["pre: load is not planned for 2026-05-29"],
    ),
    says(
        "a call that this run may still come to is planned",
        parallel("p", wait_network("w", "sub"), (pause("x", 9), call("s", "sub"))),
        more=SUB,
        seconds=9,
        also=lambda p: "is not planned" not in " ".join(details(p)),
    ),
    says(
        "a call inside a network that this run may still call",
        parallel("p", wait_network("w", "sub"), (pause("x", 9), call("o", "outer"))),
        more={"networks": (*SUB["networks"], network(call("s", "sub"), name="outer"))},
        seconds=9,
        also=lambda p: p["w"].is_planned,
    ),
)


@pytest.mark.parametrize("example", AWAITED)
def test_each_execution_is_awaited(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", NOT_PLANNED)
def test_what_is_not_planned_is_said_at_once(example: Example) -> None:
    example.prove()


def test_without_a_list_of_executions_a_wait_with_nothing_new_is_left_out() -> None:
    assert match([end_wait()], [], [], NOON) == ()


def test_a_wait_is_told_of_a_bounded_number_of_executions() -> None:
    many = [is_open(f"r-{number}") for number in range(500)]

    (told,) = match([end_wait()], [], [], NOON, executions=many)

    assert isinstance(told, EndDelivered)
    assert (len(told.awaited), told.is_satisfied) == (20, False)


def test_an_execution_that_runs_again_counts_as_open_whatever_end_it_had() -> None:
    (told,) = match([end_wait()], [], [ended(run="r-1")], NOON, executions=[is_open("r-1")])

    assert isinstance(told, EndDelivered)
    assert (told.is_satisfied, told.ends) == (False, ())


def test_a_wait_for_earlier_executions_of_its_own_network_leaves_its_own_out() -> None:
    wait = replace(end_wait(), inside=("r-1",))
    own = is_open("r-1")

    (within,) = match([replace(wait, match=Match.LATEST)], [], [ended()], NOON, executions=[own])

    assert isinstance(within, EndDelivered)
    assert within.is_satisfied


def test_a_run_tells_its_calls_by_what_is_known_of_them() -> None:
    sub, limited = network(job("i"), name="sub"), network(job("i"), name="limited", limit=1)
    main = network(
        parallel("p", call("a", "sub"), call("b", "limited"), (pause("x"), call("c", "sub")))
    )
    start = StartRun(
        run=RunId("r"), by=OperatorName("b"), operating_day=DAY, planned_start=NOON, zone="UTC"
    )

    tracker = step(begin(bundle(main, sub, limited), {}), start, NOON).tracker

    found = {each.execution: each.outlook.value for each in open_executions(tracker)}
    assert found == {"r": "running", "r/a": "running", "r/b": "planned", "r/c": "possible"}


def test_a_run_that_has_ended_has_no_open_executions_until_it_runs_again() -> None:
    main = network(call("s", "sub"))
    over = play(main, networks=SUB["networks"])
    again = play(
        main,
        {"s.i": [0, NEVER]},
        networks=SUB["networks"],
        orders_at={60: [Rerun(start=RerunFrom.PART, parts=(PartKey("s.i"),))]},
    )

    assert open_executions(over.tracker) == ()
    assert [each.execution for each in open_executions(again.tracker)] == ["r-1", "r-1/s"]
