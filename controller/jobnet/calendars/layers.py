"""Decides what a day is from the layers of a calendar and of the calendars that it extends.

The strongest layer that says anything about the day decides: single dates, then national
holidays, then the weekdays of its month, then the standard week. Within one layer the nearer
calendar wins, and what it leaves unspecified comes from the one it extends. So a branch office
with a week of its own still keeps the holidays and the single dates of its group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobnet.calendars.days import DayState, DayVerdict, Layer, Weekday
from jobnet.calendars.national_holidays import HolidayRule, holidays_of, years_known


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWeekdays:
    """The weekdays that are open in a week, and the calendar that says so."""

    open: frozenset[Weekday]
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredDays:
    """A day source of merged layers. ``holidays`` are in order, the nearest calendar first."""

    week: OpenWeekdays | None
    months: Mapping[int, OpenWeekdays]
    holidays: tuple[tuple[HolidayRule, str], ...]
    days: Mapping[date, DayVerdict]

    @property
    def known(self) -> tuple[date, date]:
        """The years for which every national holiday is known."""
        years = [years_known(rule.country) for rule, _ in self.holidays]
        first = max((first for first, _ in years), default=date.min.year)
        last = min((last for _, last in years), default=date.max.year)
        return date(first, 1, 1), date(last, 12, 31)

    def verdict(self, day: date) -> DayVerdict:
        """Return what the strongest layer says about the day."""
        return self.days.get(day) or self._holiday_verdict(day) or self._weekday_verdict(day)

    def _holiday_verdict(self, day: date) -> DayVerdict | None:
        """Return the closed holiday; None on ordinary days and where the nearest rule lifts it."""
        for rule, calendar in self.holidays:
            name = holidays_of(rule.country, rule.subdivision, day.year).get(day)
            if name is None:
                continue
            if not rule.closed:
                return None
            detail = f"{name} ({rule.country})"
            return DayVerdict(
                state=DayState.CLOSED, layer=Layer.HOLIDAY, calendar=calendar, detail=detail
            )
        return None

    def _weekday_verdict(self, day: date) -> DayVerdict:
        layer, weekdays = Layer.MONTH, self.months.get(day.month)
        if weekdays is None:
            layer, weekdays = Layer.WEEK, self.week
        assert weekdays is not None, "compile_calendar refuses a calendar without a week"
        state = DayState.OPEN if day.weekday() in weekdays.open else DayState.CLOSED
        return DayVerdict(state=state, layer=layer, calendar=weekdays.calendar)


@dataclass(frozen=True, slots=True)
class EveryDay:
    """The day source of those who have no calendar."""

    @property
    def known(self) -> tuple[date, date]:
        """All days that there are."""
        return date.min, date.max

    def verdict(self, day: date) -> DayVerdict:
        """Return that the day is open, whichever it is."""
        return DayVerdict(state=DayState.OPEN, layer=Layer.EVERY_DAY, calendar="")
