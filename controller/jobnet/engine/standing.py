"""Answers where a part stands, whether it has a record of its own or not.

Most parts of a large network have none: their state follows from the flow they stand in.
Nothing here changes a tracker.
"""

from collections.abc import Iterator

from jobnet.definition import Flow, OnError, Part, SubNetwork, flows_of
from jobnet.engine.keys import flow_key, id_of, item_slot, part_key
from jobnet.engine.layout import Place, address_of
from jobnet.engine.states import EXECUTED_ENDS, State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, RunRecord, Tracker
from jobnet.ids import FlowKey, PartKey

KILLING_HALTS = frozenset({"kill", "now", "timeout", "end_by"})


def run_of(tracker: Tracker) -> RunRecord:
    """Return the run; a tracker without one has not been started."""
    assert tracker.run is not None, "the run has not been started"
    return tracker.run


def flow_of(tracker: Tracker, key: FlowKey) -> FlowRecord:
    """Return a flow that has been opened."""
    record = tracker.flows.get(key)
    assert record is not None, f"flow {key!r} has not been opened"
    return record


def record_of(tracker: Tracker, key: PartKey) -> PartRecord:
    """Return the record of a part that has one."""
    record = tracker.parts.get(key)
    assert record is not None, f"part {key!r} has no record"
    return record


def parts_in(tracker: Tracker, flow: FlowRecord) -> Flow:
    """Return the parts of an opened flow."""
    owner = None if flow.owner is None or flow.is_called else id_of(flow.owner)
    return tracker.layout.flow(flow.network, owner, flow.slot)


def place_of(tracker: Tracker, record: PartRecord) -> Place:
    """Return the place of a part in its document, also while the flow around it is not open."""
    flow = tracker.flows.get(record.flow)
    if flow is not None:
        return tracker.layout.place(flow.network, id_of(record.key))
    address = address_of(tracker.layout, record.key)
    assert address is not None, f"no part has the key {record.key!r}"
    return address.place


def part_of(tracker: Tracker, record: PartRecord) -> Part:
    """Return the definition of a part."""
    return place_of(tracker, record).part


def chain(tracker: Tracker, flow: FlowRecord) -> Iterator[tuple[FlowRecord, PartRecord | None]]:
    """Yield a flow with its container, then the container's flow, up to the root."""
    while True:
        owner = None if flow.owner is None else record_of(tracker, flow.owner)
        yield flow, owner
        if owner is None:
            return
        flow = flow_of(tracker, owner.flow)


def halt_of(tracker: Tracker, flow: FlowRecord) -> str:
    """Return how the flow was told to come to its end early, or "".

    Inside ``always`` only a kill ``now`` counts: it runs whatever ended its block.
    """
    inside_always = False
    for each, owner in chain(tracker, flow):
        inside_always = inside_always or each.slot == "always"
        halt = run_of(tracker).halt if owner is None else owner.halt
        if halt == "now" or (halt and not inside_always):
            return halt
    return ""


def is_suspended(tracker: Tracker, flow: FlowRecord) -> bool:
    """Return whether nothing new may start in this flow."""
    if run_of(tracker).is_suspended:
        return True
    return any(owner is not None and owner.is_suspended for _, owner in chain(tracker, flow))


def is_no_exec(tracker: Tracker, flow: FlowRecord) -> bool:
    """Return whether the flow is only walked: the run or a container around it says so."""
    if run_of(tracker).no_exec:
        return True
    return any(
        owner is not None and (owner.marks.no_exec or part_of(tracker, owner).no_exec)
        for _, owner in chain(tracker, flow)
    )


def handled_by_text(place: Place) -> str:
    """Return how the definition itself handles an abnormal end of a part, or ""."""
    if place.is_judged_by_next:
        return "branch"
    return "continue" if place.part.errors.on_error is OnError.CONTINUE else ""


def has_rescue(tracker: Tracker, flow: FlowRecord) -> bool:
    """Return whether an abnormal end in this flow reaches a block with a rescue."""
    for each, owner in chain(tracker, flow):
        if owner is None or each.slot != "flow" or each.is_called:
            continue
        if tracker.layout.flow(flow_of(tracker, owner.flow).network, id_of(owner.key), "rescue"):
            return True
    return False


