"""Puts a schedule together with its calendars and zones, and refuses what can never be right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NoReturn

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, CycleUnit, DayRule, find_zone
from jobnet.calendars.candidate_days import CandidateDays
from jobnet.errors.schedules import ScheduleRefused
from jobnet.schedules.absences import Absences
from jobnet.schedules.compiled import CompiledSchedule
from jobnet.schedules.definition import ScheduleDefinition, ScheduleRule
from jobnet.schedules.planning import CompiledRule
from jobnet.schedules.rule_times import RuleTimes
from jobnet.schedules.ways import RuleDays, known_days

RULES_MAX = 1_000
EXCLUSIONS_MAX = 10_000
PAUSES_MAX = 1_000
NETWORKS_MAX = 1_000

# 28 years hold every kind of year: what names no day in them never does.
_EVERY_KIND_OF_YEAR = date(2000, 1, 1).toordinal(), date(2027, 12, 31).toordinal()
_MONTHS_OF_A_YEAR = 12


def compile_schedule(
    definition: ScheduleDefinition,
    *,
    calendar: Calendar | None = None,
    exclusions: Mapping[str, Calendar] | None = None,
    zones: Mapping[str, str],
) -> CompiledSchedule:
    """Return the schedule, ready to be asked.

    ``calendar`` is the one that it names (None: every day is open), ``exclusions`` those that
    ``exclude`` names, ``zones`` the zone of every network, already decided by whoever calls.
    """
    calendar = EVERY_DAY_OPEN if calendar is None else calendar
    _check_sizes(definition)
    _check_spans(definition)
    known = exclusions or {}
    for place, exclusion in enumerate(definition.exclude):
        if exclusion.calendar is not None and exclusion.calendar not in known:
            problem = f"there is no calendar {exclusion.calendar!r}; define it, or remove it here."
            _refuse(definition, f"exclude.{place}", problem)
    rules = tuple(
        _rule(definition, rule, place, calendar) for place, rule in enumerate(definition.rules)
    )
    return CompiledSchedule(
        definition,
        calendar=calendar,
        zones={one: find_zone(zones[one]) for one in dict.fromkeys(definition.networks)},
        rules=rules,
        absences=Absences.of(
            definition.exclude, definition.pauses, calendar=calendar, exclusions=known
        ),
    )


def _rule(
    definition: ScheduleDefinition, rule: ScheduleRule, place: int, calendar: Calendar
) -> CompiledRule:
    if not names_a_day(rule.days, calendar):
        problem = "no date is ever such a day, so it would never start anything."
        _refuse(definition, f"rules.{place}", problem)
    cycle, known = rule.days.every, known_days(calendar)
    if cycle and cycle.unit is CycleUnit.OPEN_DAY and cycle.start.toordinal() < known.start:
        begins = date.fromordinal(known.start)
        problem = (
            f"open days are counted from {cycle.start}, of which calendar {calendar.name!r} says"
            f" nothing; count from {begins} or later."
        )
        _refuse(definition, f"rules.{place}", problem)
    times = RuleTimes.of(rule, calendar, schedule=definition.name, place=place)
    names_other_days = times.text is not None and times.base > 0
    candidates = _days_of_wall_times(times, rule.days, calendar) if names_other_days else None
    days = RuleDays.of(rule.days, calendar, candidates)
    return CompiledRule(place=place, days=days, times=times)


def _days_of_wall_times(
    times: RuleTimes, rule: DayRule, calendar: Calendar
) -> Callable[[int, int], Sequence[int]]:
    """Return what lists the operating days to which the wall times of a text belong."""

    def candidates(first: int, last: int) -> list[int]:
        found = times.candidates(first, last)
        months, month_of = rule.months, calendar.month_of
        return [
            one for one in found if not months or month_of(date.fromordinal(one)).month in months
        ]

    return candidates


def names_a_day(rule: DayRule, calendar: Calendar) -> bool:
    """Return whether a rule whose word asks no calendar can ever name a day.

    Texts are refused when they are read, and what is open is another matter.
    """
    days = CandidateDays(rule, replace(EVERY_DAY_OPEN, month_starts_on=calendar.month_starts_on))
    if rule.day_of_month or rule.nth_weekday:
        return bool(days.between(*_EVERY_KIND_OF_YEAR))
    if rule.dates:
        return bool(days.between(min(rule.dates).toordinal(), max(rule.dates).toordinal()))
    cycle = rule.every
    if cycle is None or cycle.unit not in (CycleUnit.MONTH, CycleUnit.YEAR) or not rule.months:
        return True
    months = cycle.n * (_MONTHS_OF_A_YEAR if cycle.unit is CycleUnit.YEAR else 1)
    last = min(cycle.start.year + months + 1, date.max.year)
    return bool(days.between(cycle.start.toordinal(), date(last, 12, 31).toordinal()))


def _check_sizes(definition: ScheduleDefinition) -> None:
    sizes = {
        "networks": (len(definition.networks), NETWORKS_MAX),
        "rules": (len(definition.rules), RULES_MAX),
        "exclude": (len(definition.exclude), EXCLUSIONS_MAX),
        "pause": (len(definition.pauses), PAUSES_MAX),
    }
    for field, (size, most) in sizes.items():
        if size > most:
            problem = f"{size} are written, and {most} are taken; divide the schedule."
            _refuse(definition, field, problem)


def _check_spans(definition: ScheduleDefinition) -> None:
    spans = [("valid", definition.valid_from, definition.valid_to)]
    spans += [("pause", pause.first, pause.last) for pause in definition.pauses]
    for field, first, last in spans:
        if first is not None and last is not None and first > last:
            _refuse(definition, field, f"{first} is after {last}; swap the two days.")


def _refuse(definition: ScheduleDefinition, field: str, problem: str) -> NoReturn:
    raise ScheduleRefused(definition.name, field=field, problem=problem)
