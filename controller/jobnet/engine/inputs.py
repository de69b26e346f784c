"""Lists what can reach a run: answers, timers, deliveries, grants and orders.

Each names the part and attempt it is for. One that comes twice, late or for an attempt
that is over changes nothing; ``step`` sees to that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from jobnet.engine.orders import Order
from jobnet.engine.results import JobResult
from jobnet.engine.states import QueueReason
from jobnet.engine.timers import Timer
from jobnet.engine.waits import ExecutionEnd, FileLooks, OpenExecution, SentEvent
from jobnet.ids import OperatorName, PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """Begin the run. Params are complete and of their declared types.

    ``usual_seconds`` is the P50 of earlier durations by part id ("" for the run itself),
    ``assumed_exit_codes`` those of jobs that check mode skips, by part id. ``pinned_to`` says what
    the run goes by: the edition of the definitions, and the commit or hash of each project.
    """

    run: RunId
    by: OperatorName
    operating_day: date
    planned_start: datetime
    zone: str
    params: Mapping[str, object] = field(default_factory=dict)
    check: bool = False
    diff: bool = False
    usual_seconds: Mapping[str, float] = field(default_factory=dict)
    assumed_exit_codes: Mapping[str, int] = field(default_factory=dict)
    pinned_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotGranted:
    """The queue lets this attempt start."""

    part: PartKey
    attempt: int
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDelayed:
    """The attempt stays in line, and why; who asked once is told again when that changes."""

    part: PartKey
    attempt: int
    reason: QueueReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRefused:
    """The called network does not execute a second time: its ``overlap`` says skip."""

    part: PartKey
    attempt: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptBegan:
    """The supervisor of this attempt has started Ansible."""

    part: PartKey
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptAnswered:
    """An attempt is over, with its result."""

    part: PartKey
    attempt: int
    result: JobResult


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnswered:
    """The message of a notify part was handed over, or ``error`` says why not."""

    part: PartKey
    attempt: int
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """An armed timer's instant has come."""

    timer: Timer
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSeen:
    """One look at the path of a file wait, on all of its hosts."""

    part: PartKey
    attempt: int
    looks: FileLooks


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDelivered:
    """The matcher gives this event to this wait."""

    part: PartKey
    attempt: int
    event: SentEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDelivered:
    """The matcher tells a network wait or part wait what has ended.

    ``is_satisfied`` is the matcher's verdict over all executions that the wait means;
    otherwise the ends are shown and, with ``on_other``, end the wait. ``awaited`` are executions
    that have not ended; ``is_planned`` False: there is none, and none to come.
    """

    part: PartKey
    attempt: int
    ends: tuple[ExecutionEnd, ...]
    is_satisfied: bool
    awaited: tuple[OpenExecution, ...] = ()
    is_planned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlockSeen:
    """A waiting part and those in ``circle`` wait for each other; empty: they do no more."""

    part: PartKey
    attempt: int
    circle: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJumped:
    """The wall clock is so many seconds ahead of where it should be (negative: behind)."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAgreed:
    """The wall clock is where it should be again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven:
    """An operator's order; ``key`` makes asking twice harmless."""

    order: Order
    by: OperatorName
    key: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """Nothing new: go on with what the bound of facts in one step cut off."""


Input = (
    StartRun
    | SlotGranted
    | SlotDelayed
    | SlotRefused
    | AttemptBegan
    | AttemptAnswered
    | MessageAnswered
    | TimerFired
    | FilesSeen
    | EventDelivered
    | EndDelivered
    | DeadlockSeen
    | ClockJumped
    | ClockAgreed
    | OrderGiven
    | GoOn
)
