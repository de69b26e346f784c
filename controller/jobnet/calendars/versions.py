"""Says which layers of a calendar document hold from which day on.

A version replaces the layers that it names, from its first day on and until a later version
replaces them again. Single dates are days already and need no version.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jobnet.calendars.days import DaySource, DayVerdict, Weekday
from jobnet.calendars.national_holidays import HolidayRule

VERSIONS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVersion:
    """The layers that change on the day ``start``; those that are None go on as before."""

    start: date
    week: frozenset[Weekday] | None = None
    months: Mapping[int, frozenset[Weekday]] | None = None
    holidays: HolidayRule | None = None

    @property
    def says_something(self) -> bool:
        """Whether any layer changes."""
        return not (self.week is None and self.months is None and self.holidays is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedDays:
    """A day source that asks the version in force; the first one holds since ever.

    ``starts`` are the first days of the versions after the first, in order.
    """

    starts: tuple[date, ...]
    sources: tuple[DaySource, ...]

    @property
    def known(self) -> tuple[date, date]:
        """The days about which the version in force on each can speak."""
        return _known(self.starts, [source.known for source in self.sources])

    def verdict(self, day: date) -> DayVerdict:
        """Return what the version in force says about the day."""
        return self.sources[bisect_right(self.starts, day)].verdict(day)


def version_words(start: date) -> str:
    """Return how a verdict names the version that decided it."""
    return f"version from {start}"


def _known(starts: tuple[date, ...], spans: Sequence[tuple[date, date]]) -> tuple[date, date]:
    """Return one span without a hole: what each version does not know cuts it off."""
    begins = (date.min, *starts)
    ends = (*(start - timedelta(days=1) for start in starts), date.max)
    first, last = date.min, date.max
    for (known_first, known_last), begin, end in zip(spans, begins, ends, strict=True):
        if known_first > begin:
            first = max(first, min(known_first, end))
        if known_last < end:
            last = min(last, max(known_last, begin))
    return first, last
