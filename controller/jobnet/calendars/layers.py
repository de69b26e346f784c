"""Decides what a day is from the layers of a calendar and of the calendars that it extends.

The strongest layer that says anything about the day decides: single dates, then national
holidays, then the weekdays of its month, then the standard week or what stands in its place.
Within one layer the nearer calendar wins, and what it leaves unspecified comes from the one it
extends. So a branch office with a week of its own still keeps the holidays and the single dates
of its group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobnet.calendars.days import DaySource, DayState, DayVerdict, Layer, Weekday
from jobnet.calendars.national_holidays import HolidayRule, holidays_of, years_known


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWeekdays:
    """The weekdays that are open in a week, the calendar that says so, and in which version."""

    open: frozenset[Weekday]
    calendar: str
    version: str = ""

    def verdict(self, day: date, layer: Layer) -> DayVerdict:
        """Return what the weekday of a day is."""
        state = DayState.OPEN if day.weekday() in self.open else DayState.CLOSED
        return DayVerdict(state=state, layer=layer, calendar=self.calendar, detail=self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedHolidays:
    """A country's holidays, the calendar that observes them, and in which version."""

    rule: HolidayRule
    calendar: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredDays:
    """A day source of merged layers. ``holidays`` are in order, the nearest calendar first.

    ``base`` takes the place of the week where the days come from other calendars.
    """

    week: OpenWeekdays | None
    months: Mapping[int, OpenWeekdays]
    holidays: tuple[ObservedHolidays, ...]
    days: Mapping[date, DayVerdict]
    base: DaySource | None = None

    @property
    def known(self) -> tuple[date, date]:
        """The years for which every national holiday is known, and the days that ``base`` knows."""
        years = [years_known(observed.rule.country) for observed in self.holidays]
        first = max((first for first, _ in years), default=date.min.year)
        last = min((last for _, last in years), default=date.max.year)
        if self.base is None:
            return date(first, 1, 1), date(last, 12, 31)
        base_first, base_last = self.base.known
        return max(date(first, 1, 1), base_first), min(date(last, 12, 31), base_last)

    def verdict(self, day: date) -> DayVerdict:
        """Return what the strongest layer says about the day."""
        return self.days.get(day) or self._holiday_verdict(day) or self._weekday_verdict(day)

    def _holiday_verdict(self, day: date) -> DayVerdict | None:
        """Return the closed holiday; None on ordinary days and where the nearest rule lifts it."""
        for observed in self.holidays:
            rule = observed.rule
            name = holidays_of(rule.country, rule.subdivision, day.year).get(day)
            if name is None:
                continue
            if not rule.closed:
                return None
            version = f", {observed.version}" if observed.version else ""
            return DayVerdict(
                state=DayState.CLOSED,
                layer=Layer.HOLIDAY,
                calendar=observed.calendar,
                detail=f"{name} ({rule.country}){version}",
            )
        return None

    def _weekday_verdict(self, day: date) -> DayVerdict:
        if (of_month := self.months.get(day.month)) is not None:
            return of_month.verdict(day, Layer.MONTH)
        if self.base is not None:
            return self.base.verdict(day)
        assert self.week is not None, "compile_calendar refuses a calendar without a week"
        return self.week.verdict(day, Layer.WEEK)


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
