"""Reads files and projects: documents, every problem, and what was passed over.

Content is never a reason to raise: whatever stands in a file, there is a ``Reading``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jobnet.definition import Network, Position
from jobnet.ids import NetworkName
from jobnet.project.folders import folder_name, project_root, yaml_files_below
from jobnet.project.given import GivenFile, GivenFiles
from jobnet.project.library import Library
from jobnet.project.lists import read_list
from jobnet.project.problems import Findings, Problem, has_errors
from jobnet.project.raw import Raw, RawFile
from jobnet.project.shelf import Document, Shelf
from jobnet.project.validation import Text


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


def read_texts(files: Iterable[GivenFile], *, before: Reading | None = None) -> Reading:
    """Read texts that make up one space of names, all of their documents at once.

    What ``before``, a reading of this kind, has read of the same texts is not read again.
    """
    given = GivenFiles(files, _given_in(before))
    for path in given.given:
        given.take(path)
    shelf = Shelf(given)
    if before is not None:
        shelf.take_over(before.shelf)
    return _collect(shelf, list(given.given), named="")


def open_texts(files: Iterable[GivenFile], *, before: Reading | None = None) -> Reading:
    """Return a reading that reads what is asked for, when it is; it lists no documents.

    What ``before`` has composed of the same texts is not composed again.
    """
    return Reading(documents=(), problems=(), shelf=Shelf(GivenFiles(files, _given_in(before))))


def _given_in(reading: Reading | None) -> GivenFiles | None:
    library = None if reading is None else reading.shelf.library
    return library if isinstance(library, GivenFiles) else None


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
