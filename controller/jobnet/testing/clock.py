"""A clock on which nothing waits: waiting goes to the next thing that is due.

Fakes put what they will do on the clock with ``call_later``; a wait calls it in order until
something is in the inbox. A wait that nothing can end is a mistake in the test and says so.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")


class VirtualClock:
    """Stands still between waits; ``jumps`` tells where it was sent."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._real_seconds = 0.0
        self._wall_ahead = 0.0
        self._calls: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self.jumps: list[datetime] = []

    def now(self) -> datetime:
        """Return the instant on this clock."""
        return self._now

    def real_seconds(self) -> float:
        """Return the seconds that passed by waiting, without the jumps."""
        return self._real_seconds

    def wall_seconds(self) -> float:
        """Return the seconds of a wall clock that goes right until ``set_wall`` moves it."""
        return self._real_seconds + self._wall_ahead

    def set_wall(self, seconds: float) -> None:
        """Set the wall clock so many seconds ahead of where it should be."""
        self._wall_ahead = seconds

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call this when the clock has come so far."""
        due = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._calls, (due, next(self._numbers), call))

    def wait(self, inbox: "SimpleQueue[Item]", until: datetime | None) -> Item | None:
        """Go on until something is in the inbox or ``until`` has come."""
        while True:
            try:
                return inbox.get_nowait()
            except Empty:
                pass
            if self._calls and (until is None or self._calls[0][0] <= until):
                due, _, call = heapq.heappop(self._calls)
                self._pass_to(due)
                call()
            else:
                assert until is not None, "nothing will ever happen again on this clock"
                self._pass_to(until)
                return None

    def jump(self, to: datetime) -> None:
        """Go to an instant; what was to be called before it stays as far away as it was."""
        ahead = to - self._now
        if ahead > timedelta(0):
            self._now = to
            self.jumps.append(to)
            self._calls = [(due + ahead, number, call) for due, number, call in self._calls]

    def _pass_to(self, instant: datetime) -> None:
        if instant > self._now:
            self._real_seconds += (instant - self._now).total_seconds()
            self._now = instant
