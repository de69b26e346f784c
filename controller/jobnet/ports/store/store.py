"""States how transactions are opened, and what can be done in one.

``Transaction`` has one attribute per noun. What is read in one was true at one instant; what is
written is on the disk when ``write`` or ``turn`` returns, or nothing of it is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.ids import EventName, NetworkName, PartKey, RunId
from jobnet.ports.store.answers import AnswerTable
from jobnet.ports.store.audits import AuditRow, AuditTable
from jobnet.ports.store.editions import EditionTable
from jobnet.ports.store.errands import (
    DialogRow,
    Errand,
    FileWaitRow,
    JobRow,
    MessageRow,
    SlotRow,
    TimerRow,
    WaitKind,
    WaitRow,
)
from jobnet.ports.store.leases import LeaseTable
from jobnet.ports.store.lists import ListTable
from jobnet.ports.store.plan import PlanTable
from jobnet.ports.store.queues import QueueTable
from jobnet.ports.store.retention import RetentionTable
from jobnet.ports.store.runs import (
    Entry,
    LiveNote,
    NewInput,
    OrderOutcome,
    PartRow,
    RunChange,
    RunRow,
    RunTurn,
    Signal,
    SignalKind,
    Spread,
)
from jobnet.ports.store.snapshots import SnapshotTable
from jobnet.ports.store.soundness import SoundnessTable
from jobnet.ports.store.triggers import TriggerTable

T = TypeVar("T")

__all__ = ["AuditRow", "RunTable", "Store", "Transaction"]


class RunTable(Protocol):
    """Runs, their inboxes and journals."""

    def add(self, row: RunRow) -> bool:
        """Add a run; False where one with this id exists already, which stays as it is."""

    def find(self, run: RunId) -> RunRow | None:
        """Return the run's row."""

    def replace_unstarted(self, row: RunRow) -> bool:
        """Replace the row of a run without a journal (it waits for its network's limit)."""

    def parts(self, run: RunId) -> Sequence[PartRow]:
        """Return the rows of the parts that something has happened to."""

    def entries(self, run: RunId, after: int) -> Sequence[Entry]:
        """Return the journal after a position, in order."""

    def entries_between(self, run: RunId, after: int, last: int) -> Sequence[Entry]:
        """Return the journal after a position and up to another, in order."""

    def put_inputs(self, inputs: Collection[NewInput]) -> int:
        """Put inputs into inboxes; return how many were new. Raises ``RunNotFound``."""

    def with_inputs(self) -> Sequence[RunId]:
        """Return the runs whose inbox is not empty, the oldest input first."""

    def outcome(self, run: RunId, key: str) -> OrderOutcome | None:
        """Return what became of an order."""

    def unended(self, network: NetworkName | None = None) -> Sequence[RunRow]:
        """Return the runs that have not ended, by planned start; of one network if told."""


class ErrandTable(Protocol):
    """What runs have open outside themselves; runs write theirs in a turn."""

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""

    def due(self, now: datetime, limit: int) -> Sequence[TimerRow]:
        """Return timers that are due, the earliest first."""

    def jobs(self) -> Sequence[JobRow]:
        """Return all jobs that were ordered and have not ended, the oldest first."""

    def job(self, run: RunId, part: PartKey, attempt: int) -> JobRow | None:
        """Return one of them."""

    def messages(self) -> Sequence[MessageRow]:
        """Return all messages that are not answered."""

    def file_waits(self, run: RunId | None = None) -> Sequence[FileWaitRow]:
        """Return the open file waits."""

    def waits(self, kind: WaitKind, name: str, *, run: RunId | None = None) -> Sequence[WaitRow]:
        """Return the open waits that are matched by a name; of one run if told."""

    def slots(self, *, for_update: bool = False) -> Sequence[SlotRow]:
        """Return all who stand in line or hold something, by arrival.

        ``for_update``: nobody else changes or drops them before this transaction has ended.
        """

    def dialogs(self) -> Sequence[DialogRow]:
        """Return the open dialogs, the oldest first."""

    def of_run(self, run: RunId) -> Sequence[Errand]:
        """Return everything that one run has open."""

    def put(self, errands: Collection[Errand]) -> None:
        """Add or replace; for what belongs to no journal (grants, notes of what was told)."""

    def change(self, errands: Collection[Errand]) -> None:
        """Replace what is there; what is not there any more stays away."""

    def drop(self, errands: Collection[Errand]) -> None:
        """Take away; what is not there is passed over."""


