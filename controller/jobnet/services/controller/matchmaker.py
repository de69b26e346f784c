"""Brings waits of runs together with events that were sent and with what has ended.

Nobody matches in the transaction of a sender or of a wait: two who look at the same time would
not see each other. Each leaves a signal beside its row, and after the commit both sides are read
here at one instant. What a wait is given is written only if the wait is still open and was not
told the same before, so however often this is done, each wait hears everything once.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobnet.definition import Match
from jobnet.engine import match
from jobnet.engine.deriving import outside_wait
from jobnet.engine.inputs import DeadlockSeen, EndDelivered, EventDelivered
from jobnet.engine.standing import part_of
from jobnet.engine.states import State
from jobnet.engine.waits import EndWait, ExecutionEnd, OpenExecution, Wait
from jobnet.ids import EventName, NetworkName, RunId
from jobnet.ports.store import (
    Signal,
    SignalKind,
    Store,
    Transaction,
    WaitKind,
    WaitRow,
)
from jobnet.services.controller.bells import Bells, Name
from jobnet.services.controller.circles import Circles
from jobnet.services.controller.executions import Executions
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.working import Pass
from jobnet.services.fact_fields import fields_to_json

SAME_DAY_SINCE = timedelta(days=4)
"""An operating day has up to 48 hours, and may have begun long before its last wait."""
ALL_SINCE = timedelta(days=40)
"""So far back a wait for the latest or for any execution looks for ends."""
_EVENT_TOLD = "event:"
_KINDS = (SignalKind.MATCH_EVENT, SignalKind.MATCH_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A wait with the row by which it is matched."""

    row: WaitRow
    wait: Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What a wait is told."""

    row: WaitRow
    delivery: EventDelivered | EndDelivered

    @property
    def told(self) -> str:
        if isinstance(self.delivery, EventDelivered):
            return f"{_EVENT_TOLD}{self.delivery.event.id}"
        text = json.dumps(fields_to_json(self.delivery), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def is_news(self) -> bool:
        return not self.row.told.startswith(_EVENT_TOLD) and self.row.told != self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything that one look has come to."""

    ids: tuple[int, ...]
    given: tuple[_Given, ...]
    circles: tuple[tuple[RunId, DeadlockSeen], ...]


class Matchmaker:
    """The worker that gives waits what they wait for."""

    name = "matchmaker"
    bells: Collection[Name] = _KINDS

    def __init__(self, store: Store, trackers: Trackers, bells: Bells) -> None:
        self._store, self._trackers, self._bells = store, trackers, bells
        self._executions = Executions(trackers, now=store.now)
        self._circles = Circles(trackers, self._executions, ends=_ends_meant)

    def work_once(self) -> Pass:
        """Match everything that was signalled."""
        seen = self._store.read(self.look)
        if not seen.ids:
            return Pass()
        runs = self._store.write(lambda tx: self.tell(tx, seen))
        self._bells.ring_runs(runs)
        return Pass(found=len(seen.ids))

    def look(self, tx: Transaction) -> Seen:
        """Return what waits have to be told of everything that was signalled."""
        pending = tx.signals.pending(_KINDS)
        now = self._store.now()
        given: list[_Given] = []
        circles: dict[tuple[RunId, str], tuple[RunId, DeadlockSeen]] = {}
        for kind, name in dict.fromkeys(_meant(signal) for _, signal in pending):
            if kind is SignalKind.MATCH_EVENT:
                given.extend(self._events(tx, EventName(name), now))
                continue
            given.extend(self._ends(tx, name, now))
            for run, seen in self._circles.news(tx, name, now):
                circles[run, seen.part] = (run, seen)
        return Seen(
            ids=tuple(number for number, _ in pending),
            given=tuple(each for each in given if each.is_news),
            circles=tuple(circles.values()),
        )

    def _events(self, tx: Transaction, name: EventName, now: datetime) -> Iterator[_Given]:
        waits = self._open(tx, tx.errands.waits(WaitKind.EVENT, name))
        if not waits:
            return
        since = min(each.row.opened_at for each in waits)
        events = tx.board.events(name, since=since)
        for each in waits:
            for delivery in match((each.wait,), events, (), now):
                yield _Given(row=each.row, delivery=delivery)

    def _ends(self, tx: Transaction, name: str, now: datetime) -> Iterator[_Given]:
        executions: tuple[OpenExecution, ...] | None = None
        for each in self._open(tx, tx.errands.waits(WaitKind.END, name)):
            assert isinstance(each.wait, EndWait), "the row says that it waits for ends"
            if each.wait.network is not None and executions is None:
                executions = self._executions.of(tx, NetworkName(name))
            ends = _ends_meant(tx, each.wait, now)
            for delivery in match((each.wait,), (), ends, now, executions=executions):
                yield _Given(row=each.row, delivery=delivery)

    def _open(self, tx: Transaction, rows: Iterable[WaitRow]) -> Sequence[_Open]:
        """Return the waits of rows; one that its run does not wait for any more is left out."""
        found = []
        for row in rows:
            run = tx.runs.find(row.run)
            if run is None or run.position == 0:
                continue
            tracker = self._trackers.current(tx, run)
            record = tracker.parts.get(row.part)
            if record is None or record.attempt != row.attempt:
                continue
            if record.state is State.WAITING:
                wait = outside_wait(tracker, record, part_of(tracker, record))
                found.append(_Open(row=row, wait=wait))
        return found

    def tell(self, tx: Transaction, seen: Seen) -> tuple[RunId, ...]:
        """Write what is news to waits that are still open as they were read."""
        now = self._store.now()
        runs: dict[RunId, None] = {}
        for given in seen.given:
            if _is_as_read(tx, given.row):
                tx.runs.put_inputs([to_input(given.delivery, run=given.row.run, at=now)])
                tx.errands.change([replace(given.row, told=given.told)])
                runs[given.row.run] = None
        for run, circle in seen.circles:
            tx.runs.put_inputs([to_input(circle, run=run, at=now)])
            runs[run] = None
        tx.signals.done(seen.ids)
        return tuple(runs)


def _meant(signal: Signal) -> tuple[SignalKind, str]:
    return (signal.kind, signal.name)


def _is_as_read(tx: Transaction, row: WaitRow) -> bool:
    return row in tx.errands.waits(row.kind, row.name, run=row.run)


def _ends_meant(tx: Transaction, wait: EndWait, now: datetime) -> Sequence[ExecutionEnd]:
    """Return the ends among which those are that a wait means."""
    if wait.network is None:
        return tx.board.ends(None, wait.awaited_part, run=wait.run, since=now - ALL_SINCE)
    since = now - (SAME_DAY_SINCE if wait.match is Match.SAME_DAY else ALL_SINCE)
    if wait.match is Match.WITHIN and wait.within is not None:
        since = wait.opened_at - wait.within
    return tx.board.ends(wait.network, wait.awaited_part, run=None, since=since)
