"""Measures what one event costs the engine, in runs of 10, 1,000 and 10,000 parts.

The cost per fact in a large run is compared with that of a small one of the same shape, measured
in the same process; the ratio is what counts, not the seconds.

What the profile of the two shapes above the goal of 1.2 said (for_each about 1.24, parallel with
a limit about 1.36): the number of calls for an event hardly grows from 10 to 10,000 parts (4.0 to
4.1 copies of a record, 9.1 to 9.3 looks into the chunks, 1.2 puts), but each call takes longer.
What grows is the chunk that a put copies and the memory that is touched. Which part of it is the
cache of the processor and which the garbage collector could not be told apart on a busy machine.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Sequence
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
ROUNDS = 5
TIMES_OF_SMALL = 500
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


SHAPES: dict[str, Callable[[int], tuple[Part, ...]]] = {
    "chain": chain,
    "parallel, 5 at a time": limited,
    "for_each, 10 at a time, 2 parts an item": for_each,
}
SIZES = (10, 1_000, 10_000)
PARTS_PER_ITEM = 2
ALL_AT_ONCE = (10, 2_000)
"""A parallel without limit has all its jobs under way at once: no network of 10,000 does that."""


def sized(name: str, parts: int) -> tuple[Part, ...]:
    """Return the shape with so many parts."""
    return SHAPES[name](parts // PARTS_PER_ITEM if SHAPES[name] is for_each else parts)


def measure(flow: tuple[Part, ...], parts: int) -> tuple[float, float]:
    """Return the microseconds of an event, and the engine's seconds for a part."""
    tracker, first = started(flow)
    facts = len(play(tracker, first))
    cost = live(flow, times=max(1, TIMES_OF_SMALL // parts))
    return cost, cost * facts / parts / 1e6


def print_shape(
    name: str, sizes: Sequence[int], flow_of: Callable[[int], tuple[Part, ...]]
) -> None:
    """Print what an event costs at each size, with the ratio to the smallest."""
    base = 0.0
    for parts in sizes:
        cost, seconds = measure(flow_of(parts), parts)
        base = base or cost
        sys.stdout.write(
            f"{name}: {parts:,} parts: {cost:.1f} us an event, ratio {cost / base:.2f},"
            f" {seconds:.6f} s of engine a part\n"
        )


def main() -> None:
    """Print the cost of an event and a part for each shape and size, and a cold load."""
    for name in SHAPES:
        print_shape(name, SIZES, lambda parts, name=name: sized(name, parts))  # type: ignore[misc]
    print_shape("parallel, all at once", ALL_AT_ONCE, parallel)
    for parts in SIZES[1:]:
        sys.stdout.write(
            f"cold load of a chain of {parts:,} parts: {replayed(chain(parts)):.0f} ms\n"
        )


if __name__ == "__main__":
    main()
