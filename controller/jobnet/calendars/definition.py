"""Holds what a calendar document says, before anything is inherited or looked up.

A value that is None was not written, and comes from the calendar that this one extends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jobnet.calendars.clock import ClockTime
from jobnet.calendars.days import DayState, Weekday
from jobnet.calendars.months import MONTH_STARTS_ON_MAX
from jobnet.calendars.national_holidays import HolidayRule
from jobnet.errors.calendars import CalendarRefused

BASE_TIME_SECONDS_MAX = 24 * 3600 - 1

_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDefinition:
    """One calendar document. ``week`` and each of ``months`` (1 to 12) name the open weekdays.

    ``extends`` is the name under which ``compile_calendar`` is given the other definition.
    """

    name: str
    folder: str = ""
    title: str = ""
    extends: str | None = None
    week: frozenset[Weekday] | None = None
    months: Mapping[int, frozenset[Weekday]] = field(default_factory=dict)
    holidays: HolidayRule | None = None
    days: Mapping[date, DayState] = field(default_factory=dict)
    base_time: ClockTime | None = None
    month_starts_on: int | None = None
    timezone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            self._refuse("valid", f"{self.valid_from} is after {self.valid_to}; swap the two days.")
        if self.base_time and self.base_time.seconds > BASE_TIME_SECONDS_MAX:
            self._refuse("base_time", f"{self.base_time} is no time of one day; stay below 24:00.")
        starts_on = self.month_starts_on
        if starts_on is not None and not 1 <= starts_on <= MONTH_STARTS_ON_MAX:
            self._refuse(
                "month_starts_on",
                f"not every month has such a day; write a number from 1 to {MONTH_STARTS_ON_MAX}.",
            )
        if unknown := sorted(set(self.months).difference(_MONTHS)):
            self._refuse("months", f"there is no month {unknown[0]}; months are 1 to 12.")

    def _refuse(self, field_name: str, problem: str) -> None:
        raise CalendarRefused(self.name, field=field_name, problem=problem)
