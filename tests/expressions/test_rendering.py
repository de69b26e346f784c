# ruff: noqa: E501 - the tables of texts are easier to read so
"""Templates are filled as Ansible fills them, once."""

from datetime import UTC, datetime

import pytest
from jobnet.expressions import (
    ExpressionFailed,
    UnknownName,
    Value,
    parse_template,
    render,
)

from tests.expressions import examples
from tests.expressions.ansible_oracle import ansible_text

SAME = [
    "a {{ i }} b", "{{ i }}", "{{ i }}\n", "{{ n }}", " {{ n }}x", "{{ s }}\n\n", "x\n", "{{ nums }}",
    "{{ nums }} ", "{{ d }}!", "{{ t }}{{ f }}", "{% if t %}yes{% endif %}",
    "{% if f %}yes{% endif %}x",
    "{% for q in nums %}{{ loop.index }}:{{ q }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% set y = i + 1 %}{{ y }}!",
    "{% set y = i + 1 %}\n{{ y }} z", "{% for q in [] %}a{% else %}none{% endfor %} ",
    "{# c #}{{ i }}", "a{# c #}b", r'{{ s | regex_replace("(o)", "<\1>") }}', r'{{ "\d" }}',
    r'{{ "a\nb" }} x', r'{% set z = "a\nb" %}{{ z }}x', "{% raw %}{{ x }}{% endraw %}",
    '{{ undefd | d("q") }}', "{% for q in nums if q > 1 %}{{ q }}{% endfor %}.",
    "{% set w = 1 %}{% for q in nums %}{% set w = q %}{% endfor %}{{ w }}.",
    "{%- if t -%}  x  {%- endif -%}  y", "{% if f %}a{% elif t %}b{% else %}c{% endif %}.",
    "{{ [n, t, 1.0] }}.", "{{ u }} ü", '{{ d.b }}{{ "" }}', "{{ x }}{{ i }}",
    '{{ nums | map("string") }}.', "{{ (1, 2) }}.", "{{ (1, 2) }}", "{% print i %} ", "}} {",
    "{% for a in nums %}{{ loop.revindex0 }}{{ loop.first }}{{ loop.previtem | default('-') }}{{ loop.nextitem | d('+') }}{% endfor %}", "\n\n{{ i }}", "{{ i\n}}", "a\r\n{{ s }}\r\nb",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_an_example_gives_what_ansible_gives(text: str) -> None:
    expected = ansible_text(text, examples.NAMES)

    result = render(parse_template(text), examples.NAMES)

    assert repr(result) == repr(expected)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ v }}", 5),
        ("{{ v }}\n", 5),
        ("{# note #}{{ v }}", 5),
        (" {{ v }}", " 5"),
        ("{{ v }}{{ v }}", "55"),
        ("{{ v }}{{ none }}", "5"),
        ("{% if true %}{{ v }}{% endif %}", "5"),
        ("", ""),
        ("plain }} text\n\n", "plain }} text\n\n"),
    ],
)
def test_only_one_single_pair_of_braces_keeps_the_type(text: str, value: Value) -> None:
    template = parse_template(text)

    assert render(template, {"v": 5}) == value


HOSTILE = "{{ lookup('pipe', 'touch x') }}{% set a = 1 %}{# c #}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ v }}", HOSTILE),
        ("a {{ v }} b", f"a {HOSTILE} b"),
        ("{{ v | upper | lower }}", HOSTILE.lower()),
        ("{% for q in [v] %}{{ q }}{% endfor %}", HOSTILE),
        ("{% set w = v %}{{ w ~ '' }}", HOSTILE),
        ("{{ {'k': v}['k'] }}", HOSTILE),
        ("{{ '{{ 1 }}' }}", "{{ 1 }}"),
    ],
)
def test_a_value_is_never_read_as_a_template(text: str, value: str) -> None:
    template = parse_template(text)

    assert render(template, {"v": HOSTILE}) == value


def test_undefined_is_an_error_with_its_place() -> None:
    template = parse_template("first line\nHello {{ nmae }}!")

    with pytest.raises(UnknownName) as caught:
        render(template, {"name": "x"})

    assert (caught.value.line, caught.value.column) == (2, 10)
    assert "did you mean 'name'?" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{% for a, b in [1] %}{% endfor %}", "list is needed"),
        ("{% for a, b in [[1]] %}{% endfor %}", "2 names cannot be filled from 1"),
        ("{% for a in 5 %}{% endfor %}", "list is needed"),
        ("{% for a in [1] %}{{ loop.nope }}{% endfor %}", "'nope' is not defined in loop"),
        ("{% if nope %}{% endif %}", "'nope' is not defined"),
        ("{% set a = nope %}", "'nope' is not defined"),
    ],
)
def test_a_tag_that_cannot_be_filled_says_why(text: str, reason: str) -> None:
    template = parse_template(text)

    with pytest.raises(ExpressionFailed, match=reason) as caught:
        render(template, {})

    assert caught.value.text == text


def test_names_of_a_loop_end_with_it() -> None:
    template = parse_template("{% for q in [1] %}{{ q }}{% endfor %}{{ q }}")

    result = render(template, {"q": "outside"})

    assert result == "1outside"


def test_an_instant_is_written_like_ansible_writes_it() -> None:
    template = parse_template("{{ now }} {{ now.strftime('%H:%M') }}")

    result = render(template, {"now": datetime(2026, 5, 29, 22, 5, tzinfo=UTC)})

    assert result == "2026-05-29 22:05:00+00:00 22:05"
