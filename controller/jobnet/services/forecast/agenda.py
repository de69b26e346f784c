"""Keeps what is due on a virtual clock, and what runs are given at this instant."""

import heapq
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from jobnet.engine.inputs import Input
from jobnet.services.forecast.run_at_work import RunAtWork

Doing = Callable[[], None]
_EVENT, _TIMER = 0, 1


class Agenda:
    """What is due, the earliest first; of the same instant timers come last, else in order."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.ready: deque[tuple[RunAtWork, Input]] = deque()
        self._due: list[tuple[datetime, int, int, Doing]] = []
        self._numbers = count(1)

    def give(self, run: RunAtWork, given: Input) -> None:
        """Let something reach a run at this instant."""
        self.ready.append((run, given))

    def at(self, instant: datetime, doing: Doing) -> None:
        """Do something at an instant, now if that has passed."""
        heapq.heappush(self._due, (instant, _EVENT, next(self._numbers), doing))

    def later(self, after: timedelta, doing: Doing) -> None:
        """Do something after some time; beyond the year 9999 nothing happens any more."""
        try:
            instant = self.now + after
        except OverflowError:
            return
        self.at(instant, doing)

    def timer_at(self, due: datetime, doing: Callable[[int], None]) -> int:
        """Let a timer fire; return the number that it is given when it does."""
        number = next(self._numbers)
        heapq.heappush(self._due, (due, _TIMER, number, lambda: doing(number)))
        return number

    def take_next(self) -> Doing | None:
        """Go on to what is due next, and return it; None: nothing is left."""
        if not self._due:
            return None
        at, _, _, doing = heapq.heappop(self._due)
        self.now = max(self.now, at)
        return doing
