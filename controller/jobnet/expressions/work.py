"""Runs one filter or test by name, with the budget that it draws on.

Filters that work on lists (``map``, ``select``) come back here for each item. Whatever a
filter cannot use leaves as an ``ExpressionFailed`` that names it; a filter never lets an
undefined value pass as data.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jobnet.errors.expressions import ExpressionFailed, nearest
from jobnet.expressions.budget import Meter
from jobnet.expressions.values import Undefined, Value

Filter = Callable[..., Value]
Test = Callable[..., bool]

TAKES_UNDEFINED = frozenset({"default", "d", "mandatory", "defined", "undefined"})
TAKES_UNDEFINED_ARGUMENTS = TAKES_UNDEFINED | {"ternary"}

UNUSABLE = (
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Work:
    """What filters need: the meter of this evaluation and the registers of filters and tests."""

    meter: Meter
    filters: Mapping[str, Filter]
    tests: Mapping[str, Test]

    def filter(
        self, name: str, value: Value, arguments: Sequence[Value], named: Mapping[str, Value]
    ) -> Value:
        """Return what the filter makes of the value."""
        short = name.removeprefix("ansible.builtin.")
        if short not in self.filters:
            raise ExpressionFailed(f"there is no filter {name!r} here{nearest(name, self.filters)}")
        _refuse_undefined(short, value, [*arguments, *named.values()])
        self.meter.step()
        try:
            return self.filters[short](self, value, *arguments, **named)
        except UNUSABLE as error:
            raise _unusable("filter", name, error) from error

    def test(
        self, name: str, value: Value, arguments: Sequence[Value], named: Mapping[str, Value]
    ) -> bool:
        """Return whether the value passes the test."""
        short = name.removeprefix("ansible.builtin.")
        if short not in self.tests:
            raise ExpressionFailed(f"there is no test {name!r} here{nearest(name, self.tests)}")
        _refuse_undefined(short, value, [*arguments, *named.values()])
        self.meter.step()
        try:
            return bool(self.tests[short](self.meter, value, *arguments, **named))
        except UNUSABLE as error:
            raise _unusable("test", name, error) from error


def _refuse_undefined(name: str, value: Value, arguments: Sequence[Value]) -> None:
    if isinstance(value, Undefined) and name not in TAKES_UNDEFINED:
        raise value.error()
    if name in TAKES_UNDEFINED_ARGUMENTS:
        return
    for argument in arguments:
        if isinstance(argument, Undefined):
            raise argument.error()


def _unusable(kind: str, name: str, error: Exception) -> ExpressionFailed:
    if isinstance(error, RecursionError):
        return ExpressionFailed(f"the {kind} {name!r} was given a value that nests too deep")
    cause = (str(error).splitlines() or [""])[0][:200]
    if "() " in cause:
        cause = cause.split("() ", 1)[1]
    return ExpressionFailed(f"the {kind} {name!r} cannot work on this: {cause}")
