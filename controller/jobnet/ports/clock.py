"""States what a run's clock is: it tells the time, waits for what comes next, and may jump.

Waiting belongs to the clock because on a virtual one nothing waits: time goes to where
something is due.
"""

from datetime import datetime
from queue import SimpleQueue
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Clock(Protocol):
    """Tells aware UTC instants that never go back."""

    def now(self) -> datetime:
        """Return the instant on this clock."""

    def real_seconds(self) -> float:
        """Return a number of seconds that no jump and no setting of a clock moves."""

    def wall_seconds(self) -> float:
        """Return the seconds of the wall clock, which anybody may set; no jump moves it."""

    def wait(self, inbox: "SimpleQueue[Item]", until: datetime | None) -> Item | None:
        """Return the next item, or None when the instant comes first; None waits for ever."""

    def jump(self, to: datetime) -> None:
        """Go to an instant at once; one that has passed changes nothing."""
