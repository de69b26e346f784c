# ruff: noqa: E501 - the tables of texts are easier to read so
"""Hostile texts and values end at once, with flat memory, as one of our own errors."""

import time
import tracemalloc
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jobnet.expressions import (
    Budget,
    BudgetExceeded,
    Expression,
    ExpressionFailed,
    ExpressionRefused,
    UnknownName,
    Value,
    evaluate,
    parse_expression,
    parse_template,
    render,
)
from jobnet.expressions.filters import FILTERS
from jobnet.expressions.methods import METHOD_NAMES
from jobnet.expressions.tests import TESTS

MIB = 1 << 20


class Endless:
    """A namespace that goes on for ever."""

    def names(self) -> tuple[str, ...]:
        return ("child", "other")

    def attribute(self, name: str) -> Value:
        if name not in self.names():
            raise UnknownName(name, self.names(), owner="endless")
        return Endless()


@cache
def hostile_names() -> dict[str, Value]:
    """Return names with values that are long, deep, shared or endless."""
    deep: list[Value] = []
    for _ in range(5_000):
        deep = [deep]
    shared: list[Value] = [1]
    for _ in range(50):
        shared = [shared, shared]
    endless: list[Value] = []
    endless.append(endless)
    return {
        "big": list(range(100_000)),
        "deep": deep,
        "shared": shared,
        "circle": endless,
        "ns": Endless(),
        "mb": "a" * 1_000_000,
        "txt": "ab" * 50_000,
        "keys": {str(number): number for number in range(50_000)},
        "dicts": [{"a": number} for number in range(3_000)],
    }


REFUSED = [
    "9**(9**9)", "'a' * 10**10", "[0] * 10**9", "'a'.ljust(3*10**8)", "'a' | center(10**9)",
    "'%1000000000d' | format(1)", "'%.1000000000f' % 1", "'%*d' % (10**9, 1)", "range(10**9)",
    "range(10**30)", "big | map('string') | map('length') | map('string') | list",
    "[big, big, big] | map('map', 'string') | list", "(" * 5000 + "1" + ")" * 5000, "[" * 5000,
    "not " * 4000 + "true", "-" * 10_000 + "1", "+".join(["1"] * 5000), "x" * 1_000_000,
    "a" + ".b" * 5000, "1" + "|int" * 4000, "1" + " if a else 1" * 1000, "9" * 5000,
    "0x" + "f" * 10_000, "2 ** 4096", "(2**4000) * (2**4000)", "7 | round(10**9)",
    "7 | round(-10**9)", "deep", "deep | string", "deep == deep", "deep | to_json", "deep | flatten",
    "shared | string", "shared == shared", "shared | flatten", "shared | to_json", "{shared: 1}",
    "shared in [shared]", "[shared, shared] | unique", "[shared, shared] | sort", "circle",
    "circle | string", "circle == [circle]", "ns", "ns | to_json", "ns == ns", "ns | dict2items",
    "mb * 100", "mb ~ mb ~ mb ~ mb ~ mb", "[mb] * 1000000", "([mb] * 1000) | join",
    "mb.replace('', 'x' * 20)", "mb | replace('a', 'x' * 20)", "(mb ~ mb) | indent(9999)",
    "mb.strip('b' * 500000 ~ 'a')", "mb | trim(mb)", "mb.split('a')", "txt | regex_replace('', mb)",
    "('[' * 100000) | from_json", "('[[],' * 80000) | from_json", "('9' * 4000) | from_json",
    "big | sort", "dicts | unique", "dicts | union(dicts)", "dicts | difference(dicts)",
    "big | product(big)", "mb | wordwrap(1)", "txt | wordwrap(1)", "('<a' * 500000) | striptags",
    "mb | escape", "mb | tojson | tojson", "([[1] * 1000] * 1000) | sum(start=[])", "[] | slice(10**9)",
    "[1] | batch(10**9, 1)", "keys | dictsort", "keys | to_nice_json(indent=16)",
    "keys | combine(keys, keys, keys, keys)", "big is contains(big)", "big is subset(big)",
    "shared is subset(shared)", "now.strftime('%1000000000Y')", "('z' * 3000) | int(0, 36)",
    "keys | dict2items | map(attribute='key') | map('regex_replace', '1', '2') | list",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_a_hostile_expression_is_refused_at_once(text: str) -> None:
    names = hostile_names()
    start = time.process_time()

    with pytest.raises((ExpressionRefused, ExpressionFailed)):
        evaluate(parse_expression(text), names)

    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["9**(9**9)", "'a' * 10**10", "shared == shared", "big | sort",
                                  "[big, big, big] | map('map', 'string') | list",
                                  "mb.replace('', 'x' * 20)", "mb | list"])  # fmt: skip
def test_memory_stays_flat(text: str) -> None:
    names = hostile_names()
    expression = parse_expression(text)
    tracemalloc.start()

    try:
        with pytest.raises(ExpressionFailed):
            evaluate(expression, names)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 32 * MIB


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in big %}{% for b in big %}{% endfor %}{% endfor %}",
        "{% for a in big %}{{ mb }}{% endfor %}",
        "{% for a in range(1000) %}{% set x = mb * 2 %}{% endfor %}",
        "{% if true %}" * 200 + "{% endif %}" * 200,
        "{{ 1 }}" * 9_000 + "x" * 10_000,
        "{{" * 1000,
        "x" * 70_000,
        "{% for a in shared %}{{ a }}{% endfor %}",
    ],
    ids=lambda text: text[:40],
)
def test_a_hostile_template_is_refused_at_once(text: str) -> None:
    names = hostile_names()
    start = time.process_time()

    with pytest.raises((ExpressionRefused, ExpressionFailed)):
        render(parse_template(text), names)

    assert time.process_time() - start < 2


