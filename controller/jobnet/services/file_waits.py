"""Looks at the files that open file waits wait for, each ``poll`` and whenever it may be time.

One look of a wait is under way at a time; a hint that comes meanwhile is kept and leads
to another one. Looks of this machine are made aside, so that a file system that hangs does
not stop the run; looks on hosts are small Ansible jobs that hold no slot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.definition import Bundle
from jobnet.engine.commands import WatchFile
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.clock import Clock
from jobnet.ports.files import FileLooker
from jobnet.ports.jobs import JobOver, JobReport, JobRunner
from jobnet.ports.pieces import RunPieces
from jobnet.services.appointments import Appointments
from jobnet.services.host_looks import look_order, looks_of
from jobnet.services.inbox import Inbox, LookHint, LookMade

HURRIED_POLL = timedelta(seconds=3)
"""The longest pause between looks while the clock may jump (``fast_forward`` says why)."""
HERE = HostName("localhost")
Aside = Callable[[Callable[[], None]], None]
"""Runs something on another thread, soon."""


@dataclass(slots=True, kw_only=True)
class _OpenWait:
    watch: WatchFile
    since_real: float
    stop_watching: Callable[[], None]
    looks: int = 0
    is_looking: bool = False
    was_hinted: bool = False


class FileWaits:
    """The open file waits of one run."""

    def __init__(  # noqa: PLR0913 - what a look needs from the world
        self,
        *,
        bundle: Bundle,
        run: RunId,
        clock: Clock,
        inbox: Inbox,
        files: FileLooker,
        runner: JobRunner,
        pieces: RunPieces,
        aside: Aside,
        appointments: Appointments,
        is_hurried: bool,
    ) -> None:
        self._bundle, self._run = bundle, run
        self._clock, self._inbox = clock, inbox
        self._files, self._runner, self._pieces = files, runner, pieces
        self._aside, self._appointments = aside, appointments
        self._poll_max = HURRIED_POLL if is_hurried else timedelta.max
        self._open: dict[tuple[PartKey, int], _OpenWait] = {}

    def open(self, watch: WatchFile, now: datetime) -> None:
        """Look now and then each ``poll``; opened twice it looks once."""
        key = (watch.part, watch.attempt)
        if key in self._open:
            return
        hint = LookHint(part=watch.part, attempt=watch.attempt)
        here = watch.hosts is None
        stop = self._files.watch(watch.path, lambda: self._inbox.put(hint)) if here else _nothing
        self._open[key] = _OpenWait(
            watch=watch, since_real=self._clock.real_seconds(), stop_watching=stop
        )
        self.look(hint, now)

    def close(self, part: PartKey, attempt: int) -> None:
        """End a wait; a look that is under way is left to end by itself."""
        wait = self._open.pop((part, attempt), None)
        if wait is not None:
            wait.stop_watching()

    def close_all(self) -> None:
        """End all waits."""
        for part, attempt in list(self._open):
            self.close(part, attempt)

    def look(self, hint: LookHint, now: datetime) -> None:
        """Make a look, unless one is under way: then another follows it."""
        wait = self._open.get((hint.part, hint.attempt))
        if wait is None:
            return
        if wait.is_looking:
            wait.was_hinted = True
            return
        wait.is_looking = True
        wait.looks += 1
        if wait.watch.hosts is None:
            self._look_here(wait.watch)
        else:
            self._look_there(wait.watch, wait.looks)

    def looked(self, made: LookMade, now: datetime) -> bool:
        """Note that a look is over and plan the next; tell whether its wait is still open."""
        wait = self._open.get((made.part, made.attempt))
        if wait is None:
            return False
        wait.is_looking = False
        hint = LookHint(part=made.part, attempt=made.attempt)
        if wait.was_hinted:
            wait.was_hinted = False
            self.look(hint, now)
        else:
            poll = min(wait.watch.wait.poll, self._poll_max)
            self._appointments.look_at(now + poll, hint)
        return True

    def is_fresh(self, *, looks_min: int, seconds_min: float) -> bool:
        """Return whether some wait has had fewer looks or less real time than this."""
        now = self._clock.real_seconds()
        return any(
            wait.looks - wait.is_looking < looks_min or now - wait.since_real < seconds_min
            for wait in self._open.values()
        )

    @property
    def is_looking(self) -> bool:
        """Whether a look is under way."""
        return any(wait.is_looking for wait in self._open.values())

    def __len__(self) -> int:
        return len(self._open)

    def _look_here(self, watch: WatchFile) -> None:
        def look() -> None:
            looks = {HERE: self._files.look(watch.path)}
            self._inbox.put(LookMade(part=watch.part, attempt=watch.attempt, looks=looks))

        self._aside(look)

    def _look_there(self, watch: WatchFile, number: int) -> None:
        def report(report: JobReport) -> None:
            if isinstance(report, JobOver):
                looks = looks_of(report.result)
                self._pieces.discard(report.result.folder)
                self._inbox.put(LookMade(part=watch.part, attempt=watch.attempt, looks=looks))

        order = look_order(watch, run=self._run, bundle=self._bundle, number=number)
        self._runner.start(order, report)


def _nothing() -> None:
    """End a watch that was never begun."""
