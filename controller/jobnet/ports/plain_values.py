"""Writes values of a run as JSON and reads them back as exactly the same values.

Outputs, event data and arguments are plain data, but a little more than JSON holds: tuples,
dates, durations, numbers that are none, mappings with keys that are no text. What JSON lacks
becomes a mapping with one key that begins with ``$``; a mapping of the author's own that
looks like one is wrapped, so that nothing from outside can pass for another type.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import cast

_INT_DIGITS_SAFE = 10**4000

JsonValue = object


def to_json(value: object) -> JsonValue:
    """Return the value in JSON's own types; text that was tagged as unsafe stays plain text."""
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int() | float():
            return _number_to_json(value)
        case list():
            return [to_json(item) for item in value]
        case Mapping():
            return _mapping_to_json(value)
        case _:
            return _tagged(value)


def _number_to_json(value: float) -> JsonValue:
    if isinstance(value, int):
        is_short = -_INT_DIGITS_SAFE < value < _INT_DIGITS_SAFE
        return int(value) if is_short else {"$int": hex(value)}
    return float(value) if math.isfinite(value) else {"$float": str(float(value))}


def _tagged(value: object) -> JsonValue:
    match value:
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case timedelta():
            return {"$duration": [value.days, value.seconds, value.microseconds]}
        case tuple():
            return {"$tuple": [to_json(item) for item in value]}
        case _:
            raise AssertionError(f"{type(value).__name__} is no plain data")


def _mapping_to_json(value: Mapping[object, object]) -> JsonValue:
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return {str(key): to_json(item) for key, item in value.items()}
    return {"$map": [[to_json(key), to_json(item)] for key, item in value.items()]}


def from_json(value: JsonValue) -> object:
    """Return the value that ``to_json`` was given; ``ValueError`` for what it never writes."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    tag = next(iter(value), "")
    if not tag.startswith("$"):
        return {key: from_json(item) for key, item in value.items()}
    if len(value) != 1 or tag not in _READERS:
        raise ValueError(f"the tag {tag!r} is unknown")
    return _READERS[tag](value[tag])


def _duration(parts: object) -> timedelta:
    days, seconds, microseconds = cast("list[int]", parts)
    return timedelta(days=days, seconds=seconds, microseconds=microseconds)


def _map(pairs: object) -> dict[object, object]:
    return {from_json(key): from_json(item) for key, item in cast("list[list[object]]", pairs)}


_READERS: Mapping[str, Callable[[object], object]] = {
    "$int": lambda text: int(cast("str", text), 16),
    "$float": lambda text: float(cast("str", text)),
    "$datetime": lambda text: datetime.fromisoformat(cast("str", text)),
    "$date": lambda text: date.fromisoformat(cast("str", text)),
    "$duration": _duration,
    "$tuple": lambda items: tuple(from_json(item) for item in cast("list[object]", items)),
    "$map": _map,
}
