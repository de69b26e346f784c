"""Names the timers of a run; the shell keeps the appointments.

``TimerFired`` is trusted by the timer's identity, never by comparing its instant with
``now``: a clock that jumps must not make a timer fire twice or never.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jobnet.ids import PartKey

RUN = PartKey("")
"""The key of timers that belong to the run itself."""


class TimerKind(StrEnum):
    """What a timer is for; a part has at most one armed timer of each kind."""

    WAIT = "wait"  # wait_until, wait_for
    SETTLE = "settle"  # the file has not changed for long enough
    RETRY = "retry"
    INTERVAL = "interval"  # the pause of a continuity
    TIMEOUT = "timeout"
    END_BY = "end_by"
    LATE_START = "late_start"
    LATE_END = "late_end"
    OVERRUN = "overrun"
    LATEST_START = "latest_start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One appointment. ``generation`` makes the timers of archived attempts strangers."""

    part: PartKey
    attempt: int
    kind: TimerKind
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmedTimer:
    """A timer and the instant it is due."""

    timer: Timer
    due: datetime
