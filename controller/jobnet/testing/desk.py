"""A desk that keeps what it was shown and answers as it was told."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from jobnet.engine.tracker import Tracker
from jobnet.ids import PartKey
from jobnet.ports.desk import Note, Question, Reply


class FakeDesk:
    """Answers a question by its title, after ``seconds`` on the clock that ``later`` keeps."""

    def __init__(
        self,
        later: Callable[[float, Callable[[], None]], object],
        replies: Mapping[str, Reply] | None = None,
        *,
        is_attended: bool = False,
        seconds: float = 5.0,
    ) -> None:
        self._later = later
        self._replies = replies or {}
        self._is_attended = is_attended
        self._seconds = seconds
        self.notes: list[Note] = []
        self.questions: list[Question] = []
        self.withdrawn: list[str] = []
        self.last: Tracker | None = None

    @property
    def is_attended(self) -> bool:
        """Whether there are replies to expect."""
        return self._is_attended

    def show(self, tracker: Tracker, now: datetime, changed: Collection[PartKey]) -> None:
        """Keep the latest tracker."""
        self.last = tracker

    def note(self, note: Note) -> None:
        """Keep the note."""
        self.notes.append(note)

    def ask(self, question: Question, answer: Callable[[Reply], None]) -> None:
        """Keep the question and answer it, if there is a reply for its title."""
        self.questions.append(question)
        reply = self._replies.get(question.title)
        if reply is not None:
            told = Reply(key=question.key, choice=reply.choice, form=reply.form)
            self._later(self._seconds, lambda: answer(told))

    def withdraw(self, key: str) -> None:
        """Keep that it was withdrawn."""
        self.withdrawn.append(key)
