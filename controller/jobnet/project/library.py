"""Looks names up in a project: the own folder first, then each one above it.

Files are read when a name is asked for that lies in their folder; the whole project is only
looked through for a name that is in none of these, since a document may name its folder.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from jobnet.project.folders import (
    candidates,
    folder_name,
    qualified,
    yaml_files_below,
    yaml_files_in,
)
from jobnet.project.job_types import SHIPPED_FOLDER
from jobnet.project.raw import Raw, RawFile, read_raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where what a file names is found: its relative paths count from ``file``.

    ``is_trusted``: the file was checked before and runs go by it, so that nothing on the disk
    may now make its documents unreadable.
    """

    file: Path
    root: Path
    is_trusted: bool = False


class Names(Protocol):
    """What finds documents by their names, wherever their text comes from.

    ``files`` are those that have been read so far.
    """

    files: dict[Path, RawFile]

    def first_of_name(self, raw: Raw) -> Raw:
        """Return the document that has this one's kind and name and was met first."""

    def find(self, kind: str, name: str, folder: str) -> Raw | None:
        """Return the document that a name means in a folder, or None."""

    def names(self, kind: str, folder: str) -> tuple[str, ...]:
        """Return the names of a kind that are known so far, as the folder would write them."""

    def above(self, kind: str, folder: str) -> list[Raw]:
        """Return the documents of a kind in a folder and in those above it, by name."""

    def every(self, kind: str) -> list[Raw]:
        """Return all documents of a kind, by name."""

    def site(self, file: Path) -> Site:
        """Return where what a file names is found."""


class Library:
    """The documents of one project, read as they are asked for and kept."""

    def __init__(self, root: Path) -> None:
        """Begin with a project of which no file has been read."""
        self.root = root
        self.files: dict[Path, RawFile] = {}
        self._index: dict[tuple[str, str], Raw] = {}
        self._folders: set[str] = set()
        self._is_complete = False

    def take(self, path: Path, *, is_named: bool) -> RawFile:
        """Read a file once, and know its documents from now on; the first of a name stays."""
        if path not in self.files:
            folder = folder_name(path, self.root)
            self.files[path] = found = read_raw(path, folder, is_named=is_named)
            for raw in found.documents:
                self._index.setdefault((raw.kind, qualified(raw.folder, raw.name)), raw)
        return self.files[path]

    def find(self, kind: str, name: str, folder: str) -> Raw | None:
        """Return the document that a name means in a folder, or None."""
        for one in candidates(name, folder):
            self._take_folder(one.rpartition("/")[0])
            if (kind, one) in self._index:
                return self._index[kind, one]
        self._take_all()
        for one in candidates(name, folder):
            if (kind, one) in self._index:
                return self._index[kind, one]
        return shipped_documents().get((kind, name))

    def names(self, kind: str, folder: str) -> tuple[str, ...]:
        """Return the names of a kind as the folder would write them."""
        found = [raw for (one, _), raw in self._index.items() if one == kind]
        return names_in(folder, kind, found)

    def above(self, kind: str, folder: str) -> list[Raw]:
        """Return the documents of a kind in a folder and in those above it, by name."""
        words = folder.split("/") if folder else []
        for depth in range(len(words) + 1):
            self._take_folder("/".join(words[:depth]))
        found = [raw for (one, _), raw in sorted(self._index.items()) if one == kind]
        return [raw for raw in found if is_above(raw.folder, folder)]

    def every(self, kind: str) -> list[Raw]:
        """Return all documents of a kind in the whole project, by name."""
        self._take_all()
        return [raw for (one, _), raw in sorted(self._index.items()) if one == kind]

    def first_of_name(self, raw: Raw) -> Raw:
        """Return the document that has this one's kind and name and was met first."""
        return self._index[raw.kind, qualified(raw.folder, raw.name)]

    def site(self, file: Path) -> Site:
        """Return where what a file names is found: beside it, in this project."""
        return Site(file=file, root=self.root)

    def _take_folder(self, folder: str) -> None:
        if folder in self._folders or self._is_complete:
            return
        self._folders.add(folder)
        inside = (self.root / folder).absolute()
        if ".." not in Path(folder).parts:
            for path in yaml_files_in(inside):
                self.take(path, is_named=False)

    def _take_all(self) -> None:
        if not self._is_complete:
            self._is_complete = True
            for path in yaml_files_below(self.root):
                self.take(path, is_named=False)


@cache
def shipped_documents() -> dict[tuple[str, str], Raw]:
    """Return the documents that come with Jobnet, by kind and name."""
    return {
        (raw.kind, raw.name): raw
        for path in yaml_files_in(SHIPPED_FOLDER)
        for raw in read_raw(path, "", is_named=True).documents
    }


def names_in(folder: str, kind: str, found: list[Raw]) -> tuple[str, ...]:
    """Return the names of documents and of shipped ones, as a folder would write them."""
    names = {
        raw.name if is_above(raw.folder, folder) else qualified(raw.folder, raw.name)
        for raw in found
    }
    return tuple(sorted(names | {name for one, name in shipped_documents() if one == kind}))


def is_above(folder: str, other: str) -> bool:
    """Return whether a folder is another one or lies above it."""
    return not folder or other == folder or other.startswith(f"{folder}/")
