"""Says what one start of a schedule is, how it came about, and by what it is known again.

Moves and edits made on the day hang on the ``OccurrenceKey``: it stays the same when rules are
read anew, so they survive that.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class OccurrenceEnd(StrEnum):
    """How the way from a candidate day to a start ended."""

    PLANNED = "planned"
    CLOSED = "closed"  # the day is closed and the policy says skip
    UNRESOLVED = "unresolved"  # no open day within max_shift; reported, not run
    EXCLUDED = "excluded"
    PAUSED = "paused"
    IN_GAP = "in_gap"  # summer time removes the clock time, and the policy says skip
    MERGED = "merged"  # the same network starts at this instant with the same params already


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class OccurrenceKey:
    """What a start is known by, whatever becomes of it.

    ``nominal`` is the clock time of the operating day as people write it, ``25:30``; the second
    one of a clock that goes back is ``02:30/2``; the third start that is measured from the end of
    the one before is ``06:00+2``. ``schedule`` is "" for starts that were added by hand.
    """

    schedule: str
    network: str
    operating_day: date
    nominal: str

    def __str__(self) -> str:
        return f"{self.schedule}|{self.network}|{self.operating_day}|{self.nominal}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One start, or why there is none. ``start`` is aware, UTC; None where there is none.

    ``steps`` are the sentences of its way, the first one about the candidate day. ``rules`` are
    the places of the rules in the text that gave it, counted from 0; ``merged`` is how many
    other starts it stands for. ``repeat_after``: its network starts again so long after the end
    of its run, for the last time at ``repeat_until``.
    """

    key: OccurrenceKey
    end: OccurrenceEnd
    start: datetime | None
    zone: str
    rules: tuple[int, ...] = ()
    steps: tuple[str, ...] = ()
    merged: int = 0
    repeat_after: timedelta | None = None
    repeat_until: datetime | None = None
