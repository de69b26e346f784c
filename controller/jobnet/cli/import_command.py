"""Imports files of another scheduler: reads them, writes documents, prints the report.

All documents are written or none; what is there already is replaced only where that was asked for.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from jobnet.calendars import find_zone
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.options import Output
from jobnet.cli.wording import shown
from jobnet.errors.client import FileNotWritten
from jobnet.errors.importing import ImportFileUnread, ImportWouldOverwrite
from jobnet.services.importing import (
    Imported,
    ImportedDocument,
    ImportWishes,
    Outcome,
    Remark,
    SourceFile,
)
from jobnet.services.importing.bounds import FILE_BYTES_MAX, FILES_MAX

STDIN = "-"
LINE_LENGTH_MAX = 500
Importer = Callable[[list[SourceFile], ImportWishes], Imported]

_HEADS = (
    (Outcome.CARRIED, "Carried"),
    (Outcome.PASSED_OVER, "Passed over, it was switched off"),
    (Outcome.CHANGED, "Carried, and means something else now"),
    (Outcome.LEFT, "Not carried"),
)


@dataclass(frozen=True, slots=True)
class ImportTyped:
    """What was typed after ``jobnet import WHAT``."""

    files: list[Path]
    to: Path
    may_replace: bool
    output: Output


def import_from(importer: Importer, wishes: ImportWishes, typed: ImportTyped) -> int:
    """Import what was named; WARNING says that something was not carried."""
    if wishes.timezone is not None:
        find_zone(wishes.timezone)
    if len(typed.files) > FILES_MAX:
        problem = f"more than {FILES_MAX} files are named at once"
        raise ImportFileUnread(str(typed.files[FILES_MAX]), problem=problem)
    imported = importer([_read(path) for path in typed.files], wishes)
    written = _write(imported.documents, typed)
    if typed.output is Output.JSON:
        typer.echo(json.dumps(_document(imported, written), indent=2))
    else:
        for line in _lines(imported, written, typed.to):
            typer.echo(line)
    return ExitCode.WARNING if imported.report.of(Outcome.LEFT) else ExitCode.NORMAL


def _read(path: Path) -> SourceFile:
    name = "stdin" if str(path) == STDIN else str(path)
    try:
        if str(path) == STDIN:
            data = sys.stdin.buffer.read(FILE_BYTES_MAX + 1)
        else:
            with path.open("rb") as file:
                data = file.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise ImportFileUnread(name, problem=f"it has more than {FILE_BYTES_MAX:,} bytes")
        return SourceFile(path=name, text=data.decode("utf-8-sig"))
    except OSError as error:
        raise ImportFileUnread(name, problem=str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ImportFileUnread(name, problem="it is no text in UTF-8") from error


def _write(documents: list[ImportedDocument], typed: ImportTyped) -> list[str]:
    """Write every document to a file of its own; nothing where one of them is in the way."""
    places = [typed.to / document.file for document in documents]
    there = [str(place) for place in places if place.exists() or place.is_symlink()]
    if there and not typed.may_replace:
        raise ImportWouldOverwrite(there)
    try:
        typed.to.mkdir(parents=True, exist_ok=True)
        # First all of them aside: a full disk then leaves nothing behind, and no half of a file.
        with tempfile.TemporaryDirectory(dir=typed.to, prefix=".import-") as aside:
            for document in documents:
                (Path(aside) / document.file).write_text(document.text, encoding="utf-8")
            for place in places:
                (Path(aside) / place.name).replace(place)  # a link is replaced, not followed
    except OSError as error:
        raise FileNotWritten(str(typed.to), problem=str(error.strerror)) from error
    return [str(place) for place in places]


def _document(imported: Imported, written: list[str]) -> dict[str, object]:
    return {
        "version": 1,
        "written": written,
        "documents": [
            {"kind": one.kind, "name": one.name, "file": one.file} for one in imported.documents
        ],
        "remarks": [_plain(remark) for remark in imported.report.remarks],
        "counts": {
            outcome.value: len(imported.report.of(outcome)) for outcome in Outcome
        },
    }  # fmt: skip


def _plain(remark: Remark) -> dict[str, str]:
    return {
        "outcome": remark.outcome.value,
        "source": remark.source,
        "subject": remark.subject,
        "what": remark.what,
        "advice": remark.advice,
    }


def _lines(imported: Imported, written: list[str], to: Path) -> Iterator[str]:
    for outcome, head in _HEADS:
        remarks = imported.report.of(outcome)
        if remarks:
            yield f"{head}:"
            yield from (f"  {shown(str(one), length_max=LINE_LENGTH_MAX)}" for one in remarks)
            yield ""
    left = len(imported.report.of(Outcome.LEFT))
    yield f"{len(written)} files written to {to}; not carried: {left}."
    if written:
        yield f"next:   jobnet lint {to}"
