"""Keeps what programs asked for under keys of their own, and what they were answered."""

from datetime import datetime

from sqlalchemy import Index, bindparam, delete, update
from sqlmodel import Field

from jobnet.ports.store.answers import AnswerRow
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name, UtcDateTime


class AnswerRecord(Record, table=True):
    """What was asked under one key; ``status`` 0: it has no answer yet."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_at", "at"),)

    key: str = Field(sa_type=Name, primary_key=True)
    digest: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=UtcDateTime)
    status: int
    answer: str = Field(sa_type=JsonText)


ANSWERS = Shape(AnswerRow, AnswerRecord, key=("key",))
_ANSWER = table_of(AnswerRecord)
_FIND = Statement(lambda _: ANSWERS.selected().where(given(_ANSWER.c.key)))
_GIVE = Statement(
    lambda _: (
        update(_ANSWER)
        .where(given(_ANSWER.c.key, "asked_key"), _ANSWER.c.status == 0)
        .values(status=bindparam("status"), answer=bindparam("answer", type_=_ANSWER.c.answer.type))
    )
)
_FORGET = Statement(
    lambda _: delete(_ANSWER).where(_ANSWER.c.at < bindparam("older_than", type_=_ANSWER.c.at.type))
)


class Answers:
    """What was asked under keys, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, row: AnswerRow) -> AnswerRow:
        """Keep what is asked and return it, or what is kept under its key already."""
        if self._connection.change(ANSWERS.add, ANSWERS.values(row)):
            return row
        found = self._connection.row(_FIND, {"key": row.key})
        return ANSWERS.row(found) if found else row

    def give(self, key: str, *, status: int, answer: str) -> None:
        """Keep the answer to what was asked under a key; an earlier answer stays."""
        values = {"asked_key": key, "status": status, "answer": answer}
        self._connection.change(_GIVE, values)

    def forget(self, *, older_than: datetime) -> int:
        """Remove what was asked before an instant; return how much."""
        return self._connection.change(_FORGET, {"older_than": older_than})
