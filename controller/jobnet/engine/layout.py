"""Compiles a bundle once, so that no decision of a run has to search the definition.

A place says where a part stands: its flow, its neighbours, the for-each parts around it.
Everything here is static; what happens in a run stands in the tracker.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from jobnet.calendars import Calendar
from jobnet.definition import (
    Body,
    Branch,
    Bundle,
    ContinueFrom,
    Deadlines,
    Flow,
    ForEach,
    Network,
    Part,
    SubNetwork,
    UnitJob,
    WaitPart,
    flows_of,
)
from jobnet.engine.keys import (
    flow_key,
    id_of,
    item_scope,
    item_slot,
    owner_of_scope,
    part_key,
    scope_of,
)
from jobnet.expressions import Expression
from jobnet.ids import FlowKey, NetworkName, PartId, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a part stands in its document.

    ``loops`` are the for-each parts around it, outermost first; ``is_judged_by_next`` says that
    the next part of the sequence decides about an abnormal end of this one (rule 1).
    """

    part: Part
    network: NetworkName
    owner: PartId | None
    slot: str
    index: int
    loops: tuple[PartId, ...]
    is_judged_by_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A bundle with an index over its parts and flows, and its compiled calendars."""

    bundle: Bundle
    calendars: Mapping[str, Calendar]
    places: Mapping[tuple[NetworkName, PartId], Place]
    flows: Mapping[tuple[NetworkName, PartId | None, str], Flow]
    watched: Mapping[tuple[NetworkName, PartId | None, str], tuple[Part, ...]] = field(
        default_factory=dict
    )

    named: Mapping[NetworkName, tuple[str, ...]] = field(default_factory=dict)
    has_own_waits: bool = False

    def network(self, name: NetworkName) -> Network:
        """Return a network of the bundle."""
        return self.bundle.networks[name]

    def place(self, network: NetworkName, part: PartId) -> Place:
        """Return where a part stands."""
        return self.places[network, part]

    def flow(self, network: NetworkName, owner: PartId | None, slot: str) -> Flow:
        """Return the parts of a flow; all items of a for-each share one."""
        return self.flows.get((network, owner, slot_name(slot)), ())

    def flow_called_by(self, body: SubNetwork) -> Flow:
        """Return the flow of a called network."""
        return self.bundle.networks[NetworkName(body.network)].flow

    def watched_in(self, network: NetworkName, owner: PartId | None, slot: str) -> tuple[Part, ...]:
        """Return the parts of a flow that have deadlines."""
        return self.watched.get((network, owner, slot_name(slot)), ())


def slot_name(slot: str) -> str:
    """Return the slot of the text for a slot of a run: ``item`` for ``item[acme]``.

    >>> slot_name("item[acme]"), slot_name("rescue")
    ('item', 'rescue')
    """
    return "item" if slot.startswith("item[") else slot


def compile_layout(bundle: Bundle, calendars: Mapping[str, Calendar]) -> Layout:
    """Return the layout of a bundle. Ids are unique per network; the reader has seen to it."""
    places: dict[tuple[NetworkName, PartId], Place] = {}
    flows: dict[tuple[NetworkName, PartId | None, str], Flow] = {}
    for name, network in bundle.networks.items():
        pending: list[tuple[PartId | None, str, Flow, tuple[PartId, ...]]] = [
            (None, "flow", network.flow, ())
        ]
        while pending:
            owner, slot, flow, loops = pending.pop()
            flows[name, owner, slot] = flow
            for index, part in enumerate(flow):
                assert (name, part.id) not in places, f"part {part.id!r} stands twice in {name!r}"
                places[name, part.id] = Place(
                    part=part,
                    network=name,
                    owner=owner,
                    slot=slot,
                    index=index,
                    loops=loops,
                    is_judged_by_next=_is_judged(flow, index),
                )
                inside = (*loops, part.id) if isinstance(part.body, ForEach) else loops
                pending.extend((part.id, at, inner, inside) for at, inner in flows_of(part))
    watched = {
        key: parts
        for key, flow in flows.items()
        if (parts := tuple(part for part in flow if _has_deadline(bundle, part)))
    }
    return Layout(
        bundle=bundle,
        calendars=calendars,
        places=places,
        flows=flows,
        watched=watched,
        named=_named(bundle, places),
        has_own_waits=any(_is_own_wait(at.part.body) for at in places.values()),
    )


def _named(
    bundle: Bundle, places: Mapping[tuple[NetworkName, PartId], Place]
) -> dict[NetworkName, tuple[str, ...]]:
    """Return the ids that authors gave, by network, in the order of the text."""
    named: dict[NetworkName, list[str]] = {name: [] for name in bundle.networks}
    for (name, part), place in places.items():
        if place.part.is_named:
            named[name].append(str(part))
    return {name: tuple(ids) for name, ids in named.items()}


def _is_own_wait(body: Body) -> bool:
    return isinstance(body, WaitPart) and body.network is None


def _is_judged(flow: Flow, index: int) -> bool:
    """Return whether the next part decides about this one by naming it in an expression."""
    if index + 1 >= len(flow):
        return False
    name = str(flow[index].id)
    following = flow[index + 1].body
    if isinstance(following, UnitJob) and name in following.asks_parts:
        return True
    return any(
        reference[:2] == ("parts", name)
        for expression in _judging_expressions(flow[index + 1])
        for reference in expression.references
    )


def _judging_expressions(part: Part) -> tuple[Expression, ...]:
    found = [] if part.when is None else [part.when]
    match part.body:
        case Branch(cases=cases):
            found.extend(case.when for case in cases)
        case ContinueFrom(until=Expression() as until):
            found.append(until)
        case _:
            pass
    return tuple(found)


def _called(bundle: Bundle, body: Body) -> Network | None:
    return bundle.networks[NetworkName(body.network)] if isinstance(body, SubNetwork) else None


def deadlines_of(bundle: Bundle, part: Part) -> Deadlines:
    """Return the deadlines of a part; a call has those of the called network where it has none."""
    body, own = part.body, part.deadlines
    called = _called(bundle, body)
    if called is None:
        return own
    its = called.deadlines
    return Deadlines(
        end_by=own.end_by or its.end_by,
        late_start=own.late_start or its.late_start,
        late_end=own.late_end or its.late_end,
        overrun=own.overrun or its.overrun,
        underrun=own.underrun or its.underrun,
        latest_start=own.latest_start or its.latest_start,
    )


def timeout_of(bundle: Bundle, part: Part) -> timedelta | None:
    """Return how long an attempt of a part may last; a call takes the called network's too."""
    body = part.body
    called = _called(bundle, body)
    if part.errors.timeout is not None or called is None:
        return part.errors.timeout
    return called.errors.timeout


