"""Reads one member of a value: ``a.b``, ``a['b']``, ``a[0]``, ``a[1:3]``.

A member that is not there is an ``Undefined`` that knows its neighbours, so that ``default``
works and any other use names the nearest word.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import NoneType

from jobnet.errors.expressions import ExpressionFailed, UnknownName
from jobnet.expressions.budget import Meter
from jobnet.expressions.values import (
    CELL,
    Group,
    Undefined,
    Value,
    hashable,
    is_namespace,
    kind,
    text,
)

KNOWN_MAX = 1000
"""How many keys of a dictionary are searched for a near one."""

DATE_FIELDS = ("year", "month", "day")
TIME_FIELDS = (*DATE_FIELDS, "hour", "minute", "second", "microsecond")
DURATION_FIELDS = ("days", "seconds", "microseconds")


def attribute(value: Value, name: str, *, owner: str = "") -> Value:
    """Return what ``value.name`` is."""
    if isinstance(value, Mapping):
        return _entry(value, name, owner)
    if is_namespace(value):
        if name.startswith("_"):
            return Undefined(name, value.names(), owner)
        try:
            return value.attribute(name)
        except UnknownName as error:
            return Undefined(error.name, error.known, error.owner or owner)
    if isinstance(value, Undefined):
        return value
    fields = _fields(value)
    if name in fields:
        member: Value = getattr(value, name)
        return member
    return Undefined(name, fields, owner or f"a value of type {kind(value)!r}")


def item(meter: Meter, value: Value, key: Value, *, owner: str = "") -> Value:
    """Return what ``value[key]`` is."""
    if isinstance(key, Undefined):
        raise key.error()
    if isinstance(value, Mapping):
        return _entry(value, hashable(meter, key), owner)
    if isinstance(value, (list, tuple, str)) and isinstance(key, int):
        try:
            found: Value = value[key]
        except IndexError:
            return Undefined(str(key), (), owner or f"{kind(value)!r} of length {len(value)}")
        return found
    if isinstance(key, str):
        return attribute(value, key, owner=owner)
    if isinstance(value, Undefined):
        return value
    return Undefined(text(meter, key)[:100], (), owner or f"a value of type {kind(value)!r}")


def cut(meter: Meter, value: Value, start: Value, stop: Value, step: Value) -> Value:
    """Return what ``value[start:stop:step]`` is."""
    if not isinstance(value, (list, tuple, str)):
        raise ExpressionFailed(f"a value of type {kind(value)!r} cannot be sliced")
    bounds = [bound for bound in (start, stop, step) if isinstance(bound, (int, NoneType))]
    if len(bounds) < 3:  # noqa: PLR2004 - one of the three is something else
        raise ExpressionFailed("the bounds of a slice are whole numbers")
    if step == 0:
        raise ExpressionFailed("the step of a slice cannot be 0")
    meter.build(len(value) if isinstance(value, str) else CELL * len(value))
    part: Value = value[slice(*bounds)]
    return part


def path(meter: Meter, value: Value, dotted: Value) -> Value:
    """Return a member that filters name by ``attribute='a.b.0'``."""
    if isinstance(dotted, int):
        return item(meter, value, dotted)
    if not isinstance(dotted, str):
        raise ExpressionFailed("attribute= takes a name, such as 'address.city'")
    for name in dotted.split("."):
        meter.step()
        value = item(meter, value, int(name) if name.isdecimal() else name)
    return value


def _entry(value: Mapping[Value, Value], key: Value, owner: str) -> Value:
    try:
        return value[key]
    except KeyError:
        known = tuple(str(entry) for entry, _ in zip(value, range(KNOWN_MAX), strict=False))
        return Undefined(str(key)[:100], known, owner)


def _fields(value: Value) -> tuple[str, ...]:
    if isinstance(value, Group):
        return Group._fields
    if isinstance(value, datetime):
        return TIME_FIELDS
    if isinstance(value, date):
        return DATE_FIELDS
    if isinstance(value, timedelta):
        return DURATION_FIELDS
    return ()
