"""Gets open dialogs answered: from what was given in advance, or by whoever sits at the desk.

Whoever plays a network answers for everybody: ``jobnet play`` knows no roles and no second
person. Where nobody can answer and no time limit will, the run is not left hanging.
"""

from collections.abc import Callable
from datetime import datetime

from jobnet.definition import Dialog
from jobnet.engine.commands import OpenDialog
from jobnet.engine.orders import Answer
from jobnet.ids import OperatorName, PartKey
from jobnet.ports.desk import Desk, Note, NoteKind, Question, Reply
from jobnet.services.answers import GivenAnswers, answer_for, harmless_answer

_MESSAGE_MAX = 300


class Dialogs:
    """The open dialogs of one run.

    ``answer`` puts an order into the run's inbox, with the name of who gives it.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        given: GivenAnswers,
        is_check: bool,
        answer: Callable[[Answer, OperatorName], None],
        operator: OperatorName,
        replied: Callable[[Reply], None],
    ) -> None:
        self._desk, self._given, self._is_check = desk, given, is_check
        self._answer, self._replied = answer, replied
        self._operator = operator
        self._asked: dict[str, OpenDialog] = {}
        self._given_for: dict[PartKey, tuple[OpenDialog, Answer]] = {}
        self._votes: dict[PartKey, int] = {}

    def open(self, command: OpenDialog, due: datetime | None) -> str:
        """Get an answer, or return why nobody can give one."""
        dialog = command.dialog
        given = answer_for(command.part, dialog, self._given)
        if given is None and self._is_check:
            given = harmless_answer(command.part, dialog)
            text = f"{command.part} is answered {given.choice!r} (check mode)"
            self._desk.note(Note(kind=NoteKind.WARNING, text=text, part=command.part))
        self._votes[command.part] = 1
        if given is not None:
            self._given_for[command.part] = (command, given)
            self._answer(given, self._voter(command.dialog, 1))
            return ""
        if self._desk.is_attended:
            self._ask(command, due)
            return ""
        return "" if dialog.timeout is not None else _nobody(command)

    def replied(self, reply: Reply) -> bool:
        """Take a reply of the desk; tell whether it was for a dialog of this run."""
        command = self._asked.get(reply.key)
        if command is None:
            return False
        answer = Answer(part=command.part, choice=reply.choice, form=reply.form)
        self._answer(answer, self._voter(command.dialog, self._votes[command.part]))
        return True

    def vote_cast(self, part: PartKey) -> None:
        """Go on with the next vote: one person plays all that the dialog asks for."""
        self._votes[part] += 1
        if part in self._given_for:
            command, answer = self._given_for[part]
            self._answer(answer, self._voter(command.dialog, self._votes[part]))
        else:
            self.ask_again(part)

    def ask_again(self, part: PartKey) -> None:
        """Put the question once more, after an answer that was refused or one of several votes."""
        for command in [each for each in self._asked.values() if each.part == part]:
            self._ask(command, None)

    def close(self, part: PartKey, attempt: int) -> None:
        """Take the question back, if it is open."""
        key = _key(part, attempt)
        if self._asked.pop(key, None) is not None:
            self._desk.withdraw(key)

    def __len__(self) -> int:
        return len(self._asked)

    def _voter(self, dialog: Dialog, vote: int) -> OperatorName:
        return voter_of(dialog, vote, self._operator)

    def _ask(self, command: OpenDialog, due: datetime | None) -> None:
        key = _key(command.part, command.attempt)
        self._asked[key] = command
        choices = {name: f"exit code {code}" for name, code in command.dialog.choices.items()}
        question = Question(
            key=key,
            title=command.part,
            message=command.message,
            choices=choices,
            form=command.dialog.form,
            due=due,
        )
        self._desk.ask(question, self._replied)


def voter_of(dialog: Dialog, vote: int, operator: OperatorName) -> OperatorName:
    """Return whose vote it is: whoever plays the network stands in for all of them."""
    if dialog.answer.users:
        return OperatorName(dialog.answer.users[(vote - 1) % len(dialog.answer.users)])
    number = vote + 1 if dialog.answer.not_submitter else vote
    return operator if number == 1 else OperatorName(f"{operator} ({number})")


def _key(part: PartKey, attempt: int) -> str:
    return f"dialog:{part}:{attempt}"


def _nobody(command: OpenDialog) -> str:
    message = command.message
    shown = message if len(message) <= _MESSAGE_MAX else message[:_MESSAGE_MAX] + "..."
    choices = "|".join(command.dialog.choices)
    return (
        f"asks {shown!r} (part {command.part}) and there is no terminal;"
        f" give --answer {command.part}={choices}"
    )
