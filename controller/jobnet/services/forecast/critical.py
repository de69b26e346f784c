"""Finds what decides when a run ends: the chain of parts, waits and other runs that leads there.

Every link begins where the one before it ends, so to shorten the chain is to end earlier. What has
slack may take longer by that much and the run ends all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.engine.timers import TimerKind
from jobnet.ids import NetworkName, PartKey
from jobnet.services.forecast.course import Cause, PartCourse, Wait
from jobnet.services.forecast.deadlines import deadlines_in
from jobnet.services.forecast.forecast import Forecast
from jobnet.services.forecast.passing import Predicted

LINKS_MAX = 2_000
"""So long a chain is followed; what was before is left out."""
_ENDS = frozenset({TimerKind.LATE_END, TimerKind.END_BY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A part (``part`` "": a run without parts) that decides, while nothing else does.

    ``because`` is the wait that let it begin when it did, None where its turn came by the flow or
    by the plan.
    """

    run: str
    network: NetworkName
    part: PartKey
    start: datetime
    end: datetime
    because: Wait | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalPath:
    """The chain that ends a run. ``margin`` is what is left until its first deadline, if any."""

    run: str
    ended: datetime | None
    due: datetime | None
    links: tuple[Link, ...]

    @property
    def margin(self) -> timedelta | None:
        """Return how much later the run may end; negative where the deadline is missed."""
        return None if self.due is None or self.ended is None else self.due - self.ended


def critical_path(
    found: Forecast, name: str, *, is_slow: bool = False, due: datetime | None = None
) -> CriticalPath | None:
    """Return what decides the end of a run at P50, or at P90; None where there is no such run.

    ``due`` is the deadline that counts, by default the first one of the run's end.
    """
    asked = found.run(name)
    run = None if asked is None else (asked.slow if is_slow else asked.usual)
    if run is None:
        return None
    runs = {
        each.name: each
        for one in found.runs
        if (each := one.slow if is_slow else one.usual) is not None
    }
    links = tuple(reversed(list(_Walk(runs).back_from(run))))
    return CriticalPath(run=run.name, ended=run.ended, due=due or _first_due(run), links=links)


def slack(run: Predicted) -> Mapping[PartKey, timedelta]:
    """Return how much longer each leaf part may take before the run ends later.

    What other runs would lose by it is not asked.
    """
    if run.course.ended is None:
        return {}
    leaves = [part for part in run.course.parts if part.is_leaf and part.ended is not None]
    left: dict[PartKey, timedelta] = {}
    before = {key for part in leaves for key in part.after}
    for part in leaves:
        if part.key in run.course.last or part.key not in before:
            left[part.key] = run.course.ended - _ended(part)
    for part in sorted(leaves, key=lambda each: (each.begun, _ended(each)), reverse=True):
        spare = left.setdefault(part.key, run.course.ended - _ended(part)) + _absorbed(part)
        for key in part.after:
            earlier = next((each for each in leaves if each.key == key), None)
            if earlier is not None:
                may = part.begun - _ended(earlier) + spare
                left[key] = min(left.get(key, may), may)
    return {key: each for key, each in left.items() if each >= timedelta(0)}


def _ended(part: PartCourse) -> timedelta:
    assert part.ended is not None, "only parts that end are asked"
    return part.ended


def _absorbed(part: PartCourse) -> timedelta:
    """Return how much later the turn of a part may come, since it waits for others anyway."""
    wait = _deciding(part)
    return timedelta(0) if wait is None or wait.end is None else wait.end - part.begun


def _deciding(part: PartCourse) -> Wait | None:
    """Return the wait that others ended and after which the part went on at once, if any."""
    waits = [each for each in part.waits if each.end is not None]
    last = waits[-1] if waits else None
    return last if last is not None and last.cause is not None else None


def _first_due(run: Predicted) -> datetime | None:
    dues = deadlines_in(run.layout, run.course, run.day)
    return min((due.at for due in dues if due.part is None and due.kind in _ENDS), default=None)


