"""Computes what the operators of an expression mean, after checking the size of the result."""

import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.budget import Meter
from jobnet.expressions.formatting import printf
from jobnet.expressions.values import (
    CELL,
    INTEGER_BITS_MAX,
    Value,
    defined,
    is_mapping,
    is_namespace,
    kind,
    mapping,
    plain_tuples,
    weigh,
    whole_number,
)

Operator = Callable[[Meter, Value, Value], Value]
NUMBERS = (int, float)
SIMPLE = (str, int, float)
MOMENTS = (datetime, date, timedelta)


def add(meter: Meter, left: Value, right: Value) -> Value:
    """Return a sum, or two texts, lists or tuples joined."""
    for sequence in (str, list, tuple):
        if isinstance(left, sequence) and isinstance(right, sequence):
            cell = 1 if sequence is str else CELL
            meter.build(cell * (len(left) + len(right)))
            return left + right  # type: ignore[operator]
    return _compute(meter, "+", operator.add, left, right, MOMENTS)


def subtract(meter: Meter, left: Value, right: Value) -> Value:
    """Return a difference of numbers or of dates and durations."""
    return _compute(meter, "-", operator.sub, left, right, MOMENTS)


def multiply(meter: Meter, left: Value, right: Value) -> Value:
    """Return a product, or a text or list that is repeated."""
    if isinstance(left, int) and isinstance(right, (str, list, tuple)):
        left, right = right, left
    if isinstance(left, (str, list, tuple)) and isinstance(right, int):
        cell = 1 if isinstance(left, str) else CELL
        meter.build(cell * len(left) * max(right, 0))
        return left * right
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length() - 1)
    return _compute(meter, "*", operator.mul, left, right, (timedelta,))


def divide(meter: Meter, left: Value, right: Value) -> Value:
    """Return a quotient; of whole numbers too it is a decimal number."""
    return _compute(meter, "/", operator.truediv, left, right, (timedelta,))


def divide_whole(meter: Meter, left: Value, right: Value) -> Value:
    """Return a quotient rounded down."""
    return _compute(meter, "//", operator.floordiv, left, right, (timedelta,))


def remainder(meter: Meter, left: Value, right: Value) -> Value:
    """Return what a division leaves, or a printf-style text that is filled in."""
    if isinstance(left, str):
        return printf(meter, left, right)
    return _compute(meter, "%", operator.mod, left, right, (timedelta,))


def power(meter: Meter, left: Value, right: Value) -> Value:
    """Return a power whose size is known before it is computed."""
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        _check_bits((left.bit_length() - 1) * right)
    result = _compute(meter, "**", operator.pow, left, right, ())
    if isinstance(result, complex):
        raise ExpressionFailed("a root of a negative number is no number here")
    return result


def negative(meter: Meter, value: Value) -> Value:
    """Return a number or duration with the other sign."""
    return subtract(meter, timedelta() if isinstance(value, timedelta) else 0, value)


def positive(meter: Meter, value: Value) -> Value:
    """Return a number or duration as it is."""
    return value if isinstance(value, timedelta) else add(meter, 0, value)


def equal(meter: Meter, left: Value, right: Value) -> bool:
    """Return whether both are the same; a namespace equals a dictionary with its content."""
    if isinstance(left, SIMPLE) and isinstance(right, SIMPLE):
        return left == right
    meter.step((_weight(meter, left) + _weight(meter, right)) >> 10)
    if is_namespace(left) or is_namespace(right):
        return plain_tuples(meter, left) == plain_tuples(meter, right)
    return left == right


def unequal(meter: Meter, left: Value, right: Value) -> bool:
    """Return whether both differ."""
    return not equal(meter, left, right)


def contains(meter: Meter, container: Value, item: Value) -> bool:
    """Return whether a list has an item, a dictionary a key, or a text a part."""
    if isinstance(container, str):
        if not isinstance(item, str):
            raise ExpressionFailed(
                f"a text can only contain a text, not a value of type {kind(item)!r}"
            )
        meter.step(len(container) >> 10)
        return item in container
    if is_mapping(container):
        weigh(meter, item)
        return item in mapping(meter, container)
    if isinstance(container, (list, tuple)):
        # Each comparison may walk through the whole item.
        weight = weigh(meter, container) + weigh(meter, item) * len(container)
        meter.step(len(container) + (weight >> 10))
        return item in container
    raise ExpressionFailed(f"nothing is contained in a value of type {kind(defined(container))!r}")


def ordered(compare: Callable[[Any, Any], Any]) -> Callable[[Meter, Value, Value], bool]:
    """Return the operator that orders two values by ``compare``."""

    def operate(meter: Meter, left: Value, right: Value) -> bool:
        meter.step((_weight(meter, left) + _weight(meter, right)) >> 10)
        try:
            return bool(compare(left, right))
        except TypeError as error:
            raise ExpressionFailed(
                f"values of type {kind(left)!r} and {kind(right)!r} have no order; "
                "convert one of them, for example with the filter int"
            ) from error

    return operate


less = ordered(operator.lt)
less_or_equal = ordered(operator.le)
greater = ordered(operator.gt)
greater_or_equal = ordered(operator.ge)


def _compute(
    meter: Meter,
    sign: str,
    apply: Callable[[object, object], object],
    left: Value,
    right: Value,
    also: tuple[type, ...],
) -> Value:
    accepted = (*NUMBERS, *also)
    if not isinstance(left, accepted) or not isinstance(right, accepted):
        raise _unfit(sign, left, right)
    try:
        result = apply(left, right)
    except TypeError as error:
        raise _unfit(sign, left, right) from error
    except ZeroDivisionError as error:
        raise ExpressionFailed(f"{sign} with zero has no result") from error
    except (OverflowError, ValueError) as error:
        raise ExpressionFailed(f"the result of {sign} is too large") from error
    return whole_number(meter, result) if isinstance(result, int) else result


def _unfit(sign: str, left: Value, right: Value) -> ExpressionFailed:
    return ExpressionFailed(
        f"{sign} has no meaning for values of type {kind(defined(left))!r} "
        f"and {kind(defined(right))!r}"
    )


def _check_bits(bits: int) -> None:
    if bits > INTEGER_BITS_MAX:
        raise ExpressionFailed(f"a whole number may have at most {INTEGER_BITS_MAX} bits")


def _weight(meter: Meter, value: Value) -> int:
    return len(value) if isinstance(value, str) else weigh(meter, value)


BINARY: dict[str, Operator] = {
    "Add": add,
    "Sub": subtract,
    "Mul": multiply,
    "Div": divide,
    "FloorDiv": divide_whole,
    "Mod": remainder,
    "Pow": power,
}

COMPARISONS: dict[str, Callable[[Meter, Value, Value], bool]] = {
    "eq": equal,
    "ne": unequal,
    "lt": less,
    "lteq": less_or_equal,
    "gt": greater,
    "gteq": greater_or_equal,
    "in": lambda meter, item, container: contains(meter, container, item),
    "notin": lambda meter, item, container: not contains(meter, container, item),
}
