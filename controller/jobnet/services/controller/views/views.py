"""Reads what people and programs want to see; every answer was true at one instant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.errors.rest import PartNotFound
from jobnet.ids import NetworkName, PartKey, RunId
from jobnet.ports.artifacts import Artifacts, OpenArtifact
from jobnet.ports.store import Entry, RunRow, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.ports.store.outputs import OutputStore
from jobnet.ports.warmth import Warmth
from jobnet.services.controller.definitions import Definitions, ProjectStand
from jobnet.services.controller.plan.firing import PlanCounts
from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.views.artifacts import (
    ArtifactView,
    artifacts_of,
    open_artifact,
)
from jobnet.services.controller.views.changes import changes
from jobnet.services.controller.views.deviations import DeviationView, deviations
from jobnet.services.controller.views.live import LivePage, live_page
from jobnet.services.controller.views.measures import (
    Measure,
    measures_of_plan,
    measures_of_store,
    measures_of_warmth,
)
from jobnet.services.controller.views.networks import (
    LastView,
    NetworkView,
    last_view,
    network_row,
    network_rows,
    network_view,
)
from jobnet.services.controller.views.outputs import HitsView, OutputView, hits_in, output_of
from jobnet.services.controller.views.parts import PartView, part_named
from jobnet.services.controller.views.runs import (
    RunView,
    TrackView,
    planned_as,
    row_of,
    run_view,
    surroundings,
    track_view,
)
from jobnet.services.controller.views.status import DialogView, StatusView, dialog_view, status
from jobnet.services.controller.views.why import WhyView, why_never_run, why_run


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which acts are meant; ``subject`` is how the name of the thing begins."""

    subject: str = ""
    by: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Everything that can be looked at; nothing here changes anything."""

    store: Store
    outputs: OutputStore
    trackers: Trackers
    definitions: Definitions
    kept: Artifacts
    warmth: Callable[[], Warmth] = Warmth
    plan_health: Callable[[], PlanHealth] = PlanHealth
    plan_counts: PlanCounts = field(default_factory=PlanCounts)

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
            tracker, around = self.trackers.current(tx, row), surroundings(tx, now)
            return run_view(row, tracker, around, now, planned=planned_as(tx, row.run))

        return self.store.read(read)

    def projects(self, run: RunId) -> Sequence[ProjectStand]:
        """Return the projects that a run goes by, its network's own first; raise ``RunNotFound``.

        Live files are looked at now.
        """
        row = self.store.read(lambda tx: row_of(tx, run))
        return self.definitions.projects_of(row.edition, row.network)

    def track(self, run: RunId) -> TrackView:
        """Return one run with all of its parts; raise ``RunNotFound``."""
        now = self.store.now()

        def read(tx: Transaction) -> TrackView:
            row = row_of(tx, run)
            return track_view(row, self.trackers.current(tx, row), surroundings(tx, now), now)

        return self.store.read(read)

    def part(self, run: RunId, key: PartKey) -> PartView:
        """Return one part; raise ``RunNotFound`` or ``PartNotFound``."""
        now = self.store.now()

        def read(tx: Transaction) -> PartView | None:
            row = row_of(tx, run)
            return part_named(self.trackers.current(tx, row), key, surroundings(tx, now))

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

    def artifacts(self, run: RunId, key: PartKey) -> Sequence[ArtifactView]:
        """Return the files that a part has left, by name."""
        return artifacts_of(self.kept, self.part(run, key))

    def artifact(self, run: RunId, key: PartKey, name: str) -> OpenArtifact:
        """Return one of them, open; raise ``ArtifactNotFound``."""
        return open_artifact(self.kept, self.part(run, key), name)

    def live(self, after: int | None, *, run: RunId | None, limit: int) -> LivePage:
        """Return live notes after a cursor; None begins with what comes from now on."""
        return self.store.read(lambda tx: live_page(tx, after, run=run, limit=limit))

    def journal(self, run: RunId, *, after: int, limit: int) -> Sequence[Entry]:
        """Return facts of a run after a position; raise ``RunNotFound``."""

        def read(tx: Transaction) -> Sequence[Entry]:
            row_of(tx, run)
            return tx.runs.entries_between(run, after, after + limit)

        return self.store.read(read)

    def status(self) -> StatusView:
        """Return the page of the night."""
        now = self.store.now()

        def read(tx: Transaction) -> StatusView:
            suspensions = surroundings(tx, now).suspensions
            return status(tx, self.trackers, now, suspensions, self.plan_health())

        return self.store.read(read)

    def why(self, about: str) -> WhyView:
        """Return why a run, or the latest run of a network, does not go on or ended badly.

        Raises ``NetworkNotApplied`` where neither is known.
        """
        now = self.store.now()

        def read(tx: Transaction) -> WhyView:
            around = surroundings(tx, now)
            row = tx.runs.find(RunId(about))
            if row is None:
                network = NetworkName(about)
                runs = last_view(tx, network).runs
                if not runs:
                    suspended = around.suspensions.get(network) or around.suspensions.get("")
                    return why_never_run(network, suspended)
                row = runs[0]
            tracker = self.trackers.current(tx, row)
            return why_run(run_view(row, tracker, around, now), tracker, around)

        return self.store.read(read)

    def deviations(self) -> Sequence[DeviationView]:
        """Return all that is not as defined now."""
        now = self.store.now()
        return self.store.read(lambda tx: deviations(tx, now))

    def changes(self, since: datetime, *, limit: int) -> Sequence[AuditRow]:
        """Return what was changed of what future runs do, the latest first."""
        return self.store.read(lambda tx: changes(tx, since, limit))

    def last(self, network: NetworkName) -> LastView:
        """Return how a network went last; raise ``NetworkNotApplied``."""
        return self.store.read(lambda tx: last_view(tx, network))

    def networks(self, *, folder: str, after: str, limit: int) -> Sequence[NetworkView]:
        """Return networks of a folder and below, by name, that come after one."""
        now = self.store.now()

        def read(tx: Transaction) -> Sequence[NetworkView]:
            suspended = surroundings(tx, now).suspensions
            rows = network_rows(tx, folder=folder, after=after, limit=limit)
            return [network_view(tx, name, row, suspended.get(name)) for name, row in rows]

        return self.store.read(read)

    def network(self, name: NetworkName) -> NetworkView:
        """Return one network; raise ``NetworkNotApplied``."""
        now = self.store.now()

        def read(tx: Transaction) -> NetworkView:
            row = network_row(tx, name)
            suspended = surroundings(tx, now).suspensions
            return network_view(tx, name, row, suspended.get(name))

        return self.store.read(read)

    def dialogs(self) -> Sequence[DialogView]:
        """Return the open dialogs, the oldest first."""
        return self.store.read(lambda tx: [dialog_view(row) for row in tx.errands.dialogs()])

    def audit(self, meant: AuditFilter, *, before: int | None, limit: int) -> Sequence[AuditRow]:
        """Return acts, the latest first, with ids below ``before``."""

        def read(tx: Transaction) -> Sequence[AuditRow]:
            return tx.audits.page(
                before=before, limit=limit, subject=meant.subject, by=meant.by, since=meant.since
            )

        return self.store.read(read)

    def measures(self) -> Sequence[Measure]:
        """Return what is counted at this moment."""
        return (
            *self.store.read(measures_of_store),
            *measures_of_warmth(self.warmth()),
            *measures_of_plan(self.plan_counts, self.plan_health()),
        )
