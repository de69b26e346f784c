"""Fills templates: texts with ``{{ }}``, ``{% if %}``, ``{% for %}`` and ``{% set %}``.

A text that is one single ``{{ }}`` keeps the type of its value; all else becomes text. As in
Ansible, null leaves nothing behind in a text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import nodes

from jobnet.errors.expressions import ExpressionFailed, UnknownName
from jobnet.expressions.budget import Budget
from jobnet.expressions.evaluation import DEFAULT, Evaluation, is_true
from jobnet.expressions.syntax import Template
from jobnet.expressions.values import Value, defined, items, kind, plain, text


@dataclass(frozen=True, slots=True)
class Loop:
    """What ``loop`` is inside of ``{% for %}``."""

    entries: Sequence[Value]
    index0: int

    def names(self) -> tuple[str, ...]:
        """Return what can be read of a loop."""
        return (
            "first", "index", "index0", "last", "length", "nextitem", "previtem", "revindex",
            "revindex0",
        )  # fmt: skip

    def attribute(self, name: str) -> Value:
        """Return one of them; ``index`` counts from 1, ``index0`` from 0."""
        here, length = self.index0, len(self.entries)
        match name:
            case "first" | "last":
                return here == (0 if name == "first" else length - 1)
            case "index" | "index0":
                return here + (name == "index")
            case "revindex" | "revindex0":
                return length - here - (name == "revindex0")
            case "length":
                return length
            case "previtem" if here > 0:
                return self.entries[here - 1]
            case "nextitem" if here + 1 < length:
                return self.entries[here + 1]
        raise UnknownName(name, self.names(), owner="loop")


def render(template: Template, names: Mapping[str, Value], *, budget: Budget = DEFAULT) -> Value:
    """Return the text filled in, or the value of a text that is one single ``{{ }}``.

    Raise ``ExpressionFailed`` (or its kin ``UnknownName``, ``BudgetExceeded``) with the place.
    """
    if template.is_constant:
        return template.text
    evaluation = Evaluation(template.text, names, budget)
    if template.sole is not None:
        value = evaluation.result(template.sole)
        if not isinstance(value, str):
            return value
        return value + _newlines_to_keep(template.text, value)
    written = "".join(_body(evaluation, template.tree.body))
    return written + _newlines_to_keep(template.text, written)


def _newlines_to_keep(source: str, written: str) -> str:
    """Return the newlines at the end of the text that Jinja drops and Ansible puts back."""
    missing = _trailing(source) - _trailing(written)
    return "\n" * max(missing, 0)


def _trailing(value: str) -> int:
    return len(value) - len(value.rstrip("\n"))


def _body(evaluation: Evaluation, body: Sequence[nodes.Node]) -> Iterator[str]:
    for node in body:
        evaluation.meter.step()
        match node:
            case nodes.Output():
                yield from (_written(evaluation, part) for part in node.nodes)
            case nodes.If():
                yield from _body(evaluation, _branch(evaluation, node))
            case nodes.For():
                yield from _loop(evaluation, node)
            case nodes.Assign():
                _assign(evaluation, node.target, evaluation.defined(node.node))
            case _:
                raise AssertionError(f"{type(node)} is refused when it is read")


def _written(evaluation: Evaluation, part: nodes.Node) -> str:
    if isinstance(part, nodes.TemplateData):
        evaluation.meter.build(len(part.data))
        return part.data
    value = evaluation.defined(part)
    if value is None:
        return ""
    try:
        # Ansible writes a tuple like a list here.
        filled = text(evaluation.meter, plain(evaluation.meter, value))
        evaluation.meter.build(len(filled))
    except ExpressionFailed as error:
        raise evaluation.placed(error, part) from error
    return filled


def _branch(evaluation: Evaluation, node: nodes.If) -> list[nodes.Node]:
    for choice in (node, *node.elif_):
        if is_true(evaluation, choice.test):
            return choice.body
    return node.else_


def _loop(evaluation: Evaluation, node: nodes.For) -> Iterator[str]:
    outside = evaluation.own
    try:
        entries = items(evaluation.meter, evaluation.defined(node.iter))
        if node.test is not None:
            entries = [entry for entry in entries if _is_taken(evaluation, node, outside, entry)]
        for index in range(len(entries)):
            evaluation.meter.step(1 + len(outside))
            evaluation.own = dict(outside)
            _assign(evaluation, node.target, entries[index])
            evaluation.own["loop"] = Loop(entries, index)
            yield from _body(evaluation, node.body)
        evaluation.own = dict(outside)
        if not entries:
            yield from _body(evaluation, node.else_)
    except ExpressionFailed as error:
        raise evaluation.placed(error, node.iter) from error
    finally:
        evaluation.own = outside


def _is_taken(
    evaluation: Evaluation, node: nodes.For, outside: dict[str, Value], entry: Value
) -> bool:
    assert node.test is not None, "asked only for loops with a condition"
    evaluation.meter.step(1 + len(outside))
    evaluation.own = dict(outside)
    _assign(evaluation, node.target, entry)
    return is_true(evaluation, node.test)


def _assign(evaluation: Evaluation, target: nodes.Node, value: Value) -> None:
    if isinstance(target, nodes.Name):
        evaluation.own[target.name] = value
        return
    assert isinstance(target, nodes.Tuple), "other targets are refused when they are read"
    parts = items(evaluation.meter, defined(value))
    if len(parts) != len(target.items):
        raise ExpressionFailed(
            f"{len(target.items)} names cannot be filled from {len(parts)} values "
            f"of a {kind(value)!r}"
        )
    for name, part in zip(target.items, parts, strict=True):
        _assign(evaluation, name, part)
