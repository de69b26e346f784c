"""Hands jobs that runs have ordered to the runner, and asks those to end that shall.

A job's row stands from the order to the end. What this process has handed over it knows; every
other row is one of a process that is not there any more, and is adopted and never started anew:
its spool says how far it came.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jobnet.engine.results import JobEnd, JobResult
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import JobOrder, JobOver, JobRunner
from jobnet.ports.store import JobRow, Signal, SignalKind, Store, Transaction
from jobnet.services.controller.bells import Name
from jobnet.services.controller.effects import split_job_name
from jobnet.services.controller.job_reports import JobReports
from jobnet.services.controller.payloads import order_from_text
from jobnet.services.controller.working import Pass

JobKey = tuple[RunId, PartKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    id: int
    signal: Signal
    row: JobRow | None


class JobKeeper:
    """The worker that starts and ends jobs."""

    name = "job_keeper"
    bells: Collection[Name] = (SignalKind.JOB,)

    def __init__(self, store: Store, runner: JobRunner, reports: JobReports) -> None:
        self._store, self._runner, self._reports = store, runner, reports
        self._handed: set[JobKey] = set()
        self._lock = threading.Lock()
        reports.forget = self._forget

    def recover(self) -> int:
        """Take over all jobs of a process before this one; return how many there are."""
        rows = self._store.read(lambda tx: tx.errands.jobs())
        for row in rows:
            self._adopt(row)
        return len(rows)

    def work_once(self) -> Pass:
        """Start and end what was asked for since the last time."""
        asked = self._store.read(_asked)
        for each in asked:
            if each.row is not None:
                self._see_to(each.row)
        if asked:
            ids = [each.id for each in asked]
            self._store.write(lambda tx: tx.signals.done(ids))
        return Pass(found=len(asked))

    @property
    def handed(self) -> frozenset[JobKey]:
        """The attempts that the runner has and that are not over."""
        with self._lock:
            return frozenset(self._handed)

    def _see_to(self, row: JobRow) -> None:
        if not self._is_handed(row):
            order = self._order(row)
            if order is not None and self._hand_over(row):
                self._runner.start(order, self._reports.of_run(row.run))
        self._kill_if_asked(row)

    def _adopt(self, row: JobRow) -> None:
        order = self._order(row)
        if order is not None and self._hand_over(row):
            report = self._reports.of_run(row.run)
            self._runner.adopt(order, report, has_begun=row.has_begun)
        self._kill_if_asked(row)

    def _kill_if_asked(self, row: JobRow) -> None:
        if row.kill_requested:
            self._runner.kill(run=row.run, part=row.part, attempt=row.attempt)

    def _order(self, row: JobRow) -> JobOrder | None:
        """Return the order; one that cannot be read ends the attempt, so that nobody waits."""
        try:
            return order_from_text(row.order)
        except (ValueError, KeyError, TypeError) as error:
            if self._hand_over(row):
                message = f"its order cannot be read: {error!r}"[:600]
                end = JobEnd.LOST if row.has_begun else JobEnd.FAILED_TO_START
                over = JobOver(
                    part=row.part,
                    attempt=row.attempt,
                    at=self._store.now(),
                    result=JobResult(end=end, message=message),
                )
                self._reports.of_run(row.run)(over)
            return None

    def _is_handed(self, row: JobRow) -> bool:
        with self._lock:
            return _key(row) in self._handed

    def _hand_over(self, row: JobRow) -> bool:
        """Note that the runner gets it; False where it has it already."""
        with self._lock:
            if _key(row) in self._handed:
                return False
            self._handed.add(_key(row))
            return True

    def _forget(self, key: JobKey) -> None:
        with self._lock:
            self._handed.discard(key)


def _asked(tx: Transaction) -> Sequence[_Asked]:
    found = []
    for number, signal in tx.signals.pending((SignalKind.JOB,)):
        part, attempt = split_job_name(signal.name)
        row = tx.errands.job(signal.run, part, attempt)
        found.append(_Asked(id=number, signal=signal, row=row))
    return found


def _key(row: JobRow) -> JobKey:
    return (row.run, row.part, row.attempt)
