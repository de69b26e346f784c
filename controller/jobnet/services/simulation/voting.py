"""Answers the dialogs of a simulated run with what the scenario gives, as often as votes count."""

from collections.abc import Callable
from dataclasses import dataclass

from jobnet.definition import Dialog
from jobnet.engine.commands import OpenDialog
from jobnet.engine.orders import Answer
from jobnet.ids import OperatorName, PartKey
from jobnet.services.answers import GivenAnswers, answer_for
from jobnet.services.dialogs import voter_of


@dataclass(slots=True, kw_only=True)
class _Open:
    dialog: Dialog
    answer: Answer
    votes: int = 1


class Voting:
    """The open dialogs that somebody answers; one without a given answer is left open."""

    def __init__(
        self,
        given: GivenAnswers,
        *,
        give: Callable[[Answer, OperatorName], None],
        operator: OperatorName,
    ) -> None:
        self._given, self._give, self._operator = given, give, operator
        self._open: dict[PartKey, _Open] = {}

    def open(self, command: OpenDialog) -> None:
        """Answer a dialog, if there is an answer for it."""
        answer = answer_for(command.part, command.dialog, self._given)
        if answer is not None:
            self._open[command.part] = _Open(dialog=command.dialog, answer=answer)
            self._vote(self._open[command.part])

    def vote_cast(self, part: PartKey) -> None:
        """Go on with the next vote: the given answer stands for everybody's."""
        if part in self._open:
            self._open[part].votes += 1
            self._vote(self._open[part])

    def close(self, part: PartKey) -> None:
        """Stop answering."""
        self._open.pop(part, None)

    def _vote(self, one: _Open) -> None:
        self._give(one.answer, voter_of(one.dialog, one.votes, self._operator))
