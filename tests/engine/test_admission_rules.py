"""Rule 14, beyond limits: spacing, forwarding, queues that have tripped, what is suspended."""

from datetime import datetime, timedelta

import pytest
from jobnet.definition import Overlap, Queue
from jobnet.engine import Limits, NetworkRule, Verdict, admit
from jobnet.engine.states import QueueReason
from jobnet.ids import NetworkName

from tests.engine.building import NOON
from tests.engine.test_admission import asks

SUB = NetworkName("sub")


def queues(*given: Queue, **more: object) -> Limits:
    return Limits(queues={queue.name: queue for queue in given}, **more)  # type: ignore[arg-type]


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def why(verdict: Verdict, name: str) -> tuple[QueueReason, str]:
    return verdict.waiting[name], verdict.details.get(name, "")


SPACED = Queue(name="q", start_spacing=timedelta(seconds=5))


def test_starts_of_a_queue_are_spaced_and_the_next_is_told() -> None:
    verdict = admit(
        [asks("a", queue="q"), asks("b", 1, queue="q"), asks("c", 2)], [], queues(SPACED), now=at(9)
    )

    assert verdict.granted == ("a", "c")
    assert verdict.again_at == at(14)
    assert why(verdict, "b") == (QueueReason.QUEUE_LIMIT, "q starts one every 5 s")


@pytest.mark.parametrize(("now", "granted"), [(4.9, ()), (5, ("b",)), (60, ("b",))])
def test_the_last_start_of_a_queue_counts_though_its_job_has_ended(
    now: float, granted: tuple[str, ...]
) -> None:
    limits = queues(SPACED, last_starts={"q": NOON})

    assert admit([asks("b", 1, queue="q")], [], limits, now=at(now)).granted == granted


def test_a_queue_forwards_to_the_first_that_has_room() -> None:
    limits = queues(
        Queue(name="in", forward_to=("small", "large")),
        Queue(name="small", limit=1),
        Queue(name="large", limit=2),
    )
    candidates = [asks(name, number, queue="in") for number, name in enumerate("abcd")]

    verdict = admit(candidates, [], limits)

    assert verdict.granted == ("a", "b", "c")
    assert sorted(verdict.queues.values()) == ["large", "large", "small"]
    assert why(verdict, "d")[0] is QueueReason.QUEUE_LIMIT


def test_what_was_forwarded_counts_where_it_runs() -> None:
    limits = queues(Queue(name="in", forward_to=("one",)), Queue(name="one", limit=1))

    verdict = admit([asks("b", queue="in")], [asks("a", queue="one")], limits)

    assert verdict.granted == ()
    assert why(verdict, "b") == (QueueReason.QUEUE_LIMIT, "one runs 1 at most")


def test_round_robin_takes_the_queue_that_started_longest_ago() -> None:
    limits = queues(
        Queue(name="in", forward_to=("x", "y"), distribution="round_robin"),
        Queue(name="x"),
        Queue(name="y"),
        last_starts={"x": at(0), "y": at(-60)},
    )
    candidates = [asks(name, number, queue="in") for number, name in enumerate("abc")]

    verdict = admit(candidates, [], limits, now=at(1))

    assert [verdict.queues[name] for name in "abc"] == ["y", "x", "y"]


def test_fewest_waiting_takes_the_queue_with_the_shortest_line() -> None:
    limits = queues(
        Queue(name="in", forward_to=("x", "y"), distribution="fewest_waiting"),
        Queue(name="x", is_held=True),
        Queue(name="y"),
    )
    line = [asks("a", queue="x"), asks("b", queue="x"), asks("c", 9, queue="in")]

    assert admit(line, [], limits).queues == {"c": "y"}


def test_queues_that_forward_to_each_other_lead_nowhere() -> None:
    limits = queues(Queue(name="x", forward_to=("y",)), Queue(name="y", forward_to=("x",)))

    verdict = admit([asks("a", queue="x")], [], limits)

    assert why(verdict, "a") == (QueueReason.QUEUE_LIMIT, "x leads nowhere")


def test_a_held_queue_forwards_nobody() -> None:
    limits = queues(Queue(name="in", forward_to=("x",), is_held=True), Queue(name="x"))

    assert why(admit([asks("a", queue="in")], [], limits), "a")[1] == "in is held"


@pytest.mark.parametrize(("running", "granted"), [(0, ("a",)), (1, ())])
def test_a_queue_that_has_tripped_lets_one_try(running: int, granted: tuple[str, ...]) -> None:
    limits = queues(Queue(name="q"), tripped={"q": 1})
    holders = [asks(f"h{number}", queue="q") for number in range(running)]

    verdict = admit([asks("a", queue="q"), asks("b", 1, queue="q")], holders, limits)

    assert verdict.granted == granted
    assert why(verdict, "b") == (QueueReason.TRIPPED, "q has tripped")


def test_what_is_suspended_starts_nothing_and_says_why() -> None:
    limits = Limits(
        suspended={SUB: "network sub is suspended by bob"},
        networks={SUB: NetworkRule(limit=None, overlap=Overlap.PARALLEL)},
    )
    inside = asks("job")
    inside = type(inside)(
        id="job", asked_at=inside.asked_at, placement=inside.placement, within=(SUB,)
    )

    verdict = admit([inside, asks("call", of=SUB), asks("other")], [], limits)

    assert verdict.granted == ("other",)
    for name in ("job", "call"):
        assert why(verdict, name) == (QueueReason.PAUSED, "network sub is suspended by bob")


def test_a_standstill_is_for_everybody() -> None:
    verdict = admit([asks("a"), asks("b", of=SUB)], [], Limits(standstill="by bob: a flood"))

    assert verdict.granted == ()
    assert why(verdict, "a") == (QueueReason.PAUSED, "by bob: a flood")


def test_jobs_of_all_queues_together_are_bounded_and_calls_are_no_jobs() -> None:
    limits = queues(Queue(name="q"), jobs_max=2)
    line = [asks("a"), asks("b", 1, queue="q"), asks("c", 2), asks("d", 3, of=SUB)]

    verdict = admit(line, [], limits)

    assert verdict.granted == ("a", "b", "d")
    assert why(verdict, "c") == (QueueReason.QUEUE_LIMIT, "2 unit jobs run already")