@dataclass(frozen=True, slots=True)
class _At:
    """A part of a run, and the instant up to which it decides."""

    run: Predicted
    part: PartCourse
    until: datetime


class _Walk:
    """One walk backwards through runs and their parts."""

    def __init__(self, runs: Mapping[str, Predicted]) -> None:
        self._runs = runs
        self._parts: dict[str, Mapping[PartKey, PartCourse]] = {}

    def back_from(self, run: Predicted) -> Iterator[Link]:
        """Yield the links that end a run, the last one first."""
        at = self._end_of_run(run)
        for _ in range(LINKS_MAX):
            if at is None:
                return
            wait = _deciding(at.part)
            begun = at.part.begun if wait is None or wait.end is None else wait.end
            start = min(at.run.zero + begun, at.until)
            if start < at.until or wait is not None:
                yield Link(
                    run=at.run.name,
                    network=at.run.network,
                    part=at.part.key,
                    start=start,
                    end=at.until,
                    because=wait,
                )
            caused = None if wait is None else self._caused_by(at.run, wait.cause, start)
            at = caused or self._before(at)

    def _before(self, at: _At) -> _At | None:
        """Return what let the turn of a part come: a part before it, or another run."""
        parts = self._of(at.run)
        known = [parts[key] for key in at.part.after if key in parts]
        ended = [each for each in known if _end_of(each) <= at.part.begun]
        if ended:
            last = max(ended, key=lambda each: (_end_of(each), each.key))
            return _At(at.run, last, min(at.until, at.run.zero + _end_of(last)))
        waits = [each for each in at.run.course.waits if each.end is not None]
        if not waits or waits[-1].end is None:
            return None
        return self._caused_by(at.run, waits[-1].cause, at.run.zero + waits[-1].end)

    def _caused_by(self, run: Predicted, cause: Cause | None, until: datetime) -> _At | None:
        if cause is None:
            return None
        other = run if not cause.run else self._runs.get(cause.run)
        if other is None:
            return None
        if not cause.part:
            found = self._end_of_run(other)
            return None if found is None else _At(other, found.part, min(until, found.until))
        part = self._of(other).get(PartKey(cause.part))
        if part is None or other.zero + part.begun > until:
            return None
        if not part.is_leaf:
            part = self._last_inside(other, part)
        return _At(other, part, until)

    def _last_inside(self, run: Predicted, container: PartCourse) -> PartCourse:
        inside = [
            part
            for part in run.course.parts
            if part.is_leaf
            and part.ended == container.ended
            and part.key.startswith((f"{container.key}.", f"{container.key}["))
        ]
        return max(inside, key=lambda each: (each.begun, each.key), default=container)

    def _end_of_run(self, run: Predicted) -> _At | None:
        parts = self._of(run)
        last = [parts[key] for key in run.course.last if key in parts]
        ended = [each for each in last if each.ended is not None]
        if run.course.ended is None:
            return None
        if all(each.ended != run.course.ended for each in ended):  # a loser that went on
            loose = [each for each in parts.values() if each.ended == run.course.ended]
            ended = [each for each in loose if each.is_leaf] or ended
        if not ended or run.ended is None:
            return None
        part = max(ended, key=lambda each: (_end_of(each), each.key))
        return _At(run, part, run.ended)

    def _of(self, run: Predicted) -> Mapping[PartKey, PartCourse]:
        if run.name not in self._parts:
            self._parts[run.name] = {part.key: part for part in run.course.parts}
        return self._parts[run.name]


def _end_of(part: PartCourse) -> timedelta:
    """Return when a part lets go on what comes after it; a container, when it could begin."""
    if part.is_leaf:
        return timedelta.max if part.ended is None else part.ended
    ends = [each.end for each in part.waits if each.end is not None]
    return ends[-1] if ends else part.begun
