"""Looks at the files that open file waits wait for, each ``poll`` and whenever it may be time.

On this machine one look of a wait is under way at a time; a hint that comes meanwhile is kept
and leads to another one. They are made aside, so that a file system that hangs does not stop
the run. Waits on hosts share their looks (``look_groups``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobnet.definition import Bundle
from jobnet.engine.commands import WatchFile
from jobnet.engine.inputs import FilesSeen
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.clock import Clock
from jobnet.ports.files import FileLooker
from jobnet.ports.jobs import JobRunner
from jobnet.ports.pieces import RunPieces
from jobnet.services.appointments import Appointments
from jobnet.services.inbox import Look, LookHint, LookMade, LooksMade, LookTime, Takes
from jobnet.services.look_groups import LookGroups

HURRIED_POLL = timedelta(seconds=3)
"""The longest pause between looks while the clock may jump (``fast_forward`` says why)."""
HERE = HostName("localhost")
Aside = Callable[[Callable[[], None]], None]
"""Runs something on another thread, soon."""


@dataclass(slots=True, kw_only=True)
class _OpenWait:
    """``looks`` counts those that are over; the others are about a file of this machine."""

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
        inbox: Takes,
        files: FileLooker,
        runner: JobRunner,
        pieces: RunPieces,
        aside: Aside,
        appointments: Appointments,
        is_hurried: bool,
        first_group: int = 1,
    ) -> None:
        self._clock, self._inbox = clock, inbox
        self._files, self._aside, self._appointments = files, aside, appointments
        self._poll_max = HURRIED_POLL if is_hurried else timedelta.max
        self._open: dict[tuple[PartKey, int], _OpenWait] = {}
        self._groups = LookGroups(
            bundle=bundle,
            run=run,
            inbox=inbox,
            runner=runner,
            pieces=pieces,
            appointments=appointments,
            first_group=first_group,
        )

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
        if here:
            self.look(hint, now)
        else:
            self._groups.join(watch, interval=self._poll(watch), now=now)

    def close(self, part: PartKey, attempt: int) -> None:
        """End a wait; a look that is under way is left to end by itself."""
        wait = self._open.pop((part, attempt), None)
        if wait is not None:
            wait.stop_watching()
            self._groups.leave(part, attempt)

    def close_all(self) -> None:
        """End all waits."""
        for part, attempt in list(self._open):
            self.close(part, attempt)

    def look(self, time: LookTime, now: datetime) -> None:
        """Make a look, unless one is under way: then another follows it."""
        if not isinstance(time, LookHint):
            self._groups.look(time, now)
            return
        wait = self._open.get((time.part, time.attempt))
        if wait is None:
            return
        if wait.is_looking:
            wait.was_hinted = True
            return
        wait.is_looking = True
        self._look_here(wait.watch)

    def looked(self, made: Look, now: datetime) -> tuple[FilesSeen, ...]:
        """Note that a look is over and plan the next; return what open waits have seen by it."""
        if isinstance(made, LooksMade):
            seen = self._groups.looked(made, now)
            for key, _ in seen:
                self._open[key].looks += 1
            return tuple(
                FilesSeen(part=part, attempt=attempt, looks=looks)
                for (part, attempt), looks in seen
            )
        wait = self._open.get((made.part, made.attempt))
        if wait is None:
            return ()
        wait.is_looking = False
        wait.looks += 1
        hint = LookHint(part=made.part, attempt=made.attempt)
        if wait.was_hinted:
            wait.was_hinted = False
            self.look(hint, now)
        else:
            self._appointments.look_at(now + self._poll(wait.watch), hint)
        return (FilesSeen(part=made.part, attempt=made.attempt, looks=made.looks),)

    def is_fresh(self, *, looks_min: int, seconds_min: float) -> bool:
        """Return whether some wait has had fewer looks or less real time than this."""
        now = self._clock.real_seconds()
        return any(
            wait.looks < looks_min or now - wait.since_real < seconds_min
            for wait in self._open.values()
        )

    @property
    def is_looking(self) -> bool:
        """Whether a look is under way."""
        return bool(self._groups.under_way) or any(wait.is_looking for wait in self._open.values())

    def __len__(self) -> int:
        return len(self._open)

    def _poll(self, watch: WatchFile) -> timedelta:
        return min(watch.wait.poll, self._poll_max)

    def _look_here(self, watch: WatchFile) -> None:
        def look() -> None:
            looks = {HERE: self._files.look(watch.path)}
            self._inbox.put(LookMade(part=watch.part, attempt=watch.attempt, looks=looks))

        self._aside(look)


def _nothing() -> None:
    """End a watch that was never begun."""
