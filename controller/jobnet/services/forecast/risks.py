"""Says which deadlines of a run are expected to be missed, and which only if things go slowly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.engine.timers import TimerKind
from jobnet.ids import PartKey
from jobnet.services.forecast.course import PartCourse
from jobnet.services.forecast.deadlines import Due, deadlines_in
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.passing import Predicted


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A deadline that is missed at a rate: at P50 it is expected to be, at P90 it may be.

    ``part`` "" is the run itself. ``usual`` and ``slow`` are when it begins or ends at P50 and at
    P90; None: never, as far as anybody can tell.
    """

    kind: TimerKind
    part: PartKey
    due: datetime
    rate: Rate
    usual: datetime | None
    slow: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What one rate says of a deadline."""

    due: Due
    at: datetime | None
    is_missed: bool


def risks_of(usual: Predicted | None, slow: Predicted | None) -> tuple[Risk, ...]:
    """Return the deadlines of a run that are missed at P50 or at P90, by their instants."""
    by_usual, by_slow = _seen(usual), _seen(slow)
    found = []
    for key in dict.fromkeys((*by_usual, *by_slow)):
        first, second = by_usual.get(key), by_slow.get(key)
        rate = Rate.P50 if first is not None and first.is_missed else Rate.P90
        if rate is Rate.P90 and (second is None or not second.is_missed):
            continue
        either = first or second
        assert either is not None, "one of both has the key"
        found.append(
            Risk(
                kind=either.due.kind,
                part=either.due.key,
                due=either.due.at,
                rate=rate,
                usual=None if first is None else first.at,
                slow=None if second is None else second.at,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.due, each.part, each.kind)))


def _seen(run: Predicted | None) -> Mapping[tuple[PartKey, TimerKind], _Seen]:
    if run is None:
        return {}
    dues = deadlines_in(run.layout, run.course, run.day)
    return {(due.key, due.kind): _judged(run, due) for due in dues}


def _judged(run: Predicted, due: Due) -> _Seen:
    if due.kind in {TimerKind.LATE_START, TimerKind.LATEST_START}:
        after = _started(run, due.part)
    else:
        after = run.course.ended if due.part is None else due.part.ended
    at = None if after is None else run.zero + after
    reason = run.course.reason if due.part is None else due.part.reason
    if reason == due.kind.value:
        return _Seen(due=due, at=at, is_missed=True)
    if at is None:
        is_waiting = due.part is None or due.part.ended is None
        return _Seen(due=due, at=None, is_missed=is_waiting)
    return _Seen(due=due, at=at, is_missed=at > due.at)


def _started(run: Predicted, part: PartCourse | None) -> timedelta | None:
    if part is None:
        return run.course.started
    return part.begun if part.started is None and part.ended is not None else part.started
