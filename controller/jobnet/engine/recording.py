"""Small changes of a tracker that several facts have in common."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jobnet.engine.folding import Count, worse
from jobnet.engine.keys import part_key
from jobnet.engine.layout import address_of
from jobnet.engine.replacing import replace
from jobnet.engine.standing import chain, flow_of, parts_in, record_of
from jobnet.engine.states import CLASS_OF_END, EndClass, State, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, PastEnd, Tracker
from jobnet.engine.work import has_work
from jobnet.ids import FlowKey, PartKey

EARLIER_MAX = 20


def touch(tracker: Tracker, key: PartKey, at: datetime) -> PartRecord:
    """Return the record of a part, a fresh one where it has none."""
    record = tracker.parts.get(key)
    if record is not None:
        return record
    address = address_of(tracker.layout, key)
    assert address is not None, f"no part has the key {key!r}"
    round_ = 1 if tracker.run is None else tracker.run.round
    return PartRecord(key=key, flow=address.flow, since=at, round=round_)


def put(tracker: Tracker, record: PartRecord) -> Tracker:
    """Return a tracker with this record."""
    return replace(tracker, parts=tracker.parts.put(record.key, record))


def put_flow(tracker: Tracker, flow: FlowRecord) -> Tracker:
    """Return a tracker with this flow."""
    return replace(tracker, flows=tracker.flows.put(flow.key, flow))


def change(tracker: Tracker, key: PartKey, at: datetime, **values: Any) -> Tracker:  # noqa: ANN401
    """Return a tracker in which the record of a part has these values."""
    return put(tracker, replace(touch(tracker, key, at), **values))


def enter(
    tracker: Tracker, key: PartKey, at: datetime, state: State, values: Mapping[str, Any]
) -> Tracker:
    """Return a tracker in which the part has come to a state and its flow waits for it."""
    record = touch(tracker, key, at)
    waiting = {"reason": None, "detail": "", "until": None, "since": at, **values}
    moved = replace(record, state=state, blocked=None, circle=(), **waiting)
    return not_due(put(tracker, moved), record.flow)


def due_first(tracker: Tracker, *keys: str) -> Tracker:
    """Return a tracker in which these come first in what is due, in this order."""
    others = tuple(key for key in tracker.due if key not in keys)
    return replace(tracker, due=(*keys, *others))


def not_due(tracker: Tracker, key: str) -> Tracker:
    """Return a tracker in which this is not due."""
    if key not in tracker.due:
        return tracker
    return replace(tracker, due=tuple(each for each in tracker.due if each != key))


def settle_owner(tracker: Tracker, owner: PartRecord) -> Tracker:
    """Return a tracker in which a container is due exactly if it has work."""
    if has_work(tracker, owner):
        return due_first(tracker, owner.key)
    return not_due(tracker, owner.key)


def shift_lingering(tracker: Tracker, record: PartRecord, by: int) -> Tracker:
    """Return a tracker in which all containers around a part count its losers, or no more.

    When the last ones are gone, whoever waited for that becomes due.
    """
    for _, owner in list(chain(tracker, flow_of(tracker, record.flow))):
        if owner is None:
            continue
        changed = replace(owner, lingering=owner.lingering + by)
        tracker = put(tracker, changed)
        if by < 0 and changed.lingering == 0 and changed.state is State.RUNNING:
            tracker = settle_owner(tracker, changed)
    assert tracker.run is not None, "losers need a run"
    run = replace(tracker.run, lingering=tracker.run.lingering + by)
    tracker = replace(tracker, run=run)
    if by > 0:
        return tracker
    tracker = due_first(replace(tracker, parked=()), *tracker.parked)
    root_is_open = bool((root := tracker.flows.get("/flow")) and root.is_open)
    return tracker if root_is_open or run.lingering else due_first(tracker, "")


def begin_anew(record: PartRecord, at: datetime, *, is_iteration: bool, round_: int) -> PartRecord:
    """Return the fresh record of a part that is run once more.

    Attempts go on counting; the end that it had is remembered among the earlier ones.
    """
    earlier = record.earlier
    if has_ended(record.state):
        past = PastEnd(
            iteration=record.iteration,
            attempt=record.attempt,
            state=record.state,
            exit_code=record.exit_code,
            message=record.message,
            ended=record.ended or record.since,
        )
        earlier = (*earlier, past)[-EARLIER_MAX:]
    return PartRecord(
        key=record.key,
        flow=record.flow,
        since=at,
        iteration=record.iteration + (1 if is_iteration else 0),
        attempt=record.attempt,
        first_attempt=record.attempt,
        generation=record.generation + 1,
        round=round_,
        # A loop that stands behind the one that jumps is under way itself: it goes on counting.
        # One that has ended was inside it, and begins anew.
        times=record.times if is_iteration and not has_ended(record.state) else 0,
        events=record.events,
        reusable=None if is_iteration or not record.events else record.outputs,
        earlier=earlier,
        notes=record.notes,
    )


def fold_into_owner(owner: PartRecord, flow: FlowRecord, end_class: EndClass | None) -> PartRecord:
    """Return a container's record with the end of one of its flows counted."""
    counted = replace(
        owner,
        open_flows=owner.open_flows - 1,
        has_cancelled=owner.has_cancelled or flow.has_cancelled,
    )
    if has_ended(owner.state) or end_class is None:
        return counted
    if _replaces(owner, flow, end_class):
        return replace(
            counted,
            worst=end_class,
            worst_order=flow.order,
            exit_code=flow.exit_code,
            culprit=flow.culprit,
        )
    return counted


def _replaces(owner: PartRecord, flow: FlowRecord, end_class: EndClass) -> bool:
    """Return whether this flow's end is what counts of the container from now on."""
    if flow.slot == "rescue" or owner.worst is None:
        return True
    if flow.slot == "always":
        return end_class > owner.worst
    if end_class != owner.worst:
        return end_class > owner.worst
    return flow.order < owner.worst_order


def refold(tracker: Tracker, keys: Iterable[PartKey]) -> tuple[Count, bool]:
    """Return what counts of these parts of a flow, and whether one of them was cancelled."""
    count, has_cancelled = Count(), False
    for order, key in enumerate(keys):
        record = tracker.parts.get(key)
        if record is None:
            continue
        end_class = CLASS_OF_END.get(record.state)
        if end_class is EndClass.ABNORMAL and record.handled:
            end_class = EndClass.WARNING if record.handled in {"continue", "release"} else None
        new = Count(end_class=end_class, exit_code=record.exit_code, culprit=key, order=order)
        count = worse(count, new)
        has_cancelled = has_cancelled or record.state is State.CANCELLED
    return count, has_cancelled


def flow_is_at(tracker: Tracker, key: FlowKey, part: PartKey) -> bool:
    """Return whether it is this part's turn in an open flow."""
    flow = tracker.flows.get(key)
    if flow is None or not flow.is_open:
        return False
    parts = parts_in(tracker, flow)
    return flow.next < len(parts) and part_key(flow.scope, parts[flow.next].id) == part


def owner_of(tracker: Tracker, flow: FlowRecord) -> PartRecord | None:
    """Return the container of a flow; None for the run's own flow."""
    return None if flow.owner is None else record_of(tracker, flow.owner)
