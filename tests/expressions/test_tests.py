"""Tests (``is ...``) give what ansible-core itself gives."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.expressions import (
    ExpressionFailed,
    UnknownName,
    Value,
    evaluate_condition,
    parse_expression,
)
from jobnet.expressions.tests import TESTS

from tests.expressions import examples
from tests.expressions.ansible_oracle import ansible_value, our_value

SYMBOLS = {"==", "!=", "<", "<=", ">", ">="}
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from([0.0, 1.5])
    | st.sampled_from(["", "a", "A", "no", "yes", "1", "x y"])
)
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.sampled_from("ab"), scalars)
CALLS = sorted(
    set(TESTS) - SYMBOLS
    - {"divisibleby", "in", "contains", "subset", "issubset", "superset", "issuperset", "sameas",
       "version", "version_compare", "eq", "equalto", "ne", "lt", "lessthan", "le", "gt",
       "greaterthan", "ge"}
)  # fmt: skip


@pytest.mark.parametrize("expression", examples.TESTS)
def test_an_example_gives_what_ansible_gives(expression: str) -> None:
    expected = ansible_value(expression, examples.NAMES)

    result = our_value(expression, examples.NAMES)

    assert result == expected


def test_every_test_has_an_example_or_is_drawn() -> None:
    used = {name for text in examples.TESTS for name in re.findall(r"is (?:not )?(\w+)", text)}

    aliases = {"equalto", "lessthan", "le", "gt", "greaterthan", "issubset", "issuperset",
               "version_compare"}  # fmt: skip
    assert set(TESTS) - used - set(CALLS) - SYMBOLS - aliases == set()


@settings(max_examples=400, deadline=None)
@given(value=values, test=st.sampled_from(CALLS))
def test_any_value_gives_what_ansible_gives(value: Value, test: str) -> None:
    expected = ansible_value(f"v is {test}", {"v": value})

    result = our_value(f"v is {test}", {"v": value})

    assert result == expected


@settings(max_examples=200, deadline=None)
@given(
    left=st.text("0123456789.ab-rc", min_size=1, max_size=8),
    right=st.text("0123456789.ab-rc", min_size=1, max_size=8),
    operator=st.sampled_from(["<", "<=", "==", "ne", "gt", ">="]),
    order=st.sampled_from(["loose", "strict", "semver", "pep440"]),
)
def test_versions_compare_as_in_ansible(left: str, right: str, operator: str, order: str) -> None:
    names: dict[str, Value] = {"a": left, "b": right, "o": operator, "t": order}
    expected = ansible_value("a is version(b, o, version_type=t)", names)

    result = our_value("a is version(b, o, version_type=t)", names)

    assert result == expected


class Part:
    """A namespace like that of a part."""

    def names(self) -> tuple[str, ...]:
        return ("failed", "unreachable")

    def attribute(self, name: str) -> Value:
        if name not in self.names():
            raise UnknownName(name, self.names(), owner="parts.ping")
        return name == "failed"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("part is failed", True),
        ("part is succeeded", False),
        ("part is unreachable", False),
        ("part is skipped", False),
        ("part is mapping", True),
        ("part is changed", False),
    ],
)
def test_a_namespace_can_be_asked_like_a_result(condition: str, *, expected: bool) -> None:
    result = evaluate_condition(parse_expression(condition), {"part": Part()})

    assert result is expected


def test_a_text_is_no_result() -> None:
    with pytest.raises(ExpressionFailed, match="needs a result"):
        evaluate_condition(parse_expression("'x' is failed"), {})
