"""Remarks on what documents beside the networks name: schedules, queues, notifications.

A schedule of a network that is not there plans nothing, and nobody would ever know.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    CalendarDefinition,
    ClockTime,
    compile_calendar,
    find_zone,
    parse_clock_time,
)
from jobnet.definition import Notification, Project, Queue
from jobnet.errors import ControllerError
from jobnet.project.documents import PlainDocument
from jobnet.project.problems import Level, Problem
from jobnet.project.project_documents import project_problems
from jobnet.project.reading import Reading
from jobnet.project.remarks.times import gap_days
from jobnet.project.shelf import Document
from jobnet.project.suggestions import shown, suggest


def reference_remarks(reading: Reading, *, today: date | None) -> Iterator[Problem]:
    """Yield the names that lead nowhere and the starts that cannot be as they are written."""
    for document in reading.documents:
        match document.value:
            case PlainDocument(kind="schedule", data=data):
                yield from _schedule(reading, document, dict(data), today)
            case Queue(forward_to=names):
                yield from _unknown(reading, document, "queue", names, "forward_to")
            case Notification(escalate=steps):
                for index, step in enumerate(steps):
                    at = f"escalate[{index}].to"
                    yield from _unknown(reading, document, "notification", step.to, at)
            case Project():
                yield from project_problems(reading.shelf.above("project", document.folder))
            case _:
                continue


def _unknown(
    reading: Reading, document: Document, kind: str, names: tuple[str, ...], at: str
) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if reading.shelf.find(kind, name, document.folder) is None:
            known = reading.shelf.names(kind, document.folder)
            what = f"No {kind} is called `{shown(name)}`"
            hint = suggest(name, known, otherwise=f"Add a document with kind: {kind}")
            yield _problem(document, f"unknown_{kind}", what, hint, at=f"{at}[{index}]")


def _schedule(
    reading: Reading, document: Document, data: dict[str, Any], today: date | None
) -> Iterator[Problem]:
    named = data.get("networks")
    networks = tuple(map(str, named)) if isinstance(named, list) else (str(named),)
    yield from _unknown(reading, document, "network", networks, "networks")
    calendar = EVERY_DAY_OPEN
    if isinstance(name := data.get("calendar"), str):
        yield from _unknown(reading, document, "calendar", (name,), "calendar")
        calendar = _compiled(reading, name, document.folder) or EVERY_DAY_OPEN
    zone = data.get("timezone") or calendar.zone
    for clock, at in _starts(data):
        if clock < calendar.base_time:
            what = f"{clock} comes before the operating day begins at {calendar.base_time}"
            later = ClockTime(seconds=clock.seconds + 24 * 3600)
            hint = f'Write "{later}" for the hour at its end'
            yield _problem(document, "clock_below_base_time", what, hint, at=at)
        day = _gap(clock, str(zone), calendar, today) if zone and today else None
        if day is not None and "dst" not in data:
            what = f"{clock} of {day} does not exist in {zone}: the clock goes forward"
            hint = "Say with `dst: {gap: ...}` what is to happen then"
            yield _problem(document, "clock_in_gap", what, hint, at=at, level=Level.WARNING)


def _compiled(reading: Reading, name: str, folder: str) -> Calendar | None:
    """Return the calendar of a name with those that it extends, None where it has errors."""
    found = reading.shelf.find("calendar", name, folder)
    first = found.value if found is not None else None
    if not isinstance(first, CalendarDefinition):
        return None
    parents: dict[str, CalendarDefinition] = {}
    one = first
    while one.extends is not None and one.extends not in parents:
        above = reading.shelf.find("calendar", one.extends, one.folder)
        if above is None or not isinstance(above.value, CalendarDefinition):
            break
        parents[one.extends] = above.value
        one = above.value
    try:
        return compile_calendar(first, parents=parents)
    except ControllerError:
        return None


def _starts(data: dict[str, Any]) -> Iterator[tuple[ClockTime, str]]:
    """Yield the clock times of all rules that can be read as such."""
    rules = data.get("rules")
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        written = rule.get("at") if isinstance(rule, dict) else None
        for index, text in enumerate(written if isinstance(written, list) else (written,)):
            try:
                clock = parse_clock_time(str(text))
            except ControllerError:
                continue
            yield clock, f"rules[{number}].at[{index}]"


def _gap(clock: ClockTime, zone: str, calendar: Calendar, today: date | None) -> date | None:
    if today is None:
        return None
    try:
        days = gap_days(find_zone(zone), clock, today)
        return next((day for day in days if calendar.is_open(day)), None)
    except ControllerError:
        return None


def _problem(
    document: Document,
    code: str,
    what: str,
    hint: str,
    *,
    at: str,
    level: Level = Level.ERROR,
) -> Problem:
    return Problem(
        severity=level, code=code, position=document.position, path=at, what=what, hint=hint
    )
