"""Turns a clock time of an operating day into an instant, and an instant into its operating day.

The arithmetic is on the wall: local midnight of the day's date plus the clock time, and only
then is the zone asked what that means. So 25:30 is 01:30 of the next date even in a night of
23 or 25 hours. Where summer time removes a wall time (a gap) or repeats it (a fold), a policy
decides and a note says so. Adding hours to an instant instead would be wrong twice a year.
"""

import difflib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from jobnet.calendars.clock import MIDNIGHT, ClockTime
from jobnet.errors.calendars import InstantOutOfRange, ZoneUnknown

GapPolicy = Literal["shift", "skip", "boundary"]
FoldPolicy = Literal["first", "second", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockInstant:
    """When a clock time happens (aware, UTC); ``note`` is empty unless summer time moved it."""

    instant: datetime
    note: str = ""


def find_zone(name: str) -> ZoneInfo:
    """Return the IANA zone; upper and lower case count, as in the zone data itself."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown(name, near=_near_zones(name)) from error


def instant_at(
    day: date,
    clock: ClockTime,
    *,
    zone: ZoneInfo,
    gap: Literal["shift", "boundary"] = "shift",
    fold: Literal["first", "second"] = "first",
) -> ClockInstant:
    """Return the one instant of a clock time on an operating day.

    In a gap, ``shift`` moves it as far as the clock was moved (02:30 happens at 03:30) and
    ``boundary`` takes the instant of the change itself.
    """
    (only,) = instants_at(day, clock, zone=zone, gap=gap, fold=fold)
    return only


def instants_at(
    day: date,
    clock: ClockTime,
    *,
    zone: ZoneInfo,
    gap: GapPolicy = "shift",
    fold: FoldPolicy = "first",
) -> tuple[ClockInstant, ...]:
    """Return every instant of a clock time: none in a skipped gap, two in a fold with ``both``."""
    try:
        wall = datetime.combine(day, datetime.min.time()) + clock.since_midnight
        first = wall.replace(tzinfo=zone).astimezone(UTC)
        second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError as error:
        raise InstantOutOfRange(f"{clock} of {day}", zone=str(zone)) from error
    if first == second:
        return (ClockInstant(instant=first),)
    if first < second:
        return _in_fold(wall, first, second, zone=zone, fold=fold)
    return _in_gap(wall, first, second, zone=zone, gap=gap)


def operating_day_of(instant: datetime, *, zone: ZoneInfo, base_time: ClockTime = MIDNIGHT) -> date:
    """Return the operating day whose base time this instant last passed.

    Instants are compared, not wall times: in a night when the clock goes back over the base
    time, the new day has begun once and stays begun.
    """
    assert instant.tzinfo is not None, "instants are aware"
    try:
        wall_day = instant.astimezone(zone).date()
        for day in (wall_day + timedelta(days=1), wall_day):  # a clock may go back over midnight
            if instant_at(day, base_time, zone=zone, gap="boundary").instant <= instant:
                return day
        return wall_day - timedelta(days=1)
    except (OverflowError, InstantOutOfRange) as error:
        raise InstantOutOfRange(f"Instant {instant.isoformat()}", zone=str(zone)) from error


def _in_fold(
    wall: datetime, first: datetime, second: datetime, *, zone: ZoneInfo, fold: FoldPolicy
) -> tuple[ClockInstant, ...]:
    happens = f"{wall:%Y-%m-%d %H:%M} happens twice in {zone} (the clock goes back)"
    takes = {
        "first": ClockInstant(instant=first, note=f"{happens}; the first one was taken"),
        "second": ClockInstant(instant=second, note=f"{happens}; the second one was taken"),
    }
    return tuple(takes.values()) if fold == "both" else (takes[fold],)


def _in_gap(
    wall: datetime, shifted: datetime, before: datetime, *, zone: ZoneInfo, gap: GapPolicy
) -> tuple[ClockInstant, ...]:
    if gap == "skip":
        return ()
    instant = shifted if gap == "shift" else _change_between(before, shifted, zone=zone)
    note = (
        f"{wall:%Y-%m-%d %H:%M} does not exist in {zone} (the clock goes forward);"
        f" moved to {instant.astimezone(zone):%Y-%m-%d %H:%M}"
    )
    return (ClockInstant(instant=instant, note=note),)


def _change_between(before: datetime, after: datetime, *, zone: ZoneInfo) -> datetime:
    """Return the first second at which the zone has the offset that it has at ``after``."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        reached = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset
        low, high = (low, middle) if reached else (middle + 1, high)
    return before + timedelta(seconds=low)


def _near_zones(name: str) -> list[str]:
    """Return zones with nearly this name, whatever its case; a very long one has none."""
    if len(name) > 64:  # noqa: PLR2004 - no IANA name is half as long
        return []
    known = {zone.casefold(): zone for zone in available_timezones()}
    return [known[key] for key in difflib.get_close_matches(name.casefold(), known, n=2)]
