"""Says what a run that stands still is waiting for, and who can resolve it.

Nothing may be left over: a part that has not ended and that nobody can move is a dead run.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jobnet.engine import Tracker
from jobnet.engine import orders as o
from jobnet.engine.keys import part_key
from jobnet.engine.standing import (
    chain,
    children,
    flow_of,
    is_suspended,
    parts_in,
)
from jobnet.engine.states import QueueReason, State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord
from jobnet.ids import PartKey

from tests.simulation.world import World

_TIMED = {WaitReason.TIME, WaitReason.INTERVAL, WaitReason.RETRY}
_OUTSIDE = {WaitReason.EVENT, WaitReason.NETWORK, WaitReason.PART}


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """A part that holds the run up: ``resolver`` is empty where nobody can help."""

    part: PartKey
    state: State
    reason: WaitReason | QueueReason | None
    resolver: str
    orders: tuple[o.Order, ...] = ()


def blockers(tracker: Tracker, world: World) -> list[Blocker]:
    """Return everything that an unfinished run waits for."""
    found: list[Blocker] = []
    root = tracker.flows.get("/flow")
    if root is not None and root.is_open:
        found += _in_flow(tracker, world, root)
    for record in tracker.parts.values():
        if has_ended(record.state):
            for flow in children(tracker, record):
                if flow.is_open:
                    found += _in_flow(tracker, world, flow)
            if record.is_live:
                found.append(_blocker(record, "the job is found dead"))
    return found


def _in_flow(tracker: Tracker, world: World, flow: FlowRecord) -> Iterator[Blocker]:
    parts = parts_in(tracker, flow)
    key = part_key(flow.scope, parts[flow.next].id) if flow.next < len(parts) else None
    record = None if key is None else tracker.parts.get(key)
    if record is None:
        shown = PartKey(f"{flow.key} at {flow.next}")
        yield Blocker(part=shown, state=State.FIXED, reason=None, resolver="")
    elif record.state is State.RUNNING and not record.is_live:
        inside = [child for child in children(tracker, record) if child.is_open]
        for child in inside:
            yield from _in_flow(tracker, world, child)
        if not inside and not record.lingering:
            yield _blocker(record, "")
    else:
        yield _of_part(tracker, world, record)


def _blocker(record: PartRecord, resolver: str, *orders: o.Order) -> Blocker:
    return Blocker(
        part=record.key, state=record.state, reason=record.reason, resolver=resolver, orders=orders
    )


def _of_part(tracker: Tracker, world: World, record: PartRecord) -> Blocker:
    key = (record.key, record.attempt)
    part = record.key
    match record.state:
        case _ if record.awaits_operator:
            return _blocker(record, "operator", o.Release(part=part), o.Cancel(part=part))
        case State.HELD:
            return _blocker(record, "operator", o.Release(part=part))
        case State.QUEUED if _is_doubted(tracker) and key not in world.asking:
            return _blocker(record, "operator", o.Resume())
        case State.QUEUED:
            return _blocker(record, "line" if key in world.asking else "")
        case State.STARTING | State.RUNNING:
            is_known = record.is_live and key in world.jobs
            return _blocker(record, "job" if is_known else "", o.ForceEnd(part=part))
        case State.PROMPTING:
            answer = o.Answer(part=part, choice="reject")
            return _blocker(record, "operators" if key in world.dialogs else "", answer)
        case State.WAITING:
            return _of_wait(tracker, world, record)
        case _:
            return _blocker(record, "")


def _of_wait(tracker: Tracker, world: World, record: PartRecord) -> Blocker:
    key = (record.key, record.attempt)
    clear = o.ClearWait(part=record.key)
    flow = flow_of(tracker, record.flow)
    if record.reason in _TIMED:
        if _is_doubted(tracker):
            return _blocker(record, "operator", o.Resume())
        is_armed = any(timer in world.timers for timer in (each.timer for each in record.timers))
        return _blocker(record, "timer" if is_armed else "", clear)
    if record.awaits in _OUTSIDE:
        return _blocker(record, "world" if key in world.waits else "", clear)
    if record.reason is WaitReason.FILE:
        return _blocker(record, "file" if key in world.watches else "", clear)
    if record.awaits is WaitReason.NETWORK_LIMIT:
        way_out = (o.Cancel(part=record.key),) if record.circle else ()
        return _blocker(record, "line" if key in world.asking else "", *way_out)
    if record.reason is WaitReason.SUSPENDED and is_suspended(tracker, flow):
        return _blocker(record, "operator", *_resumes(tracker, flow))
    if record.reason is WaitReason.PREDECESSOR and record.flow in tracker.parked:
        return _blocker(record, "losers")
    return _blocker(record, "")


def _is_doubted(tracker: Tracker) -> bool:
    return tracker.run is not None and bool(tracker.run.clock_jump_seconds)


def _resumes(tracker: Tracker, flow: FlowRecord) -> list[o.Order]:
    owners = [owner for _, owner in chain(tracker, flow) if owner is not None]
    orders: list[o.Order] = [o.Resume(part=each.key) for each in owners if each.is_suspended]
    return [*orders, o.Resume()] if tracker.run and tracker.run.is_suspended else orders
