"""Applies definitions, all of them or none, and finds what has been applied.

Every apply that changes something makes an edition. Runs are pinned to one, so nothing that is
applied later reaches them.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Network, Notification, Queue
from jobnet.errors.storage import EditionOvertaken
from jobnet.ids import EditionId, NetworkName, OperatorName, RunId
from jobnet.ports.projects import Projects, Snapshot
from jobnet.ports.store import Signal, SignalKind, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.editions import DocumentRow, EditionRow
from jobnet.project.folders import marked_root
from jobnet.services.controller.apply_plan import (
    ApplyPlan,
    Change,
    NextEdition,
    PlannedDocument,
    Present,
    digest,
    next_edition,
)
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.editions import Editions, calendars_of
from jobnet.services.controller.gathering import Gathered, gather, gather_texts
from jobnet.services.controller.sites import Sites, sites_of, sites_text

APPLY_TRIES_MAX = 2
Gather = Callable[[Present], Gathered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who applies, why, and under which key it was asked for."""

    by: OperatorName
    reason: str = ""
    key: str = ""


class Definitions:
    """What has been applied; every method may be called from any thread."""

    def __init__(
        self,
        store: Store,
        *,
        bells: Bells | None = None,
        projects: Projects | None = None,
        checkouts: Path | None = None,
    ) -> None:
        """Begin; ``projects`` copies what is applied into ``checkouts``, None: live files."""
        self._store, self._bells, self._projects = store, bells, projects
        self._editions = Editions(store, checkouts=checkouts)

    def current(self) -> EditionId:
        """Return the latest edition; 0 where nothing has been applied."""
        return self._editions.current()

    def networks(self) -> Collection[NetworkName]:
        """Return the qualified names of all networks that are applied now, sorted."""
        rows = self._store.read(lambda tx: tx.editions.documents("network"))
        return tuple(sorted(NetworkName(qualified_name(row)) for row in rows))

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return a network with all that it needs, as it was in an edition.

        The same bundle is returned again. Raises ``NetworkNotApplied``.
        """
        return self._editions.pinned(edition, network).bundle

    def calendars(self, bundle: Bundle) -> Mapping[str, Calendar]:
        """Return the calendars of a bundle, ready to be asked."""
        return calendars_of(bundle)

    def network(self, name: NetworkName, *, edition: EditionId | None = None) -> Network | None:
        """Return a network as its own text says; None where it is not applied."""
        return self._editions.network(self.current() if edition is None else edition, name)

    def queues(self, edition: EditionId | None = None) -> Mapping[str, Queue]:
        """Return all queues by their qualified names."""
        return self._editions.queues(self.current() if edition is None else edition)

    def listeners(self, edition: EditionId, folder: str) -> tuple[Notification, ...]:
        """Return who listens to networks of a folder without being asked."""
        return self._editions.listeners(edition, folder)

    def plan(self, paths: Iterable[str | Path], *, prune: bool = False) -> ApplyPlan:
        """Return what applying files and folders would do; raises what ``apply`` raises."""
        return self._planned(_from_disk(paths), prune=prune).plan

    def apply(
        self,
        paths: Iterable[str | Path],
        *,
        by: OperatorName,
        reason: str = "",
        prune: bool = False,
        key: str = "",
    ) -> ApplyPlan:
        """Apply files and folders of this machine; nothing is changed where anything is wrong.

        Applying the same again changes nothing. Raises ``DefinitionsRefused`` with all problems,
        ``NothingToApply``, ``NamesWouldMove``, ``TooMuchApplied`` and ``EditionOvertaken``.
        """
        paths = tuple(paths)
        return self._apply(_from_disk(paths), Act(by=by, reason=reason, key=key), prune=prune)

    def apply_texts(
        self,
        texts: Sequence[tuple[str, str]],
        *,
        base: str,
        by: OperatorName,
        reason: str = "",
        prune: bool = False,
        key: str = "",
        dry_run: bool = False,
    ) -> ApplyPlan:
        """Apply texts as files below a folder of this machine; the disk is left as it is.

        Each is a relative path and a text. Raises what ``apply`` raises, and ``PathRefused``.
        """

        def gathered(present: Present) -> Gathered:
            return gather_texts(texts, base, present.files, present.sites)

        if dry_run:
            return self._planned(gathered, prune=prune).plan
        return self._apply(gathered, Act(by=by, reason=reason, key=key), prune=prune)

    def _apply(self, gather_from: Gather, act: Act, *, prune: bool) -> ApplyPlan:
        for tries_left in reversed(range(APPLY_TRIES_MAX)):
            wanted = self._planned(gather_from, prune=prune)
            if not wanted.plan.changes and not wanted.plan.projects:
                return wanted.plan
            try:
                return self._write(wanted, act)
            except EditionOvertaken:
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _planned(self, gather_from: Gather, *, prune: bool) -> NextEdition:
        present = self._present()
        gathered = gather_from(present)
        sites = self._sites(present, gathered, prune=prune)
        today = self._store.now().date()
        return next_edition(present, gathered, sites, prune=prune, today=today)

    def _present(self) -> Present:
        def work(tx: Transaction) -> Present:
            row = tx.editions.current()
            files = {file.path: file for file in tx.editions.files(row.id)}
            documents = tx.editions.documents()
            return Present(row=row, sites=sites_of(row), files=files, documents=documents)

        return self._store.read(work)

    def _sites(self, present: Present, gathered: Gathered, *, prune: bool) -> Sites:
        """Return where the files of the next edition stand; applied projects are looked at."""
        roots = {
            str(marked_root(Path(path)) or file.base): None
            for path, file in sorted(gathered.files.items())
        }
        kept = {
            present.sites.root_of(file)
            for path, file in present.files.items()
            if path not in gathered.files and not (prune and path in gathered.gone)
        }
        before = present.sites.projects
        projects = {root: one for root, one in before.items() if root in kept}
        projects |= {root: self._inspect(root) for root in roots}
        return Sites(bases=gathered.bases, projects=dict(sorted(projects.items())))

    def _inspect(self, root: str) -> Snapshot:
        return Snapshot() if self._projects is None else self._projects.inspect(root)

    def _write(self, wanted: NextEdition, act: Act) -> ApplyPlan:
        plan = wanted.plan
        now = self._store.now()
        edition = EditionRow(
            id=EditionId(plan.before + 1),
            at=now,
            by=act.by,
            reason=act.reason,
            snapshots=sites_text(wanted.sites),
        )

        def work(tx: Transaction) -> None:
            if tx.editions.current().id != plan.before:
                raise EditionOvertaken(edition.id)
            versions = [_version(tx, one, edition) for one in plan.changes]
            tx.editions.add(edition, wanted.files, versions)
            tx.audits.add(audit_of(plan, edition, act))
            tx.signals.add([Signal(kind=SignalKind.ADMIT, name="", run=RunId(""))])

        self._store.write(work)
        if self._bells is not None:
            self._bells.ring([SignalKind.ADMIT])
        return replace(plan, edition=edition.id)


def _from_disk(paths: Iterable[str | Path]) -> Gather:
    return lambda present: gather(paths, present.files, present.sites)


def qualified_name(row: DocumentRow) -> str:
    """Return the name of a document as other folders write it."""
    return f"{row.folder}/{row.name}" if row.folder else row.name


def _version(tx: Transaction, planned: PlannedDocument, edition: EditionRow) -> DocumentRow:
    latest = planned.version
    if planned.change is Change.CREATED:
        before = tx.editions.versions(planned.kind, planned.folder, planned.bare_name)
        latest = before[0].version if before else 0
    return DocumentRow(
        kind=planned.kind,
        folder=planned.folder,
        name=planned.bare_name,
        version=latest + 1,
        path=planned.path,
        line=planned.line,
        text=planned.after,
        digest=digest(planned.after),
        edition=edition.id,
        at=edition.at,
        by=edition.by,
        removed=planned.change is Change.REMOVED,
        title=planned.title,
    )


def audit_of(plan: ApplyPlan, edition: EditionRow, act: Act) -> AuditRow:
    """Return what is kept of an apply: who, why, and which documents became what."""
    changed = {
        str(change): [f"{one.kind} {one.name}" for one in plan.of(change)]
        for change in Change
        if change is not Change.UNCHANGED
    }
    after = {"edition": edition.id, **{key: names for key, names in changed.items() if names}}
    return AuditRow(
        at=edition.at,
        by=act.by,
        act="apply",
        subject="definitions",
        reason=act.reason,
        before=json.dumps({"edition": plan.before}),
        after=json.dumps(after),
        key=act.key,
    )
