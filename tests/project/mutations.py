"""Mutilates YAML text in ways that a random byte never would: by lines, keys and values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tests.project.written import EXAMPLES

EXAMPLE_TEXTS = tuple(path.read_text(encoding="utf-8") for path in EXAMPLES)

ATOMS = (
    "",
    "~",
    "null",
    "yes",
    "0",
    "-1",
    "1e999",
    "0x1F",
    "9" * 5_000,
    "1s",
    "48:00",
    "99:99",
    "2026-02-30",
    "[]",
    "{}",
    "[[]]",
    "{a: {b: {c: []}}}",
    "&a [*a]",
    "*gone",
    "<<: *a",
    "!!python/object:os.system x",
    "!vault x",
    "!unsafe '{{ x }}'",
    "'{{ parts.a.b.c.d }}'",
    "'{{ [1] * 9999999 }}'",
    "{{ x }}",
    "\"{{ '\\x00' }}\"",
    "false",
    "1 == 1",
    "parts.x.normal and",
    "range(10 ** 9) | list == []",
    "is_open()",
    "failed.part",
    "params",
    "parts",
    "items",
    "class",
    "..",
    "/dev/zero",
    "../../../../etc/passwd",
    "é\u202e\ufeff",
    "{when: 'true', flow: []}",
    "{id: a, wait_for: 1s}",
    "{continue_from: a}",
    "{network: n}",
    "{wait_part: {part: a}}",
    "{wait_network: {network: n}}",
    "{block: [], rescue: [], always: []}",
    "{for_each: {items: [1], as: x, flow: []}}",
    "{parallel: {branches: []}}",
    "[{flow: [{ping: }]}]",
)
"""Scalars and collections that have broken readers of YAML before."""

VALUE = re.compile(r"(?<=: )[^\s,\[\]{}#][^,\[\]{}#\n]*|(?<=- )[^\s,\[\]{}#:]+(?=\n)")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?=:)")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change; ``place`` and ``other`` say where as a share of what there is."""

    KINDS: ClassVar[tuple[str, ...]] = (
        "drop_line", "double_line", "move_line", "indent", "outdent", "value", "swap_values",
        "word", "swap_words", "insert", "cut", "splice",
    )  # fmt: skip

    kind: str
    place: float
    other: float
    atom: str


def mutated(text: str, mutations: Sequence[Mutation]) -> str:
    """Return the text after all changes, one after the other."""
    for one in mutations:
        if one.kind in {"value", "swap_values", "word", "swap_words"}:
            text = _on_tokens(text, one)
        elif one.kind in {"insert", "cut", "splice"}:
            text = _on_text(text, one)
        else:
            text = _on_lines(text, one)
    return text


def _on_tokens(text: str, one: Mutation) -> str:
    pattern = VALUE if "value" in one.kind else WORD
    found = list(pattern.finditer(text))
    if not found:
        return text
    first = found[int(one.place * len(found))]
    second = found[int(one.other * len(found))]
    new = second.group() if one.kind.startswith("swap") else one.atom
    return text[: first.start()] + new + text[first.end() :]


def _on_text(text: str, one: Mutation) -> str:
    at, other = int(one.place * len(text)), int(one.other * len(text))
    low, high = min(at, other), max(at, other)
    if one.kind == "insert":
        return text[:at] + one.atom + text[at:]
    if one.kind == "cut":
        return text[:low] + text[high:]
    return text + "\n---\n" + text[low:high]


def _on_lines(text: str, one: Mutation) -> str:
    lines = text.split("\n")
    at, other = int(one.place * len(lines)), int(one.other * len(lines))
    match one.kind:
        case "drop_line":
            del lines[at]
        case "double_line":
            lines.insert(at, lines[at])
        case "move_line":
            lines.insert(other, lines.pop(at))
        case "indent":
            lines[at] = f"  {lines[at]}"
        case _:
            lines[at] = lines[at].removeprefix("  ")
    return "\n".join(lines)
