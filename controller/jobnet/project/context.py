"""Holds what is known at a place of the text: what is visible, what is inherited, what comes back.

A ``Place`` is passed down while a flow is read and never changed; the ``Build`` of a network
collects what is only known at its end.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from jobnet.definition import Flow, Position
from jobnet.expressions import Template
from jobnet.project.collections import Collections
from jobnet.project.job_types import JobType
from jobnet.project.mentions import Mention, Scope, mentions_in
from jobnet.project.names import Ids
from jobnet.project.nodes import Mapping, Node, position_of
from jobnet.project.problems import Level, Problem
from jobnet.project.validation import Text, join


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """What unit jobs take over from the network and the blocks around them.

    The nodes of ``keywords``, ``variables`` and ``conditions`` are Ansible's and stay
    unrendered; of several the innermost comes last.
    """

    inventory: tuple[Template, ...] = ()
    hosts: Template | None = None
    keywords: tuple[tuple[str, Node], ...] = ()
    variables: tuple[Mapping, ...] = ()
    conditions: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a network something stands."""

    path: str = ""
    scope: Scope = field(default_factory=Scope)
    inherited: Inherited = field(default_factory=Inherited)

    def at(self, *steps: str | int) -> "Place":
        """Return the same surroundings at a deeper path."""
        path = self.path
        for step in steps:
            path = join(path, step)
        return replace(self, path=path)

    def in_rescue(self) -> "Place":
        """Return this place inside a rescue flow, where ``failed`` exists."""
        return replace(self, scope=replace(self.scope, in_rescue=True))

    def in_loop(self, loop: str, name: str) -> "Place":
        """Return this place inside a for-each part."""
        scope = replace(
            self.scope,
            loops=(*self.scope.loops, loop),
            loop_names=(*self.scope.loop_names, name),
        )
        return replace(self, scope=scope)

    def inheriting(self, inherited: Inherited) -> "Place":
        """Return this place with other things to inherit."""
        return replace(self, inherited=inherited)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPart:
    """A part of the network, whether or not its text could be accepted."""

    is_named: bool
    kind: str
    loops: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Build:
    """One network while it is read."""

    text: Text
    ids: Ids
    folder: str
    file_folder: str
    find_job_type: Callable[[str], JobType | Problem | None]
    job_type_names: Callable[[], tuple[str, ...]]
    collections: Collections
    is_trusted: bool = False
    mentions: list[Mention] = field(default_factory=list)
    parts: dict[str, KnownPart] = field(default_factory=dict)
    parts_read: int = 0
    text_composed: int = 0

    def note(self, value: object, node: Node, place: Place, scope: Scope | None = None) -> None:
        """Remember every name that the expressions in checked values read."""
        seen = scope or place.scope
        for references, where, path in mentions_in(value, node, place.path):
            self.mentions.append(Mention(references=references, node=where, path=path, scope=seen))

    def position(self, node: Node) -> Position:
        """Return where a node stands."""
        return position_of(node, self.text.file)

    def object_to(self, node: Node, place: Place, code: str, what: str, hint: str = "") -> None:
        """Add a problem at a node."""
        self.text.object_to(node, place.path, code, what, hint)

    def warn(self, node: Node, place: Place, code: str, what: str, hint: str = "") -> None:
        """Add a warning at a node."""
        problem = Problem(
            severity=Level.WARNING,
            code=code,
            position=self.position(node),
            path=place.path,
            what=what,
            hint=hint,
        )
        self.text.findings.add(problem)


class FlowReader(Protocol):
    """Reads the flows inside a container part; the containers call back to it."""

    build: Build

    def flow(self, node: Node | None, place: Place) -> Flow:
        """Return the parts of a flow; None gives an empty one."""
