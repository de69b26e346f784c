"""Looks at the files that runs wait for, and tells a run when there is something else to be seen.

Each run's file waits are looked after as a play does it (``file_waits``): at once, at each poll,
and when the machine hints at a change; waits on hosts share their jobs. The first look after a
start is always told, later ones only where they differ: what settles is kept by a timer.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from queue import Empty, SimpleQueue

from jobnet.engine import Tracker, open_commands
from jobnet.engine.commands import WatchFile
from jobnet.engine.inputs import FilesSeen
from jobnet.engine.waits import FileLooks
from jobnet.ids import PartKey, RunId
from jobnet.ports.clock import Clock
from jobnet.ports.files import FileLooker
from jobnet.ports.jobs import JobRunner
from jobnet.ports.pieces import RunPieces
from jobnet.ports.store import NewInput, SignalKind, Store, Transaction
from jobnet.services.appointments import Appointments
from jobnet.services.controller.bells import Bells, Name
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.working import Pass
from jobnet.services.file_waits import FileWaits
from jobnet.services.inbox import Look, LookMade, LooksMade, LookTime
from jobnet.services.play import Aside

_GROUPS_PER_RUN = 100_000

WaitKey = tuple[PartKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """The ear of one run: what it hears is put into the line of all runs."""

    run: RunId
    line: SimpleQueue[tuple[RunId, Look | LookTime]]
    bells: Bells

    def put(self, item: Look | LookTime) -> None:
        """Take it and wake the worker."""
        self.line.put((self.run, item))
        self.bells.ring((SignalKind.FILE_WAIT,))


@dataclass(slots=True, kw_only=True)
class _Watched:
    """The file waits of one run, and what it was last told of each."""

    waits: FileWaits
    appointments: Appointments
    open: set[WaitKey] = field(default_factory=set)
    told: dict[WaitKey, FileLooks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the database says of the runs whose file waits have changed."""

    ids: tuple[int, ...]
    rows: Mapping[RunId, frozenset[WaitKey]]
    trackers: Mapping[RunId, Tracker]


