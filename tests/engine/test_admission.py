"""Rules 12 and 14: who may start: queues, limits, overlap, locks and resources."""

from datetime import timedelta

import pytest
from jobnet.definition import LockMode, Overlap, Placement, Queue
from jobnet.engine import Candidate, Limits, NetworkRule, admit
from jobnet.engine.facts import PartStarted
from jobnet.engine.orders import MoveQueue, SetPriority
from jobnet.ids import NetworkName, PartKey

from tests.engine.building import NOON, call, job, network, parallel
from tests.engine.examples import Example, says
from tests.engine.scripting import takes

SUB = NetworkName("sub")
ONE = Queue(name="q", limit=1)


def asks(name: str, at: float = 0, *, of: NetworkName | None = None, **needs: object) -> Candidate:
    placement = Placement(**needs)  # type: ignore[arg-type]
    asked = NOON + timedelta(seconds=at)
    return Candidate(id=name, asked_at=asked, placement=placement, network=of)


def limits(overlap: str = "parallel", limit: int | None = None, *queues: Queue) -> Limits:
    return Limits(
        queues={queue.name: queue for queue in queues},
        resources={"tape": 2},
        networks={SUB: NetworkRule(limit=limit, overlap=Overlap(overlap))},
    )


EXCLUSIVE, SHARED = {"db": LockMode.EXCLUSIVE}, {"db": LockMode.SHARED}
VERDICTS: tuple[tuple[str, list[Candidate], list[Candidate], Limits, tuple[str, ...]], ...] = (
    ("nothing asked, nothing granted", [], [], limits(), ()),
    ("no queue, no limit", [asks("a"), asks("b")], [], limits(), ("a", "b")),
    (
        "a queue grants as many as its limit",
        [asks("a", queue="q"), asks("b", 1, queue="q")],
        [],
        limits("parallel", None, ONE),
        ("a",),
    ),
    (
        "holders count",
        [asks("b", queue="q")],
        [asks("a", queue="q")],
        limits("parallel", None, ONE),
        (),
    ),
    (
        "the higher priority first, then the earlier",
        [asks("a", 5, queue="q"), asks("b", 1, queue="q"), asks("c", 9, queue="q", priority=90)],
        [],
        limits("parallel", None, Queue(name="q", limit=2)),
        ("c", "b"),
    ),
    (
        "the priority of the queue counts where a part has none",
        [asks("a", queue="low"), asks("b", 1, queue="high")],
        [],
        limits("parallel", None, Queue(name="low", priority=1), Queue(name="high", priority=9)),
        ("b", "a"),
    ),
    (
        "a held queue grants nothing",
        [asks("a", queue="q")],
        [],
        limits("parallel", None, Queue(name="q", is_held=True)),
        (),
    ),
    (
        "a limit of nothing grants nothing",
        [asks("a", queue="q")],
        [],
        limits("parallel", None, Queue(name="q", limit=0)),
        (),
    ),
    (
        "an exclusive lock is alone",
        [asks("a", locks=EXCLUSIVE), asks("b", 1, locks=EXCLUSIVE), asks("c", 2, locks=SHARED)],
        [],
        limits(),
        ("a",),
    ),
    (
        "shared locks are together",
        [asks("a", locks=SHARED), asks("b", 1, locks=SHARED), asks("c", 2, locks=EXCLUSIVE)],
        [],
        limits(),
        ("a", "b"),
    ),
    (
        "resources are counted",
        [asks("a", resources={"tape": 1}), asks("b", 1, resources={"tape": 2})],
        [],
        limits(),
        ("a",),
    ),
    (
        "slot, locks and resources together or not at all: who misses one takes none",
        [
            asks("a", 0, queue="q", locks=EXCLUSIVE, resources={"tape": 1}),
            asks("b", 1, queue="q", resources={"tape": 2}),
        ],
        [asks("h", locks=SHARED)],
        limits("parallel", None, ONE),
        ("b",),
    ),
    (
        "overlap parallel without limit",
        [asks("a", of=SUB)],
        [asks("h", of=SUB)],
        limits(),
        ("a",),
    ),
    (
        "a limit of a network counts its executions",
        [asks("a", of=SUB), asks("b", 1, of=SUB)],
        [asks("h", of=SUB)],
        limits("queue", 2),
        ("a",),
    ),
    ("overlap skip grants the first", [asks("a", of=SUB)], [], limits("skip"), ("a",)),
    ("overlap skip", [asks("a", of=SUB)], [asks("h", of=SUB)], limits("skip"), ()),
    (
        "overlap cancel_previous waits until the earlier has ended",
        [asks("a", of=SUB)],
        [asks("h", of=SUB)],
        limits("cancel_previous"),
        (),
    ),
)
LINES = (
    says(
        "overlap skip: the second call is a visible MISSED part",
        parallel("p", call("s", "sub"), call("t", "sub")),
        script={"s.i": takes(50)},
        more={"networks": (network(job("i"), name="sub", overlap="skip"),)},
        run="abnormal",
        states={"s": "normal", "t": "missed"},
    ),
    says(
        "overlap queue with a limit: the second call waits",
        parallel("p", call("s", "sub"), call("t", "sub")),
        script={"s.i": takes(50)},
        more={"networks": (network(job("i"), name="sub", overlap="queue", limit=1),)},
        also=lambda p: p.starts("t.i") == [50.0],
    ),
    says(
        "overlap parallel: both at once",
        parallel("p", call("s", "sub"), call("t", "sub")),
        script={"s.i": takes(50)},
        more={"networks": (network(job("i"), name="sub"),)},
        also=lambda p: p.starts("t.i") == [0.0],
    ),
    says(
        "a queue of one: one after the other, by priority",
        parallel("p", job("a", queue="q"), job("b", queue="q"), job("c", queue="q", priority=90)),
        script={"a": takes(10), "b": takes(10), "c": takes(10)},
        more={"queues": (ONE,)},
        also=lambda p: (p.starts("c"), p.starts("b")) == ([0.0], [20.0]),
    ),
    says(
        "the queue of the network counts for its parts",
        main=network(parallel("p", job("a"), job("b")), queue="q"),
        script={"a": takes(10)},
        more={"queues": (ONE,)},
        also=lambda p: p.starts("b") == [10.0],
    ),
    says(
        "set_priority of one that stands in line",
        parallel("p", job("a", queue="q"), job("b", queue="q"), job("c", queue="q")),
        script={"a": takes(10), "b": takes(10), "c": takes(10)},
        more={"queues": (ONE,)},
        orders_at={5: [SetPriority(part=PartKey("c"), priority=99)]},
        also=lambda p: p.starts("c") == [10.0],
    ),
    says(
        "move_queue of one that stands in line",
        parallel("p", job("a", queue="q"), job("b", queue="q")),
        script={"a": takes(10)},
        more={"queues": (ONE, Queue(name="free"))},
        orders_at={5: [MoveQueue(part=PartKey("b"), queue="free")]},
        also=lambda p: p.starts("b") == [5.0],
    ),
)


