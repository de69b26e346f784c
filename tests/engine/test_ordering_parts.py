"""Rules 5 and 6: force_end, late answers and changed results."""

import pytest
from jobnet.definition import Retry
from jobnet.engine.facts import LateAnswer
from jobnet.engine.inputs import AttemptAnswered
from jobnet.engine.orders import (
    ChangeResult,
    ForceEnd,
    NewResult,
    Rerun,
    RerunFrom,
)
from jobnet.engine.results import JobEnd, JobResult
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey

from tests.engine.building import (
    block,
    job,
    network,
    parallel,
    wait_event,
)
from tests.engine.examples import Example, says
from tests.engine.playing import play
from tests.engine.scripting import LOST, NEVER, takes


def key(text: str) -> PartKey:
    return PartKey(text)


SLOW = {"a": takes(100)}


OK = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0)


FORCED = (
    says(
        "force_end: the controller stops waiting, the part is LOST, reason operator",
        job("a"),
        script={"a": NEVER},
        orders_at={10: [ForceEnd(part=key("a"))]},
        run="running",
        states={"a": "lost"},
        also=lambda p: p["a"].end_reason == "operator" and p["a"].reason == "operator",
    ),
    says(
        "the answer that comes later changes nothing and is kept once",
        job("a"),
        script={"a": takes(50)},
        orders_at={10: [ForceEnd(part=key("a"))]},
        arrivals_at={60: [AttemptAnswered(part=key("a"), attempt=1, result=OK)]},
        run="running",
        states={"a": "lost"},
        also=lambda p: len(p.of(LateAnswer)) == 1 and len(p["a"].notes) == 1,
    ),
    says(
        "the operator takes the late answer over with change_result",
        job("a"),
        job("b"),
        script={"a": takes(50)},
        orders_at={
            10: [ForceEnd(part=key("a"))],
            60: [ChangeResult(part=key("a"), result=NewResult.NORMAL, exit_code=0)],
        },
        states={"a": "normal", "b": "normal"},
        seconds=60,
    ),
    says(
        "after LOST nothing is tried again by itself",
        job("a", rerun="safe", retry=Retry(count=3)),
        script={"a": LOST},
        run="running",
        states={"a": "lost"},
    ),
    says(
        "unless it says on_lost retry and rerun safe",
        job("a", on_lost="retry", rerun="safe", retry=Retry(count=3)),
        script={"a": [LOST, 0]},
        states={"a": "normal"},
        also=lambda p: p["a"].attempt == 2,
    ),
    says(
        "on_lost retry without rerun safe is not enough",
        job("a", on_lost="retry", retry=Retry(count=3)),
        script={"a": [LOST, 0]},
        run="running",
        states={"a": "lost"},
    ),
    says(
        "on_lost abnormal judges it as an abnormal end",
        job("a", on_lost="abnormal"),
        job("b"),
        script={"a": LOST},
        run="abnormal",
        states={"a": "abnormal", "b": "not_run"},
    ),
)


CHANGES = (
    says(
        "a result without an exit code keeps the one that the part had",
        job("a"),
        script={"a": 7},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.WARNING)]},
        run="warning",
        also=lambda p: (p["a"].exit_code, p.exit_code) == (7, 7),
    ),
    says(
        "a running unit job: successors react at once, its own end comes later as a note",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        states={"a": "normal", "b": "normal"},
        also=lambda p: p.starts("b") == [10.0] and len(p.of(LateAnswer)) == 1,
    ),
    says(
        "a running unit job forced abnormal stops its flow at once",
        job("a"),
        job("b"),
        script=SLOW,
        orders_at={
            10: [ChangeResult(part=key("a"), result=NewResult.ABNORMAL, exit_code=9)],
        },
        run="abnormal",
        seconds=10,
        states={"a": "abnormal", "b": "not_run"},
        also=lambda p: p.exit_code == 9,
    ),
    says(
        "it is flagged as a manual result",
        job("a"),
        script=SLOW,
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.WARNING)]},
        run="warning",
        also=lambda p: [flag.value for flag in p["a"].flags] == ["manual_result"],
    ),
    says(
        "an ended part forced good while other branches run: its successors start at once",
        parallel("p", (job("a"), job("b")), job("c")),
        job("d"),
        script={"a": 1, "c": takes(100)},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        states={"a": "normal", "b": "normal", "p": "normal", "d": "normal"},
        also=lambda p: p.starts("b") == [10.0] and p.starts("d") == [100.0] and not p.flags,
    ),
    says(
        "a failed part of an ended run forced good: the run goes on behind it",
        job("a"),
        job("b"),
        script={"a": 1},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        run="normal",
        states={"a": "normal", "b": "normal"},
        also=lambda p: p.starts("b") == [10.0] and not p.flags,
    ),
    says(
        "a last part of an ended run forced good: the run is good",
        job("a"),
        job("b"),
        script={"b": 1},
        orders_at={10: [ChangeResult(part=key("b"), result=NewResult.NORMAL)]},
        run="normal",
    ),
    says(
        "an ended part forced abnormal counts at the end of its flow",
        job("a"),
        job("b"),
        script={"b": takes(100)},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.ABNORMAL)]},
        run="abnormal",
        states={"a": "abnormal", "b": "normal"},
    ),
    says(
        "an ended container forced good",
        block("k", job("a")),
        job("b"),
        script={"a": 1},
        orders_at={10: [ChangeResult(part=key("k"), result=NewResult.NORMAL)]},
        run="normal",
        states={"k": "normal", "a": "abnormal", "b": "normal"},
    ),
    says(
        "a part that waits for the operator forced good",
        job("a", on_error="hold"),
        job("b"),
        script={"a": 1},
        orders_at={10: [ChangeResult(part=key("a"), result=NewResult.NORMAL)]},
        states={"a": "normal", "b": "normal"},
    ),
)


@pytest.mark.parametrize("example", FORCED)
def test_force_end_lost_and_late_answers(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize("example", CHANGES)
def test_change_result(example: Example) -> None:
    example.prove()


def test_a_lost_job_that_may_still_run_refuses_a_rerun() -> None:
    main = network(job("a"))
    again = Rerun(start=RerunFrom.PART, parts=(key("a"),))

    with pytest.raises(OrderRefused, match="still active: a"):
        play(main, {"a": NEVER}, orders_at={1: [ForceEnd(part=key("a"))], 2: [again]})


@pytest.mark.parametrize(
    "part", ["k", "w"], ids=["a container has not ended", "a wait has not ended"]
)
def test_change_result_of_what_has_not_ended_is_refused(part: str) -> None:
    main = network(parallel("p", block("k", job("a")), wait_event("w")))
    order = ChangeResult(part=key(part), result=NewResult.NORMAL)

    with pytest.raises(OrderRefused, match="was refused"):
        play(main, SLOW, orders_at={10: [order]})
