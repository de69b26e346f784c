"""Decides what a timer that has fired means.

The timer is trusted by its identity: one that is not armed any more (its part has ended, has
another attempt or iteration) changes nothing.
"""

from jobnet.definition import (
    Dialog,
    LateStartAction,
    OnTimeout,
    Part,
    SubNetwork,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitNetwork,
    WaitPart,
    flows_of,
)
from jobnet.engine.clocks import is_clock_doubted
from jobnet.engine.dialogs import time_out_dialog
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import FlagRaised, HaltOrdered, PartHeld, PartQueued, TimerOver
from jobnet.engine.halting import request_kill
from jobnet.engine.inputs import TimerFired
from jobnet.engine.loops import jump
from jobnet.engine.overruns import pause_overrun
from jobnet.engine.standing import part_of, record_of, run_of
from jobnet.engine.states import Flag, State, has_ended
from jobnet.engine.timers import RUN, ArmedTimer, TimerKind
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.ids import PartKey

_FLAGS = {
    TimerKind.LATE_START: Flag.LATE_START,
    TimerKind.LATE_END: Flag.LATE_END,
    TimerKind.OVERRUN: Flag.OVERRUN,
}
_NOT_BEGUN = frozenset({State.FIXED, State.HELD, State.QUEUED})


def timer_fired(turn: Turn, given: TimerFired) -> None:
    """Act on a timer, if it is still armed and the clock is not doubted."""
    timer = given.timer
    if is_clock_doubted(turn.tracker):
        return
    if timer.part == RUN:
        if _is_armed(run_of(turn.tracker).timers, given):
            turn.record(TimerOver(at=turn.now, timer=timer, has_fired=True))
            is_over = timer.kind is TimerKind.OVERRUN
            if not is_over or not pause_overrun(turn, None, given.due):
                _fire_for_run(turn, timer.kind)
        return
    record = turn.tracker.parts.get(timer.part)
    if record is None or not _is_armed(record.timers, given):
        return
    turn.record(TimerOver(at=turn.now, timer=timer, has_fired=True))
    if has_ended(record.state):
        return
    is_container = timer.kind is TimerKind.OVERRUN and bool(record.open_flows)
    if not is_container or not pause_overrun(turn, record, given.due):
        _fire(turn, record_of(turn.tracker, timer.part), timer.kind)


def _is_armed(timers: tuple[ArmedTimer, ...], given: TimerFired) -> bool:
    return any(armed.timer == given.timer for armed in timers)


def _fire_for_run(turn: Turn, kind: TimerKind) -> None:
    if kind in {TimerKind.TIMEOUT, TimerKind.END_BY}:
        if not run_of(turn.tracker).halt:
            turn.record(HaltOrdered(at=turn.now, part=None, how=kind.value))
    else:
        turn.record(FlagRaised(at=turn.now, part=None, flag=_FLAGS[kind]))


def _fire(turn: Turn, record: PartRecord, kind: TimerKind) -> None:
    match kind:
        case TimerKind.WAIT:
            end_part(turn, record.key, End(state=State.NORMAL, exit_code=0))
        case TimerKind.SETTLE:
            end_settled(turn, record)
        case TimerKind.RETRY:
            turn.record(PartQueued(at=turn.now, part=record.key, attempt=record.attempt + 1))
        case TimerKind.INTERVAL:
            jump(turn, record)
        case TimerKind.TIMEOUT | TimerKind.END_BY:
            _time_is_up(turn, record, kind)
        case TimerKind.LATEST_START:
            _latest_start(turn, record)
        case TimerKind.LATE_START:
            if record.state in _NOT_BEGUN:
                turn.record(FlagRaised(at=turn.now, part=record.key, flag=Flag.LATE_START))
        case TimerKind.LATE_END | TimerKind.OVERRUN:
            turn.record(FlagRaised(at=turn.now, part=record.key, flag=_FLAGS[kind]))


def end_settled(turn: Turn, record: PartRecord) -> None:
    """End a file wait whose file has not changed for long enough."""
    looks = record.looks or {}
    path = (record.arguments or {}).get("path", "")
    outputs = {
        str(host): {"path": path, "size": look.size, "mtime": look.mtime}
        for host, look in looks.items()
        if not look.error
    }
    end_part(turn, record.key, End(state=State.NORMAL, exit_code=0, outputs=outputs))


def _time_is_up(turn: Turn, record: PartRecord, kind: TimerKind) -> None:
    part = part_of(turn.tracker, record)
    reason = kind.value
    if record.is_live and isinstance(part.body, UnitJob):
        if Flag.KILL_REQUESTED not in record.flags:
            request_kill(turn, record, reason)
    elif (record.state is State.RUNNING or record.open_flows) and _has_flows(part):
        turn.record(HaltOrdered(at=turn.now, part=record.key, how=reason))
    elif isinstance(part.body, Dialog) and kind is TimerKind.TIMEOUT:
        time_out_dialog(turn, record, part.body)
    else:
        end_part(turn, record.key, _end_of_wait(part, kind))


def _has_flows(part: Part) -> bool:
    return bool(flows_of(part)) or isinstance(part.body, SubNetwork)


def _end_of_wait(part: Part, kind: TimerKind) -> End:
    if kind is TimerKind.END_BY:
        begun = "had not ended" if isinstance(part.body, UnitJob) else "was not fulfilled"
        message = f"it {begun} by its deadline"
        return End(state=State.ABNORMAL, message=message, reason=kind.value)
    body = part.body
    goes_on = isinstance(body, WaitFile | WaitEvent | WaitNetwork | WaitPart) and (
        body.limit.on_timeout is OnTimeout.CONTINUE
    )
    state = State.WARNING if goes_on else State.ABNORMAL
    return End(state=state, message="its time was up", reason=kind.value)


def _latest_start(turn: Turn, record: PartRecord) -> None:
    """Act on a part whose turn has come and that has not begun by its latest start."""
    latest = part_of(turn.tracker, record).deadlines.latest_start
    if latest is None or record.state not in {State.HELD, State.QUEUED}:
        return
    message = "its latest start had passed"
    reason = TimerKind.LATEST_START.value
    match latest.then:
        case LateStartAction.SKIP:
            end_part(turn, record.key, End(state=State.SKIPPED, message=message, reason=reason))
        case LateStartAction.ABNORMAL:
            end_part(turn, record.key, End(state=State.MISSED, message=message, reason=reason))
        case LateStartAction.HOLD if record.state is State.QUEUED:
            turn.record(PartHeld(at=turn.now, part=PartKey(record.key), by=None, reason=message))
        case LateStartAction.HOLD:
            pass
