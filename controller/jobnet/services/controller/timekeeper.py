"""Wakes runs when their timers are due.

A timer that is due becomes an input and ceases to be a row in one transaction, so it fires once
however often anybody dies. A run may be told too late; the engine trusts the timer's identity and
not the clock. Before anything is fired the clocks are compared: a jump reaches the inboxes first.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from jobnet.engine.inputs import ClockAgreed, ClockJumped, TimerFired
from jobnet.engine.timers import Timer
from jobnet.ids import RunId
from jobnet.ports.store import NewInput, Store, TimerRow, Transaction
from jobnet.services.controller.bells import Bells, Name, Worker
from jobnet.services.controller.clock_doubt import LOOK_AGAIN, ClockDoubt, Reading
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.working import Pass

BATCH_MAX = 500
DOUBTED = "clock_doubted"


class Timekeeper:
    """The worker that fires timers and tells of jumps of the clock."""

    name = "timekeeper"
    bells: Collection[Name] = (Worker.TIMERS,)

    def __init__(self, store: Store, bells: Bells, trackers: Trackers, doubt: ClockDoubt) -> None:
        self._store, self._bells = store, bells
        self._trackers, self._doubt = trackers, doubt
        self._expected: datetime | None = None

    def recover(self) -> None:
        """Let runs that doubted the clock of a process before this one go on."""

        def agree(tx: Transaction) -> tuple[RunId, ...]:
            if not tx.installation.get(DOUBTED):
                return ()
            tx.installation.set(DOUBTED, "")
            return _put(tx, ClockAgreed(), _begun(tx), self._store.now())

        self._bells.ring_runs(self._store.write(agree))

    def work_once(self) -> Pass:
        """Fire everything that is due, and say when there will be more."""
        self._watch_the_clock()
        found = 0
        while True:
            due = self._store.read(lambda tx: tx.errands.next_due())
            now = self._store.now()
            if due is None or due > now:
                break
            found += self._is_news(due)
            self._fire(now)
        found += self._is_news(due)
        self._expected = due
        return Pass(found=found, again_seconds=self._again(due, now))

    def _is_news(self, due: datetime | None) -> int:
        """Return whether a timer is earlier than all that were known: a bell has to say so."""
        return int(due is not None and (self._expected is None or due < self._expected))

    def _again(self, due: datetime | None, now: datetime) -> float | None:
        wanted = [] if due is None else [(due - now).total_seconds()]
        if self._doubt.seconds is not None:
            wanted.append(LOOK_AGAIN.total_seconds())
        return min(wanted, default=None)

    def _fire(self, now: datetime) -> None:
        def fire(tx: Transaction) -> tuple[RunId, ...]:
            rows = tx.errands.due(now, BATCH_MAX)
            tx.runs.put_inputs([fired(row, now) for row in rows])
            tx.errands.drop(rows)
            return _runs_of(rows)

        self._bells.ring_runs(self._store.write(fire))

    def _watch_the_clock(self) -> None:
        match self._doubt.look():
            case Reading.RIGHT:
                return
            case Reading.AGREED:
                self._bells.ring_runs(self._store.write(self._tell_agreement))
                self._doubt.trust()
            case Reading.JUMPED:
                if self._store.read(self._is_trusted):
                    self._doubt.trust()
                    return
                told = self._store.write(self._tell_jump)
                self._doubt.told(told)
                self._bells.ring_runs(told)

    def _tell_jump(self, tx: Transaction) -> tuple[RunId, ...]:
        assert self._doubt.seconds is not None, "there is a jump to tell of"
        jumped = ClockJumped(seconds=self._doubt.seconds)
        runs = [run for run in _begun(tx) if run not in self._doubt.knowing]
        if runs:
            tx.installation.set(DOUBTED, "yes")
        return _put(tx, jumped, runs, self._store.now())

    def _tell_agreement(self, tx: Transaction) -> tuple[RunId, ...]:
        tx.installation.set(DOUBTED, "")
        runs = [run for run in _begun(tx) if run in self._doubt.knowing]
        return _put(tx, ClockAgreed(), runs, self._store.now())

    def _is_trusted(self, tx: Transaction) -> bool:
        """Return whether an operator has let a run go on that had heard of the jump."""
        pending = frozenset(tx.runs.with_inputs())
        for run in sorted(self._doubt.knowing - pending):
            row = tx.runs.find(run)
            if row is None or row.ended is not None:
                continue
            record = self._trackers.current(tx, row).run
            if record is not None and not record.clock_jump_seconds:
                return True
        return False


def fired(row: TimerRow, now: datetime) -> NewInput:
    """Return what a run is told when a timer is due."""
    timer = Timer(part=row.part, attempt=row.attempt, kind=row.kind, generation=row.generation)
    return to_input(TimerFired(timer=timer, due=row.due), run=row.run, at=now)


def _begun(tx: Transaction) -> tuple[RunId, ...]:
    """Return the runs that go by the clock: a run without a journal has no timers yet."""
    return tuple(row.run for row in tx.runs.unended() if row.position)


def _put(
    tx: Transaction, given: ClockJumped | ClockAgreed, runs: Collection[RunId], now: datetime
) -> tuple[RunId, ...]:
    tx.runs.put_inputs([to_input(given, run=run, at=now) for run in runs])
    return tuple(runs)


def _runs_of(rows: Iterable[TimerRow]) -> tuple[RunId, ...]:
    return tuple(dict.fromkeys(row.run for row in rows))
