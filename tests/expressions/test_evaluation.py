# ruff: noqa: E501 - the tables of texts are easier to read so
"""Expressions have the value that a reader of Ansible expects, or a clear error."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.errors import ControllerError
from jobnet.expressions import (
    BudgetExceeded,
    ExpressionFailed,
    Function,
    UnknownName,
    Value,
    evaluate,
    evaluate_condition,
    parse_expression,
)

from tests.expressions import examples
from tests.expressions.ansible_oracle import FAILED, ansible_value, our_value


class Names:
    """A namespace over a dictionary."""

    def __init__(self, owner: str, **members: Value) -> None:
        self.owner = owner
        self.members = members

    def names(self) -> tuple[str, ...]:
        return tuple(self.members)

    def attribute(self, name: str) -> Value:
        try:
            return self.members[name]
        except KeyError as error:
            raise UnknownName(name, self.members, owner=self.owner) from error


def a_run() -> dict[str, Value]:
    """Return names as a run defines them."""
    ping = Names("parts.ping", exit_code=0, state="NORMAL", outputs={"items": [1], "rows": 5})
    late = Names("parts.late", exit_code=None, state="WAITING", outputs={})
    return {
        "parts": Names("parts", ping=ping, late=late),
        "params": {"day": "mon", "count": 3},
        "now": datetime(2026, 5, 29, 22, 0, tzinfo=UTC),
        "operating_day": date(2026, 5, 29),
        "pause": timedelta(minutes=5),
        "at": Function("at", at),
        "is_open": Function("is_open", lambda: True),
    }


def at(clock: Value) -> Value:
    """Return an instant of the day, as the engine's own function does."""
    if clock != "23:00":
        raise ExpressionFailed(f"at: {clock!r} is no clock time")
    return datetime(2026, 5, 29, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("expression", examples.OTHERS)
def test_an_example_gives_what_ansible_gives(expression: str) -> None:
    expected = ansible_value(expression, examples.NAMES)

    result = our_value(expression, examples.NAMES)

    assert repr(result) == repr(expected) or result == expected


operands = st.sampled_from(["0", "1", "-3", "2.5", "'a'", "''", "'b'", "true", "false", "none", "[]",
                            "[1]", "{}", "{'a': 1}", "(1, 2)"])  # fmt: skip
operators = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">",
                             ">=", "in", "not in", "and", "or"])  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(left=operands, operator=operators, right=operands)
def test_operators_give_what_ansible_gives(left: str, operator: str, right: str) -> None:
    text = f"{left} {operator} {right}"
    expected = ansible_value(text, {})

    result = our_value(text, {})

    assert repr(result) == repr(expected)


@settings(max_examples=100, deadline=None)
@given(operand=operands, operator=operators)
def test_an_undefined_operand_is_an_error(operand: str, operator: str) -> None:
    # Ansible lets some pass, such as one that is looked for in an empty list.
    assert our_value(f"nope {operator} {operand}", {}) == FAILED


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("parts.ping.exit_code == 0", True),
        ("parts['ping'].state", "NORMAL"),
        ("parts.late.exit_code", None),
        ("parts.late.exit_code is none", True),
        ("parts.ping.outputs.rows > params.count", True),
        ("parts.ping.outputs.items", [1]),
        ("parts.ping.outputs.items | length", 1),
        ("parts.ping.outputs['items'][0]", 1),
        ("parts.ping", {"exit_code": 0, "state": "NORMAL", "outputs": {"items": [1], "rows": 5}}),
        ("parts | length", 2),
        ("parts | list", ["ping", "late"]),
        ("'ping' in parts", True),
        ("parts.ping.get('zip', 3)", 3),
        ("parts.late.outputs == {}", True),
        ("parts.late == {'exit_code': none, 'state': 'WAITING', 'outputs': {}}", True),
        ("parts.nope is defined", False),
        ("parts.nope.exit_code | default(9)", 9),
        ("now < at('23:00')", True),
        ("(at('23:00') - now).seconds", 3600),
        ("(at('23:00') - now).total_seconds()", 3600.0),
        ("now + pause > now", True),
        ("pause * 2 == pause + pause", True),
        ("operating_day.strftime('%Y%m%d')", "20260529"),
        ("operating_day.weekday()", 4),
        ("now.date() == operating_day", True),
        ("operating_day.month", 5),
        ("operating_day | string", "2026-05-29"),
        ("is_open() and not false", True),
        ("-pause < pause", True),
        ("[1, 2] | map('string') | map('int') | sum", 3),
    ],
)
def test_the_names_of_a_run_can_be_asked(text: str, value: Value) -> None:
    expression = parse_expression(text)

    result = evaluate(expression, a_run())

    assert result == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("partz.ping", "'partz' is not defined; did you mean 'parts'?"),
        ("parts.pin.state", "'pin' is not defined in parts; did you mean 'ping'?"),
        (
            "parts.ping.exitcode",
            "'exitcode' is not defined in parts.ping; did you mean 'exit_code'",
        ),
        ("params.dya", "'dya' is not defined in params; did you mean 'day'?"),
        ("params.day.x", "'x' is not defined in params.day"),
        ("at('25:99')", "is no clock time"),
        ("at", "call it: at"),
        ("params.day()", "no method 'day'"),
        ("is_open(1)", "cannot be computed"),
        ("now < 5", "no order"),
        ("5 < 'a'", "values of type 'int' and 'str' have no order"),
        ("parts < 5", "values of type 'dict' and 'int' have no order"),
        ("1 in 'a1'", "not a value of type 'int'"),
        ("1 in 5", "nothing is contained in a value of type 'int'"),
        ("now + 5", "no meaning"),
        ("params.day + 1", "no meaning for values of type 'str' and 'int'"),
        ("1 / 0", "with zero"),
        ("params.day | int(base=[])", "base"),
        ("parts.ping.state.strip(1)", "cannot be computed"),
        ("params('x')", "no function"),
        ("[1][1]", "not defined"),
    ],
)
def test_an_error_names_the_thing_and_the_nearest_word(text: str, message: str) -> None:
    names = a_run()
    try:
        expression = parse_expression(text)
    except ControllerError as refusal:
        assert "no method" in str(refusal)  # noqa: PT017 - read or evaluated, it is refused
        return

    with pytest.raises(ExpressionFailed) as caught:
        evaluate(expression, names)

    assert message in str(caught.value)
    assert text in str(caught.value)


