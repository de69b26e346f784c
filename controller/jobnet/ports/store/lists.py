"""States how lists are read page by page; every page costs the same, however long the list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from jobnet.engine.states import State
from jobnet.ids import NetworkName, PartKey, RunId
from jobnet.ports.store.runs import LiveNote, PartRow, RunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs are meant; what is not given counts for nothing.

    ``folder`` means all networks in it and below. ``created_since`` and ``created_until`` are both
    inclusive.
    """

    network: NetworkName | None = None
    folder: str = ""
    states: tuple[State, ...] = ()
    is_open: bool | None = None
    operating_day: date | None = None
    created_since: datetime | None = None
    created_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The place after which the next page begins: the last row's instant and id."""

    at: datetime
    id: str


class ListTable(Protocol):
    """Lists for people and programs."""

    def runs(self, meant: RunFilter, *, after: Cursor | None, limit: int) -> Sequence[RunRow]:
        """Return runs, the latest created first."""

    def count_runs(self, meant: RunFilter, *, count_max: int) -> int:
        """Return how many runs are meant, counting no further than ``count_max``."""

    def runs_named(self, prefix: str, limit: int) -> Sequence[RunId]:
        """Return ids that begin so, the latest first."""

    def parts(
        self, *, states: Sequence[State], after: tuple[RunId, PartKey] | None, limit: int
    ) -> Sequence[PartRow]:
        """Return parts of all runs in these states, by run and key."""

    def live(self, after: int, limit: int) -> Sequence[tuple[int, LiveNote]]:
        """Return live notes after a cursor in order; never one that a later one may precede."""

    def live_bounds(self) -> tuple[int, int]:
        """Return the cursors before the oldest kept note and of the newest; (0, 0) if none."""
