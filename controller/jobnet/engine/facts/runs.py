"""Facts about runs, flows and timers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from jobnet.engine.states import EndClass, Flag, State
from jobnet.ids import EditionId, FlowKey, HostName, NetworkName, OperatorName, PartKey, RunId


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
    usual_seconds: Mapping[str, float] = field(default_factory=dict)
    assumed_exit_codes: Mapping[str, int] = field(default_factory=dict)
    pinned_to: str = ""


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
    """An operator ordered a rerun: these parts begin anew, all others are carried.

    ``cases`` are branches and the slot that an operator chose; ``narrowed`` are the unit jobs
    that work on ``hosts`` only. ``edition`` are the definitions that the run goes by from here on
    if they are others than before, ``mapping`` says how their parts belong together.
    """

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
    passed: tuple[PartKey, ...] = ()
    fresh_events: bool = False
    cases: Mapping[PartKey, str] = field(default_factory=dict)
    hosts: tuple[HostName, ...] = ()
    narrowed: tuple[PartKey, ...] = ()
    edition: EditionId | None = None
    mapping: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunListed:
    """Some of what the ``RunReopened`` that follows is about, where that would be too long.

    Its keys come before those of the ``RunReopened``, field by field, in the order of the facts.
    """

    at: datetime
    reset: tuple[PartKey, ...] = ()
    reopened: tuple[FlowKey, ...] = ()
    held: tuple[PartKey, ...] = ()
    only: tuple[PartKey, ...] = ()
    passed: tuple[PartKey, ...] = ()
    narrowed: tuple[PartKey, ...] = ()


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
class IterationStarted:
    """A continuity has jumped back: the parts from its target to itself begin anew."""

    at: datetime
    part: PartKey
    flow: FlowKey
    target: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRaised:
    """A flag of a part (None: of the run) is set or, with ``is_set`` False, cleared."""

    at: datetime
    part: PartKey | None
    flag: Flag
    is_set: bool = True
    detail: str = ""


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
class HaltCarriedOut:
    """Everything active below a halted container (None: in the run) has been asked to end."""

    at: datetime
    part: PartKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionChanged:
    """A container (None: the run) starts nothing new, or does so again."""

    at: datetime
    part: PartKey | None
    is_suspended: bool
    by: OperatorName
    reason: str = ""


RunFact = (
    RunStarted
    | RunEnded
    | RerunListed
    | RunReopened
    | FlowOpened
    | FlowAdvanced
    | RestNotRun
    | RestCancelled
    | FlowEnded
    | IterationStarted
    | FlagRaised
    | HaltOrdered
    | HaltCarriedOut
    | SuspensionChanged
)
