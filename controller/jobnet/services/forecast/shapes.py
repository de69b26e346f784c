"""Tells which networks go the same way whenever they start, so that one course serves all runs.

Such a network needs nothing that can be short, waits for nobody, is awaited by nobody, and decides
nothing by the day or the clock. What only its jobs read of the day does not count: how long a job
lasts does not depend on it. Where a deadline would cut in, a run is played by itself after all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from jobnet.definition import (
    Bundle,
    CalendarBranch,
    Dialog,
    Network,
    Notify,
    Part,
    Placement,
    SendEvent,
    UnitJob,
    WaitEvent,
    WaitNetwork,
    WaitPart,
    WaitUntil,
    walk,
)
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.layout import Layout
from jobnet.expressions import Expression, Template
from jobnet.services.forecast.awaited import awaited_in
from jobnet.services.forecast.course import Course
from jobnet.services.forecast.deadlines import ACTING, PlannedDay, deadlines_in
from jobnet.services.forecast.shared_things import SharedThings

_TIMELY = frozenset(
    {"now", "at", "operating_day", "next_open_day", "previous_open_day", "is_open", "run"}
)
_TIMES_OF_PARTS = frozenset({"started", "ended"})
_PART_PATH = 3
"""So many steps a path has that names a part and what it reads of it: ``parts.load.state``."""


class Shapes:
    """What can be told of networks before anything is played."""

    def __init__(self, bundles: list[Bundle], things: SharedThings) -> None:
        self._things = things
        self._awaited = awaited_in(bundles)
        self._events = {
            str(part.body.name) for part in _parts(bundles) if isinstance(part.body, WaitEvent)
        }

    def is_alike(self, bundle: Bundle) -> bool:
        """Return whether the runs of a network all go the same way."""
        if self._things.of_run(bundle.network) or not self._awaited.isdisjoint(bundle.networks):
            return False
        return all(
            self._is_apart(bundle, network, part) and not _reads_time(part)
            for network in bundle.networks.values()
            for part in walk(network.flow)
        ) and not any(
            is_limited(network) or _has_timely(network.exit_code)
            for network in bundle.networks.values()
        )

    def _is_apart(self, bundle: Bundle, network: Network, part: Part) -> bool:
        match part.body:
            case WaitEvent() | WaitNetwork():
                return False
            case WaitPart(network=awaited):
                return awaited is None
            case SendEvent(name=name):
                return str(name) not in self._events
            case UnitJob():
                own, outer = part.placement, network.placement
                placement = Placement(
                    queue=own.queue or outer.queue, locks=own.locks, resources=own.resources
                )
                return not self._things.of_attempt(placement, None, main=bundle.main)
            case _:
                return True


def goes_undisturbed(layout: Layout, course: Course, planned: PlannedDay) -> bool:
    """Return whether no deadline by the clock cuts into a course that begins as planned."""
    if course.ended is None:
        return not any(
            due.kind in ACTING and due.is_clock for due in deadlines_in(layout, course, planned)
        )
    for due in deadlines_in(layout, course, planned):
        if due.kind not in ACTING or not due.is_clock:
            continue
        after = course.ended if due.part is None else (due.part.ended or course.ended)
        if planned.start + after >= due.at:
            return False
    return True


def _parts(bundles: list[Bundle]) -> Iterator[Part]:
    for bundle in bundles:
        for network in bundle.networks.values():
            yield from walk(network.flow)


def _reads_time(part: Part) -> bool:
    """Return whether what a part decides, not what its job does, depends on the time."""
    if isinstance(part.body, WaitUntil | CalendarBranch):
        return True
    decides = [part.when, part.errors.exit_code]
    if not isinstance(part.body, UnitJob | Notify | Dialog | SendEvent):
        decides.append(part.body)  # type: ignore[arg-type]
    return any(_has_timely(each) for each in decides)


def _has_timely(value: object) -> bool:
    """Return whether an expression in a value reads the day, the clock or when parts ran."""
    if isinstance(value, Expression | Template):
        return any(_is_timely(path) for path in value.references)
    if isinstance(value, Part):
        return False  # it is asked itself
    if is_dataclass(value) and not isinstance(value, type):
        return any(_has_timely(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, Mapping):
        return any(_has_timely(each) for each in value.values())
    if isinstance(value, tuple | list):
        return any(_has_timely(each) for each in value)
    return False


def _is_timely(path: tuple[str, ...]) -> bool:
    if path[0] == "parts":
        return len(path) < _PART_PATH or not _TIMES_OF_PARTS.isdisjoint(path)
    return path[0] in _TIMELY
