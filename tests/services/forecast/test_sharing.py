"""Runs of one shape share a course, and that gives what playing every one of them gives."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.definition import Bundle, Flow, Param, Part, Queue, Retry, UnitJob, walk
from jobnet.services.forecast.asked import PlannedStart, Situation
from jobnet.services.forecast.course import Course
from jobnet.services.forecast.expected_times import ExpectedTimes, Rate
from jobnet.services.forecast.passing import Predicted, play
from jobnet.services.forecast.shapes import Shapes
from jobnet.services.forecast.shared_things import SharedThings

from tests.engine.building import (
    any_of,
    block,
    branch,
    bundle,
    call,
    dialog,
    for_each,
    job,
    network,
    parallel,
    pause,
    until,
    wait_network,
)
from tests.engine.generating import bundle_of
from tests.engine.test_properties import few
from tests.services.forecast.situations import NOON, situation, start, times

SEEDS = st.integers(0, 10**9)


class Maker:
    """Makes networks that share nothing: jobs in all kinds of containers, pauses and own waits."""

    def __init__(self, random: Random) -> None:
        self.random, self.count = random, 0

    def flow(self, depth: int) -> Flow:
        return tuple(self.part(depth) for _ in range(self.random.randint(1, 3)))

    def part(self, depth: int) -> Part:
        self.count += 1
        name = f"p{self.count}"
        kinds = ["job", "job", "pause", "dialog"]
        kind = self.random.choice(kinds if depth == 0 else [*kinds, *INNER])
        match kind:
            case "job":
                more: dict[str, Any] = {"timeout": 300} if self.random.random() < 0.2 else {}
                return job(name, retry=Retry(count=1, delay=timedelta(seconds=9)), **more)
            case "pause":
                return pause(name, self.random.choice((0, 60, 600)))
            case "dialog":
                return dialog(name, ask=120, on_timeout="yes")
            case "block":
                flow, rescue = self.flow(depth - 1), self.flow(depth - 1)
                return block(name, *flow, rescue=rescue, always=self.flow(depth - 1))
            case "parallel":
                return parallel(name, self.flow(depth - 1), self.flow(depth - 1), limit=1)
            case "any_of":
                return any_of(name, self.flow(depth - 1), self.flow(depth - 1), losers="cancel")
            case "for_each":
                items = [1, 2, 3]
                return for_each(name, items, *self.flow(depth - 1), limit=2, as_name=name)
            case _:
                return branch(name, ("params.size > 1", self.flow(depth - 1)))

    def network(self, name: str) -> Bundle:
        words = {"end_by": self.random.choice(("12:01", "12:30", "14:00", "23:00", 900))}
        more = words if self.random.random() < 0.4 else {}
        params = {"size": Param(type="int", default=1)}
        return bundle(network(*self.flow(2), name=name, params=params, **more))


INNER = ("block", "parallel", "any_of", "for_each", "branch")


def busy_day(seed: int) -> Situation:
    """Return networks of which some share nothing and some are anything, with their starts."""
    random = Random(seed)  # noqa: S311 - a source of examples
    bundles = [Maker(random).network(f"net_{number}") for number in range(3)]
    anything = bundle_of(seed)
    starts: list[PlannedStart] = []
    for each in (*bundles, anything):
        for _ in range(random.randint(1, 4)):
            params = {name: param.default for name, param in each.network.params.items()}
            params |= {"size": random.randint(1, 2)} if each is not anything else {}
            starts.append(start(str(each.main), random.randrange(0, 240, 7), params=params))
    unique = {each.key: each for each in starts}
    given = {
        (name, str(part.id)): timedelta(seconds=random.choice((0, 60, 600, 600, 5000)))
        for each in (*bundles, anything)
        for name, one in each.networks.items()
        for part in walk(one.flow)
        if isinstance(part.body, UnitJob)
    }
    lasts = ExpectedTimes(given=given)
    return situation((*bundles, anything), unique.values(), times=lasts)


def lines(runs: tuple[Predicted, ...]) -> list[tuple[object, ...]]:
    return [(run.key, run.name, run.zero, shown(run.course)) for run in runs]


def shown(course: Course) -> Course:
    """Return a course with its parts in the order of their keys."""
    return replace(course, parts=tuple(sorted(course.parts, key=lambda part: part.key)))


@few
@given(seed=SEEDS)
def test_shared_courses_are_those_that_playing_every_run_gives(seed: int) -> None:
    asked = busy_day(seed)

    shared = play(asked, Rate.P50)

    assert lines(shared.runs) == lines(play(asked, Rate.P50, shares_courses=False).runs)


@settings(few, max_examples=15)
@given(seed=SEEDS)
def test_the_same_situation_gives_the_same_forecast(seed: int) -> None:
    asked = busy_day(seed)

    assert lines(play(asked, Rate.P90).runs) == lines(play(asked, Rate.P90).runs)


def test_the_examples_of_sharing_do_share() -> None:
    alike = [
        is_alike(each.bundle)
        for seed in range(10)
        for name, each in busy_day(seed).networks.items()
        if name.startswith("net_")
    ]

    assert all(alike)


def is_alike(made: Bundle, *others: Bundle) -> bool:
    asked = situation([made, *others], [])
    return Shapes([made, *others], SharedThings([asked.limits[0][1]])).is_alike(made)


def test_a_network_that_shares_and_awaits_nothing_always_goes_the_same_way() -> None:
    inner = network(job("copy"), name="inner")

    assert is_alike(bundle(network(job("load"), call("batch", "inner")), inner))


def test_what_is_short_or_awaited_or_by_the_clock_makes_runs_differ() -> None:
    sap = Queue(name="sap", limit=1)
    waiting = bundle(network(wait_network("wait", "night"), name="other"))

    assert not is_alike(bundle(network(job("load", queue="sap")), queues=(sap,)))
    assert not is_alike(bundle(network(job("load", locks={"ledger": "shared"}))))
    assert not is_alike(bundle(network(job("load"), limit=1)))
    assert not is_alike(bundle(network(job("load"))), waiting)
    assert not is_alike(waiting)
    assert not is_alike(bundle(network(until("wait", "23:00"))))
    by_day = branch("which", ("operating_day.day == 1", (job("first"),)))
    assert not is_alike(bundle(network(by_day)))
    by_part = branch("which", ("parts.load.ended", (job("first"),)))
    assert not is_alike(bundle(network(job("load"), by_part)))


def test_what_only_a_job_reads_of_the_day_makes_no_difference() -> None:
    assert is_alike(bundle(network(job("load", hosts="{{ operating_day }}"))))


def test_a_deadline_that_cuts_into_one_run_leaves_the_others_alone() -> None:
    made = bundle(network(job("load"), end_by="13:00"))
    asked = situation([made], [start("night"), start("night", 50)], times=times(night__load=30))

    first, second = play(asked, Rate.P50).runs

    assert first.ended == NOON + timedelta(minutes=30)
    assert second.ended == NOON + timedelta(minutes=60)
    assert second.course.reason == "end_by"
