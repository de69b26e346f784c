"""The register of every test (``is defined``, ``is match(...)``) that an expression may use.

Names and results are Jinja's and Ansible's, and a test compares them. Each is called with the
meter, the value and its arguments.
"""

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import operators, regex
from jobnet.expressions.budget import Meter
from jobnet.expressions.values import (
    Undefined,
    Value,
    is_mapping,
    is_namespace,
    items,
    kind,
    mapping,
    text,
)
from jobnet.expressions.versions import order_key
from jobnet.expressions.work import Test

VERSION_OPERATORS = {
    **dict.fromkeys(("==", "=", "eq"), operator.eq),
    **dict.fromkeys(("!=", "<>", "ne"), operator.ne),
    **dict.fromkeys(("<", "lt"), operator.lt),
    **dict.fromkeys(("<=", "le"), operator.le),
    **dict.fromkeys((">", "gt"), operator.gt),
    **dict.fromkeys((">=", "ge"), operator.ge),
}
BOOLEAN_WORDS = {
    **dict.fromkeys(("y", "yes", "on", "1", "true", "t"), True),
    **dict.fromkeys(("n", "no", "off", "0", "false", "f"), False),
}


def _is_integer(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_sequence(value: Value) -> bool:
    return isinstance(value, (str, list, tuple)) or is_mapping(value)


def _remainder(value: Value, divisor: Value) -> int | float:
    if not isinstance(value, (int, float)) or not isinstance(divisor, (int, float)):
        raise ExpressionFailed(f"a number is needed, not a value of type {kind(value)!r}")
    return value % divisor


def _same(_: Meter, value: Value, other: Value) -> bool:
    """Return whether both are the same thing: for null, true and false, by identity."""
    return value is other


def _pattern(*, at_start: bool) -> Test:
    def test(
        meter: Meter,
        value: Value,
        pattern: Value = "",
        ignorecase: Value = False,  # noqa: FBT002
        multiline: Value = False,  # noqa: FBT002
    ) -> bool:
        if not isinstance(pattern, str):
            raise ExpressionFailed(f"a pattern is a text, not a value of type {kind(pattern)!r}")
        found = regex.search(
            meter,
            pattern,
            text(meter, value),
            ignorecase=bool(ignorecase),
            multiline=bool(multiline),
            at_start=at_start,
        )
        return found is not None

    return test


def _regex(
    meter: Meter,
    value: Value,
    pattern: Value = "",
    ignorecase: Value = False,  # noqa: FBT002
    multiline: Value = False,  # noqa: FBT002
    match_type: Value = "search",
) -> bool:
    if match_type not in {"search", "match"}:
        raise ExpressionFailed("match_type is search or match")
    return _pattern(at_start=match_type == "match")(meter, value, pattern, ignorecase, multiline)


def _version(
    meter: Meter,
    value: Value,
    version: Value,
    operator: Value = "eq",
    strict: Value = None,
    version_type: Value = None,
) -> bool:
    if operator not in VERSION_OPERATORS:
        raise ExpressionFailed(f"the operator is one of {', '.join(VERSION_OPERATORS)}")
    if strict is not None and version_type is not None:
        raise ExpressionFailed("give either strict or version_type, not both")
    order = "strict" if strict else text(meter, version_type or "loose")
    left, right = (order_key(text(meter, side), order) for side in (value, version))
    if left != right:
        # Versions such as 0 and a have no order, and then no equality either.
        _ = left < right
    return bool(VERSION_OPERATORS[str(operator)](left, right))


def _truthy(meter: Meter, value: Value, convert_bool: Value = False) -> bool:  # noqa: FBT002
    if convert_bool and isinstance(value, (str, int, float)):
        return BOOLEAN_WORDS.get(text(meter, value).strip()[:10].lower(), bool(value))
    return bool(mapping(meter, value)) if is_namespace(value) else bool(value)


def _is_subset(meter: Meter, value: Value, other: Value) -> bool:
    return all(_is_in(meter, entry, other) for entry in items(meter, value))


def _is_in(meter: Meter, value: Value, container: Value) -> bool:
    return operators.contains(meter, container, value)


def _reports(key: str, *, otherwise: bool = False) -> Test:
    """Return the test whether a job's result, or anything that has this key, says so."""

    def test(meter: Meter, value: Value) -> bool:
        if not is_mapping(value):
            raise ExpressionFailed(f"this test needs a result, not a value of type {kind(value)!r}")
        if is_namespace(value):
            return bool(value.attribute(key)) if key in value.names() else otherwise
        return bool(mapping(meter, value).get(key, otherwise))

    return test


def _timed_out(meter: Meter, value: Value) -> bool:
    if not _reports("timedout")(meter, value):
        return False
    return bool(mapping(meter, mapping(meter, value)["timedout"]).get("period"))


def _changed(meter: Meter, value: Value) -> bool:
    if not is_mapping(value):
        raise ExpressionFailed(f"this test needs a result, not a value of type {kind(value)!r}")
    result = mapping(meter, value)
    if "changed" in result:
        return bool(result["changed"])
    loop = result.get("results")
    if not isinstance(loop, list) or not loop or not is_mapping(loop[0]):
        return False
    return any(bool(mapping(meter, entry).get("changed")) for entry in items(meter, loop))


def _not(test: Test) -> Test:
    return lambda meter, value, *arguments, **named: not test(meter, value, *arguments, **named)


def _kind(check: Callable[[Value], bool]) -> Test:
    return lambda _, value: check(value)


def _case(*, upper: bool) -> Test:
    def test(meter: Meter, value: Value) -> bool:
        written = text(meter, value)
        return written.isupper() if upper else written.islower()

    return test


def _each(choose: Callable[[list[Value]], bool]) -> Test:
    return lambda meter, value: choose(items(meter, value))


_COMPARISONS: dict[str, Test] = {
    **dict.fromkeys(("eq", "==", "equalto"), operators.equal),
    **dict.fromkeys(("ne", "!="), operators.unequal),
    **dict.fromkeys(("lt", "<", "lessthan"), operators.less),
    **dict.fromkeys(("le", "<="), operators.less_or_equal),
    **dict.fromkeys(("gt", ">", "greaterthan"), operators.greater),
    **dict.fromkeys(("ge", ">="), operators.greater_or_equal),
}

_KINDS: dict[str, Test] = {
    "boolean": _kind(lambda value: isinstance(value, bool)),
    "defined": _kind(lambda value: not isinstance(value, Undefined)),
    "false": _kind(lambda value: value is False),
    "float": _kind(lambda value: isinstance(value, float)),
    "integer": _kind(_is_integer),
    "iterable": _kind(_is_sequence),
    "mapping": _kind(is_mapping),
    "none": _kind(lambda value: value is None),
    "number": _kind(lambda value: isinstance(value, (int, float))),
    "sequence": _kind(_is_sequence),
    "string": _kind(lambda value: isinstance(value, str)),
    "true": _kind(lambda value: value is True),
    "undefined": _kind(lambda value: isinstance(value, Undefined)),
}

_RESULTS: dict[str, Test] = {
    **dict.fromkeys(("failed", "failure"), _reports("failed")),
    **dict.fromkeys(("succeeded", "success", "successful"), _not(_reports("failed"))),
    **dict.fromkeys(("changed", "change"), _changed),
    **dict.fromkeys(("skipped", "skip"), _reports("skipped")),
    "finished": _reports("finished", otherwise=True),
    "started": _reports("started", otherwise=True),
    "timedout": _timed_out,
    "unreachable": _reports("unreachable"),
    "reachable": _not(_reports("unreachable")),
}

TESTS: Mapping[str, Test] = MappingProxyType({
    **_COMPARISONS,
    **_KINDS,
    **_RESULTS,
    "all": _each(all),
    "any": _each(any),
    "contains": operators.contains,
    "divisibleby": lambda _, value, num: _remainder(value, num) == 0,
    "even": lambda _, value: _remainder(value, 2) == 0,
    "falsy": _not(_truthy),
    "in": _is_in,
    **dict.fromkeys(("subset", "issubset"), _is_subset),
    **dict.fromkeys(("superset", "issuperset"), lambda m, big, small: _is_subset(m, small, big)),
    "lower": _case(upper=False),
    "match": _pattern(at_start=True),
    "odd": lambda _, value: _remainder(value, 2) == 1,
    "regex": _regex,
    "sameas": _same,
    "search": _pattern(at_start=False),
    "truthy": _truthy,
    "upper": _case(upper=True),
    **dict.fromkeys(("version", "version_compare"), _version),
})  # fmt: skip
