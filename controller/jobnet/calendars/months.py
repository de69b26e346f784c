"""Says which days make a month when a month does not begin on the 1st.

With ``month_starts_on: 21`` the month of May is 21 April to 20 May: a month bears the name of
the calendar month in which it closes, as closing dates do. With 1 it is the calendar's month.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

MONTH_STARTS_ON_MAX = 28  # every month has a 28th
MONTH_DAYS_MAX = 31


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A logical month, named after the calendar month in which it closes."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, day: date, *, starts_on: int = 1) -> Self:
        """Return the month to which a day belongs."""
        if starts_on == 1 or day.day < starts_on:
            return cls(day.year, day.month)
        return cls(day.year + day.month // 12, day.month % 12 + 1)

    def ordinals(self, *, starts_on: int = 1) -> range:
        """Return the days as ordinals, cut where the calendar of this world begins and ends."""
        after = self.month % 12 + 1, self.year + self.month // 12
        if starts_on == 1:
            begin, end = _ordinal(self.year, self.month, 1), _ordinal(after[1], after[0], 1)
        else:
            year, month = (self.year, self.month - 1) if self.month > 1 else (self.year - 1, 12)
            begin = _ordinal(year, month, starts_on)
            end = _ordinal(self.year, self.month, starts_on)
        return range(begin, end)


def last_of_month(year: int, month: int) -> int:
    """Return the number of the calendar month's last day."""
    return monthrange(year, month)[1]


def _ordinal(year: int, month: int, day: int) -> int:
    if year < date.min.year:
        return date.min.toordinal()
    if year > date.max.year:
        return date.max.toordinal() + 1
    return date(year, month, day).toordinal()
