"""Compares the plan of now with the plan that there would be if something were applied.

Only schedules of which something differs are worked out, in both ways, for thirteen months. What
is told of today says what would start from now on, and what could not any more.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol, TypeVar

from jobnet.project import Reading
from jobnet.project.schedule_bundles import PlannedSchedule, schedules_of
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.plan.drawn import Drawn
from jobnet.services.controller.plan.entries import MovedEntry, PlanDiff, PlanEntry
from jobnet.services.controller.plan.materialising import LOOKED_BACK
from jobnet.services.controller.plan.schedules import ScheduleBook, Sources
from jobnet.services.controller.plan.showing import entry_of_start

AHEAD: Final = timedelta(days=396)
"""Thirteen months."""
TODAY: Final = timedelta(hours=24)
TOLD_MAX: Final = 5_000
"""So many starts of each list are told."""
STARTS_MAX: Final = 500_000
"""A comparison of more starts than this goes less far ahead, and says so."""
STRETCH: Final = timedelta(days=33)

Found = TypeVar("Found")
Starts = Mapping[OccurrenceKey, Drawn]


class Look(Protocol):
    """Finds something in the texts of the present edition."""

    def __call__(self, work: Callable[[Reading], Found]) -> Found:
        """Return what somebody finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Both:
    """The starts before and after, of a stretch of time."""

    before: Starts
    after: Starts


def plan_diff(look: Look, book: ScheduleBook, after: Reading, now: datetime) -> PlanDiff:
    """Return how the plan would differ if ``after`` were applied."""
    present, coming = look(schedules_of), schedules_of(after)
    names = [name for name in sorted({*present, *coming}) if present.get(name) != coming.get(name)]
    old, new = (book.compiled(_only(names, each)) for each in (present, coming))
    comparison = _Comparison(old, new, now, known=frozenset(present))
    comparison.run()
    return comparison.told(new.problems)


def _only(
    names: Collection[str], schedules: Mapping[str, PlannedSchedule]
) -> dict[str, PlannedSchedule]:
    return {name: schedules[name] for name in names if name in schedules}


class _Comparison:
    """One comparison that is under way, a stretch of time after the other."""

    def __init__(self, old: Sources, new: Sources, now: datetime, *, known: frozenset[str]) -> None:
        self._old, self._new, self._now, self._known = old, new, now, known
        self.first, self.last = now - LOOKED_BACK, now
        self.added: list[PlanEntry] = []
        self.removed: list[PlanEntry] = []
        self.moved: list[MovedEntry] = []
        self.passed: list[PlanEntry] = []
        self.problems: dict[str, str] = {}
        self.is_cut = False
        self._days: dict[tuple[bool, str, date], Starts] = {}

    def run(self) -> None:
        """Compare everything, as far as the bounds allow."""
        starts = 0
        end = self._now + AHEAD
        self._today()
        while self.last < end:
            until = min(self.last + STRETCH, end)
            both = self._both(self.last, until)
            self.last = until
            self._compare(both)
            self._days.clear()
            starts += len(both.before) + len(both.after)
            if starts > STARTS_MAX:
                self.is_cut = True
                return

    def told(self, problems: Mapping[str, str]) -> PlanDiff:
        """Return what was found."""
        added, removed = _ordered(self.added), _ordered(self.removed)
        moved = tuple(sorted(self.moved, key=lambda each: (each.before, each.key)))
        until = self._now + TODAY
        every = {**problems, **self.problems}
        return PlanDiff(
            first=self._now,
            last=self.last,
            added=added[:TOLD_MAX],
            removed=removed[:TOLD_MAX],
            moved=moved[:TOLD_MAX],
            would_start_now=tuple(each for each in added if each.start < until)[:TOLD_MAX],
            already_passed=_ordered(self.passed)[:TOLD_MAX],
            problems=tuple(f"{name}: {what}" for name, what in sorted(every.items())),
            is_cut=self.is_cut or max(len(added), len(removed), len(moved)) > TOLD_MAX,
        )

    def _today(self) -> None:
        """Tell of starts that would have been today, of schedules that there are already."""
        both = self._both(self.first, self._now)
        for key, start in both.after.items():
            if key not in both.before and key.schedule in self._known:
                self.passed.append(entry_of_start(start))

    def _compare(self, both: _Both) -> None:
        for key, start in both.after.items():
            before = both.before.get(key) or self._elsewhere(self._old, key)
            if before is None:
                self.added.append(entry_of_start(start))
            elif before.start != start.start:
                self.moved.append(_moved(before, start))
            elif before.params != start.params or before.state is not start.state:
                self.removed.append(entry_of_start(before))
                self.added.append(entry_of_start(start))
        for key, start in both.before.items():
            if key not in both.after and self._elsewhere(self._new, key) is None:
                self.removed.append(entry_of_start(start))

    def _elsewhere(self, sources: Sources, key: OccurrenceKey) -> Drawn | None:
        """Return a start that may lie in another stretch: at the rim, and where zones differ."""
        if key.schedule not in sources.names:
            return None
        place = (sources is self._new, key.schedule, key.operating_day)
        if place not in self._days:
            self._days[place] = sources.of_day(key.schedule, key.operating_day)
        return self._days[place].get(key)

    def _both(self, first: datetime, last: datetime) -> _Both:
        before, _ = self._old.between(first, last)
        after, silent = self._new.between(first, last)
        self.problems |= silent
        return _Both(
            before={each.key: each for each in before}, after={each.key: each for each in after}
        )


def _moved(before: Drawn, after: Drawn) -> MovedEntry:
    zone = after.occurrence.zone
    return MovedEntry(key=after.key, before=before.start, after=after.start, zone=zone)


def _ordered(entries: Collection[PlanEntry]) -> tuple[PlanEntry, ...]:
    return tuple(sorted(entries, key=lambda each: (each.start, each.key)))
