"""Reads the times to which people move or add starts.

``25:30`` is a clock time of the operating day, ``+30m`` counts from where a start stands, ``2h``
from now; a date and a time without an offset are in the zone that is told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from jobnet.calendars import find_zone, instant_at, parse_clock_time, parse_duration
from jobnet.cli.calling import own_settings
from jobnet.cli.moments import after_now
from jobnet.cli.plan_keys import Start
from jobnet.cli.typed_days import today
from jobnet.client import Client
from jobnet.errors.calendars import ClockTimeRefused, InstantOutOfRange
from jobnet.errors.client import CommandUsage

LATER: Final = "+"


def moved_to(client: Client, text: str, start: Start) -> str:
    """Return the instant to which a start is moved."""
    if text.startswith(LATER):
        return _later(text, start)
    day = date.fromisoformat(start["key"]["operating_day"])
    return _on_clock(text, day, start["zone"]) or _moment(client, text, start["zone"])


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedTime:
    """When a start that is added takes place; ``day`` None: the operating day of its instant."""

    instant: str
    day: date | None


def added_at(client: Client, text: str, network: str, day: date | None) -> AddedTime:
    """Return when a start is added: on the clock of a day, else of today, in its network's zone.

    ``25:59`` belongs to the day on whose clock it is, and not to the next one.
    """
    found: str | None = client.get(f"/networks/{quote(network, safe='')}")["zone"]
    zone = found or own_settings().zone
    on_clock = _on_clock(text, day or today(zone), zone)
    if on_clock is not None:
        return AddedTime(instant=on_clock, day=day or today(zone))
    return AddedTime(instant=_moment(client, text, zone), day=day)


def _later(text: str, start: Start) -> str:
    begun = datetime.fromisoformat(start["start"])
    return (begun + parse_duration(text.removeprefix(LATER))).isoformat()


def _on_clock(text: str, day: date, zone: str) -> str | None:
    """Return the instant of a clock time, None for a text that is none."""
    try:
        clock = parse_clock_time(text)
    except ClockTimeRefused:
        return None
    try:
        return instant_at(day, clock, zone=find_zone(zone)).instant.isoformat()
    except InstantOutOfRange as error:
        raise CommandUsage(str(error), command="jobnet plan") from error


def _moment(client: Client, text: str, zone: str) -> str:
    return after_now(client, text, command="jobnet plan", zone=zone)
