"""Remarks on schedules: names that lead nowhere, starts that never come or surprise."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from jobnet.calendars import Calendar, ClockTime, find_zone, matches_day
from jobnet.calendars.cron import clock_times
from jobnet.errors import ControllerError
from jobnet.ids import NetworkName
from jobnet.project.nodes import entries
from jobnet.project.places import node_of_document
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.calendars import WARNED_BEFORE
from jobnet.project.remarks.compiled_calendars import CompiledCalendars
from jobnet.project.remarks.first_days import Span, Without, never_comes
from jobnet.project.remarks.given_params import param_remarks
from jobnet.project.remarks.telling import document_remark
from jobnet.project.remarks.times import gap_days
from jobnet.project.schedule_bundles import PlannedSchedule, planned_schedule
from jobnet.project.shelf import Document
from jobnet.schedules import ScheduleDefinition, ScheduleRule

OFTEN = timedelta(minutes=1)
GAP_CLOCKS_MAX = 24
"""Of a cron text with more times a day than these, one that summer time takes is no loss."""


def schedule_remarks(
    reading: Reading, calendars: CompiledCalendars, *, today: date | None
) -> Iterator[Problem]:
    """Yield what the schedules of a reading give reason for."""
    starts: dict[str, Document] = {}
    for document in reading.documents:
        planned = planned_schedule(reading, document)
        if planned is None:
            continue
        yield from planned.problems
        yield from param_remarks(reading, document, planned)
        yield from _without_start(reading, document, planned)
        yield from _repetitions(reading, document, planned.definition)
        yield from _doubled(reading, document, planned, starts)
        if not planned.lacks_calendar:
            yield from _on_calendar(reading, document, planned, calendars, today)


def _without_start(
    reading: Reading, document: Document, planned: PlannedSchedule
) -> Iterator[Problem]:
    if not planned.definition.rules and planned.definition.start_on is None:
        what = "This schedule never starts anything"
        hint = "Add `rules` or `start_on`"
        yield document_remark(
            reading.shelf, document, "schedule_without_start", what, hint, at="rules"
        )


def _repetitions(
    reading: Reading, document: Document, schedule: ScheduleDefinition
) -> Iterator[Problem]:
    for index, rule in enumerate(schedule.rules):
        repeat, at = rule.repeat, f"rules[{index}].repeat"
        if repeat is None:
            continue
        if repeat.last.since_midnight - repeat.first.since_midnight < repeat.every:
            what = f"The next start would come after {repeat.last}, so there is one alone"
            hint = "Write `at` for a single start"
            yield document_remark(reading.shelf, document, "repeats_once", what, hint, at=at)
        elif repeat.every < OFTEN:
            what = "This starts a run more than once a minute"
            hint = "A continuity inside one run is cheaper"
            yield document_remark(reading.shelf, document, "repeats_often", what, hint, at=at)


def _doubled(
    reading: Reading, document: Document, planned: PlannedSchedule, starts: dict[str, Document]
) -> Iterator[Problem]:
    """Tell of a schedule whose starts another one gives already: they would be merged."""
    schedule = planned.definition
    if not schedule.rules:
        return
    for network in schedule.networks:
        zone = planned.zones.get(NetworkName(network))
        days = (schedule.valid_from, schedule.valid_to, schedule.pauses, schedule.exclude)
        rules = sorted(map(repr, schedule.rules))
        params = json.dumps(schedule.params, sort_keys=True, default=str)
        key = repr((network, zone, schedule.calendar, rules, days, params))
        before = starts.setdefault(key, document)
        if before is not document:
            what = f"`{before.qualified_name}` gives `{network}` the very same starts"
            hint = "Remove one of them; each start takes place once"
            yield document_remark(
                reading.shelf, document, "doubled_schedule", what, hint, at="networks"
            )


def _on_calendar(
    reading: Reading,
    document: Document,
    planned: PlannedSchedule,
    calendars: CompiledCalendars,
    today: date | None,
) -> Iterator[Problem]:
    schedule = planned.definition
    try:
        calendar = calendars.of(schedule.calendar, planned.calendars)
        without = _without(planned, calendars)
    except ControllerError as error:
        hint = "Mend the calendar; nothing is planned by it"
        problem = document_remark(
            reading.shelf, document, error.code, str(error), hint, at="calendar", level=Level.ERROR
        )
        yield problem
        return
    yield from _below_base_time(reading, document, schedule, calendar)
    if today is None:
        return
    yield from _ends(reading, document, schedule, calendar, today)
    yield from _never(reading, document, schedule, calendar, without, today)
    yield from _in_gaps(reading, document, planned, calendar, today)


def _without(planned: PlannedSchedule, calendars: CompiledCalendars) -> Without:
    schedule = planned.definition
    named = (one.calendar for one in schedule.exclude if one.calendar is not None)
    return Without(
        rules=tuple(one.days for one in schedule.exclude if one.days is not None),
        calendars=tuple(calendars.of(name, planned.calendars) for name in named),
        pauses=schedule.pauses,
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
    schedule: ScheduleDefinition,
    calendar: Calendar,
    without: Without,
    today: date,
) -> Iterator[Problem]:
    span = Span.of(today, schedule.valid_from, schedule.valid_to)
    if span.first > span.last:
        return
    for index, rule in enumerate(schedule.rules):
        if never_comes(rule.days, span, calendar, without):
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
    for zone in sorted({zone for zone in planned.zones.values() if zone is not None}):
        for number, rule in enumerate(planned.definition.rules):
            for clock, at in _single_times(rule, f"rules[{number}]"):
                day = _gap(rule, clock, zone, calendar, today)
                if day is not None:
                    what = f"{clock} of {day} does not exist in {zone}: the clock goes forward"
                    hint = "Say with `dst: {gap: ...}` what is to happen then"
                    yield document_remark(
                        reading.shelf, document, "clock_in_gap", what, hint, at=at
                    )


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
