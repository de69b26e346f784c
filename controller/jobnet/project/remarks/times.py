"""Remarks on clock times: below the beginning of the day, or in the hour that summer time takes.

Which day it is comes from the caller; nothing here reads a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from jobnet.calendars import (
    EVERY_DAY_OPEN,
    MIDNIGHT,
    Calendar,
    ClockTime,
    compile_calendar,
    find_zone,
    instants_at,
)
from jobnet.definition import Bundle, Deadlines, Network, Part, WaitUntil, walk
from jobnet.errors import ControllerError
from jobnet.errors.calendars import CalendarIncomplete
from jobnet.project.problems import Level, Problem
from jobnet.project.remarks.telling import network_remark, remark

GAP_HORIZON = timedelta(days=396)


@dataclass(frozen=True, slots=True)
class _Clock:
    """One clock time of the text: the part, None for the network, and the word it stands in."""

    clock: ClockTime
    part: Part | None
    at: str
    moves_start: bool = False


def time_remarks(bundle: Bundle, network: Network, *, today: date | None) -> Iterator[Problem]:
    """Yield what the clock times of a network do that nobody expects."""
    calendar = EVERY_DAY_OPEN
    written = bundle.calendars.get(network.calendar or "")
    if written is not None:
        try:
            calendar = compile_calendar(written, parents=bundle.calendars)
        except CalendarIncomplete as error:
            yield network_remark(network, error.code, str(error), at="calendar", level=Level.ERROR)
        except ControllerError:
            return  # told where the calendar was read
    clocks = tuple(_clocks(network))
    for one in clocks:
        if one.clock < calendar.base_time:
            what = f"{one.clock} comes before the operating day begins at {calendar.base_time}"
            later = ClockTime(seconds=one.clock.seconds + 24 * 3600)
            hint = f'Write "{later}" for the hour at its end'
            yield _tell(network, one, "clock_below_base_time", what, hint, level=Level.ERROR)
    if today is not None:
        yield from _in_gaps(network, clocks, calendar, today)


def _tell(
    network: Network,
    one: _Clock,
    code: str,
    what: str,
    hint: str,
    *,
    level: Level = Level.WARNING,
) -> Problem:
    if one.part is None:
        return network_remark(network, code, what, hint, at=one.at, level=level)
    return remark(one.part, code, what, hint, at=one.at, level=level)


def _clocks(network: Network) -> Iterator[_Clock]:
    for clock, word in _deadlines(network.deadlines):
        yield _Clock(clock, None, word)
    for part in walk(network.flow):
        for clock, word in _deadlines(part.deadlines):
            yield _Clock(clock, part, word)
        if isinstance(part.body, WaitUntil) and isinstance(part.body.clock, ClockTime):
            yield _Clock(part.body.clock, part, "wait_until", moves_start=True)


def _deadlines(deadlines: Deadlines) -> Iterator[tuple[ClockTime, str]]:
    given = {word: getattr(deadlines, word) for word in ("end_by", "late_start", "late_end")}
    if deadlines.latest_start is not None:
        given["latest_start.at"] = deadlines.latest_start.at
    for word, deadline in given.items():
        if deadline is not None and deadline.clock is not None:
            yield deadline.clock, word


def _in_gaps(
    network: Network, clocks: tuple[_Clock, ...], calendar: Calendar, today: date
) -> Iterator[Problem]:
    name = network.timezone or calendar.zone
    if name is None:
        return
    try:
        zone = find_zone(name)
    except ControllerError:
        return  # told where it was read
    for one in clocks:
        if not one.moves_start:
            continue
        day = next((day for day in gap_days(zone, one.clock, today) if _runs(day, calendar)), None)
        if day is not None:
            what = f"{one.clock} of {day} does not exist in {name}: the clock goes forward"
            hint = "It happens later that day; choose another time if that is too late"
            yield _tell(network, one, "clock_in_gap", what, hint)


def _runs(day: date, calendar: Calendar) -> bool:
    """Return whether a network of this calendar could run on a day; if in doubt, it does."""
    try:
        return calendar.is_open(day)
    except ControllerError:
        return True


def gap_days(zone: ZoneInfo, clock: ClockTime, today: date) -> tuple[date, ...]:
    """Return the days of the next 13 months on which a clock time does not exist."""
    near = {change - timedelta(days=back) for change in _changes(zone, today) for back in (0, 1)}
    return tuple(day for day in sorted(near) if not instants_at(day, clock, zone=zone, gap="skip"))


@lru_cache(maxsize=32)
def _changes(zone: ZoneInfo, today: date) -> tuple[date, ...]:
    """Return the days of the next 13 months in which the zone's offset changes."""
    found: list[date] = []
    for number in range(GAP_HORIZON.days):
        day = today + timedelta(days=number)
        first, second = (
            instants_at(one, MIDNIGHT, zone=zone)[0].instant
            for one in (day, day + timedelta(days=1))
        )
        if second - first != timedelta(days=1):
            found.append(day)
    return tuple(found)
