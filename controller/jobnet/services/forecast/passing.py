"""Plays a situation once, for one rate: each run by itself or with others, as far as it must be.

Runs of networks that always go the same way share one course, which is played once; this is exact
(a property test compares it with playing everything). Whether all jobs together ever pass the
bound of the controller is counted afterwards; if they do, everything is played together.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from jobnet.engine.layout import Layout
from jobnet.engine.standing import run_of
from jobnet.ids import NetworkName
from jobnet.services.forecast.asked import PlannedStart, Situation
from jobnet.services.forecast.course import Course
from jobnet.services.forecast.deadlines import PlannedDay
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.house import INPUTS_MAX, RUNS_MAX, House
from jobnet.services.forecast.run_at_work import RunAtWork
from jobnet.services.forecast.run_names import RunNames, repeated_key
from jobnet.services.forecast.shapes import Shapes, goes_undisturbed
from jobnet.services.forecast.shared_things import SharedThings

REPETITIONS_MAX = 100_000
"""So often a start may be repeated from the end of the run before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """One run as it is expected to go; ``planned`` None: it is open already.

    ``course`` counts from ``zero``.
    """

    name: str
    network: NetworkName
    zero: datetime
    day: PlannedDay
    layout: Layout
    course: Course
    planned: PlannedStart | None

    @property
    def key(self) -> str:
        """Return what it is known by, whatever the rate: its start in the plan, or its run."""
        return self.name if self.planned is None else self.planned.key

    @property
    def began(self) -> datetime | None:
        """Return when it begins."""
        return None if self.course.started is None else self.zero + self.course.started

    @property
    def ended(self) -> datetime | None:
        """Return when it ends."""
        return None if self.course.ended is None else self.zero + self.course.ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """All runs as they are expected to go; ``is_cut``: there was more than is played."""

    runs: tuple[Predicted, ...]
    is_cut: bool = False


def play(
    situation: Situation,
    rate: Rate,
    *,
    shares_courses: bool = True,
    inputs_max: int = INPUTS_MAX,
) -> Pass:
    """Return how all runs go; without ``shares_courses`` every one of them is played."""
    bound = situation.limits[0][1].jobs_max
    if bound is None:
        return _play(situation, rate, shares_courses=shares_courses, inputs_max=inputs_max)
    unbound = tuple((at, replace(limits, jobs_max=None)) for at, limits in situation.limits)
    freely = replace(situation, limits=unbound)
    found = _play(freely, rate, shares_courses=shares_courses, inputs_max=inputs_max)
    if _jobs_at_once(found.runs) <= bound:
        return found
    return _play(situation, rate, shares_courses=False, inputs_max=inputs_max)


def _play(situation: Situation, rate: Rate, *, shares_courses: bool, inputs_max: int) -> Pass:
    names = RunNames()
    for each in situation.open_runs:
        names.take(str(run_of(each.tracker).run))
    sharing = _Sharing(situation, rate, names)
    runs: list[Predicted] = []
    left: list[PlannedStart] = []
    for start in situation.starts:
        found = sharing.runs_of(start) if shares_courses else ()
        runs += found
        left += () if found else (start,)
    rest = replace(situation, starts=tuple(left))
    played = House(rest, rate, names=names, inputs_max=inputs_max).play()
    runs += (predicted(each) for each in played.runs)
    runs.sort(key=lambda each: (each.zero, each.key))
    is_cut = played.is_cut or len(runs) > RUNS_MAX
    return Pass(runs=tuple(runs[:RUNS_MAX]), is_cut=is_cut)


def predicted(run: RunAtWork) -> Predicted:
    """Return how a run went that was played."""
    planned = run.planned
    if planned is None:
        record = run_of(run.tracker)
        day = PlannedDay(start=record.planned_start, day=record.operating_day, zone=record.zone)
    else:
        day = _day_of(planned)
    return Predicted(
        name=run.name,
        network=run.network,
        zero=run.zero,
        day=day,
        layout=run.tracker.layout,
        course=run.course(),
        planned=planned,
    )


def _day_of(planned: PlannedStart) -> PlannedDay:
    return PlannedDay(start=planned.start, day=planned.operating_day, zone=planned.zone)


class _Sharing:
    """The courses that serve all runs of a network with the same params."""

    def __init__(self, situation: Situation, rate: Rate, names: RunNames) -> None:
        self._situation, self._rate, self._names = situation, rate, names
        bundles = [each.bundle for each in situation.networks.values()]
        bundles += [each.tracker.layout.bundle for each in situation.open_runs]
        self._shapes = Shapes(bundles, SharedThings([limits for _, limits in situation.limits]))
        self._alike: dict[NetworkName, bool] = {}
        self._courses: dict[tuple[NetworkName, str], Predicted] = {}

    def runs_of(self, start: PlannedStart) -> tuple[Predicted, ...]:
        """Return a run and those that are counted from its end; none if one must be played."""
        if not self._is_alike(start.network):
            return ()
        found: list[Predicted] = []
        each: PlannedStart | None = start
        while each is not None:
            shared = self._shared(each)
            if shared is None or len(found) >= REPETITIONS_MAX:
                return ()
            found.append(shared)
            each = _next(each, shared.ended)
        return tuple(found)

    def _is_alike(self, network: NetworkName) -> bool:
        if network not in self._alike:
            bundle = self._situation.networks[network].bundle
            self._alike[network] = self._shapes.is_alike(bundle)
        return self._alike[network]

    def _shared(self, start: PlannedStart) -> Predicted | None:
        """Return how a run goes by the course of its network, or None where it must be played."""
        first = self._course(start)
        is_in_time = start.start >= self._situation.now
        if not is_in_time or not goes_undisturbed(first.layout, first.course, _day_of(start)):
            return None
        return Predicted(
            name=self._names.name(start),
            network=start.network,
            zero=start.start,
            day=_day_of(start),
            layout=first.layout,
            course=first.course,
            planned=start,
        )

    def _course(self, start: PlannedStart) -> Predicted:
        """Return how a run of a network goes with these params, one that no deadline cut into."""
        key = (start.network, json.dumps(start.params, sort_keys=True, default=repr))
        if key in self._courses:
            return self._courses[key]
        alone = replace(
            self._situation,
            now=start.start,
            starts=(replace(start, repeat_after=None),),
            networks={start.network: self._situation.networks[start.network]},
            open_runs=(),
            ends=(),
            events=(),
        )
        (run,) = House(alone, self._rate).play().runs
        first = predicted(run)
        if goes_undisturbed(first.layout, first.course, first.day):
            self._courses[key] = first
        return first


def _next(start: PlannedStart, ended: datetime | None) -> PlannedStart | None:
    if start.repeat_after is None or ended is None:
        return None
    following = ended + start.repeat_after
    if start.repeat_until is not None and following > start.repeat_until:
        return None
    return replace(start, key=repeated_key(start.key), start=following)


def _jobs_at_once(runs: Iterable[Predicted]) -> int:
    """Return how many jobs run at once at most."""
    changes: list[tuple[datetime, int]] = []
    for run in runs:
        for part in run.course.parts:
            if part.is_job and part.started is not None:
                changes.append((run.zero + part.started, 1))
                if part.ended is not None:
                    changes.append((run.zero + part.ended, -1))
    at_once = most = 0
    for _, change in sorted(changes):
        at_once += change
        most = max(most, at_once)
    return most
