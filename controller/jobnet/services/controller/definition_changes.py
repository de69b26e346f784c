"""Tells how the definitions that a run goes by differ between two editions.

Shown before a rerun with the current definitions: the texts of its networks and calendars, and
the commits of its projects.
"""

from collections.abc import Iterator

from jobnet.definition import Bundle
from jobnet.ids import EditionId
from jobnet.ports.projects import Snapshot
from jobnet.ports.store import Transaction
from jobnet.services.controller.documents import unified
from jobnet.services.controller.sites import sites_of

DIFF_MAX = 64 * 1024
CUT = "... and more\n"


def text_changes(
    tx: Transaction,
    bundles: tuple[Bundle, Bundle],
    editions: tuple[EditionId, EditionId],
) -> str:
    """Return a unified diff of what two bundles were read from, "" where they are the same."""
    names = [
        *(("network", name) for one in bundles for name in one.networks),
        *(("calendar", name) for one in bundles for name in one.calendars),
    ]
    text = ""
    for kind, name in dict.fromkeys(names):
        text += _document(tx, kind, str(name), editions)
        if len(text) > DIFF_MAX:
            return text[:DIFF_MAX] + "\n" + CUT
    return text


def project_changes(
    tx: Transaction, editions: tuple[EditionId, EditionId]
) -> Iterator[tuple[str, str, str]]:
    """Yield the root of each project that differs, and how it stood before and stands now."""
    before, after = (
        {} if row is None else sites_of(row).projects
        for row in (tx.editions.find(edition) for edition in editions)
    )
    for root in sorted({*before, *after}):
        old, new = (stand_of(projects.get(root)) for projects in (before, after))
        if old != new:
            yield root, old, new


def _document(tx: Transaction, kind: str, name: str, editions: tuple[EditionId, EditionId]) -> str:
    folder, _, bare = name.rpartition("/")
    versions = tx.editions.versions(kind, folder, bare)
    texts = []
    for edition in editions:
        found = next((row for row in versions if row.edition <= edition), None)
        texts.append("" if found is None or found.removed else found.text)
    old, new = (f"{kind} {name} edition {edition}" for edition in editions)
    return unified(texts[0], texts[1], before=old, after=new)


def stand_of(snapshot: Snapshot | None) -> str:
    """Return how a project stood, in a few words."""
    if snapshot is None:
        return "none"
    if snapshot.commit:
        return f"commit {snapshot.commit[:12]}" + (" and changes" if snapshot.is_dirty else "")
    return f"live files {snapshot.manifest[:12]}".strip()
