"""Collects where expressions and templates stand, so that their names can be checked later.

What ``parts.x`` may mean is known only when the whole network has been read; until then a
``Mention`` keeps what was read and what is visible at its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from jobnet.expressions import Expression, Template
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, child
from jobnet.project.validation import join

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an expression at some place sees besides the names that exist everywhere.

    ``loops`` are the for-each parts around it, the outermost first, and ``loop_names`` the
    names of their items.
    """

    loops: tuple[str, ...] = ()
    loop_names: tuple[str, ...] = ()
    in_rescue: bool = False
    sees_event: bool = False
    sees_parts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One text with the names that it reads; ``is_loose`` is a text of Ansible's."""

    references: tuple[Path, ...]
    node: Node
    path: str
    scope: Scope
    is_loose: bool = False


def mentions_in(
    value: object, node: Node, path: str
) -> Iterator[tuple[tuple[Path, ...], Node, str]]:
    """Yield what every expression and template inside checked values reads, with its place."""
    if isinstance(value, Expression | Template):
        if value.references:
            yield value.references, node, path
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set:
            key = type(value).model_fields[name].alias or name
            yield from _inside(getattr(value, name), node, path, key)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _inside(inner, node, path, key)
    elif isinstance(value, list | tuple) and not isinstance(value, Scalar | Sequence | Mapping):
        for index, inner in enumerate(value):
            yield from _inside(inner, node, path, index)


def _inside(
    value: object, node: Node, path: str, step: str | int
) -> Iterator[tuple[tuple[Path, ...], Node, str]]:
    if value is None or isinstance(value, str | int | float):
        return
    inner = child(node, step)
    yield from mentions_in(value, inner if inner is not None else node, join(path, step))
