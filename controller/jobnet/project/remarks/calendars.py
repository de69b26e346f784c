"""Remarks on calendars that end soon: after their last day no network of theirs can run."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from jobnet.calendars import CalendarDefinition
from jobnet.project.problems import Level, Problem
from jobnet.project.shelf import Document

WARNED_BEFORE = timedelta(days=60)


def calendar_remarks(documents: Iterable[Document], *, today: date) -> Iterator[Problem]:
    """Yield the calendars that have ended or end within 60 days."""
    for document in documents:
        value = document.value
        if not isinstance(value, CalendarDefinition) or value.valid_to is None:
            continue
        if value.valid_to - today > WARNED_BEFORE:
            continue
        ends = "ended" if value.valid_to < today else "ends"
        yield Problem(
            severity=Level.WARNING,
            code="calendar_ends",
            position=document.position,
            path="valid.to",
            what=f"The calendar `{value.name}` {ends} on {value.valid_to}; no run is planned after",
            hint="Add the next year and move `valid.to`",
        )
