"""Works out which days of a year are open, once, so that asking again costs next to nothing.

A plan asks a calendar millions of times whether a day is open. The answer for a whole year is
one byte a day. A day of which the calendar may know nothing stays ``UNASKED``: its question
goes to the calendar itself, which answers or refuses as it always does.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

CLOSED, OPEN, UNASKED = 0, 1, 2
YEARS_KEPT_MAX = 256


class OpenYear(NamedTuple):
    """The days of one year: flags from its 1 January on, and the ordinals of the open ones."""

    start: int
    flags: bytes
    ordinals: tuple[int, ...]


def keep_year(years: dict[int, OpenYear], year: int, made: OpenYear) -> OpenYear:
    """Return a year, kept for the next one who asks; beyond a limit all others are dropped."""
    if len(years) >= YEARS_KEPT_MAX:
        years.clear()
    years[year] = made
    return made


def open_year(
    year: int, *, covered: tuple[date, date], is_open: Callable[[date], bool]
) -> OpenYear:
    """Return the days of a year, of which only those that are ``covered`` are asked for."""
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = map(date.fromordinal, range(start, end + 1))
    first, last = covered
    flags = bytes(
        (OPEN if is_open(day) else CLOSED) if first <= day <= last else UNASKED for day in days
    )
    ordinals = tuple(start + place for place, flag in enumerate(flags) if flag == OPEN)
    return OpenYear(start=start, flags=flags, ordinals=ordinals)
