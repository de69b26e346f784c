"""Starts and stops everybody who works for the controller, and holds its services together.

Starting repairs first: timers that waited, jobs of a process that is gone, inputs that nobody has
taken. Stopping waits for what is under way and leaves jobs running: the next start adopts them.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jobnet.ports.store import Store
from jobnet.ports.store.outputs import OutputStore
from jobnet.services.controller.admissions import Admissions
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.calendars import Calendars
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.events import Events
from jobnet.services.controller.matchmaker import Matchmaker
from jobnet.services.controller.orders import Orders
from jobnet.services.controller.outlook import Outlook
from jobnet.services.controller.plan.plans import Plans
from jobnet.services.controller.queues import Queues
from jobnet.services.controller.rebuilding import Rebuilding
from jobnet.services.controller.retention import Retention
from jobnet.services.controller.schedules import Schedules
from jobnet.services.controller.starts import Starts
from jobnet.services.controller.timekeeper import Timekeeper
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.triggers.hooks import Hooks
from jobnet.services.controller.triggers.triggers import Triggers
from jobnet.services.controller.turns import Turns
from jobnet.services.controller.views.dependencies import Dependencies
from jobnet.services.controller.views.views import Views
from jobnet.services.controller.windows.windows import Windows
from jobnet.services.controller.working import SWEEP_SECONDS, Health, Works, keep_working
from jobnet.services.forecast.forecasts import Forecasts

STOP_SECONDS_MAX = 20.0
PUMPS = 2


class Recovers(Protocol):
    """Somebody who has something to repair before the work begins."""

    def recover(self) -> object:
        """Put right what a process before this one has left."""


class Turning(Protocol):
    """Makes the turns of runs."""

    def keep_turning(self, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
        """Make turns until the bells are closed."""

    def keep_sweeping(self, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
        """Look now and then for what nobody has rung for."""


class Reporting(Protocol):
    """Writes what jobs report."""

    def keep_writing(self) -> None:
        """Write until ``stop``."""

    def stop(self) -> None:
        """Return when everything is kept."""


class Leaving(Protocol):
    """Runs jobs, and can leave them alone."""

    def leave(self) -> None:
        """Follow jobs no longer, and end none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Everybody who has a thread of their own. ``recovering`` are in the order that they work.

    ``ending`` is done when all have stopped: it lets go of the databases.
    """

    pump: Turning
    reports: Reporting
    runner: Leaving
    workers: Sequence[Works]
    recovering: Sequence[Recovers] = ()
    closing: Sequence[Callable[[], None]] = ()
    ending: Sequence[Callable[[], None]] = ()
    pumps: int = PUMPS
    sweep_seconds: float = SWEEP_SECONDS


@dataclass(slots=True)
class Shift:
    """The threads of a controller; it is started once and stopped once."""

    crew: Crew
    bells: Bells
    health: Health
    _threads: list[threading.Thread] = field(default_factory=list)
    _reporter: threading.Thread | None = None

    def start(self) -> None:
        """Repair, then set everybody to work; returns at once."""
        assert not self._threads, "a shift is started once"
        crew = self.crew
        for each in crew.recovering:
            each.recover()
        self._reporter = _thread("job_reports", crew.reports.keep_writing)
        self._reporter.start()
        sweep = crew.sweep_seconds
        for number in range(crew.pumps):
            turning = _named(crew.pump.keep_turning, sweep)
            self._threads.append(_thread(f"pump-{number + 1}", turning))
        self._threads.append(_thread("sweeper", _named(crew.pump.keep_sweeping, sweep)))
        for worker in crew.workers:
            self._threads.append(_thread(worker.name, self._keep(worker)))
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = STOP_SECONDS_MAX) -> bool:
        """Stop everybody, jobs excepted; return whether all have stopped in time."""
        until = time.monotonic() + timeout
        self.bells.close()
        for close in self.crew.closing:
            close()
        self.crew.runner.leave()
        self.crew.reports.stop()
        threads = [*self._threads, *([self._reporter] if self._reporter else [])]
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        for end in self.crew.ending:
            end()
        return not any(thread.is_alive() for thread in threads)

    @property
    def is_working(self) -> bool:
        """Whether everybody who was set to work still is."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def _keep(self, worker: Works) -> Callable[[], None]:
        sweep = self.crew.sweep_seconds
        return lambda: keep_working(worker, self.bells, self.health, sweep_seconds=sweep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """The services of a controller, and those who work for it."""

    store: Store
    bells: Bells
    health: Health
    outputs: OutputStore
    trackers: Trackers
    turns: Turns
    matchmaker: Matchmaker
    admissions: Admissions
    timekeeper: Timekeeper
    definitions: Definitions
    calendars: Calendars
    schedules: Schedules
    starts: Starts
    plans: Plans
    forecasts: Forecasts
    outlook: Outlook
    orders: Orders
    queues: Queues
    windows: Windows
    triggers: Triggers
    hooks: Hooks
    events: Events
    views: Views
    dependencies: Dependencies
    rebuilding: Rebuilding
    retention: Retention
    shift: Shift

    def start(self) -> None:
        """Repair what a process before this one has left, then work; returns at once."""
        self.shift.start()

    def stop(self, timeout: float = STOP_SECONDS_MAX) -> bool:
        """Stop working, leave jobs running, let go of the databases.

        Returns whether everybody has stopped in time.
        """
        return self.shift.stop(timeout)


def _named(work: Callable[..., None], sweep_seconds: float) -> Callable[[], None]:
    return lambda: work(sweep_seconds=sweep_seconds)


def _thread(name: str, work: Callable[[], None]) -> threading.Thread:
    return threading.Thread(target=work, name=f"jobnet-{name}", daemon=True)
