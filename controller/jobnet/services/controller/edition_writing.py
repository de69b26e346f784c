"""Writes an edition: its files, the new versions of its documents, and who applied it, at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from jobnet.errors.storage import EditionOvertaken
from jobnet.ids import EditionId, OperatorName, RunId
from jobnet.ports.projects import Projects, Snapshot
from jobnet.ports.store import Signal, SignalKind, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.editions import DocumentRow, EditionRow
from jobnet.project.folders import marked_root
from jobnet.services.controller.apply_plan import ApplyPlan, Change, PlannedDocument
from jobnet.services.controller.gathering import Gathered
from jobnet.services.controller.next_edition import NextEdition, Present, digest
from jobnet.services.controller.sites import Sites, sites_of, sites_text

SUPERSEDED_KEPT = timedelta(days=1)
"""Files of an edition without runs are kept so long: a start may be about to be pinned to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who applies, why, and under which key it was asked for."""

    by: OperatorName
    reason: str = ""
    key: str = ""


def present_in(tx: Transaction) -> Present:
    """Return the edition that holds now, with everything in it."""
    row = tx.editions.current()
    files = {file.path: file for file in tx.editions.files(row.id)}
    return Present(row=row, sites=sites_of(row), files=files, documents=tx.editions.documents())


def next_sites(
    present: Present, gathered: Gathered, *, inspect: Callable[[str], Snapshot], prune: bool
) -> Sites:
    """Return where the files of the next edition stand; applied projects are looked at."""
    roots = {
        str(marked_root(Path(path)) or file.base): None
        for path, file in sorted(gathered.files.items())
    }
    others = [
        file
        for path, file in present.files.items()
        if path not in gathered.files and not (prune and path in gathered.gone)
    ]
    kept = {present.sites.root_of(file) for file in others}
    used = {file.base for file in (*others, *gathered.files.values())}
    projects = {root: one for root, one in present.sites.projects.items() if root in kept}
    projects |= {root: inspect(root) for root in roots}
    edited = {file.path for file in others if file.path in present.sites.edited}
    if gathered.is_given:
        edited |= gathered.files.keys()
    return Sites(
        bases=tuple(sorted(base for base in gathered.bases if base in used)),
        edited=tuple(sorted(edited)),
        projects=dict(sorted(projects.items())),
    )


def kept_sites(present: Sites, sites: Sites, projects: Projects) -> Sites:
    """Return sites whose projects are kept: copied, or their live files written down."""
    kept = {
        root: one if present.projects.get(root) == one else projects.keep(root, one)
        for root, one in sites.projects.items()
    }
    return replace(sites, projects=kept)


def needed_copies(tx: Transaction) -> frozenset[str]:
    """Return the names of the copies that the latest edition and open runs go by."""
    editions = {tx.editions.current().id, *(row.edition for row in tx.runs.unended())}
    rows = (tx.editions.find(edition) for edition in sorted(editions))
    return frozenset(
        one.copy for row in rows if row is not None for one in sites_of(row).projects.values()
    )


def write_edition(tx: Transaction, wanted: NextEdition, act: Act, *, now: datetime) -> ApplyPlan:
    """Write an edition and return its plan; raises ``EditionOvertaken``."""
    plan = wanted.plan
    edition = EditionRow(
        id=EditionId(plan.before + 1),
        at=now,
        by=act.by,
        reason=act.reason,
        snapshots=sites_text(wanted.sites),
    )
    if tx.editions.current().id != plan.before:
        raise EditionOvertaken(edition.id)
    versions = [_version(tx, one, edition) for one in plan.changes]
    tx.editions.add(edition, wanted.files, versions)
    tx.editions.forget(superseded_before=now - SUPERSEDED_KEPT)
    tx.audits.add(_audit(plan, edition, act))
    tx.signals.add([Signal(kind=SignalKind.ADMIT, name="", run=RunId(""))])
    return replace(plan, edition=edition.id)


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


def _audit(plan: ApplyPlan, edition: EditionRow, act: Act) -> AuditRow:
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
