"""Reads what people and programs want to see; every answer was true at one instant."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobnet.errors.rest import PartNotFound
from jobnet.ids import PartKey, RunId
from jobnet.ports.store import Entry, RunRow, Store, Transaction
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.ports.store.outputs import OutputStore
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.views.live import LivePage, live_page
from jobnet.services.controller.views.outputs import HitsView, OutputView, hits_in, output_of
from jobnet.services.controller.views.parts import PartView, part_named
from jobnet.services.controller.views.runs import (
    RunView,
    TrackView,
    row_of,
    run_view,
    surroundings,
    track_view,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Everything that can be looked at; nothing here changes anything."""

    store: Store
    outputs: OutputStore
    trackers: Trackers

    def runs(self, meant: RunFilter, *, after: Cursor | None, limit: int) -> Sequence[RunRow]:
        """Return a page of runs, the latest created first."""
        return self.store.read(lambda tx: tx.lists.runs(meant, after=after, limit=limit))

    def runs_named(self, prefix: str, *, limit: int) -> Sequence[RunId]:
        """Return ids of runs that begin so, the latest first."""
        return self.store.read(lambda tx: tx.lists.runs_named(prefix, limit))

    def run(self, run: RunId) -> RunView:
        """Return one run; raise ``RunNotFound``."""
        now = self.store.now()

        def read(tx: Transaction) -> RunView:
            row = row_of(tx, run)
            return run_view(row, self.trackers.current(tx, row), surroundings(tx), now)

        return self.store.read(read)

    def track(self, run: RunId) -> TrackView:
        """Return one run with all of its parts; raise ``RunNotFound``."""
        now = self.store.now()

        def read(tx: Transaction) -> TrackView:
            row = row_of(tx, run)
            return track_view(row, self.trackers.current(tx, row), surroundings(tx), now)

        return self.store.read(read)

    def part(self, run: RunId, key: PartKey) -> PartView:
        """Return one part; raise ``RunNotFound`` or ``PartNotFound``."""

        def read(tx: Transaction) -> PartView | None:
            row = row_of(tx, run)
            return part_named(self.trackers.current(tx, row), key, surroundings(tx))

        found = self.store.read(read)
        if found is None:
            raise PartNotFound(run, key)
        return found

    def output(
        self, run: RunId, key: PartKey, attempt: int, *, offset: int, limit: int
    ) -> OutputView:
        """Return a piece of what an attempt has printed; attempt 0 means the latest."""
        part = self.part(run, key)
        return output_of(self.outputs, part, attempt, offset=offset, limit=limit)

    def search_output(
        self, run: RunId, key: PartKey, attempt: int, *, text: str, limit: int
    ) -> HitsView:
        """Return the first lines of an attempt that contain a text."""
        return hits_in(self.outputs, self.part(run, key), attempt, text=text, limit=limit)

    def live(self, after: int | None, *, run: RunId | None, limit: int) -> LivePage:
        """Return live notes after a cursor; None begins with what comes from now on."""
        return self.store.read(lambda tx: live_page(tx, after, run=run, limit=limit))

    def journal(self, run: RunId, *, after: int, limit: int) -> Sequence[Entry]:
        """Return facts of a run after a position; raise ``RunNotFound``."""

        def read(tx: Transaction) -> Sequence[Entry]:
            row_of(tx, run)
            return tx.runs.entries(run, after)[:limit]

        return self.store.read(read)