class Looks:
    """The worker that looks at files."""

    name = "looks"
    bells: Collection[Name] = (SignalKind.FILE_WAIT,)

    def __init__(
        self,
        store: Store,
        trackers: Trackers,
        bells: Bells,
        *,
        clock: Clock,
        files: FileLooker,
        runner: JobRunner,
        pieces: RunPieces,
        threads: Aside,
    ) -> None:
        self._store, self._trackers, self._bells = store, trackers, bells
        self._clock, self._files, self._runner = clock, files, runner
        self._pieces, self._threads = pieces, threads
        self._line: SimpleQueue[tuple[RunId, Look | LookTime]] = SimpleQueue()
        self._watched: dict[RunId, _Watched] = {}
        self._groups = count(int(clock.wall_seconds() * 1000), _GROUPS_PER_RUN)
        self._told = count(int(clock.wall_seconds() * 1000))
        self._is_recovered = False
        self._unwritten: list[NewInput] = []

    def recover(self) -> None:
        """Look anew at all that runs wait for."""
        asked = self._store.read(lambda tx: self._asked(tx, is_all=True))
        self._take(asked)
        self._is_recovered = True

    def close(self) -> None:
        """End all watches; looks that are under way are left to end by themselves."""
        for watched in self._watched.values():
            watched.waits.close_all()

    def work_once(self) -> Pass:
        """Open and close waits, make the looks that are due, and tell what was seen."""
        asked = self._store.read(lambda tx: self._asked(tx, is_all=not self._is_recovered))
        self._is_recovered = True
        self._take(asked)
        self._look_where_due()
        self._unwritten.extend(self._hear())
        if self._unwritten or asked.ids:
            self._write(asked.ids)
        return Pass(found=len(asked.ids), again_seconds=self._again())

    def _asked(self, tx: Transaction, *, is_all: bool) -> _Asked:
        pending = tx.signals.pending((SignalKind.FILE_WAIT,))
        if not pending and not is_all:
            return _Asked(ids=(), rows={}, trackers={})
        found = tx.errands.file_waits()
        runs = dict.fromkeys(signal.run for _, signal in pending)
        if is_all:
            runs |= dict.fromkeys(row.run for row in found)
        rows = {
            run: frozenset((row.part, row.attempt) for row in found if row.run == run)
            for run in runs
        }
        return _Asked(
            ids=tuple(number for number, _ in pending),
            rows=rows,
            trackers=self._trackers_of(tx, (run for run in runs if rows[run])),
        )

    def _trackers_of(self, tx: Transaction, runs: Iterable[RunId]) -> Mapping[RunId, Tracker]:
        found = {}
        for run in runs:
            row = tx.runs.find(run)
            if row is not None:
                found[run] = self._trackers.current(tx, row)
        return found

    def _take(self, asked: _Asked) -> None:
        """Open and close waits as their rows say."""
        for run, keys in asked.rows.items():
            watched = self._watched.get(run)
            if watched is not None:
                self._close(run, watched, watched.open - keys)
            tracker = asked.trackers.get(run)
            if tracker is None:
                continue
            for command in open_commands(tracker):
                if isinstance(command, WatchFile) and (command.part, command.attempt) in keys:
                    self._open(run, tracker, command)

    def _open(self, run: RunId, tracker: Tracker, command: WatchFile) -> None:
        key = (command.part, command.attempt)
        assert tracker.run is not None, "a run that waits has begun"
        if tracker.run.check:
            return  # its turn has taken the wait as fulfilled
        watched = self._watched.get(run) or self._begin(run, tracker)
        if key not in watched.open:
            watched.open.add(key)
            watched.waits.open(command, self._clock.now())

    def _begin(self, run: RunId, tracker: Tracker) -> _Watched:
        appointments = Appointments()
        waits = FileWaits(
            bundle=tracker.layout.bundle,
            run=run,
            clock=self._clock,
            inbox=_Heard(run=run, line=self._line, bells=self._bells),
            files=self._files,
            runner=self._runner,
            pieces=self._pieces,
            aside=self._threads.aside,
            appointments=appointments,
            is_hurried=False,
            first_group=next(self._groups),
        )
        self._watched[run] = _Watched(waits=waits, appointments=appointments)
        return self._watched[run]

    def _close(self, run: RunId, watched: _Watched, keys: Iterable[WaitKey]) -> None:
        for part, attempt in tuple(keys):
            watched.waits.close(part, attempt)
            watched.open.discard((part, attempt))
            watched.told.pop((part, attempt), None)
        self._forget_if_over(run, watched)

    def _forget_if_over(self, run: RunId, watched: _Watched) -> None:
        if not watched.open and not watched.waits.is_looking:
            self._watched.pop(run, None)

    def _look_where_due(self) -> None:
        now = self._clock.now()
        for watched in self._watched.values():
            while (due := watched.appointments.take_due(now)) is not None:
                assert not hasattr(due, "timer"), "only looks are appointed here"
                watched.waits.look(due, now)

    def _hear(self) -> list[NewInput]:
        """Take hints and looks that are over; return what runs have to be told."""
        told: list[NewInput] = []
        while True:
            try:
                run, item = self._line.get_nowait()
            except Empty:
                return told
            watched = self._watched.get(run)
            if watched is None:
                continue
            now = self._clock.now()
            if not isinstance(item, LookMade | LooksMade):
                watched.waits.look(item, now)
                continue
            for seen in watched.waits.looked(item, now):
                told.extend(self._news(run, watched, seen, now))
            self._forget_if_over(run, watched)

    def _news(
        self, run: RunId, watched: _Watched, seen: FilesSeen, now: datetime
    ) -> Iterable[NewInput]:
        key = (seen.part, seen.attempt)
        if key in watched.open and watched.told.get(key) != seen.looks:
            watched.told[key] = seen.looks
            name = f"files:{seen.part}:{seen.attempt}:{next(self._told)}"
            yield to_input(seen, run=run, at=now, key=name)

    def _write(self, ids: Sequence[int]) -> None:
        inputs = tuple(self._unwritten)

        def write(tx: Transaction) -> None:
            tx.runs.put_inputs(inputs)
            tx.signals.done(ids)

        self._store.write(write)
        self._unwritten.clear()
        self._bells.ring_runs(dict.fromkeys(each.run for each in inputs))

    def _again(self) -> float | None:
        dues = (watched.appointments.next_due() for watched in self._watched.values())
        now = self._clock.now()
        return min((max(0.0, (due - now).total_seconds()) for due in dues if due), default=None)
