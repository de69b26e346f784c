"""Keeps acts: who did what to which thing, when and why; rows are added, never changed."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Index, Select, bindparam
from sqlmodel import Field

from jobnet.ports.store.audits import AuditRow
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, bound, given, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name, Number, UtcDateTime, Words

AFTER_ALL = "\U0010ffff"
"""Sorts after every other character: the end of what begins with a text."""


class AuditRecord(Record, table=True):
    """One act."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "subject", "id"),
        Index("ix_audit_by_whom", "by_whom", "id"),
        Index("ix_audit_key", "key", "act", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_type=Number, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    by_whom: str = Field(sa_type=Name)
    act: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    reason: str = Field(sa_type=Words)
    before: str = Field(sa_type=JsonText)
    after: str = Field(sa_type=JsonText)
    refusal: str = Field(sa_type=Words)
    key: str = Field(sa_type=Name)


AUDITS = Shape(AuditRow, AuditRecord, key=("id",), counted=("id",))
_AUDIT = table_of(AuditRecord)
_ADD = Statement(AUDITS.insert)
_FIND = Statement(
    lambda _: (
        AUDITS.selected()
        .where(given(_AUDIT.c.key), given(_AUDIT.c.act))
        .order_by(_AUDIT.c.id)
        .limit(1)
    )
)


@cache
def _page(*, has_before: bool, has_subject: bool, has_by: bool, has_since: bool) -> Statement:
    found: Select[tuple[object, ...]] = AUDITS.selected()
    if has_before:
        found = found.where(_AUDIT.c.id < bound(_AUDIT.c.id, "before"))
    if has_subject:
        name = _AUDIT.c.subject.type
        found = found.where(_AUDIT.c.subject >= bindparam("subject", type_=name))
        found = found.where(_AUDIT.c.subject < bindparam("subject_end", type_=name))
    if has_by:
        found = found.where(given(_AUDIT.c.by_whom))
    if has_since:
        found = found.where(_AUDIT.c.at >= bindparam("since", type_=_AUDIT.c.at.type))
    found = found.order_by(_AUDIT.c.id.desc()).limit(bindparam("limit", 0))
    return Statement(lambda _: found)


class Audits:
    """Acts, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: AuditRow) -> None:
        """Add an act."""
        self._connection.change(_ADD, AUDITS.values(row))

    def find(self, *, key: str, act: str) -> AuditRow | None:
        """Return the first act that was done under an idempotency key."""
        found = self._connection.row(_FIND, {"key": key, "act": act})
        return AUDITS.row(found) if found else None

    def page(
        self,
        *,
        before: int | None,
        limit: int,
        subject: str = "",
        by: str = "",
        since: datetime | None = None,
    ) -> Sequence[AuditRow]:
        """Return acts, the latest first, with ids below ``before``; ``subject`` is a prefix."""
        statement = _page(
            has_before=before is not None,
            has_subject=bool(subject),
            has_by=bool(by),
            has_since=since is not None,
        )
        values = {
            "before": before,
            "subject": subject,
            "subject_end": subject + AFTER_ALL,
            "by_whom": by,
            "since": since,
            "limit": limit,
        }
        return AUDITS.all(self._connection.rows(statement, values))
