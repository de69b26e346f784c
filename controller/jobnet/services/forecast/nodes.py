"""Says what has nowhere to run any more when a node is away.

A queue or a part that names nodes runs on any of them; one that names only the lost node waits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from jobnet.definition import Bundle, Part, Placement, Queue
from jobnet.services.forecast.asked import Situation

AWAY = "node {} is away"
"""The name of the queue in which parts stand whose only node is away; it is held."""


def queues_without(queues: Mapping[str, Queue], node: str) -> Iterator[str]:
    """Yield the queues that have no node but a lost one."""
    for name, queue in queues.items():
        if queue.nodes and set(queue.nodes) == {node}:
            yield name


def situation_without(one: Situation, node: str) -> Situation:
    """Return the situation with the parts in line that run only on a lost node, else itself."""
    networks = dict(one.networks)
    for name, defined in one.networks.items():
        bundle = _bundle_without(defined.bundle, node)
        if bundle is not defined.bundle:
            networks[name] = replace(defined, bundle=bundle)
    if all(networks[name] is one.networks[name] for name in networks):
        return one
    away = Queue(name=AWAY.format(node), is_held=True)
    limits = tuple(
        (at, replace(each, queues={**each.queues, away.name: away})) for at, each in one.limits
    )
    return replace(one, networks=networks, limits=limits)


def _bundle_without(bundle: Bundle, node: str) -> Bundle:
    networks = {}
    for name, network in bundle.networks.items():
        outer = network.placement.nodes
        flow = _in_line(network.flow, node, outer)
        networks[name] = network if flow is network.flow else replace(network, flow=flow)
    if all(networks[name] is bundle.networks[name] for name in networks):
        return bundle
    return replace(bundle, networks=networks)


def _in_line(value: Any, node: str, outer: tuple[str, ...]) -> Any:  # noqa: ANN401 - any tree
    """Return a tree of parts in which those that run only on a node stand in a held queue."""
    if isinstance(value, tuple):
        made = tuple(_in_line(each, node, outer) for each in value)
        is_same = all(one is other for one, other in zip(made, value, strict=True))
        return value if is_same else made
    if not is_dataclass(value) or isinstance(value, type | Placement):
        return value
    return _part_in_line(value, node, outer)


def _part_in_line(value: Any, node: str, outer: tuple[str, ...]) -> Any:  # noqa: ANN401 - any body
    given = {each.name: getattr(value, each.name) for each in fields(value)}
    holds_parts = {
        name: each for name, each in given.items() if isinstance(each, tuple) or name == "body"
    }
    made_of = {name: _in_line(each, node, outer) for name, each in holds_parts.items()}
    new = {name: each for name, each in made_of.items() if each is not holds_parts[name]}
    if isinstance(value, Part) and set(value.placement.nodes or outer) == {node}:
        new["placement"] = replace(value.placement, queue=AWAY.format(node))
    return replace(value, **new) if new else value
