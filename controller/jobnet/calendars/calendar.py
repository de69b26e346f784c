"""Answers what is asked of a calendar: is a day open, which is the next open one, the n-th.

A calendar is a value without clock or state; asked twice it answers the same. Outside its
validity nothing is open or closed: every question that touches such a day is refused, also a
search that runs into it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from jobnet.calendars.clock import MIDNIGHT, ClockTime
from jobnet.calendars.days import DaySource, DayVerdict
from jobnet.calendars.layers import EveryDay
from jobnet.calendars.months import MONTH_DAYS_MAX, Month
from jobnet.calendars.open_years import OPEN, UNASKED, OpenYear, keep_year, open_year
from jobnet.errors.calendars import CalendarEnds, DayNumberRefused, NoOpenDay, SpanTooLong

SEARCH_DAYS_MAX = 3660
SPAN_DAYS_MAX = 36_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are open. ``zone`` None means that a network or the installation decides."""

    name: str
    source: DaySource
    zone: str | None = None
    base_time: ClockTime = MIDNIGHT
    month_starts_on: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    _years: dict[int, OpenYear] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_open(self, day: date) -> bool:
        """Return whether the day is open."""
        year = self._years.get(day.year) or self._year(day.year)
        flag = year.flags[day.toordinal() - year.start]
        return self.state_of(day).is_open if flag == UNASKED else flag == OPEN

    def open_ordinals(self, first: date, last: date) -> tuple[int, ...]:
        """Return the ordinals of the open days from first to last, both included.

        It is ``open_days_between`` for those who ask for many years, and much faster: a year is
        worked out once. A span of more than ``SPAN_DAYS_MAX`` days, or one that touches a day of
        which the calendar says nothing, is refused.
        """
        begin, end = first.toordinal(), last.toordinal()
        if end - begin >= SPAN_DAYS_MAX:
            raise SpanTooLong(first, last, days_max=SPAN_DAYS_MAX)
        if begin > end:
            return ()
        if not self.covers(first) or not self.covers(last):
            days = map(date.fromordinal, range(begin, end + 1))
            return tuple(day.toordinal() for day in days if self.is_open(day))
        years = (self._year(year).ordinals for year in range(first.year, last.year + 1))
        found = tuple(chain.from_iterable(years))
        return found[bisect_left(found, begin) : bisect_right(found, end)]

    def state_of(self, day: date) -> DayVerdict:
        """Return whether the day is open, and which layer of which calendar says so."""
        before = self.valid_from is not None and day < self.valid_from
        if before or (self.valid_to is not None and day > self.valid_to):
            raise CalendarEnds(
                self.name, day=day, valid_from=self.valid_from, valid_to=self.valid_to
            )
        return self.source.verdict(day)

    @property
    def covered(self) -> tuple[date, date]:
        """The first and the last day about which the calendar can say anything."""
        first, last = self.source.known
        return max(first, self.valid_from or first), min(last, self.valid_to or last)

    def covers(self, day: date) -> bool:
        """Return whether the calendar can say anything about the day."""
        first, last = self.covered
        return first <= day <= last

    def next_open_day(self, day: date) -> date:
        """Return the first open day after this one."""
        start, end = day.toordinal() + 1, day.toordinal() + SEARCH_DAYS_MAX
        found = self._first_open(range(start, min(end, date.max.toordinal()) + 1))
        if found is None:
            raise NoOpenDay(self.name, day=day, direction="after", days_max=SEARCH_DAYS_MAX)
        return found

    def previous_open_day(self, day: date) -> date:
        """Return the last open day before this one."""
        start, end = day.toordinal() - 1, day.toordinal() - SEARCH_DAYS_MAX
        found = self._first_open(range(start, max(end, date.min.toordinal()) - 1, -1))
        if found is None:
            raise NoOpenDay(self.name, day=day, direction="before", days_max=SEARCH_DAYS_MAX)
        return found

    def open_days_from(self, day: date, count: int) -> date:
        """Return the count-th open day after this one; before it, if negative; itself for 0."""
        assert abs(count) <= SPAN_DAYS_MAX, "whoever takes a count from a document bounds it"
        move = self.next_open_day if count > 0 else self.previous_open_day
        for _ in range(abs(count)):
            day = move(day)
        return day

    def open_days_between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the open days from first to last, both included; none if last comes first."""
        return tuple(map(date.fromordinal, self.open_ordinals(first, last)))

    def month_of(self, day: date) -> Month:
        """Return the logical month of a day, which begins on ``month_starts_on``."""
        return Month.of(day, starts_on=self.month_starts_on)

    def days_of(self, month: Month) -> range:
        """Return the days of a logical month as ordinals."""
        return month.ordinals(starts_on=self.month_starts_on)

    def nth_open_day(self, month: Month, nth: int) -> date | None:
        """Return the n-th open day of the month (-1 is the last); None if it has fewer."""
        return self._nth(month, nth, is_open=True)

    def nth_closed_day(self, month: Month, nth: int) -> date | None:
        """Return the n-th closed day of the month (-1 is the last); None if it has fewer."""
        return self._nth(month, nth, is_open=False)

    def _year(self, year: int) -> OpenYear:
        if (kept := self._years.get(year)) is not None:
            return kept
        made = open_year(
            year, covered=self.covered, is_open=lambda day: self.source.verdict(day).is_open
        )
        return keep_year(self._years, year, made)

    def _nth(self, month: Month, nth: int, *, is_open: bool) -> date | None:
        if not 1 <= abs(nth) <= MONTH_DAYS_MAX:
            word = "nth_open_day" if is_open else "nth_closed_day"
            raise DayNumberRefused(nth, word=word, number_max=MONTH_DAYS_MAX)
        ordinals = self.days_of(month)
        left = abs(nth)
        for day in map(date.fromordinal, ordinals if nth > 0 else reversed(ordinals)):
            left -= self.is_open(day) is is_open
            if left == 0:
                return day
        return None

    def _first_open(self, ordinals: Iterable[int]) -> date | None:
        days = map(date.fromordinal, ordinals)
        return next((day for day in days if self.is_open(day)), None)


EVERY_DAY_OPEN = Calendar(name="every day", source=EveryDay())
