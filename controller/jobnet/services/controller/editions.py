"""Reads editions: what a run is pinned to, from the texts that were kept and never from the disk.

What was read is kept at hand; an edition never changes, so nothing kept can be out of date.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Network, Notification, Queue
from jobnet.errors.controller import NetworkNotApplied
from jobnet.ids import EditionId, NetworkName
from jobnet.ports.projects import Projects, Snapshot
from jobnet.ports.store import Store, Transaction
from jobnet.ports.store.editions import EditionRow, SourceFile
from jobnet.project import Reading, bundle, open_texts
from jobnet.project.bundled_calendars import calendars_of
from jobnet.project.folders import qualified
from jobnet.services.controller.sites import Sites, given, innermost, sites_of

EDITIONS_KEPT_MAX = 8
BUNDLES_KEPT_MAX = 256

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """What was made last, up to a number; whoever comes twice at once makes it twice."""

    def __init__(self, count_max: int) -> None:
        self._count_max = count_max
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what belongs to a key, made now if it is not at hand."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            made = self._kept.setdefault(key, made)
            while len(self._kept) > self._count_max:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEdition:
    """One edition, of which something has been read; ``lock`` guards the reading."""

    id: EditionId
    sites: Sites
    reading: Reading
    lock: threading.RLock = field(default_factory=threading.RLock)


class Editions:
    """The editions of a database; every method may be called from any thread."""

    def __init__(
        self,
        store: Store,
        projects: Projects | None,
        *,
        known: Callable[[], Reading | None] = lambda: None,
    ) -> None:
        """Begin; ``known`` gives a reading whose texts need not be composed again."""
        self._store, self._projects, self._known = store, projects, known
        self._open: Kept[EditionId, OpenEdition] = Kept(EDITIONS_KEPT_MAX)
        self._bundles: Kept[tuple[EditionId, NetworkName], Bundle] = Kept(BUNDLES_KEPT_MAX)
        self._calendars: Kept[int, tuple[Bundle, Mapping[str, Calendar]]] = Kept(BUNDLES_KEPT_MAX)
        self._names: Kept[EditionId, tuple[NetworkName, ...]] = Kept(EDITIONS_KEPT_MAX)
        self._queues: Kept[EditionId, Mapping[str, Queue]] = Kept(EDITIONS_KEPT_MAX)

    def current(self) -> EditionId:
        """Return the latest edition; 0 where nothing has been applied."""
        return self._store.read(lambda tx: tx.editions.current().id)

    def networks(self) -> Collection[NetworkName]:
        """Return the qualified names of all networks of the latest edition, sorted."""

        def work(tx: Transaction) -> tuple[NetworkName, ...]:
            return self._names.get(tx.editions.current().id, lambda: _names_of_networks(tx))

        return self._store.read(work)

    def opened(self, edition: EditionId) -> OpenEdition:
        """Return an edition to look things up in."""
        return self._open.get(edition, lambda: self._opened(edition))

    def look(self, edition: EditionId, work: Callable[[Reading], Value]) -> Value:
        """Return what somebody finds in the texts of an edition; nobody else reads meanwhile."""
        opened = self.opened(edition)
        with opened.lock:
            return work(opened.reading)

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return a network with all that it needs, as it was in an edition.

        Raises ``NetworkNotApplied``, and ``DefinitionRefused`` for one that was broken by a file
        beside it.
        """
        self._restore(self.opened(edition).sites)
        return self._bundles.get((edition, network), lambda: self._pin(edition, network))

    def calendars(self, made: Bundle) -> Mapping[str, Calendar]:
        """Return the calendars of a bundle that came from here, ready to be asked."""
        return self._calendars.get(id(made), lambda: (made, calendars_of(made)))[1]

    def network(self, edition: EditionId, name: NetworkName) -> Network | None:
        """Return one network as its text says, names not resolved; None if it has none."""
        opened = self.opened(edition)
        with opened.lock:
            found = opened.reading.shelf.find("network", name, "")
        value = None if found is None else found.value
        return value if isinstance(value, Network) else None

    def project_of(self, edition: EditionId, network: NetworkName) -> tuple[str, Snapshot]:
        """Return the root of a network's project, and how it stood when it was applied.

        Raises ``NetworkNotApplied``.
        """
        opened = self.opened(edition)
        with opened.lock:
            found = opened.reading.shelf.library.find("network", network, "")
        if found is None:
            raise NetworkNotApplied(network)
        projects = opened.sites.projects
        root = innermost(str(found.file), projects) or str(found.file.parent)
        return root, projects.get(root, Snapshot())

    def queues(self, edition: EditionId) -> Mapping[str, Queue]:
        """Return all queues by their qualified names."""
        return self._queues.get(edition, lambda: self._all_queues(edition))

    def listeners(self, edition: EditionId, folder: str) -> tuple[Notification, ...]:
        """Return who listens to networks of a folder without being asked.

        These are the documents beside and above it, and those elsewhere that name ``folders``.
        """
        opened = self.opened(edition)
        with opened.lock:
            near = [one.value for one in opened.reading.shelf.above("notification", folder)]
            every = [one.value for one in opened.reading.shelf.every("notification")]
        found = [one for one in every if isinstance(one, Notification) and one.on]
        return tuple(one for one in found if one in near or one.folders)

    def _opened(self, edition: EditionId) -> OpenEdition:
        def work(tx: Transaction) -> tuple[EditionRow | None, Sequence[SourceFile]]:
            return tx.editions.find(edition), tx.editions.files(edition)

        row, files = self._store.read(work)
        sites = Sites() if row is None else sites_of(row)
        self._restore(sites)
        place = None if self._projects is None else self._projects.place
        texts = given(files, sites, place=place, is_trusted=True)
        return OpenEdition(id=edition, sites=sites, reading=open_texts(texts, before=self._known()))

    def _restore(self, sites: Sites) -> None:
        """Make copies again that were removed, since nobody had used them for long."""
        if self._projects is None:
            return
        for root, snapshot in sites.projects.items():
            if snapshot.copy and not self._projects.place(snapshot):
                self._projects.keep(root, snapshot)

    def _pin(self, edition: EditionId, network: NetworkName) -> Bundle:
        opened = self.opened(edition)
        with opened.lock:
            if opened.reading.shelf.find("network", network, "") is None:
                raise NetworkNotApplied(network)
            return bundle(opened.reading, network)

    def _all_queues(self, edition: EditionId) -> Mapping[str, Queue]:
        opened = self.opened(edition)
        with opened.lock:
            found = opened.reading.shelf.every("queue")
        return {one.qualified_name: one.value for one in found if isinstance(one.value, Queue)}


def _names_of_networks(tx: Transaction) -> tuple[NetworkName, ...]:
    rows = tx.editions.documents("network")
    return tuple(sorted(NetworkName(qualified(row.folder, row.name)) for row in rows))
