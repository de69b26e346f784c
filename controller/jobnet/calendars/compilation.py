"""Makes a calendar of its definition and of the definitions that it extends.

Everything that can be wrong with the chain is found here, before the first day is asked for:
a missing parent, a circle, a country nobody knows, validities that never overlap.
"""

import difflib
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.clock import MIDNIGHT
from jobnet.calendars.days import DayVerdict, Layer
from jobnet.calendars.definition import CalendarDefinition
from jobnet.calendars.instants import find_zone
from jobnet.calendars.layers import LayeredDays, OpenWeekdays
from jobnet.calendars.national_holidays import check_rule
from jobnet.errors.calendars import (
    CalendarCycle,
    CalendarIncomplete,
    CalendarRefused,
    CalendarTooDeep,
    CalendarUnknown,
)

ANCESTORS_MAX = 16

_MONTHS_OF_A_YEAR = 12
_Value = TypeVar("_Value")


def compile_calendar(
    definition: CalendarDefinition, *, parents: Mapping[str, CalendarDefinition] | None = None
) -> Calendar:
    """Return the calendar; ``parents`` finds definitions by what ``extends`` says.

    Zone, base time and month start come from the nearest calendar that gives one. Validity
    narrows: a day must be valid in every calendar of the chain, because each has its say.
    """
    chain = _chain(definition, parents or {})
    source = _merge(chain)
    if source.week is None and len(source.months) < _MONTHS_OF_A_YEAR:
        raise CalendarIncomplete(definition.name)
    valid_from, valid_to = _validity(chain)
    zone = _nearest(chain, lambda link: link.timezone)
    if zone is not None:
        find_zone(zone)
    return Calendar(
        name=definition.name,
        source=source,
        zone=zone,
        base_time=_nearest(chain, lambda link: link.base_time) or MIDNIGHT,
        month_starts_on=_nearest(chain, lambda link: link.month_starts_on) or 1,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _chain(
    definition: CalendarDefinition, parents: Mapping[str, CalendarDefinition]
) -> tuple[CalendarDefinition, ...]:
    """Return the definition and its ancestors, the nearest first."""
    chain = [definition]
    names = [definition.name]
    while (extends := chain[-1].extends) is not None:
        if extends not in parents:
            near = difflib.get_close_matches(extends[:100], sorted(parents), n=2)
            raise CalendarUnknown(extends, extended_by=chain[-1].name, near=near)
        parent = parents[extends]
        if any(parent is link or parent == link for link in chain):
            raise CalendarCycle([*names, extends])
        if len(chain) > ANCESTORS_MAX:
            raise CalendarTooDeep(definition.name, ancestors_max=ANCESTORS_MAX)
        chain.append(parent)
        names.append(extends)
    return tuple(chain)


def _merge(chain: tuple[CalendarDefinition, ...]) -> LayeredDays:
    """Return the layers of the whole chain, where the nearer calendar overlays the farther."""
    week: OpenWeekdays | None = None
    months: dict[int, OpenWeekdays] = {}
    days: dict[date, DayVerdict] = {}
    for link in reversed(chain):
        if link.week is not None:
            week = OpenWeekdays(open=link.week, calendar=link.name)
        for month, weekdays in link.months.items():
            months[month] = OpenWeekdays(open=weekdays, calendar=link.name)
        for day, state in link.days.items():
            days[day] = DayVerdict(state=state, layer=Layer.SINGLE_DATE, calendar=link.name)
    rules = tuple((link.holidays, link.name) for link in chain if link.holidays is not None)
    for rule, _ in rules:
        check_rule(rule)
    return LayeredDays(week=week, months=months, holidays=rules, days=days)


def _validity(chain: tuple[CalendarDefinition, ...]) -> tuple[date | None, date | None]:
    first = max((link.valid_from for link in chain if link.valid_from), default=None)
    last = min((link.valid_to for link in chain if link.valid_to), default=None)
    if first and last and first > last:
        problem = (
            f"together with the calendars it extends, it would begin on {first} and end on {last};"
            " no day is valid in all of them."
        )
        raise CalendarRefused(chain[0].name, field="valid", problem=problem)
    return first, last


def _nearest(
    chain: tuple[CalendarDefinition, ...], pick: Callable[[CalendarDefinition], _Value | None]
) -> _Value | None:
    return next((value for link in chain if (value := pick(link)) is not None), None)
