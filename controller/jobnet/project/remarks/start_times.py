"""Remarks on the starts of schedules: that never come, that a day does not have, that run out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice

from jobnet.calendars import Calendar, ClockTime, find_zone, matches_day
from jobnet.calendars.cron import clock_times
from jobnet.errors import ControllerError
from jobnet.project.nodes import entries
from jobnet.project.places import node_of_document
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.calendars import WARNED_BEFORE
from jobnet.project.remarks.compiled_calendars import CompiledCalendars
from jobnet.project.remarks.first_days import YEAR_DAYS, Span, never_starts
from jobnet.project.remarks.telling import document_remark
from jobnet.project.remarks.times import gap_days
from jobnet.project.schedule_bundles import PlannedSchedule
from jobnet.project.shelf import Document
from jobnet.schedules import ScheduleDefinition, ScheduleRule
from jobnet.schedules.compilation import compile_schedule
from jobnet.schedules.compiled import CompiledSchedule

GAP_LOOKS_MAX = 5_000
"""So many times of one schedule, each in each of its zones, are looked at."""
RULES_ALONE_MAX = 5_000
"""Rules times exclusions: a schedule of more is not looked at rule by rule."""
GAP_CLOCKS_MAX = 24
"""Of a cron text with more times a day than these, one that summer time takes is no loss."""


def start_time_remarks(
    reading: Reading,
    document: Document,
    planned: PlannedSchedule,
    calendars: CompiledCalendars,
    *,
    today: date | None,
) -> Iterator[Problem]:
    """Yield what a schedule gives reason for once its calendars are at hand."""
    schedule = planned.definition
    try:
        calendar = calendars.of(schedule.calendar, planned.calendars)
        exclusions = {
            one.calendar: calendars.of(one.calendar, planned.calendars)
            for one in schedule.exclude
            if one.calendar is not None
        }
    except ControllerError as error:
        hint = "Mend the calendar; nothing is planned by it"
        level = Level.ERROR
        yield document_remark(
            reading.shelf, document, error.code, str(error), hint, at="calendar", level=level
        )
        return
    early = tuple(_below_base_time(reading, document, schedule, calendar))
    yield from early
    if early:
        return
    try:
        whole = _compiled(planned, schedule.rules, calendar, exclusions)
    except ControllerError as error:
        at = re.sub(r"\.([0-9]+)", r"[\1]", getattr(error, "field", ""))
        level = Level.ERROR
        yield document_remark(reading.shelf, document, error.code, str(error), at=at, level=level)
        return
    if today is not None:
        yield from _ends(reading, document, schedule, calendar, today)
        yield from _never(reading, document, planned, whole, exclusions, today)
        yield from _in_gaps(reading, document, planned, calendar, today)


def _compiled(
    planned: PlannedSchedule,
    rules: tuple[ScheduleRule, ...],
    calendar: Calendar,
    exclusions: Mapping[str, Calendar],
) -> CompiledSchedule:
    """Return a schedule of some of its rules; where no zone is known, days are the same in UTC."""
    return compile_schedule(
        replace(planned.definition, rules=rules),
        calendar=calendar,
        exclusions=exclusions,
        zones={name: zone or "UTC" for name, zone in planned.zones.items()},
    )


def _below_base_time(
    reading: Reading, document: Document, schedule: ScheduleDefinition, calendar: Calendar
) -> Iterator[Problem]:
    for clock, at in _clocks(schedule):
        if clock < calendar.base_time:
            yield below_base_time(reading, document, clock, calendar, at=at)


def below_base_time(
    reading: Reading, document: Document, clock: ClockTime, calendar: Calendar, *, at: str
) -> Problem:
    """Return the problem with a time that its operating day does not have."""
    what = f"{clock} comes before the operating day begins at {calendar.base_time}"
    later = ClockTime(seconds=clock.seconds + 24 * 3600)
    hint = f'Write "{later}" for the hour at its end'
    return document_remark(
        reading.shelf, document, "clock_below_base_time", what, hint, at=at, level=Level.ERROR
    )


def _clocks(schedule: ScheduleDefinition) -> Iterator[tuple[ClockTime, str]]:
    for number, rule in enumerate(schedule.rules):
        for index, clock in enumerate(rule.at):
            yield clock, f"rules[{number}].at[{index}]"
        if rule.repeat is not None:
            yield rule.repeat.first, f"rules[{number}].repeat.from"
    if schedule.start_on is not None and schedule.start_on.last is not None:
        yield schedule.start_on.last, "start_on.within.to"


def _ends(
    reading: Reading,
    document: Document,
    schedule: ScheduleDefinition,
    calendar: Calendar,
    today: date,
) -> Iterator[Problem]:
    own, end = schedule.valid_to, calendar.valid_to
    if own is not None and own < today:
        what, hint = f"The schedule ended on {own}", "Remove it, or move `valid.to`"
        yield document_remark(reading.shelf, document, "schedule_ended", what, hint, at="valid.to")
    elif end is not None and end - today <= WARNED_BEFORE and (own is None or own > end):
        what = f"Its calendar says nothing after {end}, so nothing is planned then"
        hint = "Add the next year to the calendar"
        yield document_remark(
            reading.shelf, document, "schedule_runs_out", what, hint, at="calendar"
        )


def _never(
    reading: Reading,
    document: Document,
    planned: PlannedSchedule,
    whole: CompiledSchedule,
    exclusions: Mapping[str, Calendar],
    today: date,
) -> Iterator[Problem]:
    schedule = planned.definition
    if not schedule.networks or len(schedule.rules) * len(schedule.exclude) > RULES_ALONE_MAX:
        return
    is_single = len(schedule.rules) == 1
    for index, rule in enumerate(schedule.rules):
        alone = whole if is_single else _compiled(planned, (rule,), whole.calendar, exclusions)
        span = Span.of(today, schedule.valid_from, schedule.valid_to)
        span = span.within(alone.known_from(), alone.known_until())
        is_told = span.days >= YEAR_DAYS or span.last == schedule.valid_to
        if is_told and span.days > 0 and never_starts(alone, span):
            what = f"This rule starts nothing from {span.first} to {span.last}"
            hint = "Look at its days, the calendar, `exclude`, `pause` and `valid`"
            yield document_remark(
                reading.shelf, document, "rule_never_fires", what, hint, at=f"rules[{index}]"
            )


def _in_gaps(
    reading: Reading,
    document: Document,
    planned: PlannedSchedule,
    calendar: Calendar,
    today: date,
) -> Iterator[Problem]:
    node = node_of_document(reading.shelf, document)
    if node is not None and "dst" in entries(node):
        return
    zones = sorted({zone for zone in planned.zones.values() if zone is not None})
    looks = (
        (rule, clock, at, zone)
        for zone in zones
        for number, rule in enumerate(planned.definition.rules)
        for clock, at in _single_times(rule, f"rules[{number}]")
    )
    for rule, clock, at, zone in islice(looks, GAP_LOOKS_MAX):
        day = _gap(rule, clock, zone, calendar, today)
        if day is not None:
            what = f"{clock} of {day} does not exist in {zone}: the clock goes forward"
            hint = "Say with `dst: {gap: ...}` what is to happen then"
            yield document_remark(reading.shelf, document, "clock_in_gap", what, hint, at=at)


def _single_times(rule: ScheduleRule, path: str) -> Iterator[tuple[ClockTime, str]]:
    for index, clock in enumerate(rule.at):
        yield clock, f"{path}.at[{index}]"
    cron = rule.days.cron
    if cron is None or rule.at or rule.repeat is not None:
        return
    if len(cron.hours) * len(cron.minutes) <= GAP_CLOCKS_MAX:
        for clock in clock_times(cron.hours, cron.minutes):
            yield clock, f"{path}.cron"


def _gap(
    rule: ScheduleRule, clock: ClockTime, zone: str, calendar: Calendar, today: date
) -> date | None:
    try:
        days = gap_days(find_zone(zone), clock, today)
        return next((day for day in days if matches_day(rule.days, day, calendar)), None)
    except ControllerError:
        return None
