"""Facts about timers, and about the clock that they go by."""

from dataclasses import dataclass
from datetime import datetime

from jobnet.engine.timers import ArmedTimer, Timer
from jobnet.ids import OperatorName, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerArmed:
    """The run wants to be woken."""

    at: datetime
    armed: ArmedTimer


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerOver:
    """A timer has fired or is not needed any more."""

    at: datetime
    timer: Timer
    has_fired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimersArmed:
    """The run wants to be woken at each of these; a flow with many deadlines is few facts."""

    at: datetime
    armed: tuple[ArmedTimer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimersDropped:
    """None of these timers is needed any more."""

    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDoubted:
    """The wall clock has jumped by so many seconds: no timer fires and nothing starts."""

    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTrusted:
    """The run goes by its clock again; ``by`` None: the readings agree once more."""

    at: datetime
    by: OperatorName | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPaused:
    """A slot was granted and the attempt does not start: it stays QUEUED, its slot is returned."""

    at: datetime
    part: PartKey
    attempt: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrunPaused:
    """The time of a container (None: the run) was up while it only waited for people.

    So many seconds of its own time are left; they count on when something in it goes on.
    """

    at: datetime
    part: PartKey | None
    left_seconds: float


ClockFact = (
    TimerArmed
    | TimerOver
    | TimersArmed
    | TimersDropped
    | ClockDoubted
    | ClockTrusted
    | StartPaused
    | OverrunPaused
)
