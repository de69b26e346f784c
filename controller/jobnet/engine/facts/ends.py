"""Facts about what parts get, and how they end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.engine.results import JobResult
from jobnet.engine.states import State
from jobnet.engine.waits import ExecutionEnd, FileLooks, OpenExecution, SentEvent
from jobnet.ids import EventId, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded:
    """The first end of an attempt that was journaled; it is final."""

    at: datetime
    part: PartKey
    attempt: int
    result: JobResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPlanned:
    """A new attempt begins at ``until``; ``only_hosts`` narrows it to the failed ones."""

    at: datetime
    part: PartKey
    attempt: int
    until: datetime
    only_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSent:
    """A part has sent an event."""

    at: datetime
    part: PartKey
    event: SentEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTaken:
    """A wait has received its event."""

    at: datetime
    part: PartKey
    attempt: int
    event: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesLooked:
    """A look that differs from the one before, or the baseline that looks are compared with."""

    at: datetime
    part: PartKey
    attempt: int
    looks: FileLooks
    is_baseline: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsSeen:
    """What a wait for a network or part has seen of it so far."""

    at: datetime
    part: PartKey
    attempt: int
    ends: tuple[ExecutionEnd, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionsAwaited:
    """What a wait for a network or part still waits for; ``detail`` says it in one line.

    ``is_planned`` False: nothing of it has been, is, or is to come.
    """

    at: datetime
    part: PartKey
    attempt: int
    executions: tuple[OpenExecution, ...]
    is_planned: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlockFound:
    """The part and those in ``circle`` wait for each other: an operator has to resolve it.

    ``circle`` are executions and parts, each of which waits for the next, the last for the first.
    """

    at: datetime
    part: PartKey
    attempt: int
    circle: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlockResolved:
    """The part waits on, but no more in a circle."""

    at: datetime
    part: PartKey
    attempt: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnded:
    """The part has ended, with everything that expressions may read of it.

    ``reason`` is one word for programs (``timeout``, ``end_by``, ``kill``, ``items_max``),
    ``message`` one line for people.
    """

    at: datetime
    part: PartKey
    attempt: int
    state: State
    exit_code: int | None = None
    message: str = ""
    reason: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)
    culprit: PartKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHandled:
    """An abnormal end does not stop the flow: ``how`` is branch, rescue, continue or release."""

    at: datetime
    part: PartKey
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KillRequested:
    """A started job was asked to end, ``reason`` kill, cancel, timeout or end_by."""

    at: datetime
    part: PartKey
    attempt: int
    reason: str


EndFact = (
    AttemptEnded
    | RetryPlanned
    | EventSent
    | EventTaken
    | FilesLooked
    | EndsSeen
    | ExecutionsAwaited
    | DeadlockFound
    | DeadlockResolved
    | PartEnded
    | PartHandled
    | KillRequested
)
