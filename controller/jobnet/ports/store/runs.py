"""States how runs are kept: their rows, journals, inboxes, and what one turn of the pump writes.

A journal grows by exactly one kind of transaction: ``Store.turn``. Everybody else writes an input
into the run's inbox, in the transaction of its cause.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jobnet.engine.states import State
from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.ids import EditionId, NetworkName, OperatorName, PartKey, RunId
from jobnet.ports.store.errands import Errand, ErrandKey
from jobnet.ports.store.snapshots import SnapshotRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run as lists show it; everything but its journal can be made from that again.

    ``edition`` are the definitions that it is pinned to. ``position`` is that of the last journal
    entry, 0 before the first. ``params``, ``outputs`` and ``request`` (what was asked for at its
    start) are JSON. ``detail`` says why it waits or how it ended. ``parts`` count those of the
    definition that can be told beforehand; ``open_parts`` those that have begun and not ended.
    """

    run: RunId
    network: NetworkName
    edition: EditionId
    state: State
    by: OperatorName
    operating_day: date
    planned_start: datetime
    zone: str
    created_at: datetime
    request: str = "{}"
    params: str = "{}"
    outputs: str = "{}"
    started: datetime | None = None
    ended: datetime | None = None
    exit_code: int | None = None
    detail: str = ""
    flags: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()
    round: int = 1
    position: int = 0
    parts: int = 0
    open_parts: int = 0
    ended_parts: int = 0
    failed_parts: int = 0
    is_check: bool = False
    is_suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part that something has happened to, in its latest attempt."""

    run: RunId
    part: PartKey
    network: NetworkName
    name: str
    kind: str
    state: State
    since: datetime
    reason: str = ""
    detail: str = ""
    attempt: int = 0
    iteration: int = 1
    started: datetime | None = None
    ended: datetime | None = None
    exit_code: int | None = None
    message: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One journal entry; ``payload`` is the line that the journal's codec writes and reads."""

    position: int
    kind: str
    version: int
    at: datetime
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInput:
    """Something that reaches a run; a key that is there already changes nothing."""

    run: RunId
    key: str
    kind: str
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInput:
    """An input that waits in the inbox; smaller ids came first."""

    id: int
    key: str
    kind: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOutcome:
    """What became of an operator's order; ``refusal`` "" means that it was carried out."""

    key: str
    refusal: str
    at: datetime


class SignalKind(StrEnum):
    """What somebody has to do after a commit. Durable: it goes when that has been done."""

    MATCH_EVENT = "match_event"  # name: of the event
    MATCH_END = "match_end"  # name: of the network, or "run:RUN" for own parts
    ADMIT = "admit"  # name: "" (all lines)
    JOB = "job"  # name: "RUN/PART:ATTEMPT"; the job's row says what
    MESSAGE = "message"
    FILE_WAIT = "file_wait"
    TRIGGER = "trigger"  # name: "end:NETWORK", "event:NAME" or "hook:PATH"
    REMOVED = "removed"  # the run is no more; what its jobs printed and left behind still is


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal; one that is there already is not written twice."""

    kind: SignalKind
    name: str
    run: RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveNote:
    """Something that a screen may show at once; ``payload`` is JSON."""

    run: RunId
    kind: str
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """How long a normal end took; ``part`` is the part's id, "" for the network itself."""

    network: NetworkName
    part: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something usually takes, and how long nine times in ten at most, in seconds.

    ``count`` is how many durations this is read from; with few of them P90 is the longest.
    """

    p50: float
    p90: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTurn:
    """What one turn has to go by, under the run's lock.

    ``entries`` reads the journal after a position, ``snapshot`` the latest snapshot, ``parts`` and
    ``errands`` what the run has in the other tables.
    """

    row: RunRow
    inputs: tuple[StoredInput, ...]
    entries: Callable[[int], Sequence[Entry]]
    snapshot: Callable[[], SnapshotRow | None] = lambda: None
    parts: Callable[[], Sequence[PartRow]] = lambda: ()
    errands: Callable[[], Sequence[Errand]] = lambda: ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """All that one turn writes, in one transaction.

    ``taken`` are ids of inputs. ``puts`` replace the errand with the same key (of a slot see
    ``SlotRow``; a job keeps ``has_begun`` and ``kill_requested``), ``drops`` need not exist and
    are carried out first. ``kills`` set ``kill_requested`` of jobs that are there. ``parts_gone``
    are part rows that are no more (a loop has begun anew). ``inputs`` are for this run itself.
    Ends replace earlier ones of the same execution and part. ``durations`` are remembered as by
    ``DurationTable.remember``. ``mends``: nothing has happened to the run, its rows are made anew
    from its journal, whose length is the position of ``row`` whatever the row said before.
    """

    row: RunRow
    entries: tuple[Entry, ...] = ()
    taken: tuple[int, ...] = ()
    parts: tuple[PartRow, ...] = ()
    parts_gone: tuple[PartKey, ...] = ()
    puts: tuple[Errand, ...] = ()
    drops: tuple[ErrandKey, ...] = ()
    kills: tuple[tuple[PartKey, int], ...] = ()
    ends: tuple[ExecutionEnd, ...] = ()
    events: tuple[SentEvent, ...] = ()
    outcomes: tuple[OrderOutcome, ...] = ()
    signals: tuple[Signal, ...] = ()
    notes: tuple[LiveNote, ...] = ()
    inputs: tuple[NewInput, ...] = ()
    durations: tuple[Lasted, ...] = ()
    mends: bool = False
