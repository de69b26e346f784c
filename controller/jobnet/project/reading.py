"""Reads files and projects: documents, every problem, and what was passed over.

Content is never a reason to raise: whatever stands in a file, there is a ``Reading``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jobnet.calendars import CalendarDefinition
from jobnet.definition import NOWHERE, Network, Notification, Position, Project, Queue
from jobnet.ids import NetworkName
from jobnet.project.collections import Collections
from jobnet.project.documents import (
    PlainDocument,
    read_calendar,
    read_notification,
    read_plain,
    read_project_document,
    read_queue,
)
from jobnet.project.folders import folder_name, project_root, qualified, yaml_files_below
from jobnet.project.given import GivenFile, GivenFiles
from jobnet.project.job_type_documents import read_job_type
from jobnet.project.job_types import JobType
from jobnet.project.library import Library, Names
from jobnet.project.lists import read_list
from jobnet.project.networks import Surroundings, read_network
from jobnet.project.nodes import Mapping
from jobnet.project.problems import Findings, Problem, has_errors
from jobnet.project.raw import Raw, RawFile
from jobnet.project.validation import Text

Value = Network | JobType | CalendarDefinition | Queue | Notification | Project | PlainDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document; ``value`` is None where its problems left nothing of it."""

    kind: str
    name: str
    folder: str
    value: Value | None
    file: str
    position: Position = NOWHERE
    problems: tuple[Problem, ...] = ()

    @property
    def qualified_name(self) -> str:
        """Return the name as other folders write it."""
        return qualified(self.folder, self.name)


