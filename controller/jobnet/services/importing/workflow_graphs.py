"""Turns the graph of an AWX workflow into a flow that does the same.

A node of AWX starts when every node before it is decided, and when any of its links was taken, or
all of them, as the node says. A failed node fails the workflow unless a failure or an always
link leads away from it. Chains, forks and joins of such graphs are said by sequences, branches and
parallels; what cannot be said that way becomes a parallel with a branch for each node, which
waits for those before it and then asks how they ended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FlowItem = dict[str, object]

NESTED_MAX = 8
"""How deep flows stand in flows; a graph that goes deeper is written flat, with waits."""


class Link(StrEnum):
    """When a link between two nodes is taken."""

    SUCCESS = "success"
    FAILURE = "failure"
    ALWAYS = "always"


class GraphIsCircular(Exception):
    """A graph that no order of its nodes fits; the text names some of them."""


@dataclass(slots=True)
class Graph:
    """Nodes in the order of the export, by the id of their part, and the links between them.

    ``wants_all`` are the nodes for which every link must be taken.
    """

    nodes: list[str]
    wants_all: frozenset[str] = frozenset()
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)

    def connect(self, parent: str, child: str, link: Link) -> None:
        """Add a link; two different ones between the same nodes are taken always."""
        known = self.links.get((parent, child))
        if known is None:
            self.parents.setdefault(child, []).append(parent)
            self.children.setdefault(parent, []).append(child)
        self.links[parent, child] = link if known in {None, link} else Link.ALWAYS

    def is_handled(self, node: str) -> bool:
        """Return whether the failure of a node leads somewhere."""
        ways = (self.links[node, child] for child in self.children.get(node, ()))
        return any(link is not Link.SUCCESS for link in ways)


def flow_of(graph: Graph, parts: Mapping[str, FlowItem]) -> list[FlowItem]:
    """Return the flow of a workflow; ``GraphIsCircular`` where there is none."""
    return _Flow(graph, parts).of(in_order(graph))


def in_order(graph: Graph) -> list[str]:
    """Return the nodes so that each comes after those before it."""
    waits = {node: len(graph.parents.get(node, ())) for node in graph.nodes}
    ready = [node for node in graph.nodes if not waits[node]]
    found: list[str] = []
    while ready:
        node = ready.pop(0)
        found.append(node)
        for child in graph.children.get(node, ()):
            waits[child] -= 1
            if not waits[child]:
                ready.append(child)
    if len(found) < len(graph.nodes):
        left = [node for node in graph.nodes if waits[node]]
        raise GraphIsCircular(", ".join(left[:5]))
    return found


class _Flow:
    """One graph on its way to a flow; the nodes handed around are always in order."""

    def __init__(self, graph: Graph, parts: Mapping[str, FlowItem]) -> None:
        self._graph, self._parts = graph, parts

    def of(self, nodes: list[str], depth: int = 0) -> list[FlowItem]:
        groups = self._groups(nodes)
        return _beside([self._connected(group, depth + 1) for group in groups])

    def _connected(self, nodes: list[str], depth: int) -> list[FlowItem]:
        if len(nodes) == 1:
            return [self._parts[nodes[0]]]
        if depth > NESTED_MAX:
            return self._each_for_itself(nodes)
        if cuts := self._cuts(nodes):
            stretches = zip([0, *cuts], [*cuts, len(nodes)], strict=True)
            return [item for a, b in stretches for item in self.of(nodes[a:b], depth)]
        return self._from_one(nodes, depth) or self._each_for_itself(nodes)

    def _groups(self, nodes: list[str]) -> list[list[str]]:
        """Return the nodes in groups without a link between them."""
        inside, group_of = set(nodes), {}
        for node in nodes:
            if node in group_of:
                continue
            waiting = [node]
            while waiting:
                one = waiting.pop()
                if one not in group_of:
                    group_of[one] = node
                    waiting += [each for each in self._neighbours(one) if each in inside]
        groups: dict[str, list[str]] = {}
        for node in nodes:
            groups.setdefault(group_of[node], []).append(node)
        return list(groups.values())

    def _neighbours(self, node: str) -> list[str]:
        return [*self._graph.parents.get(node, ()), *self._graph.children.get(node, ())]

    def _parents(self, node: str, inside: Iterable[str]) -> list[str]:
        return [parent for parent in self._graph.parents.get(node, ()) if parent in inside]

    def _cuts(self, nodes: list[str]) -> list[int]:
        """Return after how many nodes all that follow need the success of all before."""
        inside, number = set(nodes), {node: place for place, node in enumerate(nodes)}
        before: list[int] = []
        for node in nodes:
            parents = self._parents(node, inside)
            if any(self._graph.links[parent, node] is not Link.SUCCESS for parent in parents):
                return []
            if len(parents) > 1 and node not in self._graph.wants_all:
                return []
            mask = 0
            for parent in parents:
                mask |= before[number[parent]] | 1 << number[parent]
            before.append(mask)
        cuts: list[int] = []
        common = -1
        for cut in range(len(nodes) - 1, 0, -1):
            common &= before[cut]
            wanted = (1 << cut) - 1
            if common & wanted == wanted:
                cuts.append(cut)
        return cuts[::-1]

    def _from_one(self, nodes: list[str], depth: int) -> list[FlowItem]:
        """Return the flow of a graph that hangs on its first node, or [] where it does not."""
        first, rest = nodes[0], nodes[1:]
        inside = set(nodes)
        if any(not self._parents(node, inside) for node in rest):
            return []
        flows: dict[Link, list[list[FlowItem]]] = {link: [] for link in Link}
        for group in self._groups(rest):
            members = set(group)
            roots = [node for node in group if not self._parents(node, members)]
            hanging = {node for node in group if (first, node) in self._graph.links}
            links = {self._graph.links[first, node] for node in hanging}
            if hanging != set(roots) or len(links) != 1:
                return []
            flows[links.pop()].append(self.of(group, depth))
        return [self._parts[first], *_behind(first, flows)]

    def _each_for_itself(self, nodes: list[str]) -> list[FlowItem]:
        inside = set(nodes)
        branches = [{"name": node, "flow": self._waiting(node, inside)} for node in nodes]
        return [{"parallel": {"branches": branches}}]

    def _waiting(self, node: str, inside: set[str]) -> list[FlowItem]:
        """Return the branch of one node: it waits, asks, runs, and says that it is watched."""
        parents = self._parents(node, inside)
        flow: list[FlowItem] = [
            {"wait_part": {"part": parent, "result": "ended"}} for parent in parents
        ]
        part = dict(self._parts[node])
        if condition := self._condition(node, parents, inside):
            part["when"] = condition
        flow.append(part)
        if self._graph.is_handled(node):
            case = {"when": f"parts.{node}.abnormal", "flow": []}
            flow.append({"branch": {"cases": [case], "else": []}})
        return flow

    def _condition(self, node: str, parents: list[str], inside: set[str]) -> str:
        terms = [self._term(parent, node, inside) for parent in parents]
        if node in self._graph.wants_all:
            return " and ".join(term for term in terms if term)
        if len(terms) > 1:
            terms = [f"({term})" if " and " in term else term for term in terms]
        return " or ".join(terms) if all(terms) else ""

    def _term(self, parent: str, node: str, inside: set[str]) -> str:
        """Return when a link is taken, asked after its parent was decided; "" if always."""
        link = self._graph.links[parent, node]
        if link is Link.FAILURE:
            return f"parts.{parent}.abnormal"
        may_pass = bool(self._parents(parent, inside))
        ran = f"parts.{parent}.state != 'bypassed'" if may_pass else ""
        well = f"not parts.{parent}.abnormal" if link is Link.SUCCESS else ""
        return " and ".join(term for term in (well, ran) if term)


def _beside(flows: list[list[FlowItem]]) -> list[FlowItem]:
    if len(flows) == 1:
        return flows[0]
    return [{"parallel": {"branches": [{"flow": flow} for flow in flows]}}]


def _behind(first: str, flows: Mapping[Link, list[list[FlowItem]]]) -> list[FlowItem]:
    """Return what follows a node, by the links that lead there."""
    well, badly, always = flows[Link.SUCCESS], flows[Link.FAILURE], flows[Link.ALWAYS]
    if not badly and not always:
        return _beside(well)
    chosen: list[list[FlowItem]] = []
    if well or badly:
        case = {"when": f"not parts.{first}.abnormal", "flow": _beside(well) if well else []}
        branch = {"cases": [case], "else": _beside(badly) if badly else []}
        chosen.append([{"branch": branch}])
    if not always:
        return chosen[0]
    # Its condition is always true; by naming the part it says that a failure is dealt with.
    branches = [{"flow": flow} for flow in (*chosen, *always)]
    return [{"parallel": {"branches": branches}, "when": f"parts.{first}.ended is not none"}]
