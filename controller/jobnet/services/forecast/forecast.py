"""Forecasts the runs of a situation: their times, what is at risk, who waits for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from jobnet.engine.keys import id_of
from jobnet.ids import NetworkName, PartKey
from jobnet.services.forecast.asked import Situation
from jobnet.services.forecast.course import Cause, Wait
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.house import INPUTS_MAX
from jobnet.services.forecast.passing import Pass, Predicted, play
from jobnet.services.forecast.risks import Risk, risks_of

SHARED: Final = frozenset({"queue_limit", "lock", "resource", "network_limit"})
"""Why somebody waits who waits for somebody else to give something back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRun:
    """One run of the plan at P50 and at P90; one of both may be without it.

    A start that is counted from the end of another may come at one rate and not at the other.
    """

    usual: Predicted | None
    slow: Predicted | None
    risks: tuple[Risk, ...]

    @property
    def either(self) -> Predicted:
        """Return the run at P50, else at P90."""
        found = self.usual or self.slow
        assert found is not None, "a run is expected at one rate at least"
        return found

    @property
    def key(self) -> str:
        """Return what it is known by in the plan, or its name if it is open."""
        return self.either.key

    @property
    def name(self) -> str:
        """Return the name that its run is expected to have."""
        return self.either.name

    @property
    def network(self) -> NetworkName:
        """Return the network that it executes."""
        return self.either.network

    @property
    def operating_day(self) -> date:
        """Return its operating day."""
        return self.either.day.day

    @property
    def planned(self) -> datetime:
        """Return when it is planned to begin."""
        return self.either.zero

    @property
    def is_open(self) -> bool:
        """Return whether it has begun already."""
        return self.either.planned is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A run, or a part of it, that waits because others hold what it needs."""

    run: str
    part: PartKey
    wait: Wait
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """All runs by their planned start. ``assumed`` are jobs of which no duration is known.

    ``is_cut``: there is more than could be played, and what is told is not the whole truth.
    """

    now: datetime
    runs: tuple[ForecastRun, ...]
    assumed: tuple[str, ...] = ()
    is_cut: bool = False

    def run(self, name: str) -> ForecastRun | None:
        """Return a run by its name or its key in the plan."""
        return next((each for each in self.runs if name in {each.name, each.key}), None)


def forecast(
    situation: Situation, *, shares_courses: bool = True, inputs_max: int = INPUTS_MAX
) -> Forecast:
    """Return how all runs are expected to go."""
    passes = [
        play(situation, rate, shares_courses=shares_courses, inputs_max=inputs_max)
        for rate in (Rate.P50, Rate.P90)
    ]
    usual, slow = (_by_key(each) for each in passes)
    runs = [
        ForecastRun(
            usual=usual.get(key),
            slow=slow.get(key),
            risks=risks_of(usual.get(key), slow.get(key)),
        )
        for key in dict.fromkeys((*usual, *slow))
    ]
    runs.sort(key=lambda each: (each.planned, each.key))
    return Forecast(
        now=situation.now,
        runs=tuple(runs),
        assumed=tuple(sorted(_assumed(situation, passes[0]))),
        is_cut=any(each.is_cut for each in passes),
    )


def conflicts(found: Forecast) -> Iterator[Conflict]:
    """Yield who waits for whom at P50, by the runs and the order of their waits."""
    for each in found.runs:
        run = each.usual
        if run is None:
            continue
        waiting = [(PartKey(""), wait) for wait in run.course.waits]
        waiting += [(part.key, wait) for part in run.course.parts for wait in part.waits]
        for key, wait in waiting:
            if wait.reason in SHARED:
                until = None if wait.end is None else run.zero + wait.end
                since = run.zero + wait.start
                yield Conflict(run=run.name, part=key, wait=wait, since=since, until=until)


def shown_cause(cause: Cause, run: str) -> str:
    """Return a cause in a line: ``load-2026-05-29-2155/copy``."""
    return "/".join(each for each in (cause.run or run, cause.part) if each)


def _by_key(one: Pass) -> dict[str, Predicted]:
    return {run.key: run for run in one.runs}


def _assumed(situation: Situation, one: Pass) -> set[str]:
    """Return the jobs whose durations nobody knows, as ``network/part``."""
    courses = {id(run.course): run.course for run in one.runs}
    return {
        f"{part.network}/{id_of(part.key)}"
        for course in courses.values()
        for part in course.parts
        if part.is_job and situation.times.is_assumed(part.network, id_of(part.key))
    }
