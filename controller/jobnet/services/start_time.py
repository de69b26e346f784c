"""Finds out when a run begins: its instant, its operating day, its zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, find_zone, operating_day_of
from jobnet.definition import Network
from jobnet.errors.calendars import InstantOutOfRange
from jobnet.errors.play import DayRefused, StartTimeRefused

_WALL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?([+-]\d\d:?\d\d|Z)?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """When a run begins; ``at`` None: now."""

    at: datetime | None
    zone: ZoneInfo
    calendar: Calendar
    day: date | None

    def operating_day(self, start: datetime) -> date:
        """Return the day that was asked for, else the one that the start belongs to."""
        if self.day is not None:
            return self.day
        return operating_day_of(start, zone=self.zone, base_time=self.calendar.base_time)

    def wall_hhmm(self, start: datetime) -> str:
        """Return the wall time of the start as four digits."""
        return f"{start.astimezone(self.zone):%H%M}"


def read_beginning(
    network: Network, calendar: Calendar | None, *, at: str | None, day: str | None, zone: str
) -> Beginning:
    """Return when the run begins; ``zone`` is the machine's, for a network without one."""
    calendar = calendar or EVERY_DAY_OPEN
    where = find_zone(network.timezone or calendar.zone or zone)
    return Beginning(
        at=None if at is None else _instant(at, where),
        zone=where,
        calendar=calendar,
        day=None if day is None else _day(day),
    )


def _instant(text: str, zone: ZoneInfo) -> datetime:
    if not text.isascii() or not _WALL.fullmatch(text):
        raise StartTimeRefused(text)
    try:
        read = datetime.fromisoformat(text)
        aware = read if read.tzinfo is not None else read.replace(tzinfo=zone)
        instant = aware.astimezone(UTC)
        operating_day_of(instant, zone=zone)
    except (ValueError, OverflowError, InstantOutOfRange) as error:
        raise StartTimeRefused(text) from error
    return instant


def _day(text: str) -> date:
    if not text.isascii() or not _DAY.fullmatch(text):
        raise DayRefused(text)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DayRefused(text) from error
