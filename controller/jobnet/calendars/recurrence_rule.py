"""Works out the wall times of one RRULE (RFC 5545), a date at a time.

The answers are those of ``dateutil``, which is tried against them in the tests. It is not asked
at run time, because it walks from the first start on and does not come back from a rule that
never fires, or from one that fires every second. Here a date is looked at by itself: is it in a
period of the rule, do the filters let it pass, which times does it have.
"""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from jobnet.calendars.months import last_of_month

_DAYS_OF_A_WEEK = 7
_MONTHS_OF_A_YEAR = 12
_DAY_SECONDS = 86_400
_PERIODS_KEPT_MAX = 4_096


class Frequency(StrEnum):
    """The period of a rule."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"
    MINUTELY = "MINUTELY"
    SECONDLY = "SECONDLY"


SECONDS_OF = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceRule:
    """One RRULE whose missing parts were taken from its first start; weekdays count from Monday.

    ``by_day`` are pairs of place and weekday, place 0 is every one. ``until`` is the last wall
    time; a COUNT has become one (see ``recurrence_text``).
    """

    frequency: Frequency
    start: datetime
    interval: int = 1
    until: datetime | None = None
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def seconds_of(self, day: date) -> tuple[int, ...]:
        """Return the seconds since midnight at which the rule starts something on this date."""
        if day < self.start.date() or (self.until is not None and day > self.until.date()):
            return ()
        if not self.has_day(day):
            return ()
        if self.frequency in SECONDS_OF:
            found = _within_day(self, _first_period(self, day))
        elif not self.positions:
            found = times_of_day(self)
        else:
            chosen = _chosen(self, _period_first(self, day))
            found = tuple(second for ordinal, second in chosen if ordinal == day.toordinal())
        return self._bounded(day, found)

    def has_day(self, day: date) -> bool:
        """Return whether the filters let a date pass that lies in a period of the rule."""
        return _is_in_period(self, day) and passes(self, day)

    def _bounded(self, day: date, seconds: tuple[int, ...]) -> tuple[int, ...]:
        if day == self.start.date():
            first = _second_of(self.start)
            seconds = tuple(second for second in seconds if second >= first)
        if self.until is not None and day == self.until.date():
            last = _second_of(self.until)
            seconds = tuple(second for second in seconds if second <= last)
        return seconds


def passes(rule: RecurrenceRule, day: date) -> bool:
    """Return whether every filter lets this date pass, whatever its period."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day and not _is_month_day(rule, day):
        return False
    if rule.by_year_day and not _is_year_day(rule, day):
        return False
    if rule.by_week and not _is_week(rule, day):
        return False
    return not rule.by_day or any(_is_nth(rule, place, day) for place in rule.by_day)


@lru_cache(maxsize=_PERIODS_KEPT_MAX)
def times_of_day(rule: RecurrenceRule) -> tuple[int, ...]:
    """Return the seconds since midnight of a rule whose period is a day or longer."""
    return tuple(
        hour * 3600 + minute * 60 + second
        for hour in rule.by_hour
        for minute in rule.by_minute
        for second in rule.by_second
    )


def _is_in_period(rule: RecurrenceRule, day: date) -> bool:
    start = rule.start.date()
    match rule.frequency:
        case Frequency.YEARLY:
            periods = day.year - start.year
        case Frequency.MONTHLY:
            periods = (day.year - start.year) * _MONTHS_OF_A_YEAR + day.month - start.month
        case Frequency.WEEKLY:
            weeks = _week_first(day, rule.week_start) - _week_first(start, rule.week_start)
            periods = weeks // _DAYS_OF_A_WEEK
        case Frequency.DAILY:
            periods = (day - start).days
        case _:
            return True
    return periods % rule.interval == 0


def _is_month_day(rule: RecurrenceRule, day: date) -> bool:
    from_end = day.day - last_of_month(day.year, day.month) - 1
    return day.day in rule.by_month_day or from_end in rule.by_month_day


def _is_year_day(rule: RecurrenceRule, day: date) -> bool:
    number = day.timetuple().tm_yday
    from_end = number - (366 if isleap(day.year) else 365) - 1
    return number in rule.by_year_day or from_end in rule.by_year_day


