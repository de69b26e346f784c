"""Finds networks and parts that wait for each other, over all networks of a project.

A part begins when the one before it has ended, a container ends when all in it have, a called
network when its parts have, and a wait when what it waits for has. A circle of these never
moves. Waits inside one network are looked at by ``structure``; here are those between them.
"""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from jobnet.definition import AnyOf, Network, Part, SubNetwork, WaitNetwork, WaitPart, flows_of
from jobnet.ids import NetworkName
from jobnet.project.problems import Level, Problem
from jobnet.project.remarks.telling import remark
from jobnet.project.structure import Standing, standings

DEADLOCKS_MAX = 20

Step = tuple[str, str, str]
"""What happens: ("begin" or "end", network, part); the part "" is the network itself."""


def deadlock_remarks(networks: Mapping[NetworkName, Network]) -> Iterator[Problem]:
    """Yield one problem for each circle, at the first of its waits; names must be resolved.

    Where a wait of the circle has a timeout, or is in the way only if a condition holds, it
    may get through, and the problem is a warning.
    """
    graph: dict[Step, list[Step]] = {}
    waits: dict[Step, Standing] = {}
    for network in networks.values():
        _add(network, networks, graph, waits)
    for _ in range(DEADLOCKS_MAX):
        circle = _circle(graph)
        if not circle:
            return
        met = [step for step in circle if step in waits]
        crossing = [step for step in met if not _is_inner(waits[step].part)]
        if crossing:
            yield _problem(crossing, waits)
        for step in met:
            graph[step] = [one for one in graph[step] if one not in circle]


def _add(
    network: Network,
    networks: Mapping[NetworkName, Network],
    graph: dict[Step, list[Step]],
    waits: dict[Step, Standing],
) -> None:
    name = network.name
    graph["end", name, ""] = [("end", name, part.id) for part in network.flow]
    for standing in standings(network.flow):
        part = standing.part
        graph["begin", name, str(part.id)] = _before(name, standing)
        needed: list[Step] = [("begin", name, part.id)]
        if not isinstance(part.body, AnyOf):
            needed += [("end", name, one.id) for _, flow in flows_of(part) for one in flow]
        target = _awaited(part, network, networks)
        if target is not None:
            needed.append(target)
        if isinstance(part.body, WaitNetwork | WaitPart):
            waits["end", name, part.id] = standing
        graph["end", name, part.id] = needed


def _before(name: str, standing: Standing) -> list[Step]:
    if standing.index:
        return [("end", name, standing.flow[standing.index - 1].id)]
    return [("begin", name, standing.around.part.id)] if standing.around else []


def _awaited(part: Part, network: Network, networks: Mapping[NetworkName, Network]) -> Step | None:
    match part.body:
        case WaitNetwork(network=name) | SubNetwork(network=name) if name in networks:
            return ("end", name, "")
        case WaitPart(network=str() as name, part=awaited) if name in networks:
            return ("end", name, awaited)
        case WaitPart(network=None, part=awaited):
            return ("end", network.name, awaited)
        case _:
            return None


def _is_inner(part: Part) -> bool:
    return isinstance(part.body, WaitPart) and part.body.network is None


def _circle(graph: Mapping[Step, list[Step]]) -> tuple[Step, ...]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(error.args[1][:-1])
    return ()


def _problem(circle: list[Step], waits: Mapping[Step, Standing]) -> Problem:
    ordered = sorted(circle, key=lambda step: waits[step].part.position)
    names = [f"`{part}` of `{network}`" for _, network, part in ordered]
    told = " and ".join(names[:4]) if len(names) > 1 else names[0]
    what = f"{told} wait for each other" if len(names) > 1 else f"{told} waits for its own end"
    hint = "Let one of them go on without the other, or give it a `timeout`"
    sure = all(_is_sure(waits[step]) for step in circle)
    level = Level.ERROR if sure else Level.WARNING
    return remark(waits[ordered[0]].part, "deadlock", what, hint, level=level)


def _is_sure(standing: Standing) -> bool:
    """Return whether nothing but its end lets a wait go on."""
    body = standing.part.body
    assert isinstance(body, WaitNetwork | WaitPart), "only waits stand here"
    place: Standing | None = standing
    while place is not None:
        if place.part.when is not None or place.part.skip or place.part.no_exec:
            return False
        place = place.around
    return body.limit.timeout is None and body.on_other is None
