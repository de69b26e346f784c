"""Ends parts: the one place where an end becomes a fact.

A part may say itself how its exit code is to be understood (``exit_code``, ``exit_codes``);
that is done here, for leaves and containers alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobnet.definition import ErrorRules, Judgement
from jobnet.engine.appointments import drop_all, estimated
from jobnet.engine.bounds import bounded_outputs, line
from jobnet.engine.facts import FlagRaised, PartEnded
from jobnet.engine.keys import id_of
from jobnet.engine.layout import deadlines_of
from jobnet.engine.names import Names
from jobnet.engine.overruns import people_go_on
from jobnet.engine.standing import flow_of, part_of, record_of, run_of
from jobnet.engine.states import CLASS_OF_END, EndClass, Flag, State
from jobnet.engine.turn import Turn
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import Expression, evaluate
from jobnet.ids import PartKey

STATE_OF_JUDGEMENT: Mapping[Judgement, State] = {
    Judgement.NORMAL: State.NORMAL,
    Judgement.WARNING: State.WARNING,
    Judgement.ABNORMAL: State.ABNORMAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a part is about to end, before its own exit code rules are asked."""

    state: State
    exit_code: int | None = None
    message: str = ""
    reason: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)
    culprit: PartKey | None = None


def end_part(turn: Turn, key: PartKey, end: End) -> None:
    """End a part: its timers are dropped, its outputs bounded, an underrun is noticed."""
    ending = turn.tracker.parts.get(key)
    if ending is not None:
        people_go_on(turn, ending)
    drop_all(turn, key)
    _notice_underrun(turn, key, end)
    outputs, cut = bounded_outputs(run_of(turn.tracker), end.outputs)
    record = turn.tracker.parts.get(key)
    message = "; ".join(text for text in (end.message, cut) if text)
    state = State.WARNING if cut and end.state is State.NORMAL else end.state
    turn.record(
        PartEnded(
            at=turn.now,
            part=key,
            attempt=0 if record is None else record.attempt,
            state=state,
            exit_code=end.exit_code,
            message=line(message),
            reason=end.reason,
            outputs=outputs,
            culprit=end.culprit,
        )
    )


def judged(turn: Turn, key: PartKey, end: End) -> End:
    """Return an end as the part's own exit code rules see it."""
    record = record_of(turn.tracker, key)
    errors = part_of(turn.tracker, record).errors
    flow = flow_of(turn.tracker, record.flow)
    return judged_by(errors, end, Names(turn.tracker, flow, turn.now))


def judged_by(errors: ErrorRules, end: End, names: Mapping[str, object]) -> End:
    """Return an end as these rules see it; an expression that has no value makes it abnormal."""
    exit_code = end.exit_code
    if errors.exit_code is not None:
        try:
            exit_code = exit_code_of(errors.exit_code, names)
        except ExpressionFailed as error:
            return _replaced(end, State.ABNORMAL, end.exit_code, f"exit_code: {error}")
    judgement = None
    if errors.exit_codes is not None and exit_code is not None:
        judgement = errors.exit_codes.judge(exit_code)
    state = end.state if judgement is None else STATE_OF_JUDGEMENT[judgement]
    return _replaced(end, state, exit_code, end.message)


def exit_code_of(expression: Expression, names: Mapping[str, object]) -> int:
    """Return the whole number that an ``exit_code`` expression gives; true counts as 1."""
    value = evaluate(expression, names)
    if not isinstance(value, int):
        raise ExpressionFailed(f"the value {value!r:.80} is not a whole number")
    return int(value)


def _replaced(end: End, state: State, exit_code: int | None, message: str) -> End:
    return End(
        state=state,
        exit_code=exit_code,
        message=message,
        reason=end.reason,
        outputs=end.outputs,
        culprit=end.culprit,
    )


def _notice_underrun(turn: Turn, key: PartKey, end: End) -> None:
    record = turn.tracker.parts.get(key)
    if record is None or record.started is None or end.state is not State.NORMAL:
        return
    part = part_of(turn.tracker, record)
    estimate = deadlines_of(turn.tracker.layout.bundle, part).underrun
    least = estimated(turn.tracker, estimate, str(id_of(key)))
    if least is not None and turn.now - record.started < least:
        turn.record(FlagRaised(at=turn.now, part=key, flag=Flag.UNDERRUN))


def is_abnormal(state: State) -> bool:
    """Return whether an end of this state counts as abnormal."""
    return CLASS_OF_END.get(state) is EndClass.ABNORMAL
