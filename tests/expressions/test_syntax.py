"""Texts are read or refused with a reason, a place and the nearest word."""

import copy
import pickle
import sys
import threading

import pytest
from jobnet.expressions import (
    Expression,
    ExpressionRefused,
    evaluate,
    parse_expression,
    parse_template,
    render,
)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("parts.ping.exit_code == 0", [("parts", "ping", "exit_code")]),
        ("parts['ping']['exit_code']", [("parts", "ping", "exit_code")]),
        ("parts.ping.hosts['h'].result.rc", [("parts", "ping", "hosts", "h", "result", "rc")]),
        ("parts.ping.hosts[name].state", [("name",), ("parts", "ping", "hosts")]),
        ("parts.loop.results[0].state", [("parts", "loop", "results")]),
        ("parts[a.b].c", [("a", "b"), ("parts",)]),
        ("parts.x.message.upper()", [("parts", "x", "message")]),
        ("parts.x.message.replace(a, b)", [("a",), ("b",), ("parts", "x", "message")]),
        ("now > at('23:00') and is_open()", [("at",), ("is_open",), ("now",)]),
        ("b or a or b", [("a",), ("b",)]),
        ("(parts.x | default({})).y", [("parts", "x")]),
        ("items | map(attribute=field) | list", [("field",), ("items",)]),
        ("x[a:b]", [("a",), ("b",), ("x",)]),
        ("{k: v}", [("k",), ("v",)]),
        ("1 if a.b is defined else c", [("a", "b"), ("c",)]),
        ("true", []),
    ],
)
def test_an_expression_knows_what_it_reads(text: str, paths: list[tuple[str, ...]]) -> None:
    expression = parse_expression(text)

    assert list(expression.references) == paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("plain", []),
        ("{{ params.day }} of {{ params.month }}", [("params", "day"), ("params", "month")]),
        ("{% for h in parts.x.hosts %}{{ h.state }}{{ loop.index }}{% endfor %}",
         [("parts", "x", "hosts")]),
        ("{% for a, b in pairs %}{{ a }}{{ b }}{% else %}{{ a }}{% endfor %}",
         [("a",), ("pairs",)]),
        ("{% set p = parts.x %}{{ p.exit_code }}", [("parts", "x")]),
        ("{{ p }}{% set p = 1 %}", [("p",)]),
        ("{% for q in l if q.ok and r %}{% set s = q %}{% endfor %}{{ s }}",
         [("l",), ("r",), ("s",)]),
        ("{% if a %}{{ b }}{% elif c %}{{ d }}{% else %}{{ e }}{% endif %}",
         [("a",), ("b",), ("c",), ("d",), ("e",)]),
        ("{# parts.x #}{% raw %}{{ parts.y }}{% endraw %}", []),
    ],
)  # fmt: skip
def test_a_template_knows_what_it_reads(text: str, paths: list[tuple[str, ...]]) -> None:
    template = parse_template(text)

    assert list(template.references) == paths


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("", True),
        ("a } b {", True),
        ("{{ a }}", False),
        ("{# c #}", False),
        ("{% set a = 1 %}", False),
    ],
)
def test_a_template_knows_whether_it_is_constant(text: str, *, constant: bool) -> None:
    template = parse_template(text)

    assert template.is_constant is constant


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("", "is empty", 1),
        ("{{ a }}", "without {{ }}", 1),
        ("a b", "more follows", 3),
        ("a ==", "unexpected|expected", 3),
        ("(a", "unexpected|expected", 2),
        ("a | uper", "did you mean 'upper'", 5),
        ("a is definde", "did you mean 'defined'", 3),
        ("a | map('uper')", "did you mean 'upper'", 5),
        ("a | selectattr('x', 'eqq', 1)", "no test 'eqq'", 5),
        ("a.uppr()", "did you mean 'upper'", 7),
        ("a.__class__", "underscore", 2),
        ("a | community.general.json_query('x')", "no filter", 5),
        ("1 + lookup('pipe', 'x')", "world outside", 11),
        ("query('pipe', 'x')", "world outside", 6),
        ("q('pipe', 'x')", "world outside", 2),
        ("a | random", "could not repeat", 5),
        ("'%s' | strftime", "reads the clock", 8),
        ("now()", "an instant", 4),
        ("f(*a)", "spread", 2),
        ("a | join(**b)", "spread", 5),
        ("(a or b)(1)", "with a name", 9),
        ("(" * 25 + "1" + ")" * 25, "deeper than 24", 25),
        ("9" * 5000, "too long", 1),
        ("'abc", "unexpected char", 1),
        ("a !b", "unexpected char", 3),
    ],
)
def test_an_expression_is_refused_with_reason_and_place(
    text: str, reason: str, column: int
) -> None:
    with pytest.raises(ExpressionRefused, match=reason) as caught:
        parse_expression(text)

    assert (caught.value.line, caught.value.column) == (1, column)
    assert caught.value.text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{% include 'x' %}", "include other files"),
        ("{% import 'x' as y %}", "import other files"),
        ("{% from 'x' import y %}", "import other files"),
        ("{% extends 'x' %}", "extend other files"),
        ("{% block x %}{% endblock %}", "inheritance"),
        ("{% macro x() %}{% endmacro %}", "macros cannot be defined"),
        ("{% call x() %}{% endcall %}", "macros cannot be called"),
        ("{% filter upper %}x{% endfilter %}", "behind the value"),
        ("{% set x %}y{% endset %}", "in one tag"),
        ("{% with a = 1 %}{% endwith %}", "instead of"),
        ("{% autoescape true %}{% endautoescape %}", "autoescape"),
        ("{% set ns.x = 1 %}", "outer scope"),
        ("{% for a in b recursive %}{% endfor %}", "recursive"),
        ("{% for (a, (b, c)) in d %}{% endfor %}", "plain names"),
        ("{% do x %}", "unknown tag 'do'"),
        ("{% if a %}", "end"),
        ("{{ a", "end of"),
        ("{{ }}", "Expected an expression"),
    ],
)
def test_a_template_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ExpressionRefused, match=reason):
        parse_template(text)


