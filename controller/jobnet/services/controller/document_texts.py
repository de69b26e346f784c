"""Finds documents in texts: those of an edition, or those that were read from files."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol, TypeVar

from jobnet.errors.definitions import DocumentNotFound, DocumentNotInFiles
from jobnet.errors.project import DefinitionRefused
from jobnet.ids import EditionId
from jobnet.project import Document, Reading

NAME_MAX = 200
ONLY = EditionId(0)

Found = TypeVar("Found")


class DocumentTexts(Protocol):
    """Texts that make up one space of names."""

    def look(self, work: Callable[[Reading], Found]) -> Found:
        """Return what somebody finds in the texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTexts:
    """Texts that were read from files below ``path`` of this machine, without a controller."""

    reading: Reading
    path: str

    def current(self) -> EditionId:
        """Return the only edition that there is."""
        return ONLY

    def look(self, work: Callable[[Reading], Found], *, edition: EditionId | None = None) -> Found:
        """Return what somebody finds in the texts, which have one edition only."""
        assert edition in {None, ONLY}, "files have no other edition"
        try:
            return work(self.reading)
        except DocumentNotFound as error:
            raise DocumentNotInFiles(
                error.kind, error.name, path=self.path, near=error.near
            ) from error


def find_document(reading: Reading, kind: str, name: str) -> Document:
    """Return a document by its qualified name; raises ``DocumentNotFound``.

    Raises ``DefinitionRefused`` for one that has errors.
    """
    found = reading.shelf.find(kind, name, "")
    if found is None:
        known = [one.qualified_name for one in reading.shelf.every(kind)]
        near = get_close_matches(name[:NAME_MAX], known, n=1)
        raise DocumentNotFound(kind, name, near=near[0] if near else "")
    if found.value is None:
        raise DefinitionRefused([one for one in found.problems if one.is_error])
    return found