def _has_deadline(bundle: Bundle, part: Part) -> bool:
    watched = deadlines_of(bundle, part)
    return any((watched.end_by, watched.late_start, watched.late_end, watched.latest_start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The flow that a part key stands in, and its place; known before the flow is opened."""

    flow: FlowKey
    place: Place


def address_of(layout: Layout, key: PartKey) -> Address | None:
    """Return where a part key stands, or None where the definition knows no such part."""
    scope = scope_of(key)
    network = _network_of(layout, scope)
    place = None if network is None else layout.places.get((network, id_of(key)))
    if place is None:
        return None
    owner_key = owner_of_scope(scope) if scope else PartKey("")
    if place.slot == "item":
        inside = scope[len(owner_key) + 1 : -2]
        is_item = scope == item_scope(owner_key, inside) and id_of(owner_key) == place.owner
        flow = flow_key(owner_key, item_slot(inside)) if is_item else None
    elif place.owner is None:
        flow = flow_key(owner_key, "flow") if not scope.endswith("].") else None
    else:
        flow = flow_key(part_key(scope, place.owner), place.slot)
    return None if flow is None else Address(flow=flow, place=place)


def _network_of(layout: Layout, scope: str) -> NetworkName | None:
    """Return the network whose parts have this scope."""
    if not scope:
        return layout.bundle.main
    owner = owner_of_scope(scope)
    outer = _network_of(layout, scope_of(owner))
    place = None if outer is None else layout.places.get((outer, id_of(owner)))
    match None if place is None else place.part.body:
        case ForEach() if scope.endswith("]."):
            return outer
        case SubNetwork(network=called) if not scope.endswith("]."):
            return NetworkName(called)
        case _:
            return None
