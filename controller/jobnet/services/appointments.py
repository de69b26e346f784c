"""Keeps the appointments of a run: its armed timers and the next looks at files."""

import heapq
from collections import Counter
from datetime import datetime
from itertools import count

from jobnet.engine.timers import ArmedTimer, Timer, TimerKind
from jobnet.services.inbox import LookTime

WATCHING = frozenset({TimerKind.LATE_START, TimerKind.LATE_END, TimerKind.OVERRUN})
"""Timers that only raise a flag: they end no wait."""

Appointment = ArmedTimer | LookTime


class Appointments:
    """Heaps by due instant; what was dropped is passed over when its turn comes."""

    def __init__(self) -> None:
        self._timers: list[tuple[datetime, int, ArmedTimer]] = []
        self._looks: list[tuple[datetime, int, LookTime]] = []
        self._armed: dict[Timer, int] = {}
        self._kinds: Counter[TimerKind] = Counter()
        self._numbers = count()

    def arm(self, armed: ArmedTimer) -> None:
        """Keep a timer; one that is armed already gets this instant."""
        self.drop(armed.timer)
        number = next(self._numbers)
        self._armed[armed.timer] = number
        self._kinds[armed.timer.kind] += 1
        heapq.heappush(self._timers, (armed.due, number, armed))

    def drop(self, timer: Timer) -> None:
        """Forget a timer; one that nobody knows changes nothing."""
        if self._armed.pop(timer, None) is not None:
            self._kinds[timer.kind] -= 1

    def look_at(self, due: datetime, look: LookTime) -> None:
        """Remember when the next look is due."""
        heapq.heappush(self._looks, (due, next(self._numbers), look))

    def next_due(self) -> datetime | None:
        """Return when the earliest appointment is due."""
        firsts = [due for due in (self.next_timer_due(), self._next_look_due()) if due is not None]
        return min(firsts, default=None)

    def next_timer_due(self) -> datetime | None:
        """Return when the earliest timer is due, looks left aside."""
        while self._timers:
            due, number, armed = self._timers[0]
            if self._armed.get(armed.timer) == number:
                return due
            heapq.heappop(self._timers)
        return None

    def take_due(self, now: datetime) -> Appointment | None:
        """Remove and return the earliest appointment that is due, if there is one.

        A look comes before a timer of the same instant.
        """
        timer_due, look_due = self.next_timer_due(), self._next_look_due()
        if look_due is not None and look_due <= now and (not timer_due or look_due <= timer_due):
            return heapq.heappop(self._looks)[2]
        if timer_due is None or timer_due > now:
            return None
        armed = heapq.heappop(self._timers)[2]
        self.drop(armed.timer)
        return armed

    def has_waking(self) -> bool:
        """Return whether a timer is armed that will move the run on."""
        return any(number for kind, number in self._kinds.items() if kind not in WATCHING)

    def has_settling(self) -> bool:
        """Return whether a file is being watched for having stopped to change."""
        return self._kinds[TimerKind.SETTLE] > 0

    def _next_look_due(self) -> datetime | None:
        return self._looks[0][0] if self._looks else None
