"""Carries out the orders that are given to one part."""

from collections.abc import Callable

from jobnet.definition import Dialog, Part, UnitJob, WaitFor, WaitUntil
from jobnet.engine import orders as o
from jobnet.engine.appointments import arm
from jobnet.engine.dialogs import answer
from jobnet.engine.ending import End, end_part, is_abnormal
from jobnet.engine.facts import (
    OperatorDecided,
    PartHandled,
    PartHeld,
    PartMarked,
    PartReleased,
    PartWaited,
    PlacementChanged,
    ResultChanged,
    RunReopened,
)
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.layout import address_of
from jobnet.engine.overruns import people_go_on
from jobnet.engine.recording import flow_is_at
from jobnet.engine.reopening import reopen
from jobnet.engine.rerunning import plan_continuation, plan_judging
from jobnet.engine.standing import (
    handled_by_text,
    part_of,
    place_of,
    record_of,
    run_of,
    waits_for_limit,
)
from jobnet.engine.states import CLASS_OF_END, State, WaitReason, has_ended
from jobnet.engine.timers import TimerKind
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey

_TIMED = frozenset({WaitReason.TIME, WaitReason.INTERVAL, WaitReason.RETRY})
_STANDING_IN_LINE = frozenset({WaitReason.SUSPENDED, WaitReason.NETWORK_LIMIT})
_CLEARABLE = _TIMED | {
    WaitReason.FILE,
    WaitReason.EVENT,
    WaitReason.NETWORK,
    WaitReason.PART,
}


def check(turn: Turn, order: o.Order, name: str, state: State) -> None:
    """Refuse what the state alone does not tell."""
    part: PartKey = order.part  # type: ignore[assignment, union-attr]
    address = address_of(turn.tracker.layout, part)
    assert address is not None, "the address was checked"
    because = _obstacle(order, address.place.part, turn.tracker.parts.get(part), state)
    if because:
        raise OrderRefused(name, str(part), because)


def _obstacle(order: o.Order, part: Part, record: PartRecord | None, state: State) -> str:
    """Return why an order that fits the state still makes no sense, or ""."""
    reason = None if record is None else record.awaits
    is_awaited = record is not None and record.awaits_operator
    is_refused = False
    because = f"it has ended {state.value}"
    if isinstance(order, o.Hold | o.Skip) and record is not None and waits_for_limit(record):
        return "it has begun; only its place among the executions is awaited"
    match order:
        case o.Hold() | o.SetPriority() | o.MoveQueue():
            has_begun = state is State.WAITING and reason not in _STANDING_IN_LINE
            is_refused, because = has_begun, "it has begun to wait"
        case o.Release() | o.Cancel():
            is_refused = has_ended(state) and not is_awaited
        case o.RunNow():
            is_refused, because = reason not in _TIMED, "it does not wait for a time"
        case o.ChangeTime():
            is_clock = isinstance(part.body, WaitUntil | WaitFor) and reason in _TIMED
            is_refused, because = not is_clock, "it is no time wait"
        case o.ClearWait():
            is_refused = reason not in _CLEARABLE
            because = "it waits for nothing that can be cleared"
        case o.ForceEnd():
            is_live = isinstance(part.body, UnitJob) and record is not None and record.is_live
            is_refused, because = not is_live, "no job of it runs"
        case o.ChangeResult():
            is_job = isinstance(part.body, UnitJob)
            is_refused = not is_job and not has_ended(state)
            because = "only a unit job may be given a result before its end"
        case _:
            pass
    return because if is_refused else ""


def _mark(
    turn: Turn, part: PartKey | None, mark: str, given: OrderGiven, *, is_set: bool = True
) -> None:
    exit_code = given.order.exit_code if isinstance(given.order, o.Skip) else 0
    turn.record(
        PartMarked(
            at=turn.now,
            part=part,
            mark=mark,
            is_set=is_set,
            by=given.by,
            exit_code=exit_code,
            reason=given.reason,
        )
    )


def _is_its_turn(turn: Turn, part: PartKey) -> bool:
    address = address_of(turn.tracker.layout, part)
    return address is not None and flow_is_at(turn.tracker, address.flow, part)


def hold(turn: Turn, order: o.Hold, given: OrderGiven) -> None:
    """Hold a part: at once if it stands in line, else when its turn comes."""
    record = turn.tracker.parts.get(order.part)
    if record is not None and record.state is State.HELD:
        return
    _mark(turn, order.part, "hold", given)
    if _is_its_turn(turn, order.part):
        turn.record(PartHeld(at=turn.now, part=order.part, by=given.by, reason=given.reason))


def release(turn: Turn, order: o.Release, given: OrderGiven) -> None:
    """Release a held part, or let the flow go on after an end that waits for the operator."""
    record = turn.tracker.parts.get(order.part)
    if record is not None and record.awaits_operator:
        turn.record(OperatorDecided(at=turn.now, part=order.part, by=given.by, goes_on=True))
    elif record is not None and record.state is State.HELD:
        people_go_on(turn, record)
        turn.record(PartReleased(at=turn.now, part=order.part, by=given.by, reason=given.reason))
    else:
        _mark(turn, order.part, "hold", given, is_set=False)


def skip(turn: Turn, order: o.Skip, given: OrderGiven) -> None:
    """Skip a part: at once if it is its turn, else when its turn comes."""
    _mark(turn, order.part, "skip", given)
    if _is_its_turn(turn, order.part) and turn.tracker.parts.get(order.part) is not None:
        message = f"skipped by {given.by}"
        end = End(state=State.SKIPPED, exit_code=order.exit_code, message=message)
        end_part(turn, order.part, end)


def unskip(turn: Turn, order: o.Unskip, given: OrderGiven) -> None:
    """Take a skip back."""
    _mark(turn, order.part, "skip", given, is_set=False)