@pytest.mark.parametrize(
    ("candidates", "holders", "there_is", "granted"),
    [row[1:] for row in VERDICTS],
    ids=[row[0] for row in VERDICTS],
)
def test_who_may_start(
    candidates: list[Candidate],
    holders: list[Candidate],
    there_is: Limits,
    granted: tuple[str, ...],
) -> None:
    verdict = admit(candidates, holders, there_is)

    others = {each.id for each in candidates} - set(granted)
    assert verdict.granted == granted
    assert others == set(verdict.refused) | set(verdict.waiting)
    assert admit(candidates, holders, there_is) == verdict


@pytest.mark.parametrize("example", LINES)
def test_standing_in_line(example: Example) -> None:
    example.prove()


def test_overlap_skip_refuses_and_says_so() -> None:
    verdict = admit([asks("a", of=SUB)], [asks("h", of=SUB)], limits("skip"))

    assert (verdict.refused, verdict.waiting) == (("a",), {})


def test_cancel_previous_names_the_earlier_execution() -> None:
    verdict = admit([asks("a", 9, of=SUB)], [asks("h", of=SUB)], limits("cancel_previous"))

    assert verdict.to_cancel == ("h",)


def test_a_line_of_one_never_lets_two_run_at_a_time() -> None:
    jobs = [job(f"j{number}", queue="q") for number in range(20)]
    script = {f"j{number}": takes(3) for number in range(20)}
    example = Example(flow=(parallel("p", *jobs),), script=script, more={"queues": (ONE,)})

    played = example.play()

    starts = sorted(fact.at for fact in played.facts if isinstance(fact, PartStarted))
    assert [(at - NOON).total_seconds() for at in starts] == [3.0 * n for n in range(20)]
