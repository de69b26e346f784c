"""Reads the days and months that people type, and says days with their weekday."""

from datetime import date, timedelta
from typing import Final

from jobnet.cli.calling import own_settings
from jobnet.cli.instants import zone_named
from jobnet.errors.client import CommandUsage

_SHIFTS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}


def read_day(text: str, *, command: str) -> date:
    """Return a day: ``2026-05-29``, or ``today`` and its neighbours on this machine."""
    if text in _SHIFTS:
        return today() + timedelta(days=_SHIFTS[text])
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        problem = f"{text[:40]!r} is no day; write it such as 2026-05-29, or today"
        raise CommandUsage(problem, command=command) from error


def read_month(text: str) -> date:
    """Return the first day of a month: ``2026-05``."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        problem = f"{text[:40]!r} is no month; write it such as 2026-05"
        raise CommandUsage(problem, command="jobnet calendar show") from error


def today(zone: str | None = None) -> date:
    """Return the date by the clock of this machine, in its zone or another."""
    from jobnet.machine import MachineClock  # noqa: PLC0415 - start-up time

    where = zone_named(zone or own_settings().zone)
    return MachineClock(None).now().astimezone(where).date()


def named_day(day: date) -> str:
    """Return a day with its weekday.

    >>> named_day(date(2026, 5, 29))
    'Fri 2026-05-29'
    """
    return f"{day:%a %Y-%m-%d}"
