"""Wakes the workers of this process when there is something for them.

A ring is only a hint: what is to be done stands in the database, and every worker looks there by
itself now and then. One that rings while nobody waits is heard by the next who does.
"""

import threading
from collections.abc import Collection, Iterable
from enum import StrEnum

from jobnet.ids import RunId
from jobnet.ports.store import SignalKind


class Worker(StrEnum):
    """Who can be woken beside the pump and those who carry out signals."""

    TIMERS = "timers"  # the earliest due instant may have changed
    OUTCOMES = "outcomes"  # an order has its outcome, a run has ended
    LIVE = "live"  # there are new live notes
    PLAN = "plan"  # definitions or the plan have changed


Name = SignalKind | Worker


class Bells:
    """One bell per worker, and a line of runs that have something in their inbox."""

    def __init__(self) -> None:
        """Begin silent."""
        self._changed = threading.Condition()
        self._runs: dict[RunId, None] = {}
        self._rings: dict[Name, int] = {}
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether everybody is to stop."""
        return self._is_closed

    @property
    def runs(self) -> frozenset[RunId]:
        """The runs that were rung for and that nobody has taken."""
        with self._changed:
            return frozenset(self._runs)

    def ring_runs(self, runs: Iterable[RunId]) -> None:
        """Say that there is something in the inboxes of these runs."""
        with self._changed:
            self._runs.update(dict.fromkeys(runs))
            self._changed.notify_all()

    def ring(self, names: Collection[Name]) -> None:
        """Say that there is something for these workers."""
        if not names:
            return
        with self._changed:
            for name in names:
                self._rings[name] = self._rings.get(name, 0) + 1
            self._changed.notify_all()

    def next_run(self, *, seconds_max: float) -> RunId | None:
        """Return a run that was rung for, the oldest first, or None after a time."""
        with self._changed:
            self._changed.wait_for(lambda: self._runs or self._is_closed, seconds_max)
            if self._is_closed or not self._runs:
                return None
            run = next(iter(self._runs))
            del self._runs[run]
            return run

    def heard(self, names: Collection[Name]) -> int:
        """Return how often these bells have rung so far: what ``wait`` goes on from."""
        with self._changed:
            return self._count(names)

    def wait(self, names: Collection[Name], heard: int, *, seconds_max: float) -> int:
        """Wait until one of these bells rings after ``heard`` rings, or for a time."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._count(names) != heard or self._is_closed, seconds_max
            )
            return self._count(names)

    def close(self) -> None:
        """Wake everybody for the last time."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _count(self, names: Collection[Name]) -> int:
        return sum(self._rings.get(name, 0) for name in names)
