"""Keeps pieces of what jobs print, and how much each attempt has printed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, func, select, update
from sqlmodel import Field

from jobnet.storage.records import OutputRecord, bound, given, table_of
from jobnet.storage.statements import Statement
from jobnet.storage.types import Name, UtcDateTime, Words


class OutputAttempt(OutputRecord, table=True):
    """How many characters and ends of lines an attempt has printed, kept or not."""

    __tablename__ = "output_attempt"

    run_id: str = Field(sa_type=Name, primary_key=True)
    part: str = Field(sa_type=Name, primary_key=True)
    attempt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    total: int = Field(sa_type=BigInteger)
    lines: int = Field(sa_type=BigInteger)
    is_cut: bool


class OutputPieceRecord(OutputRecord, table=True):
    """Some text of an attempt; ``start`` counts characters, ``line`` the ends of lines before."""

    __tablename__ = "output_piece"
    __table_args__ = (CheckConstraint("size >= 1", name="size"),)

    run_id: str = Field(sa_type=Name, primary_key=True)
    part: str = Field(sa_type=Name, primary_key=True)
    attempt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    start: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    size: int
    line: int = Field(sa_type=BigInteger)
    text: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=UtcDateTime)


_ATTEMPT, _PIECE = table_of(OutputAttempt), table_of(OutputPieceRecord)
_KEY = ("run_id", "part", "attempt")
_OF_ATTEMPT = tuple(given(_ATTEMPT.c[name]) for name in _KEY)
_OF_PIECE = tuple(given(_PIECE.c[name]) for name in _KEY)
_START = _PIECE.c.start

ADD_ATTEMPT = Statement(
    lambda kind: (
        kind.insert(_ATTEMPT)
        .values(
            {name: bound(_ATTEMPT.c[name]) for name in _KEY} | dict.fromkeys(("total", "lines"), 0)
        )
        .values(is_cut=False)
        .on_conflict_do_nothing(index_elements=list(_KEY))
    )
)
_STANDING = select(_ATTEMPT.c.total, _ATTEMPT.c.lines, _ATTEMPT.c.is_cut).where(*_OF_ATTEMPT)
FIND_ATTEMPT = Statement(lambda _: _STANDING)
LOCK_ATTEMPT = Statement(lambda _: _STANDING.with_for_update())
CHANGE_ATTEMPT = Statement(
    lambda _: (
        update(_ATTEMPT)
        .where(*(given(_ATTEMPT.c[name], f"of_{name}") for name in _KEY))
        .values({name: bound(_ATTEMPT.c[name]) for name in ("total", "lines", "is_cut")})
    )
)
ADD_PIECE = Statement(
    lambda kind: (
        kind.insert(_PIECE)
        .values({each.name: bound(each) for each in _PIECE.c})
        .on_conflict_do_nothing(index_elements=[*_KEY, "start"])
    )
)
CUT_PIECES = Statement(
    lambda _: _PIECE.delete().where(
        *_OF_PIECE,
        bound(_START, "beginning") <= _START,
        bound(_START, "end") > _START,
        _START + _PIECE.c.size <= bound(_START, "end"),
    )
)
START_AT = Statement(
    lambda _: (
        select(_START, _PIECE.c.size)
        .where(*_OF_PIECE, bound(_START, "begin") >= _START)
        .order_by(_START.desc())
        .limit(1)
    )
)
NEXT_START = Statement(
    lambda _: select(func.min(_START)).where(*_OF_PIECE, bound(_START, "begin") < _START)
)
PIECES = Statement(
    lambda _: (
        select(_START, _PIECE.c.text, _PIECE.c.line)
        .where(*_OF_PIECE, bound(_START, "first") <= _START, bound(_START, "end") > _START)
        .order_by(_START)
    )
)
ALL_PIECES = Statement(
    lambda _: select(_START, _PIECE.c.text, _PIECE.c.line).where(*_OF_PIECE).order_by(_START)
)
KEPT_OF_RUN = Statement(
    lambda _: select(func.coalesce(func.sum(_PIECE.c.size), 0)).where(given(_PIECE.c.run_id))
)
FORGET_ATTEMPTS = Statement(lambda _: _ATTEMPT.delete().where(given(_ATTEMPT.c.run_id)))
FORGET_PIECES = Statement(lambda _: _PIECE.delete().where(given(_PIECE.c.run_id)))
