"""Keeps snapshots of trackers now and then, outside the transactions of the turns.

A snapshot that is not written costs nothing but a longer replay, so whatever goes wrong with one is
told and forgotten.
"""

import logging
import threading
from collections import OrderedDict

from jobnet.engine import Tracker
from jobnet.ids import RunId
from jobnet.ports.store import Store
from jobnet.services.controller.folding import folded
from jobnet.services.controller.working import tell

ENTRIES_MIN = 200
PARTS_PER_ENTRY = 10
REMEMBERED_MAX = 500


class Snapshots:
    """Decides when a tracker is kept, and writes only what has changed since the last time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: OrderedDict[RunId, Tracker] = OrderedDict()
        self._lock = threading.Lock()

    def grown(self, run: RunId, tracker: Tracker) -> None:
        """Keep a snapshot if the journal has grown enough since the last one, or let it be."""
        with self._lock:
            last = self._last.get(run)
        if tracker.facts - (0 if last is None else last.facts) < entries_between(tracker):
            return
        try:
            self._save(run, tracker, last)
        except Exception as error:  # noqa: BLE001 - the turn before it is on the disk
            tell("snapshot_not_written", level=logging.WARNING, run=run, problem=repr(error)[:300])

    def forget(self, run: RunId) -> None:
        """Forget a run that is over, or goes by other definitions now."""
        with self._lock:
            self._last.pop(run, None)

    def _save(self, run: RunId, tracker: Tracker, last: Tracker | None) -> None:
        row = folded(run, tracker, last)
        since = None if last is None else last.facts
        if not self._store.write(lambda tx: tx.snapshots.save(row, since=since)):
            whole = folded(run, tracker, None)
            self._store.write(lambda tx: tx.snapshots.save(whole, since=None))
        with self._lock:
            self._last[run] = tracker
            self._last.move_to_end(run)
            while len(self._last) > REMEMBERED_MAX:
                self._last.popitem(last=False)


def entries_between(tracker: Tracker) -> int:
    """Return how many entries lie between two snapshots: more in a larger run."""
    return max(ENTRIES_MIN, len(tracker.parts) // PARTS_PER_ENTRY)
