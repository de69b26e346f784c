"""Shows a run as one line per change, for pipes, logs and small terminals; asks nothing."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from jobnet.cli.wording import shown, shown_lines, took, wall, word_of
from jobnet.engine.keys import shown as shown_key
from jobnet.engine.states import State, has_ended
from jobnet.engine.tracker import PartRecord, Tracker
from jobnet.ids import PartKey
from jobnet.ports.desk import Note, NoteKind, Question, Reply

_Seen = tuple[State, object, int, int]


class PlainLines:
    """Writes lines to a stream. A stream that is closed does not stop the run."""

    is_attended = False

    def __init__(self, stream: TextIO, *, zone: ZoneInfo, shows_output: bool) -> None:
        self._stream, self._zone, self._shows_output = stream, zone, shows_output
        self._seen: dict[PartKey, _Seen] = {}
        self._now: datetime | None = None
        self._is_closed = False

    def show(self, tracker: Tracker, now: datetime, changed: Collection[PartKey]) -> None:
        """Write a line for each part that is in another state than before."""
        self._now = now
        for key in changed:
            record = tracker.parts.get(key)
            if record is None:
                continue
            seen = (record.state, record.reason, record.iteration, record.attempt)
            if not _is_passing(record) and self._seen.get(key) != seen:
                self._write(_change(record), now)
            self._seen[key] = seen

    def note(self, note: Note) -> None:
        """Write warnings and messages; output only where it was asked for."""
        if note.kind is NoteKind.OUTPUT:
            if self._shows_output:
                for line in shown_lines(note.text):
                    self._print(f"{shown(note.part or '')} | {line}")
        elif note.kind is not NoteKind.PROGRESS:
            self._write(shown(note.text, length_max=500), self._now)

    def ask(self, question: Question, answer: Callable[[Reply], None]) -> None:
        """Never called: nobody is here to answer."""

    def withdraw(self, key: str) -> None:
        """Do nothing: nothing was asked."""

    def _write(self, text: str, at: datetime | None) -> None:
        self._print(text if at is None else f"{wall(at, self._zone)}  {text}")

    def _print(self, text: str) -> None:
        if self._is_closed:
            return
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._is_closed = True


def _is_passing(record: PartRecord) -> bool:
    """Return whether the state says nothing yet: not begun, or asking for a slot just now."""
    is_asking = record.state is State.QUEUED and record.reason is None
    return is_asking or record.state is State.FIXED


def _change(record: PartRecord) -> str:
    name = shown(shown_key(record.key, record.iteration))
    words = [f"{name:<30}", word_of(record.state)]
    if record.attempt > 1:
        words.append(f"(attempt {record.attempt})")
    if record.reason is not None and not has_ended(record.state):
        reason = record.reason.value.replace("_", " ")
        words.append(f"({reason}: {shown(record.detail)})" if record.detail else f"({reason})")
    if record.started and record.ended:
        words.append(f"in {took(record.ended - record.started)}")
    if record.exit_code:
        words.append(f"exit code {record.exit_code}")
    if record.message and record.state is not State.NORMAL:
        words.append(shown(record.message))
    return " ".join(words)
