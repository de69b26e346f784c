"""Finds conditions that can only come out one way, because they read nothing."""

from functools import lru_cache

from jobnet.errors import ControllerError
from jobnet.expressions import Budget, Expression, evaluate_condition

CHEAP = Budget(steps_max=2_000, bytes_max=64 * 1024)
LENGTH_MAX = 500


def constant(expression: Expression | None) -> bool | None:
    """Return what a condition always gives, or None where that depends on something."""
    if expression is None or expression.references or len(expression.text) > LENGTH_MAX:
        return None
    return _value(expression)


@lru_cache(maxsize=256)
def _value(expression: Expression) -> bool | None:
    try:
        return evaluate_condition(expression, {}, budget=CHEAP)
    except ControllerError:
        return None  # it gives no condition at all: the run says so with its reason