def waits_for_limit(record: PartRecord) -> bool:
    """Return whether a call that a rerun has opened again waits for its network's limit."""
    return record.awaits is WaitReason.NETWORK_LIMIT and record.open_flows > 0


def flows_to_resume(tracker: Tracker, record: PartRecord) -> Iterator[FlowRecord]:
    """Yield the open flows inside a call that go on when it may: the innermost ones."""
    for flow in children(tracker, record):
        parts = parts_in(tracker, flow)
        key = part_key(flow.scope, parts[flow.next].id) if flow.next < len(parts) else None
        current = None if key is None else tracker.parts.get(key)
        if not flow.is_open or (current is not None and waits_for_limit(current)):
            continue
        if current is not None and current.open_flows:
            yield from flows_to_resume(tracker, current)
        elif current is None or current.state is State.FIXED or has_ended(current.state):
            yield flow


def children(tracker: Tracker, record: PartRecord) -> Iterator[FlowRecord]:
    """Yield the opened flows of a container, in their order."""
    slots: list[str] = []
    if record.items is not None:
        slots = [item_slot(key) for key, _ in record.items[: record.next_child]]
    else:
        slots = slots_of(place_of(tracker, record).part)
    for slot in slots:
        child = tracker.flows.get(flow_key(record.key, slot))
        if child is not None:
            yield child


def slots_of(part: Part) -> list[str]:
    """Return the slots that a part's flows may have; a called network has ``flow``."""
    if isinstance(part.body, SubNetwork):
        return ["flow"]
    return [slot for slot, _ in flows_of(part)]


_SLOTS_OF_BLOCK = ("flow", "rescue", "always")


def later_slots(slot: str) -> tuple[str, ...]:
    """Return the slots of a block that come after one of them; other containers have none.

    >>> later_slots("flow"), later_slots("always"), later_slots("branch0")
    (('rescue', 'always'), (), ())
    """
    if slot not in _SLOTS_OF_BLOCK:
        return ()
    return _SLOTS_OF_BLOCK[_SLOTS_OF_BLOCK.index(slot) + 1 :]


def earlier_slots(slot: str) -> tuple[str, ...]:
    """Return the slots of a block that come before one of them; other containers have none."""
    if slot not in _SLOTS_OF_BLOCK:
        return ()
    return _SLOTS_OF_BLOCK[: _SLOTS_OF_BLOCK.index(slot)]


def descendants(tracker: Tracker, record: PartRecord) -> Iterator[PartRecord]:
    """Yield every record inside a container, outer ones first."""
    for flow in children(tracker, record):
        yield from records_in(tracker, flow)


def records_in(tracker: Tracker, flow: FlowRecord, first: int = 0) -> Iterator[PartRecord]:
    """Yield the records of a flow from an index on, each followed by those inside it."""
    for part in parts_in(tracker, flow)[first:]:
        record = tracker.parts.get(part_key(flow.scope, part.id))
        if record is not None:
            yield record
            yield from descendants(tracker, record)


def state_in_flow(tracker: Tracker, flow: FlowRecord, index: int, key: PartKey) -> State:
    """Return the state of a part of an opened flow."""
    record = tracker.parts.get(key)
    if record is not None and (record.state is not State.FIXED):
        return record.state
    if flow.stopped_at is not None and index >= flow.stopped_at:
        return flow.stopped_as
    if index < flow.next or not flow.is_open:
        return State.NOT_RUN  # a rerun may begin behind parts that have never run
    return State.FIXED


def state_in_unopened(owner: State, owner_taken: str | None, slot: str) -> State:
    """Return the state of all parts of a flow that has not been opened."""
    if owner in {State.NOT_RUN, State.CANCELLED}:
        return owner
    if slot == "always" and owner in EXECUTED_ENDS:
        return State.NOT_RUN
    if has_ended(owner) or (owner_taken is not None and owner_taken != slot):
        return State.BYPASSED
    return State.FIXED
