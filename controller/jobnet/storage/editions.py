"""Keeps what was applied: editions with their files, and versions of documents.

Texts are kept once, under the digest of what they say, however many editions hold them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Index, bindparam, delete, func, select, text, update
from sqlmodel import Field

from jobnet.errors.storage import EditionOvertaken
from jobnet.ids import EditionId, OperatorName
from jobnet.ports.store.editions import DocumentRow, EditionRow, SourceFile
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, table_of
from jobnet.storage.runs import RUN
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import Compressed, JsonText, Name, UtcDateTime, Words

_EMPTY = EditionRow(id=EditionId(0), at=datetime(1970, 1, 1, tzinfo=UTC), by=OperatorName(""))


class EditionRecord(Record, table=True):
    """What was applied at one instant."""

    __tablename__ = "edition"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    by_whom: str = Field(sa_type=Name)
    reason: str = Field(sa_type=Words)
    snapshots: str = Field(sa_type=JsonText)


class SourceText(Record, table=True):
    """One text, compressed, under the SHA-256 of what it says."""

    __tablename__ = "source_text"

    digest: str = Field(sa_type=Name, primary_key=True)
    text: str = Field(sa_type=Compressed)


class EditionFile(Record, table=True):
    """One file of an edition; ``base`` is the folder that names of folders count from."""

    __tablename__ = "edition_file"

    edition_id: int = Field(primary_key=True, foreign_key="edition.id", ondelete="CASCADE")
    path: str = Field(sa_type=Name, primary_key=True)
    base: str = Field(sa_type=Name)
    digest: str = Field(sa_type=Name, foreign_key="source_text.digest")


class DocumentRecord(Record, table=True):
    """One version of one document; ``is_latest`` marks the last one of each name."""

    __tablename__ = "document"
    __table_args__ = (
        Index(
            "ix_document_latest",
            "kind",
            "folder",
            "name",
            unique=True,
            sqlite_where=text("is_latest"),
            postgresql_where=text("is_latest"),
        ),
    )

    kind: str = Field(sa_type=Name, primary_key=True)
    folder: str = Field(sa_type=Name, primary_key=True)
    name: str = Field(sa_type=Name, primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    path: str = Field(sa_type=Name)
    line: int
    digest: str = Field(sa_type=Name, foreign_key="source_text.digest")
    edition_id: int = Field(foreign_key="edition.id")
    at: datetime = Field(sa_type=UtcDateTime)
    by_whom: str = Field(sa_type=Name)
    removed: bool
    title: str = Field(sa_type=Words)
    is_latest: bool


_EDITIONS = Shape(EditionRow, EditionRecord, key=("id",))
_EDITION, _TEXT = table_of(EditionRecord), table_of(SourceText)
_FILE, _DOCUMENT = table_of(EditionFile), table_of(DocumentRecord)
_FILE_COLUMNS = (_FILE.c.path, _FILE.c.base, _FILE.c.digest, _TEXT.c.text)
_DOCUMENT_COLUMNS = tuple(each for each in _DOCUMENT.c if each.name != "is_latest")
_VERSIONS_OF = tuple(given(_DOCUMENT.c[name]) for name in ("kind", "folder", "name"))

_CURRENT = Statement(lambda _: _EDITIONS.selected().order_by(_EDITION.c.id.desc()).limit(1))
_FIND = Statement(lambda _: _EDITIONS.selected().where(*_EDITIONS.key_given()))
_ADD_TEXT = Statement(
    lambda kind: (
        kind.insert(_TEXT)
        .values(
            digest=bindparam("digest", type_=_TEXT.c.digest.type),
            text=bindparam("text", type_=_TEXT.c.text.type),
        )
        .on_conflict_do_nothing(index_elements=["digest"])
    )
)
_ADD_FILE = Statement(
    lambda kind: kind.insert(_FILE).values(
        {each.name: bindparam(each.name, type_=each.type) for each in _FILE.c}
    )
)
_FILES = Statement(
    lambda _: (
        select(*_FILE_COLUMNS)
        .join_from(_FILE, _TEXT, _FILE.c.digest == _TEXT.c.digest)
        .where(given(_FILE.c.edition_id))
        .order_by(_FILE.c.path)
    )
)
_NO_LONGER_LATEST = Statement(
    lambda _: (
        update(_DOCUMENT)
        .where(*(given(_DOCUMENT.c[name], f"old_{name}") for name in ("kind", "folder", "name")))
        .where(_DOCUMENT.c.is_latest)
        .values(is_latest=False)
    )
)
_ADD_DOCUMENT = Statement(
    lambda kind: kind.insert(_DOCUMENT).values(
        {
            each.name: bindparam(each.name, True if each.name == "is_latest" else None, each.type)
            for each in _DOCUMENT.c
        }
    )
)
_LATEST_THEN = select(func.max(_EDITION.c.id)).where(
    _EDITION.c.at <= bindparam("superseded_before", type_=_EDITION.c.at.type)
)
_FORGET_FILES = Statement(
    lambda _: (
        delete(_FILE)
        .where(_FILE.c.edition_id < _LATEST_THEN.scalar_subquery())
        .where(_FILE.c.edition_id.not_in(select(RUN.c.edition_id)))
    )
)
_FORGET_TEXTS = Statement(
    lambda _: (
        delete(_TEXT)
        .where(_TEXT.c.digest.not_in(select(_FILE.c.digest)))
        .where(_TEXT.c.digest.not_in(select(_DOCUMENT.c.digest)))
    )
)
_WITH_TEXT = select(*_DOCUMENT_COLUMNS, _TEXT.c.text).join_from(
    _DOCUMENT, _TEXT, _DOCUMENT.c.digest == _TEXT.c.digest
)
_BY_NAME = (_DOCUMENT.c.kind, _DOCUMENT.c.folder, _DOCUMENT.c.name)
_LATEST = _WITH_TEXT.where(_DOCUMENT.c.is_latest, _DOCUMENT.c.removed.is_(False))
_DOCUMENTS = Statement(lambda _: _LATEST.order_by(*_BY_NAME))
_DOCUMENTS_OF_KIND = Statement(lambda _: _LATEST.where(given(_DOCUMENT.c.kind)).order_by(*_BY_NAME))
_VERSIONS = Statement(
    lambda _: _WITH_TEXT.where(*_VERSIONS_OF).order_by(_DOCUMENT.c.version.desc())
)
_FIELDS = {"edition_id": "edition", "by_whom": "by"}
_DOCUMENT_FIELDS = (*(_FIELDS.get(each.name, each.name) for each in _DOCUMENT_COLUMNS), "text")


class Editions:
    """Editions and documents, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> EditionRow:
        """Return the latest edition; the empty one where nothing has been applied."""
        found = self._connection.row(_CURRENT)
        return _EDITIONS.row(found) if found else _EMPTY

    def find(self, edition: EditionId) -> EditionRow | None:
        """Return one edition."""
        found = self._connection.row(_FIND, {"id": edition})
        return _EDITIONS.row(found) if found else None

    def add(
        self, row: EditionRow, files: Sequence[SourceFile], documents: Sequence[DocumentRow]
    ) -> None:
        """Add an edition with all of its files, and the versions of documents it brings.

        Raises ``EditionOvertaken`` where its id exists: somebody else applied first.
        """
        if not self._connection.change(_EDITIONS.add, _EDITIONS.values(row)):
            raise EditionOvertaken(row.id)
        texts = {each.digest: each.text for each in files}
        texts |= {each.digest: each.text for each in documents}
        self._connection.change_many(
            _ADD_TEXT, ({"digest": key, "text": texts[key]} for key in sorted(texts))
        )
        self._connection.change_many(
            _ADD_FILE,
            (
                {"edition_id": row.id, "path": each.path, "base": each.base, "digest": each.digest}
                for each in files
            ),
        )
        names = [
            {"old_kind": each.kind, "old_folder": each.folder, "old_name": each.name}
            for each in documents
        ]
        self._connection.change_many(_NO_LONGER_LATEST, names)
        self._connection.change_many(_ADD_DOCUMENT, map(_document_values, documents))

    def files(self, edition: EditionId) -> Sequence[SourceFile]:
        """Return the files of an edition, by path."""
        found = self._connection.rows(_FILES, {"edition_id": edition})
        return [
            SourceFile(path=path, base=base, digest=digest, text=text)
            for path, base, digest, text in found
        ]

    def forget(self, *, superseded_before: datetime) -> int:
        """Remove the files of editions that nobody needs; return how many."""
        count = self._connection.change(_FORGET_FILES, {"superseded_before": superseded_before})
        if count:
            self._connection.change(_FORGET_TEXTS)
        return count

    def documents(self, kind: str | None = None) -> Sequence[DocumentRow]:
        """Return the current version of every document that is not removed, by kind and name."""
        if kind is None:
            return _documents(self._connection.rows(_DOCUMENTS))
        return _documents(self._connection.rows(_DOCUMENTS_OF_KIND, {"kind": kind}))

    def versions(self, kind: str, folder: str, name: str) -> Sequence[DocumentRow]:
        """Return all versions of one document, the latest first."""
        key = {"kind": kind, "folder": folder, "name": name}
        return _documents(self._connection.rows(_VERSIONS, key))


def _document_values(row: DocumentRow) -> dict[str, object]:
    renamed = {field: column for column, field in _FIELDS.items()}
    fields = [field for field in _DOCUMENT_FIELDS if field != "text"]
    return {renamed.get(field, field): getattr(row, field) for field in fields}


def _documents(found: Iterable[tuple[object, ...]]) -> list[DocumentRow]:
    return [DocumentRow(**dict(zip(_DOCUMENT_FIELDS, row, strict=True))) for row in found]  # type: ignore[arg-type]
