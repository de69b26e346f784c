"""Hostile text costs bounded time and memory and ends in a problem that says where."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.project.composing import WEIGHT_MAX, Composition, compose
from jobnet.project.nodes import Mapping, entries

SECONDS_MAX = 5


def composed(text: str) -> Composition:
    began = time.monotonic()
    composition = compose(text, file="net.yml")
    assert time.monotonic() - began < SECONDS_MAX
    return composition


def bomb(levels: int, merge: str = "") -> str:
    lines = ["a0: &a0 {x: 1, y: 2}"] if merge else ["a0: &a0 [x, x]"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        value = f"{{<<: [{aliases}]}}" if merge else f"[{aliases}]"
        lines.append(f"a{level}: &a{level} {value}")
    return "\n".join(lines) + "\n"


HOSTILE = {
    "alias bomb": (bomb(30), "too_many_aliases"),
    "merge bomb": (bomb(30, merge="<<"), "too_many_aliases"),
    "aliases of a long text": (f"a: &a {'x' * 10**6}\nb: [{'*a, ' * 1_000}]\n", "too_many_aliases"),
    "deep flow": ("[" * 1_000, "too_deep"),
    "very deep flow": ("{a: " * 200_000, "too_deep"),
    "deep blocks": ("".join(f"{' ' * n}a:\n" for n in range(1_000)), "too_deep"),
    "deep lists": ("- " * 1_000 + "x", "too_deep"),
    "many values": ("- 1\n" * 500_000, "too_many_values"),
    "many documents": ("--- 1\n" * 2_000, "too_many_documents"),
    "recursive alias": ("a: &a [*a]", "unknown_anchor"),
    "unknown alias": ("a: *b", "unknown_anchor"),
    "alias of another document": ("a: &a 1\n---\nb: *a\n", "unknown_anchor"),
    "NUL": ("a: \0", "yaml_syntax"),
    "tab": ("a:\n\tb: 1", "yaml_syntax"),
    "open quote": ("a: 'b", "yaml_syntax"),
    "open bracket": ("a: [b", "yaml_syntax"),
    "two values": ("a: b: c", "yaml_syntax"),
    "directive": ("%YAML 9.9\n---\na: 1", "yaml_syntax"),
}


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_a_problem_with_a_place(text: str, code: str) -> None:
    composition = composed(text)

    (problem,) = composition.problems
    assert problem.code == code
    assert problem.position.line >= 1


def test_documents_before_a_syntax_error_are_kept() -> None:
    composition = composed("a: 1\n---\nb: 2\n---\n[")

    assert len(composition.documents) == 2
    assert [problem.code for problem in composition.problems] == ["yaml_syntax"]


def test_aliases_of_scalars_and_small_lists_are_fine() -> None:
    composition = composed("a: &a [1, 2]\nb: *a\nc: {<<: {x: 1}, y: *a}\n")

    assert not composition.problems
    root = composition.documents[0].root
    assert isinstance(root, Mapping)
    assert root.weight < 20


def test_own_keys_win_over_merged_ones_and_the_first_of_several() -> None:
    text = "a: {<<: [{x: 1, y: 1}, {y: 2, z: 2}], z: 3}"

    root = composed(text).documents[0].root

    assert isinstance(root, Mapping)
    inner = entries(root)["a"][1]
    assert isinstance(inner, Mapping)
    values = {key: getattr(value, "value", "") for key, (_, value) in entries(inner).items()}
    assert values == {"z": "3", "x": "1", "y": "1"}


def test_the_place_of_a_problem_counts_from_one() -> None:
    (document,) = composed("ä: 1\nb:\n  c: 1\n  c: 2\n").documents

    (problem,) = document.problems

    assert (problem.position.line, problem.position.column) == (4, 3)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_composes_or_is_a_problem(text: str) -> None:
    composition = compose(text, file="net.yml")

    assert len(composition.problems) <= 1


snippets = st.lists(
    st.sampled_from(
        [
            "- ",
            "a: ",
            "&x ",
            "*x",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "\n",
            "  ",
            "|\n",
            "'",
            '"',
            "!t ",
            "<<: ",
            "? ",
            "---\n",
            "# c\n",
            "0644",
            "\x85",
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(snippets)
def test_the_parser_in_python_composes_the_same(text: str) -> None:
    fast = compose(text, file="net.yml")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        slow = compose(text, file="net.yml")

    if not fast.problems and not slow.problems:
        assert shapes(fast) == shapes(slow)


def shapes(composition: Composition) -> list[object]:
    return [shape(document.root) for document in composition.documents]


def shape(node: object) -> object:
    if isinstance(node, Mapping):
        return [(shape(key), shape(value)) for key, value in node.pairs]
    items = getattr(node, "items", None)
    if items is not None:
        return [shape(item) for item in items]
    return (getattr(node, "value", None), getattr(node, "tag", None))


def test_libyaml_is_there() -> None:
    assert yaml.__with_libyaml__, f"without it {Path(yaml.__file__).name} is 20 times slower"
    assert WEIGHT_MAX <= 10**6
