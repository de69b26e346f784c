"""Says when the deadlines of a run are, from its definition and its plan alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from jobnet.calendars import find_zone, instant_at
from jobnet.definition import Deadline, Deadlines
from jobnet.engine.keys import id_of
from jobnet.engine.layout import Layout, deadlines_of
from jobnet.engine.timers import TimerKind
from jobnet.ids import PartKey
from jobnet.services.forecast.course import Course, PartCourse

KINDS = (TimerKind.LATE_START, TimerKind.LATE_END, TimerKind.END_BY, TimerKind.LATEST_START)
ACTING = frozenset({TimerKind.END_BY, TimerKind.LATEST_START})
"""Those that change how a run goes; the others only tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One deadline of a run; ``part`` None: of the run itself."""

    kind: TimerKind
    part: PartCourse | None
    at: datetime
    is_clock: bool

    @property
    def key(self) -> PartKey:
        """Return the key of its part, "" for the run."""
        return PartKey("") if self.part is None else self.part.key


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What deadlines count from: the planned start, the operating day, its zone."""

    start: datetime
    day: date
    zone: str


def deadlines_in(layout: Layout, course: Course, planned: PlannedDay) -> Iterator[Due]:
    """Yield the deadlines of a run and of the parts that its course comes to."""
    yield from _dues(layout.bundle.network.deadlines, None, planned)
    if not any(layout.watched.values()):
        return
    for each in course.parts:
        place = layout.places.get((each.network, id_of(each.key)))
        if place is not None:
            yield from _dues(deadlines_of(layout.bundle, place.part), each, planned)


def _dues(deadlines: Deadlines, part: PartCourse | None, planned: PlannedDay) -> Iterator[Due]:
    latest = deadlines.latest_start
    wanted = (
        deadlines.late_start,
        deadlines.late_end,
        deadlines.end_by,
        None if latest is None else latest.at,
    )
    for kind, deadline in zip(KINDS, wanted, strict=True):
        if deadline is not None:
            at = _instant(deadline, planned)
            yield Due(kind=kind, part=part, at=at, is_clock=deadline.clock is not None)


def _instant(deadline: Deadline, planned: PlannedDay) -> datetime:
    if deadline.after_start is not None:
        return planned.start + deadline.after_start
    assert deadline.clock is not None, "a deadline has a clock time or a time after the start"
    return instant_at(planned.day, deadline.clock, zone=find_zone(planned.zone)).instant
