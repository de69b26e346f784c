"""Merges the layers of a calendar with those of the calendars that it extends.

Every day on which some calendar of the chain gets a new version begins a source of its own, of
the layers in force from then on. Most calendars have one.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from jobnet.calendars.days import DaySource, DayVerdict, Layer, Weekday
from jobnet.calendars.definition import CalendarDefinition
from jobnet.calendars.layers import LayeredDays, ObservedHolidays, OpenWeekdays
from jobnet.calendars.national_holidays import HolidayRule, check_rule
from jobnet.calendars.versions import VersionedDays, version_words
from jobnet.errors.calendars import CalendarIncomplete

_MONTHS_OF_A_YEAR = 12


def merged(chain: tuple[CalendarDefinition, ...], base: DaySource | None) -> DaySource:
    """Return the layers of the whole chain, where the nearer calendar overlays the farther.

    ``base`` is what the last calendar of the chain is derived of, if it is.
    """
    days = _single_dates(chain)
    starts = tuple(sorted({version.start for link in chain for version in link.versions}))
    sources = tuple(_layers(chain, start, days=days, base=base) for start in (None, *starts))
    for source in sources:
        if source.base is None and source.week is None and len(source.months) < _MONTHS_OF_A_YEAR:
            raise CalendarIncomplete(chain[0].name)
    return sources[0] if not starts else VersionedDays(starts=starts, sources=sources)


def _single_dates(chain: tuple[CalendarDefinition, ...]) -> dict[date, DayVerdict]:
    return {
        day: DayVerdict(state=state, layer=Layer.SINGLE_DATE, calendar=link.name)
        for link in reversed(chain)
        for day, state in link.days.items()
    }


def _layers(
    chain: tuple[CalendarDefinition, ...],
    start: date | None,
    *,
    days: dict[date, DayVerdict],
    base: DaySource | None,
) -> LayeredDays:
    """Return the layers in force on the day ``start``; None is before all versions."""
    found = LayeredDays(week=None, months={}, holidays=(), days=days, base=base)
    for link in reversed(chain):
        found = _overlaid(found, link, start)
    for observed in found.holidays:
        check_rule(observed.rule)
    return found


def _overlaid(below: LayeredDays, link: CalendarDefinition, start: date | None) -> LayeredDays:
    """Return the layers with those that one calendar has in force laid over them."""
    week = _weekdays(link.week, link.name)
    months = _months(link.months, link.name)
    holidays = _observed(link.holidays, link.name)
    for version in link.versions:
        if start is None or version.start > start:
            break
        words = version_words(version.start)
        week = _weekdays(version.week, link.name, words) or week
        holidays = _observed(version.holidays, link.name, words) or holidays
        if version.months is not None:
            months = _months(version.months, link.name, words)
    return replace(
        below,
        week=week or below.week,
        base=below.base if week is None else None,
        months={**below.months, **months},
        holidays=(*holidays, *below.holidays),
    )


def _weekdays(
    week: frozenset[Weekday] | None, calendar: str, version: str = ""
) -> OpenWeekdays | None:
    return None if week is None else OpenWeekdays(open=week, calendar=calendar, version=version)


def _months(
    months: Mapping[int, frozenset[Weekday]], calendar: str, version: str = ""
) -> dict[int, OpenWeekdays]:
    return {
        month: OpenWeekdays(open=week, calendar=calendar, version=version)
        for month, week in months.items()
    }


def _observed(
    rule: HolidayRule | None, calendar: str, version: str = ""
) -> tuple[ObservedHolidays, ...]:
    if rule is None:
        return ()
    return (ObservedHolidays(rule=rule, calendar=calendar, version=version),)
