"""Reads each document once, when it is first asked for by a name or by its place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from jobnet.calendars import CalendarDefinition
from jobnet.definition import (
    NOWHERE,
    Network,
    Notification,
    PlaybookJob,
    Position,
    Project,
    Queue,
    UnitJob,
    walk,
)
from jobnet.project.calendar_documents import read_calendar
from jobnet.project.collections import Collections
from jobnet.project.documents import (
    PlainDocument,
    read_notification,
    read_plain,
    read_project_document,
    read_queue,
)
from jobnet.project.folders import qualified
from jobnet.project.job_type_documents import read_job_type
from jobnet.project.job_types import JobType
from jobnet.project.library import Names
from jobnet.project.lists import read_list
from jobnet.project.networks import Surroundings, read_network
from jobnet.project.nodes import Mapping
from jobnet.project.problems import Findings, Problem, has_errors
from jobnet.project.raw import Raw
from jobnet.project.schedules import read_schedule
from jobnet.project.validation import Text
from jobnet.project.windows import read_window
from jobnet.schedules import ScheduleDefinition, WindowDefinition

Value = (
    Network
    | JobType
    | CalendarDefinition
    | ScheduleDefinition
    | WindowDefinition
    | Queue
    | Notification
    | Project
    | PlainDocument
)


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

    def take_over(self, before: "Shelf") -> None:
        """Take what another shelf has read of the very same texts, where that cannot differ.

        A document that names a playbook, or that had problems, is read again: they may be gone.
        Where job types differ, nothing is taken.
        """
        if [*map(id, self.library.every("job_type"))] != [
            *map(id, before.library.every("job_type"))
        ]:
            return
        for key, document in before.read_already():
            raws = self.library.files.get(key[0])
            is_same = raws is not None and raws is before.library.files.get(key[0])
            is_same = is_same and self.library.site(key[0]) == before.library.site(key[0])
            if is_same and not document.problems and not _names_playbook(document):
                self._read[key] = document

    def read_already(self) -> Iterable[tuple[tuple[Path, Position], Document]]:
        """Return the documents that were read, by where they begin."""
        return self._read.items()

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
        if raw.kind == "schedule":
            beside = str(self.library.site(raw.file).file.parent)
            return read_schedule(raw.node, text, raw.folder, file_folder=beside)
        readers: dict[str, Callable[[Mapping, Text, str], Value | None]] = {
            "calendar": read_calendar,
            "queue": read_queue,
            "notification": read_notification,
            "project": read_project_document,
            "window": read_window,
        }
        if raw.kind in readers:
            return readers[raw.kind](raw.node, text, raw.folder)
        return read_plain(raw.kind, raw.node, text, raw.folder)


def _names_playbook(document: Document) -> bool:
    """Return whether a file beside it decides whether a document can be read."""
    value = document.value
    if isinstance(value, Network):
        bodies = (part.body for part in walk(value.flow) if isinstance(part.body, UnitJob))
        return any(isinstance(body.content, PlaybookJob) for body in bodies)
    return isinstance(value, JobType) and value.content == "playbook"
