"""Decides about a continuity: jump back, pause before it, or go on.

The jump starts a new iteration of the parts between its target and itself. It waits until
nothing in that range is active any more, and it is bounded by ``max_times`` and by the engine.
"""

from datetime import timedelta

from jobnet.definition import (
    ContinueFrom,
    Dialog,
    Flow,
    Notify,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitNetwork,
    WaitPart,
    WaitUntil,
    walk,
)
from jobnet.engine.appointments import arm, watch_flow
from jobnet.engine.bounds import ITERATIONS_MAX
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import IterationStarted, PartWaited
from jobnet.engine.keys import id_of, part_key
from jobnet.engine.names import Names
from jobnet.engine.standing import chain, descendants, flow_of, parts_in, place_of, record_of
from jobnet.engine.states import CLASS_OF_END, EndClass, State, WaitReason
from jobnet.engine.timers import TimerKind
from jobnet.engine.tracker import FlowRecord, PartRecord
from jobnet.engine.turn import Turn
from jobnet.expressions import evaluate_condition
from jobnet.ids import PartKey

INTERVAL_LEAST = timedelta(seconds=1)
TAKE_TIME = (
    UnitJob,
    Notify,
    Dialog,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitNetwork,
    WaitPart,
    WaitUntil,
)


def begin_continuity(
    turn: Turn, flow: FlowRecord, body: ContinueFrom, key: PartKey, names: Names
) -> None:
    """Decide whether to jump back, at the continuity's turn."""
    record = turn.tracker.parts.get(key)
    times = 0 if record is None else record.times
    if body.until is not None and evaluate_condition(body.until, names):
        end_part(turn, key, End(state=State.NORMAL, exit_code=0, message=_told(times)))
        return
    is_worn_out = record is not None and record.iteration >= ITERATIONS_MAX
    if is_worn_out or times >= min(body.max_times or ITERATIONS_MAX, ITERATIONS_MAX):
        _give_up(turn, flow, body, key, times)
        return
    interval = _interval(turn, flow, body)
    if record is not None and times and record.since == turn.now:
        interval = max(interval, INTERVAL_LEAST)  # nothing in the range took any time
    if record is not None and record.reason is WaitReason.PREDECESSOR:
        interval = timedelta(0)  # it has paused already and then waited for losers
    attempt = 1 if record is None else record.attempt + 1
    turn.record(
        PartWaited(
            at=turn.now,
            part=key,
            attempt=attempt,
            reason=WaitReason.INTERVAL,
            until=turn.now + interval,
            detail=f"jump {times + 1} to {body.target}",
        )
    )
    if interval:
        arm(turn, record_of(turn.tracker, key), TimerKind.INTERVAL, turn.now + interval)
    else:
        jump(turn, record_of(turn.tracker, key))


def _told(times: int) -> str:
    return "" if not times else f"after {times} jumps back"


def _give_up(turn: Turn, flow: FlowRecord, body: ContinueFrom, key: PartKey, times: int) -> None:
    """End a continuity whose jumps are used up; the end it looped on counts again."""
    looped = _looped_on(turn, flow)
    message = f"gave up after {times} jumps back"
    if looped is not None and CLASS_OF_END.get(looped.state) is EndClass.ABNORMAL:
        end = End(
            state=State.ABNORMAL,
            exit_code=looped.exit_code,
            message=f"{message}: {looped.key}: {looped.message or looped.state.value}",
            reason="max_times",
            culprit=looped.key,
        )
    else:
        state = State.WARNING if body.until is not None else State.NORMAL
        end = End(state=state, exit_code=0, message=message, reason="max_times")
    end_part(turn, key, end)


def _looped_on(turn: Turn, flow: FlowRecord) -> PartRecord | None:
    """Return the part before the continuity, whose end it was to judge."""
    if flow.next == 0:
        return None
    before = parts_in(turn.tracker, flow)[flow.next - 1]
    return turn.tracker.parts.get(part_key(flow.scope, before.id))


def target_of(turn: Turn, record: PartRecord, body: ContinueFrom) -> tuple[FlowRecord, int]:
    """Return the flow that the jump goes to, and the index of its target there."""
    for flow, _ in chain(turn.tracker, flow_of(turn.tracker, record.flow)):
        for index, part in enumerate(parts_in(turn.tracker, flow)):
            if part.id == body.target:
                return flow, index
    msg = f"the target {body.target!r} of {record.key!r} is in no flow around it"
    raise AssertionError(msg)


def _interval(turn: Turn, flow: FlowRecord, body: ContinueFrom) -> timedelta:
    """Return the pause before the jump: at least a second where nothing in it takes time."""
    if body.interval >= INTERVAL_LEAST:
        return body.interval
    for each, _ in chain(turn.tracker, flow):
        parts = parts_in(turn.tracker, each)
        ids = [part.id for part in parts]
        if body.target in ids:
            inside = parts[ids.index(body.target) : each.next + 1]
            return body.interval if _takes_time(inside) else INTERVAL_LEAST
    return INTERVAL_LEAST


def _takes_time(parts: Flow) -> bool:
    return any(isinstance(part.body, TAKE_TIME) for part in walk(parts))


def jump(turn: Turn, record: PartRecord) -> None:
    """Start the next iteration, or wait until what is active in its range has ended."""
    body = place_of(turn.tracker, record).part.body
    assert isinstance(body, ContinueFrom), "only a continuity jumps"
    flow, target = target_of(turn, record, body)
    if _has_active(turn, flow, target):
        turn.record(
            PartWaited(
                at=turn.now,
                part=record.key,
                attempt=record.attempt,
                reason=WaitReason.PREDECESSOR,
                detail="parts before it are still running",
            )
        )
        return
    turn.record(
        IterationStarted(
            at=turn.now, part=record.key, flow=flow.key, target=target, times=record.times + 1
        )
    )
    again = flow_of(turn.tracker, flow.key)
    owner = None if again.owner is None or again.is_called else id_of(again.owner)
    if turn.tracker.layout.watched_in(again.network, owner, again.slot):
        watch_flow(turn, again, first=target, last=flow.next)


def _has_active(turn: Turn, flow: FlowRecord, target: int) -> bool:
    """Return whether something in the range is active though its part has ended.

    Those are the losers of an OR branch, and jobs that were given up and still run.
    """
    for part in parts_in(turn.tracker, flow)[target : flow.next + 1]:
        record = turn.tracker.parts.get(part_key(flow.scope, part.id))
        if record is None:
            continue
        if record.lingering or (CLASS_OF_END.get(record.state) is not None and record.open_flows):
            return True
        if any(each.is_live for each in (record, *descendants(turn.tracker, record))):
            return True
    return False
