"""A plain scalar means what YAML 1.2 says, a quoted one is always text."""

import math

import pytest
from jobnet.project.composing import compose
from jobnet.project.nodes import Scalar
from jobnet.project.scalars import WrittenFloat, WrittenInt, value_of

VALUES = {
    "on": "on",
    "NO": "NO",
    "yes": "yes",
    "22:00": "22:00",
    "2026-05-29": "2026-05-29",
    "0644": 644,
    "0o17": 15,
    "0x1F": 31,
    "-12": -12,
    "1_000": "1_000",
    "1.10": 1.1,
    ".5": 0.5,
    "1e3": 1000.0,
    "-.inf": -math.inf,
    "~": None,
    "null": None,
    "": None,
    "True": True,
    "FALSE": False,
    "+": "+",
    ".": ".",
    "1.2.3": "1.2.3",
    "'2'": "2",
    '"true"': "true",
    "'~'": "~",
    "|\n  12": "12",
    "!!str 12": "12",
    "! 12": "12",
    "9" * 301: "9" * 301,
}


def scalar(text: str) -> Scalar:
    root = compose(f"- {text}", file="x").documents[0].root
    (item,) = root.items  # type: ignore[union-attr]
    assert isinstance(item, Scalar)
    return item


@pytest.mark.parametrize(("text", "expected"), VALUES.items())
def test_a_scalar_means(text: str, expected: object) -> None:
    value = value_of(scalar(text))

    assert value == expected
    assert isinstance(value, str) is isinstance(expected, str)
    assert isinstance(value, bool) is isinstance(expected, bool)


def test_not_a_number_is_a_number() -> None:
    value = value_of(scalar(".nan"))

    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize("text", ["1.10", "0644", "1e3", "-.inf", "0x1F"])
def test_a_number_remembers_how_it_was_written(text: str) -> None:
    value = value_of(scalar(text))

    assert isinstance(value, WrittenInt | WrittenFloat)
    assert value.text == text
