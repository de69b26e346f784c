"""Facts about how parts begin and wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jobnet.engine.states import QueueReason, WaitReason
from jobnet.ids import PartKey


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
    """All conditions of the part are met; it asks for its slot.

    ``reason`` None: nobody has answered yet; else why it does not start at once.
    """

    at: datetime
    part: PartKey
    attempt: int
    reason: QueueReason | None = None
    detail: str = ""


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
class PartPrompted:
    """A dialog is open."""

    at: datetime
    part: PartKey
    attempt: int
    message: str


PartFact = (
    PartOpened
    | PartWaited
    | PartQueued
    | ArgumentsBound
    | BranchTaken
    | ItemsFixed
    | PartStarted
    | AttemptRunning
    | PartPrompted
)
