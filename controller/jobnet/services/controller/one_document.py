"""Changes one document inside the file that it stands in, and leaves the rest as it is.

This is what an editor does: it sends the document's own text and the version that it has read.
"""

from collections.abc import Mapping
from pathlib import Path

from jobnet.errors.definitions import DocumentMisplaced, DocumentNotFound, VersionOvertaken
from jobnet.ports.store.editions import DocumentRow, SourceFile
from jobnet.project import GivenFile, Site
from jobnet.project.cutting import Cut, cut_documents, own_text, replace_document, without_document
from jobnet.project.folders import qualified
from jobnet.project.given import read_given
from jobnet.services.controller.gathering import Gathered, confined, source_file, with_base
from jobnet.services.controller.next_edition import Present


def put_document(
    present: Present, *, kind: str, name: str, text: str, base: str, expected: int | None
) -> Gathered:
    """Return the file with another text for a document, or a new file below ``base``.

    ``expected`` is the version that was read, 0 for one that must be new, None for any. Raises
    ``VersionOvertaken`` and ``DocumentMisplaced``.
    """
    row = _row(present, kind, name)
    _refuse_overtaken(row, kind, name, expected)
    if row is None:
        path = _new_path(present.files, base, kind, name)
        bases = with_base(present.sites.bases, base)
        file = source_file(path, base, own_text(text))
        _refuse_misplaced(file, kind, name)
        return Gathered(bases=bases, is_given=True, files={path: file})
    old = present.files[row.path]
    cut = _cut(old, row)
    _refuse_misplaced(source_file(old.path, old.base, own_text(text)), kind, name)
    file = source_file(old.path, old.base, replace_document(old.text, cut, text))
    return Gathered(bases=present.sites.bases, is_given=True, files={file.path: file})


def remove_document(present: Present, *, kind: str, name: str, expected: int | None) -> Gathered:
    """Return the file without a document; a file of which nothing is left is gone.

    Raises ``DocumentNotFound`` and ``VersionOvertaken``.
    """
    row = _row(present, kind, name)
    if row is None:
        raise DocumentNotFound(kind, name)
    _refuse_overtaken(row, kind, name, expected)
    old = present.files[row.path]
    cut = _cut(old, row)
    if len(cut_documents(old.text)) == 1:
        return Gathered(bases=present.sites.bases, gone=[old.path])
    file = source_file(old.path, old.base, without_document(old.text, cut))
    return Gathered(bases=present.sites.bases, is_given=True, files={file.path: file})


def _row(present: Present, kind: str, name: str) -> DocumentRow | None:
    wanted = name.strip("/")
    return next(
        (
            row
            for row in present.documents
            if row.kind == kind and qualified(row.folder, row.name) == wanted
        ),
        None,
    )


def _refuse_overtaken(row: DocumentRow | None, kind: str, name: str, expected: int | None) -> None:
    found = 0 if row is None else row.version
    if expected is not None and expected != found:
        raise VersionOvertaken(kind, name, expected=expected, found=found)


def _new_path(files: Mapping[str, SourceFile], base: str, kind: str, name: str) -> str:
    path = Path(base) / confined(f"{name.strip('/')}.yml")
    return str(path if str(path) not in files else path.with_suffix(f".{kind}.yml"))


def _refuse_misplaced(file: SourceFile, kind: str, name: str) -> None:
    """Refuse a text that is another document or several; what is wrong in it is told later."""
    raw = read_given(_given(file))
    if raw.problems:
        return
    names = [f"{one.kind} {qualified(one.folder, one.name)}" for one in raw.documents]
    if len(cut_documents(file.text)) != 1 or len(names) != 1:
        raise DocumentMisplaced(kind, name, problem="holds not exactly one document")
    if names != [f"{kind} {name.strip('/')}"]:
        raise DocumentMisplaced(kind, name, problem=f"is that of {names[0]}")


def _given(file: SourceFile) -> GivenFile:
    path, base = Path(file.path), Path(file.base)
    return GivenFile(path=path, base=base, text=file.text, site=Site(file=path, root=base))


def _cut(file: SourceFile, row: DocumentRow) -> Cut:
    """Return where in its file a document stands now."""
    cuts = cut_documents(file.text)
    found = read_given(_given(file)).documents
    raw = next(one for one in found if (one.kind, one.name) == (row.kind, row.name))
    line = raw.position.line
    return next((cut for cut in cuts if cut.line <= line < cut.end), cuts[-1])
