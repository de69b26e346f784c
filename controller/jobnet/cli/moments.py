"""Reads the instants that people type: durations from now, times of the day of this machine."""

from datetime import datetime, timedelta
from typing import Final

from jobnet.calendars import parse_duration
from jobnet.cli.calling import own_settings
from jobnet.cli.instants import read, zone_named
from jobnet.client import Client
from jobnet.errors.calendars import DurationRefused
from jobnet.errors.client import CommandUsage

_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}


def before_now(client: Client, text: str, *, command: str) -> str:
    """Return an instant of the past: ``yesterday``, ``today``, ``12h`` ago, or a time."""
    zone = zone_named(own_settings().zone)
    today = _now(client).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if text == "today":
        return today.isoformat()
    if text == "yesterday":
        return (today - timedelta(days=1)).isoformat()
    return _moment(client, text, sign=-1, command=command)


def after_now(client: Client, text: str, *, command: str, zone: str | None = None) -> str:
    """Return an instant to come: ``2h`` from now, or a time, of this machine or of a zone."""
    return _moment(client, text, sign=1, command=command, zone=zone)


def around_now(client: Client, text: str, *, command: str) -> str:
    """Return an instant: midnight before today, yesterday or tomorrow, else as ``after_now``."""
    if text not in _DAYS:
        return after_now(client, text, command=command)
    zone = zone_named(own_settings().zone)
    today = _now(client).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=_DAYS[text])).isoformat()


def _moment(client: Client, text: str, *, sign: int, command: str, zone: str | None = None) -> str:
    try:
        return (_now(client) + sign * parse_duration(text)).isoformat()
    except (DurationRefused, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        problem = f"{text[:40]!r} is no time; write it such as 2h or 2026-05-29T21:55"
        raise CommandUsage(problem, command=command) from error
    wall = zone_named(zone or own_settings().zone)
    return (found if found.tzinfo else found.replace(tzinfo=wall)).isoformat()


def _now(client: Client) -> datetime:
    """Return the instant by the controller's clock, which is the one that counts."""
    now = read(client.get("/whoami")["now"])
    assert now is not None, "every answer has its instant"
    return now
