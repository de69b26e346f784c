"""Brings together what parts of this process wait for and what it sends: events and ends.

Everything here is in one process, so both sides are always seen; the matching itself is
the engine's. What no wait can get any more is forgotten.
"""

from collections.abc import Iterable
from datetime import datetime

from jobnet.engine import Tracker, deadlocks_in, match, open_executions
from jobnet.engine.inputs import DeadlockSeen, EndDelivered, EventDelivered
from jobnet.engine.waits import EndWait, ExecutionEnd, OpenExecution, SentEvent, Wait
from jobnet.ids import PartKey

Delivery = EventDelivered | EndDelivered


class Board:
    """The open waits, the kept events and the ends of one process."""

    def __init__(self) -> None:
        self._waits: dict[tuple[PartKey, int], Wait] = {}
        self._events: list[SentEvent] = []
        self._ends: list[ExecutionEnd] = []
        self._shown: dict[tuple[PartKey, int], EndDelivered] = {}

    def open(self, wait: Wait) -> None:
        """Add a wait; it is matched with all that is kept."""
        self._waits[wait.part, wait.attempt] = wait

    def close(self, part: PartKey, attempt: int) -> None:
        """Take a wait away."""
        self._waits.pop((part, attempt), None)
        self._shown.pop((part, attempt), None)

    def publish(self, event: SentEvent) -> None:
        """Add an event; without ``keep`` only waits that are open now get it."""
        self._events.append(event)

    def add_ends(self, ends: Iterable[ExecutionEnd]) -> None:
        """Add what has ended."""
        self._ends.extend(ends)

    def deliveries(self, now: datetime, tracker: Tracker | None = None) -> tuple[Delivery, ...]:
        """Return what is new for the open waits; a satisfied one is taken away.

        With the ``tracker`` of the one run that there is, waits also hear what has not ended.
        """
        found = match(
            tuple(self._waits.values()),
            tuple(self._events),
            tuple(self._ends),
            now,
            executions=None if tracker is None else self._executions(tracker),
        )
        self._events = [
            event for event in self._events if event.keep_until and event.keep_until > now
        ]
        return tuple(delivery for delivery in found if self._is_new(delivery))

    def deadlocks(self, tracker: Tracker, *, has_calls_in_line: bool) -> tuple[DeadlockSeen, ...]:
        """Return who waits in a circle, and who does no more, where the run does not know it."""
        if not has_calls_in_line and not self._has_end_waits():
            return ()
        return deadlocks_in(tracker, self._ends, open_executions(tracker))

    def _executions(self, tracker: Tracker) -> tuple[OpenExecution, ...]:
        return open_executions(tracker) if self._has_end_waits() else ()

    def _has_end_waits(self) -> bool:
        return any(isinstance(wait, EndWait) for wait in self._waits.values())

    def __len__(self) -> int:
        return len(self._waits)

    def _is_new(self, delivery: Delivery) -> bool:
        key = (delivery.part, delivery.attempt)
        if isinstance(delivery, EventDelivered) or delivery.is_satisfied:
            self.close(*key)
            return True
        if self._shown.get(key) == delivery:
            return False
        self._shown[key] = delivery
        return True