def test_every_limit_has_a_name_in_the_error() -> None:
    expression = parse_expression("[1, 2, 3] | map('string') | join")
    budget = Budget(steps_max=5)

    with pytest.raises(BudgetExceeded) as caught:
        evaluate(expression, {}, budget=budget)

    assert (caught.value.limit, caught.value.allowed) == ("steps_max", 5)


def test_a_result_larger_than_its_budget_is_refused() -> None:
    expression = parse_expression("value")

    with pytest.raises(BudgetExceeded, match="bytes_max"):
        evaluate(expression, {"value": "x" * 2000}, budget=Budget(bytes_max=1000))


def test_ordinary_work_fits_into_the_budget() -> None:
    results: list[Value] = [
        {"key": f"host{number}", "state": "NORMAL", "exit_code": number % 3}
        for number in range(1000)
    ]
    expression = parse_expression(
        "results | rejectattr('exit_code', 'eq', 0) | map(attribute='key') | sort | join(', ')"
    )

    result = evaluate(expression, {"results": results})

    assert isinstance(result, str)
    assert result.count(",") == 665


def test_spending_is_the_same_each_time() -> None:
    expression = parse_expression("range(100) | map('string') | list | to_json")
    needed = next(steps for steps in range(1, 2000) if fits(expression, steps))

    again = [fits(expression, needed - 1), fits(expression, needed)]

    assert again == [False, True]


def fits(expression: Expression, steps: int) -> bool:
    """Return whether the expression can be evaluated in so many steps."""
    try:
        evaluate(expression, {}, budget=Budget(steps_max=steps))
    except BudgetExceeded:
        return False
    return True


NAMES: dict[str, Value] = {
    "a": 1,
    "b": "text {{ a }}",
    "c": [1, "x", None, [2]],
    "d": {"k": 1, "v": {"w": [True]}},
    "e": 2.5,
    "ns": Endless(),
}
literals = st.sampled_from(
    ["1", "0", "-2", "2.5", "'x'", "''", "true", "none", "[]", "{}", "[1, 'b']", "{'k': 2}", "10**9",
     "a", "b", "c", "d", "e", "ns", "d.v", "c[0]", "missing", "ns.child", "'%s %d'", "(1, 2)"]
)  # fmt: skip


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    filters = st.sampled_from(sorted(FILTERS))
    return st.one_of(
        st.tuples(
            inner,
            st.sampled_from(
                ["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and", "or"]
            ),
            inner,
        ).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, filters).map(lambda t: f"({t[0]} | {t[1]})"),
        st.tuples(inner, filters, inner).map(lambda t: f"({t[0]} | {t[1]}({t[2]}))"),
        st.tuples(inner, filters, inner, inner).map(lambda t: f"({t[0]} | {t[1]}({t[2]}, {t[3]}))"),
        st.tuples(inner, filters, st.sampled_from(["map", "select"])).map(
            lambda t: f"({t[0]} | {t[2]}('{t[1]}') | list)"
        ),
        st.tuples(inner, st.sampled_from(sorted(TESTS)), inner).map(
            lambda t: f"({t[0]} is {t[1]}({t[2]}))"
        ),
        st.tuples(inner, st.sampled_from(sorted(METHOD_NAMES)), inner).map(
            lambda t: f"({t[0]}.{t[1]}({t[2]}))"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]"),
        st.tuples(inner, inner, inner).map(lambda t: f"{t[0]}[{t[1]}:{t[2]}]"),
        st.lists(inner, max_size=3).map(lambda t: f"[{', '.join(t)}]"),
        inner.map(lambda t: f"(not {t})"),
        inner.map(lambda t: f"(-{t})"),
    )


expressions = st.recursive(literals, _combined, max_leaves=8)


def outcome(text: str) -> str:
    """Return the value, or the error if it is one of ours."""
    try:
        return repr(evaluate(parse_expression(text), NAMES))
    except (ExpressionRefused, ExpressionFailed) as error:
        return f"{error.code}: {error}"


@settings(max_examples=300, deadline=2000)
@given(text=expressions)
@example(text="('%s %d' * 10**9)")
def test_any_expression_ends_with_a_value_or_our_own_error(text: str) -> None:
    first = outcome(text)

    second = outcome(text)

    assert first == second


@settings(max_examples=300, deadline=2000)
@given(text=st.text(max_size=40) | st.text("abc.|()[]{}'\" +-*/%~<>=!,:0159\\", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome(text)


@settings(max_examples=300, deadline=2000)
@given(
    text=st.lists(
        st.sampled_from(
            ["{{", "}}", "{%", "%}", "{#", "#}", " for x in c ", " endfor ", " if a ", " endif ", "a",
             " set y = 1 ", " else ", "{%-", "-%}", "\n", "{{ b }}", "text", " raw ", " endraw ", "'",
             " include 'x' ", " macro f() ", "(", "\\"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_any_template_is_filled_or_refused(text: str) -> None:
    with suppress(ExpressionRefused, ExpressionFailed):
        render(parse_template(text), NAMES)
