"""Filters that choose: a default, one of two values, or items of a list by a test."""

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import access
from jobnet.expressions.values import CELL, Undefined, Value, defined, items, kind, text
from jobnet.expressions.work import Filter, Work


def default(
    _: Work,
    value: Value,
    default_value: Value = "",
    boolean: Value = False,  # noqa: FBT002
) -> Value:
    """Return the value, or another if it is undefined (with ``true``: or empty)."""
    if not isinstance(boolean, bool):
        raise ExpressionFailed("the second argument of default is true or false")
    if isinstance(value, Undefined) or (boolean and not value):
        return default_value
    return value


def mandatory(work: Work, value: Value, msg: Value = None) -> Value:
    """Return the value; say ``msg`` if it is undefined."""
    if isinstance(value, Undefined) and msg is not None:
        raise ExpressionFailed(text(work.meter, msg)[:500])
    return defined(value)


def ternary(
    _: Work, value: Value, true_val: Value, false_val: Value, none_val: Value = None
) -> Value:
    """Return one value if true, another if not."""
    if value is None and none_val is not None:
        return none_val
    return true_val if value else false_val


def to_bool(_: Work, value: Value) -> bool:
    """Return true for yes, on, true and 1, in any case; false for all else."""
    if isinstance(value, str):
        return value[:10].lower() in {"yes", "on", "true", "1"}
    return isinstance(value, (int, float)) and value == 1


def mapped(work: Work, value: Value, *arguments: Value, **named: Value) -> Value:
    """Return what a filter makes of each item, or an attribute of each item."""
    entries = items(work.meter, value)
    work.meter.build(CELL * len(entries))
    if not arguments and "attribute" in named:
        return [_attribute(work, entry, **named) for entry in entries]
    if not arguments or not isinstance(arguments[0], str):
        raise ExpressionFailed("map takes attribute= or the name of a filter")
    name, rest = arguments[0], arguments[1:]
    return [work.filter(name, entry, rest, named) for entry in entries]


def _attribute(work: Work, entry: Value, attribute: Value, default: Value = None) -> Value:
    found = access.path(work.meter, entry, attribute)
    if isinstance(found, Undefined) and default is not None:
        return default
    return found


def _choosing(*, wanted: bool, by_attribute: bool) -> Filter:
    def apply(work: Work, value: Value, *arguments: Value, **named: Value) -> Value:
        attribute, rest = None, arguments
        if by_attribute:
            if not arguments:
                raise ExpressionFailed("the name of an attribute is missing")
            attribute, rest = arguments[0], arguments[1:]
        kept: list[Value] = []
        for entry in items(work.meter, value):
            work.meter.step()
            shown = entry if attribute is None else access.path(work.meter, entry, attribute)
            if _passes(work, shown, rest, named) is wanted:
                kept.append(entry)
        return kept

    return apply


def _passes(
    work: Work, value: Value, arguments: tuple[Value, ...], named: dict[str, Value]
) -> bool:
    if not arguments:
        return bool(defined(value))
    name = arguments[0]
    if not isinstance(name, str):
        raise ExpressionFailed(f"the name of a test is a text, not {kind(name)!r}")
    return work.test(name, value, arguments[1:], named)


FILTERS: dict[str, Filter] = {
    "bool": to_bool,
    "d": default,
    "default": default,
    "mandatory": mandatory,
    "map": mapped,
    "reject": _choosing(wanted=False, by_attribute=False),
    "rejectattr": _choosing(wanted=False, by_attribute=True),
    "select": _choosing(wanted=True, by_attribute=False),
    "selectattr": _choosing(wanted=True, by_attribute=True),
    "ternary": ternary,
    "type_debug": lambda _, value: kind(value),
}
