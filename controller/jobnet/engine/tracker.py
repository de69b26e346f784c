"""Holds what is known of one run: the sum of its facts, and nothing else.

Only parts that something has happened to have a record. The state of all others follows
from the flow they stand in (``standing``), so that a fact about a thousand parts stays one
fact. Records are replaced, never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from jobnet.engine.chunks import Chunks
from jobnet.engine.facts.runs import RerunListed
from jobnet.engine.layout import Layout
from jobnet.engine.results import HostResult, JobResult
from jobnet.engine.states import EndClass, Flag, QueueReason, State, WaitReason
from jobnet.engine.timers import ArmedTimer
from jobnet.engine.waits import ExecutionEnd, FileLooks, OpenExecution
from jobnet.ids import EventId, FlowKey, HostName, NetworkName, OperatorName, PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEnd:
    """How an earlier iteration or attempt of a part ended."""

    iteration: int
    attempt: int
    state: State
    exit_code: int | None
    message: str
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Orders that wait for the part's turn."""

    hold: bool = False
    skip: bool = False
    skip_exit_code: int = 0
    no_exec: bool = False
    cancel: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecord:
    """One part in one run, in its latest iteration and attempt.

    ``attempt`` counts inside the key and never starts anew; ``first_attempt`` is the one before
    those that this iteration and round have started, so retries count from there: an attempt that
    left the line without a start is not counted. ``open_flows`` are flows
    of a container that have not ended, ``lingering`` the ended OR branches inside it whose
    losers have not. ``reusable`` is what an event wait had received before its rerun,
    ``chosen`` the slot that an operator chose for a branch. In a deadlock ``blocked`` is the
    reason that it waits for all the same, ``circle`` those who wait for each other.
    """

    key: PartKey
    flow: FlowKey
    state: State = State.FIXED
    reason: WaitReason | QueueReason | None = None
    detail: str = ""
    until: datetime | None = None
    since: datetime
    iteration: int = 1
    attempt: int = 0
    first_attempt: int = 0
    generation: int = 0
    round: int = 1
    started: datetime | None = None
    ended: datetime | None = None
    exit_code: int | None = None
    message: str = ""
    end_reason: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)
    hosts: Mapping[HostName, HostResult] = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    result: JobResult | None = None
    arguments: Mapping[str, object] | None = None
    marks: Marks = Marks()
    flags: tuple[Flag, ...] = ()
    timers: tuple[ArmedTimer, ...] = ()
    kill_reason: str = ""
    is_live: bool = False
    has_slot: bool = False
    awaits_operator: bool = False
    handled: str = ""
    culprit: PartKey | None = None
    taken: str | None = None
    chosen: str | None = None
    items: tuple[tuple[str, object], ...] | None = None
    next_child: int = 0
    times: int = 0
    open_flows: int = 0
    lingering: int = 0
    worst: EndClass | None = None
    worst_order: int = -1
    has_cancelled: bool = False
    is_suspended: bool = False
    halt: str = ""
    only_hosts: tuple[HostName, ...] = ()
    priority: int | None = None
    queue: str | None = None
    events: tuple[EventId, ...] = ()
    reusable: Mapping[str, object] | None = None
    looks: FileLooks | None = None
    baseline: FileLooks | None = None
    ends: tuple[ExecutionEnd, ...] = ()
    awaited: tuple[OpenExecution, ...] = ()
    is_planned: bool = True
    blocked: WaitReason | None = None
    circle: tuple[str, ...] = ()
    overrun_armed: datetime | None = None
    overrun_left: float | None = None
    votes: tuple[tuple[OperatorName, str], ...] = ()
    earlier: tuple[PastEnd, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def awaits(self) -> WaitReason | QueueReason | None:
        """Return what it waits for, also while that is a deadlock."""
        return self.blocked if self.reason is WaitReason.DEADLOCK else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRecord:
    """One sequence of parts: whose turn it is, and what counts of those that are done.

    ``scopes`` are the scopes of its document from the outside in, ``item`` the value of a
    for-each item; ``is_called`` marks the flow of a called network.
    """

    key: FlowKey
    owner: PartKey | None
    slot: str
    order: int
    scope: str
    scopes: tuple[str, ...]
    network: NetworkName
    is_called: bool = False
    item: object = None
    next: int = 0
    is_open: bool = True
    stopped_at: int | None = None
    stopped_as: State = State.NOT_RUN
    worst: EndClass | None = None
    exit_code: int | None = None
    culprit: PartKey | None = None
    has_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """The run itself.

    ``clock_jump_seconds`` other than 0: the clock is doubted. ``overrun_armed`` is until when the
    time spent waiting for people has been taken off, ``overrun_left`` what was left when it was up.
    """

    run: RunId
    network: NetworkName
    by: OperatorName
    state: State
    operating_day: date
    planned_start: datetime
    zone: str
    params: Mapping[str, object]
    started: datetime
    check: bool = False
    diff: bool = False
    ended: datetime | None = None
    exit_code: int | None = None
    message: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)
    round: int = 1
    flags: tuple[Flag, ...] = ()
    timers: tuple[ArmedTimer, ...] = ()
    recovered: tuple[PartKey, ...] = ()
    is_suspended: bool = False
    no_exec: bool = False
    halt: str = ""
    halt_reason: str = ""
    notes: tuple[str, ...] = ()
    events_sent: int = 0
    output_bytes: int = 0
    lingering: int = 0
    clock_jump_seconds: float = 0.0
    clock_jumped_at: datetime | None = None
    overrun_armed: datetime | None = None
    overrun_left: float | None = None
    usual_seconds: Mapping[str, float] = field(default_factory=dict)
    assumed_exit_codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """One run as it stands after ``facts`` facts, the last of them at ``last_at``.

    ``due`` are flows and containers that have something to decide, in the order in which
    it is decided; ``parked`` are flows that wait for the losers of an OR branch to end;
    ``orders`` the keys of the orders taken, ``listed`` what the next rerun is about.
    """

    layout: Layout = field(compare=False, repr=False)
    run: RunRecord | None = None
    parts: Chunks[PartRecord] = field(default_factory=Chunks)
    flows: Chunks[FlowRecord] = field(default_factory=Chunks)
    due: tuple[str, ...] = ()
    parked: tuple[FlowKey, ...] = ()
    orders: tuple[str, ...] = ()
    listed: tuple[RerunListed, ...] = ()
    facts: int = 0
    last_at: datetime | None = None
