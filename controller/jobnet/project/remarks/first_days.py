"""Looks for the first day of a rule, so that one that never comes is told beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from jobnet.calendars import Calendar, DayRule, matches_day
from jobnet.errors import ControllerError
from jobnet.schedules.compiled import CompiledSchedule

YEAR_DAYS = 366
HORIZON = timedelta(days=3 * YEAR_DAYS)
"""So far ahead a first day is looked for."""
_FIRST_DAYS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from the first to the last, both included; none if ``first`` comes after ``last``."""

    first: date
    last: date

    @classmethod
    def of(cls, today: date, valid_from: date | None, valid_to: date | None) -> "Span":
        """Return the days from today on, within the horizon, on which a document holds."""
        first = max(today, valid_from or today)
        far = date.fromordinal(min(first.toordinal() + HORIZON.days, date.max.toordinal()))
        return cls(first=first, last=min(far, valid_to or far))

    @property
    def days(self) -> int:
        """How many days these are."""
        return max(0, self.last.toordinal() - self.first.toordinal() + 1)

    def within(self, first: date | None, last: date | None) -> "Span":
        """Return those of the days that lie between two others."""
        return Span(
            first=max(self.first, first or self.first), last=min(self.last, last or self.last)
        )

    def __iter__(self) -> Iterator[date]:
        return map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))


def never_starts(schedule: CompiledSchedule, span: Span) -> bool:
    """Return whether a schedule starts nothing on some days, all of which its calendars know."""
    days = iter(span)
    for size in (_FIRST_DAYS, YEAR_DAYS, HORIZON.days + 1):
        chunk = tuple(islice(days, size))
        if chunk and schedule.start_seconds(chunk[0], chunk[-1]):
            return False
    return True


def never_comes(rule: DayRule, span: Span, calendar: Calendar) -> bool:
    """Return whether a rule has no day within a span.

    Beyond the end of a calendar nobody knows; that it ends is told elsewhere.
    """
    try:
        return not any(matches_day(rule, day, calendar) for day in span)
    except ControllerError:
        return False
