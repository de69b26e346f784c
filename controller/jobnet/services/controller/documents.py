"""Finds applied documents by name, in each of their versions, and gives their files back.

What is exported is what was applied: the author's own text, comments and order as they were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches, unified_diff
from pathlib import PurePath

from jobnet.errors.definitions import DocumentNotFound, VersionNotFound
from jobnet.ports.store import Store, Transaction
from jobnet.ports.store.editions import DocumentRow, SourceFile
from jobnet.project.folders import qualified
from jobnet.services.controller.apply_plan import ApplyPlan

NAME_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDiff:
    """How one document differs; ``text`` is a unified diff, "" where it does not."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of an export; its path is relative and plain."""

    path: str
    text: str


class Documents:
    """The documents that have been applied."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def every(self, kind: str | None = None, *, folder: str = "") -> Sequence[DocumentRow]:
        """Return the present documents of a kind in a folder and below, by kind and name."""
        rows = self._store.read(lambda tx: tx.editions.documents(kind))
        return tuple(row for row in rows if is_within(row.folder, folder))

    def find(self, kind: str, name: str) -> DocumentRow:
        """Return the present version of a document; raises ``DocumentNotFound``."""
        versions = self.versions(kind, name)
        if versions[0].removed:
            raise DocumentNotFound(kind, name)
        return versions[0]

    def versions(self, kind: str, name: str) -> Sequence[DocumentRow]:
        """Return all versions of a document, the latest first; raises ``DocumentNotFound``."""
        folder, _, bare = name.strip("/").rpartition("/")

        def work(tx: Transaction) -> tuple[Sequence[DocumentRow], Sequence[DocumentRow]]:
            found = tx.editions.versions(kind, folder, bare)
            return found, () if found else tx.editions.documents(kind)

        found, others = self._store.read(work)
        if found:
            return found
        known = [qualified(row.folder, row.name) for row in others]
        near = get_close_matches(name[:NAME_MAX], known, n=1)
        raise DocumentNotFound(kind, name, near=near[0] if near else "")

    def version(self, kind: str, name: str, version: int) -> DocumentRow:
        """Return one version of a document; raises ``DocumentNotFound``, ``VersionNotFound``."""
        versions = self.versions(kind, name)
        found = next((row for row in versions if row.version == version), None)
        if found is None:
            raise VersionNotFound(kind, name, version, latest=versions[0].version)
        return found

    def diff(
        self, kind: str, name: str, *, older: int | None = None, newer: int | None = None
    ) -> DocumentDiff:
        """Return how two versions of a document differ: the last two, if none are told."""
        after = self.versions(kind, name)[0] if newer is None else self.version(kind, name, newer)
        number = after.version - 1 if older is None else older
        before = self.version(kind, name, number) if number else None
        text = unified(
            "" if before is None else before.text,
            after.text,
            before=f"{kind} {name} version {number}",
            after=f"{kind} {name} version {after.version}",
        )
        return DocumentDiff(kind=kind, name=name, text=text)

    def export(
        self, *, kind: str | None = None, name: str | None = None, folder: str = ""
    ) -> tuple[ExportedFile, ...]:
        """Return files as they were applied: all, those of a folder, or one document's own text.

        Raises ``DocumentNotFound`` for a name that is not there.
        """
        if name is not None:
            return self._one(kind or "network", name)

        def work(tx: Transaction) -> tuple[Sequence[SourceFile], Sequence[DocumentRow]]:
            return tx.editions.files(tx.editions.current().id), tx.editions.documents(kind)

        files, rows = self._store.read(work)
        wanted = {row.path for row in rows if is_within(row.folder, folder)}
        return _placed([file for file in files if file.path in wanted])

    def _one(self, kind: str, name: str) -> tuple[ExportedFile, ...]:
        row = self.find(kind, name)
        return (ExportedFile(path=f"{qualified(row.folder, row.name)}.yml", text=row.text),)


def plan_diffs(plan: ApplyPlan) -> tuple[DocumentDiff, ...]:
    """Return how applied documents differ from what is on the disk, those that do."""
    return tuple(
        DocumentDiff(
            kind=one.kind,
            name=one.name,
            text=unified(
                one.before,
                one.after,
                before=f"{one.kind} {one.name} applied",
                after=one.path,
            ),
        )
        for one in plan.changes
    )


def unified(old: str, new: str, *, before: str, after: str) -> str:
    """Return a unified diff of two texts, "" where they are the same."""
    lines = unified_diff(old.splitlines(), new.splitlines(), before, after, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def is_within(folder: str, around: str) -> bool:
    """Return whether a folder is another one or lies below it; "" is around all."""
    around = around.strip("/")
    return not around or folder == around or folder.startswith(f"{around}/")


def _placed(files: Iterable[SourceFile]) -> tuple[ExportedFile, ...]:
    """Give each file a path of its own; those of several bases may have the same."""
    taken: dict[str, str] = {}
    for file in files:
        path = PurePath(file.path).relative_to(file.base)
        number = 1
        place = path
        while str(place) in taken:
            number += 1
            place = path.with_stem(f"{path.stem}-{number}")
        taken[str(place)] = file.text
    return tuple(ExportedFile(path=path, text=text) for path, text in sorted(taken.items()))
