"""Reads scenarios: what is given to a simulated run, and what is expected of it.

A file holds one scenario per YAML document, or a list of them. It has no ``kind``, so that a
project's own reading passes it over. Options of the command line are read as the same ``given``.
"""

import re
from collections.abc import Container, Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from jobnet.calendars import ClockTime
from jobnet.definition import NOWHERE, Bundle, Position, walk
from jobnet.errors.simulation import ScenarioRefused, SimulationOptionRefused
from jobnet.project.composing import compose
from jobnet.project.files import read_text
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, child, key_node, position_of
from jobnet.project.params import plain_value
from jobnet.project.problems import Findings, Problem
from jobnet.project.schema.scenarios import (
    AnswerShape,
    ExpectShape,
    GivenShape,
    OrderShape,
    ScenarioShape,
)
from jobnet.project.suggestions import nearest, shown, suggest
from jobnet.project.validation import Text, check, join

SCENARIOS_MAX = 1_000
OPTIONS = "the options"
_NUMBER = re.compile(r"#[1-9][0-9]{0,5}\Z")


NODE_LOST_AFTER = timedelta(minutes=2)
"""How long a node is silent before its jobs are LOST, where a scenario does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOrder:
    """An order at a clock time of the operating day, by whoever ``by`` names."""

    at: ClockTime
    order: str
    part: str | None = None
    value: str | None = None
    exit_code: int | None = None
    form: MappingOf[str, str] = field(default_factory=dict)
    now: bool = False
    by: str | None = None

    def __str__(self) -> str:
        """Return the order as it is typed."""
        words = (str(self.at), self.order, self.part or "", self.value or "")
        return " ".join(word for word in words if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What happens to a simulated run, by part: its id or whole key, ``#n`` for the n-th attempt.

    ``lose`` says when the node of a part goes away, None: when its attempt would have ended.
    ``answers`` are texts as ``--answer`` takes them; ``usual`` is what the engine compares
    durations with; ``artifacts`` are names of files that a job leaves.
    """

    at: str | None = None
    day: str | None = None
    params: MappingOf[str, object] = field(default_factory=dict)
    fail: MappingOf[str, int] = field(default_factory=dict)
    lose: MappingOf[str, ClockTime | None] = field(default_factory=dict)
    node_lost_after: timedelta | None = None
    orders: tuple[GivenOrder, ...] = ()
    duration: MappingOf[str, timedelta] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    outputs: MappingOf[str, MappingOf[str, object]] = field(default_factory=dict)
    artifacts: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)
    usual: MappingOf[str, timedelta] = field(default_factory=dict)

    def over(self, below: "Given") -> "Given":
        """Return what both give; where they differ this one counts."""
        return Given(
            at=self.at or below.at,
            day=self.day or below.day,
            params={**below.params, **self.params},
            fail={**below.fail, **self.fail},
            lose={**below.lose, **self.lose},
            node_lost_after=self.node_lost_after or below.node_lost_after,
            orders=(*below.orders, *self.orders),
            duration={**below.duration, **self.duration},
            answers=(*below.answers, *self.answers),
            outputs={**below.outputs, **self.outputs},
            artifacts={**below.artifacts, **self.artifacts},
            usual={**below.usual, **self.usual},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario; its name is its own, or where it stands in its file."""

    name: str = ""
    given: Given = Given()
    expect: ExpectShape = field(default_factory=ExpectShape)
    position: Position = NOWHERE


def read_scenarios(path: str, bundle: Bundle) -> tuple[Scenario, ...]:
    """Return the scenarios of a file, or raise ``ScenarioRefused`` with all of its problems."""
    file = Path(path)
    content = read_text(file)
    if isinstance(content, Problem):
        raise ScenarioRefused([content])
    findings = Findings()
    composition = compose(content, file=path)
    nodes: list[Node] = []
    for document in composition.documents:
        findings.extend(document.problems)
        root = document.root
        nodes += root.items if isinstance(root, Sequence) else [root] if root else []
    findings.extend(composition.problems)
    text = Text(path, findings)
    scenarios = [_scenario(node, text, bundle) for node in nodes[:SCENARIOS_MAX]]
    if not nodes and not findings.problems:
        what = "There is no scenario in this file"
        hint = "Write `given:` and `expect:`"
        findings.add(Problem(code="no_scenario", position=Position(path), what=what, hint=hint))
    if len(nodes) > SCENARIOS_MAX:
        what = f"These are more than {SCENARIOS_MAX} scenarios"
        text.object_to(nodes[SCENARIOS_MAX], "", "too_many_scenarios", what, "Split the file")
    if findings.problems:
        raise ScenarioRefused(findings.in_order())
    return tuple(each for each in scenarios if each is not None)


def read_given(
    bundle: Bundle, *, options: Iterable[tuple[str, str, str]], answers: Iterable[str]
) -> Given:
    """Return what options give: each is its key in ``given``, a part and the text of its value."""
    findings = Findings()
    text = Text(OPTIONS, findings)
    node = _mapping(_grouped(options).items())
    shape = check(GivenShape, node, text=text, path="")
    _check_names(node, "", _PARTS_OF_GIVEN, text, bundle)
    if shape is not None:
        _check_orders(node, shape.orders, "", text, bundle)
    if shape is None or findings.problems:
        raise SimulationOptionRefused(findings.in_order())
    return replace(_given(shape), answers=tuple(answers))


def said_of(names: Container[str], part: str, attempt: int) -> str | None:
    """Return the name that means an attempt: its very number first, the whole key before the id.

    >>> said_of(["load", "load#2"], "batch.load", 2), said_of(["load"], "batch.load", 1)
    ('load#2', 'load')
    """
    if not names:
        return None
    bare = part.rpartition(".")[2]
    wanted = (f"{part}#{attempt}", f"{bare}#{attempt}", part, bare)
    return next((each for each in wanted if each in names), None)


_PARTS_OF_GIVEN = ("fail", "lose", "duration", "output", "artifact", "usual")
_PARTS_OF_EXPECT = ("parts", "by", "order", "recovered")


def _scenario(node: Node, text: Text, bundle: Bundle) -> Scenario | None:
    if not isinstance(node, Mapping):
        text.object_to(node, "", "no_scenario", "A scenario is a mapping", "Write `given:`")
        return None
    shape = check(ScenarioShape, node, text=text, path="")
    for key, names in (("given", _PARTS_OF_GIVEN), ("expect", _PARTS_OF_EXPECT)):
        inner = child(node, key)
        if isinstance(inner, Mapping):
            _check_names(inner, key, names, text, bundle)
    if shape is None:
        return None
    given = child(node, "given")
    if isinstance(given, Mapping):
        _check_orders(given, shape.given.orders, "given", text, bundle)
    position = position_of(node, text.file)
    return Scenario(
        name=shape.name or f"line {position.line}",
        given=_given(shape.given),
        expect=shape.expect,
        position=position,
    )


def _given(shape: GivenShape) -> Given:
    return Given(
        at=shape.at,
        day=None if shape.day is None else shape.day.isoformat(),
        params=shape.params,
        fail={part: int(code) for part, code in shape.fail.items()},
        lose=shape.lose,
        node_lost_after=shape.node_lost_after,
        orders=tuple(_order(each) for each in shape.orders),
        duration=shape.duration,
        answers=tuple(line for part, one in shape.answer.items() for line in _answers(part, one)),
        outputs={part: _plain(values) for part, values in shape.output.items()},
        artifacts={part: tuple(names) for part, names in shape.artifact.items()},
        usual=shape.usual,
    )


def _order(shape: OrderShape) -> GivenOrder:
    return GivenOrder(
        at=shape.at,
        order=shape.order,
        part=shape.part,
        value=shape.value,
        exit_code=shape.exit_code,
        form=shape.form,
        now=shape.now,
        by=shape.by,
    )


def _answers(part: str, answer: AnswerShape) -> Iterable[str]:
    yield f"{part}={answer.choice}"
    for name, value in answer.form.items():
        yield f"{part}.{name}={value}"


def _plain(values: MappingOf[str, Any]) -> dict[str, object]:
    return {name: plain_value(value) for name, value in values.items()}


def _check_names(node: Mapping, path: str, keys: Iterable[str], text: Text, bundle: Bundle) -> None:
    """Object to every name of a part that no network of the bundle has."""
    known = _known(bundle)
    for key in keys:
        for name, place in _names(child(node, key)):
            _check_name(name, place, join(path, key), text, known)


def _check_orders(
    node: Mapping, orders: Iterable[OrderShape], path: str, text: Text, bundle: Bundle
) -> None:
    """Object to every order to a part that no network of the bundle has."""
    inner = child(node, "orders")
    places = inner.items if isinstance(inner, Sequence) else [inner or node] * SCENARIOS_MAX
    known = _known(bundle)
    for order, place in zip(orders, places, strict=False):
        if order.part is not None:
            _check_name(order.part, place, join(path, "orders"), text, known)


def _known(bundle: Bundle) -> frozenset[str]:
    parts = (part for one in bundle.networks.values() for part in walk(one.flow))
    return frozenset(str(part.id) for part in parts)


def _check_name(name: str, place: Node, path: str, text: Text, known: frozenset[str]) -> None:
    bare = _NUMBER.sub("", name).rpartition(".")[2]
    if bare not in known:
        near = nearest(bare, known)
        hint = f"Did you mean `{near}`?" if near else suggest(bare, known)
        text.object_to(place, path, "unknown_part", f"No part is called `{shown(name)}`", hint)


def _names(node: Node | None) -> list[tuple[str, Node]]:
    if isinstance(node, Mapping):
        keys = [key for key, _ in node.pairs if isinstance(key, Scalar)]
        return [(key.value, key_node(node, key.value) or key) for key in keys]
    if isinstance(node, Sequence):
        return [(one.value, one) for one in node.items if isinstance(one, Scalar)]
    return [(node.value, node)] if isinstance(node, Scalar) and node.value else []


def _grouped(options: Iterable[tuple[str, str, str]]) -> dict[str, Node]:
    """Return the nodes that a file with the same content would have."""
    found: dict[str, dict[str, list[str]]] = {}
    for key, part, value in options:
        found.setdefault(key, {}).setdefault(part, []).append(value)
    return {
        key: _list(map(_quoted, parts)) if key == "orders" else _by_part(key, parts)
        for key, parts in found.items()
    }


def _by_part(key: str, parts: MappingOf[str, list[str]]) -> Mapping:
    return _mapping({part: _values(key, values) for part, values in parts.items()}.items())


def _values(key: str, values: list[str]) -> Node:
    """Return the values of an option as YAML understands them; of most the last one counts."""
    if key == "artifact":
        return _list(map(_quoted, values))
    if key == "output":
        pairs = (value.partition("=") for value in values)
        return _mapping({name: _data(written) for name, _, written in pairs}.items())
    return Scalar(values[-1], "", None, -1, -1)


def _data(written: str) -> Node:
    """Return a value as YAML; what is none is text."""
    composition = compose(written, file=OPTIONS)
    roots = [one.root for one in composition.documents if one.root is not None]
    return roots[0] if len(roots) == 1 and not composition.problems else _quoted(written)


def _quoted(text: str) -> Scalar:
    return Scalar(text, '"', None, -1, -1)


def _list(items: Iterable[Node]) -> Sequence:
    return Sequence(tuple(items), None, -1, -1, 1, is_flow=False)


def _mapping(pairs: Iterable[tuple[str, Node]]) -> Mapping:
    nodes = tuple((_quoted(key), value) for key, value in pairs)
    return Mapping(nodes, None, -1, -1, 1, is_flow=False)
