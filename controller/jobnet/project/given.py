"""Looks names up among texts that are given, wherever the files stand that they were read from.

An edition of the controller is such a set: the files of several applied folders in one space of
names. A text is composed when something of it is asked for: a document's kind and name stand in
its text, so that every other one may stay closed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jobnet.project import nodes
from jobnet.project.folders import candidates, folder_name, qualified
from jobnet.project.library import Site, is_above, names_in, shipped_documents
from jobnet.project.names import slug
from jobnet.project.raw import Raw, RawFile, raw_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """One text: the file it belongs to, the base that folder names count from, where it runs.

    ``site`` says from where relative paths of the text count; its file need not be ``path``.
    ``is_plain``: whoever looks for words in the text finds its documents, as ``is_plain`` says.
    """

    path: Path
    base: Path
    text: str
    site: Site
    is_plain: bool = False


class GivenFiles:
    """The documents of some texts in one space of names; the first of a name stays.

    A text without any document is a network, if it is one plain list. What ``before`` has composed
    of the same texts is not composed again.
    """

    def __init__(self, files: Iterable[GivenFile], before: "GivenFiles | None" = None) -> None:
        """Begin with nothing composed."""
        old = {} if before is None else before.given
        self.given: dict[Path, GivenFile] = {
            file.path: _sharing_text(file, old.get(file.path)) for file in files
        }
        self._before = {} if before is None else before.unchanged(self.given)
        self.files: dict[Path, RawFile] = {}
        self._index: dict[tuple[str, str], Raw] = {}
        self._named_after: dict[str, list[Path]] = {}
        for path in self.given:
            self._named_after.setdefault(_name_of_list(path), []).append(path)

    def find(self, kind: str, name: str, folder: str) -> Raw | None:
        """Return the document that a name means in a folder, or None."""
        for one in self._sought(kind, name, folder):
            if (kind, one) in self._index:
                return self._index[kind, one]
        return shipped_documents().get((kind, name))

    def names(self, kind: str, folder: str) -> tuple[str, ...]:
        """Return the names of a kind that are known so far, as the folder would write them."""
        return names_in(folder, kind, self._of_kind(kind))

    def above(self, kind: str, folder: str) -> list[Raw]:
        """Return the documents of a kind in a folder and in those above it, by name."""
        return [raw for raw in self.every(kind) if is_above(raw.folder, folder)]

    def every(self, kind: str) -> list[Raw]:
        """Return all documents of a kind, by name."""
        self._compose_with([_kind_word(kind)] if kind != "network" else [])
        return self._of_kind(kind)

    def first_of_name(self, raw: Raw) -> Raw:
        """Return the document that has this one's kind and name and was met first."""
        return self._index[raw.kind, qualified(raw.folder, raw.name)]

    def site(self, file: Path) -> Site:
        """Return where what a file names is found."""
        if file in self.given:
            return self.given[file].site
        return Site(file=file, root=file.parent, is_trusted=True)  # it comes with Jobnet

    def take(self, path: Path) -> RawFile:
        """Compose a text once, and know its documents from now on."""
        if path not in self.files:
            found = self._before.get(path) or read_given(self.given[path])
            self.files[path] = found
            for raw in found.documents:
                self._index.setdefault((raw.kind, qualified(raw.folder, raw.name)), raw)
        return self.files[path]

    def unchanged(self, given: Mapping[Path, GivenFile]) -> dict[Path, RawFile]:
        """Return what was composed here of texts that are the same there."""
        return {
            path: raw
            for path, raw in self.files.items()
            if path in given and _is_same(given[path], self.given[path])
        }

    def _sought(self, kind: str, name: str, folder: str) -> tuple[str, ...]:
        wanted, bare = candidates(name, folder), name.rpartition("/")[2]
        self._compose_with([_kind_word(kind), *bare.split()])
        for path in self._named_after.get(bare, ()):
            self.take(path)
        return wanted

    def _compose_with(self, words: list[str]) -> None:
        """Compose all texts in which each of some words stands, and those that are not plain."""
        for path, file in self.given.items():
            if path in self.files:
                continue
            if not file.is_plain or all(word in file.text for word in words):
                self.take(path)

    def _of_kind(self, kind: str) -> list[Raw]:
        return [raw for (one, _), raw in sorted(self._index.items()) if one == kind]


def is_plain(text: str, documents: Iterable[Raw]) -> bool:
    """Return whether kinds and names of a text's documents stand in it as they are read.

    They do nearly always; a name may be written with escapes, or a kind with a tag.
    """
    return all(
        raw.listed is not None
        or (_kind_word(raw.kind) in text and all(word in text for word in raw.name.split()))
        for raw in documents
    )


def _kind_word(kind: str) -> str:
    return f"kind: {kind}"


def read_given(file: GivenFile) -> RawFile:
    """Return the documents of a text; a plain list is one network, named after the file."""
    folder = folder_name(file.path, file.base)
    found = raw_of(file.text, file.path, folder, is_named=True)
    if found.documents or found.problems or found.listed is None:
        return found
    listed = found.listed
    network = Raw(
        kind="network",
        name=_name_of_list(file.path),
        folder=folder,
        node=nodes.Mapping((), None, listed.line, listed.column, 1, is_flow=False),
        file=file.path,
        problems=found.list_problems,
        listed=listed,
    )
    return RawFile(documents=(network,), listed=listed)


def _is_same(one: GivenFile, other: GivenFile) -> bool:
    return one.base == other.base and one.text == other.text


def _sharing_text(file: GivenFile, old: GivenFile | None) -> GivenFile:
    """Return the file with the very text that is in memory already, if it is the same."""
    if old is None or old.text != file.text:
        return file
    return replace(file, text=old.text)


def _name_of_list(path: Path) -> str:
    return slug(path.stem) or "network"
