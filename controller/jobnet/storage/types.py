"""Says how values of ours stand in columns, the same on every database.

Text is compared by code points everywhere, whatever the database's own order. What no database
keeps (a NUL, half a character) is refused in names and keys, replaced visibly in words for
people, and escaped in JSON: a run must not stand still because a job has printed a NUL.
"""

import json
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, Dialect, Integer, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from jobnet.errors.storage import TextNotStorable
from jobnet.ports.plain_values import from_json, to_json

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_POSTGRESQL = "postgresql"

Blob = LargeBinary
"""Bytes as they are."""
Number = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up; SQLite does so for INTEGER alone."""
Processor = Callable[[Any], Any]


def is_storable(text: str) -> bool:
    """Return whether every database keeps this text as it is."""
    return "\0" not in text and (text.isascii() or _HALF_CHARACTER.search(text) is None)


def storable_words(text: str) -> str:
    r"""Return the text, as long as it was, with a picture of each character that cannot be kept.

    >>> storable_words("a\0b")
    'a␀b'
    """
    return _HALF_CHARACTER.sub("\ufffd", text.replace("\0", "\u2400"))


def _name(value: str | None) -> str | None:
    if value is not None and not is_storable(value):
        raise TextNotStorable(value)
    return value


def _name_or_nothing(value: str | None) -> str:
    return _name(value) or ""


def _words(value: str | None) -> str | None:
    return value if value is None or is_storable(value) else storable_words(value)


def _json_text(value: str | None) -> str | None:
    if value is None or is_storable(value):
        return value
    escaped = _HALF_CHARACTER.sub(lambda half: f"\\u{ord(half.group()):04x}", value)
    return escaped.replace("\0", "\\u0000")


def _plain_data(value: object) -> str:
    return json.dumps(to_json(value))


def _read_plain_data(value: str) -> object:
    return from_json(json.loads(value))


def _word_list(value: tuple[str, ...] | None) -> str:
    return json.dumps(value) if value else "[]"


def _read_word_list(value: str) -> tuple[str, ...]:
    return () if value == "[]" else tuple(json.loads(value))


def _word_of(value: Enum | None) -> object:
    return None if value is None else value.value


def _utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    assert value.tzinfo is not None, "an instant without its zone says nothing"
    return value.astimezone(UTC)


def _instant_text(value: datetime | None) -> str | None:
    utc = _utc(value)
    return None if utc is None else utc.isoformat(timespec="microseconds")


def _read_instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _compressed(value: str | None) -> bytes:
    return zlib.compress((value or "").encode("utf-8", "surrogatepass"))


def _read_compressed(value: bytes) -> str:
    return zlib.decompress(value).decode("utf-8", "surrogatepass")


class Name(TypeDecorator[str]):
    """A name or key: text that is stored as it is, or refused; it sorts by code points."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return how it stands in this database."""
        is_postgresql = dialect.name == _POSTGRESQL
        return dialect.type_descriptor(Text(collation="C") if is_postgresql else Text())

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _name


class NameOrNothing(Name):
    """A name, or None, which is stored as "" so that it can be part of a key."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _name_or_nothing

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what reads it."""
        return lambda value: value or None


class Words(TypeDecorator[str]):
    """Text for people; what cannot be kept is replaced by what looks like it."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _words


class JsonText(TypeDecorator[str]):
    """JSON that somebody else wrote and reads; it means the same when it comes back."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _json_text


class PlainData(TypeDecorator[object]):
    """Plain data of a run, with its tuples, dates and durations."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _plain_data

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what reads it."""
        return _read_plain_data


class WordList(TypeDecorator[tuple[str, ...]]):
    """A few words, such as flags."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _word_list

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what reads it."""
        return _read_word_list


class Member(TypeDecorator[Enum]):
    """A member of an enumeration of words, stored as its word."""

    impl = String
    cache_ok = True

    def __init__(self, of: type[Enum]) -> None:
        super().__init__(32)
        self.of = of
        self._members = {None: None, **{each.value: each for each in of}}

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _word_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what reads it."""
        return self._members.__getitem__


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC to the microsecond; a naive one is refused.

    SQLite, which has no instants, keeps ISO text of one length, so that it sorts by time.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Return how it stands in this database."""
        if dialect.name == _POSTGRESQL:
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(32))

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _utc if dialect.name == _POSTGRESQL else _instant_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what reads it."""
        return _utc if dialect.name == _POSTGRESQL else _read_instant


class Compressed(TypeDecorator[str]):
    """Long text, compressed; every character comes back, whichever it is."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what makes it storable."""
        return _compressed

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what reads it."""
        return _read_compressed
