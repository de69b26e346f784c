"""Runs unit jobs on this machine: one detached supervisor process and one thread for each.

Killing this process leaves the supervisors alone: they finish, and their spools tell how;
leashed ones, those of a play that nobody would come back to, kill their jobs instead.
``AnsibleRunner`` is the only name that others need from this package.
"""

import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from jobnet.engine.results import JobEnd, JobResult
from jobnet.errors import ControllerError
from jobnet.execution.attempt import Attempt, AttemptKey
from jobnet.execution.bounds import shortened
from jobnet.execution.connections import Connections
from jobnet.execution.orphans import end_of_orphan
from jobnet.execution.output import is_disk_full
from jobnet.execution.places import as_written
from jobnet.execution.prepare import expected_environment, prepare
from jobnet.execution.progress import ProgressReader
from jobnet.execution.settings import SettingsReader
from jobnet.execution.spool import Spool, spool_path
from jobnet.execution.starter import Starter
from jobnet.execution.warm.canary import Canary
from jobnet.execution.warm.pool import WarmPool
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import JobBegan, JobOrder, JobOver, JobReport
from jobnet.ports.warmth import Warmth

_CLOSE_TIMEOUT: Final = timedelta(seconds=30)


class AnsibleRunner:
    """A ``JobRunner`` with ansible-runner below; ``spool_root`` keeps all that jobs leave.

    ``clock`` gives the instants of the reports. The same attempt cannot be started twice,
    not even by another process: its spool is in the way. ``state`` is a folder for what is
    known beyond this process: whether warm starts can be trusted.
    """

    def __init__(
        self,
        *,
        spool_root: Path,
        clock: Callable[[], datetime],
        is_leashed: bool = False,
        warm: bool = True,
        state: Path | None = None,
    ) -> None:
        self._spool_root = spool_root.absolute()
        pool = WarmPool(logs=self._spool_root, canary=Canary(state=state))
        self._starter = Starter(pool, is_leashed=is_leashed, warm=warm)
        self._clock = clock
        self._settings = SettingsReader()
        self._connections = Connections(self._spool_root)
        self._attempts: dict[AttemptKey, Attempt] = {}
        self._threads: set[threading.Thread] = set()
        self._expecting: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._is_closed = False
        self._is_left = False

    def start(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        """Start one attempt; ``report`` is called from its thread, ``JobOver`` comes last."""
        self._begin(order, report, self._result_of)

    def _begin(
        self,
        order: JobOrder,
        report: Callable[[JobReport], None],
        result_of: Callable[[Attempt], JobResult],
    ) -> None:
        attempt = Attempt(order, self._unless_left(report), self._clock, self._starter)
        thread = threading.Thread(
            target=self._run, args=(attempt, result_of), name=f"job {order.part}", daemon=True
        )
        with self._lock:
            if attempt.key in self._attempts:
                return  # asked twice; the first one is under way and will report
            if self._is_left:
                return
            if self._is_closed:
                attempt.kill()
            self._attempts[attempt.key] = attempt
            self._threads.add(thread)
        thread.start()

    def _unless_left(self, report: Callable[[JobReport], None]) -> Callable[[JobReport], None]:
        def told(each: JobReport) -> None:
            if not self._is_left:
                report(each)

        return told

    def adopt(
        self, order: JobOrder, report: Callable[[JobReport], None], *, has_begun: bool
    ) -> None:
        """Take over an attempt that another process started, by what its spool says."""
        self._begin(order, report, lambda attempt: self._end_of_adopted(attempt, has_begun))

    def kill(self, *, run: RunId, part: PartKey, attempt: int) -> None:
        """Ask the attempt to end; an unknown or ended one is left as it is."""
        with self._lock:
            found = self._attempts.get((run, part, attempt))
        if found is not None:
            found.kill()

    def expect(
        self, *, project_root: str, environment: Mapping[str, str], until: datetime | None = None
    ) -> None:
        """Have Ansible loaded for jobs of this project; a fault will be told by the jobs."""
        seconds = 0.0 if until is None else (until - self._clock()).total_seconds()

        def work() -> None:
            with suppress(ControllerError, OSError, subprocess.SubprocessError):
                variables = expected_environment(environment, project_root, self._settings)
                self._starter.expect(variables, project_root, keep_seconds=seconds)

        thread = threading.Thread(target=work, name="expect", daemon=True)
        with self._lock:
            if self._is_closed:
                return
            self._expecting = [one for one in self._expecting if one.is_alive()]
            self._expecting.append(thread)
            thread.start()

    def warmth(self) -> Warmth:
        """Return how the jobs were started so far."""
        return self._starter.warmth()

    def leave(self) -> None:
        """Leave all jobs to their supervisors; nothing is reported or started any more.

        Their threads end with this process. Spools tell the next one how far they came.
        """
        with self._lock:
            self._is_left = self._is_closed = True
        self._starter.close()

    def close(self) -> None:
        """End every job and return when no process of any is left; starts nothing any more."""
        with self._lock:
            self._is_closed = True
            attempts, threads = list(self._attempts.values()), list(self._threads)
        for attempt in attempts:
            attempt.kill()
        grace = max((a.order.kill_grace for a in attempts), default=timedelta(0))
        for thread in threads:
            thread.join((grace + _CLOSE_TIMEOUT).total_seconds())
        self._starter.close()
        self._connections.close()
        for thread in self._expecting:
            thread.join(_CLOSE_TIMEOUT.total_seconds())

    def _run(self, attempt: Attempt, result_of: Callable[[Attempt], JobResult]) -> None:
        order = attempt.order
        try:
            result = result_of(attempt)
        except Exception as bug:
            # Whoever waits for this attempt must hear of its end, also when the fault is ours,
            # and a job that nobody follows any more must not go on.
            attempt.kill()
            result = JobResult(end=JobEnd.LOST, message=f"a bug in Jobnet: {bug!r}")
            self._conclude(attempt, order, result)
            raise
        self._conclude(attempt, order, result)

    def _conclude(self, attempt: Attempt, order: JobOrder, result: JobResult) -> None:
        """Report the end, once, and forget the attempt."""
        with self._lock:
            self._attempts.pop(attempt.key, None)
        try:
            attempt.report(self._over(order, result))
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())

    def _over(self, order: JobOrder, result: JobResult) -> JobOver:
        message = as_written(result.message, order, result.folder)
        told = replace(result, message=message)
        return JobOver(part=order.part, attempt=order.attempt, at=self._clock(), result=told)

    def _end_of_adopted(self, attempt: Attempt, has_begun: bool) -> JobResult:  # noqa: FBT001
        order = attempt.order
        spool = Spool(folder=self._path_of(order))
        progress = ProgressReader(spool, part=order.part, attempt=order.attempt)

        def follow(is_over: bool) -> None:  # noqa: FBT001 - the only thing to say
            with suppress(OSError, ValueError, KeyError):
                for report in progress.new_reports(is_over=is_over):
                    attempt.report(report)

        try:
            found = end_of_orphan(
                spool,
                has_begun=has_begun,
                follow=follow,
                is_killed=lambda: attempt.is_killed,
                began=lambda: attempt.report(
                    JobBegan(part=order.part, attempt=order.attempt, at=self._clock())
                ),
                grace_seconds=order.kill_grace.total_seconds(),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"its spool cannot be read: {error}"
            return JobResult(end=JobEnd.LOST, message=shortened(message, 600))
        return self._result_of(attempt) if found is None else found

    def _path_of(self, order: JobOrder) -> Path:
        return spool_path(self._spool_root, run=order.run, part=order.part, attempt=order.attempt)

    def _result_of(self, attempt: Attempt) -> JobResult:
        order = attempt.order
        path = self._path_of(order)
        try:
            prepared = prepare(order, path, self._settings, self._connections)
            return attempt.execute(prepared)
        except ControllerError as error:
            return _not_started(str(error), path)
        except OSError as error:
            text = f"no space left in {path}" if is_disk_full(error) else str(error)
            return _not_started(text, path)
        except subprocess.SubprocessError as error:
            return _not_started(str(error), path)


def _not_started(message: str, path: Path) -> JobResult:
    folder = str(path) if path.is_dir() else ""
    return JobResult(end=JobEnd.FAILED_TO_START, message=shortened(message, 600), folder=folder)
