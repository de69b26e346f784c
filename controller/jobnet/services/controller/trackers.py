"""Keeps the trackers of runs at hand, so that a turn does not replay a journal from its start.

A tracker belongs to a position of a journal and never changes, so one that is behind only has to
be caught up. Nothing here is true by itself: whoever wants to be sure reads the run's row first.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from jobnet.calendars import Calendar
from jobnet.definition import Bundle
from jobnet.engine import Tracker, begin, evolve
from jobnet.errors.pictures import JournalNotReplayed
from jobnet.ids import EditionId, NetworkName, RunId
from jobnet.ports.store import Entry, RunRow, Transaction
from jobnet.ports.store.snapshots import SnapshotRow
from jobnet.services.controller.folding import SnapshotUnfit, unfolded
from jobnet.services.controller.snapshots import ENTRIES_MIN
from jobnet.services.journal import fact_from_line

PARTS_KEPT_MAX = 200_000
"""So many part records are kept at hand in all trackers together, about 300 MB at most."""


class Pins(Protocol):
    """Finds the definition that a run is pinned to."""

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return the network with all that it needs, as it was in an edition."""

    def calendars(self, bundle: Bundle) -> Mapping[str, Calendar]:
        """Return the calendars of a bundle, ready to be asked."""


class Trackers:
    """The trackers that were used last."""

    def __init__(self, pins: Pins, *, parts_kept_max: int = PARTS_KEPT_MAX) -> None:
        self._pins, self._parts_kept_max = pins, parts_kept_max
        self._kept: OrderedDict[RunId, tuple[EditionId, Tracker]] = OrderedDict()
        self._empty: OrderedDict[tuple[EditionId, NetworkName], Tracker] = OrderedDict()
        self._parts = 0
        self._lock = threading.Lock()

    @property
    def pins(self) -> Pins:
        """Who finds the definitions that runs are pinned to."""
        return self._pins

    def current(self, tx: Transaction, row: RunRow) -> Tracker:
        """Return the tracker of a run as its row says, within a transaction."""
        return self.caught_up(
            row,
            lambda after: tx.runs.entries(row.run, after),
            lambda: tx.snapshots.find(row.run),
        )

    def caught_up(
        self,
        row: RunRow,
        entries: Callable[[int], Sequence[Entry]],
        snapshot: Callable[[], SnapshotRow | None] = lambda: None,
    ) -> Tracker:
        """Return the tracker after all entries that there are; ``entries`` reads the missing."""
        with self._lock:
            edition, tracker = self._kept.get(row.run, (row.edition, None))
        if tracker is None or tracker.facts > row.position or edition != row.edition:
            tracker = self._begun(row, snapshot)
        if tracker.facts < row.position:
            tracker = replayed(row, tracker, entries(tracker.facts))
            self.keep(row, tracker)
        return tracker

    def _begun(self, row: RunRow, snapshot: Callable[[], SnapshotRow | None]) -> Tracker:
        """Return where to begin: the latest snapshot if there is one that fits."""
        empty = self.empty(row)
        found = snapshot() if row.position >= ENTRIES_MIN else None
        if found is None or found.position > row.position:
            return empty
        try:
            return unfolded(found, empty)
        except SnapshotUnfit:
            return empty

    def empty(self, row: RunRow) -> Tracker:
        """Return the tracker of the run before its first fact."""
        key = (row.edition, row.network)
        with self._lock:
            known = self._empty.get(key)
        if known is None:
            bundle = self._pins.bundle(row.edition, row.network)
            known = begin(bundle, self._pins.calendars(bundle))
            with self._lock:
                self._empty[key] = known
                while len(self._empty) > EMPTY_KEPT_MAX:
                    self._empty.popitem(last=False)
        return known

    def make_ready(self, row: RunRow) -> None:
        """See to it that what the run's definition needs on the disk is there (again)."""
        self._pins.bundle(row.edition, row.network)

    def keep(self, row: RunRow, tracker: Tracker) -> None:
        """Keep a tracker whose facts are in the database; ``row`` says by which definitions."""
        with self._lock:
            edition, before = self._kept.get(row.run, (row.edition, None))
            if before is not None and before.facts > tracker.facts and edition == row.edition:
                return
            self._parts += _weight(tracker) - (0 if before is None else _weight(before))
            self._kept[row.run] = (row.edition, tracker)
            self._kept.move_to_end(row.run)
            while self._parts > self._parts_kept_max and len(self._kept) > 1:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._parts -= _weight(oldest)

    def forget(self, run: RunId) -> None:
        """Forget a run that is over or that cannot be trusted."""
        with self._lock:
            gone = self._kept.pop(run, None)
            self._parts -= 0 if gone is None else _weight(gone[1])


EMPTY_KEPT_MAX = 200


def replayed(row: RunRow, tracker: Tracker, entries: Sequence[Entry]) -> Tracker:
    """Return the tracker after more entries of its journal."""
    for entry in entries:
        fact = fact_from_line(entry.payload, position=entry.position)
        try:
            tracker = evolve(tracker, fact)
        except (AssertionError, LookupError, AttributeError, TypeError, ValueError) as error:
            raise JournalNotReplayed(
                row.run,
                network=row.network,
                entry=entry.position,
                problem=str(error) or type(error).__name__,
            ) from error
    return tracker


def _weight(tracker: Tracker) -> int:
    return len(tracker.parts) + len(tracker.flows) + 1
