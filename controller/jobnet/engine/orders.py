"""Lists the orders that an operator gives to a part, a container or a run.

``part`` None means the whole run. What an order may do in which state stands in the table of
``ordering``; here are only its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jobnet.engine.states import State
from jobnet.ids import EditionId, HostName, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keep a part from starting; what follows it is blocked."""

    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Let a held part go on at once, or a part that waits for the operator after its end."""

    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend:
    """Start nothing new in a run or container; let running jobs finish."""

    part: PartKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Take a suspension back."""

    part: PartKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Let a part end SKIPPED when its turn comes; what follows goes on."""

    part: PartKey
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unskip:
    """Take a skip back before the part's turn has come."""

    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class NoExec:
    """Walk the flow and execute nothing, for a part or for all that has not begun."""

    part: PartKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNow:
    """Drop the time wait of a part; predecessors and queues still count."""

    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTime:
    """Move the instant that a clock or duration wait is waiting for."""

    part: PartKey
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearWait:
    """Take the condition of a wait as fulfilled."""

    part: PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer an open dialog."""

    part: PartKey
    choice: str
    form: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """End what runs; ``now`` leaves out ``always`` when a whole run is killed."""

    part: PartKey | None = None
    now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceEnd:
    """Stop waiting for a job that does not answer: it is LOST."""

    part: PartKey


class NewResult(StrEnum):
    """The results that an operator may give to a part."""

    NORMAL = State.NORMAL.value
    WARNING = State.WARNING.value
    ABNORMAL = State.ABNORMAL.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeResult:
    """Give a part another result; what follows reacts at once."""

    part: PartKey
    result: NewResult
    exit_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Cancel what has not started; running parts finish."""

    part: PartKey | None = None


class RerunFrom(StrEnum):
    """Where a rerun begins."""

    WHOLE = "whole"
    FAILED = "failed"
    AFTER_FAILED = "after_failed"
    WARNING = "warning"
    PART = "part"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """Run again on the same tracker, as new attempts.

    ``parts`` are the targets of PART and ONLY. Event waits get the event that they already had,
    unless ``fresh_events`` are asked for. ``cases`` are branches and the slot that each takes this
    time; ``hosts`` narrows the unit jobs among the targets to these hosts. ``edition``: the
    definitions that it goes by from now on, None for those that it is pinned to; ``mapping`` says
    how their parts belong together. Whoever steps sees to it that the tracker goes by them.
    """

    start: RerunFrom
    parts: tuple[PartKey, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    failed_hosts_only: bool = False
    held: bool = False
    fresh_events: bool = False
    cases: Mapping[PartKey, str] = field(default_factory=dict)
    hosts: tuple[HostName, ...] = ()
    edition: EditionId | None = None
    mapping: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority:
    """Give a part that has not started another place in its queue."""

    part: PartKey
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveQueue:
    """Let a part that has not started wait in another queue."""

    part: PartKey
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Write a note beside a part or a run."""

    text: str
    part: PartKey | None = None


Order = (
    Hold
    | Release
    | Suspend
    | Resume
    | Skip
    | Unskip
    | NoExec
    | RunNow
    | ChangeTime
    | ClearWait
    | Answer
    | Kill
    | ForceEnd
    | ChangeResult
    | Cancel
    | Rerun
    | SetPriority
    | MoveQueue
    | Comment
)
