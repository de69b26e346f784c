# ruff: noqa: E501 - the tables of patterns are easier to read so
"""Regular expressions find what Python's find, in bounded time."""

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jobnet.expressions import BudgetExceeded, ExpressionFailed
from jobnet.expressions.budget import Budget, Meter
from jobnet.expressions.regex import matches, search

ATOMS = ["a", "b", ".", r"\d", r"\w", r"\s", r"\S", r"\W", r"\D", "[ab]", "[^a]", r"[\W_]", "ü",
         r"[^\W_]", "(a)", "(?:b)", "(b|a)", "$", "^", r"\b", r"\Z", "a|b", "\n", "[à-ü]", "1", " ",
         "(?i:A)", "(?P<n>a)"]  # fmt: skip
COUNTS = ["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "??"]
patterns = st.lists(
    st.tuples(st.sampled_from(ATOMS), st.sampled_from(COUNTS)).map("".join), min_size=1, max_size=4
).map("".join)
subjects = st.text("aab 1\nüÜ_A\x1c.", max_size=9)


@settings(max_examples=400, deadline=None)
@given(pattern=patterns, subject=subjects, ignorecase=st.booleans(), multiline=st.booleans())
def test_the_same_is_found_at_the_same_places(
    pattern: str, subject: str, *, ignorecase: bool, multiline: bool
) -> None:
    flags = re.IGNORECASE * ignorecase | re.MULTILINE * multiline
    try:
        expected = [found.span() for found in re.finditer(pattern, subject, flags)]
    except re.error:
        assume(condition=False)

    try:
        found = matches(
            Meter(Budget()), pattern, subject, ignorecase=ignorecase, multiline=multiline
        )
        result = [match.spans[0] for match in found]
    except ExpressionFailed as refusal:
        # Only what is known to differ may be refused; nothing may differ silently.
        known = ("can only be used on ASCII", "finds nothing", "cannot mix $")
        assume(not any(reason in refusal.what for reason in known))
        raise

    assert result == expected


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        ("(a)(b)?", "ac"),
        ("(?P<x>a+)(b*)", "caabb"),
        ("((a)|b)+", "ab"),
        ("(a|ab)(c|bcd)", "abcd"),
        ("a([\\t-\\n]*)$", "a\n\n"),
        ("a([\\n-\\r]*)$", "a\n\n"),
        ("a([^\\t-\\n]*)$", "ab\n"),
    ],
)
def test_groups_are_those_of_python(pattern: str, subject: str) -> None:
    expected = re.search(pattern, subject)
    assert expected is not None

    result = search(Meter(Budget()), pattern, subject)

    assert result is not None
    assert [result.group(n) for n in range(len(result.spans))] == [
        expected.group(n) for n in range(len(result.spans))
    ]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?=a)b", "lookahead"),
        ("(?<!a)b", "lookbehind"),
        (r"(a)\1", "references"),
        ("(a)?(?(1)b|c)", "conditions"),
        ("(?>a)b", "atomic"),
        ("a++b", "possessive"),
        ("a{1001}", "at most 1000 times"),
        ("(a{1000}){1000}", "too large"),
        ("(", "cannot be read"),
        ("a" * 1001, "at most 1000 characters"),
        ("(" * 200 + ")" * 200, "100 brackets"),
    ],
)
def test_what_cannot_be_bounded_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(ExpressionFailed, match=reason):
        search(Meter(Budget()), pattern, "a" * 100)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b", "(a|aa)+b", "(a*)*b", "(a|a)*b", "(.*)*b", "a*a*a*a*a*a*b", "(x+x+)+y", "(a?){300}b",
        "((a{0,100}){9})b", "(.{0,500}x.{0,400})b", "(a|b)*a(a|b){12}c", "(a*?)*?b",
    ],
)  # fmt: skip
def test_a_bomb_ends_at_once(pattern: str) -> None:
    subject = "aab" * 40_000
    start = time.process_time()

    try:
        for _ in matches(Meter(Budget()), pattern, subject):
            pass
    except ExpressionFailed:
        pass

    assert time.process_time() - start < 2


def test_many_short_matches_in_a_long_text_are_cheap() -> None:
    subject = "word 12 \n" * 4_000

    found = sum(1 for _ in matches(Meter(Budget()), r"\s+", subject))

    assert found == 8_000


def test_a_search_that_would_be_quadratic_is_refused() -> None:
    subject = "a" * 20_000

    with pytest.raises(BudgetExceeded):
        sum(1 for _ in matches(Meter(Budget()), "(?s)a(?:.*b)?", subject))


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(BudgetExceeded, match="SUBJECT_MAX"):
        search(Meter(Budget()), "a", "b" * 300_000)


def test_an_end_mark_finds_the_newline_before_the_end() -> None:
    assert search(Meter(Budget()), "ok$", "ok\n") is not None
    assert search(Meter(Budget()), "a$", "a\nb\n") is None
