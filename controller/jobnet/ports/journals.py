"""States how the facts of one run are kept, and what is remembered of earlier runs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from jobnet.ids import NetworkName


class JournalWriter(Protocol):
    """Keeps lines of text in order; what ``keep`` returned from survives a crash."""

    def keep(self, lines: Sequence[str]) -> None:
        """Write the lines and return when they are on the disk, else ``JournalNotWritten``."""


class History(Protocol):
    """Remembers how long things took; one that cannot be read or written knows nothing."""

    def usual(self, network: NetworkName, part: str) -> timedelta | None:
        """Return the median of the latest normal durations; ``part`` "" is the network."""

    def remember(self, network: NetworkName, durations: Sequence[tuple[str, timedelta]]) -> None:
        """Add the durations of one run's normal ends, and forget the oldest."""
