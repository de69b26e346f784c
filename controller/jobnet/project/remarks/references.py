"""Remarks on what queues, notifications and project documents name."""

from collections.abc import Iterator

from jobnet.definition import Notification, Project, Queue
from jobnet.project.problems import Level, Problem
from jobnet.project.project_documents import project_problems
from jobnet.project.reading import Reading
from jobnet.project.shelf import Document
from jobnet.project.suggestions import shown, suggest


def reference_remarks(reading: Reading) -> Iterator[Problem]:
    """Yield the names that lead nowhere."""
    for document in reading.documents:
        match document.value:
            case Queue(forward_to=names):
                yield from _unknown(reading, document, "queue", names, "forward_to")
            case Notification(escalate=steps):
                for index, step in enumerate(steps):
                    at = f"escalate[{index}].to"
                    yield from _unknown(reading, document, "notification", step.to, at)
            case Project():
                yield from project_problems(reading.shelf.above("project", document.folder))
            case _:
                continue


def _unknown(
    reading: Reading, document: Document, kind: str, names: tuple[str, ...], at: str
) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if reading.shelf.find(kind, name, document.folder) is None:
            known = reading.shelf.names(kind, document.folder)
            what = f"No {kind} is called `{shown(name)}`"
            hint = suggest(name, known, otherwise=f"Add a document with kind: {kind}")
            yield _problem(document, f"unknown_{kind}", what, hint, at=f"{at}[{index}]")


def _problem(
    document: Document,
    code: str,
    what: str,
    hint: str,
    *,
    at: str,
    level: Level = Level.ERROR,
) -> Problem:
    return Problem(
        severity=level, code=code, position=document.position, path=at, what=what, hint=hint
    )
