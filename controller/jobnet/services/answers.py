"""Reads ``--answer`` against the dialogs of a network, before anything has started.

``ask=post`` chooses, ``ask.comment=late`` fills a field of the form. A dialog inside a called
network or a for-each may be named by its whole key (``batch.ask``, ``each[acme].ask``); the
bare id answers it wherever it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jobnet.definition import Bundle, Dialog, UnitJob, walk
from jobnet.engine.keys import id_of
from jobnet.engine.orders import Answer
from jobnet.errors import ControllerError
from jobnet.errors.play import (
    AnswerAssumedRefused,
    AnswerChoiceUnknown,
    AnswerFieldRefused,
    AnswerPartUnknown,
    AnswerTextRefused,
)
from jobnet.ids import PartKey
from jobnet.services.forms import completed, field_value, missing_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What was given in advance for one dialog; ``choice`` "" where only fields were given."""

    choice: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


GivenAnswers = Mapping[str, GivenAnswer]


def read_answers(texts: Iterable[str], bundle: Bundle) -> GivenAnswers:
    """Return the answers by part; everything that can be checked now is checked."""
    dialogs = _dialogs(bundle)
    found: dict[str, GivenAnswer] = {}
    for text in texts:
        left, equals, value = text.partition("=")
        if not equals or not left:
            raise AnswerTextRefused(text)
        part, name = _split(left, dialogs)
        before = found.get(part, GivenAnswer())
        if name:
            found[part] = GivenAnswer(choice=before.choice, form={**before.form, name: value})
        else:
            found[part] = GivenAnswer(choice=value, form=before.form)
    for part, given in found.items():
        _check_any(part, given, dialogs[id_of(PartKey(part))])
    return found


def split_assumed(
    texts: Iterable[str], bundle: Bundle, *, is_check: bool
) -> tuple[Mapping[str, int], list[str]]:
    """Return the exit codes assumed of jobs that check mode skips, and the other answers.

    ``load=0`` names a unit job by its id or key; outside check mode a job has its own end.
    """
    jobs = {
        part.id
        for network in bundle.networks.values()
        for part in walk(network.flow)
        if isinstance(part.body, UnitJob)
    }
    assumed: dict[str, int] = {}
    others: list[str] = []
    for text in texts:
        left, _, value = text.partition("=")
        if id_of(PartKey(left)) not in jobs:
            others.append(text)
        elif is_check and value.isascii() and value.isdecimal():
            assumed[left] = int(value)
        else:
            raise AnswerAssumedRefused(text)
    return assumed, others


def answer_for(part: PartKey, dialog: Dialog, given: GivenAnswers) -> Answer | None:
    """Return the order that answers an open dialog, or None where nothing was given for it."""
    answer = given.get(part) or given.get(id_of(part))
    if answer is None or not answer.choice:
        return None
    return Answer(part=part, choice=answer.choice, form=_values(part, answer, dialog))


def harmless_answer(part: PartKey, dialog: Dialog) -> Answer:
    """Return the answer of check mode: ``on_timeout``, else what gives 0, else the first."""
    by_code = (name for name, code in dialog.choices.items() if code == 0)
    choice = dialog.on_timeout or next(by_code, next(iter(dialog.choices)))
    return Answer(part=part, choice=choice, form=completed(dialog.form, {}))


def _dialogs(bundle: Bundle) -> Mapping[str, Sequence[Dialog]]:
    """Return the dialogs by id; called networks may use an id again."""
    found: dict[str, list[Dialog]] = {}
    for network in bundle.networks.values():
        for part in walk(network.flow):
            if isinstance(part.body, Dialog):
                found.setdefault(part.id, []).append(part.body)
    return found


def _split(left: str, dialogs: Mapping[str, object]) -> tuple[str, str]:
    """Return part and field; a key has dots of its own, so the longest part wins."""
    if id_of(PartKey(left)) in dialogs:
        return left, ""
    part, dot, name = left.rpartition(".")
    if dot and id_of(PartKey(part)) in dialogs:
        return part, name
    raise AnswerPartUnknown(left, dialogs=sorted(dialogs))


def _check_any(part: str, given: GivenAnswer, dialogs: Sequence[Dialog]) -> None:
    """Refuse an answer that no dialog of this id takes, by what the first one says."""
    refusals: list[ControllerError] = []
    for dialog in dialogs:
        try:
            _check(part, given, dialog)
        except ControllerError as error:
            refusals.append(error)
    if len(refusals) == len(dialogs):
        raise refusals[0]


def _check(part: str, given: GivenAnswer, dialog: Dialog) -> None:
    if given.choice not in dialog.choices:
        raise AnswerChoiceUnknown(part, given.choice, choices=list(dialog.choices))
    _values(part, given, dialog)
    for name in missing_fields(dialog.form, given.form):
        raise AnswerFieldRefused(part, name, problem=f"give --answer {part}.{name}=VALUE")


def _values(part: str, given: GivenAnswer, dialog: Dialog) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, text in given.form.items():
        if name not in dialog.form:
            raise AnswerFieldRefused(part, name, problem=_fields_of(list(dialog.form)))
        try:
            values[name] = field_value(dialog.form[name], text)
        except ValueError as error:
            raise AnswerFieldRefused(part, name, problem=str(error)) from error
    return completed(dialog.form, values)


def _fields_of(known: Sequence[str]) -> str:
    return f"the form has {', '.join(known)}" if known else "the dialog has no form"
