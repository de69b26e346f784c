"""Lists what the journal keeps: past tense, frozen, journaled before anything acts on it.

Every fact has ``at``, an aware UTC instant that is never before the one of the entry
before it. A published fact keeps its fields for ever; a new meaning is a new fact. What the
facts do to a tracker stands in ``evolve``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from jobnet.engine.results import JobResult
from jobnet.engine.states import EndClass, Flag, QueueReason, State, WaitReason
from jobnet.engine.timers import ArmedTimer, Timer
from jobnet.engine.waits import ExecutionEnd, FileLooks, SentEvent
from jobnet.ids import EventId, FlowKey, NetworkName, OperatorName, PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The run exists and its first flow is about to open."""

    at: datetime
    run: RunId
    network: NetworkName
    by: OperatorName
    operating_day: date
    planned_start: datetime
    zone: str
    params: Mapping[str, object] = field(default_factory=dict)
    check: bool = False
    diff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """Nothing of the run is active any more; its outputs have been evaluated."""

    at: datetime
    state: State
    exit_code: int | None
    message: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReopened:
    """An operator ordered a rerun: these parts begin anew, all others are carried."""

    at: datetime
    round: int
    by: OperatorName
    reason: str
    reset: tuple[PartKey, ...]
    reopened: tuple[FlowKey, ...]
    params: Mapping[str, object] = field(default_factory=dict)
    held: tuple[PartKey, ...] = ()
    only_failed_hosts: bool = False
    only: tuple[PartKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOpened:
    """A flow inside a container has begun; ``network`` is the document it stands in."""

    at: datetime
    flow: FlowKey
    owner: PartKey | None
    slot: str
    scope: str
    network: NetworkName


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAdvanced:
    """The part whose turn it was is done with; ``counts`` is the class that counts, if any."""

    at: datetime
    flow: FlowKey
    part: PartKey
    counts: EndClass | None
    exit_code: int | None
    culprit: PartKey | None = None
    was_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RestNotRun:
    """The parts of a flow from ``first`` on do not run: one before them ended abnormally."""

    at: datetime
    flow: FlowKey
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestCancelled:
    """The parts of a flow from ``first`` on do not run: an operator or a join said so."""

    at: datetime
    flow: FlowKey
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEnded:
    """All parts of a flow have ended; the class and exit code are what counts of them."""

    at: datetime
    flow: FlowKey
    end_class: EndClass | None
    exit_code: int | None
    culprit: PartKey | None = None
    has_cancelled: bool = False


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
class PartHeld:
    """The part does not start until it is released; ``by`` None: its definition says so."""

    at: datetime
    part: PartKey
    by: OperatorName | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReleased:
    """The hold is over."""

    at: datetime
    part: PartKey
    by: OperatorName
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMarked:
    """An order for a part whose turn has not come: ``hold``, ``skip`` or ``no_exec``.

    ``is_set`` False takes the mark back. ``part`` None: no_exec for the whole run.
    """

    at: datetime
    part: PartKey | None
    mark: str
    is_set: bool
    by: OperatorName
    exit_code: int = 0
    reason: str = ""


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
class LateAnswer:
    """An answer for an attempt that was over already: kept, shown, without effect."""

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
class VoteCast:
    """An operator has answered a dialog that needs more votes."""

    at: datetime
    part: PartKey
    attempt: int
    choice: str
    by: OperatorName


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
    """A look that differs from the one before; the first one is the baseline."""

    at: datetime
    part: PartKey
    attempt: int
    looks: FileLooks
    is_baseline: bool = False


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
class OperatorAwaited:
    """The part has ended, and its flow waits for an operator: on_error hold, or LOST."""

    at: datetime
    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorDecided:
    """An operator let the flow go on (``goes_on``) or had the end judged as it stands."""

    at: datetime
    part: PartKey
    by: OperatorName
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationStarted:
    """A continuity has jumped back: the parts from its target to itself begin anew."""

    at: datetime
    part: PartKey
    flow: FlowKey
    target: int
    times: int


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
class FlagRaised:
    """A flag of a part (None: of the run) is set or, with ``is_set`` False, cleared."""

    at: datetime
    part: PartKey | None
    flag: Flag
    is_set: bool = True
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillRequested:
    """A started job was asked to end, ``reason`` kill, cancel, timeout or end_by."""

    at: datetime
    part: PartKey
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltOrdered:
    """A container (None: the run) comes to its end early.

    ``how`` is ``kill`` (active jobs are killed), ``cancel`` (they finish), ``timeout`` or
    ``end_by`` (killed by the clock), ``skip`` or ``now`` (kill without ``always``).
    """

    at: datetime
    part: PartKey | None
    how: str
    by: OperatorName | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionChanged:
    """A container (None: the run) starts nothing new, or does so again."""

    at: datetime
    part: PartKey | None
    is_suspended: bool
    by: OperatorName
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChanged:
    """An operator has given a part another result."""

    at: datetime
    part: PartKey
    state: State
    exit_code: int | None
    by: OperatorName
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementChanged:
    """An operator has given a part another priority or queue."""

    at: datetime
    part: PartKey
    priority: int | None
    queue: str | None
    by: OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    """An operator has written a note."""

    at: datetime
    part: PartKey | None
    text: str
    by: OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTaken:
    """An order was carried out; its key makes asking twice harmless."""

    at: datetime
    key: str
    order: str
    part: PartKey | None
    by: OperatorName
    reason: str = ""


Fact = (
    RunStarted
    | RunEnded
    | RunReopened
    | FlowOpened
    | FlowAdvanced
    | RestNotRun
    | RestCancelled
    | FlowEnded
    | PartOpened
    | PartWaited
    | PartQueued
    | PartHeld
    | PartReleased
    | PartMarked
    | ArgumentsBound
    | BranchTaken
    | ItemsFixed
    | PartStarted
    | AttemptRunning
    | AttemptEnded
    | LateAnswer
    | RetryPlanned
    | PartPrompted
    | VoteCast
    | EventSent
    | EventTaken
    | FilesLooked
    | EndsSeen
    | PartEnded
    | PartHandled
    | OperatorAwaited
    | OperatorDecided
    | IterationStarted
    | TimerArmed
    | TimerOver
    | FlagRaised
    | KillRequested
    | HaltOrdered
    | SuspensionChanged
    | ResultChanged
    | PlacementChanged
    | Commented
    | OrderTaken
)
