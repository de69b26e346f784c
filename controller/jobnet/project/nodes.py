"""Holds a YAML document as its author wrote it: every value with its place, style and tag.

Nodes are named tuples because a network of a thousand parts has some ten thousand of them.
Lines and columns count from 0, as the parser gives them; ``position_of`` adds the 1.
"""

from functools import lru_cache
from typing import NamedTuple, Union

from jobnet.definition import Position


class Scalar(NamedTuple):
    """One scalar; ``style`` is "" for a plain one, else its first character in the text."""

    value: str
    style: str
    tag: str | None
    line: int
    column: int


class Sequence(NamedTuple):
    """One list; ``weight`` counts the nodes in it with every alias expanded."""

    items: "tuple[Node, ...]"
    tag: str | None
    line: int
    column: int
    weight: int
    is_flow: bool


class Mapping(NamedTuple):
    """One mapping, in the order of the text and with its merge keys as they stand there."""

    pairs: "tuple[tuple[Node, Node], ...]"
    tag: str | None
    line: int
    column: int
    weight: int
    is_flow: bool


Node = Union[Scalar, Sequence, Mapping]  # noqa: UP007 - the names are not yet classes for `|`

MERGE_KEY = "<<"


def position_of(node: Node, file: str) -> Position:
    """Return where a node begins, counted from 1."""
    return Position(file, node.line + 1, node.column + 1)


def is_merge(key: Node) -> bool:
    """Return whether a key stands for ``<<: *anchor``."""
    return isinstance(key, Scalar) and key.value == MERGE_KEY and not key.style


def entries(mapping: Mapping) -> dict[str, tuple[Scalar, Node]]:
    """Return the scalar keys of a mapping with their nodes, merge keys resolved.

    As in YAML 1.1 the mapping's own keys win over merged ones, and of several merged
    mappings the first. Keys that are no scalars are left out; ``odd_keys`` finds them.
    """
    own: dict[str, tuple[Scalar, Node]] = {}
    merged: list[Mapping] = []
    for key, value in mapping.pairs:
        if is_merge(key):
            sources = value.items if isinstance(value, Sequence) else (value,)
            merged += [one for one in sources if isinstance(one, Mapping)]
        elif isinstance(key, Scalar):
            own[key.value] = (key, value)
    for source in merged:
        for name, pair in entries(source).items():
            own.setdefault(name, pair)
    return own


class Same:
    """A mapping that is equal to itself alone, so that looking it up costs no comparison."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping

    def __hash__(self) -> int:
        return id(self.mapping)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.mapping is self.mapping


@lru_cache(maxsize=4)
def _entries_of(same: Same) -> dict[str, tuple[Scalar, Node]]:
    """Return the entries of a mapping that is asked again and again, key by key."""
    return entries(same.mapping)


def child(node: Node, step: str | int) -> Node | None:
    """Return the value below a key or an index, or None where there is none."""
    if isinstance(node, Mapping):
        pair = _entries_of(Same(node)).get(str(step))
        return pair[1] if pair else None
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def key_node(node: Node, step: str | int) -> Node | None:
    """Return the key itself, so that a message can point at it."""
    if isinstance(node, Mapping):
        pair = _entries_of(Same(node)).get(str(step))
        return pair[0] if pair else None
    return child(node, step)
