"""Keeps the appointments of a run: its armed timers and the next looks at files."""

import heapq
from datetime import datetime
from itertools import count

from jobnet.engine.timers import ArmedTimer, Timer, TimerKind
from jobnet.services.inbox import LookHint

WATCHING = frozenset({TimerKind.LATE_START, TimerKind.LATE_END, TimerKind.OVERRUN})
"""Timers that only raise a flag: they end no wait."""

Appointment = ArmedTimer | LookHint


class Appointments:
    """A heap by due instant; what was dropped stays in it until its turn and is passed over."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Appointment]] = []
        self._armed: dict[Timer, int] = {}
        self._numbers = count()

    def arm(self, armed: ArmedTimer) -> None:
        """Keep a timer; one that is armed already gets this instant."""
        self._armed[armed.timer] = self._push(armed.due, armed)

    def drop(self, timer: Timer) -> None:
        """Forget a timer; one that nobody knows changes nothing."""
        self._armed.pop(timer, None)

    def look_at(self, due: datetime, look: LookHint) -> None:
        """Remember when the next look is due."""
        self._push(due, look)

    def next_due(self) -> datetime | None:
        """Return when the earliest appointment is due."""
        self._pass_over()
        return self._heap[0][0] if self._heap else None

    def next_timer_due(self) -> datetime | None:
        """Return when the earliest timer is due, looks left aside."""
        return min((due for due, _, timer in self._timers()), default=None)

    def take_due(self, now: datetime) -> Appointment | None:
        """Remove and return the earliest appointment that is due, if there is one."""
        self._pass_over()
        if not self._heap or self._heap[0][0] > now:
            return None
        _, _, appointment = heapq.heappop(self._heap)
        if isinstance(appointment, ArmedTimer):
            del self._armed[appointment.timer]
        return appointment

    def has_waking(self) -> bool:
        """Return whether a timer is armed that will move the run on."""
        return any(armed.timer.kind not in WATCHING for _, _, armed in self._timers())

    def has_settling(self) -> bool:
        """Return whether a file is being watched for having stopped to change."""
        return any(armed.timer.kind is TimerKind.SETTLE for _, _, armed in self._timers())

    def due_of(self, part: str, kind: TimerKind) -> datetime | None:
        """Return when the timer of this kind of a part is due."""
        found = (
            due
            for due, _, armed in self._timers()
            if armed.timer.part == part and armed.timer.kind is kind
        )
        return min(found, default=None)

    def _timers(self) -> list[tuple[datetime, int, ArmedTimer]]:
        return [
            (due, number, armed)
            for due, number, armed in self._heap
            if isinstance(armed, ArmedTimer) and self._armed.get(armed.timer) == number
        ]

    def _push(self, due: datetime, appointment: Appointment) -> int:
        number = next(self._numbers)
        heapq.heappush(self._heap, (due, number, appointment))
        return number

    def _pass_over(self) -> None:
        while self._heap:
            _, number, first = self._heap[0]
            if not isinstance(first, ArmedTimer) or self._armed.get(first.timer) == number:
                return
            heapq.heappop(self._heap)
