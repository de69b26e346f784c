"""Remarks on windows: names that lead nowhere, and spans that never come."""

from collections.abc import Iterator
from datetime import date

from jobnet.errors import ControllerError
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.remarks.compiled_calendars import CompiledCalendars
from jobnet.project.remarks.first_days import Span, never_comes
from jobnet.project.remarks.start_times import below_base_time
from jobnet.project.remarks.telling import document_remark
from jobnet.project.schedule_bundles import PlannedWindow, planned_window
from jobnet.project.shelf import Document


def window_remarks(
    reading: Reading, calendars: CompiledCalendars, *, today: date | None
) -> Iterator[Problem]:
    """Yield what the windows of a reading give reason for."""
    for document in reading.documents:
        planned = planned_window(reading, document)
        if planned is None:
            continue
        yield from planned.problems
        if not planned.definition.rules:
            what, hint = "This window has no rules, so it never opens", "Add `rules`"
            yield document_remark(
                reading.shelf, document, "window_never_opens", what, hint, at="rules"
            )
        elif not planned.lacks_calendar:
            yield from _on_calendar(reading, document, planned, calendars, today)


def _on_calendar(
    reading: Reading,
    document: Document,
    planned: PlannedWindow,
    calendars: CompiledCalendars,
    today: date | None,
) -> Iterator[Problem]:
    window = planned.definition
    try:
        calendar = calendars.of(window.calendar, planned.calendars)
    except ControllerError as error:
        hint = "Mend the calendar; the window opens by it"
        level = Level.ERROR
        yield document_remark(
            reading.shelf, document, error.code, str(error), hint, at="calendar", level=level
        )
        return
    for rule in window.rules:
        if rule.first < calendar.base_time:
            yield below_base_time(reading, document, rule.first, calendar, at="rules")
    if today is None:
        return
    span = Span.of(today, window.valid_from, window.valid_to)
    days = tuple(dict.fromkeys(rule.days for rule in window.rules))
    if all(never_comes(one, span, calendar) for one in days):
        what = f"This window does not open from {span.first} on"
        hint = "Look at its days, the calendar and `valid`"
        yield document_remark(reading.shelf, document, "window_never_opens", what, hint, at="rules")
