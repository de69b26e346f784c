"""States what a run shows to people and asks of them, wherever they sit.

The pump talks to a desk from its own thread; the desk answers from one of its own, by
calling what it was given with the question.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jobnet.definition import FormField
from jobnet.engine.tracker import Tracker
from jobnet.ids import PartKey


class NoteKind(StrEnum):
    """What a note is about, so that a desk can choose what it shows."""

    PROGRESS = "progress"  # a task began or a host answered
    OUTPUT = "output"  # text that a job printed
    CLOCK = "clock"  # the clock was moved
    MESSAGE = "message"  # a message was sent, shown or refused
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something for people only; no decision depends on it."""

    kind: NoteKind
    text: str
    part: PartKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that a person has to decide; ``choices`` map a name to what it means.

    ``key`` tells questions apart; ``due`` is when the answer comes too late.
    """

    key: str
    title: str
    message: str
    choices: Mapping[str, str]
    form: Mapping[str, FormField] = field(default_factory=dict)
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a question: one of its choices, and values of the declared types."""

    key: str
    choice: str
    form: Mapping[str, object] = field(default_factory=dict)


class Desk(Protocol):
    """Shows a run and, where somebody sits at it, asks; every method returns at once."""

    @property
    def is_attended(self) -> bool:
        """Whether somebody can answer a question here."""

    def show(self, tracker: Tracker, now: datetime, changed: Collection[PartKey]) -> None:
        """Show the run as it stands; only these parts may differ from what was shown last."""

    def note(self, note: Note) -> None:
        """Show a note."""

    def ask(self, question: Question, answer: Callable[[Reply], None]) -> None:
        """Ask; ``answer`` is called at most once. Asked only where the desk is attended."""

    def withdraw(self, key: str) -> None:
        """Take a question back; one that nobody knows changes nothing."""
