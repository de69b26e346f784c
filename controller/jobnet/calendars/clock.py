"""Says what a clock time of an operating day is: 00:00 to 47:59, counted from its midnight.

``25:30`` of Friday is Saturday 01:30 and still belongs to Friday. A clock time is no
instant: it becomes one on a day and in a zone (see ``instants``).
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from jobnet.errors.calendars import ClockTimeRefused

CLOCK_SECONDS_MAX = 48 * 3600 - 1
STARTS_A_DAY_MAX = 10_000

_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ClockTime:
    """Seconds since 00:00 of the operating day's date; compares by time, prints as written."""

    seconds: int

    def __post_init__(self) -> None:
        assert 0 <= self.seconds <= CLOCK_SECONDS_MAX, "parse_clock_time checks the range"

    @property
    def since_midnight(self) -> timedelta:
        """The wall time that has passed since 00:00 of the operating day's date."""
        return timedelta(seconds=self.seconds)

    def __str__(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        text = f"{minutes // 60:02}:{minutes % 60:02}"
        return f"{text}:{seconds:02}" if seconds else text


MIDNIGHT = ClockTime(seconds=0)


def parse_clock_time(text: str) -> ClockTime:
    """Return the clock time that ``HH:MM`` or ``HH:MM:SS`` names.

    >>> str(parse_clock_time("25:30"))
    '25:30'
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ClockTimeRefused(text)
    hours, minutes, seconds = (int(group or 0) for group in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total > CLOCK_SECONDS_MAX:
        raise ClockTimeRefused(text)
    return ClockTime(seconds=total)
