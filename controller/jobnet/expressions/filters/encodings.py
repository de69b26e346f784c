"""Filters that write data as JSON, Base64 or a checksum, and read the first two."""

import base64
import hashlib
import json
from datetime import date
from types import NoneType

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.values import INTEGER_BITS_MAX, Value, kind, plain, text, weigh
from jobnet.expressions.work import Filter, Work

INDENT_MAX = 16
"""How far JSON may be indented."""

GROWTH = 16
"""How many bytes one character of JSON may become: ``[[],[],[]]``."""

ENCODINGS = frozenset({"utf-8", "utf-16-le", "utf-16-be", "utf-16", "ascii", "latin-1"})
HASHES = frozenset({
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b",
    "blake2s",
})  # fmt: skip


def to_json(
    work: Work,
    value: Value,
    indent: Value = None,
    sort_keys: Value = False,  # noqa: FBT002
    ensure_ascii: Value = True,  # noqa: FBT002
) -> str:
    """Return the value as JSON, paying for each piece as it is written."""
    if not isinstance(indent, (int, NoneType)) or (indent or 0) > INDENT_MAX:
        raise ExpressionFailed(f"indent is a whole number of at most {INDENT_MAX}")
    return _written(
        work,
        value,
        json.JSONEncoder(
            indent=indent,
            sort_keys=bool(sort_keys),
            ensure_ascii=bool(ensure_ascii),
            default=_date_text,
        ),
    )


def to_nice_json(
    work: Work,
    value: Value,
    indent: Value = 4,
    sort_keys: Value = True,  # noqa: FBT002
    ensure_ascii: Value = True,  # noqa: FBT002
) -> str:
    """Return the value as JSON for people: indented, keys in order."""
    return to_json(work, value, indent, sort_keys, ensure_ascii)


def _written(work: Work, value: Value, encoder: json.JSONEncoder) -> str:
    pieces: list[str] = []
    for piece in encoder.iterencode(plain(work.meter, value)):
        work.meter.step()
        work.meter.build(len(piece))
        pieces.append(piece)
    return "".join(pieces)


def _date_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise ExpressionFailed(f"JSON has no form for a value of type {kind(value)!r}")


def from_json(work: Work, value: Value) -> Value:
    """Return the data that a JSON text holds."""
    if not isinstance(value, str):
        raise ExpressionFailed(f"JSON is read from a text, not from {kind(value)!r}")
    work.meter.build(GROWTH * len(value))
    try:
        data: Value = json.loads(value, parse_int=_whole_number)
    except ValueError as error:
        raise ExpressionFailed(f"this text is no JSON: {error}") from error
    weigh(work.meter, data)
    return data


def _whole_number(digits: str) -> int:
    if len(digits) > INTEGER_BITS_MAX // 4:
        raise ExpressionFailed("a number in this JSON has too many digits")
    return int(digits)


def b64encode(
    work: Work,
    value: Value,
    encoding: Value = "utf-8",
    urlsafe: Value = False,  # noqa: FBT002
) -> str:
    """Return the text in Base64."""
    written = text(work.meter, value)
    work.meter.build(8 * len(written))
    data = written.encode(_encoding(encoding))
    return (base64.urlsafe_b64encode if urlsafe else base64.b64encode)(data).decode("ascii")


def b64decode(
    work: Work,
    value: Value,
    encoding: Value = "utf-8",
    urlsafe: Value = False,  # noqa: FBT002
) -> str:
    """Return the text that was written in Base64."""
    written = text(work.meter, value)
    work.meter.build(3 * len(written))
    decode = base64.urlsafe_b64decode if urlsafe else base64.b64decode
    return decode(written.encode()).decode(_encoding(encoding))


def _encoding(name: Value) -> str:
    if name not in ENCODINGS:
        raise ExpressionFailed(f"encoding is one of {', '.join(sorted(ENCODINGS))}")
    return str(name)


def checksum(work: Work, value: Value, hashtype: Value = "sha1") -> str:
    """Return the checksum of a text."""
    if hashtype not in HASHES:
        raise ExpressionFailed(f"hashtype is one of {', '.join(sorted(HASHES))}")
    written = text(work.meter, value)
    work.meter.build(4 * len(written))
    return hashlib.new(str(hashtype), written.encode(), usedforsecurity=False).hexdigest()


FILTERS: dict[str, Filter] = {
    "b64decode": b64decode,
    "b64encode": b64encode,
    "checksum": checksum,
    "from_json": from_json,
    "hash": checksum,
    "md5": lambda work, value: checksum(work, value, "md5"),
    "sha1": lambda work, value: checksum(work, value, "sha1"),
    "to_json": to_json,
    "to_nice_json": to_nice_json,
}
