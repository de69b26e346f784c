"""Puts a controller together for benchmarks: real services and a real database, jobs at once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.kept_artifacts import SpoolArtifacts
from jobnet.execution.remains import SpoolRemains
from jobnet.ids import PartKey, RunId
from jobnet.machine import MachineClock, MachineFiles, Pieces, Threads
from jobnet.ports.jobs import JobBegan, JobOrder, JobOver, JobReport
from jobnet.ports.messages import Letter
from jobnet.services.controller.assembly import ControllerWorld, assemble
from jobnet.services.controller.controller import Controller
from jobnet.storage import SqlitePlace, open_outputs, open_store

SLOTS = 8


class AtOnce:
    """A runner whose jobs begin and end at once, on a thread of its own."""

    def __init__(self) -> None:
        self._line: list[tuple[JobOrder, Callable[[JobReport], None]]] = []
        self._changed = threading.Condition()
        self.began: dict[tuple[RunId, PartKey, int], float] = {}
        threading.Thread(target=self._work, daemon=True).start()

    def start(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        self.began[order.run, order.part, order.attempt] = time.monotonic()
        with self._changed:
            self._line.append((order, report))
            self._changed.notify()

    def adopt(
        self, order: JobOrder, report: Callable[[JobReport], None], *, has_begun: bool
    ) -> None:
        self.start(order, report)

    def kill(self, *, run: RunId, part: PartKey, attempt: int) -> None:
        pass

    def leave(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._line)
                waiting, self._line = self._line, []
            for order, report in waiting:
                now = datetime.now(UTC)  # noqa: TID251
                report(JobBegan(part=order.part, attempt=order.attempt, at=now))
                result = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0, ansible_rc=0)
                over = JobOver(part=order.part, attempt=order.attempt, at=now, result=result)
                report(over)


class Nobody:
    """A messenger for whom nothing is too much."""

    def send(self, letter: Letter) -> None:
        pass


@contextmanager
def controller(folder: Path, *, jobs_max: int = SLOTS) -> Iterator[Controller]:
    """Yield a controller that works, on SQLite in a folder."""
    store = open_store(SqlitePlace(path=folder / "jobnet.sqlite3"))
    outputs = open_outputs(SqlitePlace(path=folder / "output.sqlite3", is_synced=False))
    made = assemble(
        ControllerWorld(
            store=store,
            outputs=outputs,
            runner=AtOnce(),
            clock=MachineClock(),
            files=MachineFiles(),
            messenger=Nobody(),
            pieces=Pieces(folder=folder),
            threads=Threads(),
            remains=SpoolRemains(folder / "jobs"),
            artifacts=SpoolArtifacts(folder / "jobs"),
            home=folder,
            zone="UTC",
            jobs_max=jobs_max,
            ending=(outputs.close, store.close),
        )
    )
    made.start()
    try:
        yield made
    finally:
        made.stop()
