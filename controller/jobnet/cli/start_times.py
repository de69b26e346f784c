"""Says when a start takes place: on the wall of its zone, and on the clock of its operating day.

A start after midnight that belongs to the day before is told as both: ``Fri 2026-05-29 25:30 (Sat
01:30 JST)``.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from jobnet.cli.instants import read, zone_named

DAY_SECONDS: Final = 24 * 3600
CLOCK_SECONDS_MAX: Final = 48 * 3600


def when(start: Mapping[str, Any], *, field: str = "start") -> str:
    """Return when a start of the plan takes place, with its zone's name."""
    instant = read(start[field])
    assert instant is not None, "every start has its instants"
    day = date.fromisoformat(start["key"]["operating_day"])
    return clock_of_day(instant, day, zone_named(start["zone"]))


def clock_of_day(instant: datetime, day: date, zone: ZoneInfo) -> str:
    """Return an instant on the clock of an operating day; far from it, on the wall alone.

    >>> clock_of_day(datetime.fromisoformat("2026-05-29T16:30:00Z"), date(2026, 5, 29),
    ...     ZoneInfo("Asia/Tokyo"))
    'Fri 2026-05-29 25:30 (Sat 01:30 JST)'
    """
    wall = instant.astimezone(zone)
    seconds = int((wall.replace(tzinfo=None) - datetime.combine(day, time.min)).total_seconds())
    if 0 <= seconds < DAY_SECONDS:
        return f"{day:%a %Y-%m-%d} {_clock(wall)} {wall:%Z}"
    if DAY_SECONDS <= seconds < CLOCK_SECONDS_MAX:
        late = wall - timedelta(days=1)
        hours = late.hour + DAY_SECONDS // 3600
        return f"{day:%a %Y-%m-%d} {hours}{_clock(wall)[2:]} ({wall:%a} {_clock(wall)} {wall:%Z})"
    return f"{wall:%a %Y-%m-%d} {_clock(wall)} {wall:%Z} (of {day})"


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"