def test_the_place_counts_lines_and_columns_of_the_text() -> None:
    text = "first\n  {{ a }}\n  and {{ b | uper }}\n"

    with pytest.raises(ExpressionRefused) as caught:
        parse_template(text)

    assert (caught.value.line, caught.value.column) == (3, 14)
    assert "and {{ b | uper }}" in str(caught.value)


def test_equal_texts_are_equal_expressions() -> None:
    one, other = parse_expression("a.b"), parse_expression("a.b")

    assert one == other
    assert hash(one) == hash(other)
    assert copy.deepcopy(one) == one


def test_equal_texts_are_equal_templates() -> None:
    one, other = parse_template("{{ a }}"), parse_template("{{ a }}")

    assert one == other
    assert hash(one) == hash(other)


def test_what_was_read_shows_its_text_and_no_tree() -> None:
    expression, template = parse_expression("a.b"), parse_template("{{ a }}")

    shown = (repr(expression), repr(template))

    assert shown == (
        "Expression(text='a.b', references=(('a', 'b'),))",
        "Template(text='{{ a }}', references=(('a',),), is_constant=False)",
    )


def test_a_copy_of_a_text_has_the_same_value() -> None:
    expression, template = parse_expression("a + 1"), parse_template("{{ a }} of {{ b | upper }}")

    copies = pickle.loads(pickle.dumps((expression, template)))  # noqa: S301 - our own

    assert evaluate(copies[0], {"a": 1}) == 2
    assert render(copies[1], {"a": 1, "b": "x"}) == "1 of X"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'a\tb'", "a\tb"),
        (r"'\d'", r"\d"),
        (r"'\\d'", r"\d"),
        (r"'\x41'", "A"),
        (r"'\777'", r"\777"),
    ],
)
def test_escapes_of_a_bare_expression_are_those_of_python(text: str, value: str) -> None:
    expression = parse_expression(text)

    assert evaluate(expression, {}) == value


def test_backslashes_inside_of_braces_are_taken_as_they_stand() -> None:
    template = parse_template(r"{{ '\d\n' }}")

    assert render(template, {}) == r"\d\n"


def test_what_is_read_once_serves_many_threads() -> None:
    expression = parse_expression("items | map('int') | sum")
    results: list[object] = []

    def work() -> None:
        results.extend(evaluate(expression, {"items": ["1", "2"]}) for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert results == [3] * 200


def test_a_text_that_nests_as_deep_as_allowed_is_read_below_a_deep_caller() -> None:
    text = "(" * 24 + "1" + ")" * 24

    expression = _below(400, text)

    assert evaluate(expression, {}) == 1


def _below(frames: int, text: str) -> Expression:
    assert sys.getrecursionlimit() >= 1000
    return parse_expression(text) if frames == 0 else _below(frames - 1, text)