class Shelf:
    """The documents of a project, each read once when it is first asked for."""

    def __init__(self, library: Names) -> None:
        """Begin with nothing read."""
        self.library = library
        self._read: dict[tuple[Path, Position], Document] = {}
        self._collections: dict[tuple[Path, Path], Collections] = {}

    def find(self, kind: str, name: str, folder: str) -> Document | None:
        """Return the document that a name means in a folder, or None."""
        raw = self.library.find(kind, name, folder)
        return None if raw is None else self.document(raw)

    def names(self, kind: str, folder: str) -> tuple[str, ...]:
        """Return the names of a kind that are known so far, as the folder writes them."""
        return self.library.names(kind, folder)

    def above(self, kind: str, folder: str) -> tuple[Document, ...]:
        """Return the documents of a kind in a folder and in those above it, by name."""
        return tuple(self.document(raw) for raw in self.library.above(kind, folder))

    def every(self, kind: str) -> tuple[Document, ...]:
        """Return all documents of a kind in the whole project, by name."""
        return tuple(self.document(raw) for raw in self.library.every(kind))

    def document(self, raw: Raw) -> Document:
        """Return a document, read."""
        key = (raw.file, raw.position)
        if key not in self._read:
            findings = Findings()
            findings.extend(raw.problems)
            value = self._value(raw, Text(str(raw.file), findings))
            problems = findings.in_order()
            self._read[key] = Document(
                kind=raw.kind,
                name=raw.name,
                folder=raw.folder,
                value=None if has_errors(problems) else value,
                file=str(raw.file),
                position=raw.position,
                problems=problems,
            )
        return self._read[key]

    def surroundings(self, file: Path, folder: str) -> Surroundings:
        """Return what a document of a file sees."""
        site = self.library.site(file)
        return Surroundings(
            file=site.file,
            root=site.root,
            folder=folder,
            find_job_type=self._job_types_for(folder),
            job_type_names=lambda: self.names("job_type", folder),
            collections=self._collections_for(site.root, site.file.parent),
            is_trusted=site.is_trusted,
        )

    def _collections_for(self, root: Path, folder: Path) -> Collections:
        if (root, folder) not in self._collections:
            self._collections[root, folder] = Collections(root, folder)
        return self._collections[root, folder]

    def _job_types_for(self, folder: str) -> Callable[[str], JobType | Problem | None]:
        def find(name: str) -> JobType | Problem | None:
            found = self.find("job_type", name, folder)
            if found is None or isinstance(found.value, JobType):
                return found.value if found else None  # type: ignore[return-value]
            return next(problem for problem in found.problems if problem.is_error)

        return find

    def _value(self, raw: Raw, text: Text) -> Value | None:
        if raw.listed is not None:
            around = self.surroundings(raw.file, raw.folder)
            return read_list(raw.listed, text, around, hosts=None)
        if raw.kind == "network":
            return read_network(raw.node, text, self.surroundings(raw.file, raw.folder))
        if raw.kind == "job_type":
            return read_job_type(raw.node, text, self.surroundings(raw.file, raw.folder))
        readers: dict[str, Callable[[Mapping, Text, str], Value | None]] = {
            "calendar": read_calendar,
            "queue": read_queue,
            "notification": read_notification,
            "project": read_project_document,
        }
        if raw.kind in readers:
            return readers[raw.kind](raw.node, text, raw.folder)
        return read_plain(raw.kind, raw.node, text, raw.folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read from the files that were asked for.

    ``shelf`` finds the documents beside them that their names mean; ``file`` is the one file
    that was named, or "".
    """

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...] = ()
    file: str = ""
    shelf: Shelf = field(repr=False, compare=False)

    @property
    def has_errors(self) -> bool:
        """Return whether anything in it keeps a definition from running."""
        return has_errors(self.problems)

    @property
    def networks(self) -> dict[NetworkName, Network]:
        """Return the networks without errors."""
        values = (document.value for document in self.documents)
        return {value.name: value for value in values if isinstance(value, Network)}


def read_file(path: str | Path, *, hosts: str | None = None) -> Reading:
    """Read one file; ``hosts`` is for the tasks of a plain list that name none."""
    file = Path(path).absolute()
    library = Library(project_root(file))
    shelf = Shelf(library)
    raw = library.take(file, is_named=True)
    reading = _collect(shelf, [file], named=str(file))
    if raw.documents or raw.problems:
        return reading
    if raw.listed is None:
        return _with_problems(reading, [_nothing_in(file)])
    return _read_list(shelf, file, folder_name(file, library.root), raw, hosts)


def read_project(paths: Iterable[str | Path]) -> Reading:
    """Read files and folders; names are looked up below the first of them."""
    named = [Path(path).absolute() for path in paths]
    first = named[0] if named else Path().absolute()
    library = Library(first if first.is_dir() else project_root(first))
    files: list[Path] = []
    for path in named:
        found = yaml_files_below(path) if path.is_dir() else (path,)
        for file in found:
            library.take(file, is_named=not path.is_dir())
            files.append(file)
    return _collect(Shelf(library), list(dict.fromkeys(files)), named="")


def read_texts(files: Iterable[GivenFile]) -> Reading:
    """Read texts that make up one space of names, all of their documents at once."""
    given = GivenFiles(files)
    for path in given.given:
        given.take(path)
    return _collect(Shelf(given), list(given.given), named="")


def open_texts(files: Iterable[GivenFile]) -> Reading:
    """Return a reading that reads what is asked for, when it is; it lists no documents."""
    return Reading(documents=(), problems=(), shelf=Shelf(GivenFiles(files)))


def _collect(shelf: Shelf, files: list[Path], *, named: str) -> Reading:
    findings = Findings()
    documents: list[Document] = []
    passed_over: list[str] = []
    for file in files:
        raw_file = shelf.library.files[file]
        findings.extend(raw_file.problems)
        if raw_file.is_passed_over:
            passed_over.append(str(file))
        for raw in raw_file.documents:
            document = shelf.document(raw)
            documents.append(document)
            findings.extend(document.problems)
            first = shelf.library.first_of_name(raw)
            if first is not raw:
                findings.add(_doubled(raw, first))
    return Reading(
        documents=tuple(documents),
        problems=findings.in_order(),
        passed_over=tuple(passed_over),
        file=named,
        shelf=shelf,
    )


def _doubled(raw: Raw, first: Raw) -> Problem:
    return Problem(
        code="duplicate_document",
        position=raw.position,
        what=f"Another {raw.kind} is called `{raw.name}`: {first.position}",
        hint="Rename one of them, or give it a `folder`",
    )


def _nothing_in(file: Path) -> Problem:
    return Problem(
        code="no_document",
        position=Position(str(file)),
        what="Nothing in this file is a document of Jobnet",
        hint="Begin a network with `kind: network` and `name: NAME`",
    )


def _with_problems(reading: Reading, problems: list[Problem]) -> Reading:
    return Reading(
        documents=reading.documents,
        problems=(*reading.problems, *problems),
        passed_over=reading.passed_over,
        file=reading.file,
        shelf=reading.shelf,
    )


def _read_list(shelf: Shelf, file: Path, folder: str, raw: RawFile, hosts: str | None) -> Reading:
    assert raw.listed is not None, "the caller has asked"
    findings = Findings()
    findings.extend(raw.list_problems)
    network = read_list(
        raw.listed, Text(str(file), findings), shelf.surroundings(file, folder), hosts=hosts
    )
    problems = findings.in_order()
    document = Document(
        kind="network",
        name=network.name.rpartition("/")[2] if network else "",
        folder=folder,
        value=None if has_errors(problems) else network,
        file=str(file),
        position=Position(str(file), 1, 1),
        problems=problems,
    )
    return Reading(documents=(document,), problems=problems, file=str(file), shelf=shelf)
