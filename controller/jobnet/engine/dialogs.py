"""Decides about answers to a dialog: is the choice one of it, is the form complete, who agreed."""

from collections.abc import Mapping

from jobnet.definition import Dialog, Param
from jobnet.engine.bounds import FORM_MAX_BYTES, size_of
from jobnet.engine.ending import End, end_part, judged
from jobnet.engine.facts import VoteCast
from jobnet.engine.param_values import fit
from jobnet.engine.standing import record_of, run_of
from jobnet.engine.states import State
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.errors.engine import AnswerRefused
from jobnet.ids import OperatorName


def answer(
    turn: Turn,
    record: PartRecord,
    dialog: Dialog,
    choice: str,
    form: Mapping[str, object],
    by: OperatorName,
) -> None:
    """Take an operator's answer; raise ``AnswerRefused`` for one that does not fit the dialog."""
    if choice not in dialog.choices:
        wanted = ", ".join(dialog.choices)
        raise AnswerRefused(record.key, f"{choice!r:.60} is no choice; choose {wanted}")
    if dialog.answer.users and by not in dialog.answer.users:
        raise AnswerRefused(record.key, f"{by} may not answer it")
    if dialog.answer.not_submitter and by == run_of(turn.tracker).by:
        raise AnswerRefused(record.key, f"{by} started the run; somebody else has to answer")
    values = _fitted(record, dialog, form)
    if dialog.answer.votes > 1:
        turn.record(
            VoteCast(at=turn.now, part=record.key, attempt=record.attempt, choice=choice, by=by)
        )
        votes = record_of(turn.tracker, record.key).votes
        if sum(1 for _, voted in votes if voted == choice) < dialog.answer.votes:
            return
    _end(turn, record, dialog, choice, {**values, "by": str(by)})


def _fitted(record: PartRecord, dialog: Dialog, form: Mapping[str, object]) -> dict[str, object]:
    problems = [f"{name!r} is no field" for name in form if name not in dialog.form]
    values: dict[str, object] = {}
    for name, field in dialog.form.items():
        if name not in form:
            if field.required:
                problems.append(f"{name!r} is required")
            values[name] = field.default
            continue
        param = Param(type=field.type, required=field.required, choices=field.choices)
        try:
            values[name] = fit(param, form[name])
        except ValueError as error:
            problems.append(f"{name!r} {error}")
    if size_of(values) > FORM_MAX_BYTES:
        problems.append(f"the form is larger than {FORM_MAX_BYTES // 1024} KiB")
    if problems:
        raise AnswerRefused(record.key, "; ".join(problems))
    return values


def _end(
    turn: Turn, record: PartRecord, dialog: Dialog, choice: str, values: Mapping[str, object]
) -> None:
    """End the dialog NORMAL with the exit code of the choice; ``exit_codes`` may judge it."""
    outputs = {**values, "choice": choice, "at": turn.now.isoformat()}
    end = End(state=State.NORMAL, exit_code=dialog.choices[choice], outputs=outputs)
    end_part(turn, record.key, judged(turn, record.key, end))


def time_out_dialog(turn: Turn, record: PartRecord, dialog: Dialog) -> None:
    """Answer a dialog whose time is up by its choice for that, or end it abnormally."""
    if dialog.on_timeout is None:
        end = End(state=State.ABNORMAL, message="nobody answered in time", reason="timeout")
        end_part(turn, record.key, end)
        return
    defaults = {name: field.default for name, field in dialog.form.items()}
    _end(turn, record, dialog, dialog.on_timeout, {**defaults, "by": "timeout"})
