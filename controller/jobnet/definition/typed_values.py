"""Converts a value to a type of Ansible's argument specs: one rule for every door of a run.

Params of a network that is played or called, ``-e``, and fields of a dialog's form: whatever comes
in, "5" is a good int, "yes" a good bool and "a, b" a good list. Who asks says what did not fit.
"""

import json
import math
import re
from collections.abc import Callable, Mapping

TRUE = frozenset({"yes", "on", "true", "1", "y", "t"})
FALSE = frozenset({"no", "off", "false", "0", "n", "f"})
TEXT_MAX = 1024 * 1024

_INT = re.compile(r"[+-]?[0-9]{1,299}")


class Misfit(ValueError):
    """A value that is none of a type: the one that was given, or an item of it."""

    def __init__(self, value: object, type_: str) -> None:
        self.value = value
        self.type_ = type_
        super().__init__(f"no {type_}")


def typed_value(value: object, *, type_: str, elements: str | None = None) -> object:
    """Return the value in its type, or raise ``Misfit``; items of a list in theirs.

    >>> typed_value("5", type_="int"), typed_value("a, b", type_="list")
    (5, ['a', 'b'])
    """
    if isinstance(value, str) and len(value) > TEXT_MAX:
        raise Misfit(value, type_)
    try:
        converted = _CONVERTERS[type_](value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Misfit(value, type_) from error
    if elements and isinstance(converted, list):
        return [typed_value(item, type_=elements) for item in converted]
    return converted


def chosen_of(value: object) -> tuple[object, ...]:
    """Return what ``choices`` are asked about: each item of a list, else the value itself."""
    return tuple(value) if isinstance(value, list) else (value,)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    text = value.strip() if isinstance(value, str) else ""
    if not _INT.fullmatch(text):
        raise ValueError
    return int(text)


def _float(value: object) -> float:
    """Return a number; neither a journal nor JSON has words for one without an end."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise ValueError
    found = float(value)
    if not math.isfinite(found):
        raise ValueError
    return found


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word not in TRUE | FALSE:
        raise ValueError
    return word in TRUE


def _list(value: object) -> list[object]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _from_json(value)
    elif isinstance(value, str):
        value = [item.strip() for item in value.split(",")]
    if not isinstance(value, list | tuple):
        raise TypeError
    return list(value)


def _dict(value: object) -> dict[object, object]:
    found = _from_json(value) if isinstance(value, str) else value
    if not isinstance(found, Mapping):
        raise TypeError
    return dict(found)


def _from_json(text: str) -> object:
    return json.loads(text, parse_constant=_no_number)


def _no_number(word: str) -> object:
    raise ValueError(word)


def _as_it_is(value: object) -> object:
    return value


_CONVERTERS: Mapping[str, Callable[[object], object]] = {
    "str": _text,
    "path": _text,
    "secret": _text,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "list": _list,
    "dict": _dict,
    "raw": _as_it_is,
}
