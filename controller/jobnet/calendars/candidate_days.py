"""Lists the days of a span that a rule names, without asking for every day by itself.

It gives what ``is_candidate`` gives, day by day; a month of which the calendar knows only a
part is asked day by day indeed, so that it is refused where it has to be.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.candidates import OPEN_DAY_CYCLE_DAYS_MAX, is_candidate
from jobnet.calendars.day_rule import Cycle, CycleUnit, DayRule, NthWeekday
from jobnet.calendars.days import DayState
from jobnet.calendars.months import Month, last_of_month

_DAYS_OF_A_WEEK = 7
_MONTHS_OF_A_YEAR = 12
_SPANS_KEPT_MAX = 256
_MonthDays = tuple[Month, range]


class CandidateDays:
    """The candidates of one rule on one calendar, as ordinals; asked twice it answers the same."""

    def __init__(self, rule: DayRule, calendar: Calendar) -> None:
        self._rule = rule
        self._calendar = calendar
        self._dates = sorted(day.toordinal() for day in rule.dates)
        first, last = calendar.source.known
        self._known = range(
            max(first, calendar.valid_from or first).toordinal(),
            min(last, calendar.valid_to or last).toordinal() + 1,
        )
        self._list = self._way_to_list()

    def between(self, first: int, last: int) -> Sequence[int]:
        """Return the candidates from first to last, both included, ascending."""
        if first > last:
            return ()
        found = self._list(first, last)
        if not self._rule.months or self._list == self._in_months:
            return found
        months = self._rule.months
        month_of = self._calendar.month_of
        return [one for one in found if month_of(date.fromordinal(one)).month in months]

    def _way_to_list(self) -> Callable[[int, int], Sequence[int]]:
        rule = self._rule
        if rule.state is not None:
            return self._open if rule.state is DayState.OPEN else self._one_by_one
        if rule.dates:
            return self._of_dates
        if rule.text is not None:
            return self._one_by_one
        if rule.every is not None:
            return self._of_cycle
        if len(rule.day_of_month) == 1 and rule.day_of_month[0] < 0:
            return self._from_month_end
        return self._in_months

    def _open(self, first: int, last: int) -> Sequence[int]:
        return self._calendar.open_ordinals(date.fromordinal(first), date.fromordinal(last))

    def _one_by_one(self, first: int, last: int) -> list[int]:
        rule, calendar = self._rule, self._calendar
        days = map(date.fromordinal, range(first, last + 1))
        return [day.toordinal() for day in days if is_candidate(rule, day, calendar)]

    def _of_dates(self, first: int, last: int) -> list[int]:
        return self._dates[bisect_left(self._dates, first) : bisect_right(self._dates, last)]

    def _of_cycle(self, first: int, last: int) -> Sequence[int]:
        cycle = self._rule.every
        assert cycle is not None, "it is the word of this rule"
        start = cycle.start.toordinal()
        if cycle.unit is CycleUnit.OPEN_DAY:
            return self._of_open_days(cycle, first, last)
        if cycle.unit in (CycleUnit.MONTH, CycleUnit.YEAR):
            return list(_in_cycle_of_months(cycle, max(first, start), last))
        step = cycle.n * (_DAYS_OF_A_WEEK if cycle.unit is CycleUnit.WEEK else 1)
        begin = start if first <= start else first + (start - first) % step
        return range(begin, last + 1, step)

    def _of_open_days(self, cycle: Cycle, first: int, last: int) -> Sequence[int]:
        start = cycle.start.toordinal()
        if last < start:
            return ()
        if last - start > OPEN_DAY_CYCLE_DAYS_MAX or start not in self._known:
            return self._one_by_one(first, last)
        opened = self._calendar.open_ordinals(cycle.start, date.fromordinal(last))[:: cycle.n]
        return opened[bisect_left(opened, first) :]

    def _from_month_end(self, first: int, last: int) -> list[int]:
        (number,) = self._rule.day_of_month
        months = self._months(first, last)
        found = [days.stop + number for _, days in months if days.stop + number >= days.start]
        return found[bisect_left(found, first) : bisect_right(found, last)]

    def _in_months(self, first: int, last: int) -> list[int]:
        found: list[int] = []
        wanted, months = self._rule.months, self._months(first, last)
        pick = self._way_to_pick(months, first, last)
        for month, days in months:
            if not wanted or month.month in wanted:
                found.extend(pick(days))
        if found and (found[0] < first or found[-1] > last):
            return found[bisect_left(found, first) : bisect_right(found, last)]
        return found

    def _months(self, first: int, last: int) -> tuple[_MonthDays, ...]:
        calendar = self._calendar
        begin = calendar.month_of(date.fromordinal(first))
        end = calendar.month_of(date.fromordinal(last))
        return _months_between(begin, end, calendar.month_starts_on)

    def _way_to_pick(
        self, months: tuple[_MonthDays, ...], first: int, last: int
    ) -> Callable[[range], Sequence[int]]:
        rule = self._rule
        if rule.nth_open_day or rule.nth_closed_day:
            known = self._known
            begin = max(months[0][1].start, known.start)
            end = min(months[-1][1].stop, known.stop) - 1
            opened = self._open(begin, end) if begin <= end else ()
            return lambda days: (
                self._nth_of_its_kind(days, opened)
                if known.start <= days.start and days.stop <= known.stop
                else self._one_by_one(max(first, days.start), min(last, days.stop - 1))
            )
        if rule.day_of_month:
            return lambda days: _month_days(rule.day_of_month, days)
        if rule.nth_weekday:
            return lambda days: _nth_weekdays(rule.nth_weekday, days)
        return lambda days: days

    def _nth_of_its_kind(self, days: range, opened: Sequence[int]) -> Sequence[int]:
        here = opened[bisect_left(opened, days.start) : bisect_left(opened, days.stop)]
        if self._rule.nth_closed_day:
            skipped = frozenset(here)
            here = [one for one in days if one not in skipped]
        numbers = self._rule.nth_open_day or self._rule.nth_closed_day
        if len(numbers) == 1:
            (nth,) = numbers
            place = nth - 1 if nth > 0 else len(here) + nth
            return (here[place],) if 0 <= place < len(here) else ()
        places = {nth - 1 if nth > 0 else len(here) + nth for nth in numbers}
        return [here[place] for place in sorted(places) if 0 <= place < len(here)]


@lru_cache(maxsize=_SPANS_KEPT_MAX)
def _months_between(first: Month, last: Month, starts_on: int) -> tuple[_MonthDays, ...]:
    """Return the logical months from first to last with their days as ordinals."""
    begin, end = (month.year * _MONTHS_OF_A_YEAR + month.month - 1 for month in (first, last))
    months = (
        Month(number // _MONTHS_OF_A_YEAR, number % _MONTHS_OF_A_YEAR + 1)
        for number in range(begin, end + 1)
    )
    return tuple((month, month.ordinals(starts_on=starts_on)) for month in months)


def _month_days(numbers: tuple[int, ...], days: range) -> Sequence[int]:
    """Return the days with these numbers of the wall calendar, or counted from the month's end."""
    from_end = {days.stop + number for number in numbers if number < 0}
    wanted = {number for number in numbers if number > 0}
    if not wanted:
        return sorted(from_end.intersection(days))
    return [one for one in days if one in from_end or date.fromordinal(one).day in wanted]


