"""Remarks on schedules: names that lead nowhere, params that do not fit, doubled starts."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from jobnet.ids import NetworkName
from jobnet.project.problems import Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.compiled_calendars import CompiledCalendars
from jobnet.project.remarks.given_params import param_remarks
from jobnet.project.remarks.start_times import start_time_remarks
from jobnet.project.remarks.telling import document_remark
from jobnet.project.schedule_bundles import PlannedSchedule, planned_schedule
from jobnet.project.shelf import Document
from jobnet.schedules import ScheduleDefinition

OFTEN = timedelta(minutes=1)


Starts = tuple[str, str | None, str]
"""A network, its zone, and all that decides when a schedule starts it and with what."""


def schedule_remarks(
    reading: Reading, calendars: CompiledCalendars, *, today: date | None
) -> Iterator[Problem]:
    """Yield what the schedules of a reading give reason for."""
    starts: dict[Starts, Document] = {}
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
            yield from start_time_remarks(reading, document, planned, calendars, today=today)


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
    reading: Reading, document: Document, planned: PlannedSchedule, starts: dict[Starts, Document]
) -> Iterator[Problem]:
    """Tell of a schedule whose starts another one gives already: they would be merged."""
    schedule = planned.definition
    if not schedule.rules:
        return
    days = (schedule.valid_from, schedule.valid_to, schedule.pauses, schedule.exclude)
    rules = sorted(map(repr, schedule.rules))
    params = json.dumps(schedule.params, sort_keys=True, default=str)
    given = repr((schedule.calendar, rules, days, params))
    for network in schedule.networks:
        key = (network, planned.zones.get(NetworkName(network)), given)
        before = starts.setdefault(key, document)
        if before is not document:
            what = f"`{before.qualified_name}` gives `{network}` the very same starts"
            hint = "Remove one of them; each start takes place once"
            yield document_remark(
                reading.shelf, document, "doubled_schedule", what, hint, at="networks"
            )
