"""States the shapes of what networks need of each other."""

from pydantic import Field

from jobnet.services.controller.views.dependencies import Direction
from jobnet.services.controller.views.needs import NeedKind, ShareKind
from jobnet.wire.shapes import Answer


class Edge(Answer):
    """One network needs another."""

    needing: str = Field(description="The network that needs the other.")
    needed: str = Field(description="The other; empty for an event that no network sends.")
    kind: NeedKind
    part: str = Field(description="The part that needs it; empty for the start of the network.")
    name: str = Field(description="The event, or the part of the other, that is waited for.")
    path: str
    line: int
    is_applied: bool = Field(description="Whether the needed network is there.")
    level: int = Field(description="So many steps from the network that was asked for.")


class Shared(Answer):
    """A queue, a lock or a resource, and the other networks that use it."""

    kind: ShareKind
    name: str
    networks: list[str] = Field(description="The first of them by name.")
    count: int


class Dependencies(Answer):
    """What a network needs, or who needs it; each edge stands once, the nearest first."""

    network: str
    direction: Direction
    depth: int
    edges: list[Edge]
    circles: list[list[str]] = Field(description="Ways that lead back to where they begin.")
    shared: list[Shared]
    is_cut: bool = Field(description="There is more than is told.")
