"""Says which methods of texts, dictionaries, lists and dates may be called, and bounds them."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from types import NoneType

from jobnet.errors.expressions import ExpressionFailed, nearest
from jobnet.expressions.budget import Meter
from jobnet.expressions.operators import contains
from jobnet.expressions.values import (
    CELL,
    Undefined,
    Value,
    defined,
    is_mapping,
    items,
    kind,
    mapping,
    weigh,
)

Method = Callable[..., Value]

STRFTIME = re.compile(r"[^%]|%[aAbBdHIjmMpSUWwYyzZGuVf%]", re.DOTALL)
FORMAT_MAX = 200
"""How long the format of a date may be."""


def replaced(meter: Meter, value: str, old: Value, new: Value, count: Value = -1) -> str:
    """Return the text with each ``old`` (or the first ``count``) replaced by ``new``."""
    if not isinstance(old, str) or not isinstance(new, str) or not isinstance(count, int):
        raise ExpressionFailed("replace takes two texts and a count")
    found = value.count(old)
    if count >= 0:
        found = min(found, count)
    meter.build(len(value) + found * len(new))
    return value.replace(old, new, count)


def split(meter: Meter, value: str, separator: Value = None, maxsplit: Value = -1) -> Value:
    """Return the pieces of a text between separators, by default between blanks."""
    if not isinstance(separator, (str, NoneType)) or not isinstance(maxsplit, int):
        raise ExpressionFailed("split takes a separator and a count")
    if separator == "":
        raise ExpressionFailed("split needs a separator that is not empty")
    pieces = value.count(separator) + 1 if separator else len(value) // 2 + 1
    meter.build(len(value) + CELL * pieces)
    return value.split(separator, maxsplit)


def _splitlines(meter: Meter, value: str) -> Value:
    meter.build(len(value) * (1 + CELL))
    return value.splitlines()


def _copying(name: str) -> Method:
    """Return the method of ``str`` that makes a text of at most three times the length."""

    def call(meter: Meter, value: str, *arguments: Value) -> Value:
        meter.build(3 * len(value))
        # strip looks each character up in its argument.
        meter.step(
            sum(len(other) for other in arguments if isinstance(other, str)) * len(value) >> 10
        )
        made: Value = getattr(str, name)(value, *arguments)
        return made

    return call


def _looking(name: str) -> Method:
    """Return the method of ``str`` that makes nothing."""

    def call(meter: Meter, value: str, *arguments: Value) -> Value:
        meter.step(len(value) >> 10)
        answer: Value = getattr(str, name)(value, *arguments)
        return answer

    return call


def _get(meter: Meter, value: Value, key: Value, default: Value = None) -> Value:
    weigh(meter, key)
    return mapping(meter, value).get(key, default)


def _index(meter: Meter, value: list[Value], wanted: Value) -> Value:
    if not contains(meter, value, wanted):
        raise ExpressionFailed("index: the list has no such item")
    return value.index(wanted)


def _count(meter: Meter, value: list[Value], wanted: Value) -> Value:
    contains(meter, value, wanted)
    return value.count(wanted)


def _strftime(meter: Meter, value: date, form: Value) -> Value:
    if not isinstance(form, str) or len(form) > FORMAT_MAX:
        raise ExpressionFailed(f"strftime takes a format of at most {FORMAT_MAX} characters")
    if STRFTIME.sub("", form):
        raise ExpressionFailed(
            "strftime takes one of the letters aAbBdHIjmMpSUWwYyzZGuVf after each %"
        )
    meter.build(20 * len(form))
    return value.strftime(form)


TEXT: dict[str, Method] = {
    **{
        name: _copying(name)
        for name in (
            "capitalize", "casefold", "lower", "lstrip", "removeprefix", "removesuffix",
            "rstrip", "strip", "swapcase", "title", "upper",
        )
    },
    **{
        name: _looking(name)
        for name in (
            "count", "endswith", "find", "isalnum", "isalpha", "isdecimal", "isdigit",
            "islower", "isspace", "isupper", "startswith",
        )
    },
    "replace": replaced,
    "split": split,
    "splitlines": _splitlines,
}  # fmt: skip

MAPPING: dict[str, Method] = {
    "get": _get,
    "items": lambda meter, value: [
        (key, entry)
        for key, entry in zip(
            items(meter, value), items(meter, list(mapping(meter, value).values())), strict=True
        )
    ],
    "keys": items,
    "values": lambda meter, value: items(meter, list(mapping(meter, value).values())),
}

SEQUENCE: dict[str, Method] = {"count": _count, "index": _index}

DATE: dict[str, Method] = {
    "isoformat": lambda _, value: value.isoformat(),
    "isoweekday": lambda _, value: value.isoweekday(),
    "strftime": _strftime,
    "weekday": lambda _, value: value.weekday(),
}

INSTANT: dict[str, Method] = {
    **DATE,
    "date": lambda _, value: value.date(),
    "timestamp": lambda _, value: value.timestamp(),
}

DURATION: dict[str, Method] = {"total_seconds": lambda _, value: value.total_seconds()}

METHOD_NAMES = frozenset().union(TEXT, MAPPING, SEQUENCE, INSTANT, DURATION)


def methods_of(value: Value) -> Mapping[str, Method]:
    """Return the methods that may be called on a value."""
    if isinstance(value, str):
        return TEXT
    if is_mapping(value):
        return MAPPING
    for cls, methods in (
        (list | tuple, SEQUENCE),
        (datetime, INSTANT),
        (date, DATE),
        (timedelta, DURATION),
    ):
        if isinstance(value, cls):
            return methods
    return {}


def call_method(meter: Meter, value: Value, name: str, arguments: list[Value]) -> Value:
    """Return what ``value.name(...)`` gives."""
    if isinstance(value, Undefined):
        raise value.error()
    methods = methods_of(value)
    if name not in methods:
        raise ExpressionFailed(
            f"a value of type {kind(value)!r} has no method {name!r}{nearest(name, methods)}"
        )
    for argument in arguments:
        weigh(meter, defined(argument))
    return methods[name](meter, value, *arguments)
