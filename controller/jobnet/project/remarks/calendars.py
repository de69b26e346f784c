"""Remarks on calendars: those that cannot be made of what they name, and those that end soon.

After the last day of a calendar no network of its can run. One without any week is no mistake
by itself: others extend it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from jobnet.calendars import Calendar, CalendarDefinition, compile_calendar, needed_names
from jobnet.errors import ControllerError
from jobnet.errors.calendars import CalendarIncomplete
from jobnet.project.calendar_closures import CalendarClosure
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.shelf import Document
from jobnet.project.suggestions import shown, suggest

WARNED_BEFORE = timedelta(days=60)


def calendar_remarks(reading: Reading, *, today: date | None) -> Iterator[Problem]:
    """Yield what is wrong with calendars as a whole, and those that have ended or end soon."""
    for document in reading.documents:
        definition = document.value
        if not isinstance(definition, CalendarDefinition):
            continue
        closure = CalendarClosure(reading.shelf)
        key = closure.take(document.qualified_name, "")
        yield from _unknown(reading, document, definition)
        if closure.missing or key not in closure.calendars:
            continue
        try:
            calendar = compile_calendar(closure.calendars[key], parents=closure.calendars)
        except CalendarIncomplete:
            continue
        except ControllerError as error:
            yield _problem(document, error.code, str(error), at=getattr(error, "word", ""))
            continue
        if today is not None:
            yield from _ending(document, calendar, today)


def _unknown(
    reading: Reading, document: Document, definition: CalendarDefinition
) -> Iterator[Problem]:
    for name in needed_names(definition):
        if reading.shelf.find("calendar", name, document.folder) is None:
            known = reading.shelf.names("calendar", document.folder)
            what = f"No calendar is called `{shown(name)}`"
            hint = suggest(name, known, otherwise="Add a document with kind: calendar")
            yield _problem(document, "unknown_calendar", what, hint)


def _ending(document: Document, calendar: Calendar, today: date) -> Iterator[Problem]:
    last = calendar.covered[1]
    if last - today > WARNED_BEFORE:
        return
    ends = "ended" if last < today else "ends"
    yield Problem(
        severity=Level.WARNING,
        code="calendar_ends",
        position=document.position,
        path="valid.to",
        what=f"The calendar `{calendar.name}` {ends} on {last}; no run is planned after",
        hint="Add the next year and move `valid.to`, here or in the calendars that it needs",
    )


def _problem(document: Document, code: str, what: str, hint: str = "", *, at: str = "") -> Problem:
    return Problem(code=code, position=document.position, path=at, what=what, hint=hint)
