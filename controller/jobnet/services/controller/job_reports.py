"""Keeps what runners report of jobs: beginnings and ends for the run, the rest for people.

Reports come from threads of the runner and are taken from one line here. That a job has begun or
is over becomes an input in the transaction that changes its row; where the database is away it is
held until it is back. What a job prints is kept before its end is told. Progress is for people who
watch: of each job the latest, once a second.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from queue import Empty, SimpleQueue

from jobnet.engine.inputs import AttemptAnswered, AttemptBegan
from jobnet.errors.storage import DatabaseAway
from jobnet.ids import PartKey, RunId
from jobnet.ports.clock import Clock
from jobnet.ports.jobs import JobBegan, JobOutput, JobOver, JobProgress, JobReport
from jobnet.ports.store import LiveNote, NewInput, Store, Transaction
from jobnet.ports.store.outputs import OutputPiece, OutputStore
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.trips import note_end
from jobnet.services.controller.working import Health, pause_seconds

BATCH_MAX = 500
GATHER_SECONDS = 0.2
NOTES_SECONDS = 1.0
OUTPUT_HELD_MAX = 32 * 1024 * 1024
"""So many characters of output are held while they cannot be kept; spools have all of it."""

JobKey = tuple[RunId, PartKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    run: RunId
    report: JobReport

    @property
    def key(self) -> JobKey:
        return (self.run, self.report.part, self.report.attempt)


class JobReports:
    """One line of reports, and the thread that writes them; ``forget`` hears of kept ends."""

    name = "job_reports"

    def __init__(
        self, store: Store, outputs: OutputStore, bells: Bells, *, clock: Clock, health: Health
    ) -> None:
        self._store, self._outputs, self._bells = store, outputs, bells
        self._clock, self._health = clock, health
        self._line: SimpleQueue[_Told | None] = SimpleQueue()
        self._turns: list[_Told] = []
        self._pieces: deque[OutputPiece] = deque()
        self._held = 0
        self._printed: dict[JobKey, int] = {}
        self._news: dict[JobKey, JobProgress | None] = {}
        self._noted_at = -NOTES_SECONDS
        self._is_stopping = threading.Event()
        self.forget: Callable[[JobKey], None] = lambda _key: None

    def of_run(self, run: RunId) -> Callable[[JobReport], None]:
        """Return what takes the reports of a run's jobs; it returns at once."""
        return lambda report: self._line.put(_Told(run=run, report=report))

    def keep_writing(self) -> None:
        """Write reports until ``stop``, and then what has come until then."""
        failures = 0
        while True:
            is_over = self._gather()
            failures = 0 if self.write_once() else failures + 1
            if is_over or (failures and self._is_stopping.is_set()):
                return
            if failures:
                self._is_stopping.wait(pause_seconds(failures))

    def stop(self) -> None:
        """Let ``keep_writing`` return when everything is kept, or at once if it cannot be."""
        self._is_stopping.set()
        self._line.put(None)

    def take_all(self) -> bool:
        """Write what has come so far; for those who have no thread for it."""
        while not self._line.empty():
            self._take(self._line.get_nowait())
        return self.write_once()

    def write_once(self) -> bool:
        """Write everything that was taken; False where it has to be tried again.

        An end that is told late is worse than output that is missing, so the one never waits
        for the other.
        """
        is_printed = self._try(self._write_outputs, give_up=self._drop_outputs)
        is_told = self._try(self._write_turns, give_up=self._write_singly)
        if is_printed and is_told:
            self._health.is_back(self.name)
        return is_printed and is_told

    def _try(self, work: Callable[[], None], *, give_up: Callable[[], None]) -> bool:
        """Do some work; ``give_up`` is for a fault that would be there the next time too."""
        try:
            work()
        except DatabaseAway as error:
            self._health.away(self.name, error)
            return False
        except Exception as error:  # noqa: BLE001 - ends of jobs must never be lost to a fault
            self._health.fault(self.name, error)
            give_up()
        return True

    def _gather(self) -> bool:
        """Take what comes, for a moment; True when there will be no more."""
        try:
            first = self._line.get(timeout=self._patience())
        except Empty:
            return False
        if first is None:
            return True
        self._take(first)
        until = self._clock.real_seconds() + GATHER_SECONDS
        for _ in range(BATCH_MAX - 1):
            left = until - self._clock.real_seconds()
            try:
                is_urgent = bool(self._turns) or left <= 0
                told = self._line.get_nowait() if is_urgent else self._line.get(timeout=left)
            except Empty:
                return False
            if told is None:
                return True
            self._take(told)
        return False

    def _patience(self) -> float | None:
        """Return how long to wait for more; None where nothing else is to be done."""
        if self._turns or self._pieces:
            return 0.0
        if not self._news:
            return None
        return max(0.0, self._noted_at + NOTES_SECONDS - self._clock.real_seconds())

    def _take(self, told: _Told | None) -> None:
        if told is None:
            return
        match told.report:
            case JobOutput(text=text):
                self._hold(told, text)
            case JobProgress() as progress:
                self._news[told.key] = progress
            case _:
                self._turns.append(told)

    def _hold(self, told: _Told, text: str) -> None:
        offset = self._printed.get(told.key, 0)
        self._printed[told.key] = offset + len(text)
        piece = OutputPiece(
            run=told.run,
            part=told.report.part,
            attempt=told.report.attempt,
            offset=offset,
            text=text,
            at=self._store.now(),
        )
        self._pieces.append(piece)
        self._news.setdefault(told.key, None)
        self._held += len(text)
        while self._held > OUTPUT_HELD_MAX:
            self._held -= len(self._pieces.popleft().text)

    def _write_outputs(self) -> None:
        if self._pieces:
            self._outputs.append(tuple(self._pieces))
            self._pieces.clear()
            self._held = 0

    def _write_turns(self) -> None:
        turns, notes = tuple(self._turns), self._due_notes()
        if not turns and not notes:
            return
        runs = self._store.write(lambda tx: self._change(tx, turns, notes))
        self._bells.ring_runs(runs)
        if notes:
            self._news.clear()
            self._noted_at = self._clock.real_seconds()
            self._bells.ring((Worker.LIVE,))
        for told in turns:
            self._settle(told)

    def _settle(self, told: _Told) -> None:
        self._turns.remove(told)
        if isinstance(told.report, JobOver):
            self._printed.pop(told.key, None)
            self.forget(told.key)

    def _write_singly(self) -> None:
        """Write each report by itself; one that cannot be is left to the next start."""
        self._news.clear()
        for told in tuple(self._turns):
            try:
                runs = self._store.write(lambda tx, told=told: self._change(tx, (told,), ()))  # type: ignore[misc]
                self._bells.ring_runs(runs)
            except DatabaseAway:
                return
            except Exception as error:  # noqa: BLE001 - the others must not wait for it
                self._health.fault(self.name, error)
            self._settle(told)

    def _drop_outputs(self) -> None:
        """Let go of output that cannot be kept; the spools of its jobs have it."""
        self._pieces.clear()
        self._held = 0

    def _change(
        self, tx: Transaction, turns: Sequence[_Told], notes: Sequence[LiveNote]
    ) -> tuple[RunId, ...]:
        """Tell the runs; a report of an attempt without a row was told before."""
        runs: dict[RunId, None] = {}
        now = self._store.now()
        for told in turns:
            row = tx.errands.job(*told.key)
            if row is None:
                continue
            if isinstance(told.report, JobOver):
                note_end(tx, *told.key, told.report.result, now)
                tx.errands.drop([row])
            else:
                tx.errands.put([replace(row, has_begun=True)])
            tx.runs.put_inputs([_input_of(told, now)])
            runs[told.run] = None
        if notes:
            tx.live.add(notes)
        return tuple(runs)

    def _due_notes(self) -> tuple[LiveNote, ...]:
        if not self._news or self._clock.real_seconds() - self._noted_at < NOTES_SECONDS:
            return ()
        now = self._store.now()
        return tuple(
            _note(key, progress, self._printed.get(key, 0), now)
            for key, progress in self._news.items()
        )