class BoardTable(Protocol):
    """Events that were sent and ends of executions: what waits of other runs are given."""

    def add_event(self, event: SentEvent) -> bool:
        """Add an event from outside; False where its id is known."""

    def events(self, name: EventName, *, since: datetime) -> Sequence[SentEvent]:
        """Return events of a name: those still kept, and those sent at or after an instant."""

    def forget_events(self, now: datetime, *, older_than: datetime) -> int:
        """Remove events that nobody can get any more; return how many."""

    def ends(
        self, network: NetworkName | None, part: str | None, *, run: RunId | None, since: datetime
    ) -> Sequence[ExecutionEnd]:
        """Return ends of a network's executions (part None) or of a part, the latest last.

        ``run`` given: own ends of that run's parts. Only ends at or after ``since``.
        """


class SignalTable(Protocol):
    """What has to be done after a commit."""

    def pending(self, kinds: Collection[SignalKind]) -> Sequence[tuple[int, Signal]]:
        """Return what waits to be done, with its id, the oldest first."""

    def add(self, signals: Collection[Signal]) -> None:
        """Add signals; one that waits already is not written twice."""

    def done(self, ids: Collection[int]) -> None:
        """Take away what has been done."""


class LiveTable(Protocol):
    """What screens may show at once and no journal keeps: progress of jobs, letters that failed.

    Turns write theirs with ``RunChange.notes``; both are read with ``ListTable.live``.
    """

    def add(self, notes: Collection[LiveNote]) -> None:
        """Add notes in this order."""

    def forget(self, *, older_than: datetime) -> int:
        """Remove notes of before an instant, the newest note excepted; return how many."""


class DurationTable(Protocol):
    """How long networks and parts took."""

    def usual(self, network: NetworkName) -> Mapping[str, float]:
        """Return the median seconds of the latest normal durations by part id; "" the network."""

    def spread(self, network: NetworkName) -> Mapping[str, Spread]:
        """Return P50 and P90 of the latest normal durations by part id; "" the network."""

    def remember(self, network: NetworkName, seconds: Collection[tuple[str, float]]) -> None:
        """Add durations and forget the oldest beyond a bound."""


class InstallationTable(Protocol):
    """Small values of the whole installation."""

    def get(self, name: str) -> str | None:
        """Return a value."""

    def set(self, name: str, value: str) -> None:
        """Set a value."""


class Transaction(Protocol):
    """One transaction; nouns by attribute."""

    @property
    def runs(self) -> RunTable: ...  # noqa: D102

    @property
    def errands(self) -> ErrandTable: ...  # noqa: D102

    @property
    def board(self) -> BoardTable: ...  # noqa: D102

    @property
    def signals(self) -> SignalTable: ...  # noqa: D102

    @property
    def editions(self) -> EditionTable: ...  # noqa: D102

    @property
    def queues(self) -> QueueTable: ...  # noqa: D102

    @property
    def audits(self) -> AuditTable: ...  # noqa: D102

    @property
    def answers(self) -> AnswerTable: ...  # noqa: D102

    @property
    def durations(self) -> DurationTable: ...  # noqa: D102

    @property
    def live(self) -> LiveTable: ...  # noqa: D102

    @property
    def snapshots(self) -> SnapshotTable: ...  # noqa: D102

    @property
    def installation(self) -> InstallationTable: ...  # noqa: D102

    @property
    def lists(self) -> ListTable: ...  # noqa: D102

    @property
    def retention(self) -> RetentionTable: ...  # noqa: D102

    @property
    def leases(self) -> LeaseTable: ...  # noqa: D102

    @property
    def plan(self) -> PlanTable: ...  # noqa: D102

    @property
    def soundness(self) -> SoundnessTable: ...  # noqa: D102

    @property
    def triggers(self) -> TriggerTable: ...  # noqa: D102


class Store(Protocol):
    """A database; every method may be called from any thread.

    ``DatabaseAway`` is raised where it cannot be reached or written, ``TextNotStorable`` where a
    name or key holds what no database keeps. Words for people and JSON are made storable.
    """

    def now(self) -> datetime:
        """Return the instant on the database's clock (SQLite: this process's), aware, UTC."""

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do work in one transaction and return what it returns, once that is on the disk.

        What it raises undoes all of it and is raised here. The work may be done twice, where
        the database asked for it; it must do nothing else.
        """

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Do work on what is true at one instant; it writes nothing."""

    def turn(
        self, run: RunId, decide: Callable[[RunTurn], RunChange | None], *, inputs_max: int
    ) -> bool:
        """Lock a run, show it with its inputs in order, write what was decided.

        Returns whether anything was written; None writes nothing. As with ``write``, ``decide``
        may be asked twice. ``RunNotFound`` for a run that does not exist, ``JournalOvertaken``
        where somebody else wrote its next entry first.
        """

    def iterate(self, work: Callable[[Transaction], Iterator[T]]) -> Iterator[T]:
        """Read a long answer piece by piece, in one read transaction."""

    def close(self) -> None:
        """Finish what was begun and let go of the database."""
