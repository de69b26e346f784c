"""Says what a run waits for from outside itself, and what it can be given.

These values cross between runs: a wait of one run is matched with an event or an end of
another. Files are different: looks at them are compared with what the wait saw first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from jobnet.definition import Arguments, Match
from jobnet.expressions import Expression
from jobnet.ids import EventId, EventName, HostName, NetworkName, PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent:
    """One event that a run or somebody outside sent; ``keep_until`` None: for open waits only."""

    id: EventId
    name: EventName
    data: Arguments
    sender: str
    sent_at: datetime
    operating_day: date
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionEnd:
    """The end of a network's execution or of a part in it, as other runs may wait for it.

    ``part`` None: the whole execution. ``execution`` tells executions of one network apart: a
    run, or a run and the key of the part that called the network. ``is_own_key``: ``part`` is a
    full key, for the part waits of the same run.
    """

    network: NetworkName
    execution: str
    part: str | None
    run: RunId
    state: str
    is_fine_or_warning: bool
    operating_day: date
    planned_start: datetime
    ended_at: datetime
    outputs: Mapping[str, object] = field(default_factory=dict)
    is_own_key: bool = False


class Outlook(StrEnum):
    """How certain it is that an execution that has not ended will end one day."""

    RUNNING = "running"  # it has begun
    PLANNED = "planned"  # it will begin by its schedule, or when its network's limit allows
    POSSIBLE = "possible"  # a flow may come to it; nobody waits for one that may never begin


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenExecution:
    """An execution of a network that has not ended, as a wait may be waiting for it.

    ``execution`` tells executions apart as in ``ExecutionEnd``. One that an operator has opened
    again is open, whatever end it had before.
    """

    network: NetworkName
    execution: str
    run: RunId
    outlook: Outlook
    operating_day: date
    planned_start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWait:
    """An open wait for an event; ``taken`` are the events that this part key had before."""

    run: RunId
    part: PartKey
    attempt: int
    name: EventName
    where: Expression | None
    names: Mapping[str, object]
    match: Match
    within: timedelta | None
    operating_day: date
    opened_at: datetime
    taken: tuple[EventId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWait:
    """An open wait for the end of a network (``awaited_part`` None) or of a part of it.

    ``network`` None: a part of the waiting run itself, named by its full key. ``inside`` are the
    executions that the wait itself stands in: the run, and the calls around it.
    """

    run: RunId
    part: PartKey
    attempt: int
    network: NetworkName | None
    awaited_part: str | None
    match: Match
    within: timedelta | None
    needs_normal: bool
    operating_day: date
    planned_start: datetime
    opened_at: datetime
    inside: tuple[str, ...] = ()


Wait = EventWait | EndWait


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLook:
    """What one look at a path saw on one host; ``error`` means that it saw nothing at all.

    A look that has an error is not "absent": the wait goes on and says why.
    """

    exists: bool = False
    size: int = 0
    mtime: float = 0.0
    inode: int = 0
    error: str = ""


FileLooks = Mapping[HostName, FileLook]