def _input_of(told: _Told, now: datetime) -> NewInput:
    report = told.report
    part, attempt = report.part, report.attempt
    if not isinstance(report, JobOver):
        assert isinstance(report, JobBegan), "the others are for people"
        return to_input(AttemptBegan(part=part, attempt=attempt), run=told.run, at=now)
    try:
        answer = AttemptAnswered(part=part, attempt=attempt, result=report.result)
        return to_input(answer, run=told.run, at=now)
    except (ValueError, TypeError, AssertionError, RecursionError) as error:
        bare = replace(
            report.result,
            is_normal=False,
            message=f"its result cannot be kept ({error}); {report.result.message}"[:600],
            hosts={},
            outputs={},
            artifacts={},
            host_vars={},
        )
        answer = AttemptAnswered(part=part, attempt=attempt, result=bare)
        return to_input(answer, run=told.run, at=now)


def _note(key: JobKey, progress: JobProgress | None, printed: int, now: datetime) -> LiveNote:
    run, part, attempt = key
    document: dict[str, object] = {"part": part, "attempt": attempt, "printed": printed}
    if progress is not None:
        document |= {"task": progress.task, "host": progress.host, "state": progress.state}
    payload = json.dumps(document, separators=(",", ":"))
    return LiveNote(run=run, kind="job", payload=payload, at=now)
