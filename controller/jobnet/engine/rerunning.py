"""Plans a rerun: which parts begin anew, and which flows open again around them.

The reset set is the targets and all that comes after them: the rest of their sequence, then of
each enclosing container's sequence up to the root. Everything else is carried.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jobnet.definition import RerunRule
from jobnet.engine import orders as o
from jobnet.engine.keys import ROOT_FLOW, flow_key, id_of, part_key
from jobnet.engine.layout import address_of
from jobnet.engine.replacing import replace
from jobnet.engine.rerun_choices import narrowed_of, refuse_cases, refuse_jumps_out
from jobnet.engine.standing import (
    chain,
    children,
    descendants,
    earlier_slots,
    flow_of,
    later_slots,
    part_of,
    parts_in,
    record_of,
    run_of,
)
from jobnet.engine.states import CLASS_OF_END, EndClass, State, has_ended, is_active
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.errors.engine import OrderRefused
from jobnet.ids import FlowKey, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunPlan:
    """What a rerun does: ``passed`` are failed parts that are taken as handled.

    ``narrowed`` are the unit jobs that work on the hosts of the order only.
    """

    targets: tuple[PartKey, ...]
    reset: tuple[PartKey, ...]
    reopened: tuple[FlowKey, ...]
    passed: tuple[PartKey, ...] = ()
    narrowed: tuple[PartKey, ...] = ()


def plan_rerun(tracker: Tracker, order: o.Rerun) -> RerunPlan:
    """Return the plan of a rerun, or raise ``OrderRefused`` with the reason."""
    targets = _targets(tracker, order)
    if order.start is o.RerunFrom.AFTER_FAILED:
        plan = _plan(tracker, order, _followers(tracker, targets), passed=targets)
    else:
        plan = _plan(tracker, order, targets, passed=())
    refuse_cases(tracker, order, plan.reset)
    return replace(plan, narrowed=narrowed_of(tracker, order, plan.targets))


def plan_continuation(tracker: Tracker, key: PartKey) -> RerunPlan | None:
    """Return how the flow goes on behind a part whose bad end an operator has made good.

    None where its end had been handled already, or a rescue or ``always`` follows it.
    """
    address = address_of(tracker.layout, key)
    flow = None if address is None else tracker.flows.get(address.flow)
    if address is None or flow is None or flow.is_open or flow.next <= address.place.index:
        return None
    for each, owner in chain(tracker, flow):
        halt = run_of(tracker).halt if owner is None else owner.halt
        is_cleaning_up = owner is not None and owner.taken in {"rescue", "always"}
        if halt or (owner and is_cleaning_up and each.slot == "flow" and not owner.ended):
            return None
    after = o.Rerun(start=o.RerunFrom.AFTER_FAILED)
    try:
        return _plan(tracker, after, _followers(tracker, (key,)), passed=(key,))
    except OrderRefused:
        return None


def plan_judging(tracker: Tracker, key: PartKey) -> tuple[FlowKey, ...]:
    """Return the flows that are judged anew when a part of a closed one gets another result.

    None where its flow is still open, or was ended early by an order or a deadline: what counts
    of it is then decided elsewhere. Raise ``OrderRefused`` while the flow around has gone on.
    """
    address = address_of(tracker.layout, key)
    flow = None if address is None else tracker.flows.get(address.flow)
    if flow is None or flow.is_open:
        return ()
    for _, owner in chain(tracker, flow):
        if run_of(tracker).halt if owner is None else owner.halt:
            return ()
    flows: dict[FlowKey, int] = {}
    _include(tracker, key, o.Rerun(start=o.RerunFrom.ONLY, parts=(key,)), {}, flows)
    active = sorted(set(_active_around(tracker, {}, flows)))
    if active:
        because = f"what follows it is still active: {', '.join(active[:5])}"
        raise OrderRefused("changeresult", str(key), because)
    return tuple(sorted(flows, key=lambda each: (-flows[each], each)))


def _plan(
    tracker: Tracker, order: o.Rerun, targets: tuple[PartKey, ...], *, passed: tuple[PartKey, ...]
) -> RerunPlan:
    reset: dict[PartKey, None] = {}
    flows: dict[FlowKey, int] = {}
    lonely = tuple(key for key in passed if not _followers(tracker, (key,)))
    for target in (*targets, *lonely):
        _include(tracker, target, order, reset, flows)
    passed = tuple(key for key in passed if _is_passed(tracker, key, reset, flows))
    for key in passed:
        reset.pop(key, None)
    flows = {key: depth for key, depth in flows.items() if _stays(tracker, key, reset, flows)}
    _refuse_active(tracker, reset, flows)
    _refuse_never(tracker, reset)
    reopened = tuple(sorted(flows, key=lambda key: (-flows[key], key)))
    return RerunPlan(targets=targets, reset=tuple(reset), reopened=reopened, passed=passed)


def _targets(tracker: Tracker, order: o.Rerun) -> tuple[PartKey, ...]:
    match order.start:
        case o.RerunFrom.WHOLE:
            root = flow_of(tracker, ROOT_FLOW)
            found = tuple(part_key(root.scope, part.id) for part in parts_in(tracker, root)[:1])
        case o.RerunFrom.FAILED | o.RerunFrom.AFTER_FAILED:
            found = tuple(record.key for record in _failed(tracker))
        case o.RerunFrom.WARNING:
            found = tuple(
                record.key for record in _leaves(tracker) if record.state is State.WARNING
            )
        case o.RerunFrom.PART | o.RerunFrom.ONLY:
            found = order.parts
    if not found:
        raise OrderRefused("rerun", str(run_of(tracker).run), f"no part is {order.start.value}")
    for key in found:
        _refuse_unknown(tracker, key)
        if order.start is o.RerunFrom.ONLY:
            refuse_jumps_out(tracker, key)
    return found


def _refuse_unknown(tracker: Tracker, key: PartKey) -> None:
    address = address_of(tracker.layout, key)
    if address is None:
        raise OrderRefused("rerun", str(key), "this run has no such part")
    if tracker.flows.get(address.flow) is None:
        raise OrderRefused("rerun", str(key), "the flow around it was never begun")


def _leaves(tracker: Tracker) -> Iterator[PartRecord]:
    for record in tracker.parts.values():
        if has_ended(record.state) and next(children(tracker, record), None) is None:
            yield record


def _failed(tracker: Tracker) -> list[PartRecord]:
    """Return the leaves that ended abnormally and were not handled, in a fixed order."""
    found = [
        record
        for record in _leaves(tracker)
        if CLASS_OF_END.get(record.state) is EndClass.ABNORMAL
        and record.handled not in {"branch", "rescue", "continue", "release"}
    ]
    return sorted(found, key=lambda record: record.key)


def _followers(tracker: Tracker, targets: tuple[PartKey, ...]) -> tuple[PartKey, ...]:
    """Return the parts directly after these in their flows."""
    found: list[PartKey] = []
    for target in targets:
        address = address_of(tracker.layout, target)
        assert address is not None, "targets have been checked"
        flow = flow_of(tracker, address.flow)
        rest = parts_in(tracker, flow)[address.place.index + 1 :]
        found.extend(part_key(flow.scope, part.id) for part in rest[:1])
    return tuple(found)


def _include(
    tracker: Tracker,
    target: PartKey,
    order: o.Rerun,
    reset: dict[PartKey, None],
    flows: dict[FlowKey, int],
) -> None:
    """Add a target and what comes after it, in its flow and in those around it."""
    address = address_of(tracker.layout, target)
    assert address is not None, "targets have been checked"
    around = list(chain(tracker, flow_of(tracker, address.flow)))
    index = address.place.index
    for depth, (flow, owner) in enumerate(around):
        flows[flow.key] = len(around) - depth
        is_inner = depth == 0
        rest = parts_in(tracker, flow)[index if is_inner else index + 1 :]
        if order.start is o.RerunFrom.ONLY:
            rest = rest[:1] if is_inner else ()
        for part in rest:
            reset[part_key(flow.scope, part.id)] = None
        if owner is None:
            return
        if order.start is not o.RerunFrom.ONLY:
            reset.update(dict.fromkeys(_after_block_flow(tracker, flow, owner)))
        outer = address_of(tracker.layout, owner.key)
        assert outer is not None, "a container that has begun has an address"
        index = outer.place.index


def _stays(
    tracker: Tracker, key: FlowKey, reset: Mapping[PartKey, None], flows: Mapping[FlowKey, int]
) -> bool:
    """Return whether a flow is opened again itself, not begun anew by what is around it."""
    for flow, owner in chain(tracker, flow_of(tracker, key)):
        if owner is not None and owner.key in reset:
            return False
        slots = () if owner is None else earlier_slots(flow.slot)
        if owner is not None and any(flow_key(owner.key, slot) in flows for slot in slots):
            return False
    return True


def _is_passed(
    tracker: Tracker, key: PartKey, reset: Mapping[PartKey, None], flows: Mapping[FlowKey, int]
) -> bool:
    """Return whether a failed part is taken as handled; one in a flow that begins anew is not."""
    address = address_of(tracker.layout, key)
    assert address is not None, "targets have been checked"
    return _stays(tracker, address.flow, reset, flows)


def _after_block_flow(tracker: Tracker, flow: FlowRecord, owner: PartRecord) -> Iterator[PartKey]:
    """Yield what ran in the rescue and ``always`` of a block after one of its flows."""
    for slot in later_slots(flow.slot):
        for part in tracker.layout.flow(flow.network, id_of(owner.key), slot):
            key = part_key(flow.scope, part.id)
            if tracker.parts.get(key) is not None:
                yield key


def _refuse_active(
    tracker: Tracker, reset: Mapping[PartKey, None], flows: Mapping[FlowKey, int]
) -> None:
    active = [
        str(each.key)
        for key in reset
        if (record := tracker.parts.get(key)) is not None
        for each in [record, *descendants(tracker, record)]
        if each.is_live or each.open_flows or is_active(each.state)
    ]
    active += _active_around(tracker, reset, flows)
    if active:
        names = ", ".join(active[:5])
        raise OrderRefused("rerun", str(run_of(tracker).run), f"still active: {names}")


def _active_around(
    tracker: Tracker, reset: Mapping[PartKey, None], flows: Mapping[FlowKey, int]
) -> Iterator[str]:
    """Yield what a reopened flow would overtake, and the losers of an OR branch around it."""
    owners = {flow_of(tracker, key).owner for key in flows}
    for key in flows:
        flow = flow_of(tracker, key)
        parts = parts_in(tracker, flow)
        if flow.is_open and flow.next < len(parts):
            at = part_key(flow.scope, parts[flow.next].id)
            if at not in reset and at not in owners:
                yield str(at)
    for owner_key in owners:
        owner = None if owner_key is None else record_of(tracker, owner_key)
        if owner is not None and has_ended(owner.state) and owner.open_flows:
            yield str(owner.key)
    yield from _active_before(tracker, flows)


def _active_before(tracker: Tracker, flows: Iterable[FlowKey]) -> Iterator[str]:
    """Yield what is under way in a block whose rescue or ``always`` would be reopened."""
    for key in flows:
        flow = flow_of(tracker, key)
        if flow.owner is None:
            continue
        for slot in earlier_slots(flow.slot):
            earlier = tracker.flows.get(flow_key(flow.owner, slot))
            if earlier is not None and earlier.is_open:
                yield f"{flow.owner} ({slot})"


def _refuse_never(tracker: Tracker, reset: Iterable[PartKey]) -> None:
    for key in reset:
        record = tracker.parts.get(key)
        if record is None:
            continue
        for each in [record, *descendants(tracker, record)]:
            errors = part_of(tracker, record_of(tracker, each.key)).errors
            if errors.rerun is RerunRule.NEVER and each.attempt:
                note = f": {errors.rerun_note}" if errors.rerun_note else ""
                raise OrderRefused("rerun", str(each.key), f"it may never run again{note}")