def test_an_error_says_where_it_happened() -> None:
    expression = parse_expression("1 + 1 == 2 and\n  params.dya == 'mon'")

    with pytest.raises(UnknownName) as caught:
        evaluate(expression, a_run())

    assert (caught.value.line, caught.value.column) == (2, 9)
    assert (caught.value.name, caught.value.code) == ("dya", "unknown_name")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1", "int"), ("''", "str"), ("none", "NoneType"), ("[]", "list"), ("parts", "dict")],
)
def test_a_condition_must_be_a_boolean_as_in_ansible(text: str, kind: str) -> None:
    expression = parse_expression(text)

    with pytest.raises(ExpressionFailed) as caught:
        evaluate_condition(expression, a_run())

    assert f"was derived from value of type {kind!r}" in str(caught.value)
    assert "Conditionals must have a boolean result" in str(caught.value)


def test_a_condition_gives_its_truth() -> None:
    expression = parse_expression("params.count > 2")

    assert evaluate_condition(expression, a_run()) is True


@pytest.mark.parametrize(
    "value",
    ["{{ lookup('pipe', 'touch x') }}", "{% for a in b %}", {"{{ a }}": ["{{ 7 * 7 }}"]}],
)
def test_a_value_that_looks_like_a_template_is_data(value: Value) -> None:
    expression = parse_expression("v")

    assert evaluate(expression, {"v": value}) == value


def test_a_result_is_a_copy_that_stands_on_its_own() -> None:
    names: dict[str, Value] = {"v": {"list": [1, (2, 3)]}}

    result = evaluate(parse_expression("v"), names)

    assert result == {"list": [1, [2, 3]]}
    assert result is not names["v"]


class State(StrEnum):
    """A state, as the engine may hand it over."""

    NORMAL = "normal"


def test_a_text_of_an_enumeration_is_a_plain_text_in_a_result() -> None:
    expression = parse_expression(
        "[state, state == 'normal', state ~ '!', {state: state} | to_json]"
    )

    result = evaluate(expression, {"state": State.NORMAL})

    assert result == ["normal", True, "normal!", '{"normal": "normal"}']
    assert isinstance(result, list)
    assert type(result[0]) is str


def test_a_value_that_nests_deep_is_copied_below_a_deep_caller() -> None:
    value: Value = 1
    for _ in range(60):
        value = [value]

    result = _below(500, value)

    assert result == value


def _below(frames: int, value: Value) -> Value:
    return (
        evaluate(parse_expression("v"), {"v": value}) if not frames else _below(frames - 1, value)
    )


def test_nothing_changes_the_callers_values() -> None:
    names: dict[str, Value] = {"a": {"k": [3, 1]}, "b": {"k": [2]}}
    text = "[a | combine(b, list_merge='append'), a.k | sort, a.k | reverse, a.k + b.k]"

    evaluate(parse_expression(text), names)

    assert names == {"a": {"k": [3, 1]}, "b": {"k": [2]}}


class Careless:
    """A namespace that would give away anything."""

    def names(self) -> tuple[str, ...]:
        return ("open",)

    def attribute(self, name: str) -> Value:
        return f"gave {name} away"


def test_a_private_name_is_never_asked_for() -> None:
    expression = parse_expression("ns['_secret']")

    with pytest.raises(UnknownName, match="'_secret' is not defined"):
        evaluate(expression, {"ns": Careless()})


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", lambda: 1, 1j, iter([])])
def test_other_python_objects_are_no_values(value: object) -> None:
    with pytest.raises(ExpressionFailed, match="cannot be used"):
        evaluate(parse_expression("v"), {"v": value})


def test_an_undefined_item_of_a_list_is_an_error_at_the_end() -> None:
    expression = parse_expression("[{'a': 1}, {'b': 2}] | map(attribute='a')")

    with pytest.raises(UnknownName, match="'a' is not defined"):
        evaluate(expression, {})


def test_and_or_and_if_do_not_evaluate_what_they_need_not() -> None:
    expression = parse_expression(
        "(true or nope) and not (false and nope) and (1 if true else nope) == 1"
    )

    assert evaluate_condition(expression, {}) is True


def test_a_bug_of_the_caller_is_not_hidden() -> None:
    def broken() -> Value:
        raise AssertionError

    with pytest.raises(AssertionError):
        evaluate(parse_expression("f()"), {"f": Function("f", broken)})


def test_budget_errors_are_expression_errors() -> None:
    assert issubclass(BudgetExceeded, ExpressionFailed)
    assert our_value("range(10**9)", {}) == FAILED