def _is_week(rule: RecurrenceRule, day: date) -> bool:
    """Return whether the week has one of the numbers; a week belongs to the year of its 4th day."""
    middle = _week_first(day, rule.week_start) + 3
    year = _year_of(middle)
    first = date(year, 1, 1).toordinal()
    number = (middle - first) // _DAYS_OF_A_WEEK + 1
    last_day = date(year, 12, 31).toordinal()
    weeks = number + (last_day - middle) // _DAYS_OF_A_WEEK
    return number in rule.by_week or number - weeks - 1 in rule.by_week


def _is_nth(rule: RecurrenceRule, place: tuple[int, int], day: date) -> bool:
    nth, weekday = place
    if day.weekday() != weekday:
        return False
    if nth == 0:
        return True
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    else:
        first = day.replace(day=1)
        last = day.replace(day=last_of_month(day.year, day.month))
    if nth > 0:
        return nth == (day - first).days // _DAYS_OF_A_WEEK + 1
    return -nth == (last - day).days // _DAYS_OF_A_WEEK + 1


def _first_period(rule: RecurrenceRule, day: date) -> int:
    """Return which hour, minute or second of a date is the first period of the rule."""
    size = SECONDS_OF[rule.frequency]
    days = (day - rule.start.date()).days
    behind = days * (_DAY_SECONDS // size) - _second_of(rule.start) // size
    return -behind % rule.interval


@lru_cache(maxsize=_PERIODS_KEPT_MAX)
def _within_day(rule: RecurrenceRule, first: int) -> tuple[int, ...]:
    """Return the times of a rule whose period is shorter than a day, from its first one on."""
    size = SECONDS_OF[rule.frequency]
    found: list[int] = []
    for period in range(first, _DAY_SECONDS // size, rule.interval):
        found.extend(_picked(rule, tuple(_within_period(rule, period * size))))
    return tuple(found)


def _within_period(rule: RecurrenceRule, begin: int) -> Iterator[int]:
    hour, minute, second = begin // 3600, begin // 60 % 60, begin % 60
    if rule.by_hour and hour not in rule.by_hour:
        return
    if rule.frequency is Frequency.HOURLY:
        for one in rule.by_minute:
            yield from (begin + one * 60 + other for other in rule.by_second)
    elif rule.by_minute and minute not in rule.by_minute:
        return
    elif rule.frequency is Frequency.MINUTELY:
        yield from (begin + one for one in rule.by_second)
    elif not rule.by_second or second in rule.by_second:
        yield begin


@lru_cache(maxsize=_PERIODS_KEPT_MAX)
def _chosen(rule: RecurrenceRule, first: int) -> tuple[tuple[int, int], ...]:
    """Return the dates and times that BYSETPOS picks from the period that begins on a date."""
    days = range(first, min(_period_end(rule, first), date.max.toordinal() + 1))
    passing = [ordinal for ordinal in days if passes(rule, date.fromordinal(ordinal))]
    times = times_of_day(rule)
    count = len(passing) * len(times)
    places = {place - 1 if place > 0 else count + place for place in rule.positions}
    return tuple(
        (passing[place // len(times)], times[place % len(times)])
        for place in sorted(places)
        if 0 <= place < count
    )


def _picked(rule: RecurrenceRule, items: tuple[int, ...]) -> tuple[int, ...]:
    if not rule.positions:
        return items
    places = {place - 1 if place > 0 else len(items) + place for place in rule.positions}
    return tuple(items[place] for place in sorted(places) if 0 <= place < len(items))


def _period_first(rule: RecurrenceRule, day: date) -> int:
    match rule.frequency:
        case Frequency.YEARLY:
            return date(day.year, 1, 1).toordinal()
        case Frequency.MONTHLY:
            return day.replace(day=1).toordinal()
        case Frequency.WEEKLY:
            return max(1, _week_first(day, rule.week_start))
        case _:
            return day.toordinal()


def _period_end(rule: RecurrenceRule, first: int) -> int:
    day = date.fromordinal(first)
    match rule.frequency:
        case Frequency.YEARLY:
            return first + (366 if isleap(day.year) else 365)
        case Frequency.MONTHLY:
            return first + last_of_month(day.year, day.month)
        case Frequency.WEEKLY:
            return first + _DAYS_OF_A_WEEK
        case _:
            return first + 1


def _week_first(day: date, week_start: int) -> int:
    return day.toordinal() - (day.weekday() - week_start) % _DAYS_OF_A_WEEK


def _year_of(ordinal: int) -> int:
    inside = min(max(ordinal, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(inside).year


def _second_of(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
