"""The functions that every expression may call: ``range`` and ``dict``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.budget import Meter
from jobnet.expressions.values import CELL, Value, hashable, items, mapping


def numbers(meter: Meter, *bounds: Value) -> Value:
    """Return the whole numbers of a range as a list, after paying for its length."""
    if not 1 <= len(bounds) <= 3:  # noqa: PLR2004 - as Python's own
        raise ExpressionFailed("range takes one to three whole numbers")
    whole = [bound for bound in bounds if isinstance(bound, int)]
    if len(whole) != len(bounds) or (len(whole) == 3 and whole[2] == 0):  # noqa: PLR2004
        raise ExpressionFailed("range takes whole numbers; its step is not 0")
    wanted = range(*whole)
    try:
        count = len(wanted)
    except OverflowError:
        count = meter.budget.bytes_max
    meter.build(CELL * count)
    meter.step(count)
    return list(wanted)


def dictionary(meter: Meter, pairs: Value = None, **named: Value) -> Value:
    """Return a dictionary of pairs and named values."""
    result: dict[Value, Value] = {}
    if isinstance(pairs, (list, tuple)):
        for pair in items(meter, pairs):
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:  # noqa: PLR2004
                raise ExpressionFailed("dict takes pairs of a key and a value")
            result[hashable(meter, pair[0])] = pair[1]
    elif pairs is not None:
        result.update(mapping(meter, pairs))
    meter.build(2 * CELL * (len(result) + len(named)))
    result.update(named)
    return result


FUNCTIONS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {"dict": dictionary, "range": numbers}
)
