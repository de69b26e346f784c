"""Facts about parts: how they begin, wait, run and end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.engine.results import JobResult
from jobnet.engine.states import QueueReason, State, WaitReason
from jobnet.engine.waits import ExecutionEnd, FileLooks, SentEvent
from jobnet.ids import EventId, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOpened:
    """A container is RUNNING: its flows may open."""

    at: datetime
    part: PartKey
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWaited:
    """The part is WAITING; ``until`` is known for time waits, ``detail`` says what for."""

    at: datetime
    part: PartKey
    attempt: int
    reason: WaitReason
    until: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartQueued:
    """All conditions of the part are met; it asks for its slot."""

    at: datetime
    part: PartKey
    attempt: int
    reason: QueueReason = QueueReason.QUEUE_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentsBound:
    """What was evaluated at the part's turn, as plain data."""

    at: datetime
    part: PartKey
    attempt: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchTaken:
    """A branch has chosen its slot; None: no case was true and there is no else."""

    at: datetime
    part: PartKey
    slot: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsFixed:
    """A for-each knows its items, as pairs of key and value, in order."""

    at: datetime
    part: PartKey
    items: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStarted:
    """An attempt was handed over (a unit job is STARTING, a message RUNNING)."""

    at: datetime
    part: PartKey
    attempt: int
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRunning:
    """The supervisor of the attempt has confirmed the start."""

    at: datetime
    part: PartKey
    attempt: int


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
class PartPrompted:
    """A dialog is open."""

    at: datetime
    part: PartKey
    attempt: int
    message: str


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
