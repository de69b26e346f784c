"""Applies definitions, all of them or none, and finds what has been applied.

Every apply that changes something makes an edition. Runs are pinned to one, so nothing that is
applied later reaches them.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Network, Notification, Queue
from jobnet.errors.storage import EditionOvertaken
from jobnet.ids import EditionId, NetworkName, OperatorName
from jobnet.ports.projects import Projects, Snapshot
from jobnet.ports.store import SignalKind, Store
from jobnet.ports.store.editions import DocumentRow
from jobnet.project import Reading
from jobnet.services.controller.apply_plan import ApplyPlan
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.definition_changes import stand_of
from jobnet.services.controller.documents import (
    DocumentDiff,
    Documents,
    ExportedFile,
    plan_diffs,
)
from jobnet.services.controller.edition_writing import (
    Act,
    kept_sites,
    needed_copies,
    next_sites,
    present_in,
    write_edition,
)
from jobnet.services.controller.editions import Editions
from jobnet.services.controller.gathering import Gathered, gather, gather_texts
from jobnet.services.controller.next_edition import NextEdition, Present, next_edition
from jobnet.services.controller.one_document import put_document, remove_document

OWN_FOLDER = "definitions"
PINNED_MAX = 2000
Diffs = tuple[DocumentDiff, ...]
Gather = Callable[[Present], Gathered]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStand:
    """How the project at a ``root`` stands for runs of an edition.

    ``is_copied``: they go by the copy of its commit. ``changed`` are the live files that differ
    from what was applied, none for a copy; None where nobody knows any more what was there.
    """

    root: str
    snapshot: Snapshot
    is_copied: bool
    changed: tuple[str, ...] | None


class Definitions:
    """What has been applied; every method may be called from any thread."""

    def __init__(
        self,
        store: Store,
        *,
        bells: Bells | None = None,
        projects: Projects | None = None,
        home: Path,
    ) -> None:
        """Begin; ``home`` is the folder of the controller on this machine.

        Documents that were never in a file elsewhere are given one below it. ``projects`` looks
        at what is applied; without it runs go by the live files.
        """
        self._store, self._bells, self._projects = store, bells, projects
        self._own_base = str(home / OWN_FOLDER)
        self._known: Reading | None = None
        self._applying = threading.Lock()
        self.documents = Documents(store)
        self._editions = Editions(store, projects, known=lambda: self._known)

    def current(self) -> EditionId:
        """Return the latest edition; 0 where nothing has been applied."""
        return self._editions.current()

    def networks(self) -> Collection[NetworkName]:
        """Return the qualified names of all networks that are applied now, sorted."""
        return self._editions.networks()

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return a network with all that it needs, as it was in an edition.

        The same bundle is returned again. Raises ``NetworkNotApplied``.
        """
        return self._editions.bundle(edition, network)

    def calendars(self, bundle: Bundle) -> Mapping[str, Calendar]:
        """Return the calendars of a bundle, ready to be asked."""
        return self._editions.calendars(bundle)

    def network(self, name: NetworkName, *, edition: EditionId | None = None) -> Network | None:
        """Return a network as its own text says; None where it is not applied."""
        return self._editions.network(self.current() if edition is None else edition, name)

    def look(self, work: Callable[[Reading], Found], *, edition: EditionId | None = None) -> Found:
        """Return what somebody finds in the texts of an edition: the current one, if none is told.

        ``work`` reads documents and must not ask the database: others wait for it meanwhile.
        """
        return self._editions.look(self.current() if edition is None else edition, work)

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
        base: str | None = None,
        by: OperatorName,
        reason: str = "",
        prune: bool = False,
        key: str = "",
        dry_run: bool = False,
    ) -> ApplyPlan:
        """Apply texts as files below a folder of this machine; the disk is left as it is.

        Without ``base`` it is the controller's own folder of definitions. Each is a relative path
        and a text. Raises what ``apply`` raises, and ``PathRefused``.
        """

        def gathered(present: Present) -> Gathered:
            folder = base or self._made_base()
            return gather_texts(texts, folder, present.files, present.sites)

        if dry_run:
            return self._planned(gathered, prune=prune).plan
        return self._apply(gathered, Act(by=by, reason=reason, key=key), prune=prune)

    def put(
        self,
        kind: str,
        name: str,
        text: str,
        *,
        by: OperatorName,
        expected_version: int | None = None,
        reason: str = "",
        key: str = "",
    ) -> ApplyPlan:
        """Change one document inside its file, or add it in a file of the controller's own.

        ``expected_version`` is the one that was read; 0 means that it must be new. Raises what
        ``apply`` raises, ``VersionOvertaken`` and ``DocumentMisplaced``.
        """

        def gathered(present: Present) -> Gathered:
            return put_document(
                present,
                kind=kind,
                name=name,
                text=text,
                base=self._made_base(),
                expected=expected_version,
            )

        return self._apply(gathered, Act(by=by, reason=reason, key=key), prune=False)

    def remove(
        self,
        kind: str,
        name: str,
        *,
        by: OperatorName,
        expected_version: int | None = None,
        reason: str = "",
        key: str = "",
    ) -> ApplyPlan:
        """Take one document away; runs that go by it go on.

        Raises what ``apply`` raises, ``DocumentNotFound`` and ``VersionOvertaken``.
        """

        def gathered(present: Present) -> Gathered:
            return remove_document(present, kind=kind, name=name, expected=expected_version)

        return self._apply(gathered, Act(by=by, reason=reason, key=key), prune=True)

    def projects_of(self, edition: EditionId, network: NetworkName) -> tuple[ProjectStand, ...]:
        """Return the projects that runs of a network in an edition go by, and what has changed.

        The network's own comes first, then those of networks that it calls; each once. All live
        files are read, which takes a while in a large project. Raises ``NetworkNotApplied``.
        """
        called = self.bundle(edition, network).networks
        names = (network, *sorted(one for one in called if one != network))
        found = dict(self._editions.project_of(edition, one) for one in names)
        return tuple(self._stand(root, snapshot) for root, snapshot in found.items())

    def pinned_to(self, edition: EditionId, network: NetworkName) -> str:
        """Return what a run of a network goes by: its edition, and how its projects stood."""
        called = self.bundle(edition, network).networks
        names = (network, *sorted(one for one in called if one != network))
        found = dict(self._editions.project_of(edition, one) for one in names)
        stands = (f"{root}: {stand_of(snapshot)}" for root, snapshot in found.items())
        return "; ".join((f"edition {edition}", *stands))[:PINNED_MAX]

    def diff(self, paths: Iterable[str | Path] = (), *, prune: bool = False) -> Diffs:
        """Return how files on the disk differ from what is applied: all of them, if none is told.

        Raises what ``apply`` raises.
        """
        return plan_diffs(self._planned(_or_every(tuple(paths)), prune=prune).plan)

    def reading_after(self, paths: Iterable[str | Path] = (), *, prune: bool = False) -> Reading:
        """Return all texts as they would be if files were applied: all, if none is told.

        Nothing is changed. Raises what ``apply`` raises.
        """
        return self._planned(_or_every(tuple(paths)), prune=prune).reading

    def reading_after_texts(
        self, texts: Sequence[tuple[str, str]], *, base: str | None = None, prune: bool = False
    ) -> Reading:
        """Return all texts as they would be if texts were applied as by ``apply_texts``."""
        folder = base or self._made_base()
        return self._planned(
            lambda present: gather_texts(texts, folder, present.files, present.sites), prune=prune
        ).reading

    def versions(self, kind: str, name: str) -> Sequence[DocumentRow]:
        """Return all versions of a document, the latest first; raises ``DocumentNotFound``."""
        return self.documents.versions(kind, name)

    def export(
        self, *, kind: str | None = None, name: str | None = None, folder: str = ""
    ) -> tuple[ExportedFile, ...]:
        """Return files as they were applied: all, those of a folder, or one document's text."""
        return self.documents.export(kind=kind, name=name, folder=folder)

    def _apply(self, gather_from: Gather, act: Act, *, prune: bool) -> ApplyPlan:
        with self._applying:  # within a process one after the other; others may still be faster
            try:
                return self._try_to_apply(gather_from, act, prune=prune)
            except EditionOvertaken:
                return self._try_to_apply(gather_from, act, prune=prune)

    def _try_to_apply(self, gather_from: Gather, act: Act, *, prune: bool) -> ApplyPlan:
        wanted = self._planned(gather_from, prune=prune)
        return self._written(wanted, act) if wanted.is_needed else wanted.plan

    def _planned(self, gather_from: Gather, *, prune: bool) -> NextEdition:
        present = self._store.read(present_in)
        gathered = gather_from(present)
        sites = next_sites(present, gathered, inspect=self._inspect, prune=prune)
        today = self._store.now().date()
        wanted = next_edition(present, gathered, sites, prune=prune, today=today, known=self._known)
        self._known = wanted.reading
        return wanted

    def _written(self, wanted: NextEdition, act: Act) -> ApplyPlan:
        projects, now = self._projects, self._store.now()
        if projects is not None:
            wanted = replace(wanted, sites=kept_sites(wanted.present, wanted.sites, projects))
        plan = self._store.write(lambda tx: write_edition(tx, wanted, act, now=now))
        if projects is not None:
            projects.tidy(self._store.read(needed_copies))
        if self._bells is not None:
            self._bells.ring([SignalKind.ADMIT, Worker.PLAN])
        return plan

    def _stand(self, root: str, snapshot: Snapshot) -> ProjectStand:
        projects = self._projects
        is_copied = projects is not None and bool(projects.place(snapshot))
        changed = None if projects is None else projects.changed(root, snapshot)
        return ProjectStand(root=root, snapshot=snapshot, is_copied=is_copied, changed=changed)

    def _inspect(self, root: str) -> Snapshot:
        return Snapshot() if self._projects is None else self._projects.inspect(root)

    def _made_base(self) -> str:
        Path(self._own_base).mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._own_base


def _from_disk(paths: Iterable[str | Path]) -> Gather:
    return lambda present: gather(paths, present.files, present.sites)


def _or_every(paths: Sequence[str | Path]) -> Gather:
    """Gather files, or everything that is applied where none is told."""

    def gathered(present: Present) -> Gathered:
        every = (*present.sites.bases, *sorted(present.files))
        return gather(paths or every, present.files, present.sites)

    return gathered
