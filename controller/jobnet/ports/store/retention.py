"""States how runs that are over are found, measured and removed, and what else grows old.

A run that anybody may still need is never found: one that is open, whose inbox holds something,
that has something open outside itself, or on whose operating day another run is still open, since
that may wait for its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jobnet.ids import NetworkName, RunId
from jobnet.ports.store.lists import Cursor
from jobnet.ports.store.runs import RunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Which runs are old: those that ended before an instant, or were made before another.

    ``network`` None: of all networks.
    """

    ended_before: datetime
    created_before: datetime | None = None
    network: NetworkName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSize:
    """How much a run takes up in the database of runs: journal entries, and bytes of them."""

    entries: int
    bytes: int


class RetentionTable(Protocol):
    """Runs that are over, and what else grows old."""

    def expired(self, meant: Expiry, *, after: Cursor | None, limit: int) -> Sequence[RunRow]:
        """Return runs that may be removed, the first created first."""

    def created_before_latest(self, count: int) -> datetime | None:
        """Return when the oldest of the latest ``count`` runs was made; None: there are fewer."""

    def size(self, run: RunId) -> RunSize:
        """Return how much a run takes up."""

    def remove(self, run: RunId, meant: Expiry) -> bool:
        """Remove a run with all that belongs to it, and its ends; False where it may stay.

        What jobs printed and left behind lies elsewhere.
        """

    def oldest_wait(self) -> datetime | None:
        """Return since when the oldest open wait waits."""
