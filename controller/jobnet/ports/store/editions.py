"""States how definitions are kept: files, documents with versions, and editions of all of them.

An edition is what was applied at one instant: every file with its text, by the folder that it was
applied from. A run is pinned to one, so nothing that is applied later changes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jobnet.ids import EditionId, OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of an edition: its absolute path, the base that folder names count from, its text.

    ``digest`` is the SHA-256 of the text.
    """

    path: str
    base: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One version of one document. ``text`` is its own YAML, ``digest`` that text's SHA-256.

    ``removed`` marks the version that took it away. Versions count from 1 per kind and name.
    """

    kind: str
    folder: str
    name: str
    version: int
    path: str
    line: int
    text: str
    digest: str
    edition: EditionId
    at: datetime
    by: OperatorName
    removed: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One edition; ids count upwards, 0 is the empty one.

    ``snapshots`` is JSON: the applied folders, and how each project stood (``sites``).
    """

    id: EditionId
    at: datetime
    by: OperatorName
    reason: str = ""
    snapshots: str = "{}"


class EditionTable(Protocol):
    """Editions and documents."""

    def current(self) -> EditionRow:
        """Return the latest edition; the empty one where nothing has been applied."""

    def find(self, edition: EditionId) -> EditionRow | None:
        """Return one edition."""

    def add(
        self, row: EditionRow, files: Sequence[SourceFile], documents: Sequence[DocumentRow]
    ) -> None:
        """Add an edition with all of its files, and the versions of documents it brings.

        Raises ``EditionOvertaken`` where its id exists: somebody else applied first.
        """

    def files(self, edition: EditionId) -> Sequence[SourceFile]:
        """Return the files of an edition, by path."""

    def forget(self, *, superseded_before: datetime) -> int:
        """Remove the files of editions that nobody needs; return how many.

        They were no longer the latest at that instant, and no run is pinned to them. Their rows
        and all versions of documents stay.
        """

    def documents(self, kind: str | None = None) -> Sequence[DocumentRow]:
        """Return the current version of every document that is not removed, by kind and name."""

    def versions(self, kind: str, folder: str, name: str) -> Sequence[DocumentRow]:
        """Return all versions of one document, the latest first."""
