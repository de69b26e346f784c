"""Makes the next edition of what was gathered, and says how it differs from the present one.

Nothing here reads or writes a database, so a dry run, a diff and the real thing are one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from jobnet.errors.definitions import NamesWouldMove, TooMuchApplied
from jobnet.ports.store.editions import DocumentRow, EditionRow, SourceFile
from jobnet.project import Reading, read_texts
from jobnet.project.cutting import Cut, cut_documents
from jobnet.project.folders import FILES_MAX
from jobnet.project.given import is_plain, read_given
from jobnet.project.nodes import Scalar, child
from jobnet.project.raw import Raw
from jobnet.services.controller.apply_plan import ApplyPlan, Change, PlannedDocument
from jobnet.services.controller.edition_lint import Judged, warnings_of
from jobnet.services.controller.gathering import Gathered
from jobnet.services.controller.sites import Sites, given

TEXT_MAX = 64 * 1024 * 1024
DOCUMENTS_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The edition that holds now, with everything in it."""

    row: EditionRow
    sites: Sites
    files: Mapping[str, SourceFile]
    documents: Sequence[DocumentRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEdition:
    """What would be the next edition, and how it differs; ``present`` are the sites until now."""

    reading: Reading
    plan: ApplyPlan
    present: Sites
    sites: Sites
    files: tuple[SourceFile, ...]

    @property
    def is_needed(self) -> bool:
        """Return whether anything differs from the edition that holds."""
        return bool(self.plan.changes) or self.sites != self.present


def next_edition(
    present: Present,
    gathered: Gathered,
    sites: Sites,
    *,
    prune: bool,
    today: date,
    known: Reading | None = None,
) -> NextEdition:
    """Return the edition that comes of what was gathered; ``sites`` are those of it.

    ``known`` is the reading of an earlier one, so that only what differs has to be read.
    Raises ``DefinitionsRefused``, ``NamesWouldMove`` and ``TooMuchApplied``.
    """
    gone = [path for path in gathered.gone if path not in gathered.files]
    dropped = gone if prune else _moved(gone, present, gathered)
    files = {path: file for path, file in present.files.items() if path not in dropped}
    files |= gathered.files
    ordered = tuple(files[path] for path in sorted(files))
    _refuse_too_much(ordered)
    reading = _read(ordered, sites, known)
    touched = frozenset({*gathered.files, *dropped})
    judged = _judged(reading, present, gathered, touched)
    warnings = warnings_of(judged, lambda: _read_present(present, reading), today=today)
    documents = tuple(_documents(reading, present, touched, files))
    if not prune:
        _refuse_moves(documents, present, gathered)
    plan = ApplyPlan(
        before=present.row.id,
        edition=present.row.id,
        documents=documents,
        warnings=warnings,
        kept=tuple(path for path in gone if path not in dropped),
        projects=_changed_projects(present.sites, sites),
        passed_over=len(gathered.passed_over),
    )
    return NextEdition(
        reading=reading,
        plan=plan,
        present=present.sites,
        sites=replace(sites, odd=_odd(reading, ordered)),
        files=ordered,
    )


def _judged(
    reading: Reading, present: Present, gathered: Gathered, touched: frozenset[str]
) -> Judged:
    return Judged(
        reading=reading,
        touched=touched,
        other=gathered.problems,
        gone=gathered.gone,
        takes_away=_takes_away(reading, present, touched),
    )


def _odd(reading: Reading, files: Sequence[SourceFile]) -> tuple[str, ...]:
    raws = reading.shelf.library.files
    return tuple(
        file.path for file in files if not is_plain(file.text, raws[Path(file.path)].documents)
    )


def _changed_projects(before: Sites, after: Sites) -> tuple[str, ...]:
    return tuple(
        root for root, one in before.projects.items() if after.projects.get(root, one) != one
    )


def _read(files: Iterable[SourceFile], sites: Sites, known: Reading | None) -> Reading:
    return read_texts(given(files, sites, place=None, is_trusted=False), before=known)


def _read_present(present: Present, known: Reading) -> Reading:
    return _read(present.files.values(), present.sites, known)


def _refuse_too_much(files: Sequence[SourceFile]) -> None:
    if len(files) > FILES_MAX:
        raise TooMuchApplied("files", count=len(files), count_max=FILES_MAX)
    size = sum(len(file.text) for file in files)
    if size > TEXT_MAX:
        raise TooMuchApplied("characters of text", count=size, count_max=TEXT_MAX)


def _moved(gone: Sequence[str], present: Present, gathered: Gathered) -> list[str]:
    """Return the files that are gone because all of their documents stand in other ones now."""
    if not gone:
        return []
    texts = given(gathered.files.values(), present.sites, place=None, is_trusted=True)
    there = {_key(raw) for text in texts for raw in read_given(text).documents}
    held: dict[str, set[tuple[str, str, str]]] = {path: set() for path in gone}
    for row in present.documents:
        if row.path in held:
            held[row.path].add((row.kind, row.folder, row.name))
    return [path for path, keys in held.items() if keys and keys <= there]


def _takes_away(reading: Reading, present: Present, touched: frozenset[str]) -> bool:
    files = reading.shelf.library.files
    there = {_key(raw) for file in files.values() for raw in file.documents}
    return any(
        (row.kind, row.folder, row.name) not in there
        for row in present.documents
        if row.path in touched
    )


def _key(raw: Raw) -> tuple[str, str, str]:
    return raw.kind, raw.folder, raw.name


def _documents(
    reading: Reading, present: Present, touched: frozenset[str], files: Mapping[str, SourceFile]
) -> Iterator[PlannedDocument]:
    """Yield what becomes of each document of the files that are applied."""
    rows = {(row.kind, row.folder, row.name): row for row in present.documents}
    seen: set[tuple[str, str, str]] = set()
    count = len(rows)
    for path in sorted(touched & files.keys()):
        raws = reading.shelf.library.files[Path(path)].documents
        cuts = cut_documents(files[path].text) if raws else ()
        for raw in raws:
            key = _key(raw)
            seen.add(key)
            count += key not in rows
            yield _planned(raw, _cut_of(raw, cuts), rows.get(key))
    if count > DOCUMENTS_MAX:
        raise TooMuchApplied("documents", count=count, count_max=DOCUMENTS_MAX)
    for key, row in rows.items():
        if row.path in touched and key not in seen:
            yield _removed(row)


def _cut_of(raw: Raw, cuts: Sequence[Cut]) -> Cut:
    line = raw.position.line
    return next((cut for cut in cuts if cut.line <= line < cut.end), cuts[-1])


def _planned(raw: Raw, cut: Cut, row: DocumentRow | None) -> PlannedDocument:
    title = child(raw.node, "title")
    is_same = row is not None and row.digest == digest(cut.text) and row.path == str(raw.file)
    known = Change.UNCHANGED if is_same else Change.CHANGED
    return PlannedDocument(
        kind=raw.kind,
        folder=raw.folder,
        bare_name=raw.name,
        change=Change.CREATED if row is None else known,
        path=str(raw.file),
        line=raw.position.line,
        title=title.value if isinstance(title, Scalar) else "",
        before="" if row is None else row.text,
        after=cut.text,
        version=0 if row is None else row.version,
    )


def _removed(row: DocumentRow) -> PlannedDocument:
    return PlannedDocument(
        kind=row.kind,
        folder=row.folder,
        bare_name=row.name,
        change=Change.REMOVED,
        path=row.path,
        line=row.line,
        title=row.title,
        before=row.text,
        version=row.version,
    )


def _refuse_moves(
    documents: Sequence[PlannedDocument], present: Present, gathered: Gathered
) -> None:
    """Refuse to rename what is applied already only because it is applied from elsewhere."""
    moved = {
        path
        for path, file in gathered.files.items()
        if path in present.files and present.files[path].base != file.base
    }
    here = [one for one in documents if one.path in moved]
    after = {(one.path, one.kind, one.bare_name): one.name for one in here if one.after}
    moves = [
        (f"{one.kind} {one.name}", after[key])
        for one in here
        if one.change is Change.REMOVED and (key := (one.path, one.kind, one.bare_name)) in after
    ]
    if moves:
        path = next(one.path for one in here if one.change is Change.REMOVED)
        raise NamesWouldMove(gathered.files[path].base, moves)


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()
