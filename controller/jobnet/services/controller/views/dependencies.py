"""Shows what a network needs, and who needs it, across all networks that are applied now.

Every edge is told once, at the step at which it is first met; an edge that leads back to where
the way came from closes a circle, and is told as one.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from jobnet.ids import EditionId, NetworkName
from jobnet.ports.store import Store, Transaction
from jobnet.project.folders import qualified
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.editions import Kept
from jobnet.services.controller.views.needs import Need, NeedKind, Share, Ties, ties_of
from jobnet.services.controller.views.networks import KIND, network_row

EDGES_MAX: Final = 2000
CIRCLES_MAX: Final = 100
SHARERS_MAX: Final = 100
DEPTH_MAX: Final = 100
EDITIONS_KEPT_MAX: Final = 2


class Direction(StrEnum):
    """Which way edges are followed."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One network (``needing``) needs another; ``level`` counts steps from the network asked for.

    ``needed`` is "" for an event that no network sends. ``name`` is the event, or the part that
    is waited for. ``part`` is the part that needs it, at ``path:line``.
    """

    needing: NetworkName
    needed: str
    kind: NeedKind
    part: str
    name: str
    path: str
    line: int
    is_applied: bool
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A queue, a lock or a resource of the network, and who else uses it.

    ``networks`` are the first of them by name, ``count`` is how many there are.
    """

    kind: str
    name: str
    networks: tuple[NetworkName, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DependenciesView:
    """What was found; ``is_cut``: there is more, further away or beyond a bound."""

    network: NetworkName
    direction: Direction
    depth: int
    edges: tuple[Edge, ...]
    circles: tuple[tuple[str, ...], ...]
    shared: tuple[Shared, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ties of all networks of an edition, and where their texts are."""

    ties: Mapping[NetworkName, Ties]
    paths: Mapping[NetworkName, str]
    senders: Mapping[str, tuple[NetworkName, ...]] = field(default_factory=dict)
    needing: Mapping[tuple[bool, str], tuple[tuple[NetworkName, Need], ...]] = field(
        default_factory=dict
    )
    sharers: Mapping[Share, tuple[NetworkName, ...]] = field(default_factory=dict)

    def edges_of(self, name: str, direction: Direction) -> Iterator[Edge]:
        """Yield the edges of one network, one step far."""
        network = NetworkName(name)
        if direction is Direction.UP:
            for need in self._ties(network).needs:
                yield from self._up(network, need)
            return
        for needing, need in self.needing.get((False, name), ()):
            yield self._edge(needing, need, name)
        for event in self._ties(network).sends:
            for needing, need in self.needing.get((True, event), ()):
                yield self._edge(needing, need, name)

    def shared_by(self, network: NetworkName) -> Iterator[Shared]:
        """Yield what a network shares with others."""
        for share in self._ties(network).shares:
            others = [one for one in self.sharers.get(share, ()) if one != network]
            if others:
                yield Shared(
                    kind=share.kind.value,
                    name=share.name,
                    networks=tuple(others[:SHARERS_MAX]),
                    count=len(others),
                )

    def _ties(self, network: NetworkName) -> Ties:
        return self.ties.get(network, Ties())

    def _up(self, network: NetworkName, need: Need) -> Iterator[Edge]:
        if not need.kind.is_event:
            yield self._edge(network, need, need.name)
            return
        for sender in self.senders.get(need.name, ("",)):
            yield self._edge(network, need, sender)

    def _edge(self, needing: NetworkName, need: Need, needed: str) -> Edge:
        return Edge(
            needing=needing,
            needed=needed,
            kind=need.kind,
            part=need.part,
            name=need.name if need.kind.is_event else need.detail,
            path=self.paths.get(needing, ""),
            line=need.line,
            is_applied=needed in self.paths,
        )


class Dependencies:
    """Looks up dependencies in the current edition; may be called from any thread."""

    def __init__(self, store: Store, definitions: Definitions) -> None:
        self._store, self._definitions = store, definitions
        self._kept: Kept[EditionId, Ground] = Kept(EDITIONS_KEPT_MAX)

    def of(
        self, network: NetworkName, *, direction: Direction, depth: int = DEPTH_MAX
    ) -> DependenciesView:
        """Return what a network needs or who needs it; raise ``NetworkNotApplied``."""
        assert 1 <= depth <= DEPTH_MAX, "the routes see to that"
        edition, paths = self._store.read(lambda tx: _paths(tx, network))
        ground = self._kept.get(edition, lambda: self._ground(edition, paths))
        return dependencies(ground, network, direction=direction, depth=depth)

    def _ground(self, edition: EditionId, paths: Mapping[NetworkName, str]) -> Ground:
        queues = self._definitions.queues(edition)
        found = {name: self._definitions.network(name, edition=edition) for name in paths}
        ties = {
            name: ties_of(network, paths, queues)
            for name, network in found.items()
            if network is not None
        }
        return ground_of(ties, paths)


def ground_of(ties: Mapping[NetworkName, Ties], paths: Mapping[NetworkName, str]) -> Ground:
    """Return the ties of networks so that they can be followed both ways."""
    senders: dict[str, list[NetworkName]] = defaultdict(list)
    needing: dict[tuple[bool, str], list[tuple[NetworkName, Need]]] = defaultdict(list)
    sharers: dict[Share, list[NetworkName]] = defaultdict(list)
    for name, own in sorted(ties.items()):
        for event in own.sends:
            senders[event].append(name)
        for need in own.needs:
            needing[need.kind.is_event, need.name].append((name, need))
        for share in own.shares:
            sharers[share].append(name)
    return Ground(
        ties=ties,
        paths=paths,
        senders={event: tuple(names) for event, names in senders.items()},
        needing={wanted: tuple(needs) for wanted, needs in needing.items()},
        sharers={share: tuple(names) for share, names in sharers.items()},
    )


def dependencies(
    ground: Ground, network: NetworkName, *, direction: Direction, depth: int
) -> DependenciesView:
    """Return what can be reached from a network in so many steps."""
    edges, is_cut = _reached(ground, network, direction, depth)
    circles = tuple(_circles(network, edges, direction))
    return DependenciesView(
        network=network,
        direction=direction,
        depth=depth,
        edges=tuple(edges),
        circles=circles[:CIRCLES_MAX],
        shared=tuple(ground.shared_by(network)),
        is_cut=is_cut,
    )


def far_end(edge: Edge, direction: Direction) -> str:
    """Return the network that an edge leads to when it is followed this way."""
    return edge.needed if direction is Direction.UP else edge.needing


def _reached(
    ground: Ground, start: NetworkName, direction: Direction, depth: int
) -> tuple[list[Edge], bool]:
    edges: list[Edge] = []
    seen, ahead = {str(start)}, deque([(str(start), 1)])
    is_cut = False
    while ahead:
        name, level = ahead.popleft()
        for edge in ground.edges_of(name, direction):
            if level > depth or len(edges) >= EDGES_MAX:
                is_cut = True
                break
            edges.append(replace(edge, level=level))
            far = far_end(edge, direction)
            if far and far not in seen:
                seen.add(far)
                ahead.append((far, level + 1))
    return edges, is_cut


def _circles(start: str, edges: Sequence[Edge], direction: Direction) -> Iterator[tuple[str, ...]]:
    """Yield circles, each from and to the same network, as a walk into the depth meets them."""
    ways: dict[str, dict[str, None]] = defaultdict(dict)
    for edge in edges:
        far = far_end(edge, direction)
        near = edge.needing if far == edge.needed else edge.needed
        ways[near][far] = None
    seen, path = {start}, [start]
    places = {start: 0}
    left = [iter(ways[start])]
    while left:
        name = next(left[-1], None)
        if name is None:
            left.pop()
            del places[path.pop()]
        elif name in places:
            yield (*path[places[name] :], name)
        elif name not in seen:
            seen.add(name)
            places[name] = len(path)
            path.append(name)
            left.append(iter(ways.get(name, {})))


def _paths(tx: Transaction, network: NetworkName) -> tuple[EditionId, dict[NetworkName, str]]:
    network_row(tx, network)
    rows = tx.editions.documents(KIND)
    paths = {NetworkName(qualified(row.folder, row.name)): row.path for row in rows}
    return tx.editions.current().id, paths
