"""Finds runs that wait for each other, from what one signal is about.

Only waits for ends, and calls in line for an execution, can close a circle. Looked at are the
runs whose waits are meant, those that these wait for, and so on: a run without such a wait comes
to an end by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.definition import SubNetwork, WaitNetwork, WaitPart
from jobnet.engine import Tracker
from jobnet.engine.deriving import outside_wait
from jobnet.engine.inputs import DeadlockSeen
from jobnet.engine.standing import part_of
from jobnet.engine.standstills import deadlock_news, standings_of
from jobnet.engine.states import State, WaitReason
from jobnet.engine.tracker import PartRecord
from jobnet.engine.waits import EndWait, ExecutionEnd, OpenExecution
from jobnet.ids import NetworkName, RunId
from jobnet.ports.store import RunRow, Transaction, WaitKind
from jobnet.services.controller.executions import Executions
from jobnet.services.controller.trackers import Trackers

RUNS_MAX = 500
"""More runs are not looked at for one signal; a circle has two or three."""

_IN_LINE = "line:"

Ends = Callable[[Transaction, EndWait, datetime], Sequence[ExecutionEnd]]


@dataclass(slots=True)
class _Search:
    """What was found so far."""

    trackers: dict[RunId, Tracker] = field(default_factory=dict)
    executions: dict[NetworkName, tuple[OpenExecution, ...]] = field(default_factory=dict)
    ends: list[ExecutionEnd] = field(default_factory=list)
    has_circles: bool = False


class Circles:
    """Looks for circles; ``ends`` reads the ends among which a wait finds those that it means."""

    def __init__(self, trackers: Trackers, executions: Executions, *, ends: Ends) -> None:
        self._trackers, self._executions, self._ends = trackers, executions, ends

    def news(
        self, tx: Transaction, name: str, now: datetime
    ) -> Iterator[tuple[RunId, DeadlockSeen]]:
        """Yield what runs have to be told of circles, where they do not know it.

        ``name`` is that of a network or ``run:RUN``, whose ends somebody waits for, or what
        ``in_line_for`` gives for a network that somebody calls and cannot execute yet.
        """
        search = _Search()
        self._follow(tx, search, _first(tx, name), now)
        if not search.has_circles:
            return
        executions = tuple(each for found in search.executions.values() for each in found)
        standings = tuple(
            standing
            for tracker in search.trackers.values()
            for standing in standings_of(
                tracker, search.ends, executions, asked=_asked(search, tracker, executions)
            )
        )
        for run, tracker in search.trackers.items():
            for seen in deadlock_news(tracker, standings):
                yield run, seen

    def _follow(
        self, tx: Transaction, search: _Search, runs: Iterable[RunId], now: datetime
    ) -> None:
        ahead = list(dict.fromkeys(runs))
        while ahead and len(search.trackers) < RUNS_MAX:
            run = ahead.pop(0)
            row = None if run in search.trackers else tx.runs.find(run)
            if row is None or row.position == 0 or row.ended is not None:
                continue
            ahead.extend(self._needed(tx, search, row, now))

    def _needed(
        self, tx: Transaction, search: _Search, row: RunRow, now: datetime
    ) -> Iterator[RunId]:
        """Take a run in and yield the runs that its waits are for."""
        tracker = search.trackers[row.run] = self._trackers.current(tx, row)
        for record in tracker.parts.values():
            if record.state is not State.WAITING:
                continue
            search.has_circles |= bool(record.circle)
            for network in self._networks(tx, search, tracker, record, now):
                search.has_circles = True
                if network not in search.executions:
                    search.executions[network] = self._executions.of(tx, network)
                yield from (each.run for each in search.executions[network])

    def _networks(
        self,
        tx: Transaction,
        search: _Search,
        tracker: Tracker,
        record: PartRecord,
        now: datetime,
    ) -> Iterator[NetworkName]:
        """Yield the networks that a waiting part waits for; its ends are noted."""
        part = part_of(tracker, record)
        if isinstance(part.body, WaitNetwork | WaitPart):
            wait = outside_wait(tracker, record, part)
            assert isinstance(wait, EndWait), "these wait for ends"
            search.ends.extend(self._ends(tx, wait, now))
            yield tracker.run.network if wait.network is None else wait.network  # type: ignore[union-attr]
        elif record.awaits is WaitReason.NETWORK_LIMIT and isinstance(part.body, SubNetwork):
            yield NetworkName(part.body.network)


def in_line_for(network: NetworkName) -> str:
    """Return the name of the signal that a call of a network has to wait in line."""
    return f"{_IN_LINE}{network}"


def _first(tx: Transaction, name: str) -> list[RunId]:
    """Return the runs that a signal is about."""
    if name.startswith(_IN_LINE):
        network = name.removeprefix(_IN_LINE)
        return [row.run for row in tx.errands.slots() if row.network == network]
    return [row.run for row in tx.errands.waits(WaitKind.END, name)]


def _asked(
    search: _Search, tracker: Tracker, executions: Iterable[OpenExecution]
) -> tuple[str, ...]:
    """Return the names in this run that waits of others may need: parts of its executions."""
    assert tracker.run is not None, "only begun runs are looked at"
    wanted: list[str] = []
    for other in search.trackers.values():
        for record in other.parts.values():
            body = part_of(other, record).body
            is_waiting = record.state is State.WAITING
            if is_waiting and isinstance(body, WaitPart) and body.network is not None:
                wanted.extend(
                    f"{each.execution}{'/' if each.execution == each.run else '.'}{body.part}"
                    for each in executions
                    if each.run == tracker.run.run and each.network == body.network
                )
    return tuple(dict.fromkeys(wanted))