def no_exec(turn: Turn, order: o.NoExec, given: OrderGiven) -> None:
    """Execute nothing of a part, or of all that has not begun."""
    _mark(turn, order.part, "no_exec", given)


def run_now(turn: Turn, order: o.RunNow, _given: OrderGiven) -> None:
    """Let the timer of a time wait, a retry or a pause fire now."""
    _fire_now(turn, order.part)


def _fire_now(turn: Turn, part: PartKey) -> None:
    record = record_of(turn.tracker, part)
    kinds = {
        WaitReason.TIME: TimerKind.WAIT,
        WaitReason.INTERVAL: TimerKind.INTERVAL,
        WaitReason.RETRY: TimerKind.RETRY,
    }
    kind = next(kinds[reason] for reason in kinds if reason is record.reason)
    arm(turn, record, kind, turn.now)


def change_time(turn: Turn, order: o.ChangeTime, given: OrderGiven) -> None:
    """Move the instant of a clock or duration wait."""
    record = record_of(turn.tracker, order.part)
    turn.record(
        PartWaited(
            at=turn.now,
            part=order.part,
            attempt=record.attempt,
            reason=WaitReason.TIME,
            until=order.to,
            detail=f"moved by {given.by}",
        )
    )
    arm(turn, record_of(turn.tracker, order.part), TimerKind.WAIT, order.to)


def clear_wait(turn: Turn, order: o.ClearWait, given: OrderGiven) -> None:
    """End a wait as if its condition were fulfilled."""
    record = record_of(turn.tracker, order.part)
    if record.reason in {WaitReason.INTERVAL, WaitReason.RETRY}:
        _fire_now(turn, order.part)
        return
    message = f"taken as fulfilled by {given.by}"
    end_part(turn, order.part, End(state=State.NORMAL, exit_code=0, message=message))


def answer_dialog(turn: Turn, order: o.Answer, given: OrderGiven) -> None:
    """Answer an open dialog."""
    record = record_of(turn.tracker, order.part)
    body = part_of(turn.tracker, record).body
    assert isinstance(body, Dialog), "only a dialog prompts"
    answer(turn, record, body, order.choice, order.form, given.by)


def force_end(turn: Turn, order: o.ForceEnd, given: OrderGiven) -> None:
    """Stop waiting for a job: it is LOST; what it answers later is only noted."""
    message = f"given up by {given.by}"
    end_part(turn, order.part, End(state=State.LOST, message=message, reason="operator"))


_RESULTS: dict[o.NewResult, State] = {
    o.NewResult.NORMAL: State.NORMAL,
    o.NewResult.WARNING: State.WARNING,
    o.NewResult.ABNORMAL: State.ABNORMAL,
}


def change_result(turn: Turn, order: o.ChangeResult, given: OrderGiven) -> None:
    """Give a part another result; what follows it reacts at once."""
    record = turn.tracker.parts.get(order.part)
    kept = None if record is None else record.exit_code
    had_stopped = record is not None and is_abnormal(record.state) and not record.handled
    before = None if record is None else CLASS_OF_END.get(record.state)
    turn.record(
        ResultChanged(
            at=turn.now,
            part=order.part,
            state=_RESULTS[order.result],
            exit_code=kept if order.exit_code is None else order.exit_code,
            by=given.by,
            reason=given.reason,
        )
    )
    if had_stopped and order.result is not o.NewResult.ABNORMAL:
        _go_on(turn, order.part, given)
    elif record is not None and CLASS_OF_END.get(_RESULTS[order.result]) is not before:
        _judge_anew(turn, order.part, given)


def _judge_anew(turn: Turn, part: PartKey, given: OrderGiven) -> None:
    """Have the containers around a closed flow, and the run, judged by the new result.

    It is as if only this part had run again and ended so: what followed it stays as it is.
    """
    flows = plan_judging(turn.tracker, part)
    if not flows:
        return
    record = record_of(turn.tracker, part)
    if is_abnormal(record.state) and not record.handled:
        how = handled_by_text(place_of(turn.tracker, record))
        if how:
            turn.record(PartHandled(at=turn.now, part=part, how=how))
    reopen(
        turn,
        RunReopened(
            at=turn.now,
            round=run_of(turn.tracker).round + 1,
            by=given.by,
            reason=given.reason,
            reset=(),
            reopened=flows,
            only=(part,),
        ),
    )


def _go_on(turn: Turn, part: PartKey, given: OrderGiven) -> None:
    """Let the flow that had stopped at a part go on behind it, in a new round."""
    plan = plan_continuation(turn.tracker, part)
    if plan is None:
        return
    reopen(
        turn,
        RunReopened(
            at=turn.now,
            round=run_of(turn.tracker).round + 1,
            by=given.by,
            reason=given.reason,
            reset=plan.reset,
            reopened=plan.reopened,
        ),
    )


def set_priority(turn: Turn, order: o.SetPriority, given: OrderGiven) -> None:
    """Give a part another place in its queue."""
    _place(turn, order.part, given, lambda _: (order.priority, None))


def move_queue(turn: Turn, order: o.MoveQueue, given: OrderGiven) -> None:
    """Let a part wait in another queue."""
    _place(turn, order.part, given, lambda priority: (priority, order.queue))


def _place(
    turn: Turn,
    part: PartKey,
    given: OrderGiven,
    change: Callable[[int | None], tuple[int | None, str | None]],
) -> None:
    record = turn.tracker.parts.get(part)
    priority, queue = change(None if record is None else record.priority)
    turn.record(
        PlacementChanged(
            at=turn.now,
            part=part,
            priority=priority,
            queue=queue or (None if record is None else record.queue),
            by=given.by,
        )
    )
