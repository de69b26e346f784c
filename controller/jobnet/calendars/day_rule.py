"""Holds the day words of a schedule rule and of a calendar branch.

A rule has one word that names candidate days, may limit them to months, and may then move them:
first away from closed days, then by open days. Words that do not go together are refused here.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobnet.calendars.cron import CronText
from jobnet.calendars.days import DayState, Weekday
from jobnet.calendars.months import MONTH_DAYS_MAX
from jobnet.calendars.recurrence import Recurrence
from jobnet.errors.calendars import DayNumberRefused, DayRuleRefused, MonthDayRefused

NTH_WEEKDAY_MAX = 5
EVERY_MAX = 10_000
SHIFT_DAYS_MAX = 366
SHIFT_DAYS_DEFAULT = 7
OFFSET_OPEN_DAYS_MAX = 366
LISTED_MAX = 10_000

_LAST = re.compile(r"last(?:-([0-9]{1,2}))?")
_NUMBER = re.compile(r"[0-9]{1,2}")


class ClosedDayPolicy(StrEnum):
    """What becomes of a candidate that is a closed day."""

    SKIP = "skip"
    PREVIOUS = "previous"
    NEXT = "next"
    RUN = "run"


class CycleUnit(StrEnum):
    """What ``every`` counts in."""

    DAY = "day"
    OPEN_DAY = "open_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWeekday:
    """The n-th such weekday of a month; -1 is the last."""

    nth: int
    weekday: Weekday

    def __post_init__(self) -> None:
        _check_number(self.nth, word="nth_weekday", number_max=NTH_WEEKDAY_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Every n units, counted from the day ``start``, which is the first.

    Months and years keep the day number of ``start``; where a month is too short its last day
    is taken. Open days are counted from the first open day on or after ``start``.
    """

    n: int
    unit: CycleUnit
    start: date

    def __post_init__(self) -> None:
        if not 1 <= self.n <= EVERY_MAX:
            raise DayRuleRefused("every", problem=f"n is a number from 1 to {EVERY_MAX}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """One word (or only ``months``) and what follows it.

    ``day_of_month`` counts from 1, and -1 is the last day (see ``parse_month_day``); ``state`` is
    the plain word ``open`` or ``closed`` of a calendar branch. ``cron`` and ``rrule`` name the
    dates of their text; its times are a schedule's matter. ``on_closed_day`` None means that it
    was not written: calendar days are skipped when closed.
    """

    state: DayState | None = None
    nth_open_day: tuple[int, ...] = ()
    nth_closed_day: tuple[int, ...] = ()
    day_of_month: tuple[int, ...] = ()
    nth_weekday: tuple[NthWeekday, ...] = ()
    dates: frozenset[date] = frozenset()
    every: Cycle | None = None
    cron: CronText | None = None
    rrule: Recurrence | None = None
    months: tuple[int, ...] = ()
    on_closed_day: ClosedDayPolicy | None = None
    max_shift: int = SHIFT_DAYS_DEFAULT
    offset_open_days: int = 0

    def __post_init__(self) -> None:
        self._check_words()
        self._check_numbers()
        self._check_moves()

    @property
    def words(self) -> tuple[str, ...]:
        """The words given that name candidate days."""
        names = ("nth_open_day", "nth_closed_day", "day_of_month", "nth_weekday", "dates")
        given = tuple(name for name in names if getattr(self, name))
        given += tuple(
            name for name in ("every", "cron", "rrule") if getattr(self, name) is not None
        )
        return (*given, self.state.value) if self.state is not None else given

    @property
    def text(self) -> CronText | Recurrence | None:
        """The text that names dates and gives wall times as well, if the word is such a one."""
        return self.cron or self.rrule

    @property
    def policy(self) -> ClosedDayPolicy:
        """The closed-day policy; words that ask the calendar themselves run on what they name."""
        asks_calendar = self.state or self.nth_open_day or self.nth_closed_day
        if asks_calendar or (self.every and self.every.unit is CycleUnit.OPEN_DAY):
            return ClosedDayPolicy.RUN
        return self.on_closed_day or ClosedDayPolicy.SKIP

    def _check_words(self) -> None:
        if len(self.words) > 1:
            both = " and ".join(self.words)
            raise DayRuleRefused(
                self.words[1], problem=f"{both} stand in one rule; write a rule for each of them."
            )
        if not self.words and not self.months:
            raise DayRuleRefused(
                "words",
                problem="no day is named; write open, closed, nth_open_day, nth_closed_day,"
                " day_of_month, nth_weekday, dates, every, cron, rrule or months.",
            )

    def _check_numbers(self) -> None:
        for number in self.nth_open_day:
            _check_number(number, word="nth_open_day", number_max=MONTH_DAYS_MAX)
        for number in self.nth_closed_day:
            _check_number(number, word="nth_closed_day", number_max=MONTH_DAYS_MAX)
        for number in self.day_of_month:
            _check_number(number, word="day_of_month", number_max=MONTH_DAYS_MAX)
        if any(not 1 <= month <= 12 for month in self.months):  # noqa: PLR2004 - months of a year
            raise DayRuleRefused("months", problem="months are numbers from 1 to 12.")
        if len(self.dates) > LISTED_MAX:
            raise DayRuleRefused(
                "dates", problem=f"more than {LISTED_MAX} dates; put them into a calendar."
            )

    def _check_moves(self) -> None:
        if not 0 <= self.max_shift <= SHIFT_DAYS_MAX:
            raise DayRuleRefused(
                "max_shift", problem=f"days to search are a number from 0 to {SHIFT_DAYS_MAX}."
            )
        if abs(self.offset_open_days) > OFFSET_OPEN_DAYS_MAX:
            raise DayRuleRefused(
                "offset",
                problem=f"open_days goes from -{OFFSET_OPEN_DAYS_MAX} to {OFFSET_OPEN_DAYS_MAX}.",
            )
        if self.on_closed_day is not None and self.policy is not self.on_closed_day:
            raise DayRuleRefused(
                "on_closed_day",
                problem=f"{self.words[0]} asks the calendar itself, so no candidate needs moving;"
                " remove on_closed_day, or use offset.",
            )
        if self.state is not None and self.offset_open_days:
            raise DayRuleRefused(
                "offset", problem=f"{self.state} is no single day to count from; use nth_open_day."
            )


def parse_month_day(text: str) -> int:
    """Return the number of a day of a month; ``last`` is -1 and ``last-3`` is -4.

    >>> parse_month_day("last-3")
    -4
    """
    if match := _LAST.fullmatch(text):
        number = -1 - int(match[1] or 0)
    elif _NUMBER.fullmatch(text):
        number = int(text)
    else:
        raise MonthDayRefused(text)
    if not 1 <= abs(number) <= MONTH_DAYS_MAX:
        raise MonthDayRefused(text)
    return number


def _check_number(number: int, *, word: str, number_max: int) -> None:
    if not 1 <= abs(number) <= number_max:
        raise DayNumberRefused(number, word=word, number_max=number_max)
