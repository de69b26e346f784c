"""Turns the dataclasses that facts are made of into JSON and back, by their own type hints.

A field whose type is ``object`` holds plain data of a run (``plain_values``); every other
field has a type that says how to read it, so it is written without tags and stays readable.
"""

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

from jobnet.ports.plain_values import from_json, to_json

_SCALARS = (str, int, float, bool)


def fields_to_json(value: object) -> dict[str, object]:
    """Return the fields of a dataclass by name, those with their default included."""
    hints = _hints(cast("Hashable", type(value)))
    return {name: _to_json(getattr(value, name), hint) for name, hint in hints.items()}


def fields_from_json(cls: type, payload: Mapping[str, object]) -> object:
    """Return the dataclass; ``ValueError`` names a field that is unknown or missing."""
    hints = _hints(cls)
    if unknown := sorted(set(payload) - set(hints)):
        raise ValueError(f"{cls.__name__} has no field {unknown[0]!r}")
    if missing := sorted(_required(cls) - set(payload)):
        raise ValueError(f"{cls.__name__} lacks its field {missing[0]!r}")
    return cls(**{name: _from_json(value, hints[name]) for name, value in payload.items()})


@cache
def _hints(cls: Hashable) -> Mapping[str, Any]:
    resolved = get_type_hints(cast("Any", cls))
    return {field.name: _bare(resolved[field.name]) for field in fields(cast("Any", cls))}


@cache
def _required(cls: Hashable) -> frozenset[str]:
    return frozenset(
        field.name
        for field in fields(cast("Any", cls))
        if field.default is MISSING and field.default_factory is MISSING
    )


def _bare(hint: Any) -> Any:  # noqa: ANN401 - a type hint can be anything
    """Return the hint without NewType and ``| None``."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    if get_origin(hint) in (Union, types.UnionType):
        (only,) = (arg for arg in get_args(hint) if arg is not type(None))
        return _bare(only)
    return hint


def _to_json(value: object, hint: Any) -> object:  # noqa: ANN401
    if value is None or hint is object:
        return to_json(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return fields_to_json(value)
    if isinstance(value, tuple):
        return [_to_json(item, of) for item, of in zip(value, _of_items(hint, value), strict=True)]
    if isinstance(value, Mapping):
        of_value = _bare(get_args(hint)[1])
        if of_value is object:
            return to_json(value)
        return {str(key): _to_json(item, of_value) for key, item in value.items()}
    return to_json(value)


def _from_json(value: object, hint: Any) -> object:  # noqa: ANN401
    origin = get_origin(hint)
    if value is None or hint is object or hint in _SCALARS:
        return from_json(value)
    if origin is tuple:
        items = cast("list[object]", value)
        return tuple(
            _from_json(item, of) for item, of in zip(items, _of_items(hint, items), strict=True)
        )
    if origin is not None:
        of_value = _bare(get_args(hint)[1])
        if of_value is object:
            return from_json(value)
        return {key: _from_json(item, of_value) for key, item in cast("Any", value).items()}
    if issubclass(hint, datetime | date):
        return hint.fromisoformat(cast("str", value))
    if issubclass(hint, Enum):
        return hint(value)
    return fields_from_json(hint, cast("Mapping[str, object]", value))


def _of_items(hint: Any, items: object) -> list[Any]:  # noqa: ANN401
    """Return the hint of every item of a tuple, of ``tuple[X, ...]`` and ``tuple[X, Y]``."""
    of = get_args(hint)
    if len(of) == 2 and of[1] is Ellipsis:  # noqa: PLR2004 - an item type and three dots
        return [_bare(of[0])] * len(cast("list[object]", items))
    return [_bare(item) for item in of]
