"""Decides on which operating days nothing of a schedule starts: exclusions and pauses.

They look at the day on which a start would take place, after every move, and always win. A rule
of an exclusion names days whether they are open or not, unless it says what becomes of closed ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from jobnet.calendars import Calendar, ClosedDayPolicy, DayRule
from jobnet.calendars.resolution import shown_day
from jobnet.schedules.definition import Exclusion, Pause
from jobnet.schedules.occurrence import OccurrenceEnd
from jobnet.schedules.ways import RuleDays, known_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Why nothing starts on a day."""

    end: OccurrenceEnd
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences:
    """The exclusions and pauses of one schedule; ``dates`` are exclusions by single days."""

    dates: Mapping[int, int]
    ordered: Sequence[int]
    rules: tuple[tuple[int, RuleDays], ...]
    calendars: tuple[tuple[int, Calendar], ...]
    pauses: tuple[Pause, ...]

    @classmethod
    def of(
        cls,
        exclude: Sequence[Exclusion],
        pauses: tuple[Pause, ...],
        *,
        calendar: Calendar,
        exclusions: Mapping[str, Calendar],
    ) -> Self:
        """Return the absences; ``exclusions`` has the calendars that are named."""
        dates: dict[int, int] = {}
        rules, calendars = [], []
        for place, exclusion in enumerate(exclude):
            if exclusion.calendar is not None:
                calendars.append((place, exclusions[exclusion.calendar]))
            if exclusion.days is not None and is_plain(exclusion.days):
                dates |= {day.toordinal(): place for day in exclusion.days.dates}
            elif exclusion.days is not None:
                rules.append((place, RuleDays.of(_standing(exclusion.days), calendar)))
        return cls(
            dates=dates,
            ordered=sorted(dates),
            rules=tuple(rules),
            calendars=tuple(calendars),
            pauses=pauses,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is excluded or paused, ever."""
        return not (self.dates or self.rules or self.calendars or self.pauses)

    @property
    def rule_days(self) -> list[RuleDays]:
        """The days of exclusions that are rules."""
        return [days for _, days in self.rules]

    @property
    def named_calendars(self) -> list[Calendar]:
        """The calendars whose closed days are excluded."""
        return [calendar for _, calendar in self.calendars]

    def known(self) -> Iterator[tuple[Calendar, range]]:
        """Yield by calendar the days of which the exclusions can be told for certain."""
        for days in self.rule_days:
            yield days.calendar, days.certain()
        for calendar in self.named_calendars:
            yield calendar, known_days(calendar)

    def between(self, first: int, last: int) -> dict[int, Absence]:
        """Return the days from first to last on which nothing starts, and why."""
        found: dict[int, Absence] = {}
        for pause in self.pauses:
            self._add_pause(found, pause, first, last)
        for place, calendar in self.calendars:
            opened = calendar.open_ordinals(date.fromordinal(first), date.fromordinal(last))
            for day in sorted(set(range(first, last + 1)).difference(opened)):
                shown = date.fromordinal(day)
                verdict = calendar.state_of(shown)
                found[day] = _excluded(place, f"{shown_day(shown)} is {verdict}")
        for place, days in self.rules:
            for day in days.days(first, last):
                found[day] = _excluded(place, shown_day(date.fromordinal(day)))
        for day in self.ordered[
            bisect_left(self.ordered, first) : bisect_right(self.ordered, last)
        ]:
            found[day] = _excluded(self.dates[day], shown_day(date.fromordinal(day)))
        return found

    def _add_pause(self, found: dict[int, Absence], pause: Pause, first: int, last: int) -> None:
        begin = first if pause.first is None else max(first, pause.first.toordinal())
        end = last if pause.last is None else min(last, pause.last.toordinal())
        since = f" from {pause.first}" if pause.first else ""
        until = f" to {pause.last}" if pause.last else ""
        absence = Absence(end=OccurrenceEnd.PAUSED, step=f"paused{since}{until}")
        found.update(dict.fromkeys(range(begin, end + 1), absence))


def is_plain(rule: DayRule) -> bool:
    """Return whether a rule names single dates and nothing else."""
    return rule == DayRule(dates=rule.dates) if rule.dates else False


def _standing(rule: DayRule) -> DayRule:
    """Return the rule so that it also names closed days, if it does not say otherwise."""
    if rule.on_closed_day is None and rule.policy is ClosedDayPolicy.SKIP:
        return replace(rule, on_closed_day=ClosedDayPolicy.RUN)
    return rule


def _excluded(place: int, what: str) -> Absence:
    return Absence(end=OccurrenceEnd.EXCLUDED, step=f"excluded by exclusion {place + 1}: {what}")
