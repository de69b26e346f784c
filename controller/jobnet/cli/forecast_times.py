"""Reads the times that people type about a forecast: from now, of a day, or of one start."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from jobnet.calendars import instant_at, parse_clock_time, parse_duration
from jobnet.cli.calling import own_settings
from jobnet.cli.instants import read, zone_named
from jobnet.errors.calendars import ClockTimeRefused, DurationRefused
from jobnet.errors.client import CommandUsage

_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}


def instant_typed(text: str, now: datetime, *, command: str) -> datetime:
    """Return an instant: ``tomorrow``, ``2h`` from now, ``2026-05-29`` or ``2026-05-29T21:55``."""
    zone = zone_named(own_settings().zone)
    if text in _DAYS:
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + timedelta(days=_DAYS[text])).astimezone(UTC)
    try:
        return now + parse_duration(text)
    except (DurationRefused, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        problem = f"{text[:40]!r} is no time; write it such as 2h or 2026-05-29T21:55"
        raise CommandUsage(problem, command=command) from error


def moved_to(text: str, run: Mapping[str, Any], now: datetime, *, command: str) -> datetime:
    """Return where a start is put: ``25:30`` of its operating day, ``+30m``, or an instant."""
    planned = read(run["planned"])
    assert planned is not None, "every run has its instant"
    if text.startswith(("+", "-")):
        try:
            by = parse_duration(text[1:])
            return planned + by if text.startswith("+") else planned - by
        except (DurationRefused, OverflowError) as error:
            raise CommandUsage(f"{text[:40]!r} is no time", command=command) from error
    try:
        clock = parse_clock_time(text)
    except ClockTimeRefused:
        return instant_typed(text, now, command=command)
    day = date.fromisoformat(run["operating_day"])
    return instant_at(day, clock, zone=zone_named(run["zone"])).instant.astimezone(UTC)
