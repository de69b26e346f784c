"""Looks for the first day of a rule, so that one that never comes is told beforehand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jobnet.calendars import Calendar, DayRule, matches_day
from jobnet.errors import ControllerError
from jobnet.schedules import Pause

HORIZON = timedelta(days=3 * 366)
"""So far ahead a first day is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days on which a document holds, within the horizon; empty if ``first`` is after."""

    first: date
    last: date

    @classmethod
    def of(cls, today: date, valid_from: date | None, valid_to: date | None) -> "Span":
        """Return the days from today on on which a document holds."""
        first = max(today, valid_from or today)
        far = date.fromordinal(min(first.toordinal() + HORIZON.days, date.max.toordinal()))
        return cls(first=first, last=min(far, valid_to or far))

    def __iter__(self) -> Iterator[date]:
        return map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The days that a schedule leaves out, whatever its rules say."""

    rules: Sequence[DayRule] = ()
    calendars: Sequence[Calendar] = ()
    pauses: Sequence[Pause] = ()

    def holds(self, day: date, calendar: Calendar) -> bool:
        """Return whether a day is left out."""
        return (
            any(_is_within(pause, day) for pause in self.pauses)
            or any(matches_day(rule, day, calendar) for rule in self.rules)
            or any(not one.is_open(day) for one in self.calendars)
        )


def _is_within(pause: Pause, day: date) -> bool:
    return (pause.first or day) <= day <= (pause.last or day)


def never_comes(rule: DayRule, span: Span, calendar: Calendar, without: Without) -> bool:
    """Return whether a rule has no day within a span, as far as its calendar can tell.

    Beyond the end of a calendar nobody knows; that it ends is told elsewhere.
    """
    try:
        return not any(
            matches_day(rule, day, calendar) and not without.holds(day, calendar) for day in span
        )
    except ControllerError:
        return False
