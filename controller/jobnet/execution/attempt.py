"""Follows one attempt from its supervisor's start to its end.

The supervisor's pipe says only "look": what happened is read from the spool, so a reader
that was away has missed nothing. The pipe's end is the supervisor's end. A warm supervisor that
ends without ``started`` in its spool has surely not run the job, so a cold one takes its place.
"""

import os
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.adoption import Standing, look, standing
from jobnet.execution.collect import collect
from jobnet.execution.prepare import PreparedJob
from jobnet.execution.processes import end_all
from jobnet.execution.progress import ProgressReader
from jobnet.execution.spool import DISK_FULL, STARTED, SUPERVISOR_LOG, Spool
from jobnet.execution.supervisor_process import Ending, SupervisorProcess
from jobnet.execution.warm_modules.tree import tree_of_marked
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import JobBegan, JobOrder, JobReport

AttemptKey = tuple[RunId, PartKey, int]
StartSupervisor = Callable[[int], SupervisorProcess]

# What a supervisor may need beyond the grace: to end the unkillable and write its result.
_ENDING_SECONDS: Final = 15.0
_TICKS_READ: Final = 65_536


class Starts(Protocol):
    """Starts supervisors; ``ticks`` is the pipe into which they write."""

    def start(self, order: JobOrder, prepared: PreparedJob, ticks: int) -> SupervisorProcess:
        """Start one, warm or cold."""

    def start_instead(
        self, prepared: PreparedJob, ticks: int, *, ending: Ending
    ) -> SupervisorProcess:
        """Start a cold one in place of a warm one that ended before it had begun."""


class Attempt:
    """One attempt of one unit job in this process; used by its own thread, but for ``kill``."""

    def __init__(
        self,
        order: JobOrder,
        report: Callable[[JobReport], None],
        clock: Callable[[], datetime],
        starts: Starts,
    ) -> None:
        self.order = order
        self.report = report
        self._clock = clock
        self._starts = starts
        self._lock = threading.Lock()
        self._supervisor: SupervisorProcess | None = None
        self._is_killed = False
        self._hard_kill: threading.Timer | None = None

    @property
    def key(self) -> AttemptKey:
        """What no two attempts share."""
        return (self.order.run, self.order.part, self.order.attempt)

    @property
    def is_killed(self) -> bool:
        """Whether somebody has asked this attempt to end."""
        with self._lock:
            return self._is_killed

    def kill(self) -> None:
        """Ask the supervisor to end the job; if it does not answer in time, end it as well."""
        with self._lock:
            self._is_killed = True
            if self._supervisor is None or self._hard_kill is not None:
                return
            self._supervisor.terminate()
            seconds = self.order.kill_grace.total_seconds() + _ENDING_SECONDS
            self._hard_kill = threading.Timer(seconds, self._supervisor.kill)
            self._hard_kill.daemon = True
            self._hard_kill.start()

    def execute(self, prepared: PreparedJob) -> JobResult:
        """Run the prepared job in a supervisor and return its result."""
        if self.is_killed:
            return _killed_before(prepared.spool)
        ending = self._supervise(
            prepared.spool, lambda ticks: self._starts.start(self.order, prepared, ticks)
        )
        if not self.is_killed and _has_broken_off(prepared.spool, ending):
            before = ending
            ending = self._supervise(
                prepared.spool,
                lambda ticks: self._starts.start_instead(prepared, ticks, ending=before),
            )
        return self._result_of(prepared.spool, ending)

    def _supervise(self, spool: Spool, start: StartSupervisor) -> Ending:
        """Start a supervisor, follow it to its end and return how it ended."""
        ticks, ticks_end = os.pipe2(os.O_CLOEXEC)
        try:
            try:
                supervisor = start(ticks_end)
            finally:
                os.close(ticks_end)
            with self._lock:
                self._supervisor = supervisor
            if self.is_killed:  # while it was being started, which may take seconds
                self.kill()
            self._follow(spool, ticks)
        finally:
            os.close(ticks)
        ending = supervisor.wait()
        with self._lock:
            self._supervisor = None
            if self._hard_kill is not None:
                self._hard_kill.cancel()
                self._hard_kill = None
        return ending

    def _follow(self, spool: Spool, ticks: int) -> None:
        """Report what is new whenever the supervisor ticks, until it has ended."""
        progress = ProgressReader(spool, part=self.order.part, attempt=self.order.attempt)
        has_begun, is_over = False, False
        while not is_over:
            is_over = not os.read(ticks, _TICKS_READ)
            if not has_begun and spool[STARTED].exists():
                has_begun = True
                self.report(
                    JobBegan(part=self.order.part, attempt=self.order.attempt, at=self._clock())
                )
            for report in progress.new_reports(is_over=is_over):
                self.report(report)

    def _result_of(self, spool: Spool, ending: Ending) -> JobResult:
        match standing(look(spool)):
            case Standing.ENDED:
                return collect(spool)
            case Standing.NOT_RUN if self._is_killed:
                return _killed_before(spool)
            case Standing.NOT_RUN:
                return _result(JobEnd.FAILED_TO_START, _why_ended(spool, ending), spool)
            case _:
                return self._lost(spool, ending)

    def _lost(self, spool: Spool, ending: Ending) -> JobResult:
        """End what a dead supervisor has left; nobody can say how far the job came."""
        left = end_all(
            lambda: tree_of_marked(spool.mark),
            grace_seconds=self.order.kill_grace.total_seconds(),
            after_look=lambda: None,
        )
        message = f"{_why_ended(spool, ending)}; it left no result"
        if left:
            message += f"; processes {', '.join(map(str, left))} could not be ended"
        return _result(JobEnd.LOST, message, spool)


def _has_broken_off(spool: Spool, ending: Ending) -> bool:
    """Tell whether a warm supervisor has ended without running the job, and a cold one might."""
    is_worth_it = ending.was_warm and ending.status != DISK_FULL
    return is_worth_it and standing(look(spool)) is Standing.NOT_RUN


def _why_ended(spool: Spool, ending: Ending) -> str:
    if ending.status == DISK_FULL:
        return f"no space left in {spool.folder}"
    log = _log_of(spool)
    return f"its supervisor {ending.words}" + (f": {log}" if log else "")


def _killed_before(spool: Spool) -> JobResult:
    return _result(JobEnd.KILLED, "killed before it was started", spool)


def _log_of(spool: Spool) -> str:
    try:
        return spool[SUPERVISOR_LOG].read_text(errors="replace")[-300:].strip()
    except FileNotFoundError:
        return ""


def _result(end: JobEnd, message: str, spool: Spool) -> JobResult:
    return JobResult(end=end, message=" ".join(message.split()), folder=str(spool.folder))
