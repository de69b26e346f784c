"""Turns clock times of operating days into instants, many at a time.

On a day whose 48 hours have one offset to UTC, an instant is the midnight plus the clock time.
All other days, those around a change of the clock, are asked of ``instants_at`` one by one.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jobnet.calendars import ClockInstant, ClockTime, instants_at
from jobnet.calendars.resolution import shown_day
from jobnet.schedules.definition import SummerTime

DAY_SECONDS = 86_400
POSIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_EPOCH_ORDINAL = POSIX_EPOCH.toordinal()
_HALF_DAY = timedelta(hours=12)
_HALVES_OF_48_HOURS = 5
_YEARS_KEPT_MAX = 512
_TABLES_KEPT_MAX = 64
_STARTS_KEPT_MAX = 16_384


class Start(NamedTuple):
    """One instant of a clock time: ``nominal`` is how people write it, ``steps`` say why."""

    nominal: str
    instant: datetime
    steps: tuple[str, ...]


def midnight_of(zone: ZoneInfo, ordinal: int) -> int | None:
    """Return the POSIX seconds of 00:00, or None where the clock changes within 48 hours."""
    day = date.fromordinal(ordinal)
    return midnights(zone, day.year)[ordinal - date(day.year, 1, 1).toordinal()]


@lru_cache(maxsize=_YEARS_KEPT_MAX)
def midnights(zone: ZoneInfo, year: int) -> tuple[int | None, ...]:
    """Return the POSIX seconds of 00:00 of each day, or None where the clock changes in 48 hours.

    No zone changes its clock there and back within twelve hours, so that two looks a day suffice.
    """
    first = date(year, 1, 1).toordinal()
    days = date(year, 12, 31).toordinal() - first + 1
    if year in (date.min.year, date.max.year):
        return (None,) * days
    begin = datetime(year, 1, 1)  # noqa: DTZ001 - a wall time
    offsets = [_offset(zone, begin + half * _HALF_DAY) for half in range(2 * days + 4)]
    found: list[int | None] = []
    for day in range(days):
        offset = offsets[2 * day]
        is_plain = offset is not None and offsets[2 * day : 2 * day + _HALVES_OF_48_HOURS].count(
            offset
        ) == (_HALVES_OF_48_HOURS)
        midnight = (first + day - _EPOCH_ORDINAL) * DAY_SECONDS
        found.append(midnight - offset if is_plain and offset is not None else None)
    return tuple(found)


def midnight_table(zone: ZoneInfo, first: int, last: int) -> tuple[tuple[int | None, ...], int]:
    """Return the midnights of the years of these days, and the day with which they begin."""
    years = date.fromordinal(first).year, date.fromordinal(last).year
    return _midnights_between(zone, *years), date(years[0], 1, 1).toordinal()


def clock_changes(zone: ZoneInfo, first: int, last: int) -> bool:
    """Return whether the clock changes within the 48 hours of one of these days."""
    table, start = midnight_table(zone, first, last)
    return None in table[first - start : last + 1 - start]


@lru_cache(maxsize=_TABLES_KEPT_MAX)
def _midnights_between(zone: ZoneInfo, first: int, last: int) -> tuple[int | None, ...]:
    return tuple(one for year in range(first, last + 1) for one in midnights(zone, year))


def seconds_at(
    zone: ZoneInfo, ordinal: int, seconds: tuple[int, ...], summer_time: SummerTime
) -> list[int]:
    """Return the POSIX seconds of clock times of a day."""
    midnight = midnight_of(zone, ordinal)
    if midnight is not None:
        return [midnight + one for one in seconds]
    found: list[int] = []
    for one in seconds:
        instants = _instants(zone, ordinal, one, summer_time)
        found.extend(int((each.instant - POSIX_EPOCH).total_seconds()) for each in instants)
    return found


@lru_cache(maxsize=_STARTS_KEPT_MAX)
def starts_at(
    zone: ZoneInfo, ordinal: int, seconds: int, summer_time: SummerTime
) -> tuple[Start, ...]:
    """Return every instant of a clock time of a day, with what is to be said about it."""
    midnight = midnight_of(zone, ordinal)
    nominal = nominal_of(seconds)
    if midnight is not None:
        instant = POSIX_EPOCH + timedelta(seconds=midnight + seconds)
        step = _sentence(zone, ordinal, nominal, instant)
        return (Start(nominal, instant, (step,)),)
    found = _instants(zone, ordinal, seconds, summer_time)
    first_ones = _instants(zone, ordinal, seconds, replace(summer_time, fold="first"))
    is_second = found[:1] != first_ones[:1]
    starts = []
    for place, one in enumerate(found):
        name = f"{nominal}/2" if place or is_second else nominal
        step = _sentence(zone, ordinal, name, one.instant)
        starts.append(Start(name, one.instant, (step, one.note) if one.note else (step,)))
    return tuple(starts)


@lru_cache(maxsize=_STARTS_KEPT_MAX)
def nominal_of(seconds: int) -> str:
    """Return the clock time as people write it."""
    return str(ClockTime(seconds=seconds))


def gap_step(zone: ZoneInfo, ordinal: int, seconds: int) -> str:
    """Return why a clock time of a day has no instant."""
    day = shown_day(date.fromordinal(ordinal))
    return (
        f"{nominal_of(seconds)} of {day} does not exist in {zone} (the clock goes forward), and"
        " the policy says skip"
    )


def _instants(
    zone: ZoneInfo, ordinal: int, seconds: int, summer_time: SummerTime
) -> tuple[ClockInstant, ...]:
    return instants_at(
        date.fromordinal(ordinal),
        ClockTime(seconds=seconds),
        zone=zone,
        gap=summer_time.gap,
        fold=summer_time.fold,
    )


def _offset(zone: ZoneInfo, wall: datetime) -> int | None:
    """Return the seconds by which the wall is ahead of UTC; None in a gap and in a fold."""
    first = wall.replace(tzinfo=zone).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    assert first is not None, "a zone of the zone data has an offset at every time"
    return int(first.total_seconds()) if first == second else None


def _sentence(zone: ZoneInfo, ordinal: int, nominal: str, instant: datetime) -> str:
    local = instant.astimezone(zone)
    shown = local.isoformat(" ", "seconds" if local.second else "minutes")
    return f"{nominal} of {shown_day(date.fromordinal(ordinal))} is {shown} in {zone}"
