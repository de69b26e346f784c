"""States what a run has open outside itself: one row for each thing, until it is over.

Rows are what the engine's commands become, written in the transaction of the facts that they
follow from. Who carries one out finds it after any crash, so none of them is ever told twice in
another way. Payloads are JSON text whose shape belongs to the services.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jobnet.engine.timers import TimerKind
from jobnet.ids import EventName, NetworkName, PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRow:
    """An armed timer; its key is everything but ``due``. It goes when its input is written."""

    run: RunId
    part: PartKey
    attempt: int
    kind: TimerKind
    generation: int
    due: datetime


class SlotState(StrEnum):
    """Whether somebody stands in line or holds what was asked for."""

    ASKING = "asking"
    HOLDING = "holding"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """One who asks for or holds a slot, locks and resources; part "" asks for the run itself.

    Who asks again keeps the place by arrival (``asked_at``) and takes the new placement; who
    holds already goes on holding. The database sees to that when a turn puts an ASKING row.

    ``priority`` None means that of its queue. ``placement`` is JSON; ``told`` is what the run was
    last told about why it waits (reason and detail), so that it is told once. ``is_job`` tells a
    unit job from an execution of a network.
    """

    run: RunId
    part: PartKey
    attempt: int
    state: SlotState
    asked_at: datetime
    queue: str | None
    priority: int | None
    network: NetworkName | None
    is_job: bool
    placement: str
    told: str = ""
    granted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One attempt of a unit job that was ordered and has not ended.

    ``order`` is the ``JobOrder`` as JSON. ``has_begun``: its start was confirmed once.
    """

    run: RunId
    part: PartKey
    attempt: int
    order: str
    ordered_at: datetime
    has_begun: bool = False
    kill_requested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """The message of a notify part, not answered yet. ``is_sending``: it may have left."""

    run: RunId
    part: PartKey
    attempt: int
    payload: str
    is_sending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWaitRow:
    """An open file wait."""

    run: RunId
    part: PartKey
    attempt: int
    payload: str


class WaitKind(StrEnum):
    """What an open wait is given: events, or ends of networks and parts."""

    EVENT = "event"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRow:
    """An open wait for an event or an end; ``name`` is what it is matched by.

    That is the event's name, or the network's; "" for a part of the same run. ``told`` is what
    it was last told, so that it is told once.
    """

    run: RunId
    part: PartKey
    attempt: int
    kind: WaitKind
    name: EventName | NetworkName | str
    opened_at: datetime
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogRow:
    """An open dialog; ``payload`` holds choices, form, who may answer."""

    run: RunId
    part: PartKey
    attempt: int
    network: NetworkName
    message: str
    payload: str
    opened_at: datetime
    due: datetime | None = None


class ErrandKind(StrEnum):
    """Which of these something is."""

    TIMER = "timer"
    SLOT = "slot"
    JOB = "job"
    MESSAGE = "message"
    FILE_WAIT = "file_wait"
    WAIT = "wait"
    DIALOG = "dialog"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandKey:
    """What tells an errand of one run from its others; only timers have the last two."""

    kind: ErrandKind
    part: PartKey
    attempt: int
    timer: TimerKind | None = None
    generation: int = 0


Errand = TimerRow | SlotRow | JobRow | MessageRow | FileWaitRow | WaitRow | DialogRow
