"""Finds the parts of a run whose end let the turn of another come, by where they stand.

Equal instants prove nothing on a virtual clock, where much happens at once; the structure does: a
part follows the one before it, or whatever let the flow around it open.
"""

from collections.abc import Iterable, Iterator

from jobnet.definition import AnyOf, Block, ForEach, Parallel
from jobnet.engine import Tracker
from jobnet.engine.keys import ROOT_FLOW, part_key
from jobnet.engine.standing import (
    children,
    earlier_slots,
    flow_of,
    part_of,
    parts_in,
    place_of,
    record_of,
)
from jobnet.engine.states import CLASS_OF_END, EndClass
from jobnet.engine.tracker import FlowRecord, PartRecord
from jobnet.ids import PartKey


def parts_before(
    tracker: Tracker, record: PartRecord, delayed: frozenset[PartKey]
) -> tuple[PartKey, ...]:
    """Return the parts whose end let the turn of a part come; () where the run began with it.

    ``delayed`` are containers that have waited themselves: they stand for what was before them.
    """
    flow = flow_of(tracker, record.flow)
    for part in reversed(parts_in(tracker, flow)[: place_of(tracker, record).index]):
        before = tracker.parts.get(part_key(flow.scope, part.id))
        if before is not None:
            return tuple(_last_of(tracker, before, delayed))
    if flow.owner is None:
        return ()
    owner = record_of(tracker, flow.owner)
    beside = list(_flows_before(tracker, owner, flow))
    found = [key for each in beside for key in _last_in(tracker, each, delayed)]
    if found and isinstance(part_of(tracker, owner).body, Block):
        return tuple(found)
    around = (owner.key,) if owner.key in delayed else parts_before(tracker, owner, delayed)
    return (*found, *around)


def last_parts(tracker: Tracker, delayed: frozenset[PartKey]) -> tuple[PartKey, ...]:
    """Return the parts whose end ended the run."""
    root = tracker.flows.get(ROOT_FLOW)
    return () if root is None else tuple(_last_in(tracker, root, delayed))


def _flows_before(tracker: Tracker, owner: PartRecord, flow: FlowRecord) -> Iterator[FlowRecord]:
    """Yield the flows of a container that had to go before one of them."""
    body = part_of(tracker, owner).body
    opened = list(children(tracker, owner))
    if isinstance(body, Block):
        slots = earlier_slots(flow.slot)
        yield from (each for each in reversed(opened) if each.slot in slots)
    elif isinstance(body, Parallel | ForEach) and body.limit is not None:
        number = next(n for n, each in enumerate(opened) if each.key == flow.key)
        if number >= body.limit:
            yield from opened[:number]


def _last_of(
    tracker: Tracker, record: PartRecord, delayed: frozenset[PartKey]
) -> Iterator[PartKey]:
    """Yield the parts whose end ended a part: itself, or the last ones inside it."""
    flows = list(children(tracker, record))
    if not flows:
        yield record.key
        return
    body = part_of(tracker, record).body
    if isinstance(body, Block):
        flows = flows[-1:]
    found = [key for flow in flows for key in _last_in(tracker, flow, delayed)]
    if isinstance(body, AnyOf):
        found = list(_winners(tracker, record, found))
    if found:
        yield from found
    elif record.key in delayed:
        yield record.key
    else:
        yield from parts_before(tracker, record, delayed)


def _winners(tracker: Tracker, record: PartRecord, found: Iterable[PartKey]) -> Iterator[PartKey]:
    """Yield those of the last parts of branches that let an OR branch go on."""
    for each in (record_of(tracker, key) for key in found):
        is_good = CLASS_OF_END.get(each.state) in {EndClass.FINE, EndClass.WARNING}
        if is_good and each.ended == record.ended:
            yield each.key


def _last_in(tracker: Tracker, flow: FlowRecord, delayed: frozenset[PartKey]) -> Iterator[PartKey]:
    for part in reversed(parts_in(tracker, flow)):
        record = tracker.parts.get(part_key(flow.scope, part.id))
        if record is not None:
            yield from _last_of(tracker, record, delayed)
            return
