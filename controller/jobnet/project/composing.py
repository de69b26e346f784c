"""Composes YAML text into nodes, within limits that hold before anything is built.

The events come from libyaml, the very parser that Ansible uses: fast (a thousand parts in
some 60 ms, where a round-trip parser in Python takes a second), and what Ansible is handed
later was understood the same way here. What a plain scalar *means* is decided elsewhere: by
the rules of YAML 1.2 for Jobnet's own keys (``scalars``), by Ansible for its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, cast

import yaml

from jobnet.definition import Position
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, is_merge, position_of
from jobnet.project.problems import Problem

DEPTH_MAX = 64
NODES_MAX = 300_000
WEIGHT_MAX = 400_000
DOCUMENTS_MAX = 1_000
TEXT_PER_WEIGHT = 64


class Document(NamedTuple):
    """One document of a file with the problems of its keys; ``root`` None: it is empty."""

    root: Node | None
    problems: tuple[Problem, ...] = ()


class Composition(NamedTuple):
    """The documents of a text, and what ended the reading before the end of the file, if so."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    start_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool


class _TooMuch(Exception):
    """A limit was reached; ``problem`` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


@dataclass(slots=True)
class _Frame:
    """A collection whose end has not been met yet."""

    event: _Event
    is_mapping: bool
    children: list[Node] = field(default_factory=list)
    weight: int = 1


@dataclass(slots=True)
class _Composer:
    """The state of one pass over the events of one text."""

    file: str
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    root: Node | None = None
    nodes: int = 0

    def take(self, event: _Event) -> None:
        match type(event).__name__:
            case "ScalarEvent":
                self._scalar(event)
            case "MappingStartEvent":
                self._begin(event, is_mapping=True)
            case "SequenceStartEvent":
                self._begin(event, is_mapping=False)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "AliasEvent":
                self._alias(event)
            case "DocumentStartEvent":
                self.anchors, self.root, self.problems = {}, None, []
            case "DocumentEndEvent":
                self._end_document(event)
            case _:
                pass

    def _scalar(self, event: _Event) -> None:
        style = event.style or ""
        mark = event.start_mark
        node = Scalar(event.value, style, event.tag, mark.line, mark.column)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self._add(node, _weight(node), event)

    def _begin(self, event: _Event, *, is_mapping: bool) -> None:
        if len(self.frames) >= DEPTH_MAX:
            what = f"The text is nested deeper than {DEPTH_MAX} levels"
            raise self._too_much(event, "too_deep", what, "Split it into called networks")
        if event.anchor is not None:
            self.anchors[event.anchor] = None  # until its end it must not contain itself
        self.frames.append(_Frame(event, is_mapping))

    def _end(self) -> None:
        frame = self.frames.pop()
        node = self._collection(frame)
        if frame.event.anchor is not None:
            self.anchors[frame.event.anchor] = node
        self._add(node, frame.weight, frame.event)

    def _collection(self, frame: _Frame) -> Node:
        event, mark = frame.event, frame.event.start_mark
        place = (event.tag, mark.line, mark.column, frame.weight, bool(event.flow_style))
        if not frame.is_mapping:
            return Sequence(tuple(frame.children), *place)
        pairs = tuple(zip(frame.children[::2], frame.children[1::2], strict=True))
        self.problems += _odd_keys(pairs, self.file)
        self.problems += _doubled_keys(pairs, self.file)
        return Mapping(pairs, *place)

    def _alias(self, event: _Event) -> None:
        name = event.anchor or ""
        target = self.anchors.get(name)
        if target is None:
            known = name in self.anchors
            what = f"`*{name}` stands inside its own anchor" if known else f"No anchor `&{name}`"
            raise self._too_much(event, "unknown_anchor", what, "Write the value itself")
        self._add(target, _weight(target), event)

    def _add(self, node: Node, weight: int, event: _Event) -> None:
        self.nodes += 1
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        frame.children.append(node)
        frame.weight += weight
        if self.nodes > NODES_MAX:
            what = f"The file holds more than {NODES_MAX:,} values"
            raise self._too_much(event, "too_many_values", what, "Split it")
        if frame.weight > WEIGHT_MAX:
            what = f"The aliases of this text stand for more than {WEIGHT_MAX:,} values"
            raise self._too_much(event, "too_many_aliases", what, "Write fewer aliases of aliases")

    def _end_document(self, event: _Event) -> None:
        self.documents.append(Document(self.root, tuple(self.problems)))
        if len(self.documents) >= DOCUMENTS_MAX:
            what = f"The file holds more than {DOCUMENTS_MAX} documents"
            raise self._too_much(event, "too_many_documents", what, "Split it")

    def _too_much(self, event: _Event, code: str, what: str, hint: str) -> _TooMuch:
        place = Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        return _TooMuch(Problem(code=code, position=place, what=what, hint=hint))


def _weight(node: Node) -> int:
    """Return how much a node is worth with its aliases expanded; long texts count by length."""
    return 1 + len(node.value) // TEXT_PER_WEIGHT if isinstance(node, Scalar) else node.weight


def compose(text: str, *, file: str) -> Composition:
    """Return the documents of a text; bad content becomes problems and is never raised."""
    composer = _Composer(file)
    try:
        for event in _events(text):
            composer.take(event)
    except _TooMuch as stop:
        return Composition(tuple(composer.documents), (stop.problem,))
    except yaml.YAMLError as error:
        return Composition(tuple(composer.documents), (_syntax_problem(error, text, file),))
    return Composition(tuple(composer.documents))


def _events(text: str) -> Iterator[_Event]:
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return cast(Iterator[_Event], yaml.parse(text, Loader=loader))


def _odd_keys(pairs: tuple[tuple[Node, Node], ...], file: str) -> Iterator[Problem]:
    """Find keys that are no scalars; nearly always an unquoted ``{{ template }}``."""
    for key, _ in pairs:
        if isinstance(key, Scalar):
            continue
        place = position_of(key, file)
        what = "This is read as a mapping with another one as its key"
        hint = 'Quote a template: "{{ ... }}"'
        yield Problem(code="unquoted_template", position=place, what=what, hint=hint)


def _doubled_keys(pairs: tuple[tuple[Node, Node], ...], file: str) -> Iterator[Problem]:
    if len(pairs) < 2:  # noqa: PLR2004 - one key cannot stand twice
        return
    seen: dict[str, Scalar] = {}
    for key, _ in pairs:
        if not isinstance(key, Scalar) or is_merge(key):
            continue
        first = seen.setdefault(key.value, key)
        if first is not key:
            place = position_of(key, file)
            what = f"The key `{key.value[:60]}` stands twice; first in line {first.line + 1}"
            hint = "Remove one of them"
            yield Problem(code="duplicate_key", position=place, what=what, hint=hint)


HINTS = (
    ("\\t", "Indent with spaces, never with tabs"),
    ("mapping values are not allowed", "Quote the text that holds the colon"),
    ("did not find expected ',' or", "Quote the text, or write block style"),
    ("special characters are not allowed", "Remove the control character"),
    ("control characters are not allowed", "Remove the control character"),
    ("could not find expected ':'", "Write `key: value`"),
    ("did not find expected key", "Check the indentation, and quote texts with special characters"),
)


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = Position(file)
    if mark is not None:
        position = Position(file, mark.line + 1, mark.column + 1)
    elif isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        position = Position(file, line, column)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    where = getattr(error, "context", None)
    what = f"This is no YAML: {said}" + (f" ({where})" if where else "")
    hint = next((hint for sign, hint in HINTS if sign in what), "")
    return Problem(code="yaml_syntax", position=position, what=what, hint=hint)
