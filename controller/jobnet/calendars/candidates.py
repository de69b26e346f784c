"""Decides whether a day is one that a rule names, before anything is moved.

In a calendar with logical months, ``last``, n-th weekdays and n-th open days count inside the
logical month, while a plain ``15`` is the 15th that every wall calendar shows.
"""

from datetime import date

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.day_rule import Cycle, CycleUnit, DayRule, NthWeekday
from jobnet.calendars.days import DayState
from jobnet.calendars.months import last_of_month
from jobnet.errors.calendars import SpanTooLong

OPEN_DAY_CYCLE_DAYS_MAX = 36_600

_DAYS_OF_A_WEEK = 7
_MONTHS_OF_A_YEAR = 12


def is_candidate(rule: DayRule, day: date, calendar: Calendar) -> bool:
    """Return whether the rule names this day."""
    if rule.months and calendar.month_of(day).month not in rule.months:
        return False
    if rule.state is not None:
        return calendar.is_open(day) is (rule.state is DayState.OPEN)
    if rule.text is not None:
        return rule.text.is_day(day)
    if rule.every is not None:
        return _is_in_cycle(rule.every, day, calendar)
    if rule.nth_open_day or rule.nth_closed_day:
        return _is_nth_of_its_kind(rule, day, calendar)
    if rule.day_of_month:
        return _is_month_day(rule.day_of_month, day, calendar)
    if rule.nth_weekday:
        return any(_is_nth_weekday(nth, day, calendar) for nth in rule.nth_weekday)
    return day in rule.dates if rule.dates else True


def _is_nth_of_its_kind(rule: DayRule, day: date, calendar: Calendar) -> bool:
    if calendar.is_open(day) is not bool(rule.nth_open_day):
        return False
    month = calendar.month_of(day)
    if rule.nth_open_day:
        return any(calendar.nth_open_day(month, nth) == day for nth in rule.nth_open_day)
    return any(calendar.nth_closed_day(month, nth) == day for nth in rule.nth_closed_day)


def _is_month_day(numbers: tuple[int, ...], day: date, calendar: Calendar) -> bool:
    to_end = day.toordinal() - calendar.days_of(calendar.month_of(day)).stop
    return day.day in numbers or to_end in numbers


def _is_nth_weekday(rule: NthWeekday, day: date, calendar: Calendar) -> bool:
    if day.weekday() != rule.weekday:
        return False
    days, ordinal = calendar.days_of(calendar.month_of(day)), day.toordinal()
    if rule.nth > 0:
        return rule.nth == (ordinal - days.start) // _DAYS_OF_A_WEEK + 1
    return -rule.nth == (days.stop - 1 - ordinal) // _DAYS_OF_A_WEEK + 1


def _is_in_cycle(cycle: Cycle, day: date, calendar: Calendar) -> bool:
    if day < cycle.start:
        return False
    match cycle.unit:
        case CycleUnit.DAY:
            return (day - cycle.start).days % cycle.n == 0
        case CycleUnit.WEEK:
            return (day - cycle.start).days % (cycle.n * _DAYS_OF_A_WEEK) == 0
        case CycleUnit.MONTH:
            return _is_same_day_of(cycle, day, months=cycle.n)
        case CycleUnit.YEAR:
            return _is_same_day_of(cycle, day, months=cycle.n * _MONTHS_OF_A_YEAR)
        case CycleUnit.OPEN_DAY:
            return _is_nth_open_since(cycle, day, calendar)


def _is_same_day_of(cycle: Cycle, day: date, *, months: int) -> bool:
    years, month = day.year - cycle.start.year, day.month - cycle.start.month
    number = min(cycle.start.day, last_of_month(day.year, day.month))
    return day.day == number and (years * _MONTHS_OF_A_YEAR + month) % months == 0


def _is_nth_open_since(cycle: Cycle, day: date, calendar: Calendar) -> bool:
    if not calendar.is_open(day):
        return False
    if (day - cycle.start).days > OPEN_DAY_CYCLE_DAYS_MAX:
        raise SpanTooLong(cycle.start, day, days_max=OPEN_DAY_CYCLE_DAYS_MAX)
    return (len(calendar.open_days_between(cycle.start, day)) - 1) % cycle.n == 0
