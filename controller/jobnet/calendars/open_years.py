"""Works out which days of a year are open, once, so that asking again costs next to nothing.

A plan asks a calendar millions of times whether a day is open. The answer for a whole year is
one byte a day. A day of which the calendar may know nothing stays ``UNASKED``: its question
goes to the calendar itself, which answers or refuses as it always does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

CLOSED, OPEN, UNASKED = 0, 1, 2
YEARS_KEPT_MAX = 256


class OpenYear(NamedTuple):
    """The days of one year: flags from its 1 January on, and the ordinals of the open ones."""

    start: int
    flags: bytes
    ordinals: tuple[int, ...]


@dataclass(slots=True)
class OpenYears:
    """The years asked for so far. It holds nothing but answers, which never change."""

    years: dict[int, OpenYear]

    def of(
        self, year: int, *, covered: tuple[date, date], is_open: Callable[[date], bool]
    ) -> OpenYear:
        """Return a year, worked out now if it is asked for the first time."""
        found = self.years.get(year)
        if found is None:
            if len(self.years) >= YEARS_KEPT_MAX:
                self.years.clear()
            found = self.years[year] = _worked_out(year, covered=covered, is_open=is_open)
        return found


def _worked_out(
    year: int, *, covered: tuple[date, date], is_open: Callable[[date], bool]
) -> OpenYear:
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = map(date.fromordinal, range(start, end + 1))
    first, last = covered
    flags = bytes(
        (OPEN if is_open(day) else CLOSED) if first <= day <= last else UNASKED for day in days
    )
    ordinals = tuple(start + place for place, flag in enumerate(flags) if flag == OPEN)
    return OpenYear(start=start, flags=flags, ordinals=ordinals)
