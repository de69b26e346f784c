"""Says how values of ours stand in columns, the same on every database.

Text is compared by code points everywhere, whatever the database's own order. What no database
keeps (a NUL, half a character) is refused in names and keys, replaced visibly in words for
people, and escaped in JSON: a run must not stand still because a job has printed a NUL.
"""

import json
import re
import zlib
from datetime import UTC, datetime
from enum import Enum
from typing import cast

from sqlalchemy import TIMESTAMP, BigInteger, Dialect, Integer, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from jobnet.errors.storage import TextNotStorable
from jobnet.ports.plain_values import from_json, to_json

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_POSTGRESQL = "postgresql"

Number = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up; SQLite does so for INTEGER alone."""


def is_storable(text: str) -> bool:
    """Return whether every database keeps this text as it is."""
    return "\0" not in text and (text.isascii() or _HALF_CHARACTER.search(text) is None)


def _plain(dialect: Dialect) -> TypeEngine[str]:
    """Return text that is compared by code points."""
    is_postgresql = dialect.name == _POSTGRESQL
    return dialect.type_descriptor(Text(collation="C") if is_postgresql else Text())


class Name(TypeDecorator[str]):
    """A name or key: text that is stored as it is, or refused."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return how it stands in this database."""
        return _plain(dialect)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        if value is not None and not is_storable(value):
            raise TextNotStorable(value)
        return value


class NameOrNothing(TypeDecorator[str | None]):
    """A name, or None, which is stored as "" so that it can be part of a key."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return how it stands in this database."""
        return _plain(dialect)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        """Return what is stored."""
        if value is not None and not is_storable(value):
            raise TextNotStorable(value)
        return value or ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what was meant."""
        return value or None


class Words(TypeDecorator[str]):
    """Text for people; what cannot be kept is replaced by what looks like it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        if value is None or is_storable(value):
            return value
        return storable_words(value)


def storable_words(text: str) -> str:
    r"""Return the text, as long as it was, with a picture of each character that cannot be kept.

    >>> storable_words("a\0b")
    'a␀b'
    """
    return _HALF_CHARACTER.sub("\ufffd", text.replace("\0", "\u2400"))


class JsonText(TypeDecorator[str]):
    """JSON that somebody else wrote and reads; it means the same when it comes back."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        if value is None or is_storable(value):
            return value
        escaped = _HALF_CHARACTER.sub(lambda half: f"\\u{ord(half.group()):04x}", value)
        return escaped.replace("\0", "\\u0000")


class PlainData(TypeDecorator[object]):
    """Plain data of a run, with its tuples, dates and durations."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        """Return what is stored."""
        return json.dumps(to_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Return what was meant."""
        return from_json(json.loads(cast("str", value)))


class WordList(TypeDecorator[tuple[str, ...]]):
    """A few words, such as flags."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """Return what is stored."""
        return json.dumps(value) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Return what was meant."""
        return () if value == "[]" else tuple(json.loads(cast("str", value)))


class Member(TypeDecorator[Enum]):
    """A member of an enumeration of words, stored as its word."""

    impl = String
    cache_ok = True

    def __init__(self, of: type[Enum]) -> None:
        super().__init__(32)
        self.of = of

    def process_bind_param(self, value: Enum | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        return None if value is None else str(value.value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Enum | None:
        """Return what was meant."""
        return None if value is None else self.of(value)


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

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Return what is stored."""
        if value is None:
            return None
        assert value.tzinfo is not None, "an instant without its zone says nothing"
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        if dialect.name == _POSTGRESQL:
            return utc
        return utc.isoformat(timespec="microseconds")

    def process_result_value(
        self, value: datetime | str | None, dialect: Dialect
    ) -> datetime | None:
        """Return the instant."""
        if value is None:
            return None
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return found if found.tzinfo is UTC else found.astimezone(UTC)


Blob = LargeBinary
"""Bytes as they are."""


class Compressed(TypeDecorator[str]):
    """Long text, compressed; every character comes back, whichever it is."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes:
        """Return what is stored."""
        return zlib.compress((value or "").encode("utf-8", "surrogatepass"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str:
        """Return the text."""
        return zlib.decompress(cast("bytes", value)).decode("utf-8", "surrogatepass")
