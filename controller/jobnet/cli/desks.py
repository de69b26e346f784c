"""Chooses how a run is shown: a live tree where somebody sits at a terminal, else plain lines."""

import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from jobnet.cli.plain import PlainLines
from jobnet.cli.screen import Screen, Usual
from jobnet.engine.tracker import Tracker
from jobnet.ids import PartKey
from jobnet.ports.clock import Clock
from jobnet.ports.desk import Desk, Note, NoteKind, Question, Reply

WARNINGS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a desk has to know about the run, and how it was asked to show it."""

    clock: Clock
    zone: ZoneInfo
    title: str
    usual: Usual
    is_json: bool
    is_plain: bool
    is_quiet: bool
    shows_output: bool


class Keeping:
    """A desk that keeps the warnings beside showing them, for the end of the run."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.warnings: list[str] = []

    @property
    def is_attended(self) -> bool:
        """Whether somebody can answer a question here."""
        return self._desk.is_attended

    def show(self, tracker: Tracker, now: datetime, changed: Collection[PartKey]) -> None:
        """Show the run as it stands."""
        self._desk.show(tracker, now, changed)

    def note(self, note: Note) -> None:
        """Show a note, and keep it if it is a warning."""
        if note.kind is NoteKind.WARNING and len(self.warnings) < WARNINGS_MAX:
            self.warnings.append(note.text)
        self._desk.note(note)

    def ask(self, question: Question, answer: Callable[[Reply], None]) -> None:
        """Ask."""
        self._desk.ask(question, answer)

    def withdraw(self, key: str) -> None:
        """Take a question back."""
        self._desk.withdraw(key)


@contextmanager
def make_desk(showing: Showing, gone: Callable[[], None]) -> Iterator[Keeping]:
    """Yield a desk; JSON has stdout for itself, so that the run is shown on stderr then.

    ``gone`` is called when the terminal of a live tree is not there any more.
    """
    stream = sys.stderr if showing.is_json else sys.stdout
    if showing.is_quiet:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a path that is none
            yield Keeping(PlainLines(nowhere, zone=showing.zone, shows_output=False))
    elif showing.is_plain or not _is_terminal(stream.isatty()):
        yield Keeping(PlainLines(stream, zone=showing.zone, shows_output=showing.shows_output))
    else:
        screen = Screen(
            Console(file=stream, highlight=False),
            clock=showing.clock,
            zone=showing.zone,
            title=showing.title,
            keys=sys.stdin.fileno(),
            usual=showing.usual,
            shows_output=showing.shows_output,
            gone=gone,
        )
        screen.open()
        try:
            yield Keeping(screen)
        finally:
            screen.close()


def _is_terminal(is_stream_one: bool) -> bool:  # noqa: FBT001
    return is_stream_one and sys.stdin.isatty() and os.environ.get("TERM", "dumb") != "dumb"
