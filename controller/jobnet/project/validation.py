"""Checks a mapping of the text against a shape and tells each objection at its place."""

from collections.abc import Container, Iterable
from collections.abc import Mapping as MappingOf
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from jobnet.project.nodes import Mapping, Node, Scalar, child, entries, key_node, position_of
from jobnet.project.problems import PROBLEMS_MAX, Findings, Problem
from jobnet.project.scalars import plain
from jobnet.project.suggestions import nearest, shown, suggest

Shape = TypeVar("Shape", bound=BaseModel)

LISTS_WITH_FLOWS = frozenset({"cases", "branches"})
NESTED_OPAQUE = frozenset({"flow"})
ACCIDENT_HINT = "Quote the expression or write block style"


class Text:
    """One file being read: its name for positions, and where its problems are collected."""

    def __init__(self, file: str, findings: Findings) -> None:
        """Begin with the findings of the whole reading."""
        self.file = file
        self.findings = findings

    def object_to(self, node: Node, path: str, code: str, what: str, hint: str = "") -> None:
        """Add a problem at a node."""
        place = position_of(node, self.file)
        self.findings.add(Problem(code=code, position=place, path=path, what=what, hint=hint))


def join(path: str, step: str | int) -> str:
    """Return the path one step deeper: ``flow[2]`` and ``end_by`` give ``flow[2].end_by``."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def words_of(shape: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys that a shape knows, as they are written."""
    return tuple(field.alias or name for name, field in shape.model_fields.items())


def check(
    shape: type[Shape], node: Mapping, *, text: Text, path: str, keys: Iterable[str] | None = None
) -> Shape | None:
    """Return the checked values of a mapping, or None after telling every objection.

    Only ``keys`` are looked at if they are given; the caller has taken the others out.
    """
    if tells_accident(node, text, path):
        return None
    opaque = getattr(shape, "opaque", ())
    pairs = entries(node)
    chosen = pairs if keys is None else [key for key in keys if key in pairs]
    data = {key: _read(key, pairs[key][1], opaque) for key in chosen}
    return check_data(shape, data, node=node, text=text, path=path)


def _read(key: str, node: Node, opaque: Container[str]) -> object:
    """Return the value of a key as plain data; flows and what is Ansible's stay nodes."""
    if key in opaque:
        return node
    return plain(node, opaque=NESTED_OPAQUE if key in LISTS_WITH_FLOWS else ())


def check_data(
    shape: type[Shape], data: MappingOf[str, object], *, node: Node, text: Text, path: str
) -> Shape | None:
    """Return the checked values of data that was read from ``node``, or None."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        for one in error.errors(include_url=False)[: PROBLEMS_MAX + 1]:
            _tell(dict(one), shape, node, text, path)
        return None


def tells_accident(node: Mapping, text: Text, path: str) -> bool:
    """Tell of a comma that has cut an expression in two, and return whether there was one."""
    accident = _accident(node)
    if accident is not None:
        what = f"`{shown(accident.value)}` stands here as a key without a value"
        text.object_to(accident, path, "flow_mapping_accident", what, ACCIDENT_HINT)
    return accident is not None


def _accident(node: Mapping) -> Scalar | None:
    """Return the key that a comma inside ``{until: f(1, 2)}`` has made, if there is one."""
    if not node.is_flow:
        return None
    for key, value in node.pairs:
        empty = isinstance(value, Scalar) and not value.value and not value.style and not value.tag
        if empty and isinstance(key, Scalar) and not key.style and not key.value.isidentifier():
            return key
    return None


def _tell(error: dict[str, Any], shape: type[BaseModel], node: Node, text: Text, path: str) -> None:
    loc = [step for step in error["loc"] if step != "[key]"]
    kind, last = error["type"], str(loc[-1]) if loc else ""
    where, path = _walk(node, loc[:-1] if kind in {"missing", "extra_forbidden"} else loc, path)
    if kind == "missing":
        text.object_to(where, path, "missing_key", f"`{last}` is missing here")
    elif kind == "extra_forbidden":
        known = words_of(_inner_shape(shape, loc[:-1]))
        what = f"`{shown(last)}` is not known here"
        place = key_node(where, last) or where
        text.object_to(place, path, "unknown_key", what, suggest(last, known))
    elif not _has_odd_key(where):
        code, what, hint = _words(error)
        text.object_to(where, path, code, what, hint)


def _has_odd_key(node: Node) -> bool:
    """Return whether an unquoted template was read as a mapping, which was told already."""
    return isinstance(node, Mapping) and any(not isinstance(key, Scalar) for key, _ in node.pairs)


def _walk(node: Node, loc: list[str | int], path: str) -> tuple[Node, str]:
    for step in loc:
        inner = child(node, step)
        if inner is None:
            return node, path
        node, path = inner, join(path, step)
    return node, path


def _inner_shape(shape: type[BaseModel], loc: list[str | int]) -> type[BaseModel]:
    """Return the model that stands at a place inside a shape, as far as it can be told."""
    for step in loc:
        field = next(
            (one for name, one in shape.model_fields.items() if step in (name, one.alias)), None
        )
        found = _models_in(field.annotation) if field else []
        shape = found[0] if found else shape
    return shape


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - a type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for one in getattr(annotation, "__args__", ()) for model in _models_in(one)]


SENTENCES = {
    "model_type": "A mapping belongs here",
    "model_attributes_type": "A mapping belongs here",
    "dict_type": "A mapping belongs here",
    "list_type": "A list belongs here",
    "string_type": "A text belongs here",
    "float_type": "A number belongs here",
    "float_parsing": "A number belongs here",
    "int_type": "A whole number belongs here",
    "too_short": "At least one is needed here",
    "too_long": "These are too many",
}


def _words(error: dict[str, Any]) -> tuple[str, str, str]:
    kind, context = error["type"], error.get("ctx") or {}
    if "what" in context:
        return kind, context["what"], context.get("hint", "")
    if kind in {"enum", "literal_error"}:
        known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        given = error["input"]
        word = given if isinstance(given, str) else str(given).lower()
        near = nearest(word, known)
        one_of = f"Write one of: {', '.join(known)}"
        hint = f"Did you mean `{near}`?" if near else one_of
        return "unknown_word", f"`{shown(word)}` is not known here", hint
    if kind in {"greater_than_equal", "less_than_equal"}:
        return "out_of_range", error["msg"].replace("Input should", "The number must"), ""
    return "wrong_type", SENTENCES.get(kind, error["msg"]), ""
