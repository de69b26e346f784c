"""Writes a calendar as iCalendar text, and makes a calendar document of such a text."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import typer

from jobnet.calendars import CalendarDefinition, DayState, Weekday
from jobnet.calendars.ics import from_ics
from jobnet.cli.calling import own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.plan_sources import source
from jobnet.cli.typed_days import read_day, today
from jobnet.cli.wording import shown
from jobnet.errors.client import CommandUsage, FileNotWritten
from jobnet.errors.importing import ImportFileUnread
from jobnet.project.calendar_text import calendar_document

IMPORT: Final = "jobnet calendar import"
EXPORT: Final = "jobnet calendar export"
FILE_BYTES_MAX: Final = 10 * 1024 * 1024
YEARS_AHEAD: Final = 2
LEFT_OUT: Final = "left out: "
WORKING_WEEK: Final = frozenset(list(Weekday)[:5])


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTyped:
    """What was typed after ``jobnet calendar import``."""

    file: str
    name: str
    extends: str | None
    first: str | None
    last: str | None
    zone: str | None
    categories: tuple[str, ...]
    is_open: bool
    to: str


def export_calendar(
    name: str,
    *,
    first: str | None,
    last: str | None,
    is_complete: bool,
    to: str,
    project: str | None,
) -> int:
    """Print days of a calendar as iCalendar text, or write them to a file."""
    begin = None if first is None else read_day(first, command=EXPORT)
    end = None if last is None else read_day(last, command=EXPORT)
    with source(project) as asked:
        text = asked.ics(name, begin, end, complete=is_complete)
    give_text(text, to)
    return ExitCode.NORMAL


def import_calendar(wish: ImportTyped) -> int:
    """Print a calendar document of the days of an iCalendar file, or write it to a file."""
    first, last = _span(wish)
    found = from_ics(
        _text_of(wish.file),
        first=first,
        last=last,
        zone=wish.zone or own_settings().zone,
        state=DayState.OPEN if wish.is_open else DayState.CLOSED,
        categories=wish.categories,
    )
    definition = CalendarDefinition(
        name=wish.name,
        extends=wish.extends,
        week=WORKING_WEEK if wish.extends is None else None,
        days=found.days,
        timezone=wish.zone,
        valid_from=first,
        valid_to=last,
    )
    give_text(calendar_document(definition, reasons=found.reasons), wish.to)
    _tell(found.left_out)
    return ExitCode.WARNING if found.left_out else ExitCode.NORMAL


def _span(wish: ImportTyped) -> tuple[date, date]:
    """Return the days to import: from the beginning of this year, for three years."""
    year = today().year
    first = date(year, 1, 1) if wish.first is None else read_day(wish.first, command=IMPORT)
    until = date(min(first.year + YEARS_AHEAD, date.max.year), 12, 31)
    last = until if wish.last is None else read_day(wish.last, command=IMPORT)
    if last < first:
        raise CommandUsage(f"{last} comes before {first}; swap them", command=IMPORT)
    return first, last


def _text_of(name: str) -> str:
    try:
        with Path(name).open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
        if len(content) > FILE_BYTES_MAX:
            raise ImportFileUnread(name, problem=f"it has more than {FILE_BYTES_MAX:,} bytes")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ImportFileUnread(name, problem=str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ImportFileUnread(name, problem="it is no text in UTF-8") from error


def give_text(text: str, to: str) -> None:
    """Print a text, or write it to a file that is not there yet."""
    if not to:
        typer.echo(text, nl=False)
        return
    try:
        with Path(to).open("x", encoding="utf-8", newline="") as out:
            out.write(text)
    except OSError as error:
        raise FileNotWritten(to, problem=str(error.strerror)) from error
    typer.echo(to)


def _tell(left_out: Sequence[str]) -> None:
    for one in left_out:
        sys.stderr.write(shown(f"{LEFT_OUT}{one}", length_max=500) + "\n")