def _nth_weekdays(rules: tuple[NthWeekday, ...], days: range) -> list[int]:
    found: set[int] = set()
    for rule in rules:
        if rule.nth > 0:
            first = days.start + (rule.weekday - _weekday(days.start)) % _DAYS_OF_A_WEEK
            found.add(first + (rule.nth - 1) * _DAYS_OF_A_WEEK)
        else:
            last = days.stop - 1 - (_weekday(days.stop - 1) - rule.weekday) % _DAYS_OF_A_WEEK
            found.add(last + (rule.nth + 1) * _DAYS_OF_A_WEEK)
    return sorted(found.intersection(days))


def _in_cycle_of_months(cycle: Cycle, first: int, last: int) -> Iterator[int]:
    if first > last:
        return
    months = cycle.n * (_MONTHS_OF_A_YEAR if cycle.unit is CycleUnit.YEAR else 1)
    start = cycle.start.year * _MONTHS_OF_A_YEAR + cycle.start.month - 1
    begin, end = date.fromordinal(first), date.fromordinal(last)
    number = begin.year * _MONTHS_OF_A_YEAR + begin.month - 1
    number += (start - number) % months
    while number <= end.year * _MONTHS_OF_A_YEAR + end.month - 1:
        year, month = number // _MONTHS_OF_A_YEAR, number % _MONTHS_OF_A_YEAR + 1
        found = date(year, month, min(cycle.start.day, last_of_month(year, month))).toordinal()
        if first <= found <= last:
            yield found
        number += months


def _weekday(ordinal: int) -> int:
    """Return Monday as 0; the ordinal 1 is a Monday."""
    return (ordinal - 1) % _DAYS_OF_A_WEEK
