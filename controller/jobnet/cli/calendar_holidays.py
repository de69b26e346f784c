"""Lists the national holidays of a calendar, and says what has changed since such a list.

The list is a file beside the calendar, kept in the same repository: whoever updates Jobnet asks
what its library of holidays now says otherwise.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import typer

from jobnet.calendars import HolidayChange, HolidayChangeKind, holiday_changes, holiday_list
from jobnet.cli.calendar_files import give_text
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.file_sources import in_files
from jobnet.cli.typed_days import named_day, today
from jobnet.cli.wording import shown
from jobnet.errors.importing import ImportFileUnread

YEARS: Final = 3
LIST_BYTES_MAX: Final = 4 * 1024 * 1024
SENTENCE_MAX: Final = 300


def list_holidays(name: str, *, since: str | None, to: str, project: str) -> int:
    """Print the holidays of this year and the next two, or what differs from a kept list."""
    calendar = in_files(project).kept_calendars.calendar(name)
    first = today().year
    listed = holiday_list(calendar, range(first, min(first + YEARS, date.max.year + 1)))
    if since is None:
        give_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", to)
        return ExitCode.NORMAL
    before = _kept(since)
    changes = holiday_changes(before, listed)
    for line in _lines(changes, before, listed):
        typer.echo(line)
    return ExitCode.WARNING if changes else ExitCode.NORMAL


def _kept(name: str) -> Mapping[str, object]:
    try:
        with Path(name).open("rb") as file:
            content = file.read(LIST_BYTES_MAX + 1)
    except OSError as error:
        raise ImportFileUnread(name, problem=str(error.strerror)) from error
    if len(content) > LIST_BYTES_MAX:
        raise ImportFileUnread(name, problem=f"it has more than {LIST_BYTES_MAX:,} bytes")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ImportFileUnread(name, problem="it is no list of holidays (no JSON)") from error
    if not isinstance(found, dict):
        raise ImportFileUnread(name, problem="it is no list of holidays (no JSON object)")
    return found


def _lines(
    changes: tuple[HolidayChange, ...], before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[str]:
    for one in changes:
        yield shown(_told(one), length_max=SENTENCE_MAX)
    count = len(changes) or "No"
    word = "holiday" if len(changes) == 1 else "holidays"
    releases = f"{before.get('library')} and {after['library']}"
    said = f"{count} {word} changed between releases {releases} of the library `holidays`."
    yield shown(said, length_max=SENTENCE_MAX)


def _told(change: HolidayChange) -> str:
    day, region = named_day(change.day), change.region
    match change.kind:
        case HolidayChangeKind.ADDED:
            said = f"{change.after} was added in {region}"
        case HolidayChangeKind.REMOVED:
            said = f"{change.before} is no holiday of {region} any more"
        case HolidayChangeKind.RENAMED:
            said = f"{change.before} is called {change.after} in {region}"
    if change.moves_runs:
        state = {True: "open", False: "closed", None: "unknown"}
        said += f": the day was {state[change.was_open]} and is {state[change.is_open]}"
    return f"{day} {said}."
