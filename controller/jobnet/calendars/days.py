"""Names what a calendar can say about one day: open or closed, and which layer decided it."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Protocol


class Weekday(IntEnum):
    """A day of the week; the number is that of ``date.weekday()``."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


class DayState(StrEnum):
    """What a day is. A layer may also leave it unspecified, which is None."""

    OPEN = "open"
    CLOSED = "closed"


class Layer(StrEnum):
    """Where a calendar says something about days, weakest first."""

    EVERY_DAY = "every_day"  # there is no calendar
    WEEK = "week"
    DERIVED = "derived"  # from other calendars, in place of a week
    MONTH = "month"
    HOLIDAY = "holiday"
    SINGLE_DATE = "single_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVerdict:
    """Whether a day is open, and why: the layer that decided, of which calendar.

    ``detail`` is what a person asks next, such as the holiday's name; it never names the day.
    """

    state: DayState
    layer: Layer
    calendar: str
    detail: str = ""

    @property
    def is_open(self) -> bool:
        """Whether work is done on this day."""
        return self.state is DayState.OPEN

    def __str__(self) -> str:
        if self.layer is Layer.EVERY_DAY:
            return f"{self.state} (no calendar: every day is open)"
        detail = f" {self.detail}" if self.detail else ""
        return f"{self.state} ({self.layer.replace('_', ' ')}{detail}, calendar {self.calendar})"


class DaySource(Protocol):
    """What a calendar asks about each day: layers of a definition, or a pinned table."""

    @property
    def known(self) -> tuple[date, date]:
        """The first and the last day about which ``verdict`` can speak."""

    def verdict(self, day: date) -> DayVerdict:
        """Return what the day is; only asked for days that the calendar covers."""
