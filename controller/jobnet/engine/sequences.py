"""Moves a flow on: gives a part its turn, judges the one that has ended, ends the flow.

Rule 1 of the engine stands here: an abnormal end is judged once, and it is handled by the
next part that names it, by ``on_error: continue``, by an operator, or by the rescue of a block;
otherwise what follows in this flow is not run.
"""

from jobnet.definition import OnError, OnLost, Part
from jobnet.engine.appointments import drop_deadlines
from jobnet.engine.beginnings import begin
from jobnet.engine.facts import (
    FlagRaised,
    FlowAdvanced,
    FlowEnded,
    OperatorAwaited,
    PartHandled,
    RestCancelled,
    RestNotRun,
)
from jobnet.engine.keys import part_key
from jobnet.engine.standing import (
    KILLING_HALTS,
    halt_of,
    handled_by_text,
    has_rescue,
    parts_in,
    place_of,
    record_of,
    run_of,
)
from jobnet.engine.states import CLASS_OF_END, EndClass, Flag, State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord
from jobnet.engine.turn import Turn


def advance_flow(turn: Turn, flow: FlowRecord) -> None:
    """Do the next thing of a flow that is due."""
    parts = parts_in(turn.tracker, flow)
    stop = len(parts) if flow.stopped_at is None else flow.stopped_at
    if flow.next >= stop:
        _end_flow(turn, flow)
        return
    part = parts[flow.next]
    key = part_key(flow.scope, part.id)
    record = turn.tracker.parts.get(key)
    if record is not None and has_ended(record.state):
        _judge(turn, flow, record)
    elif (halt := halt_of(turn.tracker, flow)) and not _is_open(record):
        _stop_rest(turn, flow, halt)
    else:
        assert _may_begin(record), f"{key!r} has begun already and its turn came once more"
        begin(turn, flow, part, key)


def _is_open(record: PartRecord | None) -> bool:
    """Return whether a rerun has opened flows in a part that waits to go on: a halt ends those."""
    return record is not None and record.open_flows > 0


def _may_begin(record: PartRecord | None) -> bool:
    """Return whether a part's turn may be decided: it has not begun, or only waited for that."""
    if record is None or record.state is State.FIXED:
        return True
    return record.reason in {WaitReason.SUSPENDED, WaitReason.PREDECESSOR}


def _end_flow(turn: Turn, flow: FlowRecord) -> None:
    end_class = flow.worst
    if end_class is None and not flow.has_cancelled:
        end_class = EndClass.FINE
    left_over = flow.stopped_at is not None and flow.stopped_as is State.NOT_RUN
    if left_over and end_class is EndClass.FINE and not halt_of(turn.tracker, flow):
        end_class = EndClass.WARNING  # a rerun of one part only left others not run
    turn.record(
        FlowEnded(
            at=turn.now,
            flow=flow.key,
            end_class=end_class,
            exit_code=flow.exit_code,
            culprit=flow.culprit,
            has_cancelled=flow.has_cancelled,
        )
    )


def _stop_rest(turn: Turn, flow: FlowRecord, halt: str) -> None:
    drop_deadlines(turn, flow, flow.next)
    if halt in KILLING_HALTS:
        turn.record(RestNotRun(at=turn.now, flow=flow.key, first=flow.next))
    else:
        turn.record(RestCancelled(at=turn.now, flow=flow.key, first=flow.next))


def _judge(turn: Turn, flow: FlowRecord, record: PartRecord) -> None:
    """Count the end of the part whose turn it was, and decide whether the flow goes on."""
    end_class = CLASS_OF_END[record.state]
    if end_class is not EndClass.ABNORMAL or halt_of(turn.tracker, flow):
        _advance(turn, flow, record, end_class)
    elif _waits_for_operator(turn, record):
        turn.record(OperatorAwaited(at=turn.now, part=record.key))
    elif how := _handled_by(turn, record):
        turn.record(PartHandled(at=turn.now, part=record.key, how=how))
        counts = None if how == "branch" else EndClass.WARNING
        _advance(turn, flow, record, counts)
    else:
        _stop(turn, flow, record)


def _waits_for_operator(turn: Turn, record: PartRecord) -> bool:
    if record.handled:
        return False
    errors = _part(turn, record).errors
    if record.state is State.LOST:
        return errors.on_lost in {OnLost.HOLD, OnLost.RETRY}
    return errors.on_error is OnError.HOLD


def _handled_by(turn: Turn, record: PartRecord) -> str:
    if record.handled == "release":
        return "release"
    return handled_by_text(place_of(turn.tracker, record))


def _part(turn: Turn, record: PartRecord) -> Part:
    return place_of(turn.tracker, record).part


def _advance(turn: Turn, flow: FlowRecord, record: PartRecord, counts: EndClass | None) -> None:
    is_bad = counts is EndClass.ABNORMAL
    turn.record(
        FlowAdvanced(
            at=turn.now,
            flow=flow.key,
            part=record.key,
            counts=counts,
            exit_code=record.exit_code,
            culprit=(record.culprit or record.key) if is_bad else None,
            was_cancelled=record.state is State.CANCELLED,
        )
    )


def _stop(turn: Turn, flow: FlowRecord, record: PartRecord) -> None:
    """Let nothing follow in this flow; other branches run to their end."""
    run = run_of(turn.tracker)
    if Flag.HAS_FAILED_PART not in run.flags and not has_rescue(turn.tracker, flow):
        turn.record(FlagRaised(at=turn.now, part=None, flag=Flag.HAS_FAILED_PART))
    _advance(turn, flow, record_of(turn.tracker, record.key), EndClass.ABNORMAL)
    first = flow.next + 1
    if first < len(parts_in(turn.tracker, flow)) and not _is_carried(turn, flow, first):
        drop_deadlines(turn, flow, first)
        turn.record(RestNotRun(at=turn.now, flow=flow.key, first=first))


def _is_carried(turn: Turn, flow: FlowRecord, index: int) -> bool:
    """Return whether a part keeps its end of an earlier round: a rerun of only one part."""
    part = parts_in(turn.tracker, flow)[index]
    record = turn.tracker.parts.get(part_key(flow.scope, part.id))
    if record is None or not has_ended(record.state):
        return False
    return record.round < run_of(turn.tracker).round
