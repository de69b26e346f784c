"""Reads the instants that people type: durations from now, times of the day of this machine."""

from datetime import datetime, timedelta

from jobnet.calendars import parse_duration
from jobnet.cli.calling import own_settings
from jobnet.cli.instants import read, zone_named
from jobnet.client import Client
from jobnet.errors.calendars import DurationRefused
from jobnet.errors.client import CommandUsage


def before_now(client: Client, text: str, *, command: str) -> str:
    """Return an instant of the past: ``yesterday``, ``today``, ``12h`` ago, or a time."""
    zone = zone_named(own_settings().zone)
    today = _now(client).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if text == "today":
        return today.isoformat()
    if text == "yesterday":
        return (today - timedelta(days=1)).isoformat()
    return _moment(client, text, sign=-1, command=command)


def after_now(client: Client, text: str, *, command: str) -> str:
    """Return an instant to come: ``2h`` from now, or a time."""
    return _moment(client, text, sign=1, command=command)


def _moment(client: Client, text: str, *, sign: int, command: str) -> str:
    try:
        return (_now(client) + sign * parse_duration(text)).isoformat()
    except (DurationRefused, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        problem = f"{text[:40]!r} is no time; write it such as 2h or 2026-05-29T21:55"
        raise CommandUsage(problem, command=command) from error
    zone = zone_named(own_settings().zone)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


def _now(client: Client) -> datetime:
    """Return the instant by the controller's clock, which is the one that counts."""
    now = read(client.get("/whoami")["now"])
    assert now is not None, "every answer has its instant"
    return now
