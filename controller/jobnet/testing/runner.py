"""A job runner that runs nothing: each part's attempts end as their scripts say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from jobnet.engine.results import JobEnd, JobResult
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import (
    JobBegan,
    JobOrder,
    JobOutput,
    JobOver,
    JobProgress,
    JobReport,
)

GOOD = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0, ansible_rc=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What one attempt does: how long it takes and how it ends. A deaf one ignores a kill."""

    seconds: float = 1.0
    result: JobResult = GOOD
    output: str = ""
    is_deaf: bool = False


class FakeRunner:
    """Plays scripts, the first for the first attempt, the last for all that follow.

    ``later`` calls something after some seconds: a ``VirtualClock`` or real timers.
    ``on_start`` is called first whenever an attempt is started.
    """

    def __init__(
        self,
        later: Callable[[float, Callable[[], None]], object],
        now: Callable[[], datetime],
        scripts: Mapping[str, Sequence[Script] | Script] | None = None,
    ) -> None:
        self._later = later
        self._now = now
        self._scripts = scripts or {}
        self._open: dict[tuple[RunId, PartKey, int], Callable[[JobReport], None]] = {}
        self._known: set[tuple[RunId, PartKey, int]] = set()
        self._lock = Lock()
        self.ended: dict[tuple[RunId, PartKey, int], JobResult] = {}
        self.orphans: dict[tuple[RunId, PartKey, int], JobResult] = {}
        """How attempts ended that a runner before this one had started; others never ran."""
        self.orders: list[JobOrder] = []
        self.kills: list[tuple[PartKey, int]] = []
        self.on_start: Callable[[], None] = lambda: None
        self.left: dict[tuple[RunId, PartKey, int], None] = {}
        self._is_left = False

    def start(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        """Play the script of the part."""
        self.on_start()
        key = (order.run, order.part, order.attempt)
        script = self._script(order.part)
        with self._lock:
            if key in self._known or self._is_left:
                return  # asked twice; the first one is under way and reports
            self._known.add(key)
            self.orders.append(order)
            self._open[key] = report
        if script.result.end is not JobEnd.FAILED_TO_START:
            self._later(0, lambda: self._began(key, script))
        self._later(script.seconds, lambda: self._over(key, script.result))

    def adopt(
        self, order: JobOrder, report: Callable[[JobReport], None], *, has_begun: bool
    ) -> None:
        """Report how an orphan ended; start what never ran."""
        key = (order.run, order.part, order.attempt)
        gone = JobResult(end=JobEnd.LOST, message="its spool is gone") if has_begun else None
        result = self.orphans.get(key, gone)
        if result is None:
            self.start(order, report)
            return
        with self._lock:
            self._known.add(key)
            self._open[key] = report
        self._later(0, lambda: self._over(key, result))

    def kill(self, *, run: RunId, part: PartKey, attempt: int) -> None:
        """End the attempt at once, unless its script is deaf."""
        self.kills.append((part, attempt))
        if not self._script(part).is_deaf:
            killed = JobResult(end=JobEnd.KILLED, message="killed")
            self._later(0, lambda: self._over((run, part, attempt), killed))

    def leave(self) -> None:
        """Let go of everything; what goes on are orphans of the next runner."""
        with self._lock:
            self._is_left = True
            self.left = dict.fromkeys(self._open)
            self._open.clear()

    def close(self) -> None:
        """End everything that is still open."""
        for key in list(self._open):
            self._over(key, JobResult(end=JobEnd.KILLED, message="the runner was closed"))

    def _script(self, part: PartKey) -> Script:
        scripts = self._scripts.get(part, Script())
        if isinstance(scripts, Script):
            return scripts
        number = sum(order.part == part for order in self.orders)
        return scripts[min(number, len(scripts) - 1)]

    def _began(self, key: tuple[RunId, PartKey, int], script: Script) -> None:
        _, part, attempt = key
        with self._lock:
            report = self._open.get(key)
        if report is not None:
            report(JobBegan(part=part, attempt=attempt, at=self._now()))
            report(JobProgress(part=part, attempt=attempt, task=f"task of {part}"))
            if script.output:
                report(JobOutput(part=part, attempt=attempt, text=script.output))

    def _over(self, key: tuple[RunId, PartKey, int], result: JobResult) -> None:
        _, part, attempt = key
        with self._lock:
            report = self._open.pop(key, None)
        if report is not None:
            self.ended[key] = result
            report(JobOver(part=part, attempt=attempt, at=self._now(), result=result))
