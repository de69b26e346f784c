"""Decides what happens when a part's turn has come.

In this order: a suspension, a hold, a skip, ``when``, the latest start, no-exec; then the part
does what its kind does. Whatever cannot be evaluated ends the part with a message that says why.
"""

from jobnet.definition import (
    AnyOf,
    Block,
    Branch,
    CalendarBranch,
    ContinueFrom,
    ForEach,
    LateStartAction,
    Parallel,
    Part,
    SubNetwork,
    UnitJob,
)
from jobnet.engine import begin_containers as containers
from jobnet.engine import begin_leaves as leaves
from jobnet.engine.appointments import instant_of, watch_run_time
from jobnet.engine.bounds import ENTRIES_MAX
from jobnet.engine.clocks import is_clock_doubted
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import FlagRaised, PartHeld, PartOpened, PartWaited
from jobnet.engine.loops import begin_continuity
from jobnet.engine.names import Names
from jobnet.engine.standing import halt_of, is_no_exec, is_suspended, record_of
from jobnet.engine.states import Flag, State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, Marks, PartRecord
from jobnet.engine.turn import Turn
from jobnet.errors import ControllerError
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import evaluate_condition
from jobnet.ids import PartKey

CONTAINERS = (SubNetwork, Branch, CalendarBranch, Parallel, AnyOf, Block, ForEach)


def begin(turn: Turn, flow: FlowRecord, part: Part, key: PartKey) -> None:
    """Give a part its turn; exactly one of its facts takes its flow off what is due."""
    record = turn.tracker.parts.get(key)
    marks = Marks() if record is None else record.marks
    if record is not None and record.open_flows:
        _go_on(turn, flow, part, record)
    elif turn.tracker.facts >= ENTRIES_MAX:
        message = f"this run has {ENTRIES_MAX:,} entries in its journal, which is the limit"
        end_part(turn, key, End(state=State.ABNORMAL, message=message, reason="entries_max"))
    elif is_suspended(turn.tracker, flow):
        _wait_for_resume(turn, key)
    elif marks.cancel:
        end_part(turn, key, End(state=State.CANCELLED, message="cancelled"))
    elif marks.hold or (part.hold and not marks.released):
        turn.record(PartHeld(at=turn.now, part=key, by=None, reason="held before its start"))
    elif marks.skip or part.skip:
        end_part(turn, key, End(state=State.SKIPPED, exit_code=marks.skip_exit_code))
    else:
        _begin_if_wanted(turn, flow, part, key, marks)


def _go_on(turn: Turn, flow: FlowRecord, part: Part, record: PartRecord) -> None:
    """Let a call go on that a rerun has opened and that had to wait: it has begun long ago.

    What is asked before a start is asked no more. When all is being ended it needs no place in
    its network's limit, and its flows come to their end.
    """
    if is_suspended(turn.tracker, flow):
        _wait_for_resume(turn, record.key)
    elif halt_of(turn.tracker, flow):
        turn.record(PartOpened(at=turn.now, part=record.key, attempt=record.attempt))
    else:
        _begin_kind(turn, flow, part, record.key, Names(turn.tracker, flow, turn.now))


def _wait_for_resume(turn: Turn, key: PartKey) -> None:
    record = turn.tracker.parts.get(key)
    attempt = 0 if record is None else record.attempt
    turn.record(PartWaited(at=turn.now, part=key, attempt=attempt, reason=WaitReason.SUSPENDED))


def _begin_if_wanted(turn: Turn, flow: FlowRecord, part: Part, key: PartKey, marks: Marks) -> None:
    names = Names(turn.tracker, flow, turn.now)
    try:
        if part.when is not None and not evaluate_condition(part.when, names):
            message = f"its condition is false: {part.when.text}"
            end_part(turn, key, End(state=State.BYPASSED, message=message))
            return
    except ExpressionFailed as error:
        end_part(turn, key, End(state=State.ABNORMAL, message=f"when: {error}", reason="when"))
        return
    if _is_too_late(turn, part, key, marks):
        return
    is_walked = isinstance(part.body, CONTAINERS)
    if not is_walked and (part.no_exec or marks.no_exec or is_no_exec(turn.tracker, flow)):
        turn.record(FlagRaised(at=turn.now, part=key, flag=Flag.NO_EXEC))
        end_part(turn, key, End(state=State.BYPASSED, exit_code=0, message="no-exec"))
        return
    _begin_kind(turn, flow, part, key, names)


def _is_too_late(turn: Turn, part: Part, key: PartKey, marks: Marks) -> bool:
    """Apply the latest start; a part that an operator has released may start late."""
    latest = part.deadlines.latest_start
    if latest is None or marks.released or is_clock_doubted(turn.tracker):
        return False
    if turn.now <= instant_of(turn.tracker, latest.at):
        return False
    message = f"its latest start had passed at {instant_of(turn.tracker, latest.at):%H:%M} UTC"
    match latest.then:
        case LateStartAction.SKIP:
            end_part(turn, key, End(state=State.SKIPPED, message=message, reason="latest_start"))
        case LateStartAction.HOLD:
            turn.record(PartHeld(at=turn.now, part=key, by=None, reason=message))
        case LateStartAction.ABNORMAL:
            end_part(turn, key, End(state=State.MISSED, message=message, reason="latest_start"))
    return True


def _begin_kind(turn: Turn, flow: FlowRecord, part: Part, key: PartKey, names: Names) -> None:
    try:
        if isinstance(part.body, ContinueFrom):
            begin_continuity(turn, flow, part.body, key, names)
        elif isinstance(part.body, CONTAINERS):
            containers.begin_container(turn, flow, part, key, names)
        else:
            leaves.begin_leaf(turn, part, key, names)
    except ControllerError as error:
        is_job = isinstance(part.body, UnitJob)
        state = State.FAILED_TO_START if is_job else State.ABNORMAL
        end_part(turn, key, End(state=state, message=str(error), reason="arguments"))
        return
    _watch_time(turn, part, key)


def _watch_time(turn: Turn, part: Part, key: PartKey) -> None:
    """Arm what is counted from a part's start; those who ask for a slot start with the grant."""
    record = record_of(turn.tracker, key)
    if has_ended(record.state) or record.state is State.QUEUED:
        return
    if record.reason is WaitReason.NETWORK_LIMIT:
        return
    watch_run_time(turn, part, key)
