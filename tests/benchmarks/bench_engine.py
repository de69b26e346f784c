"""Measures what one event costs the engine, in runs of 10 parts and of thousands.

The cost per fact in a large run is compared with that of a small one of the same shape, measured
in the same process; the ratio is what counts, not the seconds.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import process_time

from jobnet.definition import (
    Bundle,
    ForEach,
    NamedFlow,
    Network,
    Parallel,
    Part,
    PlayJob,
    UnitJob,
    WaitFor,
)
from jobnet.engine import Tracker, begin, evolve, step
from jobnet.engine import commands as c
from jobnet.engine import facts as f
from jobnet.engine import inputs as i
from jobnet.engine.results import JobEnd, JobResult
from jobnet.expressions import parse_template
from jobnet.ids import NetworkName, OperatorName, PartId, RunId

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
SMALL = 10
ROUNDS = 5
GOOD = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0)
JOB = UnitJob(content=PlayJob(hosts=parse_template("all"), keywords="tasks: []"), reads_parts=())


def job(name: str) -> Part:
    """Return a unit job."""
    return Part(id=PartId(name), body=JOB)


def chain(size: int) -> tuple[Part, ...]:
    """Return jobs one after the other."""
    return tuple(job(f"job_{n}") for n in range(size))


def parallel(size: int) -> tuple[Part, ...]:
    """Return jobs beside each other."""
    branches = tuple(NamedFlow(flow=(job(f"job_{n}"),)) for n in range(size))
    return (Part(id=PartId("all"), body=Parallel(branches=branches)),)


def limited(size: int) -> tuple[Part, ...]:
    """Return jobs beside each other, five at a time."""
    branches = tuple(NamedFlow(flow=(job(f"job_{n}"),)) for n in range(size))
    return (Part(id=PartId("all"), body=Parallel(branches=branches, limit=5)),)


def for_each(size: int) -> tuple[Part, ...]:
    """Return a loop with two parts per item, ten items at a time."""
    pause = Part(id=PartId("pause"), body=WaitFor(duration=timedelta(0)))
    items = tuple(f"item{n}" for n in range(size))
    body = ForEach(items=items, as_name="item", flow=(pause, job("work")), limit=10)
    return (Part(id=PartId("each"), body=body),)


def started(flow: tuple[Part, ...]) -> tuple[Tracker, i.StartRun]:
    """Return the empty tracker of a run and its first input."""
    network = Network(name=NetworkName("night"), flow=flow)
    bundle = Bundle(main=network.name, networks={network.name: network})
    start = i.StartRun(
        run=RunId("r"),
        by=OperatorName("bench"),
        operating_day=date(2026, 5, 29),
        planned_start=NOON,
        zone="UTC",
    )
    return begin(bundle, {}), start


def play(tracker: Tracker, first: i.Input) -> list[f.Fact]:
    """Play a run in which all goes well, and return its facts."""
    waiting: deque[i.Input] = deque([first])
    facts: list[f.Fact] = []
    while waiting:
        decision = step(tracker, waiting.popleft(), NOON)
        tracker = decision.tracker
        facts.extend(decision.facts)
        if not decision.is_complete:
            waiting.appendleft(i.GoOn())
        for command in decision.commands:
            match command:
                case c.AskSlot(part=part, attempt=attempt):
                    waiting.append(i.SlotGranted(part=part, attempt=attempt))
                case c.StartJob(part=part, attempt=attempt):
                    waiting.append(i.AttemptBegan(part=part, attempt=attempt))
                    waiting.append(i.AttemptAnswered(part=part, attempt=attempt, result=GOOD))
                case _:
                    pass
    assert tracker.run is not None, "it was started"
    assert tracker.run.ended is not None, "a run in which all goes well ends"
    return facts


def microseconds(act: Callable[[], int]) -> float:
    """Return the best time of one fact over some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        begun = process_time()
        count = act()
        best = min(best, (process_time() - begun) / count)
        if best * count > 1:
            break
    return best * 1e6


def live(flow: tuple[Part, ...], *, times: int) -> float:
    """Return what one fact costs while the run goes on."""
    tracker, first = started(flow)
    return microseconds(lambda: sum(len(play(tracker, first)) for _ in range(times)))


def replayed(flow: tuple[Part, ...]) -> float:
    """Return the milliseconds that the journal of a run takes to be replayed."""
    empty, first = started(flow)
    facts = play(empty, first)

    def replay() -> int:
        tracker = empty
        for fact in facts:
            tracker = evolve(tracker, fact)
        return len(facts)

    return microseconds(replay) * len(facts) / 1e3


SHAPES: dict[str, tuple[Callable[[int], tuple[Part, ...]], int]] = {
    "chain of 1,000 jobs": (chain, 1_000),
    "chain of 10,000 jobs": (chain, 10_000),
    "parallel of 2,000 jobs": (parallel, 2_000),
    "parallel of 10,000 jobs, 5 at a time": (limited, 10_000),
    "for_each of 5,000 items, 10 at a time": (for_each, 5_000),
}


def main() -> None:
    """Print the cost per fact and its ratio to the small run of the same shape."""
    for name, (shape, size) in SHAPES.items():
        small = live(shape(SMALL), times=50)
        large = live(shape(size), times=1)
        line = (
            f"{name}: {large:.0f} us a fact, {small:.0f} us at {SMALL}: ratio {large / small:.2f}"
        )
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"replay of a chain of 1,000 jobs: {replayed(chain(1_000)):.0f} ms\n")


if __name__ == "__main__":
    main()
