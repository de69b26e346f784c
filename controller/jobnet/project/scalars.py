"""Decides what a plain scalar means in Jobnet's own keys: by the core schema of YAML 1.2.

``on``, ``NO``, ``22:00`` and ``2026-05-29`` are texts. Numbers remember how they were
written, so that a text field that was given ``1.10`` gets "1.10" and not 1.1.
"""

import re
from collections.abc import Container

from jobnet.project.nodes import Mapping, Node, Scalar, entries

DIGITS_MAX = 300
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,300}\Z")
OCTAL = re.compile(r"0o[0-7]{1,300}\Z")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,300}\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})
NUMBER_BEGINS = frozenset("0123456789+-.")

TAGS_OF_TEXT = frozenset({"!", "tag:yaml.org,2002:str"})


class WrittenInt(int):
    """A whole number that remembers its digits."""

    text: str


class WrittenFloat(float):
    """A number that remembers its digits."""

    text: str


def value_of(scalar: Scalar) -> object:
    """Return what a scalar stands for: None, bool, a number or text."""
    text = scalar.value
    if scalar.style or scalar.tag in TAGS_OF_TEXT:
        return text
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    return _number(text) if text[0] in NUMBER_BEGINS else text


def _number(text: str) -> object:
    if len(text) > DIGITS_MAX:
        return text
    if INTEGER.match(text):
        return _written_int(text, 10)
    if OCTAL.match(text):
        return _written_int(text, 8)
    if HEXADECIMAL.match(text):
        return _written_int(text, 16)
    if FLOAT.match(text) or INFINITE.match(text) or text in NOT_A_NUMBER:
        number = WrittenFloat(
            text.replace(".inf", "inf").replace(".nan", "nan").lower()
            if text[-1].isalpha()
            else text
        )
        number.text = text
        return number
    return text


def _written_int(text: str, radix: int) -> WrittenInt:
    number = WrittenInt(text, radix)
    number.text = text
    return number


def plain(node: Node, *, opaque: Container[str] = ()) -> object:
    """Return a node as plain data; below the keys in ``opaque`` the nodes themselves stay."""
    if isinstance(node, Scalar):
        return value_of(node)
    if isinstance(node, Mapping):
        return {
            name: value if name in opaque else plain(value, opaque=opaque)
            for name, (_, value) in entries(node).items()
        }
    return [plain(item, opaque=opaque) for item in node.items]
