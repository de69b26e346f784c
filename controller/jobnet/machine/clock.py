"""Tells the time of a run on this machine.

The clock is set once, by the wall clock or by ``--at``, and then goes on by the boot-time
clock: it also counts while the machine sleeps, and nobody who sets the wall clock can fire a
timer twice or never. Jumps (``--fast-forward``) only add to it.
"""

import time
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import TypeVar

WAIT_SECONDS_MAX = 60.0

Item = TypeVar("Item")


def _boot_seconds() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class MachineClock:
    """The real clock; ``start`` None: it begins at the wall time of this machine."""

    def __init__(self, start: datetime | None = None) -> None:
        wall = datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), tz=UTC)
        self._start = (start or wall).astimezone(UTC)
        self._booted = _boot_seconds()

    def now(self) -> datetime:
        """Return the instant on this clock."""
        return self._start + timedelta(seconds=_boot_seconds() - self._booted)

    def real_seconds(self) -> float:
        """Return seconds that nothing moves."""
        return _boot_seconds()

    def wall_seconds(self) -> float:
        """Return what the wall clock of this machine says."""
        return time.clock_gettime(time.CLOCK_REALTIME)

    def wait(self, inbox: "SimpleQueue[Item]", until: datetime | None) -> Item | None:
        """Return the next item, or None when ``until`` has come.

        Sleeps in slices, since a queue waits by a clock that stands while the machine sleeps.
        """
        while True:
            left = WAIT_SECONDS_MAX
            if until is not None:
                left = min(left, (until - self.now()).total_seconds())
            try:
                return inbox.get(timeout=left) if left > 0 else inbox.get_nowait()
            except Empty:
                if until is not None and self.now() >= until:
                    return None

    def jump(self, to: datetime) -> None:
        """Go to an instant that has not come yet."""
        ahead = to - self.now()
        if ahead > timedelta(0):
            self._start += ahead
